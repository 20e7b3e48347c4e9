"""How a process that works on one large photo after another holds its memory."""

import ctypes
import platform

_ARENAS, _MAPPINGS, _TRIM, _PAD = -8, -4, -1, -2
"""Options of glibc's mallopt."""
_NEVER = 2**31 - 1


def keep_memory() -> None:
    """Keep the memory of one photo for the next one, as long as this process lives.

    Else each array of a photo's size is asked of the system and given back to it, page by page: a
    fifth of all that a photo costs. The most that is held at once stays about the same. Only glibc
    can be told so; elsewhere nothing happens.

    Notes
    -----
    glibc's manual, "Malloc Tunable Parameters".

    Examples
    --------
    >>> callable(keep_memory)  # it would last beyond this example
    True
    """
    if platform.libc_ver()[0] != "glibc":
        return
    mallopt = ctypes.CDLL(None).mallopt
    for option, value in ((_ARENAS, 1), (_MAPPINGS, 0), (_TRIM, _NEVER), (_PAD, 1 << 26)):
        mallopt(option, value)
