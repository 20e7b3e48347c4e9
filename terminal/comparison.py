"""Every model on every photo, in one folder that holds what the page's ZIP holds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from typer import echo

import compositing
from compositing.arrays import Photo
from models import catalog
from photos.cut import Cut
from photos.cutting import input_cut
from photos.describing import as_json
from photos.export import save_cut
from photos.look import LookOf
from photos.names import RESULTS, folders_of
from photos.saving import write
from terminal import tables
from terminal.gathering import named
from terminal.progress import Bar
from terminal.request import Request
from terminal.work import NoResult, cut_all


def compare(
    photos: Sequence[Path], request: Request, look_of: LookOf, output: Path, *, keep_gps: bool
) -> list[NoResult]:
    """Write matte, cutout and composite of each photo by each model, and of the photo's own
    transparency if it has some, and one results.json; print the timings. Returns what failed.
    Raises WriteFailed if results.json can't be written."""
    compositing.warm_up()  # the first composite shouldn't be timed with it
    folders = dict(zip(photos, folders_of(photo.name for photo in photos), strict=True))
    results: list[dict[str, Any]] = []
    bar, told, with_own = Bar(len(photos) * len(request.specs)), set[str](), set[Path]()

    def save(path: Path, pixels: Photo, cut: Cut) -> None:
        def put(name: str, data: bytes) -> None:
            write(output / name, data)

        look = look_of(cut.photo)
        results.append(save_cut(cut, pixels, look, folders[path], put, keep_gps=keep_gps))
        for note in results[-1]["notes"][len(cut.notes) :]:  # a model's own have been told
            if (line := f"{path}: {note}") not in told:  # the same of every model
                bar.tell(note)
            told.add(line)

    def keep(path: Path, pixels: Photo, cut: Cut) -> None:
        save(path, pixels, cut)
        own = None if path in with_own else input_cut(cut.photo)
        with_own.add(path)
        if own:
            save(path, pixels, own)

    failures = cut_all(photos, request, keep, bar=bar)
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
        there = f"“{output}” also holds {count} of earlier runs: {named(older)}."
        echo(f"{there} {RESULTS} tells only of this one.", err=True)
    return failures


def _older(output: Path, new: set[str]) -> list[str]:
    """The files there that are called as a comparison's are, but for the new ones."""
    models = tuple(f"{spec.name}_" for spec in (*catalog.everything(), catalog.INPUT_ALPHA))
    found = (path for path in output.glob("*/*") if path.name.startswith(models))
    return sorted({path.relative_to(output).as_posix() for path in found} - new)
