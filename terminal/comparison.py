"""Every model on every photo, in one folder that holds what the page's ZIP holds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from typer import echo

import compositing
from compositing.arrays import Photo
from models import catalog
from models.running.stages import recording
from photos.cutting import Cut
from photos.export import RESULTS, as_json, describe, folders_of, save
from photos.look import LookOf
from terminal import tables
from terminal.files import write
from terminal.gathering import named
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

    def keep(path: Path, pixels: Photo, cut: Cut) -> None:
        look = look_of(cut.photo)
        with recording() as record:
            names = save(
                cut,
                pixels,
                look,
                folders[path],
                lambda name, data: write(output / name, data),
                keep_gps=keep_gps,
            )
        cut.seconds.update(record.seconds)
        results.append(describe(cut, look, names))

    failures = cut_all(photos, request, keep)
    failed = [
        {"photo": failure.photo.name, "model": failure.model, "error": failure.reason}
        for failure in failures
    ]
    write(output / RESULTS, as_json([*results, *failed]))
    print(output / RESULTS)
    if results:
        tables.show(tables.timings(results))
    older = _older(output, {name for result in results for name in result["files"]})
    if older:
        count = f"{len(older)} file{'s' * (len(older) != 1)}"
        told = f"“{output}” also holds {count} of earlier runs: {named(older)}."
        echo(f"{told} {RESULTS} tells only of this one.", err=True)
    return failures


def _older(output: Path, new: set[str]) -> list[str]:
    """The files there that are called as a comparison's are, but for the new ones."""
    models = tuple(f"{spec.name}_" for spec in catalog.everything())
    found = (path for path in output.glob("*/*") if path.name.startswith(models))
    return sorted({path.relative_to(output).as_posix() for path in found} - new)
