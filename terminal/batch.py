"""The verb `batch`: folders of any size, each photo done once."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn

from typer import Argument, BadParameter, Exit, echo

from models.hub import weights
from models.interface import DeviceMissing, LoadFailed
from photos.batch.accounts import failures, write_failures
from photos.batch.base import BadManifest
from photos.batch.cluster.driving import ClusterBatch
from photos.batch.cluster.joining import ClusterFailed, check, joined
from photos.batch.doing import Done
from photos.batch.found import Found
from photos.batch.listing import Listing
from photos.batch.manifest import Manifest
from photos.batch.memory import keep_memory
from photos.batch.pieces import pieces_of
from photos.batch.running import Batch
from photos.batch.settled import Settled
from photos.batch.stores.address import StoreFailed, is_address
from photos.batch.stores.keeping import Kept, kept
from photos.batch.wishes import Wishes
from terminal import options as o
from terminal.behind import Blurring, Setting
from terminal.depths import depth_model
from terminal.elsewhere import Matte
from terminal.foreseeing import tell_estimate
from terminal.framing import Framing
from terminal.going import Going
from terminal.recipe import Recipe
from terminal.reporting import Reporter, facts, summary, tell_empty, tell_skipped
from terminal.request import ask
from terminal.strokes import Strokes, drawn
from terminal.wishing import (
    Making,
    bring,
    listing_of,
    mattes_of,
    wishes_of,
)
from terminal.work import NoResult

LOOK_AGAIN = 2.0
"""Seconds between two looks into folders that are watched."""


def batch(
    photos: Annotated[
        list[str],
        Argument(
            metavar="IN...",
            help="Folders with all that is in them; photos; patterns such as 'a/**/*.jpg'; a .txt "
            "or .csv that lists paths; folders and photos in a store, s3://bucket/folder or gs://.",
        ),
    ],
    output: Annotated[
        str,
        Argument(
            metavar="OUT",
            help="The folder for results, made if it isn't there; or one in a store.",
        ),
    ],
    *,
    making: Making,
    matte: Matte = None,
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
    if going.ray and going.watch:
        told = "A cluster works through what is there: leave --watch out."
        raise BadParameter(told, param_hint="--ray")
    tool, mattes = mattes_of(matte, listing)
    listing = replace(listing, mattes=mattes)
    request = ask(
        making.models, subject, running,
        tool=tool, depth=depth_model(blurring), strokes=drawn(strokes),
    )  # fmt: skip
    wishes = wishes_of(
        making, request, blurring, setting, edges, framing,
        keep_gps=keep_gps, by_recipe=recipe is not None,
    )  # fmt: skip
    specs = [*request.specs, *filter(None, [wishes.depth_model])]
    try:
        if going.ray:
            check(going.ray)
        if not going.dry_run:
            bring(specs, quiet=going.quiet or going.json)
        pieces = pieces_of(wishes)
        if going.dry_run:
            missing = [spec for spec in specs if weights.awaits_download(spec)]
            return tell_estimate(wishes, pieces, listing, output, going, missing)
        name = going.file("batch", ".sqlite")
        with (
            _terminable(),
            kept(output, name, _tell) if is_address(output) else nullcontext() as held,
            Manifest(
                output,
                pieces,
                name,
                file=held.file if held else None,
                retry_failed=going.retry_failed,
            ) as manifest,
        ):
            return _carry_out(wishes, manifest, listing, going, held)
    except (LoadFailed, DeviceMissing, BadManifest, ClusterFailed, StoreFailed) as error:
        echo(str(error), err=True)
        raise Exit(1) from error


def _tell(sentence: str) -> None:
    echo(sentence, err=True)


def _carry_out(
    wishes: Wishes, manifest: Manifest, listing: Listing, going: Going, held: Kept | None
) -> list[NoResult]:
    """held: the manifest of results in a store."""
    settled, csv = Settled(), going.file("failures", ".csv")
    with (
        joined(going.ray) if going.ray else nullcontext(),
        Reporter(listing, quiet=going.quiet, as_json=going.json) as reporter,
    ):

        def hear(found: Found, done: Done) -> None:
            reporter.hear(found, done)
            if held:
                held.check()

        work = (ClusterBatch if going.ray else Batch)(wishes, manifest, hear)
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
    tell_empty(listing)
    failed = [NoResult(Path(each.photo), each.model, each.error) for each in failures(manifest)]
    if not work.tally.looked_at and not going.shard:  # of few photos, some parts are empty
        echo("There are no photos there that can be read.", err=True)
        raise Exit(1)
    if failed and not going.json:
        told = f"What failed stands in “{manifest.out}/{going.file('failures', '.csv')}”."
        echo(f"{told} --retry-failed tries it again.", err=True)
    if listing.empty and not failed:
        raise Exit(1)
    return failed


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
