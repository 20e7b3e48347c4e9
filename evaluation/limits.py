"""What a model must keep to, to be named as the one to use, and whether it does."""

from collections.abc import Collection
from dataclasses import dataclass
from math import isfinite

from models.catalog import ModelSpec, PromptKind
from models.catalog.row import in_words
from models.hub.errors import readable


@dataclass(frozen=True)
class Limits:
    """What a model must keep to. commercial: its weights may be used to earn money. seconds: at
    most this long for a photo. bytes_: at most this much memory. hears: what it must be told by.
    download: at most so many bytes of weights."""

    commercial: bool = False
    seconds: float | None = None
    bytes_: int | None = None
    hears: frozenset[PromptKind] = frozenset()
    download: int | None = None

    @classmethod
    def of(
        cls,
        seconds: float | None,
        gb: float | None,
        download_mb: float | None,
        hears: Collection[PromptKind] | None,
        *,
        commercial: bool,
    ) -> "Limits":
        """As a person sets them: memory in GB, the download in MB, None for no limit."""
        return cls(
            commercial, seconds, _bytes(gb, 1e9), frozenset(hears or ()), _bytes(download_mb, 1e6)
        )


@dataclass(frozen=True)
class Candidate:
    """goodness: larger is better, on any scale; low: the lower end of its 95 % interval. seconds:
    what a photo takes; peak_bytes: what a run takes; None where it isn't known, which keeps to no
    limit."""

    spec: ModelSpec
    goodness: float
    low: float
    seconds: float | None
    peak_bytes: int | None


def breaches(candidate: Candidate, limits: Limits) -> list[str]:
    """Why it doesn't keep to the limits, in words that follow "is" or stand alone."""
    spec, told = candidate.spec, []
    if limits.commercial and spec.conditions:
        told.append(f"not for commercial use without conditions ({spec.licences})")
    if limits.seconds is not None:
        if candidate.seconds is None:
            told.append("of unknown speed")
        elif candidate.seconds > limits.seconds:
            told.append(f"too slow ({_over(candidate.seconds, limits.seconds)} s)")
    if limits.bytes_ is not None:
        if candidate.peak_bytes is None:
            told.append("of unknown size in memory")
        elif candidate.peak_bytes > limits.bytes_:
            memory = _over(candidate.peak_bytes / 1e9, limits.bytes_ / 1e9)
            told.append(f"too large ({memory} GB)")
    if limits.download is not None:
        if spec.fetched is None:
            told.append("of unknown download size")
        # As the page shows it: what is 444 MB there may be downloaded under a limit of 444 MB.
        elif (megabytes := round(spec.fetched / 1e6)) * 1e6 > limits.download:
            told.append(f"too large to download ({megabytes} MB)")
    if missing := limits.hears - spec.prompts:
        told.append(f"unable to take {in_words(missing)}")
    return told


def _over(value: float, most: float) -> str:
    """In two digits, or in as many as show that it's over `most`."""
    rounded = (float(f"{value:.{digits}g}") for digits in range(2, 18))
    return f"{next(each for each in rounded if each > most):.15g}"


def size(spec: ModelSpec) -> str:
    """Of the download, in words; empty where it isn't known."""
    if spec.fetched is None:
        return ""
    return readable(spec.fetched) if spec.fetched else "built in"


def _bytes(most: float | None, unit: float) -> int | None:
    """None for more than any machine has, as for no limit."""
    return round(most * unit) if most is not None and isfinite(most * unit) else None
