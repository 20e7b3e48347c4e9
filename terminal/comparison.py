"""Every model on every photo, in one folder that holds what the page's ZIP holds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import compositing
from compositing.arrays import Photo
from photos.cutting import Cut
from photos.export import RESULTS, as_json, folders_of, save_cut
from photos.look import LookOf
from terminal import tables
from terminal.files import write
from terminal.progress import Bar
from terminal.request import Request
from terminal.work import NoResult, cut_all


def compare(
    photos: Sequence[Path], request: Request, look_of: LookOf, output: Path, *, keep_gps: bool
) -> list[NoResult]:
    """Write matte, cutout and composite of each photo by each model, and one results.json; print
    the timings. Returns what failed. Raises WriteFailed if results.json can't be written."""
    compositing.warm_up()  # the first composite shouldn't be timed with it
    folders = dict(zip(photos, folders_of(photo.name for photo in photos), strict=True))
    results: list[dict[str, Any]] = []
    bar, told = Bar(len(photos) * len(request.specs)), set[tuple[Path, str]]()

    def keep(path: Path, pixels: Photo, cut: Cut) -> None:
        results.append(
            save_cut(
                cut,
                pixels,
                look_of(cut.photo),
                folders[path],
                lambda name, data: write(output / name, data),
                keep_gps=keep_gps,
            )
        )
        for note in results[-1]["notes"][len(cut.notes) :]:  # a model's own have been told
            if (path, note) not in told:  # the same of every model
                bar.tell(note)
            told.add((path, note))

    failures = cut_all(photos, request, keep, bar=bar)
    failed = [
        {"photo": failure.photo.name, "model": failure.model, "error": failure.reason}
        for failure in failures
    ]
    write(output / RESULTS, as_json([*results, *failed]))
    print(output / RESULTS)
    if results:
        tables.show(tables.timings(results))
    return failures
