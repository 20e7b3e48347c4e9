"""The comment that a person, or a program, left in a photo's EXIF."""

from photos.metadata import Exif

_EXPOSURE, _COMMENT = 0x8769, 0x9286
_LATIN = (b"ASCII\0\0\0", bytes(8))
"""What a comment in ASCII begins with, and one that doesn't say in which letters it is."""


def comment_in(exif: Exif) -> str:
    """Read the user's comment.

    Parameters
    ----------
    exif : Exif

    Returns
    -------
    comment : str
        Empty if there is none, or its letters are in a code that few know.

    Examples
    --------
    >>> comment_in(Exif().commented("by the sea"))
    'by the sea'
    """
    told = exif.parts[_EXPOSURE].get(_COMMENT)
    if told is None:
        return ""
    code, letters = told.data[:8], told.data[8:]
    if code == b"UNICODE\0":
        encoding = {"<": "utf-16-le", ">": "utf-16-be"}[exif.order]
    elif code in _LATIN:
        encoding = "utf-8"
    else:
        return ""
    return letters.decode(encoding, "replace").strip("\0 ")
