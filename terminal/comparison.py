"""Every model on every photo, in one folder that holds what the page's ZIP holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typer import echo

import compositing
from compositing.arrays import Photo
from evaluation.agreement import agreement
from evaluation.steadiness import steadiness_of
from models import catalog
from models.catalog import ModelSpec
from models.running.pool import Pool
from photos.counts import counted
from photos.cut import Cut
from photos.cutting import input_cut
from photos.describing import as_json
from photos.export import save_cut
from photos.look import LookOf
from photos.names import RESULTS, folders_of
from photos.recipes.strokes import ENDING, StrokesFile
from photos.retouching import retouched
from photos.saving import write
from terminal import tables
from terminal.depths import Depths, Telling
from terminal.gathering import named
from terminal.judging import Judging, told
from terminal.progress import Bar
from terminal.request import Request
from terminal.work import NoAgreement, NoResult, cut_all


def compare(
    photos: Sequence[Path],
    request: Request,
    look_of: LookOf,
    output: Path,
    judging: Judging,
    *,
    keep_gps: bool,
    depths: Depths,
) -> list[NoResult]:
    """Write matte, cutout and composite of each photo by each model, and of the photo's own
    transparency if it has some, and one results.json; print the timings. Returns what failed.
    Raises WriteFailed if results.json can't be written."""
    compositing.warm_up()  # the first composite shouldn't be timed with it
    folders = dict(zip(photos, folders_of(photo.name for photo in photos), strict=True))
    bar, pool = Bar(len(photos) * len(request.rows)), Pool()
    telling = depths.begin(photos, bar, pool)
    work = _Comparison(look_of, telling, output, judging, keep_gps, folders, bar, pool)
    failures = cut_all(photos, request, work.keep, pool, bar, work.finish)
    failed = [
        {"photo": failure.photo.name, "model": failure.model, "error": failure.reason}
        for failure in failures
    ]
    results = work.results
    write(output / RESULTS, as_json([*results, *failed]))
    print(output / RESULTS)
    if results:
        tables.show(tables.timings(results))
    older = _older(output, request.rows, {name for result in results for name in result["files"]})
    if older:
        count = counted(len(older), "file")
        there = f"“{output}” also holds {count} of earlier runs: {named(older)}."
        echo(f"{there} {RESULTS} tells only of this one.", err=True)
    return failures


@dataclass
class _Comparison:
    """What is written of each cut. results: what results.json tells of them; cuts: those of the
    photo at hand, with what is told of each."""

    look_of: LookOf
    telling: Telling
    output: Path
    judging: Judging
    keep_gps: bool
    folders: Mapping[Path, str]
    bar: Bar
    pool: Pool
    results: list[dict[str, Any]] = field(default_factory=list)
    cuts: list[tuple[Cut, dict[str, Any]]] = field(default_factory=list)
    _told: set[str] = field(default_factory=set)
    _with_own: set[Path] = field(default_factory=set)

    def keep(self, path: Path, pixels: Photo, cut: Cut) -> None:
        result = self._save(path, pixels, cut)
        if path not in self._with_own:
            self._with_own.add(path)
            if own := input_cut(cut.photo):
                self._save(path, pixels, _painted_as(cut, own))
            if cut.strokes:
                file = StrokesFile.of(cut.photo, cut.strokes)
                write(self.output / self.folders[path] / ENDING, file.data())
        self.cuts.append((cut, result))
        if self.judging.steadiness and not cut.spec.foreign:  # which can't be run

            def step(done: int, total: int) -> None:
                again = f"changed, {done + 1} of {total}"
                self.bar.doing(f"{path.name} · {cut.spec.label} · {again}")

            result["steadiness"] = told(steadiness_of(cut, self.pool, pixels=pixels, step=step))

    def finish(self, path: Path, pixels: Photo) -> None:
        """All that could be cut of a photo is there. Raises NoAgreement."""
        cuts, self.cuts = self.cuts, []
        if not self.judging.consensus:
            return
        agreed = agreement([cut for cut, _ in cuts])
        if agreed is None:
            raise NoAgreement("A consensus needs models of two families that found a subject.")
        for cut, result in cuts:
            if cut.own.key in agreed.apart:
                result["apart"] = round(agreed.apart[cut.own.key], 5)
        self._save(path, pixels, _painted_as(cuts[0][0], agreed.cut))

    def _save(self, path: Path, pixels: Photo, cut: Cut) -> dict[str, Any]:
        def put(name: str, data: bytes) -> None:
            write(self.output / name, data)

        look, folder = self.look_of(cut.photo), self.folders[path]
        look = self.telling.look(look, path, cut.photo, pixels)
        result = save_cut(cut, pixels, look, folder, put, keep_gps=self.keep_gps)
        self.results.append(result)
        for note in result["notes"][len(cut.notes) :]:  # a model's own have been told
            if (line := f"{path}: {note}") not in self._told:  # the same of every model
                self.bar.tell(note)
            self._told.add(line)
        return result


def _painted_as(cut: Cut, other: Cut) -> Cut:
    """Another cut of the photo, with what was painted on this one."""
    return retouched(other, cut.strokes, patches=cut.retouch.patches if cut.retouch else ())


def _older(output: Path, rows: Sequence[ModelSpec], new: set[str]) -> list[str]:
    """The files there that are called as a comparison's are, but for the new ones."""
    no_models = catalog.INPUT_ALPHA, catalog.CONSENSUS
    models = tuple(f"{spec.name}_" for spec in (*catalog.everything(), *no_models, *rows))
    found = (path for path in output.glob("*/*") if path.name.startswith(models))
    return sorted({path.relative_to(output).as_posix() for path in found} - new)
