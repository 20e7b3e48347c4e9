"""Packages and settings."""

from importlib.metadata import PackageNotFoundError

import pytest

from terminal.doctor import software

HERE = {"torch": "2.9.0+cu128", "onnxruntime-gpu": "1.23.2", "pillow": "11.0", "httpx2": "2.1"}


def installed(name: str) -> str:
    if name not in HERE:
        raise PackageNotFoundError(name)
    return HERE[name]


def test_what_is_installed_here_is_what_is_needed() -> None:
    (versions,) = software.versions()
    assert versions.state == "ok"
    for name in ("Python 3.13", "torch ", "onnxruntime ", "opencv", "streamlit "):
        assert name in versions.told


def test_packages_that_are_missing_or_too_old_are_problems() -> None:
    needed = ["torch>=2.9", "onnxruntime>=1.23", "pillow>=12.0", "httpx2[socks]>=2.0", "rich>=14"]
    old, missing = software.unmet(needed, installed)
    assert (old.state, missing.state) == ("problem", "problem")
    assert old.told == "pillow 11.0 is here, and pillow>=12.0 is needed: `uv sync`."
    assert missing.told == "The package rich isn't installed. Run `uv sync`."


def test_two_packages_in_one_folder_are_told() -> None:
    assert software.double(installed) == []
    (finding,) = software.double(lambda name: "1.0" if "onnx" in name else installed(name))
    assert finding.state == "warning"
    assert "onnxruntime and onnxruntime-gpu are both installed" in finding.told


def test_settings_that_cannot_be_used_are_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUTOUT_MAX_MEGABYTES", "50")
    (fine,) = software.settings()
    assert (fine.state, fine.told) == ("ok", "CUTOUT_MAX_MEGABYTES can be used.")
    monkeypatch.setenv("CUTOUT_MAX_MEGABYTES", "lots")
    monkeypatch.setenv("CUTOUT_COMPIL", "1")
    wrong, unknown = software.settings()
    assert (wrong.state, unknown.state) == ("problem", "problem")
    assert "Did you mean CUTOUT_COMPILE?" in unknown.told
