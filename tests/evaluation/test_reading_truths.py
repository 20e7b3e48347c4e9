"""Truths come as masks, as cutouts and with 16 bits; what is none is refused in a sentence."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from evaluation.sets.reading import BadTruth, read_tags, read_truth
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
