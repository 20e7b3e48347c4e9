"""Truths from one's own cutouts: known subjects on other photos, as a camera would have seen them.

A studio with finished cutouts has no masks drawn on real photos, but every cutout is one: laid over
another background, its opacity is the truth.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from compositing.arrays import Photo
from compositing.background import Picture
from compositing.compose import compose
from compositing.matte import matte_image
from evaluation.encoding import jpeg, png
from evaluation.metrics.levels import Levels
from evaluation.sets.layouts import Case
from photos.photo import PhotoError, PhotoFile
from photos.reading import read_photo
from photos.saving import write

LIGHT = 0.5
"""How far a subject is put into the light of its new background."""

FOCUS = 0.003
"""How far the background is out of focus: the blur's kernel as part of the diagonal."""

NOISE = 1.5
"""A sensor's, in levels: its standard deviation."""

QUALITY = 90
"""Of the JPEG that the photo becomes."""


def compose_set(
    cutouts: Sequence[Path], backgrounds: Sequence[Path], folder: Path, seed: int = 0
) -> Iterator[Case | str]:
    """Lay each cutout over one of the backgrounds, drawn by chance but the same each time, and
    write photos and truths into `image` and `mask` of the folder.

    A file that can't be used gives a sentence in place of a case. Raises WriteFailed.
    """
    chance = np.random.default_rng(seed)
    for cutout in cutouts:
        background = backgrounds[int(chance.integers(len(backgrounds)))]
        try:
            photo, truth = composed(read_photo(cutout), read_photo(background), chance)
        except PhotoError as error:
            yield str(error)
            continue
        case = Case(
            cutout.stem,
            folder / "image" / f"{cutout.stem}.jpg",
            folder / "mask" / f"{cutout.stem}.png",
        )
        write(case.photo, jpeg(photo, QUALITY))
        write(case.truth, png(truth))
        yield case


def composed(
    cutout: PhotoFile, background: PhotoFile, chance: np.random.Generator
) -> tuple[Photo, Levels]:
    """`uint8 (H, W, 3)` and its truth, `uint8 (H, W)`, of the cutout's size: the subject in the
    light of a background that is a little out of focus, and a sensor's noise over all.

    Raises PhotoError for a cutout without transparency.
    """
    alpha = cutout.alpha()
    if alpha is None:
        raise PhotoError(
            f"“{cutout.name}” has no transparency. Name finished cutouts, such as PNG files."
        )
    kernel = 2 * round(FOCUS * float(np.hypot(*alpha.shape)) / 2) + 1
    behind = Picture(background.pixels(), kernel=kernel)
    # The cutout's colours are the subject's own, with nothing of another background in them.
    photo = compose(cutout.colours(), alpha, behind, unmix=False, light=LIGHT)
    noise = chance.normal(0, NOISE, photo.shape).astype(np.float32)
    return np.clip(np.rint(photo + noise), 0, 255).astype(np.uint8), matte_image(alpha)
