"""What a photo's cuts agree on, as a cut that can be taken further like any other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evaluation.consensus import consensus, distances
from models.catalog import CONSENSUS, U2NETP, ModelSpec
from models.running.devices import BYTES_ONLY
from photos.cut import Cut
from photos.packed import packed_alpha

LEAST = 2
"""Families below which there's nothing to agree on."""

CAVEAT = (
    "Agreement isn't quality: a mistake that most share wins. Models of one family count as one."
)


@dataclass(frozen=True)
class Agreement:
    """cut: the consensus. apart: by the cuts' keys, how far each is from what the other families
    agree on: mean absolute difference, 0 to 1."""

    cut: Cut
    apart: Mapping[str, float]


def agreement(cuts: Sequence[Cut]) -> Agreement | None:
    """What one photo's cuts agree on; those that found nothing have no say. None if the others are
    of one family only.

    Raises ValueError for cuts of several photos.
    """
    if len({cut.photo.key for cut in cuts}) > 1:
        raise ValueError("A consensus needs cuts of one photo.")
    own = {cut.key: cut.own for cut in cuts}
    found = [cut for cut in own.values() if not cut.empty]
    if not can_agree([cut.spec for cut in found]):
        return None
    families = [family(cut.spec) for cut in found]
    mattes = [cut.levels() for cut in found]
    apart = zip(found, distances(mattes, families), strict=True)
    alpha = consensus(mattes, families) * np.float32(1 / 255)
    photo, names = found[0].photo, ", ".join(cut.spec.label for cut in found)
    median = "The median of" if len(set(families)) > LEAST else "Of two families, the mean:"
    cut = Cut(
        photo=photo,
        spec=_row([each.spec for each in found]),
        prompt=found[0].prompt,
        seconds={},
        device=BYTES_ONLY.name,
        dtype=BYTES_ONLY.dtype,
        revision="",
        peak_bytes=0,
        share=float(alpha.mean(dtype=np.float64)),
        empty=not alpha.any(),
        notes=(*photo.notes, f"{median} {names}. {CAVEAT}"),
        objects=(),
        packed=packed_alpha(alpha),
    )
    return Agreement(cut, {each.key: value for each, value in apart if value is not None})


def can_agree(specs: Iterable[ModelSpec]) -> bool:
    """Whether they are of families enough."""
    return len({family(spec) for spec in specs}) >= LEAST


def no_consensus(specs: Sequence[ModelSpec]) -> str:
    """Why these have none, whatever they find; empty if they may have one."""
    if can_agree(specs):
        return ""
    if len(specs) < LEAST:
        return "A consensus needs models of two families or more."
    *others, last = (spec.label for spec in specs)
    return (
        f"{', '.join(others)} and {last} are of one family, so that they are no two opinions: "
        "a consensus needs models of two families or more."
    )


def family(spec: ModelSpec) -> str:
    """Whose relatives a model's are. ONNX Runtime runs all kinds of networks: there, those of one
    publication are relatives. Silueta is U²-Net made smaller; GrabCut and ViTMatte begin with what
    U²-Net-P finds."""
    if spec.family in ("grabcut.segmenter", "vitmatte") or spec.name == "silueta":
        return U2NETP.page
    if spec.engine == "onnxruntime":
        return spec.page or spec.name
    return spec.family


def _row(specs: Sequence[ModelSpec]) -> ModelSpec:
    """A consensus is made with all of them, so that each one's licence binds it."""
    licences = " + ".join(dict.fromkeys(spec.licences for spec in specs))
    free = all(not spec.conditions for spec in specs)
    forbidden = any(each.conditions == "non-commercial" for each in specs)
    # Of the licence of a person's own row the name may not tell that it forbids.
    return replace(CONSENSUS, licence=licences, commercial=free, own=forbidden)
