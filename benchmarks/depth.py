"""How true the blur by depth is: compared with what a thin lens makes of scenes of known depth.

    python -m benchmarks.depth --kernel 51 --save depth.png
    python -m benchmarks.depth --kernel 61 --readme docs/by_depth.jpg

Each scene's right picture is the mean of many views through the lens's opening. A subject's edge is
where its alpha lies between 0.02 and 0.98, and seven pixels around. Edges of depth are where
disparity steps, and as far as the blur reaches around, without the subject's edge. The soft
disparity is as small and blurred as a network's. Floor knows no depth but where the feet and the
horizon are; the third of them has found even that by the matte.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks import replaced
from benchmarks.fidelity import decibels
from benchmarks.thin_lens import FEET, HORIZON, VIEWS, Room, rooms
from compositing.arrays import Alpha, Photo
from compositing.background import Blur, Portrait, sigma_of
from compositing.compose import compose
from compositing.disparity import Disparity
from compositing.floor import Floor

type Method = Callable[[Photo, Alpha], Photo]
type Scores = NDArray[np.float64]
"""PSNR in dB: of all of the picture, at the subject's edge, at edges of depth."""

FLAT, BY_DEPTH, FLOOR = "flat lens", "by depth", "floor, told where"


def methods(room: Room, kernel: int) -> dict[str, Method]:
    exact, soft = Disparity(room.disparity), Disparity(room.as_a_network_sees_it)
    ways = {
        BY_DEPTH: Portrait(kernel, exact),
        "by depth, no bloom": Portrait(kernel, exact, bloom=0),
        "by soft depth": Portrait(kernel, soft),
        FLOOR: Portrait(kernel, Floor(HORIZON, FEET)),
        "floor, found": Portrait(kernel),
    }
    return {
        "replaced method": partial(replaced.blur, kernel=kernel),
        FLAT: partial(compose, background=Blur(kernel, "lens")),
        **{name: partial(compose, background=way) for name, way in ways.items()},
    }


def scores(result: Photo, right: Photo, room: Room, radius: float) -> Scores:
    error = np.abs(result.astype(np.float32) - right)
    soft = ((room.alpha > 0.02) & (room.alpha < 0.98)).astype(np.uint8)
    edge = cv2.dilate(soft, np.ones((15, 15), np.uint8)) > 0
    square = np.ones((3, 3), np.uint8)
    step = cv2.dilate(room.disparity, square) - cv2.erode(room.disparity, square) > 0.1
    size = 2 * round(radius) + 1
    steps = cv2.dilate(step.astype(np.uint8), np.ones((size, size), np.uint8)) > 0
    return np.array([decibels(error), decibels(error[edge]), decibels(error[steps & ~edge])])


def strip(room: Room, kernel: int, right: Photo) -> Photo:
    """The photo, the flat lens, by depth, by the floor alone, and what is right."""
    return np.hstack([room.photo, *_pictures(room, kernel, (FLAT, BY_DEPTH, FLOOR)), right])


def shown(kernel: int, height: int = 800) -> Photo:
    """Around the figure, by day and by night: the photo, the flat lens and by depth."""
    room, _, night = rooms(height, height)
    window = np.s_[:, round(0.3 * height) : round(0.82 * height)]
    pictures = [
        picture[window]
        for each in (room, night)
        for picture in (each.photo, *_pictures(each, kernel, (FLAT, BY_DEPTH)))
    ]
    return np.hstack(pictures)


def _pictures(room: Room, kernel: int, names: tuple[str, ...]) -> list[Photo]:
    ways = methods(room, kernel)
    return [ways[name](room.photo, room.alpha) for name in names]


def main(
    kernel: Annotated[int, typer.Option(help="The blur of what is farthest.")] = 51,
    height: int = 900,
    views: int = VIEWS,
    save: Annotated[Path, typer.Option(help="Where the strips go.")] = Path("depth.png"),
    readme: Annotated[Path | None, typer.Option(help="Where README's picture goes.")] = None,
) -> None:
    if readme:
        picture = cv2.resize(shown(kernel), None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
        colours = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
        cv2.imwrite(str(readme), colours, [cv2.IMWRITE_JPEG_QUALITY, 84])
        return
    radius = 2 * sigma_of(kernel)
    strips: list[Photo] = []
    found: dict[str, list[Scores]] = {}
    for room in rooms(height, height):
        right = room.through_a_lens(radius, views)
        for name, method in methods(room, kernel).items():
            result = method(room.photo, room.alpha)
            found.setdefault(name, []).append(scores(result, right, room, radius))
        strips.append(strip(room, kernel, right))
    table = Table(
        title=f"Against a thin lens, k = {kernel}: PSNR in dB, all / subject's edge / depth"
    )
    for column in ("", *(room.name for room in rooms(height, height)), "mean", "gain"):
        table.add_column(column, justify="right" if column else "left")
    flat = np.mean(found[FLAT], axis=0)
    for name, rows in found.items():
        mean = np.mean(rows, axis=0)
        cells = [" / ".join(f"{value:.1f}" for value in row) for row in (*rows, mean)]
        table.add_row(name, *cells, " / ".join(f"{value:+.1f}" for value in mean - flat))
    Console(width=150).print(table)
    cv2.imwrite(str(save), cv2.cvtColor(np.vstack(strips), cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    typer.run(main)
