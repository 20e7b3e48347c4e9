"""What requests ask for, done: models in the lanes that the page uses, files beside them."""

import asyncio
import functools
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.requests import Request

from compositing.strokes import Stroke
from models.catalog import ModelSpec
from models.interface import Cancelled, ModelError
from models.running.devices import threads
from models.running.failures import outward
from models.running.jobs import Job, Key, Step, nothing
from models.running.lanes import give_way, shared_workers
from models.running.placing import every_lane, lane_of
from models.running.pool import shared_pool
from photos.cut import Cut
from photos.cutting import cut_out
from photos.inside import check_inside
from photos.photo import PhotoError, PhotoFile
from photos.retouching import retouched
from serving.bodies import File
from serving.errors import Refusal
from serving.pixels import at_hand, open_file
from terminal.request import Request as Asked

log = logging.getLogger(__name__)

QUEUE = 64
"""Jobs in a lane from which on the API adds none; one caller may have half of them there."""
SECONDS = 300.0
"""A request takes no longer, its wait in the lane included."""
KEPT = 110.0
"""Seconds after which what models made of a photo is dropped, if nobody asks for it again."""


@dataclass(frozen=True)
class Then:
    """What another model does with each cut, in a turn of its own. run: gets the cut and the job,
    whose `check` it calls now and then."""

    spec: ModelSpec
    run: Callable[[Cut, Job], Any]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of a photo by a model. cut: None if there is an error instead of it. made: what
    came of the cut then; where that failed, the error is there beside the cut."""

    photo: PhotoFile
    spec: ModelSpec
    cut: Cut | None
    error: ModelError | None
    made: Sequence[Any] = ()


class Arrival:
    """A request for work that has been let in, and whose job has no place in a lane yet. Raises
    Full if there will be none for it: that's asked before its body is read, since reading and
    opening a photo waits behind the files of those whose turn it is."""

    _coming: ClassVar[list["Arrival"]] = []

    def __init__(self, caller: str) -> None:
        self.name = f"api {caller}"
        coming = [each.name for each in self._coming]
        shared_workers().check_room(every_lane(), self.name, QUEUE, coming)
        self._coming.append(self)

    def over(self) -> None:
        """Its job has its place, or there won't be one."""
        if self in self._coming:
            self._coming.remove(self)


async def opened(request: Request, files: Sequence[File]) -> list[PhotoFile]:
    """The body must have been read. Raises PhotoError for the first that can't be, and Cancelled
    once the client has gone."""
    photos = []
    for file in files:
        if await request.is_disconnected():
            raise Cancelled
        photos.append(await aside(open_file, file))
    return photos


async def cut_all(
    request: Request,
    photos: Sequence[PhotoFile],
    asked: Asked,
    thens: Sequence[Then] = (),
    seconds: float | None = None,
    watch: Callable[[Job], object] = nothing,
) -> tuple[list[Outcome], int]:
    """Each photo by each model, and how many jobs went before. thens: what is done with each cut.
    seconds: after which it's given up, the wait in the lane included; None: SECONDS. watch: called
    with the job once it's in the lane. Raises PhotoError if the prompt is about another photo,
    Full, Cancelled once the client has gone, and Refusal after these seconds."""
    for photo in photos:
        check_inside(asked.prompt, photo)
    strokes = [asked.strokes.on(photo, lone=len(photos) == 1) for photo in photos]
    if left := asked.strokes.left_over([photo.sha256 for photo in photos]):
        raise PhotoError(" ".join(left))
    chains = [
        _Chain(
            str(number),
            photo,
            spec,
            asked,
            strokes[number],
            alone=len(photos) * len(asked.specs) == 1,
        )
        for number, photo in enumerate(photos)
        for spec in asked.specs
    ]
    steps = [step for chain in chains for step in chain.steps(thens)]
    lane = lane_of([*asked.specs, *(then.spec for then in thens)], asked.device)
    found, ahead = await in_lane(request, steps, lane, seconds, watch)
    outcomes = [chain.outcome(found, thens) for chain in chains]
    for outcome in outcomes:
        if outcome.error and outward(outcome.error) != str(outcome.error):
            log.error("%s", outcome.error)
    return outcomes, ahead


async def one_cut(request: Request, photo: PhotoFile, asked: Asked) -> Cut:
    """Of a photo by a model. Raises what `cut_all` does, and the ModelError if it failed."""
    (outcome,), _ = await cut_all(request, [photo], asked)
    if outcome.cut is None:
        assert outcome.error
        raise outcome.error
    return outcome.cut


@dataclass(eq=False)
class _Chain:
    """A photo is cut, then something is done with the cut. After a step that failed, the others
    have nothing to do. alone: no other cut is waited for, and this one needn't be packed."""

    number: str
    photo: PhotoFile
    spec: ModelSpec
    asked: Asked
    strokes: tuple[Stroke, ...]
    alone: bool
    cut: Cut | None = None

    def steps(self, thens: Sequence[Then]) -> list[Step]:
        first = Step(self._key(), self.spec.label, self._cut, alone=bool(thens))
        return [first, *(self._following(place, then) for place, then in enumerate(thens, 1))]

    def outcome(self, found: Mapping[Key, Any], thens: Sequence[Then]) -> Outcome:
        keys = [self._key(), *(self._key(place, then) for place, then in enumerate(thens, 1))]
        cut, *made = (found[key] for key in keys)
        error = next((each for each in (cut, *made) if isinstance(each, ModelError)), None)
        return Outcome(self.photo, self.spec, cut if isinstance(cut, Cut) else None, error, made)

    def _key(self, place: int = 0, then: Then | None = None) -> Key:
        """Unique, and with the name of the model that works. All cuts of a photo are one turn."""
        if then is None:
            return self.number, self.spec.name
        return f"{self.number} {self.spec.name} {place}", then.spec.name

    def _cut(self, job: Job) -> Cut:
        made = cut_out(
            self.photo, self.spec, self.asked.heard(self.spec), self.asked.device,
            pool=shared_pool(), pixels=at_hand(self.photo), refiner=self.asked.refiner,
            packing=not self.alone, progress=job.report, check=job.check, bits=self.asked.bits,
        )  # fmt: skip
        self.cut = retouched(made, self.strokes)
        return self.cut

    def _following(self, place: int, then: Then) -> Step:
        def run(job: Job) -> Any:
            cut, self.cut = self.cut, None  # it's there again if nothing goes wrong
            made = cut and then.run(cut, job)
            self.cut = cut
            return made

        return Step(self._key(place, then), then.spec.label, run, alone=True)


async def in_lane(
    request: Request,
    steps: Sequence[Step],
    lane: str,
    seconds: float | None = None,
    watch: Callable[[Job], object] = nothing,
) -> tuple[dict[Key, Any], int]:
    """What the steps returned, or the ModelErrors that ended them; and how many jobs went before.
    seconds, watch: as `cut_all` takes them. The body must have been read. Raises Full, Cancelled or
    Refusal."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    found: dict[Key, Any] = {}

    def tell() -> None:
        with suppress(RuntimeError):  # the loop is closed: the server has stopped
            loop.call_soon_threadsafe(ended.set)

    caller = f"api {request.scope.get('caller', '')}"
    job = Job(steps, lambda: True, found.__setitem__, tell, caller)
    if arrival := request.scope.get("arrival"):
        arrival.over()
    shared_workers().submit(job, lane, QUEUE)
    watch(job)
    ahead, most = job.ahead, SECONDS if seconds is None else seconds
    try:
        async with asyncio.timeout(most):
            await while_wanted(request, ended.wait())
    except TimeoutError:
        told = f"It took more than {most:.0f} seconds. Send fewer or smaller photos, or wait."
        raise Refusal(504, told) from None
    finally:
        job.cancel()
        loop.call_later(KEPT, _forget_photos)
    if len(found) < len(steps):
        raise Cancelled
    return found, ahead


async def while_wanted[Made](request: Request, work: Coroutine[Any, Any, Made]) -> Made:
    """What the work gives; it's stopped once the client has hung up, and Cancelled raised. The
    body must have been read."""
    doing, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({doing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not doing.done():
            raise Cancelled
        return doing.result()
    finally:
        doing.cancel()
        leaving.cancel()


def _forget_photos() -> None:
    with suppress(RuntimeError):  # the server has stopped
        _files().submit(shared_pool().forget_photos, KEPT)


async def _gone(request: Request) -> None:
    """Returns once the client has hung up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def aside[Made](work: Callable[..., Made], *told: Any) -> Made:
    """What `work(*told)` makes, outside the lanes and the server's loop: files are read and
    written while the next photo has the device, a few at a time."""
    call = functools.partial(work, *told)
    return await asyncio.get_running_loop().run_in_executor(_files(), call)


@functools.cache
def _files() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads(), thread_name_prefix="files", initializer=give_way)
