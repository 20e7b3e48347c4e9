"""How near the built-in models come to truths, automatic, in boxes and by clicks.

    python -m benchmarks.built_in                      # photos that come with scikit-image
    python -m benchmarks.built_in --photos FOLDER      # FOLDER/photos and FOLDER/masks, or
                                                       # NAME.jpg beside NAME_mask.png
    python -m benchmarks.built_in --clicks 5

IoU is at an opacity of 0.5, MAD the mean absolute difference in percent; a matte that equals an
empty truth has an IoU of 1. Boxes are the truth's own, 4 pixels loose. A click goes to the middle
of the largest part that is wrong, as a person's would. Seconds are medians, of the segmenter alone.
The photos that come with scikit-image are a handful: they tell of faults, not of quality.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from statistics import mean, median
from typing import Annotated

import cv2
import numpy as np
import typer
from PIL import Image
from rich.console import Console
from rich.table import Table

from compositing import warm_up
from compositing.arrays import Alpha, Photo
from models.catalog import GRABCUT, U2NETP
from models.families import onnx
from models.families.grabcut import segmenter as grabcut
from models.interface import NOTHING_SAID, Box, Point, Prompt, Segmenter
from models.running.devices import BYTES_ONLY, Device
from photos.photo import PhotoError
from photos.reading import read_photo

BUNDLED = Path(__file__).parents[1] / "tests" / "data" / "truth"
LOOSE = 4
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".avif", ".tif", ".tiff", ".bmp")


@dataclass(frozen=True, eq=False)
class Case:
    """A photo, `uint8 (H, W, 3)`, and its truth, `float32 (H, W)` in [0, 1]."""

    name: str
    photo: Photo
    truth: Alpha


@dataclass
class Scores:
    """One way of working, a value a photo."""

    iou: list[float] = field(default_factory=list)
    mad: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, alpha: Alpha, truth: Alpha, seconds: float) -> None:
        self.iou.append(iou(alpha, truth))
        self.mad.append(100 * float(np.abs(alpha - truth).mean()))
        self.seconds.append(seconds)

    def row(self) -> tuple[str, ...]:
        share = mean(value > 0.8 for value in self.iou)
        iou = f"{mean(self.iou):.3f}", f"{median(self.iou):.3f}", f"{100 * share:.0f} %"
        return (*iou, f"{mean(self.mad):.2f}", f"{median(self.seconds):.2f}")


def pairs(folder: Path) -> Iterator[tuple[Path, Path]]:
    """The photos that have a mask. Raises typer.BadParameter if there are none."""
    apart = (folder / "photos").is_dir() and (folder / "masks").is_dir()
    photos = sorted((folder / "photos" if apart else folder).iterdir())
    found = False
    for photo in (each for each in photos if each.suffix.lower() in SUFFIXES):
        mask = folder / "masks" / f"{photo.stem}.png" if apart else mask_beside(photo)
        if mask.is_file():
            found = True
            yield photo, mask
    if not found:
        raise typer.BadParameter(
            f"“{folder}” has no photos with masks: it should hold photos/NAME.jpg and "
            "masks/NAME.png, or NAME.jpg and NAME_mask.png."
        )


def mask_beside(photo: Path) -> Path:
    return photo.with_name(f"{photo.stem}_mask.png")


def cases(folder: Path | None) -> Iterator[Case]:
    """Raises PhotoError for a file that is no photo, ValueError for a mask of another size."""
    if folder is None:
        names = {Path(each.name).stem: each for each in files("skimage.data").iterdir()}
        found = [(Path(str(names[mask.stem])), mask) for mask in sorted(BUNDLED.glob("*.png"))]
    else:
        found = list(pairs(folder))
    for path, mask in found:
        photo = read_photo(path).pixels()
        with Image.open(mask) as image:
            truth = np.asarray(image.convert("L"), np.float32) / np.float32(255)
        if truth.shape != photo.shape[:2]:
            raise ValueError(f"{mask} is {truth.shape[1]} × {truth.shape[0]}, its photo is not.")
        yield Case(path.stem, photo, truth)


def iou(alpha: Alpha, truth: Alpha) -> float:
    """Of what is above 0.5 in both, over what is in either; 1 if neither has any."""
    one, other = alpha > 0.5, truth > 0.5
    either = int((one | other).sum())
    return int((one & other).sum()) / either if either else 1.0


def box_of(truth: Alpha) -> Box | None:
    """The box around the truth, a little loose; None around nothing."""
    rows, columns = (np.flatnonzero((truth > 0.5).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    height, width = truth.shape
    return Box(
        max(0, int(columns[0]) - LOOSE),
        max(0, int(rows[0]) - LOOSE),
        min(width, int(columns[-1]) + 1 + LOOSE),
        min(height, int(rows[-1]) + 1 + LOOSE),
    )


def next_click(alpha: Alpha, truth: Alpha) -> Point | None:
    """In the middle of the largest part that is wrong; None where all is right."""
    best, point = 0, None
    for include in (True, False):
        wrong = (truth > 0.5) & (alpha <= 0.5) if include else (truth <= 0.5) & (alpha > 0.5)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(
            np.pad(wrong.astype(np.uint8), 1), connectivity=4
        )
        areas = stats[1:, cv2.CC_STAT_AREA]
        if areas.max(initial=0) > best:
            best = int(areas.max())
            largest = (labels == 1 + int(areas.argmax())).astype(np.uint8)
            deep = cv2.distanceTransform(largest, cv2.DIST_L2, 5)
            y, x = np.unravel_index(int(deep.argmax()), deep.shape)
            point = Point(int(x) - 0.5, int(y) - 0.5, include=include)
    return point


def clicked(model: Segmenter, case: Case, clicks: int) -> list[float]:
    """The IoU before the first click and after each."""
    points: tuple[Point, ...] = ()
    values = []
    for _ in range(clicks + 1):
        alpha = model.segment(case.photo, Prompt(points=points)).alpha
        values.append(iou(alpha, case.truth))
        point = next_click(alpha, case.truth)
        points = (*points, point) if point else points
    return values


def scored(console: Console, models: dict[str, Segmenter], all_cases: list[Case]) -> None:
    scores: dict[tuple[str, str], Scores] = {}
    each = Table("photo", *(f"{name}, {how}" for how in ("auto", "box") for name in models))
    for case in all_cases:
        box, row = box_of(case.truth), []
        for how, prompt in (("auto", NOTHING_SAID), ("box", Prompt((box,)) if box else None)):
            for name, model in models.items():
                if prompt is None:
                    row.append("–")
                    continue
                start = time.perf_counter()
                alpha = model.segment(case.photo, prompt).alpha
                one = scores.setdefault((name, how), Scores())
                one.add(alpha, case.truth, time.perf_counter() - start)
                row.append(f"{one.iou[-1]:.3f}")
        each.add_row(case.name, *row)
    console.print(each)
    table = Table("", "mean IoU", "median", "above 0.8", "MAD %", "seconds")
    for (name, how), one in scores.items():
        table.add_row(f"{name}, {how}", *one.row())
    console.print(table)


def main(
    photos: Annotated[Path | None, typer.Option(help="a folder of photos with masks")] = None,
    clicks: Annotated[int, typer.Option(min=0, help="also: IoU after each of so many")] = 0,
) -> None:
    warm_up()
    console = Console(width=110)
    alone = grabcut.GrabCut()
    alone.network = None
    models: dict[str, Segmenter] = {
        "U²-Net-P": onnx.load(U2NETP, None, Device("cpu")),
        "GrabCut": grabcut.load(GRABCUT, None, BYTES_ONLY),
        "GrabCut alone": alone,  # without the network: the middle of the photo, or the box
    }
    try:
        all_cases = list(cases(photos))
    except (PhotoError, ValueError) as error:
        raise typer.BadParameter(str(error)) from error
    scored(console, models, all_cases)
    if clicks:
        table = Table("mean IoU", *(f"{number} clicks" for number in range(clicks + 1)))
        for name, model in models.items():
            courses = np.mean([clicked(model, case, clicks) for case in all_cases], axis=0)
            table.add_row(name, *(f"{value:.3f}" for value in courses))
        console.print(table)


if __name__ == "__main__":
    typer.run(main)
