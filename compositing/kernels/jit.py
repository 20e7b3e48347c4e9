"""How loops are compiled, and how they use every core."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numba import njit
from numba.core.types import Array, float32, int32, uint8, uint16, void
from numba.extending import overload

# Read-only in a signature means that both kinds of array are taken, writeable and read-only.
U8_2, U8_3 = (Array(uint8, n, "C", readonly=True) for n in (2, 3))
U16_2 = Array(uint16, 2, "C", readonly=True)
F32_1, F32_2, F32_3 = (Array(float32, n, "C", readonly=True) for n in (1, 2, 3))
I32_1 = Array(int32, 1, "C", readonly=True)
TAPS = (I32_1, F32_1, I32_1, F32_1)
"""How a small array is enlarged on the way, along rows and then columns: lower[i] and weight[i].
Pixel i of the full size lies between the small pixels lower[i] and lower[i] + 1, weight[i] of the
way; behind the last one, it is the last one.
"""
OUT_U8_2, OUT_U8_3 = (Array(uint8, n, "C") for n in (2, 3))
OUT_U16_2, OUT_U16_3 = (Array(uint16, n, "C") for n in (2, 3))
OUT_F32_2, OUT_F32_3 = (Array(float32, n, "C") for n in (2, 3))

SMALL = 1 << 16
"""With fewer pixels than this, handing rows to threads costs more than it saves."""

inlined = njit(nogil=True, fastmath=True)


def of_255(values: Any, number: Any) -> Any:
    """A number in the range of `values`, as a part of 255: photos of 16 bits have 257 steps for
    each of 8. Compiled for one type or the other, so that 8 bits don't pay for it."""
    raise NotImplementedError


def level(out: Any, value: Any) -> Any:
    """A value from 0 to 255 as `out` holds it, rounded."""
    raise NotImplementedError


@overload(of_255, inline="always")  # type: ignore[untyped-decorator]
def _of_255(values: Any, number: Any) -> Any:  # noqa: ARG001
    def of_8(values: Any, number: Any) -> Any:  # noqa: ARG001
        return np.float32(number)

    def of_16(values: Any, number: Any) -> Any:  # noqa: ARG001
        return np.float32(number) * np.float32(1 / 257)

    return of_16 if values.dtype == uint16 else of_8


@overload(level, inline="always")  # type: ignore[untyped-decorator]
def _level(out: Any, value: Any) -> Any:  # noqa: ARG001
    def of_8(out: Any, value: Any) -> Any:  # noqa: ARG001
        return np.uint8(np.int32(value + np.float32(0.5)))

    def of_16(out: Any, value: Any) -> Any:  # noqa: ARG001
        whole = np.int32(value * np.float32(257) + np.float32(0.5))
        return np.uint16(min(whole, np.int32(65535)))

    return of_16 if out.dtype == uint16 else of_8


@inlined
def between(small, top, down, left, along, c):  # type: ignore[no-untyped-def]
    """Channel c of small `(h, w, …)`, interpolated between four pixels."""
    bottom, right = min(top + 1, small.shape[0] - 1), min(left + 1, small.shape[1] - 1)
    upper = small[top, left, c] + (small[top, right, c] - small[top, left, c]) * along
    lower = small[bottom, left, c] + (small[bottom, right, c] - small[bottom, left, c]) * along
    return upper + (lower - upper) * down


def compiled(*signatures: tuple[Any, ...]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Compile a loop for these argument types on import, so that no call waits for the compiler.

    The machine code is kept on disk if numba finds a folder to write to. The loops release the
    interpreter's lock and start no threads; `in_bands` does. Numba's own threads may abort the
    process when several Python threads use them at once.
    """
    types = [void(*arguments) for arguments in signatures]

    def decorate(loop: Callable[..., None]) -> Callable[..., None]:
        try:
            return njit(types, nogil=True, fastmath=True, cache=True)(loop)  # type: ignore[no-any-return]
        except (RuntimeError, OSError):  # no folder for the cache, or a full disk
            return njit(types, nogil=True, fastmath=True)(loop)  # type: ignore[no-any-return]

    return decorate


@cache
def _threads() -> ThreadPoolExecutor:
    """The threads that all loops share, one for each core."""
    return ThreadPoolExecutor(os.process_cpu_count(), thread_name_prefix="compositing")


def in_bands(loop: Callable[..., None], height: int, width: int, *arguments: Any) -> None:
    """Call `loop(*arguments, first_row, end_row)` on bands of rows, several at once. The caller
    does those itself that would wait for a thread, behind somebody's larger picture."""
    bands = 1 if height * width < SMALL else min(height, 2 * (os.process_cpu_count() or 1))
    rows = [band * height // bands for band in range(bands + 1)]
    if bands == 1:
        loop(*arguments, 0, height)
        return
    work = []
    for first, end in pairwise(rows):
        try:
            work.append((_threads().submit(loop, *arguments, first, end), first, end))
        except RuntimeError:  # the interpreter is about to end, and starts no more threads
            loop(*arguments, first, end)
    for band, first, end in reversed(work):
        if band.cancel():
            loop(*arguments, first, end)
    for band, _, _ in work:
        if not band.cancelled():
            band.result()
