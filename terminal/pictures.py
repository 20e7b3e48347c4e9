"""One picture for each photo: blurred, on another background, or cut out."""

from collections.abc import Sequence
from pathlib import Path

from compositing.arrays import Photo
from models.running.pool import Pool
from photos.cut import Bits, Cut
from photos.finishing import finished
from photos.look import LookOf
from photos.rendering import Kind
from terminal.depths import Depths
from terminal.files import Target
from terminal.progress import Bar
from terminal.request import Request
from terminal.work import NoResult, cut_all

_FLOOR = Depths()


def save_each(
    photos: Sequence[Path],
    request: Request,
    look_of: LookOf,
    target: Target,
    ending: str,
    *,
    keep_gps: bool,
    kind: Kind = "composite",
    bits: Bits = 8,
    depths: Depths = _FLOOR,
) -> list[NoResult]:
    """Write the pictures, by default composites, called after their photos with `ending`, and print
    their paths. Returns what failed. Raises BadParameter where one would overwrite its photo."""
    results = dict(zip(photos, target.of(photos, ending), strict=True))
    bar, pool = Bar(len(photos) * len(request.rows)), Pool()
    telling = depths.begin(photos, bar, pool)

    def keep(path: Path, pixels: Photo, cut: Cut) -> None:
        look = telling.look(look_of(cut.photo), path, cut.photo, pixels)
        file = finished(cut, look, kind, target.format, pixels=pixels, keep_gps=keep_gps, bits=bits)
        target.deliver(results[path], file.data)
        for note in file.notes:
            bar.tell(note)

    return cut_all(photos, request, keep, pool, bar)
