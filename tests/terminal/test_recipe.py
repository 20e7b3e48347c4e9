"""`--recipe`: what the file says stands for what isn't typed."""

import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.shell import pixels, plain, run

REPLACE = """\
recipe = 1
make = "replace"
models = ["halves"]
text = ["cat"]
max_kb = 40
format = "webp"

[background]
kind = "picture"
file = "pictures/sea.png"

[edges]
grow = -2

[shadow]
strength = 0.5
softness = 0.2

[frame]
crop = "subject"
margin = "10%"
canvas = [120, 160]
"""
BLUR = 'recipe = 1\nmodels = ["halves"]\n[background]\nkind = "blur"\nstrength = 2.5\n'
PLACED = REPLACE.partition("[frame]")[0].replace('sea.png"', 'sea.png"\nzoom = 2')
PLACED += "[stand]\nacross = 0.25\nscale = 0.75\n"
UNMOVED = ("--subject-move", "0,0", "--subject-scale", 1)
FOCUSED = f'{BLUR}method = "portrait"\nhorizon = 0.3\nfocus = [0.5, 0.5]\n'


@pytest.fixture
def recipe(cat: Path, halves: types.SimpleNamespace) -> Path:
    (cat.parent / "pictures").mkdir()
    Image.effect_noise((60, 40), 90).convert("RGB").save(cat.parent / "pictures" / "sea.png")
    path = cat.parent / "recipe.toml"
    path.write_text(REPLACE)
    return path


def test_a_recipe_is_what_its_options_are(
    recipe: Path, cat: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")  # the picture is looked for beside the recipe
    done = run("replace", cat, "--recipe", recipe)
    assert done.exit_code == 0, done.output
    assert halves.prompts[-1].text == ("cat",)
    written = Path(done.stdout.strip())
    assert written.suffix == ".webp"
    assert written.stat().st_size <= 40_000
    sea = recipe.parent / "pictures" / "sea.png"
    typed = run(
        "replace", cat, "-m", "halves", "--text", "cat", "-b", sea, "--edges", "grow=-2",
        "--shadow", 0.5, "--shadow-softness", 0.2, "--crop", "subject", "--margin", "10%",
        "--canvas", "120x160", "--max-kb", 40, "-o", recipe.with_name("typed.webp"),
    )  # fmt: skip
    assert typed.exit_code == 0, typed.output
    assert recipe.with_name("typed.webp").read_bytes() == written.read_bytes()


def test_where_a_subject_stands_is_followed(recipe: Path, cat: Path) -> None:
    told = PLACED
    recipe.write_text(told)
    done = run("replace", cat, "--recipe", recipe, "-o", recipe.with_name("one.webp"))
    assert done.exit_code == 0, done.output
    words = ("--recipe", recipe, "--subject-move", "0.25,0", "--subject-scale", 0.75)
    recipe.write_text(told.partition("[stand]")[0].replace("zoom = 2", ""))
    done = run("replace", cat, *words, "--background-zoom", 2, "-o", recipe.with_name("two.webp"))
    assert done.exit_code == 0, done.output
    one, two = (recipe.with_name(f"{name}.webp").read_bytes() for name in ("one", "two"))
    assert one == two
    recipe.write_text(told)
    for verb, heard in (("replace", True), ("cutout", False)):
        done = run(verb, cat, "--recipe", recipe)
        assert ("every photo gets its placement" in plain(done.stderr)) == heard
    recipe.write_text(told.replace("0.75", "75"))
    done = run("replace", cat, "--recipe", recipe)
    assert "line 2" in plain(done.output)
    assert "A subject is scaled 0.1 to 4 times; got 75" in plain(done.output)


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        (UNMOVED, True),  # its picture is laid out as in one photo
        ((*UNMOVED, "--position", "0.5,0.5", "--background-zoom", 1), False),
        (("-b", "#ffffff"), True),
        (("-b", "#ffffff", *UNMOVED), False),
    ],
)
def test_a_placement_is_told_of_while_some_of_it_is_not_overridden(
    recipe: Path, cat: Path, typed: tuple[Any, ...], heard: bool
) -> None:
    recipe.write_text(PLACED)
    done = run("replace", cat, "--recipe", recipe, *typed)
    assert done.exit_code == 0, done.output
    assert ("every photo gets its placement" in plain(done.stderr)) == heard


@pytest.mark.parametrize(
    ("told", "place", "verb", "heard"),
    [
        (PLACED, "placement", ("batch", "--make", "cutout,matte"), False),
        (PLACED, "placement", ("batch", "--make", "cutout,replace"), True),
        (PLACED, "placement", ("compare", "--models", "halves"), True),
        (FOCUSED, "floor and focus", ("batch", "--make", "matte"), False),
        (FOCUSED, "floor and focus", ("batch", "--make", "blur"), True),
        (FOCUSED, "floor and focus", ("compare", "--models", "halves"), True),
        (FOCUSED, "focus", ("compare", "--models", "halves", "-b", "#ffffff"), False),
    ],
)
def test_places_are_told_of_where_what_is_made_has_them(
    recipe: Path, cat: Path, told: str, place: str, verb: tuple[str, ...], heard: bool
) -> None:
    recipe.write_text(told)
    out = recipe.with_name("out")
    name, *words = verb
    where = (cat, out) if name == "batch" else (cat, "-o", out)
    done = run(name, *where, "--recipe", recipe, *words)
    assert done.exit_code == 0, done.output
    assert (f"every photo gets its {place}" in plain(done.stderr)) == heard


def test_what_is_typed_wins(recipe: Path, cat: Path) -> None:
    done = run(
        "replace", cat, "--recipe", recipe, "-b", "#0000ff", "--format", "png", "--max-kb", 9
    )
    assert "A PNG can't be made lighter" in plain(done.output)  # max-kb was typed, and is heard
    red = recipe.with_name("red.jpg")
    done = run("replace", cat, "--recipe", recipe, "-b", "#ff0000", "--format", "jpeg", "-o", red)
    assert done.exit_code == 0, done.output
    assert pixels(red).shape == (160, 120, 3)
    np.testing.assert_allclose(pixels(red)[2, 117], (255, 0, 0), atol=6)
    story = recipe.with_name("story.jpg")
    words = ("--recipe", recipe, "--frame", "story", "--format", "jpeg", "--max-kb", 400)
    done = run("replace", cat, *words, "-o", story)
    assert done.exit_code == 0, done.output
    assert pixels(story).shape == (1920, 1080, 3)
    done = run(
        "replace", cat, "--recipe", recipe, "--crop", "photo", "-o", story.with_suffix(".webp")
    )
    assert done.exit_code == 0, done.output  # its margin goes with it


def test_a_kernel_that_is_typed_takes_the_place_of_the_strength(recipe: Path, cat: Path) -> None:
    recipe.write_text(BLUR)
    results = {}
    for name, words in {"recipe": (), "kernel": ("--kernel", 9), "both": ()}.items():
        path = recipe.with_name(f"{name}.png")
        own = ("--recipe", recipe) if name != "both" else ("-m", "halves", "--strength", 2.5)
        done = run("blur", cat, *own, *words, "-o", path)
        assert done.exit_code == 0, done.output
        results[name] = pixels(path)
    np.testing.assert_array_equal(results["recipe"], results["both"])
    assert np.abs(results["recipe"].astype(int) - results["kernel"]).max() > 10


def test_what_a_verb_has_no_use_for_is_told(recipe: Path, cat: Path) -> None:
    done = run("blur", cat, "--recipe", recipe)
    assert done.exit_code == 0, done.output
    assert "`blur` has no use for its shadow, shadow-softness, background" in plain(done.stderr)
    assert "was made for `replace`; this is `blur`" in plain(done.stderr)


def test_several_models_are_for_compare(recipe: Path, cat: Path) -> None:
    recipe.write_text('recipe = 1\nmodels = ["halves", "grabcut"]\n')
    done = run("cutout", cat, "--recipe", recipe)
    assert done.exit_code == 2
    assert "“halves,grabcut” should be one name" in plain(done.output)
    one = run("cutout", cat, "--recipe", recipe, "-m", "halves")
    assert one.exit_code == 0, one.output
    done = run("compare", cat, "--recipe", recipe, "-o", recipe.with_name("out"))
    assert done.exit_code == 0, done.output
    names = {path.name for path in recipe.with_name("out").glob("*/*")}
    assert {"halves_matte.png", "grabcut_matte.png"} <= names


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (REPLACE.replace("grow", "gorw"), "line 13: “edges” holds “gorw”, which is none of grow"),
        (REPLACE.replace("sea.png", "lake.png"), "There is no picture"),
        (REPLACE.replace("halves", "nobody"), "nobody"),
    ],
)
def test_an_odd_recipe_is_refused(recipe: Path, cat: Path, text: str, told: str) -> None:
    recipe.write_text(text)
    done = run("replace", cat, "--recipe", recipe)
    assert done.exit_code == 2
    assert told in plain(done.output)
    assert [path.name for path in cat.parent.glob("cat_*")] == []


def test_a_recipe_that_is_not_there_is_told(cat: Path) -> None:
    done = run("cutout", cat, "--recipe", cat.with_name("none.toml"))
    assert done.exit_code == 2
    assert "can't be read: No such file" in plain(done.output)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--margin", "8%"), "crop to the subject too"),
        (("--crop", "subject", "--margin", "60%"), "at most 40% of a side"),
        (("--canvas", "2000"), "WIDTHxHEIGHT, such as 2000x2000"),
        (("--canvas", "0x4"), "1 to 10000 pixels"),
        (("--frame", "round"), "There are: square, portrait, story"),
        (("--max-kb", 50), "A PNG can't be made lighter"),
        (("--max-kb", 0), "greater than or equal to 1"),
    ],
)
def test_frames_that_cannot_be_are_refused(
    cat: Path, halves: types.SimpleNamespace, words: tuple[object, ...], told: str
) -> None:
    done = run("cutout", cat, "-m", "halves", *words)
    assert done.exit_code == 2
    assert told in plain(done.output)
    assert not halves.prompts
