"""What 16 bits cost: a photo's results as 16-bit files against the same as 8-bit ones.

    python -m benchmarks.sixteen --megapixels 12 --megapixels 48

Both sides start from the same matte and end with the file, as page, command line, API and batch do:
the photo is decoded, composed and encoded. They take turns in one process. Extra memory is the
peak of the process above what it held before the call (Linux only).
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from statistics import median
from typing import Annotated

import cv2
import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.compositing import extra_megabytes, pair
from compositing.background import Blur, Colour, Portrait, Transparent, default_kernel
from compositing.shadow import Shadow
from models.catalog import GRABCUT
from models.interface import Prompt
from photos.cut import Cut
from photos.encoding import Format, encode
from photos.finishing import picture_file
from photos.look import Look
from photos.photo import PhotoFile
from photos.reading import open_photo
from photos.samples import SAMPLES

NOISE = 1.5
"""Levels of 255 by which a sensor's pixels differ: of 16 bits, they can't be compressed."""

type Job = Callable[[], bytes]


def cuts(megapixels: float, format_: Format) -> tuple[Cut, Cut]:
    """The same cut of a photo of 8 bits and of one of 16, both sRGB in this format."""
    pixels, alpha, _ = pair(megapixels)
    noise = np.random.default_rng(0).normal(0, NOISE, pixels.shape).astype(np.float32)
    noisy = np.clip(pixels + noise, 0, 255)
    pixels, deep = np.rint(noisy).astype(np.uint8), np.rint(noisy * 257).astype(np.uint16)
    levels = cv2.imencode(".png", np.rint(alpha * 255).astype(np.uint8))[1].tobytes()
    like = replace(SAMPLES[2].open(), width=pixels.shape[1], height=pixels.shape[0])
    files = encode(pixels, format_, like), encode(deep, format_, replace(like, profile=b""))
    shallow, fine = (_cut(open_photo(file, "photo"), levels) for file in files)
    assert shallow.photo.profile is None
    assert fine.photo.profile is not None
    return shallow, fine


def _cut(photo: PhotoFile, levels: bytes) -> Cut:
    return Cut(
        photo=photo, spec=GRABCUT, prompt=Prompt(), seconds={}, device="cpu", dtype="uint8",
        revision="", peak_bytes=1, share=0.5, empty=False, notes=(), objects=(), packed=levels,
    )  # fmt: skip


def main(
    megapixels: Annotated[list[float] | None, typer.Option()] = None,
    repeat: int = 5,
    format_: Annotated[str, typer.Option("--format")] = "TIFF",
) -> None:
    """Print medians of seconds and of the processor's seconds, and ratios."""
    told: Format = "PNG" if format_.upper() == "PNG" else "TIFF"
    for size in megapixels or [12.0]:
        shallow, fine = cuts(size, told)
        kernel = default_kernel(fine.photo.width, fine.photo.height)
        looks = {
            "blur": Look(Blur(kernel)),
            "lens": Look(Blur(kernel, "lens")),
            "portrait": Look(Portrait(kernel)),
            "colour, shadow": Look(Colour(242, 242, 242), shadow=Shadow()),
            "cutout": Look(Transparent()),
        }
        table = Table(
            "result", "8 bits", "16 bits", "× time", "× CPU", "× memory", title=f"{size} MP"
        )
        for name, look in looks.items():
            jobs = [partial(picture_file, cut, look, "composite", told) for cut in (shallow, fine)]
            table.add_row(name, *_row(jobs, repeat))
        Console().print(table)


def _row(jobs: Sequence[Job], repeat: int) -> list[str]:
    walls: list[list[float]] = [[], []]
    work: list[list[float]] = [[], []]
    for _ in range(repeat):
        for side, job in enumerate(jobs):
            start, busy = time.perf_counter(), time.process_time()
            job()
            walls[side].append(time.perf_counter() - start)
            work[side].append(time.process_time() - busy)
    memory = [extra_megabytes(job) for job in jobs]
    eight, sixteen = map(median, walls)
    ratios = sixteen / eight, median(work[1]) / median(work[0]), memory[1] / memory[0]
    return [f"{eight:.2f} s", f"{sixteen:.2f} s", *(f"{each:.2f}" for each in ratios)]


if __name__ == "__main__":
    typer.run(main)
