"""Orders of ours, from the body that brings one to what comes of it."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

from starlette.requests import Request

from compositing.arrays import Alpha, Photo
from models.catalog import ModelSpec
from models.painter import Wish
from models.running.jobs import Job, nothing
from models.running.pool import shared_pool
from photos.cut import Cut
from photos.depth import Seen, depth_of
from photos.look import final_alpha
from photos.painting import Painting, paint
from photos.photo import PhotoFile
from serving.bodies import Body
from serving.fetching import fetched
from serving.native.answers import Result, made
from serving.native.orders import BEHIND, DEPTH_MAP, PHOTO, URL, Order, Verb, order_of
from serving.pixels import at_hand
from serving.work import Then, aside, cut_all, opened

ENCODED = {PHOTO: "photo", DEPTH_MAP: "depth_map"}
"""What JSON holds as base64."""


async def order_in(request: Request, verb: Verb, body: Body) -> tuple[Order, list[PhotoFile]]:
    """The order in a body that was read, and its photos. Raises Refusal and what `opened` does."""
    places = {URL: PHOTO}
    if body.word(BEHIND).startswith(("http://", "https://")):
        places[BEHIND] = BEHIND
    await fetched(request, body, places)
    order = await aside(order_of, verb, body)
    return order, await opened(request, order.files)


async def carried_out(
    request: Request,
    order: Order,
    photos: Sequence[PhotoFile],
    seconds: float | None = None,
    watch: Callable[[Job], object] = nothing,
) -> tuple[Result, int]:
    """What came of it, and how many jobs went before. seconds, watch: as `cut_all` takes them,
    whose errors it raises, and the ModelErrors of what failed."""
    outcomes, ahead = await cut_all(request, photos, order.asked, _thens(order), seconds, watch)
    return await aside(made, order, outcomes), ahead


def _thens(order: Order) -> list[Then]:
    """The depth of each photo, which the pool keeps for its other cuts; or the paintings behind
    each cut, whose photo is decoded once for all of them."""
    if spec := order.depth:
        return [Then(spec, functools.partial(_seen, order, spec))]
    painting = order.painting
    if painting is None:
        return []

    @functools.lru_cache(maxsize=1)
    def ready(cut: Cut) -> tuple[Photo, Alpha]:
        return cut.photo.pixels(), final_alpha(cut, order.look_of(cut.photo))

    def painted(wish: Wish, cut: Cut, job: Job) -> Painting:
        return paint(
            shared_pool(), painting.painter, cut, *ready(cut), wish, order.asked.device,
            step=functools.partial(_tell, job), progress=job.report, check=job.check,
        )  # fmt: skip

    return [Then(painting.painter, functools.partial(painted, wish)) for wish in painting.wishes]


def _seen(order: Order, spec: ModelSpec, cut: Cut, job: Job) -> Seen:
    device = order.asked.device
    return depth_of(
        cut.photo, spec, device,
        pool=shared_pool(), pixels=at_hand(cut.photo), progress=job.report, check=job.check,
    )  # fmt: skip


def _tell(job: Job, done: int, total: int) -> Any:
    job.detail, job.part = f"· step {done} of {total}", done / total
