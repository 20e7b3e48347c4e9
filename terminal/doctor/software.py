"""Versions of what models run with, and the settings."""

import platform
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from models.running.settings import SETTINGS, check
from terminal.doctor.finding import Finding

TOLD = (
    "torch", "torchvision", "transformers", "diffusers", "onnxruntime", "opencv-python-headless",
    "huggingface-hub", "streamlit",
)  # fmt: skip
"""Packages whose versions one asks for first."""
_INSTEAD = {"onnxruntime": "onnxruntime-gpu"}
"""Packages that may be installed in place of others: both write the same folder."""


def versions() -> list[Finding]:
    """Python's, and the packages'."""
    import tomllib  # slow to import

    project = Path(__file__).parents[2] / "pyproject.toml"
    required = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    told = [f"Python {platform.python_version()}", *map(_told, TOLD)]
    return [Finding("versions", "ok", f"{', '.join(told)}."), *unmet(required), *double()]


def unmet(required: Iterable[str], installed: Callable[[str], str] = version) -> list[Finding]:
    """The requirements, written as in pyproject.toml, that aren't met. installed: the version of a
    package; raises PackageNotFoundError."""
    from packaging.requirements import Requirement

    found = []
    for requirement in map(Requirement, required):
        there = _version(requirement.name, installed)
        if there is None:
            told = f"The package {requirement.name} isn't installed. Run `uv sync`."
            found.append(Finding("versions", "problem", told))
        elif not requirement.specifier.contains(there, prereleases=True):
            told = f"{requirement.name} {there} is here, and {requirement} is needed: `uv sync`."
            found.append(Finding("versions", "problem", told))
    return found


def double(installed: Callable[[str], str] = version) -> list[Finding]:
    """Packages that spoil each other."""
    found = []
    for one, other in (*_INSTEAD.items(), ("opencv-python-headless", "opencv-python")):
        if _alone(one, installed) and _alone(other, installed):
            told = f"{one} and {other} are both installed and overwrite each other. Remove one."
            found.append(Finding("versions", "warning", told))
    return found


def settings() -> list[Finding]:
    """The environment's CUTOUT_ variables."""
    wrong = [Finding("settings", "problem", sentence) for sentence in check()]
    given = [setting.name for setting in SETTINGS if setting.given]
    told = f"{', '.join(given)} can be used." if given else "None is set."
    return wrong or [Finding("settings", "ok", told)]


def _told(name: str) -> str:
    return f"{name} {_version(name, version) or 'is missing'}"


def _version(name: str, installed: Callable[[str], str]) -> str | None:
    """Of the package, or of the one in its place; None if neither is here."""
    return _alone(name, installed) or _alone(_INSTEAD.get(name, name), installed)


def _alone(name: str, installed: Callable[[str], str]) -> str | None:
    try:
        return installed(name)
    except PackageNotFoundError:
        return None
