"""What the page has under Edges, on the command line. Halves' matte ends at column 225."""

import json
import math
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from compositing.background import Colour
from compositing.compose import compose
from tests.shell import listing, pixels, plain, run

UNTOUCHED = {
    "grow": 0,
    "feather": 0,
    "threshold": None,
    "keep_largest": False,
    "fill_holes": False,
}


def matte(*rectangles: tuple[int, int, int, int]) -> NDArray[np.float32]:
    """The left half of a matte: 1 in rectangles of rows and columns, else 0."""
    alpha = np.zeros((300, 225), np.float32)
    for top, bottom, left, right in rectangles:
        alpha[top:bottom, left:right] = 1
    return alpha


RING = matte((20, 80, 20, 100)) - matte((40, 60, 40, 80))
FAR = matte((150, 160, 20, 40))


@pytest.mark.parametrize(
    ("changes", "opacity", "expected"),
    [
        ("grow=0", RING, RING),
        ("grow=2", matte((20, 80, 20, 100)), matte((19, 81, 18, 102), (18, 82, 19, 101))),
        ("grow=-1", matte((20, 80, 20, 100)), matte((21, 79, 21, 99))),
        ("threshold=0.3", RING * 0.4, RING),
        ("threshold=0.5", RING * 0.4, RING * 0),
        ("keep-largest", RING + FAR, RING),
        ("fill-holes", RING + FAR, matte((20, 80, 20, 100)) + FAR),
        (
            "threshold=0.3, fill-holes,grow=-1,keep-largest",
            (RING + FAR) * np.float32(0.6),
            matte((21, 79, 21, 99)),
        ),
    ],
)
def test_what_becomes_of_the_matte(
    cat: Path,
    halves: types.SimpleNamespace,
    changes: str,
    opacity: NDArray[np.float32],
    expected: NDArray[np.float32],
) -> None:
    halves.opacity = opacity
    result = run("cutout", cat, "-m", "halves", "--edges", changes)
    assert result.exit_code == 0, result.output
    alpha = pixels(cat.with_name("cat_cutout.png"))[..., 3]
    np.testing.assert_array_equal(alpha[:, :225], expected * 255)
    assert not alpha[:, 225:].any()


def test_a_feather_is_a_gaussian_over_the_edge(cat: Path, halves: types.SimpleNamespace) -> None:
    assert run("cutout", cat, "-m", "halves", "--edges", "feather=3").exit_code == 0
    alpha = pixels(cat.with_name("cat_cutout.png"))[..., 3]
    away = np.arange(451) + 0.5 - 225
    expected = [255 * (1 - math.erf(x / 3 / math.sqrt(2))) / 2 for x in away]
    assert alpha[150].astype(float) == pytest.approx(expected, abs=1.5)


@pytest.mark.parametrize(("words", "unmix"), [((), True), (("--edges", "keep-old-colours"), False)])
def test_old_colours_are_kept_only_when_asked(
    cat: Path, halves: types.SimpleNamespace, words: tuple[str, ...], unmix: bool
) -> None:
    halves.opacity = np.arange(225)[::-1] * np.float32(1 / 255)
    result = cat.with_name("result.png")
    assert run("replace", cat, "-b", "#00f", "-m", "halves", "-o", result, *words).exit_code == 0
    alpha = np.pad(np.tile(halves.opacity, (300, 1)), ((0, 0), (0, 226)))
    blue = Colour(0, 0, 255)
    expected = {with_: compose(pixels(cat), alpha, blue, unmix=with_) for with_ in (True, False)}
    np.testing.assert_array_equal(pixels(result), expected[unmix])
    assert (expected[True] != expected[False]).any()


@pytest.mark.parametrize(("words", "soft"), [((), True), (("--edges", "unrefined"), False)])
def test_masks_are_left_as_drawn_only_when_asked(
    cat: Path, words: tuple[str, ...], soft: bool
) -> None:
    assert run("cutout", cat, "-m", "grabcut", *words).exit_code == 0
    alpha = pixels(cat.with_name("cat_cutout.png"))[..., 3]
    assert bool(((alpha > 0) & (alpha < 255)).any()) is soft


@pytest.mark.parametrize("kernel", [(), ("--kernel", "31")])
def test_what_was_grown_stays_sharp(
    cat: Path, halves: types.SimpleNamespace, kernel: tuple[str, ...]
) -> None:
    words = ("-m", "halves", "--format", "png", "--edges", "grow=6", *kernel)
    assert run("blur", cat, *words).exit_code == 0
    change = np.abs(pixels(cat).astype(int) - pixels(cat.with_name("cat_blurred.png"))).max(axis=2)
    assert change[:, :231].max() == 0
    assert change[:, 231:235].max() > 0


def test_a_background_is_painted_around_what_was_grown(
    cat: Path, brush: types.SimpleNamespace
) -> None:
    words = ("--prompt", "a wall", "-m", "halves", "--painter", "brush", "--seed", 70)
    result = run("generate", cat, *words, "--format", "png", "--edges", "grow=40")
    assert result.exit_code == 0, result.output
    painted = pixels(cat.with_name("cat_generated.png"))
    np.testing.assert_array_equal(painted[:, :265], pixels(cat)[:, :265])
    assert (painted[:, 265:] == 70).all()


@pytest.mark.parametrize(
    ("words", "edges", "unmix", "columns"),
    [
        ((), {}, True, 225),
        (("--edges", "grow=-3,keep-old-colours"), {"grow": -3}, False, 222),
        (
            ("--edges", "keep-largest,fill-holes,threshold=0.5,feather=0,grow=2", "-b", "#eee"),
            {"keep_largest": True, "fill_holes": True, "threshold": 0.5, "grow": 2},
            True,
            227,
        ),
    ],
)
def test_results_json_holds_them(
    cat: Path,
    halves: types.SimpleNamespace,
    words: tuple[str, ...],
    edges: dict[str, Any],
    unmix: bool,
    columns: int,
) -> None:
    out = cat.parent / "out"
    assert run("compare", cat, "--models", "halves", "-o", out, *words).exit_code == 0
    (row,) = json.loads((out / "results.json").read_text())["results"]
    assert row["settings"]["edges"] == UNTOUCHED | edges
    assert row["settings"]["unmix"] is unmix
    alpha = pixels(out / "cat" / "halves_matte.png")
    assert (alpha[:, :columns] == 255).all()
    assert not alpha[:, columns:].any()


ALL = (
    "should be grow=PIXELS, feather=PIXELS, threshold=0..1, keep-largest, fill-holes, "
    "unrefined, keep-old-colours."
)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ("grwo=2", f"“grwo=2” {ALL}"),
        ("grow=2,", f"“” {ALL}"),
        ("feather=1,5", f"“5” {ALL}"),
        ("grow", "“grow” should be grow=PIXELS."),
        ("grow=", "“grow=” should be grow=PIXELS."),
        ("grow=PIXELS", "“grow=PIXELS” should be grow=PIXELS."),
        ("feather=much", "“feather=much” should be feather=PIXELS."),
        ("threshold=", "“threshold=” should be threshold=0..1."),
        ("keep-largest=1", "“keep-largest=1” should be keep-largest."),
        ("fill-holes,fill-holes", "“fill-holes” should be there once."),
        ("grow=1,grow=2", "“grow” should be there once."),
        ("grow=101", "An edge grows by -100 to 100 pixels; got 101."),
        ("grow=nan", "An edge grows by -100 to 100 pixels; got nan."),
        ("feather=-1", "A feather is 0 to 100 pixels; got -1."),
        ("feather=inf", "A feather is 0 to 100 pixels; got inf."),
        ("threshold=0", "A threshold lies above 0 and up to 1; got 0."),
    ],
)
def test_changes_that_cannot_be_meant(
    cat: Path, halves: types.SimpleNamespace, changes: str, sentence: str
) -> None:
    result = run("cutout", cat, "-m", "halves", "--edges", changes)
    assert result.exit_code == 2
    assert f"Invalid value for '--edges': {sentence}" in plain(result.stderr)
    assert listing(cat.parent) == {"cat.png"}
