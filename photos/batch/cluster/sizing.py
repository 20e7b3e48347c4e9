"""How many workers a cluster has room for, and what each of them takes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.catalog import ModelSpec
from models.interface import DeviceMissing
from models.running.placing import lane_of

PIXELS = 25_000_000
"""Of all photos that a worker does at once; a larger one is done alone."""
_HOST = 2_000_000_000
"""Bytes of a worker without its models: of libraries, and of so many pixels."""
_WEIGHT = 8
"""Bytes of memory a weight: in float32, and once more while they're loaded."""
_MOST_CORES = 8
"""For reading and writing beside a graphics card."""
_LARGE = 50_000_000
"""Weights from which a network on a processor takes far longer than all that is around it."""
_PARCEL, _SLOW_PARCEL = 16, 4
"""Photos that a worker is sent at once: many, so that their way takes no time; few where each takes
long, so that little is done twice."""
_ROUNDS = 4
"""Parcels of a worker at least, so that all end at about the same time."""


class TooSmall(Exception):
    """A cluster that has no room for a single worker, in a sentence.

    Examples
    --------
    >>> from models.catalog import GRABCUT
    >>> size_for([GRABCUT], "auto", [{"CPU": 4.0, "memory": 1e9}], 100)
    Traceback (most recent call last):
    photos.batch.cluster.sizing.TooSmall: A worker takes 1 processor core and 2 GB of memory; no \
machine of the cluster has that.
    """


@dataclass(frozen=True)
class Size:
    """What workers take.

    Parameters
    ----------
    workers : int
        How many there are.
    cores, cards : int
        Processor cores and graphics cards of each.
    memory : int
        Bytes of each.
    parcel : int
        Photos that it is sent at once.

    Examples
    --------
    >>> Size(2, 1, 0, 2_000_000_000, 16).told
    '1 processor core and 2 GB of memory'
    """

    workers: int
    cores: int
    cards: int
    memory: int
    parcel: int

    @property
    def told(self) -> str:
        cores = f"{self.cores} processor core{'s' * (self.cores > 1)}"
        card = ", a graphics card" * self.cards
        return f"{cores}{card} and {self.memory / 1e9:.2g} GB of memory"


def size_for(
    specs: Sequence[ModelSpec],
    device: str,
    machines: Sequence[Mapping[str, float]],
    photos: int,
) -> Size:
    """Divide a cluster into workers.

    What runs on graphics cards gets one a worker, with its share of the machine's cores. Else each
    core is a worker's, so far as memory goes: a network that runs on one core wastes nothing.

    Parameters
    ----------
    specs : sequence of ModelSpec
    device : str
        As `photos.cutting.cut_out` takes it.
    machines : sequence of mapping
        What each has, as Ray tells it: "CPU", "GPU", and "memory" in bytes.
    photos : int
        How many there are to do.

    Returns
    -------
    size : Size

    Raises
    ------
    DeviceMissing
        If graphics cards are asked for, and none is there.
    TooSmall

    Examples
    --------
    >>> from models.catalog import GRABCUT
    >>> size_for([GRABCUT], "auto", [{"CPU": 4.0, "memory": 32e9}] * 10, 100_000)
    Size(workers=40, cores=1, cards=0, memory=2000000000, parcel=16)
    """
    asked = device.partition(":")[0]
    with_cards = [each for each in machines if each.get("GPU", 0) >= 1]
    if asked == "cuda" and not with_cards:
        raise DeviceMissing("No machine of the cluster has a graphics card. Add --device cpu.")
    wanted = asked == "cuda" or (asked == "auto" and lane_of(specs, "cuda") != "cpu")
    cards = int(wanted and bool(with_cards))
    cores = _cores(with_cards) if cards else 1
    weights = sum(spec.parameters for spec in specs)
    slow = not cards and weights > _LARGE
    size = Size(0, cores, cards, _HOST + weights * _WEIGHT, _SLOW_PARCEL if slow else _PARCEL)
    room = sum(_room(machine, size) for machine in machines)
    if not room:
        raise TooSmall(f"A worker takes {size.told}; no machine of the cluster has that.")
    workers = min(room, max(1, photos))
    parcel = min(size.parcel, max(1, math.ceil(photos / (workers * _ROUNDS))))
    return Size(workers, cores, cards, size.memory, parcel)


def _cores(with_cards: Sequence[Mapping[str, float]]) -> int:
    """A card's share of its machine's, where it's the smallest."""
    share = min(int(each.get("CPU", 0) // each["GPU"]) for each in with_cards)
    return max(1, min(_MOST_CORES, share))


def _room(machine: Mapping[str, float], size: Size) -> int:
    """How many workers a machine takes."""
    wanted = {"CPU": size.cores, "GPU": size.cards, "memory": size.memory}
    return min(int(machine.get(name, 0) // much) for name, much in wanted.items() if much)
