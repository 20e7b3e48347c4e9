"""A batch on a cluster of this machine: two workers, each a process of its own."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from tests.batch_cli import DEADLY, UNLOADABLE
from tests.shell import listing

pytest.importorskip("ray", reason="needs the package ray: `uv sync --inexact --extra ray`")

TESTS = Path(__file__).parents[3]
LONGEST = 240
"""Seconds that a process may take, however busy the machine is."""
SLOW = 0.05
"""Seconds that the model takes for a photo."""
COUNT = 60

pytestmark = [
    pytest.mark.extra,
    pytest.mark.skipif(os.name == "nt", reason="Windows has no signals between processes"),
]


@dataclass(frozen=True)
class Cluster:
    address: str
    head: psutil.Process
    environment: dict[str, str]

    def begin(self, *words: object) -> subprocess.Popen[str]:
        line = [sys.executable, TESTS / "cluster_cli.py", "batch", *words]
        line += ["--ray", self.address, "--models", "halves"]
        return subprocess.Popen(
            list(map(str, line)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.environment, preexec_fn=_interruptible,
        )  # fmt: skip

    def run(self, *words: object) -> tuple[int, str, str]:
        return end(self.begin(*words))

    def workers(self) -> list[psutil.Process]:
        """Those that do photos."""
        there = self.head.children(recursive=True)
        return [each for each in there if "MapWorker" in " ".join(_line(each))]


def _interruptible() -> None:
    """Who is started in the background ignores Ctrl-C, and so does all that he starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _line(process: psutil.Process) -> Sequence[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return ()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    environment = os.environ | {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": uuid.uuid4().hex,
        "RAY_USAGE_STATS_ENABLED": "0",
        "SLOW": str(SLOW),
    }
    line = [sys.executable, str(TESTS / "cluster_head.py")]
    with subprocess.Popen(
        line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as head:
        assert head.stdin
        assert head.stdout
        try:
            address = head.stdout.readline().strip()
            assert address
            yield Cluster(address, psutil.Process(head.pid), environment)
        finally:
            head.stdin.close()
            try:
                head.wait(60)
            finally:
                head.kill()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder of small photos, no two alike."""
    chance = np.random.default_rng(1)
    for number in range(COUNT):
        path = tmp_path / "in" / ("a" if number % 2 else "b") / f"p{number:03}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(chance.integers(0, 256, (30, 40, 3), np.uint8)).save(path)
    return tmp_path / "in"


def end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    with process:
        told, complaints = process.communicate(timeout=LONGEST)
    return process.returncode, told, complaints


def results(out: Path) -> set[str]:
    return {name for name in listing(out) if name.endswith(".png")} if out.is_dir() else set()


def expected(source: Path) -> set[str]:
    return {f"{name.removesuffix('.jpg')}_cutout.png" for name in listing(source)}


def wait_for(count: int, out: Path, process: subprocess.Popen[str]) -> None:
    latest = time.monotonic() + LONGEST
    while len(results(out)) < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < latest
        time.sleep(0.02)


def facts(told: str) -> dict[str, int]:
    return dict(json.loads(told.splitlines()[-1]))


def failures(out: Path) -> list[dict[str, str]]:
    with (out / "failures.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_files_are_those_of_a_local_run(cluster: Cluster, source: Path) -> None:
    """With a bad file in between, and a name that is no Unicode."""
    good = expected(source)
    (source / "a" / "bad.jpg").write_bytes(b"nothing")
    odd = os.fsencode(source / "b") + b"/\xff.jpg"
    Path(os.fsdecode(odd)).write_bytes((source / "b" / "p000.jpg").read_bytes())
    out, here = source.parent / "out", source.parent / "here"
    makes = ("--make", "cutout,matte,blur", "--edges", "feather=1")
    code, told, complaints = cluster.run(source, out, *makes, "--json")
    assert (code, complaints) == (1, "")
    photos = [json.loads(line) for line in told.splitlines()[:-1]]
    assert len({photo["photo"] for photo in photos}) == len(photos) == COUNT + 2
    assert (facts(told)["made"], facts(told)["failed"]) == (COUNT + 1, 1)
    line = [sys.executable, TESTS / "batch_cli.py", "batch", source, here, *makes, "--quiet"]
    subprocess.run([*map(str, line), "--models", "halves"], check=False, timeout=LONGEST)
    files = listing(here) - {"batch.sqlite"}
    assert len(files) == 3 * (len(good) + 1) + 1
    assert listing(out) - {"batch.sqlite"} == files
    for name in files:
        assert (out / name).read_bytes() == (here / name).read_bytes(), name
    code, told, _ = cluster.run(source, out, *makes)
    assert (code, told) == (1, f"0 done, 1 failed (1 before), {COUNT + 1} done before.\n")


def test_a_killed_worker_costs_nothing_and_a_deadly_photo_is_a_row(
    cluster: Cluster, source: Path
) -> None:
    out, good = source.parent / "out", expected(source)
    deadly = source / "a" / "p000.jpg"
    Image.new("RGB", (DEADLY, 30)).save(deadly)
    process = cluster.begin(source, out, "--json")
    wait_for(10, out, process)
    for worker in cluster.workers()[:1]:
        worker.kill()
    code, told, complaints = end(process)
    assert (code, complaints) == (1, "")
    assert results(out) == good
    (row,) = failures(out)
    assert row["photo"] == str(deadly)
    assert "The process ended twice" in row["error"]
    photos = [json.loads(line)["photo"] for line in told.splitlines()[:-1]]
    assert len(set(photos)) == len(photos) == COUNT + 1
    assert (facts(told)["made"], facts(told)["failed"]) == (COUNT, 1)
    code, told, _ = cluster.run(source, out, "--json", "--retry-failed")
    assert (code, facts(told)["made"], facts(told)["failed"]) == (1, 0, 1)
    assert failures(out) == [row]


def test_a_killed_driver_is_gone_on_from(cluster: Cluster, source: Path) -> None:
    """And one that Ctrl-C ended before."""
    out, good = source.parent / "out", expected(source)
    process = cluster.begin(source, out, "--json")
    wait_for(8, out, process)
    process.send_signal(signal.SIGINT)
    code, told, complaints = end(process)
    assert (code, complaints) == (130, "")
    first = len(told.splitlines())
    assert first == len(results(out))  # what was begun was ended, and told
    process = cluster.begin(source, out, "--json")
    wait_for(first + 8, out, process)
    process.kill()
    end(process)
    before = {name: (out / name).stat().st_mtime_ns for name in results(out)}
    code, told, complaints = cluster.run(source, out, "--json")
    assert (code, complaints) == (0, "")
    assert results(out) == good
    assert not [name for name in listing(out) if name.endswith((".part", ".csv"))]
    assert facts(told)["made"] + facts(told)["done_before"] == COUNT
    # What was written and not yet written down when the driver ended: two photos a worker.
    again = [name for name in before if (out / name).stat().st_mtime_ns != before[name]]
    assert len(again) <= 4


def test_what_is_wrong_with_all_photos_ends_it_in_a_sentence(
    cluster: Cluster, source: Path
) -> None:
    out = source.parent / "out"
    Image.new("RGB", (UNLOADABLE, 30)).save(source / "a" / "p001.jpg")
    code, _, complaints = cluster.run(source, out, "--quiet")
    assert (code, complaints) == (1, "Halves could not be loaded: ask for access.\n")
    assert not (out / "failures.csv").exists()
    assert len(results(out)) < COUNT - 1
