"""Pictures' differences in Deflate's coding, quickly: for PNG and TIFF files."""

import os
import struct
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

HEAD = b"\x78\x01"
"""How a zlib stream (RFC 1950) begins."""
_STRIP = 1 << 20
"""Bytes of a strip before it's compressed, about."""
_SMALL = 1 << 18
"""Bytes that aren't worth loading the compiled loops for."""
_BASE = 65521
"""Adler's sums are modulo this."""


class Check(NamedTuple):
    """Adler's check of `size` bytes (RFC 1950)."""

    sums: int
    size: int


class Piece(NamedTuple):
    """A part of a zlib stream, and the check of what is coded in it."""

    coded: bytes
    check: Check


def coded(data: NDArray[np.uint8], *, last: bool = True) -> Piece:
    """Compress bytes that are differences between neighbours.

    Parameters
    ----------
    data : (n,) uint8 array
        C-contiguous.
    last : bool
        Whether no other piece follows.

    Returns
    -------
    piece : Piece

    Notes
    -----
    In differences there is nothing to find but runs. So it's Huffman's code and runs, as zlib's
    strategy `Z_RLE` has them: as small, in a third of the time.

    Examples
    --------
    >>> pieces = [coded(np.zeros(300_000, np.uint8), last=False), coded(np.ones(2, np.uint8))]
    >>> stream = HEAD + b"".join(each.coded for each in pieces)
    >>> stream += end_of([each.check for each in pieces])
    >>> len(stream) < 2000, zlib.decompress(stream) == bytes(300_000) + b"\\1\\1"
    (True, True)
    """
    check = Check(zlib.adler32(data), data.size)
    if data.size < _SMALL:
        coder = zlib.compressobj(1, wbits=-zlib.MAX_WBITS, strategy=zlib.Z_RLE)
        held = coder.compress(data) + coder.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)
        return Piece(held, check)
    from compositing.kernels.deflate import deflate, room

    out = np.empty(room(data.size), np.uint32)
    size = deflate(data, last, out)
    return Piece(out.view(np.uint8)[:size].tobytes(), check)


def end_of(checks: Sequence[Check]) -> bytes:
    """Tell how a zlib stream ends.

    Parameters
    ----------
    checks : sequence of Check
        Of its pieces.

    Returns
    -------
    end : bytes
        The check of all of them.

    Examples
    --------
    >>> checks = [Check(zlib.adler32(part), len(part)) for part in (b"a" * 9000, b"z" * 7000)]
    >>> int.from_bytes(end_of(checks)) == zlib.adler32(b"a" * 9000 + b"z" * 7000)
    True
    """
    return struct.pack(">I", reduce(_both, checks).sums)


def _both(first: Check, second: Check) -> Check:
    """Of one after the other. The lower half of `sums` is 1 and the sum of all bytes; the upper
    half is the sum of what the lower one was at each byte."""
    low, more = first.sums & 0xFFFF, second.sums & 0xFFFF
    high = (first.sums >> 16) + (second.sums >> 16) + second.size * (low - 1)
    sums = (high % _BASE) << 16 | (low + more - 1) % _BASE
    return Check(sums, first.size + second.size)


def rows_of_strip(image: NDArray[Any]) -> int:
    """How many rows of a picture are compressed at a time.

    Examples
    --------
    >>> rows_of_strip(np.zeros((3000, 4000, 3), np.uint8))
    87
    """
    return max(1, _STRIP // int(image[0].nbytes))


def of_strips[Made](image: NDArray[Any], make: Callable[[int, int], Made]) -> list[Made]:
    """Make something of each strip of a picture, several at once.

    Parameters
    ----------
    image : (H, W, ...) array
    make : callable
        Called with the first row and the end of a strip.

    Returns
    -------
    made : list

    Examples
    --------
    >>> of_strips(np.zeros((200, 4000, 3), np.uint8), lambda first, end: (first, end))
    [(0, 87), (87, 174), (174, 200)]
    """
    step, height = rows_of_strip(image), len(image)
    firsts = range(0, height, step)
    with ThreadPoolExecutor(os.process_cpu_count()) as threads:
        return list(threads.map(make, firsts, (min(each + step, height) for each in firsts)))
