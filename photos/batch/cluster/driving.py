"""Parcels of photos for the workers of a cluster, by Ray Data."""

import threading
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import batched
from pathlib import Path
from typing import Any

from models.running.devices import offered
from photos.batch.cluster.joining import ClusterFailed, environment, first_line, machines
from photos.batch.cluster.keeper import Keeper
from photos.batch.cluster.shared import asked
from photos.batch.cluster.sizing import Size, TooSmall, size_for
from photos.batch.cluster.worker import Worker, packed
from photos.batch.found import Found
from photos.batch.manifest import Manifest
from photos.batch.running import Hear
from photos.batch.standing import TRIES
from photos.batch.stores.address import is_address
from photos.batch.tally import Tally
from photos.batch.wishes import Wishes

_AT_ONCE = 100_000
"""Photos whose names are in memory at one time."""
_RESTARTS = 100
"""How often a worker's process may end, whatever ends it."""
_LOOK = 0.5
"""Seconds between two looks for what was done."""
_PATIENCE = 60.0
"""Seconds that workers are given to end the photos they work on, once it's stopped."""


class ClusterBatch:
    """Does what a manifest has open, as `Batch` does, on the cluster that this process belongs to.

    Parameters
    ----------
    wishes : Wishes
    manifest : Manifest
        Of the pieces that these wishes make. What failed is open again if it says so.
    hear : callable
        Called with each photo that was worked on, by the thread that calls `over`.

    Examples
    --------
    >>> callable(ClusterBatch.over)  # it needs a cluster
    True
    """

    def __init__(self, wishes: Wishes, manifest: Manifest, hear: Hear = lambda *_: None) -> None:
        self.tally = Tally()
        self._wishes, self._manifest, self._hear = wishes, manifest, hear

    def over(self, listing: Iterable[Found]) -> None:
        """Do all that is open. What others hold is looked at once more at the end: a run that was
        killed a moment ago seems to live for some seconds.

        Raises LoadFailed, DeviceMissing, WriteFailed, BadManifest, ClusterFailed and
        KeyboardInterrupt; photos that are being worked on are then done to their ends.
        """
        self.tally.go_over()
        left = self._all(self._all(listing))
        self.tally.busy += len(left)

    def _all(self, listing: Iterable[Found]) -> list[Found]:
        """Returns those that others hold."""
        busy: list[Found] = []
        for part in batched(self._to_do(listing, busy), _AT_ONCE, strict=False):
            busy += self._carry_out(part)
        return busy

    def _to_do(self, listing: Iterable[Found], busy: list[Found]) -> Iterator[Found]:
        for found in listing:
            state = self._manifest.state(found)
            if state == "busy":
                busy.append(found)
            elif state in ("done", "failed"):
                self.tally.add_state(state)
            else:
                if self._manifest.retry_failed:
                    self._manifest.reopen(found)
                yield found

    def _carry_out(self, photos: Sequence[Found]) -> list[Found]:
        """Returns those that nobody here did."""
        waiting = {found.path: found for found in photos}
        with _rays_errors():
            specs = [spec for spec in self._wishes.specs if not spec.foreign]
            specs += filter(None, [self._wishes.depth_model])
            size = size_for(specs, self._wishes.device, machines(), len(photos))
            keeper = self._keeper()
            work = _Work(photos, size, keeper, self._wishes, self._manifest)
            work.start()
            try:
                while work.is_alive() and not asked(keeper.error):
                    work.join(_LOOK)
                    self._listen(keeper, waiting)
                self._listen(keeper, waiting)
                if error := asked(keeper.error) or work.error:
                    raise error
            except BaseException:
                self._stop(keeper, waiting)
                raise
        return list(waiting.values())

    def _keeper(self) -> Any:
        """Beside this process, whose machine alone may open the manifest's file."""
        import ray
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
        actor = ray.remote(Keeper).options(
            num_cpus=0, max_restarts=0, scheduling_strategy=here, runtime_env=environment(1)
        )
        manifest = self._manifest
        return actor.remote(manifest.out, manifest.pieces, str(manifest.base.path))

    def _listen(self, keeper: Any, waiting: dict[str, Found]) -> None:
        for found, done in asked(keeper.take_heard):
            waiting.pop(found.path, None)
            self.tally.add(done)
            self._hear(found, done)

    def _stop(self, keeper: Any, waiting: dict[str, Found]) -> None:
        """Nobody begins another photo, and what is begun is ended."""
        with _unless_gone():
            asked(keeper.stop)
            latest = time.monotonic() + _PATIENCE
            while asked(keeper.working) and time.monotonic() < latest:
                time.sleep(_LOOK)
            self._listen(keeper, waiting)


class _Work(threading.Thread):
    """Goes over what Ray Data gives: so that whoever waits for it can be interrupted."""

    def __init__(
        self,
        photos: Sequence[Found],
        size: Size,
        keeper: Any,
        wishes: Wishes,
        manifest: Manifest,
    ) -> None:
        super().__init__(name="cluster", daemon=True)
        self._photos, self._size, self._keeper = photos, size, keeper
        self._wishes, self._manifest = wishes, manifest
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            for _ in self._rows().iter_rows():
                pass
        except BaseException as error:
            self.error = error

    def _rows(self) -> Any:
        """A row for each parcel that was done. What is made goes to the disk, and none of it
        through Ray."""
        import ray.data
        from ray.util.annotations import RayDeprecationWarning

        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = context.print_on_execution_start = False
        size, parts = self._size, batched(self._photos, self._size.parcel, strict=False)
        parcels = [{"parcel": n, "photos": packed(part)} for n, part in enumerate(parts)]
        with warnings.catch_warnings():
            # How often it may end is told by words that a later Ray calls otherwise.
            warnings.simplefilter("ignore", RayDeprecationWarning)
            return ray.data.from_items(parcels, override_num_blocks=len(parcels)).map(
                Worker,
                fn_constructor_args=self._words(),
                compute=ray.data.ActorPoolStrategy(size=size.workers),
                num_cpus=size.cores,
                num_gpus=size.cards,
                memory=size.memory,
                max_restarts=_RESTARTS,
                # Each photo of a parcel may end the process so often, and is then given up.
                max_task_retries=TRIES * size.parcel + 2,
                runtime_env=environment(size.cores),
            )

    def _words(self) -> tuple[Any, ...]:
        wishes, manifest = self._wishes, self._manifest
        if wishes.device == "auto" and not self._size.cards and "mps" not in offered():
            wishes = replace(wishes, device="cpu")  # a card that is there is somebody else's
        path = "" if is_address(manifest.out) else str(manifest.base.path)
        cards = bool(self._size.cards)
        return self._keeper, wishes.told(), manifest.pieces, path, str(Path.cwd()), cards


@contextmanager
def _rays_errors() -> Iterator[None]:
    """Ray's own errors in a sentence. Those of the program that it carried are as they were."""
    from ray.exceptions import RayError

    try:
        yield
    except TooSmall as error:
        raise ClusterFailed(str(error)) from error
    except RayError as error:
        told = f"The cluster ended the work: {first_line(error)}"
        raise ClusterFailed(f"{told} The next run goes on from there.") from error


@contextmanager
def _unless_gone() -> Iterator[None]:
    """Where the keeper's process has ended, there is nothing more to be done."""
    from ray.exceptions import RayError

    with suppress(RayError):
        yield
