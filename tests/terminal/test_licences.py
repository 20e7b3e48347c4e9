"""--commercial-only: models that aren't free for commercial use are refused, all by name."""

import types
from dataclasses import replace
from pathlib import Path

import pytest

from models import catalog
from models.catalog import GRABCUT
from tests.halves import HALVES, SHY
from tests.hub import Hub
from tests.painting import BRUSH
from tests.shell import listing, plain, run

BARRED = replace(HALVES, licence="CC BY-NC 4.0", commercial=False)
BOUND = replace(SHY, extra="ultralytics")


def test_all_that_may_not_be_run_are_named_and_nothing_is_written(
    cat: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "MODELS", (GRABCUT, BARRED, BOUND))
    out = cat.parent / "out"
    words = ("--models", "halves,grabcut,shy", "-o", out, "--commercial-only")
    result = run("compare", cat, *words)
    assert result.exit_code == 2
    told = plain(result.stderr)
    assert "Halves isn't free for commercial use: its licence, CC BY-NC 4.0, doesn't" in told
    assert "Shy isn't free for commercial use: it needs the package ultralytics, whose" in told
    assert "GrabCut" not in told
    assert listing(cat.parent) == {"cat.png"}
    assert halves.loads == 0


@pytest.mark.parametrize("verb", ["blur", "cutout", "replace"])
def test_each_verb_refuses_and_lets_pass(
    verb: str, cat: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = (verb, cat, "-m", "halves", *(("-b", "#eee") if verb == "replace" else ()))
    assert run(*words, "--commercial-only").exit_code == 0
    monkeypatch.setattr(catalog, "MODELS", (GRABCUT, BARRED))
    assert run(*words, "--commercial-only").exit_code == 2
    assert run(*words).exit_code == 0


def test_a_painter_is_looked_at_too(
    cat: Path, brush: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("generate", cat, "--prompt", "a beach", "--painter", "brush", "-m", "halves")
    assert run(*words, "--commercial-only").exit_code == 0
    barred = replace(BRUSH, licence="Brush Non-Commercial", commercial=False)
    monkeypatch.setattr(catalog, "PAINTERS", (barred,))
    monkeypatch.setattr(catalog, "DEPTHS", ())
    result = run(*words, "--commercial-only")
    assert result.exit_code == 2
    assert "Brush isn't free for commercial use" in plain(result.stderr)


def test_lists_leave_them_out_and_pull_refuses_them(hub: Hub) -> None:
    for words in (("models",), ("models", "list")):
        assert "cutter" in run(*words).stdout
        free = run(*words, "--commercial-only").stdout
        assert "grabcut" in free
        assert "cutter" not in free
    result = run("models", "pull", "cutter", "grabcut", "--commercial-only")
    assert result.exit_code == 2
    assert "Cutter isn't free for commercial use" in plain(result.stderr)
    assert hub.requests == []
