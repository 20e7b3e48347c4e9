"""Photos for identity documents: where the head is, and how large it gets."""

import gc
import io
import weakref
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from compositing.arrays import Alpha, Photo
from compositing.background import Colour
from models.interface import Matte
from photos.cut import Cut
from photos.encoding import Format
from photos.faces import Face, faces_in
from photos.finishing import finished
from photos.framing import placing_of
from photos.heads import head_of
from photos.look import Look
from photos.packed import packed_alpha
from photos.photo import PhotoError
from photos.presets import DOCUMENTS, find_preset
from photos.samples import SAMPLES
from tests.cuts import left_half_cut, photo_of

CROWN, CHIN = 16, 177
"""Of the sample portrait, read off by eye, hair included."""
TOLERANCE = 0.06
"""What authorities allow: of 34 mm, 2 up or down."""
LOOK = Look(Colour(220, 220, 220), frame=find_preset("id-de"))


def portrait() -> tuple[Photo, Alpha]:
    """The sample, and a rough matte: what isn't the wall behind her, without holes."""
    pixels = SAMPLES[0].open().pixels()
    alpha = np.zeros(pixels.shape[:2], np.uint8)
    cv2.ellipse(alpha, (227, 88), (74, 72), 0, 0, 360, 255, -1)
    cv2.ellipse(alpha, (222, 140), (48, 45), 0, 0, 360, 255, -1)
    alpha[170:, 100:420] = 255
    return pixels, (alpha / 255).astype(np.float32)


def cut_of(pixels: Photo, alpha: Alpha) -> Cut:
    cut = left_half_cut(photo_of(pixels))
    matte = Matte(alpha, soft=True)
    return replace(
        cut, packed=packed_alpha(alpha), share=matte.share, empty=matte.empty, rough=None
    )


def warped(scale: float = 1, degrees: float = 0) -> Cut:
    pixels, alpha = portrait()
    turn = cv2.getRotationMatrix2D((222, 120), degrees, 1)
    turned = cv2.warpAffine(pixels, turn, (512, 512), borderMode=cv2.BORDER_REPLICATE)
    size = round(512 * scale), round(512 * scale)
    part = cv2.warpAffine(alpha, turn, (512, 512))
    return cut_of(cv2.resize(turned, size), cv2.resize(part, size))


@pytest.mark.parametrize("scale", [0.6, 0.8, 1, 1.3, 2])
def test_a_head_is_as_high_as_authorities_allow(scale: float) -> None:
    """The estimate of crown and chin, against what an eye reads off."""
    cut = warped(scale)
    pixels, alpha = cut.photo.pixels(), cut.alpha()
    head = head_of(cut)
    assert abs((head.chin - head.crown) / ((CHIN - CROWN) * scale) - 1) < TOLERANCE
    assert len(faces_in(pixels, alpha)) == 1


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
@pytest.mark.parametrize("dpi", [300, 600])
def test_lines_by_hand_are_kept_to_the_pixel(document: object, dpi: int) -> None:
    (found,) = (each for each in DOCUMENTS if each is document)
    frame = replace(found.frame(dpi), lines=(100, 300))
    cut = warped()
    placing = placing_of(cut, replace(LOOK, frame=frame), cut.alpha())
    assert placing
    top, bottom = (placing.at(0, row)[1] for row in frame.lines or ())
    head = (bottom - top) * 25.4 / dpi
    least, most = found.head
    assert abs(head - (least + most) / 2) < 0.05  # the canvas has whole pixels
    assert abs(top * 25.4 / dpi - found.above) < 0.05
    assert placing.width == round(found.width / 25.4 * dpi)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WebP"])
def test_files_tell_their_resolution(format_: Format) -> None:
    cut = warped()
    cut = replace(cut, photo=replace(cut.photo, dpi=(72, 72)))
    file = finished(cut, LOOK, "composite", format_)
    with Image.open(io.BytesIO(file.data)) as image:
        assert image.size == (413, 531)
        told = image.info.get("dpi") or [image.getexif()[tag] for tag in (282, 283)]
    assert [round(float(each)) for each in told] == [300, 300]
    assert "The head goes from row" in file.notes[0]
    assert not [note for note in file.notes if "background has to be" in note]
    clear = finished(cut, replace(LOOK, background=Colour(0, 0, 0)), "cutout", "PNG")
    assert clear.data


def test_what_is_no_such_photo_is_told() -> None:
    pixels, alpha = portrait()
    nobody = cut_of(np.full((300, 300, 3), 90, np.uint8), np.ones((300, 300), np.float32))
    two = cut_of(np.hstack([pixels, pixels]), np.hstack([alpha, alpha]))
    for cut, sentence in (
        (nobody, "there is no face that looks into the camera"),
        (two, "there seem to be 2 faces"),
        (warped(degrees=14), "the head seems tilted by"),
        (cut_of(pixels[40:], alpha[40:]), "the photo's upper edge cuts the crown off"),
    ):
        with pytest.raises(PhotoError, match=sentence):
            finished(cut, LOOK, "composite", "JPEG")
    for lines, sentence in (((10, 900), "has 512 rows"), ((1, 3), "no subject between")):
        with pytest.raises(PhotoError, match=sentence):
            finished(
                warped(), replace(LOOK, frame=replace(find_preset("id-de"), lines=lines)),
                "composite", "JPEG",
            )  # fmt: skip


def test_shoulders_that_the_photo_cuts_off_are_told() -> None:
    pixels, alpha = portrait()
    cut = cut_of(pixels[:190, 100:350], alpha[:190, 100:350])
    notes = finished(cut, LOOK, "composite", "JPEG").notes
    assert any("the shoulders off within the frame" in note for note in notes)


def test_a_head_is_looked_for_once_and_keeps_no_photo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Photos go with whoever sent them."""
    asked: list[Photo] = []

    def look(pixels: Photo, alpha: Alpha) -> list[Face]:
        asked.append(pixels)
        return faces_in(pixels, alpha)

    monkeypatch.setattr("photos.heads.faces_in", look)
    cut = cut_of(*portrait())
    assert head_of(cut) == head_of(cut)
    assert len(asked) == 1
    left = weakref.ref(cut)
    del cut
    gc.collect()
    assert left() is None
