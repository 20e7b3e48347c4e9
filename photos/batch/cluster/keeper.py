"""The manifest of a batch, for workers that can't open its file."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from models.interface import LoadFailed
from photos.batch.doing import Done
from photos.batch.found import Found
from photos.batch.manifest import Claim, Manifest, given_up
from photos.batch.pieces import Piece
from photos.batch.standing import State

_BARREN = 3
"""How often a parcel is opened whose workers end before they've begun a photo."""


class Superseded(Exception):
    """Somebody asks for a parcel that another worker has now.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     Keeper(folder, [], f"{folder}/batch.sqlite").pulse(1)
    Traceback (most recent call last):
    photos.batch.cluster.keeper.Superseded: Another worker has this parcel now.
    """


class Keeper:
    """Keeps a manifest for all workers. One process has it, on the driver's machine.

    A parcel is opened once more when the process that had it has ended: what that one had begun is
    then nobody's, as after any process that ended. What came of each photo is told to the driver
    once, however often its parcel was opened.

    Parameters
    ----------
    out, pieces
        As `Manifest` takes them.
    file : str
        The manifest's.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> piece = Piece("u2netp", "cutout", "_cutout.png", "digest")
    >>> found = Found("/in/a.jpg", "a.jpg", 100, 5)
    >>> with TemporaryDirectory() as folder:
    ...     keeper = Keeper(folder, [piece], f"{folder}/batch.sqlite")
    ...     states = []
    ...     for _ in range(3):  # twice its process ends
    ...         opening = keeper.open(0)
    ...         states.append(keeper.state(opening, found))
    ...         claim = keeper.claim(opening, found, alone=True)
    ...     (told,) = keeper.take_heard()
    ...     keeper.close(opening)
    >>> states, claim
    (['open', 'suspect', 'given up'], None)
    >>> told[1].rows[0].error[:24]
    'The process ended twice '
    """

    def __init__(self, out: str, pieces: Sequence[Piece], file: str) -> None:
        self._out, self._pieces, self._file = out, tuple(pieces), Path(file)
        self._openings = 0
        self._open: dict[int, tuple[int, Manifest]] = {}
        self._last: dict[int, int] = {}
        self._barren: Counter[int] = Counter()
        self._claimed: dict[str, int] = {}
        self._heard: list[tuple[Found, Done]] = []
        self._error: Exception | None = None
        self._stopping = False

    def open(self, parcel: int) -> int:
        """Begin a parcel. Returns the number by which all that follows is asked."""
        self.close(self._last.get(parcel, 0))
        self._openings += 1
        self._last[parcel] = self._openings
        self._barren[parcel] += 1
        if self._barren[parcel] > _BARREN:
            self.fail(LoadFailed(
                "The workers' processes end before they have begun a photo: the model may need "
                "more memory than their machines have."
            ))  # fmt: skip
        manifest = Manifest(self._out, self._pieces, file=self._file)
        self._open[self._openings] = parcel, manifest
        return self._openings

    def close(self, opening: int) -> None:
        """Nobody works on it any more, done or not."""
        if opening not in self._open:
            return
        _, manifest = self._open.pop(opening)
        self._claimed = {path: n for path, n in self._claimed.items() if n != opening}
        manifest.leave()
        manifest.base.close()

    def state(self, opening: int, found: Found) -> State:
        """As `Manifest.state`; after `stop`, all is busy."""
        _, manifest = self._opened(opening)
        return "busy" if self._stopping else manifest.state(found)

    def claim(self, opening: int, found: Found, *, alone: bool = False) -> Claim | None:
        """As `Manifest.claim`."""
        parcel, manifest = self._opened(opening)
        if self._stopping:
            return None
        state, claim = manifest.state(found), manifest.claim(found, alone=alone)
        over = state == "given up" and not claim
        if over:
            self._heard.append((found, given_up(self._pieces, found)))
        if claim:
            self._claimed[found.path] = opening
        if claim or over:
            del self._barren[parcel]
        return claim

    def end(self, opening: int, claim: Claim, done: Done) -> None:
        """As `Manifest.end`."""
        self._opened(opening)[1].end(claim, done)
        self._claimed.pop(claim.found.path, None)
        self._heard.append((claim.found, done))

    def release(self, opening: int, claim: Claim) -> None:
        """As `Manifest.release`."""
        self._opened(opening)[1].release(claim)
        self._claimed.pop(claim.found.path, None)

    def pulse(self, opening: int) -> None:
        """A sign of life. The rate of a part isn't that of the whole, so none is written down."""
        self._opened(opening)[1].pulse(0, 0)

    def fail(self, error: Exception) -> None:
        """A worker met what ends the whole run. The first error counts."""
        self._error = self._error or error
        self._stopping = True

    def stop(self) -> None:
        """Let nobody begin another photo."""
        self._stopping = True

    def working(self) -> int:
        """How many photos are being worked on."""
        return len(self._claimed)

    def error(self) -> Exception | None:
        return self._error

    def take_heard(self) -> list[tuple[Found, Done]]:
        """What came of photos since it was asked last."""
        heard, self._heard = self._heard, []
        return heard

    def _opened(self, opening: int) -> tuple[int, Manifest]:
        if opening not in self._open:
            raise Superseded("Another worker has this parcel now.")
        return self._open[opening]
