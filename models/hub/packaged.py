"""Weights that come with an installed package: they are looked for, checked and only read."""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from models.catalog import ModelSpec
from models.hub.checksums import agrees
from models.interface import LoadFailed


def file_of(spec: ModelSpec) -> Path:
    """The row's file. Raises LoadFailed if it isn't there, or isn't the one that is meant."""
    found = find(spec)
    assert spec.packaged is not None
    if found is None:
        raise LoadFailed(
            f"{spec.label} comes with the package {spec.package}, which isn't installed as it "
            "should be. Run `uv sync`, and start again."
        )
    if not agrees(found, f"sha256:{spec.packaged.sha256}"):
        raise LoadFailed(
            f"{found.name} is not the file that {spec.label} is known by: its SHA-256 differs. "
            f"Run `uv sync --reinstall-package {spec.packaged.distribution}`, and start again."
        )
    return found


def find(spec: ModelSpec) -> Path | None:
    """Where the row's file lies; None if it comes with no package, or that isn't installed."""
    if spec.packaged is None:
        return None
    try:
        path = Path(str(distribution(spec.packaged.distribution).locate_file(spec.packaged.file)))
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None
