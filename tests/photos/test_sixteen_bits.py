"""Results in PNG and TIFF keep the 16 bits and the colours of a photo that has them."""

import io
import shutil
import subprocess
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from compositing.background import (
    Blur,
    Colour,
    Gradient,
    Picture,
    Portrait,
    Transparent,
)
from compositing.frame import Frame, Length
from compositing.shadow import Shadow
from compositing.stand import Stand
from photos.cut import Cut
from photos.encoding import DEEP, Format, encode
from photos.export import files_of
from photos.file_picture import FilePicture
from photos.finishing import finished, picture_file
from photos.formats.icc import matrix_of
from photos.framing import Kind
from photos.ifd import ANY, Source, numbers
from photos.look import Look
from photos.metadata import Exif
from photos.own import own_of
from photos.photo import PhotoError, PhotoFile
from photos.reading import open_photo
from photos.recipes.agreement import Agreement
from photos.recipes.reading import recipe_in
from photos.rendering import render
from tests.cuts import cut_of, photo_of
from tests.pictures import deep_png, tiff
from tests.profiles import parametric, profile, sampled, to_pcs

SIDE = 256
P3 = profile("p3")
SPACES = {
    "sRGB": b"",
    "Display P3": P3,
    "Adobe RGB": profile("adobe", sampled(563)),
    "ProPhoto": profile("prophoto", parametric(1.8, 1, 0, 1 / 16, 0.03125)),
    "linear": profile("p3", sampled()),
}
LOOKS = {
    "blur": Look(Blur(31)),
    "lens": Look(Blur(31, "lens")),
    "portrait": Look(Portrait(31)),
    "colour": Look(Colour(90, 120, 170), shadow=Shadow()),
    "gradient": Look(Gradient(Colour(60, 70, 80), Colour(170, 120, 110))),
    "picture": Look(Picture(np.full((20, 30, 3), (90, 120, 170), np.uint8), kernel=9)),
    "nothing": Look(Transparent(), shadow=Shadow()),
}


def every_level() -> NDArray[np.uint16]:
    """All levels of 16 bits, each in one pixel, in another order for each channel."""
    ramp = np.arange(65536, dtype=np.uint16).reshape(SIDE, SIDE)
    return np.dstack([ramp, ramp.T, ramp[::-1]])


def muted() -> NDArray[np.uint16]:
    """Smooth colours that all spaces have."""
    coarse = np.random.default_rng(2).integers(16000, 45000, (9, 9, 3)).astype(np.uint16)
    smooth: Any = cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(
        smooth // 2 + smooth.mean(axis=2, keepdims=True).astype(int) // 2, np.uint16
    )


def file_of(values: NDArray[np.uint16], icc: bytes, format_: Format = "TIFF", **more: Any) -> bytes:
    if format_ == "TIFF":
        return tiff(values, photometric="rgb", iccprofile=icc or None, metadata=None, **more)
    return deep_png(values, *([(b"iCCP", b"ICC\0\0" + zlib.compress(icc))] if icc else []))


def cut(photo: PhotoFile) -> Cut:
    """A disc with a soft edge, above the photo's lower edge."""
    y, x = np.mgrid[: photo.height, : photo.width]
    levels = np.clip((70 - np.hypot(x - 120, y - 110)) / 12, 0, 1) * 255
    return cut_of(photo, np.rint(levels).astype(np.uint8))


def values_in(data: bytes) -> NDArray[np.uint16]:
    """As tifffile and OpenCV read them."""
    read: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert read.dtype == np.uint16
    values: NDArray[np.uint16] = read[..., [2, 1, 0, 3][: read.shape[2]]]
    if not data.startswith(b"\x89PNG"):
        assert np.array_equal(tifffile.imread(io.BytesIO(data)), values)
    return values


def seen(values: NDArray[np.uint16], icc: bytes) -> NDArray[np.float64]:
    """sRGB, 0 to 255, not rounded."""
    matrix = matrix_of(icc)
    code = np.linspace(0, 1, 65536)
    curve = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
    light = matrix.curve[values] @ matrix.to_srgb.T if matrix else curve[values]
    light = np.clip(light, 0, 1)
    shown: NDArray[np.float64] = np.interp(light, curve, code) * 255
    return shown


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("space", SPACES)
def test_sure_pixels_stay_to_the_bit(space: str, look: str) -> None:
    values, files = every_level(), []
    done = cut(open_photo(file_of(values, SPACES[space]), "a.tif"))
    for format_ in DEEP:
        files.append(values_in(picture_file(done, LOOKS[look], "composite", format_)))
        sure = done.levels() == 255
        assert np.array_equal(files[-1][sure][:, :3], values[sure])
    assert np.array_equal(files[0], files[1])


@pytest.mark.parametrize("format_", DEEP)
@pytest.mark.parametrize("space", SPACES)
def test_the_profile_is_the_same_in_and_out(space: str, format_: Format) -> None:
    for given in DEEP:
        photo = open_photo(file_of(muted(), SPACES[space], given), "a")
        assert photo.notes == ()
        file = picture_file(cut(photo), Look(Blur(9)), "composite", format_)
        assert Image.open(io.BytesIO(file)).info.get("icc_profile", b"") == SPACES[space]


@pytest.mark.parametrize("look", [each for each in LOOKS if each != "nothing"])
@pytest.mark.parametrize("space", SPACES)
def test_it_looks_as_with_8_bits(space: str, look: str) -> None:
    """Of colours that sRGB has, too: to 12 levels of 255, by which what is mixed at edges of other
    primaries differs, and less than one on average."""
    photo = open_photo(file_of(muted(), SPACES[space]), "a.tif")
    done = cut(photo)
    shallow = render(done, LOOKS[look])
    deep = seen(values_in(picture_file(done, LOOKS[look], "composite", "TIFF")), SPACES[space])
    apart = np.abs(deep - shallow)
    assert apart.max() < 12
    assert apart.mean() < 0.8


@pytest.mark.parametrize("space", SPACES)
def test_a_colour_behind_is_converted_exactly(space: str) -> None:
    """Against the formulas, to one level of 65535."""
    photo = open_photo(file_of(muted(), SPACES[space]), "a.tif")
    for colour in (Colour(0xF2, 0xF2, 0xF2), Colour(200, 120, 60), Colour(255, 255, 255)):
        code = np.array(colour.rgb) / 255
        light = np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)
        own = {"Adobe RGB": "adobe", "ProPhoto": "prophoto", "sRGB": "srgb"}.get(space, "p3")
        light = np.linalg.solve(to_pcs(own), to_pcs("srgb") @ light)
        if space in ("sRGB", "Display P3"):
            expected = np.where(
                light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055
            )
        elif space == "ProPhoto":
            expected = light ** (1 / 1.8)
        else:
            expected = light ** (256 / 563 if space == "Adobe RGB" else 1)
        file = values_in(picture_file(cut(photo), Look(colour), "composite", "TIFF"))
        # Profiles have primaries in steps of 1/65536, this test in none.
        assert np.abs(file[-1, -1] - expected * 65535).max() < 2.5


def test_a_neutral_colour_is_the_same_number_in_display_p3() -> None:
    photo = open_photo(file_of(muted(), P3), "a.tif")
    file = values_in(picture_file(cut(photo), Look(Colour(0xF2, 0xF2, 0xF2)), "composite", "PNG"))
    assert np.abs(file[-1, -1].astype(int) - 0xF2 * 257).max() <= 1


def test_a_picture_of_16_bits_behind_keeps_its_own_colours() -> None:
    """Pure Display P3 red has no like in sRGB."""
    photo = open_photo(file_of(muted(), P3), "a.tif")
    red = np.broadcast_to(np.array([65535, 0, 0], np.uint16), (SIDE, SIDE, 3))
    wide = FilePicture.of(open_photo(file_of(np.ascontiguousarray(red), P3), "red.tif"))
    file = finished(cut(photo), Look(wide), "composite", "TIFF")
    assert values_in(file.data)[-1, -1].tolist() == [65535, 0, 0]
    assert file.notes == ()
    narrow = finished(cut(photo), Look(replace(wide, file=None)), "composite", "TIFF")
    assert values_in(narrow.data)[-1, -1, 1] > 10000
    assert narrow.notes == (
        "“a.tif”: the background picture has 8 bits, in sRGB; all else has the file's 16.",
    )


def test_a_picture_of_other_primaries_behind_is_converted() -> None:
    """The same grey and the same colour, told in two spaces."""
    adobe = open_photo(file_of(muted(), SPACES["Adobe RGB"]), "a.tif")
    photo = open_photo(file_of(muted(), P3), "b.tif")
    look = Look(FilePicture.of(adobe))
    there = open_photo(picture_file(cut(photo), look, "composite", "TIFF"), "c.tif")
    apart = np.abs(there.pixels().astype(int) - adobe.pixels())[cut(photo).levels() == 0]
    assert apart.max() <= 2


def test_a_blurred_ramp_has_more_levels_than_8_bits_have() -> None:
    ramp = np.linspace(20000, 30000, SIDE).astype(np.uint16)
    values = np.ascontiguousarray(np.broadcast_to(ramp[:, None, None], (SIDE, 600, 3)))
    photo = open_photo(file_of(values, SPACES["ProPhoto"]), "a.tif")
    nobody = cut_of(photo, np.zeros((SIDE, 600), np.uint8))
    file = values_in(picture_file(nobody, Look(Blur(31)), "composite", "TIFF"))
    column = file[40:-40, 300, 0].astype(int)
    assert len(np.unique(column)) == len(column)
    assert np.diff(column).max() < 80


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_upright_and_keeps_its_exif(orientation: int) -> None:
    values = np.ascontiguousarray(muted()[:100, :160])
    tags = [(274, 3, 1, orientation, True), (271, 2, None, "Maker", True)]
    photo = open_photo(file_of(values, P3, extratags=tags, resolution=(200, 100)), "a.tif")
    whole = cut_of(photo, np.full((photo.height, photo.width), 255, np.uint8))
    for format_ in DEEP:
        data = picture_file(whole, Look(Transparent()), "composite", format_)
        result = values_in(data)[..., :3]
        assert np.abs(seen(result, P3) - photo.colours()).max() < 3
        assert sorted(result.ravel().tolist()) == sorted(values.ravel().tolist())
        told = open_photo(data, "b")
        assert Exif.of(told.exif).parts[0][0x010F].data == b"Maker\0"
        assert told.dpi == pytest.approx((200, 100) if orientation < 5 else (100, 200), rel=1e-3)
        assert 274 not in tifffile_tags(data)


def tifffile_tags(data: bytes) -> set[int]:
    if data.startswith(b"\x89PNG"):
        return set(Image.open(io.BytesIO(data)).getexif())
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page: Any = file.pages[0]
        return {tag.code for tag in page.tags}


@pytest.mark.parametrize("kind", ["cutout", "composite"])
def test_a_frame_crops_without_a_change(kind: Kind) -> None:
    values = every_level()
    for space in ("Display P3", "Adobe RGB"):
        photo = open_photo(file_of(values, SPACES[space]), "a.tif")
        look = Look(Colour(9, 9, 9), frame=Frame("subject", Length(10)))
        file = values_in(picture_file(cut(photo), look, kind, "TIFF"))
        alpha = render(cut(photo), look, "matte")
        assert file.shape[:2] == alpha.shape
        inside = file[alpha == 255][:, :3]
        assert np.array_equal(inside, values[cut(photo).levels() == 255])
        canvas = replace(look, frame=Frame("subject", canvas=(90, 90)))
        assert values_in(picture_file(cut(photo), canvas, kind, "TIFF")).shape[:2] == (90, 90)


@pytest.mark.parametrize("space", SPACES)
def test_a_moved_subject_keeps_its_sure_pixels_to_the_bit(space: str) -> None:
    values = every_level()
    photo = open_photo(file_of(values, SPACES[space]), "a.tif")
    look = Look(Colour(9, 9, 9), stand=Stand(32 / SIDE, 8 / SIDE))
    file = values_in(picture_file(cut(photo), look, "composite", "TIFF"))
    sure = cut(photo).levels() == 255
    assert np.array_equal(np.roll(file, (-8, -32), (0, 1))[sure], values[sure])


def test_a_picture_of_16_bits_may_go_behind() -> None:
    photo = open_photo(file_of(muted(), P3), "a.tif")
    fine = np.full((20, 30, 3), (0xF2 * 257, 0x30 * 257 + 100, 0x55 * 257), np.uint16)
    made = render(cut(photo), Look(Picture(fine)), pixels=photo.deep())
    shown = seen(made[-1:, -1:], P3)[0, 0]
    assert shown == pytest.approx([0xF2, 0x30 + 100 / 257, 0x55], abs=0.05)


def test_a_blur_in_a_frame_stays_in_its_colours() -> None:
    photo = open_photo(file_of(muted(), SPACES["linear"]), "a.tif")
    look = Look(Blur(31), frame=Frame("subject", Length(10), canvas=(300, 400)))
    file = open_photo(picture_file(cut(photo), look, "composite", "TIFF"), "b.tif")
    assert file.profile == SPACES["linear"]
    apart = np.abs(seen(file.deep(), SPACES["linear"]) - render(cut(photo), look))
    assert apart.mean() < 1


def test_what_has_no_opacity_has_no_colour() -> None:
    values = np.full((SIDE, SIDE, 3), 20, np.uint16)  # which sRGB's curve doesn't tell from black
    photo = open_photo(file_of(values, SPACES["Adobe RGB"]), "a.tif")
    file = values_in(picture_file(cut(photo), Look(Transparent()), "composite", "TIFF"))
    assert (file[file[..., 3] == 0] == 0).all()
    assert (file[file[..., 3] == 65535][:, :3] == 20).all()


def test_a_networks_colours_are_taken_into_the_files_space() -> None:
    """What it tells is sRGB's; taken for Display P3's it would be off, and not be believed."""
    photo = open_photo(file_of(muted(), P3), "a.tif")
    own = own_of(photo)
    there = own.of_srgb(photo.pixels()).astype(int)
    assert np.abs(there - photo.deep()).max() < 2 * 257


@pytest.mark.parametrize("format_", ["JPEG", "WebP", "PSD"])
def test_other_formats_have_8_bits_in_srgb_and_it_is_told(format_: Format) -> None:
    photo = open_photo(file_of(muted(), P3), "a.tif")
    file = finished(cut(photo), Look(Blur(9)), "composite", format_)
    assert file.notes == (
        f"“a.tif”: this {format_} has 8 bits, in sRGB; PNG and TIFF keep the file's 16.",
    )


@pytest.mark.parametrize("format_", ["JPEG", "WebP", "PSD"])
@pytest.mark.parametrize("shape", [(20, 30), (20, 30, 3), (20, 30, 4)])
def test_a_picture_of_16_bits_is_no_file_of_8(format_: Format, shape: tuple[int, ...]) -> None:
    photo = open_photo(file_of(muted(), P3), "a.tif")
    with pytest.raises(PhotoError, match=f"16 bits a pixel need a PNG or TIFF: {format_} holds 8"):
        encode(np.full(shape, 65535, np.uint16), format_, photo)


@pytest.mark.parametrize("format_", DEEP)
def test_exif_says_srgb_only_of_srgb(format_: Format) -> None:
    photo = replace(photo_of(np.zeros((8, 9, 3), np.uint8)), profile=P3)
    deep, shallow = np.zeros((8, 9, 3), np.uint16), np.zeros((8, 9, 3), np.uint8)
    for image, own, space in ((deep, P3, 65535), (shallow, P3, 1), (deep, b"", 1)):
        data = encode(image, format_, replace(photo, profile=own))
        block = data if format_ == "TIFF" else Image.open(io.BytesIO(data)).info["exif"]
        source = Source.of(block.removeprefix(b"Exif\0\0"))
        assert source is not None
        start = source.pointer(source.first, 0x8769)
        assert start is not None
        told = source.directory(start, {0xA001: ANY})
        assert numbers(source.order, told[0xA001]) == (space,)


def test_all_files_of_a_cut_keep_16_bits() -> None:
    photo = open_photo(file_of(muted(), P3), "a.tif")
    made = dict(files_of(cut(photo), photo.pixels(), Look(Blur(9))))
    assert list(made) == ["matte.png", "cutout.png", "blurred.png"]
    for name in ("cutout.png", "blurred.png"):
        sure = cut(photo).levels() == 255
        assert np.array_equal(values_in(made[name])[sure][:, :3], muted()[sure])


def test_the_matte_is_the_same_whatever_the_bits(tmp_path: Path) -> None:
    photo = open_photo(file_of(muted(), P3), "a.tif")
    for format_ in DEEP:
        file = finished(cut(photo), Look(Blur(9)), "matte", format_)
        assert file.notes == ()
        assert np.array_equal(np.asarray(Image.open(io.BytesIO(file.data))), cut(photo).levels())


@pytest.mark.parametrize("format_", DEEP)
def test_a_file_tells_its_recipe_and_agrees_with_itself(format_: Format) -> None:
    photo = open_photo(file_of(muted(), P3), "a.tif")
    data = picture_file(cut(photo), Look(Blur(9)), "composite", format_)
    file = open_photo(data, "b")
    assert recipe_in(file).settings.background == Blur(9)
    again = open_photo(picture_file(cut(photo), Look(Blur(9)), "composite", format_), "c")
    assert Agreement.of(file, again).same
    one = file.deep()
    one[3, 3, 0] += 1
    changed = Agreement.of(file, open_photo(encode(one, format_, photo), "d"))
    assert not changed.same
    assert changed.told().startswith("pixels differ by at most 1 level of 255")


def test_who_asks_for_16_bits_that_are_not_there_is_told() -> None:
    with pytest.raises(PhotoError, match=r"“a\.png” has no colours of 16 bits that can be kept"):
        open_photo(deep_png(every_level()[..., 0]), "a.png").deep()


@pytest.mark.skipif(not shutil.which("identify"), reason="needs ImageMagick")
@pytest.mark.parametrize("format_", DEEP)
def test_imagemagick_reads_it(format_: Format, tmp_path: Path) -> None:
    photo = open_photo(file_of(muted(), P3), "a.tif")
    path = tmp_path / f"a.{format_.lower()}"
    for background, channels in ((Blur(9), "srgb"), (Transparent(), "srgba")):
        path.write_bytes(picture_file(cut(photo), Look(background), "composite", format_))
        command = ["identify", "-format", "%w %h %z %[channels]", str(path)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        assert told[:4] == ["256", "256", "16", channels]
