"""Mattes of other tools on the command line: instead of a model, or beside models."""

import json
import types
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photos.reading import read_photo
from tests.shell import run


def matte(path: Path, share: float = 0.5, size: tuple[int, int] = (451, 300)) -> Path:
    """Its left part is the subject."""
    levels = np.zeros(size[::-1], np.uint8)
    levels[:, : round(share * size[0])] = 255
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(levels).save(path)
    return path


def test_a_matte_serves_instead_of_a_model(cat: Path, halves: types.SimpleNamespace) -> None:
    file = matte(cat.with_name("cut.png"), 0.25)
    done = run("replace", cat, "-b", "#ff0000", "--matte", file, "--format", "png")
    assert done.exit_code == 0, done.output
    made = read_photo(cat.with_name("cat_replaced.png")).pixels()
    assert (made[:, :112] == read_photo(cat).pixels()[:, :112]).all()
    assert (made[:, 114:] == (255, 0, 0)).all()
    assert not halves.prompts
    again = run("again", cat.with_name("cat_replaced.png"))
    assert again.exit_code == 0, again.output
    assert "the same to the bit" in again.stdout
    file.unlink()
    lost = run("again", cat.with_name("cat_replaced.png"))
    assert lost.exit_code == 1
    assert "There is no “cut.png” beside" in lost.output


def test_a_matte_is_not_overwritten_by_what_is_made_of_it(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    file = matte(cat.with_name("cat_cutout.png"))
    before = file.read_bytes()
    done = run("cutout", cat, "--matte", file)
    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == str(cat.with_name("cat_cutout-2.png"))
    assert file.read_bytes() == before


def test_what_can_t_be_meant_is_refused(cat: Path, halves: types.SimpleNamespace) -> None:
    file = matte(cat.with_name("cut.png"))
    for words, told in (
        (("--model", "halves"), "Say --model or --matte, not both."),
        (("--box", "1,2,30,40"), "A finished matte is taken as it is"),
        (("--commercial-only",), "what the tool that made it allows isn't known"),
    ):
        done = run("cutout", cat, "--matte", file, *words)
        assert done.exit_code == 2
        assert told in " ".join(done.output.replace("│", " ").split())
    assert "There is no" in run("cutout", cat, "--matte", cat.with_name("none.png")).output
    matte(file, size=(300, 300))
    done = run("cutout", cat, "--matte", file)
    assert done.exit_code == 1
    assert "The matte “cut.png” has 300 × 300 pixels" in done.output


def test_several_photos_take_a_folder_and_none_is_passed_over_in_silence(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    cat.with_name("dog.png").write_bytes(cat.read_bytes())
    matte(cat.parent / "tool" / "cat-no-bg.png")
    matte(cat.parent / "tool" / "cow.png")
    folder = cat.parent / "tool"
    done = run("cutout", cat, cat.with_name("dog.png"), "--matte", folder, "-o", cat.parent / "out")
    assert done.exit_code == 1
    assert (cat.parent / "out" / "cat_cutout.png").exists()
    assert not (cat.parent / "out" / "dog_cutout.png").exists()
    assert "dog.png”: tool has no file that is called as this photo is." in done.output
    assert "tool: no photo for cow.png, left out." in done.output


def test_other_tools_are_compared_as_models_are(cat: Path, halves: types.SimpleNamespace) -> None:
    here = cat.parent
    matte(here / "tool" / "cat-removebg.png", 0.4)
    matte(here / "tool" / "cat.png", 0.45)
    matte(here / "tool" / "cow.png")
    matte(here / "more" / "cat.png", 0.6)
    words = ("compare", cat, "--models", "halves", "-o", here / "out", "--steadiness")
    also = ("--also", here / "tool" / "*.png", "--also", f"Best one={here / 'more'}")
    done = run(*words, *also, "--consensus")
    assert done.exit_code == 0, done.output
    rows = json.loads((here / "out" / "results.json").read_text())["results"]
    names = ["halves", "tool", "best-one", "consensus"]
    assert [row["model"] for row in rows] == names
    told = {row["model"]: row for row in rows}
    assert told["tool"]["subject_share"] == pytest.approx(0.45, abs=0.01)
    assert told["tool"]["licence"] == "unknown"
    assert told["tool"]["apart"] > 0
    assert "steadiness" in told["halves"]
    assert "steadiness" not in told["tool"]
    assert (here / "out" / "cat" / "best-one_cutout.png").exists()
    assert "tool: no photo for cow.png, left out." in done.output
    assert "“cat.png” and “cat-removebg.png” are both for “cat.png”" in done.output
    lines = [line.split() for line in done.stdout.splitlines() if "tool" in line.split()[:1]]
    assert lines[0][:3] == ["tool", "1", "–"]


def test_a_pattern_that_the_shell_took_apart_is_noticed(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    matte(cat.parent / "tool" / "cat.png")
    stray = matte(cat.parent / "tool" / "cat_2.png")
    done = run(
        "compare", cat, stray, "--models", "halves", "--also", cat.parent / "tool" / "cat.png"
    )
    assert done.exit_code == 2
    assert "put the pattern in quotes" in " ".join(done.output.replace("│", " ").split())


def test_a_folder_s_mattes_are_no_photos(cat: Path, halves: types.SimpleNamespace) -> None:
    folder = cat.parent / "all"
    folder.mkdir()
    cat = cat.rename(folder / "cat.png")
    matte(folder / "cat_mask.png")
    done = run("cutout", folder, "--matte", folder / "*_mask.png", "-o", folder / "out")
    assert done.exit_code == 0, done.output
    assert [path.name for path in (folder / "out").iterdir()] == ["cat_cutout.png"]


def test_two_photos_of_one_name_get_no_matte_by_chance(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    other = cat.parent / "other" / "cat.png"
    other.parent.mkdir()
    other.write_bytes(cat.read_bytes())
    matte(cat.parent / "tool" / "cat.png")
    done = run(
        "compare", cat, other, "--models", "halves", "--also", cat.parent / "tool",
        "-o", cat.parent / "out",
    )  # fmt: skip
    assert "2 photos are called as “cat.png” is: rename all but one." in done.output
    rows = json.loads((cat.parent / "out" / "results.json").read_text())["results"]
    assert {row["model"] for row in rows} == {"halves"}


def test_other_tools_are_measured_and_have_no_seconds(
    tmp_path: Path, halves: types.SimpleNamespace
) -> None:
    rng = np.random.default_rng(0)
    for number in range(3):
        photo = rng.integers(0, 255, (40, 60, 3)).astype(np.uint8)
        (tmp_path / "set" / "image").mkdir(parents=True, exist_ok=True)
        Image.fromarray(photo).save(tmp_path / "set" / "image" / f"p{number}.png")
        (tmp_path / "set" / "mask").mkdir(exist_ok=True)
        matte(tmp_path / "set" / "mask" / f"p{number}.png", 0.5, (60, 40))
        if number < 2:
            matte(tmp_path / "tool" / f"p{number}-x.png", 0.5 + number / 10, (60, 40))
    matte(tmp_path / "tool" / "q.png", 0.5, (60, 40))
    out = tmp_path / "out"
    words = ("evaluate", tmp_path / "set", "--models", "halves", "-o", out)
    done = run(*words, "--also", tmp_path / "tool")
    assert done.exit_code == 0, done.output
    told = json.loads((out / "results.json").read_text())
    mine = {each["model"]: each for each in told["models"]}["tool"]
    assert (mine["count"], mine["seconds"], mine["peak_bytes"]) == (2, None, None)
    assert mine["mean"] == pytest.approx(0.05, abs=0.01)
    assert not mine["pareto"]
    assert not mine["commercial"]
    assert "tool: no photo for q.png, left out." in done.output
    assert "tool: nothing for p2.png." in done.output
    assert "| tool |" in (out / "table.md").read_text()
    assert "tool" in (out / "report.html").read_text()
    refused = run(*words, "--also", tmp_path / "tool", "--commercial-only")
    assert refused.exit_code == 2


def test_a_psd_is_asked_for_by_format_or_ending(cat: Path, halves: types.SimpleNamespace) -> None:
    for words in (("--format", "psd"), ("-o", cat.with_name("cat_cutout.psd"))):
        done = run("cutout", cat, "--model", "halves", *words)
        assert done.exit_code == 0, done.output
        made = cat.with_name("cat_cutout.psd")
        assert made.read_bytes()[:4] == b"8BPS"
        made.unlink()
