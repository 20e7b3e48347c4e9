"""Backgrounds painted from words: for each photo, one picture or several."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from typer import BadParameter

from compositing.arrays import Photo
from models import catalog
from models.catalog import ModelSpec
from models.painter import Wish, new_seed, variants
from models.running.pool import Pool
from photos.cut import Cut
from photos.finishing import finished
from photos.look import LookOf, final_alpha
from photos.painting import paint
from terminal.behind import Painting
from terminal.files import Target
from terminal.library import announce
from terminal.parsing import find_models
from terminal.progress import Bar
from terminal.request import Request
from terminal.work import NoResult, cut_all


@dataclass(frozen=True)
class Order:
    """What is painted for each photo, and which model paints it."""

    painter: ModelSpec
    wishes: tuple[Wish, ...]


def order(painting: Painting) -> Order:
    """Raises BadParameter for what can't be painted."""
    seed = new_seed() if painting.seed is None else painting.seed
    (spec,) = find_models(painting.painter, catalog.PAINTERS)
    try:
        wish = Wish(painting.prompt, painting.negative, painting.steps, painting.guidance, seed)
        wishes = variants(spec.habits.settle(wish, spec.label), painting.variants)
    except ValueError as error:
        raise BadParameter(str(error)) from error
    return Order(spec, tuple(wishes))


def generate(
    photos: Sequence[Path],
    request: Request,
    order: Order,
    look_of: LookOf,
    target: Target,
    *,
    keep_gps: bool,
) -> list[NoResult]:
    """Write a picture for each wish and photo; print the paths, and tell the seeds on stderr.
    Returns what failed."""
    results = _names(photos, order, target)
    pool, bar = Pool(), Bar(len(photos))
    announce(order.painter, bar)

    def keep(path: Path, pixels: Photo, cut: Cut) -> None:
        front = look_of(cut.photo)
        alpha = final_alpha(cut, front)
        for wish, result in zip(order.wishes, results[path], strict=True):
            bar.doing(f"{path.name} · {order.painter.label}")
            painting = paint(
                pool,
                order.painter,
                cut,
                pixels,
                alpha,
                wish,
                request.device,
                step=bar.painted,
                progress=bar.downloaded,
            )
            look = replace(front, paintings=(painting,))
            file = finished(
                cut, look, "composite", target.format,
                pixels=pixels, alpha=alpha, keep_gps=keep_gps,
            )  # fmt: skip
            target.deliver(result, file.data)
            bar.tell(f"{result.name}: --seed {wish.seed} paints it again.")
            for note in file.notes:
                bar.tell(note)

    return cut_all(photos, request, keep, pool, bar)


def _names(photos: Sequence[Path], order: Order, target: Target) -> dict[Path, list[Path]]:
    """The paths of each photo's pictures. Raises BadParameter if two would be the same."""
    count = len(order.wishes)
    if target.single and count > 1:
        raise BadParameter("For several variants, name a folder.", param_hint="--output")
    names = iter(target.of([photo for photo in photos for _ in range(count)], "generated"))
    return {photo: [next(names) for _ in range(count)] for photo in photos}
