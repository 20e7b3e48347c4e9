"""What a batch says while it works: a bar, sentences, or JSON for machines."""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from threading import Thread
from typing import Any, Self

from typer import echo

from models.hub.errors import readable
from photos.batch.doing import Done
from photos.batch.found import Found
from photos.batch.listing import Listing
from photos.batch.stores.address import StoreFailed
from photos.batch.tally import Tally
from photos.counts import duration
from terminal.progress import Bar

_EVERY = 30.0
"""Seconds between two sentences on how far it is, where no bar can be drawn."""


class Reporter:
    """Tells of each photo on stderr, or on stdout a JSON object a line."""

    def __init__(self, listing: Listing, *, quiet: bool, as_json: bool) -> None:
        self._listing, self._quiet, self._json = listing, quiet, as_json
        self._bar = Bar(None)
        self._drawn = self._bar.console.is_terminal and not quiet and not as_json
        self._total: int | None = None
        self._told = time.monotonic()
        self.tally = Tally()

    def __enter__(self) -> Self:
        if self._drawn:
            self._bar.__enter__()
        if not (self._quiet or self._json):
            Thread(target=self._count, daemon=True, name="count").start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._drawn:
            self._bar.__exit__(*error)

    def hear(self, found: Found, done: Done) -> None:
        """A photo was worked on."""
        if self._json:
            self.line(_told(found, done))
            return
        errors = [row.error for row in done.rows if row.error]
        notes = [note for row in done.rows for note in row.notes if not self._quiet]
        for sentence in dict.fromkeys([*errors, *notes]):
            self._bar.tell(_about(found, sentence))
        if self._drawn:
            self._bar.reached(self.tally.looked_at, self._total, f"{found.name} · {self._far()}")
        elif not self._quiet and time.monotonic() - self._told > _EVERY:
            self._told = time.monotonic()
            self._bar.tell(f"{self._far()}{self._left()}.")

    @staticmethod
    def line(told: Mapping[str, Any]) -> None:
        print(json.dumps(told), flush=True)

    def _far(self) -> str:
        """How far it is."""
        tally, total = self.tally, self._total
        parts = [f"{tally.looked_at} of {total}" if total else f"{tally.looked_at} photos"]
        if tally.failed:
            parts.append(f"{tally.failed} failed")
        if tally.rate:
            parts.append(f"{tally.rate:.2g} a second")
        return ", ".join(parts)

    def _left(self) -> str:
        if not (self._total and self.tally.rate):
            return ""
        seconds = (self._total - self.tally.looked_at) / self.tally.rate
        return f", {duration(seconds)} left"

    def _count(self) -> None:
        """How many there are is counted meanwhile."""
        listing = replace(self._listing, skipped=type(self._listing.skipped)(), empty=[])
        with suppress(StoreFailed):  # whoever works meets it, too
            self._total = sum(1 for _ in listing)


def tell_empty(listing: Listing) -> None:
    """Addresses that may be misspelt."""
    for address in listing.empty:
        echo(f"There is nothing in “{address}”. Check the address.", err=True)


def tell_skipped(listing: Listing) -> None:
    """What of the folders wasn't taken."""
    if listing.skipped:
        kinds = "; ".join(f"{count} {why}" for why, count in listing.skipped.items())
        echo(f"Not taken: {kinds}.", err=True)


def summary(tally: Tally) -> str:
    """What came of all photos, in a sentence or two."""
    parts = [f"{tally.made} done"]
    if tally.failed + tally.failed_before:
        before = f" ({tally.failed_before} before)" if tally.failed_before else ""
        parts.append(f"{tally.failed + tally.failed_before} failed{before}")
    if tally.done_before:
        parts.append(f"{tally.done_before} done before")
    if tally.busy:
        parts.append(f"{tally.busy} in the hands of another run")
    rate = f" {tally.rate:.2g} photos a second," if tally.rate else ""
    made = f"{rate} {readable(tally.bytes)}." if tally.made else ""
    return f"{', '.join(parts)}.{made}"


def facts(tally: Tally) -> dict[str, Any]:
    """The same for machines."""
    return {
        "made": tally.made,
        "failed": tally.failed,
        "done_before": tally.done_before,
        "failed_before": tally.failed_before,
        "busy": tally.busy,
        "bytes": tally.bytes,
        "photos_per_second": tally.rate,
    }


def _about(found: Found, sentence: str) -> str:
    return sentence if found.name.rpartition("/")[2] in sentence else f"“{found.name}”: {sentence}"


def _told(found: Found, done: Done) -> dict[str, Any]:
    return {
        "photo": found.path,
        "seconds": round(done.seconds, 3),
        "results": [
            {
                "model": row.piece.model,
                "make": row.piece.make,
                "file": None if row.error else done.target + row.piece.ending,
                "bytes": row.bytes,
                "error": row.error or None,
                "notes": list(row.notes),
            }
            for row in done.rows
        ],
    }
