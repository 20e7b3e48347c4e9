"""The verb `batch`: folders of any size, each photo done once."""

import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, NoReturn

import psutil
from typer import Argument, BadParameter, Exit, echo

from models.catalog import ModelSpec
from models.hub import weights
from models.hub.errors import download_size, readable
from models.interface import DeviceMissing, LoadFailed
from photos.batch.accounts import failures, write_failures
from photos.batch.base import BadManifest
from photos.batch.cluster.driving import ClusterBatch
from photos.batch.cluster.joining import ClusterFailed, check, joined
from photos.batch.estimate import Estimate, estimate
from photos.batch.listing import Listing
from photos.batch.manifest import Manifest
from photos.batch.memory import keep_memory
from photos.batch.pieces import Piece, pieces_of
from photos.batch.running import Batch
from photos.batch.settled import Settled
from photos.batch.wishes import Wishes
from terminal import options as o
from terminal.behind import Blurring, Setting
from terminal.framing import Framing
from terminal.going import Going
from terminal.recipe import Recipe
from terminal.reporting import Reporter, duration, facts, summary
from terminal.request import ask
from terminal.strokes import Strokes, drawn
from terminal.wishing import Making, bring, listing_of, tell_skipped, wishes_of
from terminal.work import NoResult

LOOK_AGAIN = 2.0
"""Seconds between two looks into folders that are watched."""


def batch(
    photos: Annotated[
        list[str],
        Argument(
            metavar="IN...",
            help="Folders with all that is in them; photos; patterns such as 'a/**/*.jpg'; a .txt "
            "or .csv that lists paths.",
        ),
    ],
    output: Annotated[
        Path, Argument(metavar="OUT", help="The folder for results; made if it isn't there.")
    ],
    *,
    making: Making,
    setting: Setting,
    blurring: Blurring,
    edges: o.Edges = None,
    framing: Framing,
    subject: o.Subject,
    strokes: Strokes = None,
    keep_gps: o.KeepGps = False,
    recipe: Recipe = None,
    going: Going,
    running: o.Running,
) -> list[NoResult]:
    """Each photo of large folders, once: stopped at any time, the next run goes on from there.

    OUT keeps the folders of IN: june/a.jpg becomes june/a_cutout.png. batch.sqlite there tells what
    is done; what failed stands in failures.csv, and the exit code is 1.
    """
    keep_memory()
    listing = listing_of(photos, output, going.shard)
    if going.dry_run and going.watch:
        raise BadParameter("It tells once: leave one of them out.", param_hint="--dry-run, --watch")
    if going.ray and (going.dry_run or going.watch):
        told = "A cluster works through what is there: leave --dry-run and --watch out."
        raise BadParameter(told, param_hint="--ray")
    request = ask(making.models, subject, running, strokes=drawn(strokes))
    wishes = wishes_of(
        making, request, blurring, setting, edges, framing,
        keep_gps=keep_gps, by_recipe=recipe is not None,
    )  # fmt: skip
    try:
        if going.ray:
            check(going.ray)
        if not going.dry_run:
            bring(request.specs, quiet=going.quiet or going.json)
        pieces = pieces_of(wishes)
        if going.dry_run:
            missing = [spec for spec in request.specs if weights.awaits_download(spec)]
            return _tell_estimate(wishes, pieces, listing, output, going, missing)
        name = going.file("batch", ".sqlite")
        with (
            _terminable(),
            Manifest(output, pieces, name, retry_failed=going.retry_failed) as manifest,
        ):
            return _carry_out(wishes, manifest, listing, going)
    except (LoadFailed, DeviceMissing, BadManifest, ClusterFailed) as error:
        echo(str(error), err=True)
        raise Exit(1) from error


def _carry_out(
    wishes: Wishes, manifest: Manifest, listing: Listing, going: Going
) -> list[NoResult]:
    settled, csv = Settled(), going.file("failures", ".csv")
    with (
        joined(going.ray) if going.ray else nullcontext(),
        Reporter(listing, quiet=going.quiet, as_json=going.json) as reporter,
    ):
        work = (ClusterBatch if going.ray else Batch)(wishes, manifest, reporter.hear)
        reporter.tally = work.tally
        try:
            while True:
                start, before = time.monotonic(), work.tally.now
                work.over(settled.among(listing) if going.watch else listing)
                manifest.retry_failed = False  # once
                if not going.watch:
                    break
                if work.tally.now > before:
                    write_failures(manifest, csv)
                # Looks into a large folder leave the machine as much time as they take.
                time.sleep(max(LOOK_AGAIN, time.monotonic() - start))
        except KeyboardInterrupt:
            if not going.json:
                echo(f"Stopped: {summary(work.tally)} The next run goes on from there.", err=True)
            raise
        finally:
            write_failures(manifest, csv)
    return _end(work, manifest, listing, going)


def _end(
    work: Batch | ClusterBatch, manifest: Manifest, listing: Listing, going: Going
) -> list[NoResult]:
    if going.json:
        Reporter.line(facts(work.tally))
    elif not going.quiet:
        tell_skipped(listing)
        echo(summary(work.tally))
    failed = [NoResult(Path(each.photo), each.model, each.error) for each in failures(manifest)]
    if not work.tally.looked_at and not going.shard:  # of few photos, some parts are empty
        echo("There are no photos there that can be read.", err=True)
        raise Exit(1)
    if failed and not going.json:
        told = f"What failed stands in “{manifest.out / going.file('failures', '.csv')}”."
        echo(f"{told} --retry-failed tries it again.", err=True)
    return failed


def _tell_estimate(
    wishes: Wishes,
    pieces: Sequence[Piece],
    listing: Listing,
    output: Path,
    going: Going,
    missing: Sequence[ModelSpec],
) -> list[NoResult]:
    """Nothing is written, not even the manifest. missing: models that are yet to be downloaded."""
    name = going.file("batch", ".sqlite")
    with TemporaryDirectory() as empty:
        out = output if (output / name).is_file() else Path(empty)
        with Manifest(out, pieces, name, retry_failed=going.retry_failed) as manifest:
            told = estimate(wishes, manifest, listing, trying=not missing)
    if going.json:
        Reporter.line(asdict(told))
        return []
    tell_skipped(listing)
    echo(_in_words(told, output))
    for spec in missing:
        echo(f"{spec.label} is yet to be downloaded: {download_size(spec)}.")
    return []


def _in_words(told: Estimate, output: Path) -> str:
    others = [f"{count} {state}" for state, count in told.states.items() if state != "open"]
    before = f" ({', '.join(others)})" if others else ""
    sentences = [f"{told.photos} photos to do, {told.files} files{before}."]
    if told.seconds is not None:
        how = f"as {told.tried} of them took" if told.tried else "as earlier runs took"
        sentences.append(f"About {duration(told.seconds)}, {how}.")
    if told.bytes is not None:
        place = next(each for each in (output, *output.absolute().parents) if each.exists())
        free = psutil.disk_usage(str(place)).free
        sentences.append(f"About {readable(int(told.bytes))}; {readable(free)} are free.")
        if told.bytes > free:
            sentences.append("That isn't enough: make room, or name another folder.")
    return " ".join(sentences)


@contextmanager
def _terminable() -> Iterator[None]:
    """Who ends it politely, as a cluster does, is as good as Ctrl-C: what is half done is given
    back."""

    def stop(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
