import io
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from compositing.alpha import Edges
from compositing.background import Blur, Colour, Gradient, Picture, Portrait, Transparent
from compositing.disparity import Disparity
from compositing.floor import Floor
from compositing.shadow import Shadow
from models.interface import Box, Point, Prompt
from photos.cut import Cut
from photos.encoding import FORMATS, Format, encode
from photos.export import save_cut
from photos.file_picture import FilePicture
from photos.finishing import left_out_of, picture_file
from photos.look import Look
from photos.metadata import Exif
from photos.photo import PhotoError
from photos.reading import open_photo
from photos.recipe import Recipe
from photos.recipes.reading import recipe_in, results_in
from photos.recipes.result import ResultRecipe
from photos.rendering import render
from tests.cuts import RED, left_half_cut, photo_of, red_photo
from tests.cuts import recipe_in as told_in

ALL: tuple[Format, ...] = (*FORMATS, "TIFF")

LOOKS = [
    Look(Blur(5, "lens"), Edges(grow=-1.5, keep_largest=True)),
    Look(Colour(1, 2, 3), unmix=False, light=0.25, shadow=Shadow(0.3, 0.8)),
    Look(Gradient(Colour(1, 2, 3), Colour(4, 5, 6)), refined=False),
    Look(Transparent()),
    Look(FilePicture.of(red_photo(), "contain", 3, (0.25, 1))),
    Look(Picture(np.zeros((2, 3, 3), np.uint8))),
    Look(Portrait(5, Floor(0.3), (0.5, 1), "hexagon", 0.5)),
    Look(Portrait(5, Disparity(np.ones((2, 3))))),
]
PAINTED = Recipe(
    "a beach", "people", 20, 7.5, 0, "sd-1.5-inpainting", None, "main",
    "CreativeML OpenRAIL-M", "grabcut", 512, 336, "cpu", "float32", 41.7,
)  # fmt: skip


def cut_with_words() -> Cut:
    points = (Point(1, 2), Point(3.5, 4, include=False))
    prompt = Prompt((Box(0, 0, 20.5, 30),), points, ("“a cat”",), ("person 2",))
    return replace(left_half_cut(red_photo(gps=True)), prompt=prompt, refiner="closed-form")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("format_", ALL)
def test_a_file_s_recipe_is_read_again(look: Look, format_: Format) -> None:
    cut = cut_with_words()
    file = picture_file(cut, look, "composite", format_, keep_gps=True)
    photo = open_photo(file, "result")
    assert recipe_in(photo) == ResultRecipe.of(cut, look, "composite")
    kept = replace(look, subjects=(left_half_cut(cut.photo, "other"),))
    file = picture_file(cut, kept, "cutout", format_)
    read = recipe_in(open_photo(file, "result"))
    assert read == ResultRecipe.of(cut, kept, "cutout")
    assert read.kept_to is not None
    assert read.kept_to.model == "other"


@pytest.mark.parametrize("look", LOOKS)
def test_pixels_are_those_without_a_recipe(look: Look) -> None:
    cut = cut_with_words()
    for format_ in ALL:
        file = Image.open(io.BytesIO(picture_file(cut, look, "composite", format_)))
        bare = Image.open(io.BytesIO(encode(render(cut, look), format_, cut.photo)))
        np.testing.assert_array_equal(np.asarray(file), np.asarray(bare))
        assert {**file.getexif()}.items() >= {0x010F: "Maker"}.items()


def test_a_results_json_holds_the_recipe_of_each_result() -> None:
    cut, look, files = left_half_cut(red_photo()), LOOKS[0], dict[str, bytes]()
    told = save_cut(cut, cut.photo.pixels(), look, "scene", files.__setitem__)
    failed = {"photo": "b.jpg", "model": "grabcut", "error": "It is too large."}
    ((recipe, names),) = results_in(json.dumps({"results": [told, failed]}).encode(), "r.json")
    assert recipe == ResultRecipe.of(cut, look)
    assert names == tuple(files)


@pytest.mark.parametrize("format_", ["JPEG", "WebP"])
def test_the_photographer_s_comment_goes_into_the_recipe_once(format_: Format) -> None:
    photo = red_photo()
    commented = replace(photo, exif=bytes(Exif.of(photo.exif).commented("by the sea")))
    cut = left_half_cut(commented)
    first = open_photo(picture_file(cut, LOOKS[0], "composite", format_), "first")
    second = picture_file(left_half_cut(first), LOOKS[1], "composite", format_)
    told = told_in(Image.open(io.BytesIO(second)))
    assert told["comment"] == "by the sea"
    assert told["photo"]["name"] == "first"
    assert "lens" not in json.dumps(told)
    png = Image.open(io.BytesIO(picture_file(cut, LOOKS[0], "composite", "PNG")))
    assert png.getexif().get_ifd(0x8769)[0x9286] == b"ASCII\0\0\0by the sea"
    assert "comment" not in told_in(png)


def test_neither_the_place_nor_folders_are_told(tmp_path: Path) -> None:
    cut = replace(cut_with_words(), photo=photo_of(np.full((30, 40, 3), RED, np.uint8), gps=True))
    words = json.dumps(ResultRecipe.of(cut, LOOKS[4], "composite").told())
    assert "/" not in words.replace("2020:01:01", "")
    assert "gps" not in words.casefold()


def test_a_recipe_that_is_too_long_is_left_out_and_that_is_told() -> None:
    cut = replace(left_half_cut(red_photo()), prompt=Prompt(text=("x" * 20_000,)))
    for format_ in ALL:
        file = open_photo(picture_file(cut, LOOKS[0], "composite", format_), "long")
        with pytest.raises(PhotoError, match="“long” holds no recipe"):
            recipe_in(file)
        told = left_out_of(cut, LOOKS[0], "composite", format_)
        assert told == "“scene.jpg”: the recipe is too long for a picture's file."


def with_recipe(words: str, format_: Format = "PNG") -> bytes:
    photo = red_photo()
    return encode(photo.pixels(), format_, photo, recipe=words)


@pytest.mark.parametrize("format_", ALL)
def test_recipes_of_paintings_by_older_programs_are_read(format_: Format) -> None:
    photo, words = red_photo(), json.dumps(PAINTED.told())
    exif = bytes(Exif.of(photo.exif).commented(words))  # in PNG, too
    file = encode(photo.pixels(), format_, replace(photo, exif=exif))
    recipe = recipe_in(open_photo(file, "old"))
    assert recipe.settings.background == PAINTED
    assert (recipe.photo, recipe.program, recipe.run.model) == (None, "", "grabcut")
    plain = {name: value for name, value in PAINTED.told().items() if name != "weights"}
    distilled = {key: part for key, part in plain.items() if key not in ("guidance", "negative")}
    read = recipe_in(open_photo(with_recipe(json.dumps(distilled)), "old"))
    assert read.settings.background == replace(PAINTED, guidance=None, negative="")


def told() -> dict[str, Any]:
    cut = left_half_cut(red_photo())
    result: dict[str, Any] = json.loads(
        json.dumps(ResultRecipe.of(cut, LOOKS[4], "composite").told())
    )
    return result


def changed(path: str, value: Any) -> Callable[[], str]:
    def words() -> str:
        recipe = told()
        *way, last = path.split(".")
        at = recipe
        for step in way:
            at = at[step]
        at[last] = value
        return json.dumps(recipe)

    return words


HOSTILE: list[tuple[Callable[[], str], str]] = [
    (changed("photo.name", "../../etc/passwd"), "is not a file's name without folders"),
    (changed("photo.name", "/etc/passwd"), "is not a file's name without folders"),
    (changed("photo.name", ".."), "is not a file's name without folders"),
    (changed("photo.name", "a\0b"), "is not a file's name without folders"),
    (changed("photo.name", 5), "“photo.name” is not text"),
    (changed("settings.background.name", "../beach.png"), "without folders"),
    (changed("settings.background.kind", "bomb"), "“settings.background.kind” is not one of"),
    (changed("settings.background.kind", {}), "“settings.background.kind” is not one of"),
    (changed("settings.background", []), "“settings.background” is not a table"),
    (changed("settings.edges.grow", 1e9), "grows by -100 to 100 pixels"),
    (changed("settings.edges.grow", [[1]]), "“settings.edges.grow” is not a number"),
    (changed("settings.colour", "red"), "“settings” holds “colour”, which is none of edges, unmix"),
    (changed("run.prompt.boxes", [{"x0": 5, "y0": 0, "x1": 1, "y1": 9}]), "A box needs x0 < x1"),
    (changed("run.refiner", "magic"), "“run.refiner” is not one of quick, closed-form"),
    (changed("run", None), "“run” is not a table"),
    (changed("kept_to", "grabcut"), "“kept_to” is not a table"),
    (changed("made", "coffee"), "“made” is not one of matte, trimap, cutout, composite"),
    (changed("recipe", 2), "it is of edition 2, and this program knows 1"),
    (changed("recipe", "1"), "“recipe” is not a whole number"),
    (changed("x" * 5000, 1), "which is not known here"),
    (lambda: '{"recipe": NaN}', "NaN is not a number"),
    (lambda: '{"recipe": 1, "run": ' + "[" * 10_000 + "]" * 10_000 + "}", "nested too deeply"),
    (lambda: '{"recipe": 1}', "“program” is not text"),
    (lambda: json.dumps(PAINTED.told() | {"steps": "many"}), "background.steps” is not a whole"),
]


@pytest.mark.parametrize(("words", "expected"), HOSTILE)
def test_odd_recipes_are_refused_in_a_sentence(words: Callable[[], str], expected: str) -> None:
    for format_ in ALL:
        file = open_photo(with_recipe(words(), format_), "odd.png")
        with pytest.raises(PhotoError) as caught:
            recipe_in(file)
        sentence = str(caught.value)
        assert sentence.startswith("The recipe in “odd.png” can't be followed: ")
        assert expected in sentence
        assert len(sentence) < 250


def test_a_text_that_unpacks_to_far_more_than_recipes_have_is_refused() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("Recipe", " " * 900_000, zip=True)
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PNG", pnginfo=texts)
    assert len(file.getvalue()) < 5000
    with pytest.raises(PhotoError, match="longer than 32000 bytes"):
        recipe_in(open_photo(file.getvalue(), "bomb.png"))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xff\xfe\0", "“r.json” is not JSON that can be read"),
        (b"{", "“r.json” is not JSON that can be read"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "is not a results.json"),
        (b'{"results": [1]}', "is not a results.json"),
        (b'{"results": [{"files": ["a.png"]}]}', "holds no recipes: an older program wrote it"),
        (b" " * 20_000_001, "is too large"),
    ],
)
def test_what_is_no_results_json(data: bytes, expected: str) -> None:
    with pytest.raises(PhotoError, match=expected):
        results_in(data, "r.json")


@pytest.mark.parametrize("name", ["../a.png", "/etc/a.png", "a/../../b.png", "a\0.png"])
def test_names_of_files_that_lead_elsewhere_are_refused(name: str) -> None:
    entry = {"recipe": told() | {"made": None}, "files": [name]}
    with pytest.raises(PhotoError, match="leads out of its folder"):
        results_in(json.dumps({"results": [entry]}).encode(), "r.json")


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool isn't installed")
@pytest.mark.parametrize("format_", ALL)
def test_exiftool_reads_the_recipe_and_edits_the_file(format_: Format, tmp_path: Path) -> None:
    cut = cut_with_words()
    path = tmp_path / "a.bin"
    path.write_bytes(picture_file(cut, LOOKS[1], "composite", format_))
    subprocess.run(["exiftool", "-q", "-Artist=Zoe", path], check=True)
    tags = ["-j", "-Artist", "-Recipe", "-UserComment", "-Warning"]
    seen = subprocess.run(["exiftool", *tags, path], check=True, capture_output=True).stdout
    (found,) = json.loads(seen)
    assert found.pop("SourceFile")
    assert found.pop("Artist") == "Zoe"
    ((name, words),) = found.items()
    assert name == ("Recipe" if format_ == "PNG" else "UserComment")
    assert (words if isinstance(words, dict) else json.loads(words))["recipe"] == 1
    assert recipe_in(open_photo(path.read_bytes(), "a")).run.prompt == cut.prompt
