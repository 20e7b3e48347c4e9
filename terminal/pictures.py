"""One picture for each photo: blurred, on another background, or cut out."""

from collections.abc import Sequence
from pathlib import Path

from compositing.arrays import Photo
from photos.cutting import Cut
from photos.export import encode
from photos.look import LookOf, picture
from terminal.files import Target
from terminal.request import Request
from terminal.work import NoResult, cut_all


def save_each(
    photos: Sequence[Path],
    request: Request,
    look_of: LookOf,
    target: Target,
    ending: str,
    *,
    keep_gps: bool,
) -> list[NoResult]:
    """Write the pictures, called after their photos with `ending`, and print their paths. Returns
    what failed. Raises BadParameter where one would overwrite its photo."""
    results = dict(zip(photos, target.of(photos, ending), strict=True))

    def keep(path: Path, pixels: Photo, cut: Cut) -> None:
        image = picture(cut, pixels, look_of(cut.photo))
        data = encode(image, target.format, cut.photo, keep_gps=keep_gps)
        target.deliver(results[path], data)

    return cut_all(photos, request, keep)
