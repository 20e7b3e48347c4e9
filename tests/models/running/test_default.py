"""Which model runs where none was named, and what is told when it isn't the usual one."""

from pathlib import Path

import pytest

from models.catalog import GRABCUT, MODELS, U2NETP
from models.hub import packaged
from models.running.default import default_model


def test_it_is_the_network_that_comes_with_the_program_without_a_word() -> None:
    assert default_model() == (U2NETP, "")
    assert MODELS[:2] == (U2NETP, GRABCUT)  # where a page must show one first, it's the default


@pytest.mark.parametrize("there", [True, False], ids=["another file", "no package"])
def test_grabcut_takes_its_place_and_a_sentence_says_why(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "u2netp.onnx"
    other.write_bytes(b"another network")
    monkeypatch.setattr(packaged, "find", lambda spec: other if there else None)
    spec, note = default_model()
    assert spec is GRABCUT
    assert ("SHA-256 differs" if there else "isn't installed as it should be") in note
    assert "uv sync" in note
    assert note.endswith(" Until then GrabCut takes its place.")
