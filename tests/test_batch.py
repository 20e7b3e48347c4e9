"""A batch as a process, which is killed, interrupted, and meets another one."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.batch_cli import DEADLY
from tests.shell import listing, pixels

CLI = Path(__file__).parent / "batch_cli.py"
LONGEST = 120
"""Seconds that a process may take, however busy the machine is."""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals between processes")


def photos(folder: Path, count: int) -> set[str]:
    """Small photos, no two alike, in two folders. Returns what their cutouts are called."""
    chance = np.random.default_rng(1)
    for number in range(count):
        path = folder / ("a" if number % 2 else "b") / f"p{number:03}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(chance.integers(0, 256, (30, 40, 3), np.uint8)).save(path)
    return {f"{'a' if n % 2 else 'b'}/p{n:03}_cutout.png" for n in range(count)}


def begin(*words: object, slow: float = 0) -> subprocess.Popen[str]:
    line = [sys.executable, str(CLI), "batch", *map(str, words), "--models", "halves"]
    environment = os.environ | {"SLOW": str(slow)}
    return subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    with process:
        told, complaints = process.communicate(timeout=LONGEST)
    return process.returncode, told, complaints


def run(*words: object) -> tuple[int, str, str]:
    return end(begin(*words))


def results(out: Path) -> set[str]:
    return {name for name in listing(out) if name.endswith(".png")} if out.is_dir() else set()


def wait_for(count: int, out: Path, process: subprocess.Popen[str]) -> None:
    latest = time.monotonic() + LONGEST
    while len(results(out)) < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < latest
        time.sleep(0.005)


def facts(told: str) -> dict[str, int]:
    return dict(json.loads(told.splitlines()[-1]))


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Who is started in the background ignores Ctrl-C, and so does all that he starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_killed_three_times_it_ends_with_each_result_once(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    expected, chance = photos(source, 100), random.Random(5)
    for part in range(3):
        process = begin(source, out, "--json", slow=0.005)
        wait_for(25 * part + chance.randint(3, 25), out, process)
        process.kill()
        end(process)
    before = {name: (out / name).stat().st_mtime_ns for name in results(out)}
    code, told, complaints = run(source, out, "--json")
    assert (code, complaints) == (0, "")
    assert results(out) == expected
    assert not [name for name in listing(out) if name.endswith((".part", ".csv"))]
    done = facts(told)
    assert done["made"] + done["done_before"] == 100
    # What was written and not yet written down when the process ended: a photo a thread.
    again = [name for name in before if (out / name).stat().st_mtime_ns != before[name]]
    assert len(again) <= 3 * ((os.process_cpu_count() or 1) + 1)
    for name in expected:
        source_of = source / name.replace("_cutout.png", ".jpg")
        np.testing.assert_array_equal(pixels(out / name)[:, :20, :3], pixels(source_of)[:, :20])


def test_a_photo_that_ends_its_process_twice_becomes_a_row(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    expected = photos(source, 12)
    deadly = source / "a" / "p000b.jpg"
    Image.new("RGB", (DEADLY, 30)).save(deadly)
    assert run(source, out)[0] == -signal.SIGKILL
    assert run(source, out)[0] == -signal.SIGKILL  # alone, after those that nothing happened to
    code, _, complaints = run(source, out)
    assert code == 1
    assert "The process ended twice" in complaints
    assert results(out) == expected
    with (out / "failures.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["photo"], row["make"]) == (str(deadly), "cutout")
    Image.new("RGB", (40, 30)).save(deadly)
    assert run(source, out)[0] == 0
    assert not (out / "failures.csv").exists()


def test_two_processes_share_the_work(tmp_path: Path) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    expected = photos(source, 80)
    both = [begin(source, out, "--json", slow=0.02) for _ in range(2)]
    ended = [end(process) for process in both]
    assert [code for code, _, _ in ended] == [0, 0]
    assert results(out) == expected
    worked = [
        {line["photo"] for line in map(json.loads, told.splitlines()) if "photo" in line}
        for _, told, _ in ended
    ]
    assert not worked[0] & worked[1]
    assert len(worked[0] | worked[1]) == 80
    assert all(worked)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_gives_back_what_is_half_done(
    tmp_path: Path, signal_: signal.Signals
) -> None:
    source, out = tmp_path / "in", tmp_path / "out"
    expected = photos(source, 40)
    process = begin(source, out, slow=0.05)
    wait_for(4, out, process)
    process.send_signal(signal_)
    code, _, complaints = end(process)
    assert code == 130
    assert "The next run goes on from there." in complaints
    assert "Traceback" not in complaints
    made = results(out)
    assert 4 <= len(made) < 40
    code, told, _ = run(source, out, "--json")
    assert code == 0
    assert facts(told)["done_before"] == len(made)
    assert results(out) == expected
