"""What a photo's cuts agree on, as a cut that can be taken further like any other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.consensus import consensus, distances
from models.catalog import CONSENSUS
from models.running.devices import BYTES_ONLY
from photos.cut import Cut, packed_alpha

LEAST = 2
"""Families below which there's nothing to agree on."""


@dataclass(frozen=True)
class Distance:
    """How far a cut is from what the other families agree on: mean absolute difference, 0 to 1."""

    cut: Cut
    value: float


def agreeing(cuts: Sequence[Cut]) -> list[Cut]:
    """The cuts that found a subject; an empty list if they're of one family only."""
    found = [cut for cut in cuts if not cut.empty]
    return found if len({cut.spec.family for cut in found}) >= LEAST else []


def agreed(cuts: Sequence[Cut]) -> Cut:
    """The consensus of one photo's cuts, as `agreeing` gives them: models of a family count as one.

    It measures agreement, not quality, and says so in its notes. Raises ValueError for cuts of
    several photos, or of one family.
    """
    families = [cut.spec.family for cut in cuts]
    if len({cut.photo.key for cut in cuts}) != 1 or len(set(families)) < LEAST:
        raise ValueError("A consensus needs cuts of one photo by models of two families.")
    levels = consensus([cut.levels() for cut in cuts], families)
    alpha = levels * np.float32(1 / 255)
    names = ", ".join(cut.spec.label for cut in cuts)
    photo = cuts[0].photo
    return Cut(
        photo=photo,
        spec=CONSENSUS,
        prompt=cuts[0].prompt,
        seconds={},
        device=BYTES_ONLY.name,
        dtype=BYTES_ONLY.dtype,
        revision="",
        peak_bytes=0,
        share=float(alpha.mean(dtype=np.float64)),
        empty=not levels.any(),
        notes=(
            *photo.notes,
            f"The median of {names}, those of one family as one: what they agree on, which need "
            "not be right.",
        ),
        objects=(),
        packed=packed_alpha(alpha),
    )


def apart(cuts: Sequence[Cut]) -> list[Distance]:
    """How far each cut of one photo is from the others, the farthest first; those whose family is
    the only one aren't told."""
    told = distances([cut.levels() for cut in cuts], [cut.spec.family for cut in cuts])
    known = [
        Distance(cut, value) for cut, value in zip(cuts, told, strict=True) if value is not None
    ]
    return sorted(known, key=lambda each: -each.value)
