"""Results go to the disk whole, or not at all."""

import errno
import hashlib
import os
import uuid
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photos.encoding import FORMAT_OF, encode, left_out
from photos.photo import PhotoError, PhotoFile

_ADVICE = {
    errno.ENAMETOOLONG: " Give the photo a shorter name.",
    errno.ENOSPC: " Make room, and start it again.",
}
_LASTING = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class WriteFailed(Exception):
    """A result that the disk didn't take, in one sentence.

    Examples
    --------
    >>> from tempfile import NamedTemporaryFile
    >>> with NamedTemporaryFile() as file:  # a file, where a folder would have to be
    ...     try:
    ...         write(Path(file.name) / "a.png", b"")
    ...     except WriteFailed as error:
    ...         print(str(error).endswith("can't be written: File exists."))
    True
    """

    @property
    def lasting(self) -> bool:
        """Whether no other file could be written either: the disk is full, or may only be read."""
        return getattr(self.__cause__, "errno", None) in _LASTING


def save(
    picture: NDArray[np.uint8] | NDArray[np.uint16],
    path: str | Path,
    photo: PhotoFile,
    *,
    keep_gps: bool = False,
) -> str | None:
    """A picture as a file, with what its photo's own file tells of camera, exposure and author.

    Parameters
    ----------
    picture
        `uint8 (H, W)`, `(H, W, 3)` RGB or `(H, W, 4)` RGBA, not premultiplied, as
        `photos.render` makes it. In a JPEG, what is transparent turns white. `uint16` only in a PNG
        or TIFF, in the photo's own colours.
    path
        Its ending, .png, .jpg, .jpeg, .webp, .tif, .tiff or .psd, is the format.
    photo
        The one that it was made of.
    keep_gps
        Whether the file may tell where the photo was taken.

    Returns
    -------
    left_out
        A sentence on what of the photo's EXIF the format can't hold; None if it holds all.

    Raises
    ------
    PhotoError
        For another ending, or a picture that is too large for its format.
    WriteFailed
        If the disk doesn't take it. A file that was there is then still the old one.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from photos.samples import SAMPLES
    >>> photo = SAMPLES[2].open()
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "coffee.webp"
    ...     save(photo.pixels(), path, photo)
    ...     path.read_bytes()[8:12]
    b'WEBP'
    """
    path = Path(path)
    format_ = FORMAT_OF.get(path.suffix.lower())
    if format_ is None:
        raise PhotoError(f"“{path}” should end in one of {', '.join(FORMAT_OF)}.")
    write(path, encode(picture, format_, photo, keep_gps=keep_gps))
    return left_out(photo, format_, keep_gps=keep_gps)


def write(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file, so that one that was there stays until the new one is complete.

    Whatever ends the process, or the machine, one of the two is there.

    Parameters
    ----------
    path
        Folders that are missing are made.
    data
        All that is going to be in it.
    private
        Whether it's nobody else's to read, from its first byte on.

    Raises
    ------
    WriteFailed
        If the disk doesn't take it.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     write(Path(folder) / "new" / "a.txt", b"all of it")
    ...     (Path(folder) / "new" / "a.txt").read_bytes()
    b'all of it'
    """
    part = path.with_name(f"{_part(path)}{uuid.uuid4().hex[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(part, "wb", opener=_owners if private else None) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, "")
        raise WriteFailed(f"“{path}” can't be written: {error.strerror}.{advice}") from error


def _owners(path: str, flags: int) -> int:
    """For `open`. Not by `os.umask`, which belongs to all threads: two at once would leave it
    changed, and what the process wrote from then on would be hidden from everybody else."""
    return os.open(path, flags, 0o600)


def tidy(path: Path) -> None:
    """Remove what a process left of a file that it could not write to the end.

    Parameters
    ----------
    path
        The file. Nobody writes it now.

    Examples
    --------
    >>> tidy(Path("nowhere") / "a.png")
    """
    for part in path.parent.glob(f"{_part(path)}*.part"):
        part.unlink(missing_ok=True)


def _part(path: Path) -> str:
    """How the names begin under which a file is written first: no longer than any name that a
    result may have."""
    return f".{hashlib.sha256(os.fsencode(path.name)).hexdigest()[:8]}-"
