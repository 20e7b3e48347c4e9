"""Downloads that are stopped, cut off, damaged, or wanted twice; of both kinds of row."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from models.catalog import ModelSpec
from models.hub import retries, weights
from models.hub.folder import Folder
from models.interface import Cancelled, LoadFailed
from tests.cutter import CHECKPOINT, SPEC, size
from tests.hub import Hub


def arrived(spec: ModelSpec, folder: Folder, repository: Path) -> bool:
    name = spec.files[-1]
    return (folder / name).read_bytes() == (repository / CHECKPOINT).read_bytes()


def ranges(hub: Hub) -> list[str | None]:
    """What was asked of the checkpoint, GET by GET."""
    large = [each for each in hub.requests if each.path.startswith("/large/")]
    return [each.range for each in large if each.method == "GET"]


def test_a_stopped_download_goes_on_where_it_stopped(
    spec: ModelSpec, hub: Hub, repository: Path
) -> None:
    hub.pause = 0.02
    seen: list[int] = []

    def stop_halfway() -> None:
        if seen and seen[-1] > size(repository) / 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        weights.fetch(spec, progress=lambda done, _: seen.append(done), check=stop_halfway)
    assert not weights.cached(spec)

    hub.pause = 0.0
    hub.requests.clear()
    told: list[tuple[int, int]] = []
    folder = weights.fetch(spec, progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1]
    (large,) = ranges(hub)
    assert large is not None
    assert int(large.removeprefix("bytes=").removesuffix("-")) > size(repository) / 4
    assert arrived(spec, folder, repository)


def test_stopping_does_not_wait_for_a_connection_that_hangs(spec: ModelSpec, hub: Hub) -> None:
    hub.flow.clear()

    def stop_once_it_hangs() -> None:
        if ranges(hub):
            raise Cancelled

    with pytest.raises(Cancelled):
        weights.fetch(spec, check=stop_once_it_hangs)
    (left,) = [thread for thread in threading.enumerate() if thread.name == "download"]
    hub.flow.set()
    left.join()
    assert not weights.cached(spec)


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_a_connection_cut_off_midway_is_taken_up_again(
    knows_ranges: bool, spec: ModelSpec, hub: Hub, repository: Path
) -> None:
    hub.ranges = knows_ranges
    hub.cuts = [1_300_000, 100_000]
    seen: list[int] = []
    folder = weights.fetch(spec, progress=lambda done, _: seen.append(done))
    assert arrived(spec, folder, repository)
    assert max(seen) <= size(repository)
    asked = ranges(hub)
    assert asked[0] == "bytes=0-"
    assert len(asked) == 3


def test_a_connection_that_always_drops_is_given_up(spec: ModelSpec, hub: Hub) -> None:
    hub.cuts = [0] * 100
    with pytest.raises(LoadFailed, match="can't be reached"):
        weights.fetch(spec)
    assert len(hub.cuts) == 100 - 1 - retries.RETRIES


def test_what_arrives_damaged_is_thrown_away(spec: ModelSpec, hub: Hub) -> None:
    hub.damaged = True
    with pytest.raises(LoadFailed, match=f"{spec.files[-1]} arrived damaged"):
        weights.fetch(spec)
    assert not weights.cached(spec)
    hub.damaged = False
    weights.fetch(spec)


def test_an_empty_file_is_a_file(hub: Hub, repository: Path) -> None:
    (repository / "merges.txt").touch()
    folder = weights.fetch(replace(SPEC, files=("merges.txt", CHECKPOINT)))
    assert (folder / "merges.txt").read_bytes() == b""


def test_two_who_want_the_same_model_download_it_once(spec: ModelSpec, hub: Hub) -> None:
    hub.pause = 0.005
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(weights.fetch, [spec, spec])
    assert first == second
    assert len(ranges(hub)) == 1
