"""Which refiner suits which mask: how far each alpha is from the true one, around the edge.

    python -m benchmarks.edges

The masks are hard, as models give them: right, off by four pixels of 1024, or coarse. Figures are
mean errors in percent, over the pixels whose alpha is fractional and twelve more on each side.
Times are medians.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from statistics import mean, median

import cv2
import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.synthetic import scenes
from compositing import warm_up
from compositing.alpha import feather, refine
from compositing.arrays import Alpha, Photo
from compositing.closed_form import redraw

REFINERS: dict[str, Callable[[Photo, Alpha], Alpha]] = {
    "as it is": lambda photo, mask: mask,  # noqa: ARG005
    "feathered": lambda photo, mask: feather(mask),  # noqa: ARG005
    "guided filter": refine,
    "closed-form": redraw,
}
OFF = 4
SMALL = 96


def masks(alpha: Alpha) -> dict[str, Alpha]:
    height, width = alpha.shape
    right = (alpha > 0.5).astype(np.float32)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * OFF + 1, 2 * OFF + 1))
    small = cv2.resize(alpha, (SMALL, SMALL * height // width), interpolation=cv2.INTER_AREA)
    return {
        "right": right,
        "shifted": np.roll(right, OFF, axis=1),
        "grown": cv2.dilate(right, disc),
        "shrunk": cv2.erode(right, disc),
        "coarse": (cv2.resize(small, (width, height)) > 0.5).astype(np.float32),
    }


def main(height: int = 1024) -> None:
    warm_up()
    errors, seconds = defaultdict(list), defaultdict(list)
    for scene in scenes(height, height * 3 // 2):
        fractional = ((scene.alpha > 0.02) & (scene.alpha < 0.98)).astype(np.uint8)
        edge = cv2.dilate(fractional, np.ones((25, 25), np.uint8)) > 0
        for kind, mask in masks(scene.alpha).items():
            for name, refiner in REFINERS.items():
                start = time.perf_counter()
                refined = refiner(scene.photo, mask)
                seconds[name].append(time.perf_counter() - start)
                errors[kind, name].append(100 * float(np.abs(refined - scene.alpha)[edge].mean()))
    kinds = list(dict.fromkeys(kind for kind, _ in errors))
    table = Table("", *kinds, "seconds", title="Error around the edge, %")
    for name in REFINERS:
        row = [f"{mean(errors[kind, name]):.2f}" for kind in kinds]
        table.add_row(name, *row, f"{median(seconds[name]):.2f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    typer.run(main)
