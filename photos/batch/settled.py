"""New files in a folder that is watched: taken once nobody writes them any more."""

import time
from collections.abc import Iterable, Iterator

from photos.batch.found import Found

_OLD = 60.0
"""Seconds since its last change after which a file counts as finished at the first look."""


class Settled:
    """Lets files through whose size and time of change are as they were at the last look.

    Examples
    --------
    >>> settled, young = Settled(), Found("/in/a.jpg", "a.jpg", 9, time.time_ns())
    >>> [len(list(settled.among([young]))) for _ in range(2)]
    [0, 1]
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int]] = {}

    def among(self, listing: Iterable[Found]) -> Iterator[Found]:
        """One look: the photos that are finished.

        Old ones aren't remembered, so that a large folder takes no memory.
        """
        before, self._seen = self._seen, {}
        for found in listing:
            now = found.size, found.changed
            if time.time() - found.changed / 1e9 > _OLD or before.get(found.path) == now:
                yield found
            else:
                self._seen[found.path] = now
