"""A collection for voting, of the samples and of mattes made by hand."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from evaluation.votes import Ballot, Base, Collection
from models.catalog import GRABCUT
from photos.photo import PhotoFile
from photos.samples import SAMPLES
from tests.cuts import cut_of, photo_of

MODELS = {"round": "Round", "square": "Square", "soft": "Soft"}


def filled(
    folder: Path, name: str = "Shop", models: Sequence[str] = tuple(MODELS), more: int = 0
) -> Collection:
    """In the folder that CUTOUT_DATA is to name. The portrait alone has a tag. more: so many small
    photos beside the samples: six in all are needed to tell models apart."""
    base = Base(folder / "votes.sqlite")
    base.create(name)
    made = Collection(base, name)
    for photo in (*(sample.open() for sample in SAMPLES), *small(more)):
        tags = ["people"] * (photo.name == "portrait.png")
        for model in models:
            spec = replace(GRABCUT, name=model, label=MODELS[model])
            levels = _levels(model, photo.height, photo.width)
            made.add(cut_of(photo, levels, spec=spec), tags)
    return made


def small(count: int) -> list[PhotoFile]:
    """So many photos, each of its own colour."""
    return [
        photo_of(np.full((30, 40, 3), 40 * number, np.uint8), f"small{number}.png")
        for number in range(count)
    ]


def voted(collection: Collection, times: int, voter: str = "Ann") -> None:
    """So many rounds of votes in which Round is better than Square, and Soft no better than it."""
    for photo in collection.photos():
        for _ in range(times):
            collection.vote(Ballot(photo, "round", "square"), "left", voter, "white", visit="v")
            collection.vote(Ballot(photo, "square", "soft"), "right", voter, "black", visit="v")
            collection.vote(Ballot(photo, "soft", "round"), "both good", voter, visit="v")


def _levels(model: str, height: int, width: int) -> NDArray[np.uint8]:
    levels = np.zeros((height, width), np.uint8)
    if model == "square":
        levels[height // 6 : -height // 6, width // 5 : -width // 5] = 255
        return levels
    middle, axes = (width // 2, height // 2), (width // 3, int(height / 2.2))
    cv2.ellipse(levels, middle, axes, 0, 0, 360, 255, -1)
    return np.asarray(cv2.GaussianBlur(levels, (0, 0), 12), np.uint8) if model == "soft" else levels
