import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from compositing.background import Blur, Colour, Transparent
from compositing.shadow import Shadow
from photos.encoding import encode
from photos.export import archive, files_of
from photos.look import Look
from photos.names import unique
from photos.photo import PhotoError
from tests.cuts import RED, left_half_cut, photo_of, red_photo


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], []),
        (["a", "b"], ["a", "b"]),
        (["a", "a", "A"], ["a", "a-2", "A-3"]),
        (["a", "a-2", "a"], ["a", "a-2", "a-3"]),
    ],
)
def test_names_are_told_apart(names: list[str], expected: list[str]) -> None:
    assert unique(names) == expected


def test_a_cut_has_three_files_and_two_when_nothing_goes_behind() -> None:
    cut = left_half_cut(red_photo())
    pixels = cut.photo.pixels()
    blurred = dict(files_of(cut, pixels, Look(Blur(5))))
    assert list(blurred) == ["matte.png", "cutout.png", "blurred.jpg"]
    matte = np.asarray(opened(blurred["matte.png"]))
    assert matte.shape == (30, 40)
    assert (matte[:, :20] == 255).all()
    assert (matte[:, 20:] == 0).all()
    assert list(dict(files_of(cut, pixels, Look(Transparent())))) == ["matte.png", "cutout.png"]


def test_what_is_too_long_for_jpeg_is_packed_as_png() -> None:
    cut = left_half_cut(photo_of(np.full((1, 65_501, 3), RED, np.uint8)))
    with pytest.raises(PhotoError, match="a side of 65501 pixels, and JPEG holds at most 65500"):
        encode(cut.photo.pixels(), "JPEG", cut.photo)
    files = dict(files_of(cut, cut.photo.pixels(), Look(Colour(1, 2, 3))))
    assert opened(files["replaced.png"]).size == (65_501, 1)


def test_a_photo_that_was_opened_twice_has_one_folder() -> None:
    cuts = [left_half_cut(red_photo()), left_half_cut(red_photo(), "other")]
    pack = zipfile.ZipFile(io.BytesIO(archive(cuts, lambda _: Look(Transparent()))))
    assert {name.partition("/")[0] for name in pack.namelist()} == {"results.json", "scene"}


def test_one_that_has_too_many_kilobytes_leaves_the_rest_in_the_archive() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), np.uint8)
    cuts = [left_half_cut(red_photo()), left_half_cut(photo_of(noise))]
    look = Look(Blur(3), max_kb=5)
    pack = zipfile.ZipFile(io.BytesIO(archive(cuts, lambda _: look)))
    names = pack.namelist()
    assert "scene/grabcut_blurred.jpg" in names
    assert "scene-2/grabcut_blurred.jpg" not in names
    made, lacking = json.loads(pack.read("results.json"))["results"]
    assert "scene/grabcut_blurred.jpg" in made["files"]
    assert "at the lowest quality, 30, more than 5" in lacking["error"]
    assert lacking["error"] in pack.read("failures.csv").decode()
    with pytest.raises(PhotoError, match="more than 5"):
        archive(cuts[1:], lambda _: look)


def test_an_archive_keeps_photos_of_one_name_apart_and_tells_everything() -> None:
    first, second = red_photo(), photo_of(np.zeros((30, 40, 3), np.uint8))
    cuts = [left_half_cut(first), left_half_cut(first, "other"), left_half_cut(second)]
    look = Look(Colour(1, 2, 3), light=0.5, shadow=Shadow(0.7))
    pack = zipfile.ZipFile(io.BytesIO(archive(cuts, lambda _: look)))
    names = set(pack.namelist())
    assert "results.json" in names
    assert {"scene/grabcut_matte.png", "scene/other_cutout.png"} <= names
    assert "scene-2/grabcut_replaced.jpg" in names
    assert len(names) == 10
    told = json.loads(pack.read("results.json"))
    result = told["results"][0]
    background = {"kind": "colour", "red": 1, "green": 2, "blue": 3}
    assert result["settings"]["background"] == background
    assert result["settings"]["light"] == 0.5
    assert result["settings"]["shadow"] == {"strength": 0.7, "softness": 0.5}
    assert result["inference"] == 0.3
    assert result["model"] == "grabcut"
    assert result["device"] == "cpu"
    assert result["seconds"]["network"] == 0.25
    assert result["prompt"]["boxes"] == [{"x0": 0, "y0": 0, "x1": 20, "y1": 30}]
    assert set(result["files"]) <= names
