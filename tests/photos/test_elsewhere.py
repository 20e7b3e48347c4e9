"""Mattes of other tools become cuts: what they come as, what size they have, what is refused."""

import io
import json

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from compositing.background import Colour
from models.catalog import GRABCUT, INPUT_ALPHA, MODELS, other_tool
from models.catalog.licences import refusals
from photos.cutting import cut_out
from photos.elsewhere import belongs_to, matte_cut
from photos.finishing import picture_file
from photos.known import Origin
from photos.look import Look
from photos.mattes import MatteFile, read_levels
from photos.photo import PhotoError, PhotoFile
from photos.reading import open_photo
from photos.recipes.reading import recipe_in
from photos.recipes.result import Run
from photos.samples import SAMPLES
from tests.pictures import deep_png, saved, tiff

TOOL = other_tool("Scissors 3")
LEVELS = np.add.outer(np.arange(40) * 3, np.arange(60) * 2).astype(np.uint8)
DEEP = LEVELS.astype(np.uint16) * 257 + 5
COLOURS = np.random.default_rng(0).integers(0, 255, (40, 60, 3)).astype(np.uint8)


@pytest.fixture
def photo() -> PhotoFile:
    return open_photo(saved(Image.fromarray(COLOURS), "PNG"), "photo.png")


def png(values: NDArray[np.uint8], **options: object) -> bytes:
    return saved(Image.fromarray(values), "PNG", **options)


CUTOUT = np.dstack([COLOURS, LEVELS])
DEEP_CUTOUT = np.dstack([COLOURS.astype(np.uint16) * 257, DEEP])


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (png(LEVELS), LEVELS),
        (png(CUTOUT), LEVELS),
        (saved(Image.fromarray(CUTOUT), "WebP", lossless=True), LEVELS),
        (saved(Image.fromarray(LEVELS), "TIFF"), LEVELS),
        (saved(Image.fromarray(CUTOUT), "TIFF"), LEVELS),
        (deep_png(DEEP), DEEP),
        (deep_png(DEEP_CUTOUT), DEEP),
        (deep_png(np.dstack([DEEP * 0 + 9, DEEP])), DEEP),
        (tiff(DEEP, photometric="minisblack"), DEEP),
        (tiff(65535 - DEEP, photometric="miniswhite"), DEEP),
        (tiff(DEEP_CUTOUT, photometric="rgb", extrasamples=["unassalpha"]), DEEP),
        (tiff(np.dstack([DEEP] * 3), photometric="rgb"), DEEP),
    ],
    ids=[
        "grey", "cutout", "WebP", "TIFF", "TIFF cutout", "16 bits", "16-bit cutout",
        "16-bit grey cutout", "16-bit TIFF", "white is 0", "16-bit TIFF cutout", "grey in RGB",
    ],
)  # fmt: skip
def test_what_mattes_come_as(file: bytes, expected: NDArray[np.generic], photo: PhotoFile) -> None:
    levels = read_levels(file, "matte")
    assert levels.dtype == expected.dtype
    assert (levels == expected).all()
    cut = matte_cut(photo, MatteFile("photo_matte.png", file), TOOL)
    assert np.abs(cut.levels().astype(int) - LEVELS).max() == 0
    assert (cut.spec, cut.inference, cut.peak_bytes, cut.notes) == (TOOL, 0, 0, ())


def test_a_grey_profile_changes_no_level() -> None:
    """A profile says how grey looks; opacity has no look."""
    chunks = (b"gAMA", (100_000).to_bytes(4, "big"))
    assert (read_levels(deep_png(DEEP, chunks), "matte") == DEEP).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_deep_mattes_are_turned_as_their_exif_says(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    shallow = read_levels(png(LEVELS, exif=exif), "matte")
    deep = read_levels(
        deep_png(LEVELS.astype(np.uint16) * 257, (b"eXIf", exif.tobytes()[6:])), "matte"
    )
    assert deep.dtype == np.uint16
    assert (deep == shallow.astype(np.uint16) * 257).all()


def test_one_of_the_same_proportions_is_brought_to_the_photo_s_size() -> None:
    photo = SAMPLES[2].open()
    whole = np.zeros((400, 600), np.uint8)
    cv2.circle(whole, (300, 200), 120, 255, -1, cv2.LINE_AA)
    for scale, word in ((0.5, "enlarged"), (2, "reduced")):
        other = cv2.resize(whole, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        cut = matte_cut(photo, MatteFile("m.png", png(other.astype(np.uint8))), TOOL)
        assert cut.levels().shape == (400, 600)
        assert np.abs(cut.levels().astype(int) - whole).mean() < 1.5
        assert word in cut.notes[-1]
        assert f"{round(600 * scale)} × {round(400 * scale)}" in cut.notes[-1]


def test_what_does_not_fit_is_refused_in_a_sentence(
    photo: PhotoFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(data: bytes) -> str:
        with pytest.raises(PhotoError) as caught:
            matte_cut(photo, MatteFile("m.png", data), TOOL)
        return str(caught.value)

    other = "has 60 × 60 pixels, “photo.png” has 60 × 40, upright. Give one of the photo's size"
    assert other in refused(png(np.zeros((60, 60), np.uint8)))
    assert "has 40 × 60 pixels" in refused(png(np.ascontiguousarray(LEVELS.T)))
    assert "has colours and no transparency" in refused(png(COLOURS))
    assert "can't be read" in refused(png(LEVELS)[:60])
    assert "can't be read" in refused(b"nothing")
    assert "is empty" in refused(b"")
    monkeypatch.setenv("CUTOUT_MAX_MEGAPIXELS", "0.001")
    assert "megapixels; the limit here" in refused(png(LEVELS))


def test_what_is_transparent_in_the_photo_s_own_file_stays_so() -> None:
    own = np.dstack([COLOURS, np.where(np.arange(60) < 30, 255, 0) + np.zeros((40, 1), int)])
    photo = open_photo(png(own.astype(np.uint8)), "sticker.png")
    cut = matte_cut(photo, MatteFile("m.png", png(np.full((40, 60), 255, np.uint8))), TOOL)
    assert (cut.levels()[:, :30] == 255).all()
    assert not cut.levels()[:, 30:].any()


def test_an_empty_matte_says_so(photo: PhotoFile) -> None:
    assert matte_cut(photo, MatteFile("m.png", png(LEVELS * 0)), TOOL).empty


def test_a_tool_takes_no_other_s_name_and_is_not_free() -> None:
    assert other_tool("Best/Tool: 1").name == "best-tool-1"
    assert other_tool("GrabCut").name == f"{GRABCUT.name}-2"
    assert other_tool("input alpha").name == f"{INPUT_ALPHA.name}-2"
    first = other_tool("a.b")
    assert other_tool("A.B", [first]).name == "a.b-2"
    assert other_tool("../..").name == "matte"
    assert other_tool("**bold** [x](y)").label == "bold x (y)"
    assert first.foreign
    assert first.conditions
    assert refusals([first]) == [
        "a.b isn't free for commercial use: what the tool that made it allows isn't known here."
    ]
    assert not any(spec.foreign for spec in MODELS)


@pytest.mark.parametrize(
    ("name", "photos", "expected"),
    [
        ("cat.png", ["cat.jpg"], "cat.jpg"),
        ("CAT_mask.tif", ["cat.jpg"], "cat.jpg"),
        ("cat (1).png", ["cat.jpg"], "cat.jpg"),
        ("cats.png", ["cat.jpg"], None),
        ("mask_cat.png", ["cat.jpg"], None),
        ("cat_2.png", ["cat.jpg", "cat_2.jpg"], "cat_2.jpg"),
        ("cat_2_no_bg.png", ["cat.jpg", "cat_2.jpg"], "cat_2.jpg"),
    ],
)
def test_a_file_belongs_to_the_photo_that_it_is_called_after(
    name: str, photos: list[str], expected: str | None
) -> None:
    assert belongs_to(name, photos) == expected


def test_a_result_s_recipe_tells_the_matte_s_file(photo: PhotoFile) -> None:
    file = MatteFile("photo_matte.png", png(LEVELS))
    cut = matte_cut(photo, file, TOOL)
    result = open_photo(
        picture_file(cut, Look(Colour(9, 9, 9)), "composite", "PNG"), "photo_replaced.png"
    )
    run = recipe_in(result).run
    assert run.model == "scissors-3"
    assert run.matte == Origin("photo_matte.png", file.sha256)
    with Image.open(io.BytesIO(result.data)) as image:
        command = json.loads(image.info["Recipe"])["command"]
    assert command.startswith("uv run cli.py replace photo.png --background '#090909' --matte")


def test_a_recipe_of_a_model_tells_no_matte(photo: PhotoFile) -> None:
    """Programs that don't know of mattes can read it."""
    assert "matte" not in Run.of(cut_out(photo, GRABCUT)).told()
