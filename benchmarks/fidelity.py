"""How true each method is: compared with pictures that are right by definition.

    python -m benchmarks.fidelity --kernel 51 --save fidelity.png

Every scene's foreground F, background B and alpha are known. Its photo is αF + (1 − α)B, and the
right answer is αF + (1 − α)B', where B' is B blurred or another background. The edge is where alpha
lies between 0.02 and 0.98, and seven pixels around. The halo is the error where alpha is below
0.02, as far from the subject as the blur reaches. Your own images may be used: a folder of PNG
cutouts (the subject's colours and alpha) and JPEG backgrounds.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from benchmarks import degraded, replaced
from benchmarks.synthetic import Scene, bundled, from_folder, mix, scenes
from compositing.arrays import Alpha, Photo
from compositing.background import Background, Blur, Picture, sigma_of
from compositing.compose import compose
from compositing.light import light_table, to_srgb

type Method = Callable[[Photo, Alpha], Photo]

OLD, OURS, LENS = "replaced method", "ours: unmix", "ours: lens (against a lens)"
KERNELS = [51]
HARD_CASE = 3  # light hair over coloured stripes
PASTE, REPLACE = "cut and paste", "ours: replace"


@dataclass(frozen=True)
class Score:
    """psnr and edge are in dB. mae and edge_mae are mean errors, halo is the root of the mean
    square; these three are in levels of 255."""

    psnr: float
    mae: float
    edge: float
    edge_mae: float
    halo: float


def score(result: Photo, ideal: Photo, alpha: Alpha, reach: float) -> Score:
    error = np.abs(result.astype(np.float32) - ideal)
    fractional = ((alpha > 0.02) & (alpha < 0.98)).astype(np.uint8)
    edge = cv2.dilate(fractional, np.ones((15, 15), np.uint8)) > 0
    outside = (alpha < 0.02).astype(np.uint8)
    around = (outside > 0) & (cv2.distanceTransform(outside, cv2.DIST_L2, 3) < reach)
    return Score(
        decibels(error),
        float(error.mean()),
        decibels(error[edge]),
        float(error[edge].mean()),
        float(np.sqrt(np.square(error[around]).mean())),
    )


def decibels(error: NDArray[np.float32]) -> float:
    return 10 * math.log10(255**2 / max(float(np.square(error).mean()), 1e-6))


def three_gaussians(pixels: Photo, kernel: int) -> NDArray[np.float32]:
    blurred = pixels.astype(np.float32)
    for _ in range(3):
        blurred = cv2.GaussianBlur(blurred, (kernel, kernel), 0)
    return blurred


def through_a_lens(pixels: Photo, kernel: int) -> NDArray[np.float32]:
    """The pixels blurred by a disc, as strongly as by three Gaussians; full size, linear light."""
    radius = 2 * sigma_of(kernel)
    across = np.arange(-math.ceil(radius), math.ceil(radius) + 1)
    aperture = np.clip(radius + 0.5 - np.hypot(across[:, None], across), 0, 1)
    return to_srgb(cv2.filter2D(light_table()[pixels], -1, aperture / aperture.sum()))


def naive(photo: Photo, alpha: Alpha, kernel: int) -> Photo:
    """The whole photo blurred, and the subject put back on it: what most scripts do."""
    return mix(photo, three_gaussians(photo, kernel), alpha)


def blurs(kernel: int) -> dict[str, Method]:
    return {
        "naive blur": partial(naive, kernel=kernel),
        OLD: partial(replaced.blur, kernel=kernel),
        "ours: inpaint": partial(compose, background=Blur(kernel, "inpaint")),
        "ours: unmix, photo in front": partial(compose, background=Blur(kernel), unmix=False),
        OURS: partial(compose, background=Blur(kernel)),
    }


def replacements(other: Photo) -> dict[str, Method]:
    return {
        "hard cut": lambda photo, alpha: mix(photo, other, (alpha > 0.5).astype(np.float32)),
        PASTE: lambda photo, alpha: mix(photo, other, alpha),
        "PyMatting's multilevel colours": partial(multilevel, other=other),
        REPLACE: partial(compose, background=Picture(other)),
    }


def multilevel(photo: Photo, alpha: Alpha, other: Photo) -> Photo:
    """The subject's colours as PyMatting estimates them, over the other background."""
    from pymatting import estimate_foreground_ml  # compiles for a while

    return mix(255 * estimate_foreground_ml(photo / 255, alpha), other, alpha)


def mean(scores: Iterable[Score]) -> Score:
    rows = np.array([list(vars(score).values()) for score in scores])
    return Score(*rows.mean(axis=0))


def show(title: str, rows: dict[str, Score]) -> None:
    table = Table(title=title)
    for column in ("", "PSNR dB", "MAE", "edge dB", "edge MAE", "halo RMS"):
        table.add_column(column, justify="right" if column else "left")
    for name, s in rows.items():
        table.add_row(
            name, f"{s.psnr:.1f}", f"{s.mae:.2f}",
            f"{s.edge:.1f}", f"{s.edge_mae:.1f}", f"{s.halo:.1f}",
        )  # fmt: skip
    Console(width=100).print(table)


def blur_scores(scene: Scene, kernel: int, alpha: Alpha) -> dict[str, Score]:
    reach = 2 * sigma_of(kernel)
    ideal = mix(scene.foreground, three_gaussians(scene.background, kernel), scene.alpha)
    rows = {
        name: score(method(scene.photo, alpha), ideal, scene.alpha, reach)
        for name, method in blurs(kernel).items()
    }
    right = mix(scene.foreground, through_a_lens(scene.background, kernel), scene.alpha)
    result = compose(scene.photo, alpha, Blur(kernel, "lens"))
    return {**rows, LENS: score(result, right, scene.alpha, reach)}


def replace_scores(scene: Scene, alpha: Alpha) -> dict[str, Score]:
    other = bundled("rocket")(*alpha.shape)
    ideal = mix(scene.foreground, other, scene.alpha)
    return {
        name: score(method(scene.photo, alpha), ideal, scene.alpha, 30)
        for name, method in replacements(other).items()
    }


def wrong_mattes(scenes: list[Scene], kernel: int) -> Table:
    """A table of the edge, in dB, and the halo for each degradation, of our method and others'."""
    table = Table(title=f"Wrong mattes, k = {kernel}: edge dB (halo RMS)")
    for column in ("matte", OLD, OURS, PASTE, REPLACE):
        table.add_column(column, justify="left" if column == "matte" else "right")
    for name in degraded.mattes(scenes[0].alpha):
        mattes = [degraded.mattes(scene.alpha)[name] for scene in scenes]
        pairs = list(zip(scenes, mattes, strict=True))
        blurred = [blur_scores(scene, kernel, matte) for scene, matte in pairs]
        pasted = [replace_scores(scene, matte) for scene, matte in pairs]
        old, new = (mean(row[method] for row in blurred) for method in (OLD, OURS))
        plain, ours = (mean(row[method] for row in pasted) for method in (PASTE, REPLACE))
        table.add_row(
            name, f"{old.edge:.1f} ({old.halo:.1f})", f"{new.edge:.1f} ({new.halo:.1f})",
            f"{plain.edge:.1f}", f"{ours.edge:.1f}",
        )  # fmt: skip
    return table


def told_colours(scenes: list[Scene], kernel: int) -> Table:
    """A table of the edge, in dB, and what is gained by a network's foreground, right or wrong."""
    table = Table(title=f"Foreground colours told by a network, k = {kernel}: edge dB (gain)")
    for column in ("colours", OURS, REPLACE):
        table.add_column(column, justify="left" if column == "colours" else "right")
    told = [{"none": None, **degraded.colours(scene)} for scene in scenes]
    edges = {
        name: np.mean(
            [
                told_edges(scene, each[name], kernel)
                for scene, each in zip(scenes, told, strict=True)
            ],
            axis=0,
        )
        for name in told[0]
    }
    for name, found in edges.items():
        pairs = zip(found, edges["none"], strict=True)
        gains = [f"{edge:.1f} ({edge - own:+.2f})" for edge, own in pairs]
        table.add_row(name, *gains)
    return table


def told_edges(scene: Scene, told: Photo | None, kernel: int) -> tuple[float, float]:
    """The edge in dB, blurred and on another background."""
    other = bundled("rocket")(*scene.alpha.shape)

    def edge(background: Background, behind: NDArray[Any]) -> float:
        result = compose(scene.photo, scene.alpha, background, foreground=told)
        ideal = mix(scene.foreground, behind, scene.alpha)
        return score(result, ideal, scene.alpha, 30).edge

    behind = three_gaussians(scene.background, kernel)
    return edge(Blur(kernel), behind), edge(Picture(other), other)


def figure(scene: Scene, kernel: int) -> Photo:
    """A corner with hair in two rows: the photo and the replaced method's pictures, ours below."""
    height, width = scene.alpha.shape
    colours = [(255, 255, 255), (0, 0, 0), (255, 0, 255)]
    plain = [np.full((height, width, 3), colour, np.uint8) for colour in colours]
    others = [*plain, bundled("rocket")(height, width)]
    photo, alpha = scene.photo, scene.alpha
    old = [photo, replaced.blur(photo, alpha, kernel)]
    old += [replaced.replace(photo, alpha, other) for other in others]
    ours = [mix(scene.foreground, scene.background, alpha), compose(photo, alpha, Blur(kernel))]
    ours += [compose(photo, alpha, Picture(other)) for other in others]
    top, left, side = height // 14, width // 2 - height // 3, height // 3
    window = np.s_[top : top + side, left : left + side]
    rows = [np.hstack([picture[window] for picture in row]) for row in (old, ours)]
    cv2.putText(rows[0], "replaced", (side + 8, 24), 0, 0.7, (255, 255, 255), 2, cv2.LINE_AA)
    cv2.putText(rows[1], "ours", (side + 8, 24), 0, 0.7, (255, 255, 255), 2, cv2.LINE_AA)
    return np.vstack(rows)


def main(
    kernel: Annotated[list[int], typer.Option(help="Blur kernels; repeat the option.")] = KERNELS,
    height: int = 1024,
    images: Annotated[Path | None, typer.Option(help="A folder of your own; see above.")] = None,
    mattes: Annotated[bool, typer.Option(help="Wrong mattes too.")] = True,
    colours: Annotated[bool, typer.Option(help="Told colours too, right and wrong.")] = True,
    save: Annotated[Path, typer.Option(help="Where the figure goes.")] = Path("fidelity.png"),
) -> None:
    size = height, height * 3 // 2
    cases = list(from_folder(images, *size) if images else scenes(*size))
    for k in kernel:
        rows = [blur_scores(scene, k, scene.alpha) for scene in cases]
        show(f"Blur, k = {k}", {name: mean(row[name] for row in rows) for name in rows[0]})
    rows = [replace_scores(scene, scene.alpha) for scene in cases]
    show("Another background", {name: mean(row[name] for row in rows) for name in rows[0]})
    if mattes:
        Console(width=100).print(wrong_mattes(cases, kernel[0]))
    if colours:
        Console(width=100).print(told_colours(cases, kernel[0]))
    hard = cases[min(HARD_CASE, len(cases) - 1)]
    cv2.imwrite(str(save), cv2.cvtColor(figure(hard, kernel[0]), cv2.COLOR_RGB2BGR))


if __name__ == "__main__":
    typer.run(main)
