"""Photos one after another, several at once: while one is read and another one written, the network
works on a third."""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Protocol

from models.hub import weights
from models.interface import Cancelled
from models.running.pool import Pool
from photos.batch.base import BadManifest
from photos.batch.doing import Done, do
from photos.batch.found import Found
from photos.batch.manifest import Claim, given_up
from photos.batch.owners import PULSE
from photos.batch.pieces import Piece
from photos.batch.room import Room, worked_pixels
from photos.batch.standing import State
from photos.batch.tally import Tally
from photos.batch.wishes import Wishes

type Hear = Callable[[Found, Done], object]
"""Called with each photo that was worked on, by one thread at a time."""


class Kept(Protocol):
    """What is asked of a manifest, as `photos.batch.manifest.Manifest` answers it.

    Examples
    --------
    >>> from photos.batch.manifest import Manifest
    >>> manifest: type[Kept] = Manifest
    """

    @property
    def pieces(self) -> tuple[Piece, ...]: ...

    def state(self, found: Found) -> State: ...

    def claim(self, found: Found, *, alone: bool = False) -> Claim | None: ...

    def end(self, claim: Claim, done: Done) -> None: ...

    def release(self, claim: Claim) -> None: ...

    def pulse(self, photos: int, seconds: float, /) -> None: ...


class Batch:
    """Does what a manifest has open.

    Parameters
    ----------
    wishes : Wishes
    manifest : Manifest
        Of the pieces that these wishes make; or what asks the process that has it.
    hear : callable
    pool, progress
        As `photos.cutting.cut_out` takes them.
    threads : int, optional
        Photos that are worked on at once, memory allowing. By default one more than there are
        processor cores: each device runs one network at a time.
    room : Room, optional

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from photos.batch.listing import Listing
    >>> from photos.batch.manifest import Manifest
    >>> from photos.batch.pieces import pieces_of
    >>> from photos.samples import SAMPLES
    >>> wishes = Wishes(("grabcut",), ("cutout",))
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "cup.png").write_bytes(SAMPLES[2].open().data)
    ...     out = Path(folder, "out")
    ...     for _ in range(2):
    ...         with Manifest(out, pieces_of(wishes)) as manifest:
    ...             batch = Batch(wishes, manifest)
    ...             batch.over(Listing((Path(folder),), out=out))
    ...             print(batch.tally.made, batch.tally.done_before)
    1 0
    0 1
    """

    def __init__(
        self,
        wishes: Wishes,
        manifest: Kept,
        hear: Hear = lambda *_: None,
        *,
        pool: Pool | None = None,
        progress: weights.Progress = weights.ignore,
        threads: int | None = None,
        room: Room | None = None,
    ) -> None:
        self.tally = Tally()
        self._wishes, self._manifest, self._hear = wishes, manifest, hear
        self._pool, self._progress = pool or Pool(), progress
        self._threads = threads or (os.process_cpu_count() or 1) + 1
        self._room = room or Room()
        self._free = threading.Semaphore(self._threads)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._error: BaseException | None = None

    def over(self, listing: Iterable[Found]) -> None:
        """Do all that is open. A photo that a process ended with is done last, and alone: if it
        ends this one as well, that's known to be its fault. What others hold is looked at again in
        the end: they may make something else of it, and have given it back.

        Raises what `do` raises, BadManifest and KeyboardInterrupt; what is half done is given back.
        """
        self.tally.go_over()
        with (
            ThreadPoolExecutor(self._threads) as threads,
            self._pulsing(),
            self._stopped_by_errors(),
        ):
            busy = self._all(listing, threads)
            while len(left := self._all(busy, threads)) < len(busy):
                busy = left
            self.tally.busy += len(left)

    def _all(self, listing: Iterable[Found], threads: ThreadPoolExecutor) -> list[Found]:
        """Returns those that others hold."""
        suspects, busy = list[Found](), list[Found]()
        for found in listing:
            state = self._manifest.state(found)
            if state == "open" and not self._begin(found, threads):
                state = "busy"  # another was quicker
            if state == "suspect":
                suspects.append(found)
            elif state == "given up":
                self._give_up(found)
            elif state == "busy":
                busy.append(found)
            else:
                self.tally.add_state(state)
            self._raise()
        for found in suspects:
            self._all_ended()
            if not self._begin(found, threads, alone=True):
                busy.append(found)
        self._all_ended()
        return busy

    def _begin(self, found: Found, threads: ThreadPoolExecutor, *, alone: bool = False) -> bool:
        """Whether it's begun here, not by another."""
        self._free.acquire()
        claim = None
        try:
            self._raise()
            claim = self._manifest.claim(found, alone=alone)
            if claim:
                threads.submit(self._do, claim)
        except BaseException:
            if claim:  # interrupted in between
                self._manifest.release(claim)
            raise
        finally:
            if claim is None:
                self._free.release()
        return claim is not None

    def _do(self, claim: Claim) -> None:
        try:
            self._check()
            pixels = worked_pixels(claim.task.path, self._wishes.frame)
            with self._room.taken(pixels, self._check):
                done = do(
                    claim.task, self._wishes,
                    pool=self._pool, progress=self._progress, check=self._check,
                )  # fmt: skip
            self._pool.forget_photos()  # none of them comes again
            self._manifest.end(claim, done)
            with self._lock:
                self.tally.add(done)
                self._hear(claim.found, done)
        except BaseException as error:
            if not isinstance(error, Cancelled):
                self._error = self._error or error
            self._stopping.set()
            with suppress(BadManifest):  # as on a full disk
                self._manifest.release(claim)
        finally:
            self._free.release()

    def _give_up(self, found: Found) -> None:
        self._manifest.claim(found)
        done = given_up(self._manifest.pieces, found)
        with self._lock:
            self.tally.add(done)
            self._hear(found, done)

    def _all_ended(self) -> None:
        for _ in range(self._threads):
            self._free.acquire()
        self._free.release(self._threads)
        self._raise()

    def _check(self) -> None:
        if self._stopping.is_set():
            raise Cancelled

    def _raise(self) -> None:
        if self._error:
            raise self._error

    @contextmanager
    def _stopped_by_errors(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._stopping.set()
            raise

    @contextmanager
    def _pulsing(self) -> Iterator[None]:
        """Meanwhile other processes are told that this one lives."""
        ended = threading.Event()

        def pulse() -> None:
            while not ended.wait(PULSE):
                self._tell()

        thread = threading.Thread(target=pulse, daemon=True, name="pulse")
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            self._tell()

    def _tell(self) -> None:
        with suppress(BadManifest):  # whoever works will meet it, too
            self._manifest.pulse(max(0, self.tally.now - 1), self.tally.worked)
