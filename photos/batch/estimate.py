"""How many photos there are to do, how long that will take, and how much of the disk."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from models.running.pool import Pool
from photos.batch.accounts import Measured, measured
from photos.batch.found import Found
from photos.batch.manifest import Manifest
from photos.batch.running import Batch
from photos.batch.wishes import Wishes

_TRIED = 6
"""Photos that are done on trial, where nothing was measured."""


@dataclass(frozen=True)
class Estimate:
    """What there is to do.

    Parameters
    ----------
    photos : int
        That are to be done.
    files : int
        That come of them, at most.
    states : mapping of str to int
        How it stands with all photos.
    seconds, bytes : float, optional
        What the photos will take; None if that can't be told.
    tried : int
        How many photos were done on trial for that; 0 if earlier runs tell.

    Examples
    --------
    >>> Estimate(100, 200, {"open": 100}, 50.0, 3e8, 6).seconds
    50.0
    """

    photos: int
    files: int
    states: Mapping[str, int]
    seconds: float | None
    bytes: float | None
    tried: int = 0


def estimate(
    wishes: Wishes, manifest: Manifest, listing: Iterable[Found], *, trying: bool = True
) -> Estimate:
    """Look over what there is to do, and measure what it takes. Nothing is written.

    Parameters
    ----------
    wishes : Wishes
    manifest : Manifest
        Its earlier runs tell; without any, some photos, chosen by chance, are done into a folder
        that's removed again.
    listing : iterable of Found
    trying : bool
        Whether photos may be done on trial, as not before a download.

    Returns
    -------
    estimate : Estimate

    Raises
    ------
    As `Batch.over` does.

    Examples
    --------
    >>> from photos.batch.pieces import pieces_of
    >>> wishes = Wishes(("grabcut",), ("cutout",))
    >>> with TemporaryDirectory() as folder:
    ...     with Manifest(Path(folder), pieces_of(wishes)) as manifest:
    ...         estimate(wishes, manifest, []).photos
    0
    """
    states: Counter[str] = Counter()
    chance, some = random.Random(0), list[Found]()
    for found in listing:
        state = manifest.state(found)
        states[state] += 1
        if state in ("open", "suspect"):
            seen = states["open"] + states["suspect"]
            if len(some) < _TRIED:
                some.append(found)
            elif (place := chance.randrange(seen)) < _TRIED:
                some[place] = found
    photos = states["open"] + states["suspect"]
    told, tried = measured(manifest), 0
    if some and trying and (told.rate is None or told.bytes is None):
        told, tried = _on_trial(wishes, manifest, some), len(some)
    return Estimate(
        photos,
        photos * len(manifest.pieces),
        dict(states),
        photos / told.rate if told.rate else None,
        photos * told.bytes if told.bytes is not None else None,
        tried,
    )


def _on_trial(wishes: Wishes, manifest: Manifest, some: list[Found]) -> Measured:
    with TemporaryDirectory() as folder:
        pool = Pool()
        for part in (some[:1], some):  # the first one loads the model, too
            with Manifest(Path(folder, str(len(part))), manifest.pieces) as trial:
                Batch(wishes, trial, pool=pool).over(part)
                told = measured(trial)
        return told
