"""What is known of the files that a result was made of: by name, size and SHA-256."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.hub.provenance import Source, told


@dataclass(frozen=True)
class Origin:
    """A photo's file: its name without folders, and its SHA-256.

    Examples
    --------
    >>> Origin("coffee.png", 64 * "0").name
    'coffee.png'
    """

    name: str
    sha256: str


@dataclass(frozen=True)
class KnownFile:
    """A file of a model's weights. sha256: None where it isn't known without reading gigabytes.

    Examples
    --------
    >>> KnownFile("model.safetensors", 884_878_856).sha256 is None
    True
    """

    name: str
    bytes: int | None = None
    sha256: str | None = None


def known_files(sources: Iterable[Source]) -> tuple[KnownFile, ...]:
    """List the files of a model's weights, by what is known of them without reading large ones.

    Parameters
    ----------
    sources : iterable of Source
        Of which a cut tells.

    Returns
    -------
    files : tuple of KnownFile

    Examples
    --------
    >>> from models.catalog import U2NETP
    >>> from models.hub.provenance import sources_of
    >>> [(file.name, file.sha256[:8]) for file in known_files(sources_of(U2NETP))]
    [('u2netp.onnx', '309c8469')]
    """
    files = [file for source in told(sources, reading=False) for file in source["files"]]
    return tuple(KnownFile(file["name"], file["bytes"], file["sha256"]) for file in files)
