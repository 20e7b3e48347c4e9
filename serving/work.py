"""What requests ask for, done: models in the lanes that the page uses, files beside them."""

import asyncio
import functools
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from models.catalog import ModelSpec
from models.interface import Cancelled, ModelError
from models.running.devices import threads
from models.running.failures import outward
from models.running.jobs import Job, Key, Step
from models.running.lanes import give_way, shared_workers
from models.running.placing import lane_of
from models.running.pool import shared_pool
from photos.cut import Cut
from photos.cutting import cut_out
from photos.photo import PhotoFile
from photos.reading import open_photo
from serving.bodies import File
from serving.errors import Refusal
from terminal.request import Request as Asked
from terminal.work import check_inside

log = logging.getLogger(__name__)

QUEUE = 64
"""Jobs in a lane from which on the API adds none; one caller may have half of them there."""

SECONDS = 300.0
"""A request takes no longer, its wait in the lane included."""

KEPT = 110.0
"""Seconds after which what models made of a photo is dropped, if nobody asks for it again."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of a photo by a model; exactly one of cut and error is there."""

    photo: PhotoFile
    spec: ModelSpec
    cut: Cut | None
    error: ModelError | None


async def opened(request: Request, files: Sequence[File]) -> list[PhotoFile]:
    """The body must have been read. Raises PhotoError for the first that can't be, and Cancelled
    once the client has gone."""
    photos = []
    for file in files:
        if await request.is_disconnected():
            raise Cancelled
        photos.append(await aside(open_photo, file.data, file.name))
    return photos


async def cut_all(
    request: Request, photos: Sequence[PhotoFile], asked: Asked
) -> tuple[list[Outcome], int]:
    """Each photo by each model, and how many jobs went before. Raises PhotoError if the prompt is
    about another photo, Full, Cancelled once the client has gone, and Refusal after SECONDS."""
    for photo in photos:
        check_inside(asked.prompt, photo)
    steps = [
        Step((str(number), spec.name), spec.label, functools.partial(_cut, photo, spec, asked))
        for number, photo in enumerate(photos)
        for spec in asked.specs
    ]
    lane = lane_of(asked.specs, asked.device)
    found, ahead = await in_lane(request, steps, lane)
    outcomes = []
    for number, photo in enumerate(photos):
        for spec in asked.specs:
            made = found[str(number), spec.name]
            cut, error = (made, None) if isinstance(made, Cut) else (None, made)
            if error and outward(error) != str(error):
                log.error("%s", error)
            outcomes.append(Outcome(photo, spec, cut, error))
    return outcomes, ahead


def _cut(photo: PhotoFile, spec: ModelSpec, asked: Asked, job: Job) -> Cut:
    return cut_out(
        photo, spec, asked.heard(spec), asked.device, pool=shared_pool(),
        refiner=asked.refiner, progress=job.report, check=job.check, bits=asked.bits,
    )  # fmt: skip


async def in_lane(request: Request, steps: Sequence[Step], lane: str) -> tuple[dict[Key, Any], int]:
    """What the steps returned, or the ModelErrors that ended them; and how many jobs went before.
    The body must have been read. Raises Full, Cancelled or Refusal."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    found: dict[Key, Any] = {}

    def tell() -> None:
        with suppress(RuntimeError):  # the loop is closed: the server has stopped
            loop.call_soon_threadsafe(ended.set)

    caller = f"api {request.scope.get('caller', '')}"
    job = Job(steps, lambda: True, found.__setitem__, tell, caller)
    shared_workers().submit(job, lane, QUEUE)
    ahead = job.ahead
    done, leaving = asyncio.ensure_future(ended.wait()), asyncio.ensure_future(_gone(request))
    try:
        async with asyncio.timeout(SECONDS):
            await asyncio.wait({done, leaving}, return_when=asyncio.FIRST_COMPLETED)
    except TimeoutError:
        told = f"It took more than {SECONDS:.0f} seconds. Send fewer or smaller photos, or wait."
        raise Refusal(504, told) from None
    finally:
        done.cancel()
        leaving.cancel()
        job.cancel()
        loop.call_later(KEPT, _forget_photos)
    if len(found) < len(steps):
        raise Cancelled
    return found, ahead


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
