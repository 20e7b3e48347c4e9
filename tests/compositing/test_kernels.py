"""How the compiled loops are loaded and run."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from compositing import warm_up
from compositing.alpha import refine
from compositing.background import Blur, Colour, Portrait
from compositing.compose import compose
from compositing.floor import Floor
from compositing.gaussian import gaussian
from compositing.scaling import block_means, taps, upsampled


def test_importing_the_public_modules_imports_no_numba() -> None:
    code = "import compositing.compose, compositing.alpha, compositing.overlay, sys; "
    code += "raise SystemExit('numba' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_place_for_the_cache_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from compositing.kernels import jit

    def nowhere(*_: object, cache: bool = False, **options: Any) -> Any:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return lambda loop: loop

    monkeypatch.setattr(jit, "njit", nowhere)
    assert callable(jit.compiled((jit.F32_1,))(print))


def test_nothing_is_compiled_after_warming_up() -> None:
    warm_up()
    from compositing.kernels import blend, curves, defocus, guided, layers, reduce, strokes

    loops = [
        loop
        for module in (blend, curves, defocus, guided, layers, reduce, strokes)
        for loop in vars(module).values()
        if getattr(loop, "signatures", None) and not loop._can_compile
    ]
    assert len(loops) >= 20
    assert blend.over in loops


AT_THE_END = """
import threading, time
from concurrent.futures import ThreadPoolExecutor
import numpy as np
from compositing.background import Blur
from compositing.compose import compose

def once_no_thread_can_be_had():
    spare = ThreadPoolExecutor(1)
    try:
        while True:
            spare.submit(int)
            time.sleep(0.01)
    except RuntimeError:
        print("late,", (compose(photo, alpha, Blur(21)) == before).all())

photo = np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8)
alpha = (photo[..., 0] > 99).astype(np.float32)
before = compose(photo, alpha, Blur(21))
threading.Thread(target=once_no_thread_can_be_had).start()
"""


def test_what_is_composed_while_the_interpreter_ends_is_finished() -> None:
    ended = subprocess.run([sys.executable, "-c", AT_THE_END], capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("late, True\n", "")


def test_several_threads_compose_at_once(noise: Callable[..., Any]) -> None:
    photo, alpha = noise(300, 400, 3), noise(300, 400).astype(np.float32) / 255
    mask = (alpha > 0.5).astype(np.float32)
    work: list[Callable[[], NDArray[Any]]] = [
        lambda: compose(photo, alpha, Blur(21)),
        lambda: compose(photo, alpha, Blur(51, "lens")),
        lambda: compose(photo, alpha, Blur(21, "inpaint")),
        lambda: compose(photo, alpha, Portrait(51, Floor(0.2, 0.7))),
        lambda: compose(photo, alpha, Colour(9, 8, 7)),
        lambda: refine(photo, mask),
    ]
    alone = [job() for job in work]
    with ThreadPoolExecutor(8) as threads:
        together = [threads.submit(job) for _ in range(6) for job in work]
    for number, job in enumerate(together):
        assert np.array_equal(job.result(), alone[number % len(work)])


@pytest.mark.parametrize("cores", [None, 1, 3, 64])
def test_the_number_of_cores_changes_nothing(
    noise: Callable[..., Any], cores: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, alpha = noise(300, 410, 3), noise(300, 410).astype(np.float32) / 255
    backgrounds = (Blur(21), Blur(51, "lens"), Colour(9, 8, 7), Portrait(51, Floor(0.2, 0.7)))
    before = [compose(photo, alpha, background) for background in backgrounds]
    monkeypatch.setattr(os, "process_cpu_count", lambda: cores)
    after = [compose(photo, alpha, background) for background in backgrounds]
    for one, other in zip(before, after, strict=True):
        assert np.array_equal(one, other)


def test_the_error_of_one_band_is_raised() -> None:
    from compositing.kernels import jit

    def broken(first: int, end: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        jit.in_bands(broken, 1000, 1000)


@pytest.mark.parametrize("side", [1, 2, 3, 6, 8])
@pytest.mark.parametrize("shape", [(24, 48), (25, 19), (2, 3)])
def test_means_over_blocks_count_what_is_there(side: int, shape: tuple[int, int]) -> None:
    photo = np.random.default_rng(0).integers(0, 256, (*shape, 3), np.uint8)
    expected = [
        [photo[y : y + side, x : x + side].mean(axis=(0, 1)) for x in range(0, shape[1], side)]
        for y in range(0, shape[0], side)
    ]
    values = photo.astype(np.float32)
    assert block_means(photo, side) == pytest.approx(np.array(expected), abs=1e-3)
    assert block_means(values, side) == pytest.approx(np.array(expected), abs=1e-3)
    green = np.ascontiguousarray(values[..., 1])
    assert block_means(green, side) == pytest.approx(np.array(expected)[..., 1], abs=1e-3)


def test_taps_lie_where_blocks_do() -> None:
    where = taps((4, 1), (2, 1), 2)
    assert where.rows.tolist() == [0, 0, 0, 1]
    assert where.down.tolist() == [0, 0.25, 0.75, 0]
    later = taps((2, 1), (2, 1), 2, first=2)
    assert later.rows.tolist() == [0, 1]


@pytest.mark.parametrize("side", [2, 4, 8])
def test_a_blur_is_the_same_at_a_smaller_size(side: int) -> None:
    random = np.random.default_rng(0)
    photo = random.integers(0, 256, (256, 256, 3), np.uint8)
    sigma = 14.0
    full = gaussian(photo.astype(np.float32), sigma, 1)
    small = upsampled(gaussian(block_means(photo, side), sigma, side), side, 256, 256)
    middle = np.s_[48:-48, 48:-48]
    assert np.abs(small - full)[middle].max() < 1


def test_a_small_picture_does_not_wait_for_a_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    from compositing.kernels import jit

    threads, free, started = ThreadPoolExecutor(2), threading.Event(), threading.Barrier(3)
    monkeypatch.setattr(jit, "_threads", lambda: threads)
    done: list[tuple[int, int]] = []

    def large() -> None:
        started.wait(60)
        free.wait(60)

    waits = [threads.submit(large) for _ in range(2)]
    started.wait(60)
    small = threading.Thread(
        target=jit.in_bands, args=(lambda *rows: done.append(rows), 1000, 1000)
    )
    small.start()
    small.join(20)
    assert not small.is_alive()
    assert sorted(done)[0][0] == 0
    assert sum(end - first for first, end in done) == 1000
    free.set()
    for wait in waits:
        wait.result()
    threads.shutdown()
