"""Strokes of the brush along the edges of synthetic subjects, edge-aware and plain.

uv run python -m benchmarks.strokes

Each stroke runs along one side of an edge, overlaps it by 30 % of its radius, and brings back what
is on its side. Told is the change beyond the edge and the part of the own side that is brought
back; then what a stroke takes on a photo of 12 megapixels.
"""

import statistics
import time

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.synthetic import Scene, scenes
from compositing import warm_up
from compositing.strokes import Stroke, painted, patches_of

OVERLAP = 0.3
STROKES = 8
"""On each side."""


def along_edge(scene: Scene, radius: float, side: int, start: int) -> Stroke:
    """A stroke on one side of the subject's edge, 1 inside and -1 outside; a hand follows no single
    hair."""
    smooth = cv2.GaussianBlur(scene.alpha, (0, 0), radius / 1.5)
    outlines, _ = cv2.findContours(
        (smooth > 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    outline = max(outlines, key=len)[:, 0]
    frame = np.array(smooth.shape[::-1]) - 2 * radius
    outline = outline[((outline > 2 * radius) & (outline < frame)).all(axis=1)]  # no photo's edge
    begin, step = start * len(outline) // STROKES, max(1, round(radius / 4))
    down, right = np.gradient(smooth)
    points = []
    for x, y in outline[np.arange(begin, begin + round(6 * radius), step) % len(outline)]:
        normal = np.array([right[y, x], down[y, x]])
        moved = side * (1 - OVERLAP) * radius * normal / max(np.hypot(*normal), 1e-6)
        points.append((float(x + moved[0]), float(y + moved[1]), 1.0))
    return Stroke(tuple(points), "restore", size=2 * radius)


def changes(scene: Scene, radius: float) -> NDArray[np.float64]:
    """[change beyond the edge, change on the own side] of plain strokes and of aware ones; divided
    by what the plain ones change."""
    totals = np.zeros((2, 2))
    nothing = np.zeros_like(scene.alpha)
    for side in (1, -1):
        own, beyond = scene.alpha > 0.95, scene.alpha < 0.05
        if side < 0:
            own, beyond = beyond, own
        for start in range(STROKES):
            stroke = along_edge(scene, radius, side, start)
            for row, aware in enumerate((False, True)):
                brushed = Stroke(stroke.points, "restore", stroke.size, aware=aware)
                change = painted(nothing, scene.photo, [brushed])
                totals[row] += change[beyond].sum(), change[own].sum()
    share: NDArray[np.float64] = totals[1] / np.maximum(totals[0], 1e-6)
    return share


def seconds_at_12_megapixels(size: float) -> float:
    """Of one edge-aware stroke, four brushes long: the median of five."""
    photo = next(scenes(3000, 4000)).photo
    x, y = 2000 - 2 * size, 1500.0
    stroke = Stroke(tuple((x + i * size / 5, y + i * size / 9, 1.0) for i in range(21)), size=size)
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        patches_of(photo, stroke)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    warm_up()
    print("radius  scene                   beyond the edge   own side   (aware / plain)")
    for radius in (16.0, 40.0):
        for scene in scenes(1024, 1024):
            beyond, own = changes(scene, radius)
            print(f"{radius:6.0f}  {scene.name:24s}{beyond:15.2f}{own:11.2f}")
    for size in (40.0, 100.0, 200.0, 400.0):
        print(
            f"12 megapixels, a brush of {size:.0f} pixels: {seconds_at_12_megapixels(size):.3f} s"
        )


if __name__ == "__main__":
    main()
