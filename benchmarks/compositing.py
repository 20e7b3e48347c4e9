"""How fast our methods are: against the replaced product's, and against a copy of the photo.

    python -m benchmarks.compositing --megapixels 1 --megapixels 12 --kernel 51

All run in one process, in turns, so that a busy machine slows all alike. The replaced method runs
only once if it takes longer than 20 seconds; by default everything takes most of an hour.
"copies" tells how many copies of the photo in memory could be made in the same time.
Extra memory is the peak of the process above what it held before the call (Linux only).
"""

import ctypes
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Annotated

import cv2
import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from benchmarks import replaced
from benchmarks.synthetic import bundled, hair_of, mix, portrait
from compositing import warm_up
from compositing.arrays import Alpha, Photo
from compositing.background import Blur, Colour, Picture, Portrait, Transparent
from compositing.compose import compose
from compositing.disparity import Disparity
from compositing.floor import Floor
from compositing.shadow import Shadow

PREVIEW = 1600
WORTH_REPEATING = 20  # seconds; if the replaced method takes longer, it runs only once
SIZES, KERNELS = [1.0, 4.0, 12.0, 24.0, 48.0], [11, 51, 151]
COLUMNS = ("operation", "ms", "replaced ms", "× faster", "× less CPU", "copies", "extra MB")


type Job = Callable[[], object]
type Jobs = tuple[Job, Job | None]


def pair(megapixels: float) -> tuple[Photo, Alpha, Photo]:
    """A 4:3 photo of a portrait with hair, its alpha, and another background."""
    height = round(math.sqrt(megapixels * 1e6 * 3 / 4))
    width = height * 4 // 3
    alpha = portrait(height, width)
    hair, behind = hair_of((44, 32, 28), "brick"), bundled("coffee")
    photo = mix(hair(height, width), behind(height, width), alpha)
    return photo, alpha, bundled("rocket")(height, width)


def jobs(photo: Photo, alpha: Alpha, other: Photo, kernels: list[int]) -> dict[str, Jobs]:
    """name -> (ours, the replaced method or None)."""
    work: dict[str, Jobs] = {}
    for kernel in kernels:
        old = partial(replaced.blur, photo, alpha, kernel)
        for blur in (Blur(kernel), Blur(kernel, "inpaint"), Blur(kernel, "lens")):
            work[f"blur {blur.method}, k = {kernel}"] = partial(compose, photo, alpha, blur), old
        ground = Portrait(kernel, Floor(0.4, 0.85))
        work[f"portrait, floor, k = {kernel}"] = partial(compose, photo, alpha, ground), old
        slope = Disparity(np.where(alpha > 0.5, 0.7, np.linspace(0, 1, len(alpha))[:, None]))
        by_depth = partial(compose, photo, alpha, Portrait(kernel, slope))
        work[f"portrait, disparity, k = {kernel}"] = by_depth, old
    new = Picture(other)
    work["replace by a picture"] = (
        partial(compose, photo, alpha, new),
        partial(replaced.replace, photo, alpha, other),
    )
    white = Colour(255, 255, 255)
    work["replace by a colour"] = partial(compose, photo, alpha, white), None
    work["by a picture, light matched"] = partial(compose, photo, alpha, new, light=0.5), None
    shadow = partial(compose, photo, alpha, white, shadow=Shadow())
    work["by a colour, with a shadow"] = shadow, None
    work["cutout"] = partial(compose, photo, alpha, Transparent()), None
    scale = min(1.0, PREVIEW / max(alpha.shape))
    small_photo, small_alpha = (
        cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        for pixels in (photo, alpha)
    )
    preview = partial(compose, small_photo, small_alpha, Blur(kernels[-1]), scale=scale)
    work[f"preview of {PREVIEW} px, k = {kernels[-1]}"] = preview, None
    portrait = Portrait(kernels[-1], Floor(0.4, 0.85))
    preview = partial(compose, small_photo, small_alpha, portrait, scale=scale)
    work[f"portrait's preview, k = {kernels[-1]}"] = preview, None
    return work


@dataclass
class Turns:
    """Seconds that each run of one job took: on the clock, and on all cores together."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def run(self, job: Job) -> None:
        wall, cpu = time.perf_counter(), time.process_time()
        job()
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.process_time() - cpu)

    @property
    def medians(self) -> tuple[float, float]:
        return (median(self.wall), median(self.cpu)) if self.wall else (math.nan, math.nan)


def timed(work: dict[str, Jobs], copy: Job, repeats: int) -> dict[str, tuple[Turns, Turns, Turns]]:
    """name -> runs of ours, the replaced method and a copy, in turns.

    Methods that blur by one kernel share the replaced method's runs: it is the slow one.
    """
    ours = {name: Turns() for name in work}
    old = {peer: Turns() for _, peer in work.values()}
    copies = Turns()
    for turn in range(repeats):
        for name, (job, peer) in work.items():
            copies.run(copy)
            ours[name].run(job)
            again = turn == 0 or old[peer].medians[0] < WORTH_REPEATING
            if peer and again and len(old[peer].wall) <= turn:
                old[peer].run(peer)
    return {name: (ours[name], old[peer], copies) for name, (_, peer) in work.items()}


def extra_megabytes(job: Job) -> float:
    """How far the job raises the process's resident memory at its peak; NaN if unknown."""
    status = Path("/proc/self/status")
    if not status.exists():
        return math.nan
    job()  # thread pools and tables are made in the first run, and stay
    ctypes.CDLL(None).malloc_trim(0)
    before = _kilobytes(status, "VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    job()
    return (_kilobytes(status, "VmHWM") - before) / 1024


def _kilobytes(status: Path, name: str) -> int:
    return int(status.read_text().split(f"{name}:")[1].split()[0])


def main(
    megapixels: Annotated[list[float], typer.Option(help="Sizes; repeat the option.")] = SIZES,
    kernel: Annotated[list[int], typer.Option(help="Blur kernels; repeat the option.")] = KERNELS,
    repeats: int = 5,
) -> None:
    warm_up()
    for size in megapixels:
        # A table for each size, for the large ones take long.
        Console(width=110).print(measured(size, kernel, repeats))


def measured(size: float, kernels: list[int], repeats: int) -> Table:
    table = Table(title=f"Compositing {size:g} MP: medians of {repeats} runs in turns")
    for column in COLUMNS:
        table.add_column(column, justify="left" if column == "operation" else "right")
    photo, alpha, other = pair(size)
    work = jobs(photo, alpha, other, kernels)
    out = np.empty_like(photo)
    for name, turns in timed(work, partial(np.copyto, out, photo), repeats).items():
        (ours, our_cpu), (old, old_cpu), (copy, _) = (turn.medians for turn in turns)
        table.add_row(
            name, f"{ours * 1e3:.1f}", f"{old * 1e3:.0f}", f"{old / ours:.1f}",
            f"{old_cpu / our_cpu:.1f}", f"{ours / copy:.0f}",
            f"{extra_megabytes(work[name][0]):.0f}",
        )  # fmt: skip
    return table


if __name__ == "__main__":
    typer.run(main)
