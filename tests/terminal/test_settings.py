"""Wrong settings are told before a verb does anything, and end those that make pictures."""

import os
from pathlib import Path

import pytest

from tests.shell import listing, plain, run


@pytest.mark.parametrize(
    ("words", "code"), [(("blur", "cat.png"), 2), (("models",), 0), (("models", "list"), 0)]
)
def test_all_that_is_wrong_is_told_and_no_picture_made(
    words: tuple[str, ...], code: int, cat: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The verbs that tell which models there are go on: they are what a person looks it up by."""
    monkeypatch.chdir(cat.parent)
    monkeypatch.setenv("CUTOUT_MAX_MEGABYTES", "lots")
    monkeypatch.setenv("CUTOUT_WEIGHTS", "brefnet-lite=/weights")
    monkeypatch.setenv("CUTOUT_LONGEST_SIDES", "1024")
    result = run(*words)
    assert result.exit_code == code
    assert ("grabcut" in result.stdout) == (code == 0)
    told = result.stderr.splitlines()
    assert len(told) == 3
    assert told[0].startswith("The setting CUTOUT_MAX_MEGABYTES (larger files are refused) should ")
    assert "Did you mean birefnet-lite?" in told[1]
    assert "Did you mean CUTOUT_LONGEST_SIDE?" in told[2]
    assert listing(cat.parent) == {"cat.png"}


def test_help_is_given_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUTOUT_COMPILE", "maybe")
    assert run("--help").exit_code == 0
    assert run("--version").exit_code == 0


@pytest.mark.parametrize("place", ["a=b", f"a{os.pathsep}b"])
def test_weights_of_your_own_may_lie_in_any_folder(
    place: str, cat: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An incomplete folder is told as that; no download is announced."""
    monkeypatch.setenv("CUTOUT_WEIGHTS", "")
    folder = cat.parent / place / "weights"
    folder.mkdir(parents=True)
    result = run("blur", cat, "-m", "ben2", "--weights", f"ben2={folder}")
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"{folder} lacks ")
    result = run("blur", cat, "-m", "ben2", "--weights", f"ben2={folder}s")
    assert result.exit_code == 2
    assert "There is no" in plain(result.stderr)
