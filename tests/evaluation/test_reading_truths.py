"""Truths come as masks, as cutouts and with 16 bits; what is none is refused in a sentence."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from evaluation.metrics.levels import Levels, levels_of
from evaluation.sets.reading import BadTruth, open_truth, read_tags, read_trimap, read_truth
from photos.photo import PhotoFile
from photos.reading import open_photo
from tests.pictures import saved

LEVELS = np.array([[0, 1, 128], [200, 254, 255]], np.uint8)


@pytest.fixture
def photo() -> PhotoFile:
    return open_photo(saved(Image.new("RGB", (3, 2)), "PNG"), "photo.png")


def cutout() -> Image.Image:
    return Image.fromarray(np.dstack([np.full((2, 3, 3), 77, np.uint8), LEVELS]), "RGBA")


@pytest.mark.parametrize(
    "picture",
    [
        Image.fromarray(LEVELS),
        Image.fromarray(np.dstack([LEVELS] * 3)),
        Image.fromarray(LEVELS.astype(np.uint16) * 257),
        cutout(),
        Image.fromarray(np.dstack([LEVELS * 0 + 9, LEVELS]), "LA"),
        Image.fromarray(np.dstack([LEVELS] * 3 + [LEVELS * 0 + 255]), "RGBA"),
    ],
    ids=["grey", "grey in colours", "16 bits", "cutout", "grey cutout", "opaque"],
)
def test_what_truths_come_as(picture: Image.Image, photo: PhotoFile, tmp_path: Path) -> None:
    picture.save(tmp_path / "truth.png")
    assert (read_truth(tmp_path / "truth.png", photo) == LEVELS).all()


def test_one_bit_is_enough(photo: PhotoFile, tmp_path: Path) -> None:
    Image.fromarray(LEVELS > 127).save(tmp_path / "truth.png")
    assert (read_truth(tmp_path / "truth.png", photo) == np.where(LEVELS > 127, 255, 0)).all()


def test_what_is_no_truth_is_refused(photo: PhotoFile, tmp_path: Path) -> None:
    file = tmp_path / "truth.png"
    with pytest.raises(BadTruth, match=r"truth\.png” can't be read"):
        read_truth(file, photo)
    file.write_bytes(b"no picture")
    with pytest.raises(BadTruth, match="can't be read"):
        read_truth(file, photo)
    Image.fromarray(LEVELS.repeat(2, 1)).save(file)
    with pytest.raises(BadTruth, match=r"has 6 × 2 pixels, “photo\.png” has 3 × 2"):
        read_truth(file, photo)
    Image.fromarray(np.dstack([LEVELS, LEVELS, LEVELS[::-1]])).save(file)
    with pytest.raises(BadTruth, match="has colours and no transparency"):
        read_truth(file, photo)
    Image.fromarray(LEVELS.astype(np.float32)).save(tmp_path / "truth.tif")
    with pytest.raises(BadTruth, match="holds floats"):
        read_truth(tmp_path / "truth.tif", photo)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_numbers_of_classes_arent_taken_for_an_almost_black_truth(
    photo: PhotoFile, tmp_path: Path, dtype: type[np.unsignedinteger]
) -> None:
    """As data sets for segmentation have them: every model would be all wrong by it."""
    file, classes = tmp_path / "truth.png", np.array([[0, 1, 1], [0, 0, 1]], dtype)
    Image.fromarray(classes).save(file)
    with pytest.raises(
        BadTruth, match=r"truth\.png” is white nowhere: its brightest pixel is 1 of"
    ):
        read_truth(file, photo)
    Image.fromarray(classes * 0).save(file)
    assert not read_truth(file, photo).any()  # a photo without a subject


def disc(radius: float, soft: float = 0) -> NDArray[np.float64]:
    """`(120, 160)` from 0 to 1: a disc whose edge is `soft` pixels wide."""
    rows, columns = np.mgrid[:120, :160]
    far = np.hypot(rows - 60, columns - 80)
    return np.asarray(np.clip((radius - far) / max(soft, 1e-9) + 0.5, 0, 1))


CLASSES = levels_of(disc(40)) // 17 + levels_of(disc(20)) // 255 * 47  # 15 and, inside, 62
BORDERED = np.where(disc(42) > disc(38), 255, CLASSES).astype(np.uint8)
TRIMAP = np.where(disc(48) > disc(32), 128, levels_of(disc(40))).astype(np.uint8)


@pytest.mark.parametrize(
    ("areas", "grey"),
    [(CLASSES * 2, 30), (BORDERED, 15), (TRIMAP, 128), (levels_of(disc(40)) // 2, 127)],
    ids=["classes", "classes with a white border", "trimap", "half white"],
)
def test_areas_of_one_grey_are_no_truth(areas: Levels, grey: int) -> None:
    photo = open_photo(saved(Image.new("RGB", (160, 120)), "PNG"), "photo.png")
    with pytest.raises(BadTruth, match=rf"areas of one grey.* most of it {grey} of 255\. Give"):
        open_truth(saved(Image.fromarray(areas), "PNG"), "truth.png", photo)


def test_edges_smoke_and_almost_white_are_truths() -> None:
    photo = open_photo(saved(Image.new("RGB", (160, 120)), "PNG"), "photo.png")
    fur = levels_of(disc(40, 20) * np.random.default_rng(1).random((120, 160)))
    mist = np.linspace(0, 1, 160)[None].repeat(120, 0)
    almost = np.where(disc(40) > 0, 253, 2).astype(np.uint8)
    sixteen = levels_of(np.round(disc(40, 10) * 15) / 15)
    for truth in (
        levels_of(disc(40)),
        levels_of(disc(40, 60)),
        fur,
        levels_of(mist),
        almost,
        sixteen,
    ):
        read = open_truth(saved(Image.fromarray(truth), "PNG"), "truth.png", photo)
        assert (read == truth).all()


def test_a_trimap_has_areas_of_one_grey(tmp_path: Path) -> None:
    photo = open_photo(saved(Image.new("RGB", (160, 120)), "PNG"), "photo.png")
    Image.fromarray(TRIMAP).save(tmp_path / "trimap.png")
    assert (read_trimap(tmp_path / "trimap.png", photo) == TRIMAP).all()
    with pytest.raises(BadTruth, match=r"^The trimap “.*none\.png” can't be read"):
        read_trimap(tmp_path / "none.png", photo)


def test_tags_come_from_a_table(tmp_path: Path) -> None:
    file = tmp_path / "tags.csv"
    file.write_text("\ufeffCat.jpg,Fur;whiskers\ncup,glass,product\n\n", encoding="utf-8")
    assert read_tags(file) == {"cat": ("fur", "whiskers"), "cup": ("glass", "product")}
    with pytest.raises(BadTruth, match="can't be read as a table of tags"):
        read_tags(tmp_path / "none.csv")
    file.write_text('cat,"fur\ncup,glass\n')
    with pytest.raises(BadTruth, match="can't be read as a table of tags"):
        read_tags(file)


def test_one_of_another_size_is_refused_without_being_decoded(
    photo: PhotoFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "vast.png"
    Image.new("1", (9600, 9600)).save(path)

    def decode(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(Image.Image, "load", decode)
    with pytest.raises(BadTruth, match="has 9600 × 9600 pixels"):
        read_truth(path, photo)
