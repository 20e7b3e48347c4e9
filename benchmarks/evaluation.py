"""How quickly mattes are measured, and how the built-in models do on scenes whose truth is known.

    python -m benchmarks.evaluation speed
    python -m benchmarks.evaluation scenes FOLDER

speed: all metrics of one pair, by the median of several runs. The matte is the truth with noise
along its edge, a shift and a hole. scenes: the synthetic scenes are written into FOLDER as photos
and masks, for `cli.py evaluate FOLDER`.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.synthetic import portrait, scenes
from evaluation.encoding import jpeg, png
from evaluation.metrics import matting, score, segmentation
from evaluation.metrics.bands import radius_of, trimap_of
from evaluation.metrics.levels import Levels, levels_of, pairs_of
from evaluation.metrics.structure import s_measure
from evaluation.metrics.weighted import weighted_f
from photos.saving import write

QUALITY = 90
SIZES = {"2 megapixels": (1200, 1667), "12 megapixels": (3000, 4000)}

app = typer.Typer()


def pair(height: int, width: int) -> tuple[Levels, Levels]:
    """A matte and its truth."""
    truth = portrait(height, width)
    noise = np.random.default_rng(0).normal(0, 0.2, truth.shape).astype(np.float32)
    soft = (truth > 0) & (truth < 1)
    matte = np.where(soft, np.clip(truth + noise, 0, 1), truth)
    matte = np.roll(matte, 2, axis=1)
    cv2.circle(matte, (width // 2, height // 2), height // 40, 0, -1)
    return levels_of(matte), levels_of(truth)


@app.command()
def speed(runs: int = 7) -> None:
    """Seconds of each metric, and of all."""
    table = Table("", *SIZES, title=f"Milliseconds, medians of {runs}")
    found: dict[str, list[str]] = defaultdict(list)
    for height, width in SIZES.values():
        matte, truth = pair(height, width)
        parts: dict[str, Callable[[Levels, Levels], Any]] = {
            "pixel by pixel": pairs_of,
            "Gradient": matting.gradient,
            "Connectivity": matting.connectivity,
            "weighted F": weighted_f,
            "S-measure": s_measure,
            "Boundary IoU": segmentation.boundary_iou,
            "the edge band": lambda _, true: trimap_of(true, radius_of(*true.shape)),
            "all, edge band included": score,
        }
        for name, metric in parts.items():
            spent = []
            for _ in range(runs):
                start = time.perf_counter()
                metric(matte, truth)
                spent.append(time.perf_counter() - start)
            found[name].append(f"{1000 * median(spent):.0f}")
    for name, cells in found.items():
        table.add_row(name, *cells)
    Console(width=100).print(table)


@app.command(name="scenes")
def write_scenes(folder: Path, height: int = 1024) -> None:
    """The synthetic scenes as a test set."""
    for number, scene in enumerate(scenes(height, height * 3 // 2), 1):
        name = f"{number} {scene.name}"
        write(folder / "image" / f"{name}.jpg", jpeg(scene.photo, QUALITY))
        write(folder / "mask" / f"{name}.png", png(levels_of(scene.alpha)))


if __name__ == "__main__":
    app()
