"""A batch's dry run: how many photos there are to do, how long that takes, and how much room."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from typer import echo

from models.catalog import ModelSpec
from models.hub.errors import download_size, readable
from photos.batch.estimate import Estimate, estimate
from photos.batch.listing import Listing
from photos.batch.manifest import Manifest
from photos.batch.pieces import Piece
from photos.batch.stores.address import is_address
from photos.batch.stores.keeping import copied
from photos.batch.wishes import Wishes
from photos.counts import duration
from terminal.going import Going
from terminal.reporting import Reporter, tell_empty, tell_skipped
from terminal.work import NoResult


def tell_estimate(
    wishes: Wishes,
    pieces: Sequence[Piece],
    listing: Listing,
    output: str,
    going: Going,
    missing: Sequence[ModelSpec],
) -> list[NoResult]:
    """Nothing is written, not even the manifest. missing: models that are yet to be downloaded."""
    name = going.file("batch", ".sqlite")
    with _as_it_is(output, name) as file, TemporaryDirectory() as empty:
        fresh = file is None
        with Manifest(
            empty if fresh else output, pieces, name,
            file=file, retry_failed=going.retry_failed, reading=not fresh,
        ) as manifest:  # fmt: skip
            told = estimate(wishes, manifest, listing, trying=not missing)
    tell_empty(listing)
    if going.json:
        Reporter.line(asdict(told))
        return []
    tell_skipped(listing)
    echo(_in_words(told, output, going))
    for spec in missing:
        echo(f"{spec.label} is yet to be downloaded: {download_size(spec)}.")
    return []


def _in_words(told: Estimate, output: str, going: Going) -> str:
    others = [f"{count} {state}" for state, count in told.states.items() if state != "open"]
    before = f" ({', '.join(others)})" if others else ""
    sentences = [f"{told.photos} photos to do, {told.files} files{before}."]
    if told.seconds is not None:
        how = f"as {told.tried} of them took" if told.tried else "as earlier runs took"
        if told.tried and going.ray:
            how += " on this machine alone"
        sentences.append(f"About {duration(told.seconds)}, {how}.")
    if told.bytes is not None and is_address(output):
        sentences.append(f"About {readable(int(told.bytes))}.")
    elif told.bytes is not None:
        path = Path(output).absolute()
        place = next(each for each in (path, *path.parents) if each.exists())
        free = psutil.disk_usage(str(place)).free
        sentences.append(f"About {readable(int(told.bytes))}; {readable(free)} are free.")
        if told.bytes > free:
            sentences.append("That isn't enough: make room, or name another folder.")
    return " ".join(sentences)


@contextmanager
def _as_it_is(output: str, name: str) -> Iterator[Path | None]:
    """The manifest's file, if there is one."""
    if is_address(output):
        with copied(output, name) as file:
            yield file
    else:
        file = Path(output, name)
        yield file if file.is_file() else None
