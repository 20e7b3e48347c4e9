"""`--strokes`: what was painted on the page, on the command line and in batches."""

import json
import types
from pathlib import Path

import pytest

from compositing.strokes import Stroke
from photos.reading import read_photo
from photos.recipes.reading import recipe_in
from photos.recipes.strokes import StrokesFile
from tests.shell import pixels, plain, run

PAINT = Stroke(((440, 150, 1),), "restore", size=16, hardness=1, aware=False)
WIPE = Stroke(((50, 150, 1),), "erase", size=16, hardness=1, aware=False)
KIND = "halves"


@pytest.fixture
def strokes(cat: Path) -> Path:
    path = cat.with_name("cat.strokes.json")
    path.write_bytes(StrokesFile.of(read_photo(cat), [PAINT, WIPE]).data())
    return path


def test_every_verb_lays_them_over_the_matte(
    halves: types.SimpleNamespace, cat: Path, strokes: Path
) -> None:
    for verb, ending in (("cutout", "cutout.png"), ("matte", "matte.png")):
        done = run(verb, cat, "-m", KIND, "--strokes", strokes)
        assert done.exit_code == 0, done.output
        assert "Retouched by hand: 2 strokes." in plain(done.stderr)
        alpha = pixels(cat.with_name(f"cat_{ending}"))
        alpha = alpha[..., -1] if alpha.ndim == 3 else alpha
        assert (alpha[150, 440], alpha[150, 50], alpha[20, 50], alpha[20, 440]) == (255, 0, 255, 0)
    done = run("replace", cat, "-b", "#ffffff", "-m", KIND, "--strokes", strokes)
    assert done.exit_code == 0, done.output
    replaced = cat.with_name("cat_replaced.jpg")
    assert recipe_in(read_photo(replaced)).strokes == (PAINT, WIPE)
    again = run("again", replaced)
    assert "the same to the bit" in again.stdout, again.output


def test_a_comparison_holds_them_beside_its_results(
    halves: types.SimpleNamespace, cat: Path, strokes: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = run("compare", cat, "--models", KIND, "--strokes", strokes, "-o", out)
    assert done.exit_code == 0, done.output
    assert (out / "cat/strokes.json").read_bytes() == strokes.read_bytes()
    assert pixels(out / "cat/halves_matte.png")[150, 440] == 255
    again = run("matte", cat, "-m", KIND, "--strokes", out)  # the folder, as the ZIP unpacks
    assert again.exit_code == 0, again.output
    assert pixels(cat.with_name("cat_matte.png"))[150, 440] == 255


def test_of_several_photos_each_has_its_own(
    halves: types.SimpleNamespace, cat: Path, strokes: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
    (folder / "a/cat.png").write_bytes(cat.read_bytes())
    other = cat.read_bytes().replace(b"IEND\xaeB`\x82", b"IEND\xaeB`\x82\0")  # another file
    (folder / "b/cat.png").write_bytes(other)
    out = tmp_path / "out"
    done = run("batch", folder, out, "--models", KIND, "--make", "matte", "--strokes", strokes)
    assert done.exit_code == 0, done.output
    assert pixels(out / "a/cat_matte.png")[150, 440] == 255
    assert pixels(out / "b/cat_matte.png")[150, 440] == 0


def test_strokes_of_another_file_of_the_name_are_told_of(
    halves: types.SimpleNamespace, cat: Path, strokes: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second.png"
    second.write_bytes(cat.read_bytes())
    cat.write_bytes(cat.read_bytes() + b"\0")
    done = run("matte", cat, second, "-m", KIND, "--strokes", strokes)
    assert done.exit_code == 0, done.output
    assert "were drawn on another file of this name" in plain(done.stderr)
    assert pixels(second.with_name("second_matte.png"))[150, 440] == 255
    assert pixels(cat.with_name("cat_matte.png"))[150, 440] == 0


def test_strokes_for_no_photo_are_told_of(
    halves: types.SimpleNamespace, cat: Path, strokes: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second.png"
    second.write_bytes(cat.read_bytes() + b"\0")
    third = tmp_path / "third.png"
    third.write_bytes(cat.read_bytes() + b"\0\0")
    done = run("matte", second, third, "-m", KIND, "--strokes", strokes)
    assert "strokes for “cat.png” were left out: that photo is not among" in plain(done.stderr)


def test_what_cant_be_followed_is_told_before_anything_runs(
    halves: types.SimpleNamespace, cat: Path, strokes: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    strokes.with_name("copy.strokes.json").write_text(
        strokes.read_text().replace('"size": 16', '"size": 17')
    )
    for path, told in (
        (cat, "is not JSON that can be read"),
        (tmp_path / "nowhere.json", "can't be read"),
        (empty, "holds no file that is called strokes.json"),
        (tmp_path, "Two files"),
    ):
        done = run("cutout", cat, "-m", KIND, "--strokes", path)
        assert done.exit_code == 2
        assert told in plain(done.stderr)
    assert not halves.loads


def test_strokes_of_another_size_are_refused(
    halves: types.SimpleNamespace, cat: Path, strokes: Path
) -> None:
    told = json.loads(strokes.read_text()) | {"width": 450, "sha256": "0"}
    strokes.write_text(json.dumps(told))
    done = run("cutout", cat, "-m", KIND, "--strokes", strokes)
    assert done.exit_code == 1
    assert "450 × 300 pixels; “cat.png” has 451 × 300. Draw them anew" in plain(done.stderr)
    assert not cat.with_name("cat_cutout.png").exists()
