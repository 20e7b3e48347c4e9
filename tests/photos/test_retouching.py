"""Cuts retouched by hand: their mattes, files and recipes."""

import io
import json
import zipfile
from dataclasses import replace
from typing import Any, NoReturn

import numpy as np
import pytest
from PIL import Image

from compositing.background import Colour
from compositing.strokes import Stroke
from models.catalog import GRABCUT
from models.running.pool import Pool
from photos.cut import Cut
from photos.cutting import cut_out
from photos.export import archive
from photos.finishing import picture_file
from photos.look import Look
from photos.packed import packed_deep
from photos.photo import PhotoError
from photos.reading import open_photo
from photos.recipes.following import Kitchen
from photos.recipes.reading import recipe_in
from photos.recipes.result import ResultRecipe
from photos.recipes.strokes import Drawn, StrokesFile
from photos.recipes.writing import told
from photos.rendering import fine_matte
from photos.retouching import retouched
from photos.samples import SAMPLES
from tests.cuts import cut_of, left_half_cut, photo_of, red_photo

ERASE = Stroke(((10, 10, 1), (14, 20, 1)), "erase", size=8, hardness=1, aware=False)
RESTORE = Stroke(((30, 15, 1),), "restore", size=8, hardness=1, aware=False)
LOOK = Look(Colour(255, 255, 255))


def half() -> Cut:
    return left_half_cut(red_photo())


def test_strokes_are_laid_over_the_models_matte_and_undone_to_the_bit() -> None:
    cut = half()
    one = retouched(cut, [ERASE])
    both = retouched(one, [ERASE, RESTORE])
    assert (one.levels()[15, 12], one.levels()[15, 30]) == (0, 0)
    assert (both.levels()[15, 12], both.levels()[15, 30]) == (0, 255)
    assert (retouched(both, [ERASE]).levels() == one.levels()).all()
    assert retouched(both, ()) is cut
    assert both.own is one.own is cut.own is cut
    assert both.strokes == (ERASE, RESTORE)
    assert both.share == pytest.approx(both.levels().mean() / 255)
    assert both.notes[-1] == "Retouched by hand: 2 strokes."
    assert retouched(cut, [ERASE]).key == one.key != cut.key
    assert both.png() != cut.png()


def test_a_matte_of_16_bits_and_a_mask_before_refinement_are_painted_too() -> None:
    cut = half()
    deep = retouched(replace(cut, deep=packed_deep(cut.alpha()), rough=cut.packed), [RESTORE])
    assert fine_matte(deep, LOOK)[15, 30] == 65535
    assert deep.levels(refined=False)[15, 30] == 255


def test_what_was_empty_is_there_once_it_was_painted() -> None:
    photo = red_photo()
    nothing = cut_of(photo, np.zeros((30, 40), np.uint8), empty=True)
    assert not retouched(nothing, [RESTORE]).empty
    assert retouched(half(), [replace(ERASE, size=200)]).empty


def test_what_is_transparent_in_the_file_stays_so() -> None:
    pixels = np.full((30, 40, 4), 255, np.uint8)
    pixels[:, 20:, 3] = 0
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    photo = open_photo(file.getvalue(), "clear.png")
    cut = retouched(cut_of(photo, np.zeros((30, 40), np.uint8)), [replace(RESTORE, size=40)])
    assert cut.levels()[15, 19] == 255
    assert not cut.levels()[:, 20:].any()


def test_strokes_are_in_the_upright_photos_pixels() -> None:
    """A photo of a camera that was held upright: its file lies on its side."""
    lying = np.zeros((40, 60, 3), np.uint8)
    lying[:20] = 200
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    file = io.BytesIO()
    Image.fromarray(lying).save(file, "PNG", exif=exif)
    photo = open_photo(file.getvalue(), "upright.png")
    assert (photo.width, photo.height) == (40, 60)
    cut = cut_of(photo, np.zeros((60, 40), np.uint8))
    dark_side = Stroke(((15, 10, 1), (15, 50, 1)), size=20, hardness=1)
    levels = retouched(cut, [dark_side]).levels()
    assert (levels[12:50, 10:18] > 250).all()
    assert (levels[:, 21:] < 40).all()  # upright, it's bright from column 20 on
    plain = retouched(cut, [replace(dark_side, aware=False)]).levels()
    assert (plain[12:50, 21:24] > 250).all()


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WebP"])
def test_a_results_recipe_makes_it_again_with_its_strokes(format_: Any) -> None:
    photo = SAMPLES[2].open()
    strokes = (
        Stroke(((300.5, 200, 1), (380, 220.3, 0.4)), "erase", size=50, opacity=0.6),
        Stroke(((40, 40, 1), (90, 60, 1)), "restore", size=30, aware=False),
    )
    cut = retouched(cut_out(photo, GRABCUT), strokes)
    file = picture_file(cut, LOOK, "composite", format_)
    recipe = recipe_in(open_photo(file, "result"))
    assert recipe.strokes == strokes

    def nothing(_: object) -> NoReturn:
        raise AssertionError("there is nothing to look for")

    again, look = Kitchen(Pool(), step=print).follow(recipe, photo, nothing, nothing, nothing)
    assert picture_file(again, look, "composite", format_) == file
    assert "cli.py again" in told(recipe)["command"]


def test_recipes_without_strokes_are_as_they_were() -> None:
    assert "strokes" not in ResultRecipe.of(half(), LOOK).told()


def test_a_zip_holds_the_strokes_of_each_photo_that_has_some() -> None:
    other = photo_of(np.zeros((30, 40, 3), np.uint8), "plain.png")
    painted = retouched(half(), [ERASE])
    data = archive([painted, left_half_cut(other)], lambda _: LOOK)
    pack = zipfile.ZipFile(io.BytesIO(data))
    assert [name for name in pack.namelist() if "strokes" in name] == ["scene/strokes.json"]
    file = StrokesFile.read(pack.read("scene/strokes.json"), "strokes.json")
    assert file == StrokesFile.of(painted.photo, [ERASE])
    recipe = json.loads(pack.read("results.json"))["results"][0]["recipe"]
    assert recipe["strokes"][0]["mode"] == "erase"


def test_strokes_find_their_photo_by_its_file() -> None:
    photo = red_photo()
    other = photo_of(np.zeros((30, 40, 3), np.uint8), photo.name)
    larger = photo_of(np.zeros((60, 40, 3), np.uint8), "larger.png")
    drawn = Drawn((StrokesFile.of(photo, [ERASE]),))
    assert drawn.on(photo) == (ERASE,)
    assert drawn.passed_over(photo) is None
    assert drawn.on(other) == ()
    assert "another file of this name" in (drawn.passed_over(other) or "")
    assert drawn.passed_over(larger) is None
    assert drawn.on(other, lone=True) == (ERASE,)
    with pytest.raises(PhotoError, match=r"40 × 30 pixels; “larger\.png” has 40 × 60"):
        drawn.on(larger, lone=True)


STROKE = {"points": [[1, 2, 1]], "size": 9}
GOOD = {"photo": "a.png", "sha256": "0", "width": 4, "height": 3, "strokes": [STROKE]}


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ([], "holds no strokes"),
        ({}, "holds no strokes"),
        (GOOD | {"edition": 2}, "it is of edition 2, and this program knows 1"),
        (GOOD | {"colour": 1}, "“it” holds “colour”"),
        (GOOD | {"strokes": [STROKE | {"size": 0}]}, "size is 1 to 20000 pixels; got 0"),
        (GOOD | {"strokes": [STROKE | {"mode": "smudge"}]}, "not one of erase, restore"),
        (GOOD | {"strokes": [STROKE | {"points": [[1, 2]]}]}, "is not a list of 3"),
    ],
)
def test_files_that_cant_be_followed_are_told_of(told: Any, complaint: str) -> None:
    with pytest.raises(PhotoError, match=complaint):
        StrokesFile.read(json.dumps(told).encode(), "a.json")


def test_what_is_no_json_is_told_of() -> None:
    with pytest.raises(PhotoError, match=r"“a\.json” is not JSON"):
        StrokesFile.read(b"\xff\xd8", "a.json")
