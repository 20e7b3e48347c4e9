"""Downloads that are stopped, cut off, damaged, or wanted twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from models import weights
from models.hub import transfer
from models.interface import Cancelled, LoadFailed
from tests.cutter import CHECKPOINT, SPEC, size
from tests.hub import Hub


def test_a_stopped_download_goes_on_where_it_stopped(hub: Hub, repository: Path) -> None:
    hub.pause = 0.02
    seen: list[int] = []

    def stop_halfway() -> None:
        if seen and seen[-1] > size(repository) / 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        weights.fetch(SPEC, progress=lambda done, _: seen.append(done), check=stop_halfway)
    assert not weights.cached(SPEC)

    hub.pause = 0.0
    hub.requests.clear()
    folder = weights.fetch(SPEC)
    (large,) = [each for each in hub.requests if each.path.startswith("/large/")]
    assert large.range is not None
    assert int(large.range.removeprefix("bytes=").removesuffix("-")) > size(repository) / 4
    assert (folder / CHECKPOINT).read_bytes() == (repository / CHECKPOINT).read_bytes()


def test_stopping_does_not_wait_for_a_connection_that_hangs(hub: Hub) -> None:
    hub.flow.clear()

    def stop_once_it_hangs() -> None:
        if len(hub.asked_for("GET")) == len(SPEC.files) + 1:  # the large file's was redirected
            raise Cancelled

    with pytest.raises(Cancelled):
        weights.fetch(SPEC, check=stop_once_it_hangs)
    (left,) = [thread for thread in threading.enumerate() if thread.name == "download"]
    hub.flow.set()
    left.join()
    assert not weights.cached(SPEC)


@pytest.mark.parametrize("ranges", [True, False])
def test_a_connection_cut_off_midway_is_taken_up_again(
    ranges: bool, hub: Hub, repository: Path
) -> None:
    hub.ranges = ranges
    hub.cuts = [1_300_000, 100_000]
    seen: list[int] = []
    folder = weights.fetch(SPEC, progress=lambda done, _: seen.append(done))
    assert (folder / CHECKPOINT).read_bytes() == (repository / CHECKPOINT).read_bytes()
    assert max(seen) <= size(repository)
    asked = [each.range for each in hub.requests if each.path.startswith("/large/")]
    assert asked[0] == "bytes=0-"
    assert len(asked) == 3


def test_a_connection_that_always_drops_is_given_up(hub: Hub) -> None:
    hub.cuts = [0] * 100
    with pytest.raises(LoadFailed, match="can't be reached"):
        weights.fetch(SPEC)
    assert len(hub.cuts) == 100 - 1 - transfer.RETRIES


def test_what_arrives_damaged_is_thrown_away(hub: Hub) -> None:
    hub.damaged = True
    with pytest.raises(LoadFailed, match=r"model\.safetensors arrived damaged"):
        weights.fetch(SPEC)
    hub.damaged = False
    weights.fetch(SPEC)


def test_an_empty_file_is_a_file(hub: Hub, repository: Path) -> None:
    (repository / "merges.txt").touch()
    folder = weights.fetch(replace(SPEC, files=("merges.txt", CHECKPOINT)))
    assert (folder / "merges.txt").read_bytes() == b""


def test_two_who_want_the_same_model_download_it_once(hub: Hub) -> None:
    hub.pause = 0.005
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(weights.fetch, [SPEC, SPEC])
    assert first == second
    assert len([path for path in hub.asked_for("GET") if path.startswith("/large/")]) == 1
