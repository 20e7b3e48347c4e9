"""What a file is known by: "sha256:DIGITS" or "md5:DIGITS", all the digits or the first ones."""

import functools
import hashlib
from pathlib import Path


def agrees(path: Path, checksum: str) -> bool:
    """Whether the file is the one that the checksum is of. Read once for as long as it stays as it
    is. Raises OSError."""
    algorithm, _, digits = checksum.partition(":")
    return digest(path, algorithm).startswith(digits)


def digest(path: Path, algorithm: str = "sha256") -> str:
    """The file's checksum in hexadecimal digits, in lower case. Raises OSError."""
    now = path.stat()
    return _digest(path, algorithm, now.st_size, now.st_mtime_ns)


@functools.lru_cache(maxsize=256)
def _digest(path: Path, algorithm: str, size: int, changed: int) -> str:  # noqa: ARG001
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()
