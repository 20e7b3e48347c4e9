"""What `compare` tells of models where nobody knows the truth."""

import json
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models import catalog
from models.catalog import GRABCUT
from models.interface import RunFailed
from tests.families import pretend
from tests.halves import HALVES, SHY, Halves
from tests.shell import listing, plain, run

WORDS = ("--models", "halves,grabcut")


def results(out: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((out / "results.json").read_text())["results"]
    return found


def levels(path: Path) -> np.ndarray[Any, np.dtype[np.float64]]:
    with Image.open(path) as image:
        return np.asarray(image, float)


def test_the_consensus_is_one_more_result(cat: Path, halves: types.SimpleNamespace) -> None:
    out = cat.parent / "out"
    assert run("compare", cat, *WORDS, "-o", out).exit_code == 0
    plain = listing(out)
    done = run("compare", cat, *WORDS, "-o", out, "--consensus")
    assert done.exit_code == 0, done.output
    files = {f"cat/consensus_{name}" for name in ("matte.png", "cutout.png", "blurred.jpg")}
    assert listing(out) == plain | files
    one, other, agreed = (levels(out / "cat" / f"{name}_matte.png") for name in NAMES)
    assert agreed == pytest.approx((one + other) / 2, abs=0.5)
    rows = results(out)
    assert [row["model"] for row in rows] == list(NAMES)
    for row in rows[:2]:
        assert row["apart"] == pytest.approx(np.abs(one - other).mean() / 255, abs=1e-4)
    assert "apart" not in rows[2]
    assert "Agreement isn't quality" in rows[2]["notes"][-1]
    heading, *table = (
        line.split() for line in done.stdout.splitlines() if "%" in line or "Apart" in line
    )
    assert heading[-1] == "Apart"
    assert [row[-1] for row in table] == [f"{rows[0]['apart']:.1%}"] * 2
    # No model is called so: the file says what to do instead.
    assert "--model" not in rows[2]["recipe"]["command"]
    again = run("again", out / "cat" / "consensus_matte.png", "--photo", cat)
    assert (again.exit_code, "compare them again" in again.stderr) == (1, True)
    left = run("compare", cat, "--models", "halves", "-o", out)
    assert "6 files of earlier runs" in left.stderr


NAMES = ("halves", "grabcut", "consensus")


def test_relatives_alone_have_no_consensus(
    cat: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = replace(HALVES, name="twin")
    monkeypatch.setattr(catalog, "MODELS", (GRABCUT, HALVES, SHY, twin))
    done = run("compare", cat, "--models", "halves,twin", "--consensus")
    assert done.exit_code == 2
    assert "are of one family, so that they are no two opinions" in plain(done.stderr)
    assert not halves.prompts


def test_a_photo_without_a_consensus_is_told_and_the_others_go_on(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    """GrabCut finds nothing in an even photo."""
    Image.new("RGB", (60, 40), (90, 90, 90)).save(cat.with_name("blank.png"))
    out = cat.parent / "out"
    done = run("compare", cat.parent, *WORDS, "-o", out, "--consensus")
    assert done.exit_code == 1
    told = "A consensus needs models of two families that found a subject."
    assert f"blank.png”: {told}" in done.stderr
    assert (out / "cat" / "consensus_matte.png").exists()
    assert not (out / "blank" / "consensus_matte.png").exists()
    assert [row["photo"] for row in results(out) if "error" in row] == ["blank.png"]


def test_steadiness_is_told_of_each_model(cat: Path, halves: types.SimpleNamespace) -> None:
    """What keeps the left half keeps the other half of the mirrored photo."""
    out = cat.parent / "out"
    done = run("compare", cat, *WORDS, "-o", out, "--steadiness")
    assert done.exit_code == 0, done.output
    assert len(halves.prompts) == 5
    first, second = results(out)
    steady = first["steadiness"]
    assert list(steady) == ["mean", "mirrored", "darker", "turned", "compressed"]
    assert steady["mirrored"] > 0.99
    assert steady["darker"] == steady["compressed"] == 0
    assert steady["mean"] == pytest.approx(np.mean(list(steady.values())[1:]), abs=1e-4)
    assert second["steadiness"]["mean"] < 0.2
    table = [line.split() for line in done.stdout.splitlines()]
    assert f"{steady['mean']:.1%}" in next(row for row in table if row[:1] == ["halves"])


def test_a_model_that_fails_on_a_changed_photo_keeps_its_result(
    cat: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Once(Halves):
        def segment(self, photo: Any, prompt: Any) -> Any:
            if self.told.prompts:
                raise RunFailed("It broke.")
            return super().segment(photo, prompt)

    pretend(monkeypatch, HALVES.family, lambda *_: Once(halves))
    out = cat.parent / "out"
    done = run("compare", cat, *WORDS, "-o", out, "--steadiness")
    assert done.exit_code == 1
    assert "It broke." in done.stderr
    assert (out / "cat" / "halves_matte.png").exists()
    assert [row["model"] for row in results(out)] == ["halves", "grabcut", "halves"]
