import json
import shlex
import types
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from compositing.background import Colour
from compositing.shadow import Shadow
from models import catalog
from models.catalog import GRABCUT
from models.interface import LoadFailed
from photos.cutting import cut_out
from photos.encoding import FORMAT_OF, encode
from photos.finishing import picture_file
from photos.look import Look
from photos.metadata import Exif
from photos.reading import read_photo
from photos.recipe import Recipe
from photos.recipes.reading import recipe_in
from tests.cuts import recipe_in as told_in
from tests.shell import listing, pixels, plain, run

SAME = "the same to the bit"


def told(path: Path) -> dict[str, Any]:
    with Image.open(path) as image:
        return told_in(image)


def rewritten(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Changes the recipe in a file, not its pixels."""
    recipe = told(path)
    change(recipe)
    photo = read_photo(path)
    alpha = photo.alpha()
    picture = photo.colours()
    if alpha is not None:
        picture = np.dstack([picture, np.rint(alpha * 255).astype(np.uint8)])
    format_ = FORMAT_OF[path.suffix]
    path.write_bytes(encode(picture, format_, photo, recipe=json.dumps(recipe)))


VERBS = [
    ("blur", "--strength", 2, "--method", "lens", "--edges", "grow=-1.5,threshold=0.4"),
    ("blur", "--method", "portrait", "--horizon", 0.3, "--feet", 0.8, "--focus", "0.25,1"),
    ("blur", "--method", "portrait", "--blades", "hexagon", "--bloom", 0.5, "--kernel", 9),
    ("blur", "--edges", "unrefined", "-m", "grabcut", "--format", "png"),
    ("blur", "--refine", "closed-form", "-m", "grabcut", "--format", "png"),
    ("blur", "--kernel", 9, "--format", "webp", "--box", "10,10,200.5,200", "-m", "grabcut"),
    ("replace", "-b", "{beach}", "--fit", "contain", "--position", "0.3,1", "--shadow", 0.4),
    ("replace", "-b", "#123456,#abcdef", "--light-match", 0.5, "--format", "png"),
    ("replace", "-b", "transparent", "--shadow", 0.7),
    ("replace", "-b", "{beach}", "--frame", "story", "--shadow", 0.4, "--max-kb", 90),
    ("blur", "--crop", "subject", "--margin", "12.5%", "--canvas", "90x160", "--align", "bottom"),
    ("cutout", "--crop", "subject", "--margin", "7px"),
    ("generate", "--prompt", "sea", "--seed", 7, "--canvas", "90x160", "--painter", "brush"),
    ("cutout", "--edges", "feather=2,keep-largest,fill-holes,keep-old-colours"),
    ("cutout", "--format", "webp", "--text", "a cat's head, dog"),
    ("generate", "--prompt", "a wall's end", "--seed", 70, "--painter", "brush"),
    ("replace", "-b", "{beach}", "--background-zoom", 2.5, "--subject-move", "-0.125,0.25"),
    ("replace", "-b", "transparent", "--subject-scale", 0.5),
    ("replace", "-b", "#fff000", "--subject-move", "0.1,0", "--subject-scale", 0.7, "--shadow", 1),
    ("generate", "--prompt", "sea", "--seed", 7, "--subject-move", "0,0.2", "--painter", "brush"),
    ("generate", "--prompt", "snow", "--painter", "pen", "--format", "png", "--edges", "grow=2"),
]


@pytest.mark.parametrize("words", VERBS)
def test_each_verb_s_result_is_made_again_and_by_its_command(
    words: tuple[str | float, ...],
    cat: Path,
    brush: types.SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cat = cat.rename(cat.with_name("-my cat.png"))
    Image.fromarray(pixels(cat)).resize((150, 100)).save(cat)
    beach = cat.with_name("-beach 1.png")
    Image.effect_noise((60, 40), 90).convert("RGB").save(beach)
    verb, *options = [str(word).format(beach=beach) for word in words]
    if "-m" not in options:
        options += ["-m", "halves"]
    made = run(verb, cat, *options)
    assert made.exit_code == 0, made.output
    result = Path(made.stdout.strip())
    before = pixels(result)
    again = run("again", result)
    assert (again.exit_code, again.stdout) == (0, f"{result}: {SAME}\n"), again.output
    command = shlex.split(told(result)["command"])
    assert command[:3] == ["uv", "run", "cli.py"]
    assert command[3] == verb
    monkeypatch.chdir(cat.parent)
    typed = run(*command[3:], "-o", f"typed{result.suffix}")
    assert typed.exit_code == 0, typed.output
    np.testing.assert_array_equal(pixels(Path(f"typed{result.suffix}")), before)


@pytest.fixture
def compared(cat: Path, halves: types.SimpleNamespace) -> Path:
    out = cat.parent / "out"
    made = run("compare", cat, "--models", "halves,grabcut", "-o", out)
    assert made.exit_code == 0, made.output
    return out


def test_a_comparison_is_made_again_whole_or_in_part(
    compared: Path, halves: types.SimpleNamespace
) -> None:
    halves.prompts.clear()
    new = compared.parent / "new"
    again = run("again", compared / "results.json", "-o", new)
    names = sorted(listing(compared) - {"results.json"})
    assert again.exit_code == 0, again.output
    assert sorted(again.stdout.splitlines()) == [f"{compared / name}: {SAME}" for name in names]
    assert listing(new) == set(names)
    for name in names:
        assert (new / name).read_bytes() == (compared / name).read_bytes()
    assert len(halves.prompts) == 1  # one cut, three files
    for only, count in (("halves", 3), ("cat/grabcut_matte.png", 1), ("cat.png", 6)):
        again = run("again", compared / "results.json", "--only", only)
        assert again.stdout.count(SAME) == count
    again = run("again", compared / "results.json", "--only", "dog")
    assert again.exit_code == 2
    assert "There are: cat.png, grabcut, halves." in plain(again.output)
    single = run("again", compared / "cat" / "halves_matte.png")
    assert SAME in single.stdout, single.output
    command = shlex.split(told(compared / "cat" / "halves_matte.png")["command"])
    assert run(command[3], compared.parent / command[4], *command[5:], "-o", new).exit_code == 0
    matte = "cat/halves_matte.png"
    np.testing.assert_array_equal(pixels(new / matte), pixels(compared / matte))


def test_what_only_the_page_can_make(cat: Path, halves: types.SimpleNamespace) -> None:
    photo = read_photo(cat)
    cut = cut_out(photo, GRABCUT)
    subject = cut_out(photo, catalog.find("halves"))
    look = Look(Colour(9, 90, 200), light=0.5, shadow=Shadow(0.5, 0.9), subjects=(subject,))
    path = cat.with_name("page.png")
    path.write_bytes(picture_file(cut, look, "composite", "PNG"))
    assert run("again", path).stdout == f"{path}: {SAME}\n"
    assert told(path)["command"] == "uv run cli.py again RESULT --photo cat.png"


def test_the_photo_is_looked_for_by_name_and_by_its_bytes(
    cat: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    run("blur", cat, "-m", "halves", "--format", "png")
    result = cat.with_name("cat_blurred.png")
    kept = cat.rename(tmp_path / "kept.png")
    again = run("again", result)
    assert again.exit_code == 1
    assert f"There is no “cat.png” beside “{result}”: name it with --photo." in again.stderr
    assert SAME in run("again", result, "--photo", kept).stdout
    Image.new("RGB", (451, 300), "red").save(cat)
    again = run("again", result)
    assert again.exit_code == 1
    assert f"“{cat}” is not the file that it was made of" in again.stderr
    again = run("again", result, "--photo", cat)
    assert again.exit_code == 1
    assert "“cat.png” is not the file that it was made from, “cat.png”." in again.stderr
    assert "another picture" in again.stdout
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil_copy = kept.rename(folder / "cat.png")
    assert SAME in run("again", result, "--photo", folder).stdout
    assert shutil_copy.is_file()


def test_the_background_picture_is_looked_for_likewise(
    cat: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    beach = tmp_path / "beach.png"
    Image.new("RGB", (40, 30), (0, 90, 160)).save(beach)
    run("replace", cat, "-b", beach, "-m", "halves", "--format", "png")
    result = cat.with_name("cat_replaced.png")
    halves.prompts.clear()
    moved = beach.rename(tmp_path / "sea.png")
    again = run("again", result)
    assert "There is no “beach.png”" in again.stderr
    assert "name it with --background." in again.stderr
    assert halves.prompts == []
    assert SAME in run("again", result, "--background", moved).stdout
    Image.new("RGB", (40, 30), (200, 0, 0)).save(moved)
    again = run("again", result, "--background", moved)
    assert again.exit_code == 1
    assert "“sea.png” is not the background that it was made with, “beach.png”." in again.stderr
    assert "another picture" in again.stdout


def test_what_is_not_as_it_was_is_told(cat: Path, halves: types.SimpleNamespace) -> None:
    run("blur", cat, "-m", "halves", "--format", "png")
    result = cat.with_name("cat_blurred.png")

    def change(recipe: dict[str, Any]) -> None:
        recipe["program"] = "cutout-compare 0.0.1"
        recipe["run"] |= {"device": "cuda:7", "dtype": "bfloat16", "revision": "abc"}

    rewritten(result, change)
    again = run("again", result)
    assert again.exit_code == 0
    assert SAME in again.stdout
    assert "It was made by cutout-compare 0.0.1, and this is cutout-compare " in again.stderr
    assert "halves had revision abc of its weights, now none." in again.stderr
    assert "halves ran on cuda:7 in bfloat16, now cpu in float32." in again.stderr


@pytest.mark.parametrize(
    ("levels", "code", "judgement"),
    [
        (1, 0, "pixels differ by at most 1 level of 255, on average by {mean}: too little"),
        (60, 0, "pixels differ by at most 60 levels of 255, on average by {mean}: hardly"),
        (250, 1, "pixels differ by at most 250 levels of 255, on average by {mean}: another"),
    ],
)
def test_pixels_that_do_not_agree(
    levels: int, code: int, judgement: str, cat: Path, halves: types.SimpleNamespace
) -> None:
    Image.new("RGB", (100, 100), "black").save(cat)
    run("cutout", cat, "-m", "halves")
    result = cat.with_name("cat_cutout.png")
    words = json.dumps(told(result))
    picture = pixels(result)
    rows = 100 if levels == 250 else 1
    picture[:rows, :, 0] += np.uint8(levels)
    result.write_bytes(encode(picture, "PNG", read_photo(cat), recipe=words))
    mean = f"{levels * rows / 100 / 4:.2g}"
    again = run("again", result)
    assert again.exit_code == code
    assert judgement.format(mean=mean) in again.stdout


def test_a_result_of_another_size_is_another_picture(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    run("blur", cat, "-m", "halves")
    result = cat.with_name("cat_blurred.jpg")
    words, photo = json.dumps(told(result)), read_photo(cat)
    result.write_bytes(encode(photo.pixels()[::2, ::2], "JPEG", photo, recipe=words))
    again = run("again", result)
    assert again.exit_code == 1
    assert "of another size: 226 × 150 pixels, now 451 × 300" in again.stdout
    assert "A JPEG that another program saved anew differs, too." in again.stderr


def test_models_that_are_not_here(cat: Path, halves: types.SimpleNamespace) -> None:
    run("blur", cat, "-m", "halves")
    result = cat.with_name("cat_blurred.jpg")
    halves.load_error = LoadFailed("Ask for access.")
    again = run("again", result)
    assert again.exit_code == 1
    assert f"“{result}”: Ask for access." in again.stderr
    rewritten(result, lambda recipe: recipe["run"].update(model="halfs"))
    again = run("again", result)
    assert again.exit_code == 1
    assert "There is no model called “halfs”. Did you mean halves?" in again.stderr


def test_an_older_painting_needs_its_photo_named(cat: Path, brush: types.SimpleNamespace) -> None:
    words = ("--prompt", "a wall", "--seed", 5, "-m", "halves", "--painter", "brush")
    run("generate", cat, *words, "--format", "png")
    result = cat.with_name("cat_generated.png")
    recipe = recipe_in(read_photo(result)).settings.background
    assert isinstance(recipe, Recipe)
    photo = read_photo(cat)
    exif = bytes(Exif.of(photo.exif).commented(json.dumps(recipe.told())))
    result.write_bytes(encode(pixels(result), "PNG", replace(photo, exif=exif)))
    again = run("again", result)
    assert again.exit_code == 1
    assert f"The recipe in “{result}” doesn't tell which file it was: name it" in again.stderr
    again = run("again", result, "--photo", cat)
    assert (again.exit_code, again.stdout) == (0, f"{result}: {SAME}\n")
    assert "An older program wrote its recipe" in again.stderr
    assert [wish.seed for wish in brush.wishes] == [5, 5]


def test_where_it_may_be_written(cat: Path, halves: types.SimpleNamespace, tmp_path: Path) -> None:
    run("blur", cat, "-m", "halves", "--format", "png")
    result = cat.with_name("cat_blurred.png")
    before = listing(cat.parent)
    for output, sentence, code in (
        (result, "That would overwrite what it is compared with.", 2),
        (cat.with_suffix(".jpg"), "What is made again ends in .png too.", 2),
        (cat, "is what it is made of: name another --output.", 1),
    ):
        photo = cat.read_bytes()
        again = run("again", result, "-o", output)
        assert again.exit_code == code
        assert sentence in plain(again.output)
        assert cat.read_bytes() == photo
    assert listing(cat.parent) == before
    assert run("again", result, "-o", tmp_path / "deep" / "new.png").exit_code == 0
    assert (tmp_path / "deep" / "new.png").read_bytes() == result.read_bytes()
    assert run("again", cat).exit_code == 2  # which holds no recipe
    assert "“cat.png” holds no recipe" in plain(run("again", cat).output)


def test_hostile_names_write_and_read_nothing_outside(
    compared: Path, halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    results = compared / "results.json"
    listed = json.loads(results.read_bytes())
    listed["results"][0]["files"] = ["../../outside_matte.png"]
    results.write_text(json.dumps(listed))
    before = listing(tmp_path)
    again = run("again", results, "-o", tmp_path / "new")
    assert again.exit_code == 2
    assert "leads out of its folder" in plain(again.output)
    assert listing(tmp_path) == before


def test_a_photo_s_own_transparency_and_kept_subjects(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    clear = np.dstack([pixels(cat)[:, :, :3], np.full((300, 451), 255, np.uint8)])
    clear[:, 300:, 3] = 0
    Image.fromarray(clear).save(cat)
    out = cat.parent / "out"
    assert run("compare", cat, "--models", "halves", "-o", out).exit_code == 0
    again = run("again", out / "results.json")
    assert again.exit_code == 0, again.output
    assert "input-alpha" in again.stdout
    assert again.stdout.count(SAME) == 6
    path = out / "cat" / "input-alpha_matte.png"
    Image.fromarray(clear[:, :, :3]).save(cat)
    again = run("again", path, "--photo", cat)
    assert again.exit_code == 1
    assert "has no transparency of its own" in again.stderr
