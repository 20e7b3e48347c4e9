"""How many photos of a batch came to what."""

import time
from dataclasses import dataclass, field

from photos.batch.doing import Done
from photos.batch.standing import State


@dataclass
class Tally:
    """How many photos came to what. made, failed: now; done_before, failed_before: earlier; busy:
    others work on them. bytes: of all files that were written. worked: seconds between the first
    photo that was finished and the last.

    Examples
    --------
    >>> Tally(made=3, failed=2, worked=8.0).rate
    0.5
    """

    made: int = 0
    failed: int = 0
    done_before: int = 0
    failed_before: int = 0
    busy: int = 0
    bytes: int = 0
    worked: float = 0
    first: float | None = field(default=None, repr=False)
    _since: int = field(default=0, repr=False)

    @property
    def now(self) -> int:
        return self.made + self.failed

    @property
    def looked_at(self) -> int:
        """In the last going over."""
        return self.now - self._since + self.done_before + self.failed_before + self.busy

    @property
    def rate(self) -> float | None:
        """Photos a second; None before there are two."""
        return (self.now - 1) / self.worked if self.now > 1 and self.worked else None

    def add(self, done: Done) -> None:
        failed = any(row.error for row in done.rows)
        self.failed += failed
        self.made += not failed
        self.bytes += sum(row.bytes for row in done.rows)
        self.first = self.first or time.monotonic()
        self.worked = time.monotonic() - self.first

    def go_over(self) -> None:
        """The same photos will be looked at once more."""
        self.done_before = self.failed_before = self.busy = 0
        self._since = self.now

    def add_state(self, state: State) -> None:
        self.done_before += state == "done"
        self.failed_before += state == "failed"
