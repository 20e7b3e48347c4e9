"""A real server among clients that misbehave, on a machine where things go wrong."""

import asyncio
import io
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2 as httpx
import pytest
from PIL import Image

from serving import keys
from serving.bodies import largest_body
from tests.e2e.conftest import ROOT
from tests.serving.conftest import photo_file, pixels_of
from tests.serving.test_servers import started, uvicorn
from tests.serving.test_stopping import CUTOUT, half_sent

PHOTO, TINY = photo_file(), photo_file(8, 8)
HEADERS = {"Content-Type": "image/png"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for all that clients do; at the end it has done all of it without a traceback."""
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with started(uvicorn, log) as (address, _):
        yield address
    assert "Traceback" not in log.read_text()


def works(address: str) -> None:
    answer = httpx.post(f"{address}{CUTOUT}", content=PHOTO, headers=HEADERS, timeout=60)
    assert answer.status_code == 200, answer.text
    assert pixels_of(answer.content).shape == (40, 60, 4)


def gauge(address: str, name: str) -> float:
    told = httpx.get(f"{address}/metrics").text
    return sum(
        float(value) for value in re.findall(rf"^{re.escape(name)}(?:\{{.*\}})? (.*)", told, re.M)
    )


def test_clients_that_hang_up_or_send_half_leave_nothing_behind(address: str) -> None:
    for _ in range(20):
        with half_sent(address, CUTOUT, photo_file(900, 600)):
            pass
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(
                f"{address}{CUTOUT}", content=photo_file(900, 600), headers=HEADERS, timeout=0.02
            )
    last = time.monotonic() + 30
    while gauge(address, "cutout_queue_jobs") or gauge(address, "cutout_requests_total") < 40:
        assert time.monotonic() < last
        time.sleep(0.05)
    works(address)


def test_a_hundred_megabytes(address: str) -> None:
    """Of nothing; and more than is allowed, which is refused before it's read."""
    answer = httpx.post(
        f"{address}{CUTOUT}", content=bytes(100_000_000), headers=HEADERS, timeout=60
    )
    assert answer.status_code == 400
    assert "error" in answer.json()
    answer = httpx.post(
        f"{address}{CUTOUT}", content=bytes(largest_body() + 1), headers=HEADERS, timeout=60
    )
    assert answer.status_code == 413
    works(address)


def test_a_bomb(address: str) -> None:
    """400 megapixels in less than a megabyte."""
    file = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG", compress_level=1)
    assert len(file.getvalue()) < 1_000_000
    answer = httpx.post(f"{address}{CUTOUT}", content=file.getvalue(), headers=HEADERS, timeout=60)
    assert answer.status_code == 400
    assert "CUTOUT_MAX_MEGAPIXELS" in answer.json()["error"]["message"]
    works(address)


def test_a_thousand_tiny_files_in_one_form(address: str) -> None:
    files = [("photo", (f"{number}.png", TINY, "image/png")) for number in range(1000)]
    answer = httpx.post(f"{address}/api/v1/cutout", files=files, timeout=60)
    assert answer.status_code == 400
    assert "Too many files" in answer.json()["error"]["message"]


@pytest.mark.slow
def test_hundreds_of_requests_at_once_are_all_answered(address: str) -> None:
    """Half of the queue is for others: who may not wait is told so, and how long."""

    async def ask() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=250)
        async with httpx.AsyncClient(timeout=300, limits=limits) as client:
            path = f"{address}/api/v1/cutout?model=u2netp"
            posts = (client.post(path, content=TINY, headers=HEADERS) for _ in range(400))
            return await asyncio.gather(*posts)

    with ThreadPoolExecutor(1) as thread:  # this one's loop may be a browser's
        answers = thread.submit(lambda: asyncio.run(ask())).result()
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) == {200, 429}, statuses
    assert statuses.total() == 400
    assert statuses[200] >= 32
    assert all(int(each.headers["retry-after"]) >= 1 for each in answers if each.status_code == 429)
    works(address)


def test_killed_and_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its keys are there, and nothing that lay about keeps it from starting."""
    monkeypatch.setenv("CUTOUT_KEYS", str(tmp_path / "keys"))
    (tmp_path / "keys").touch()
    key = keys.add("shop")
    for _ in range(2):
        with started(uvicorn, tmp_path / "log.txt") as (address, process):
            answer = httpx.get(f"{address}/api/v1/models", headers={"X-Api-Key": key})
            assert answer.status_code == 200
            with half_sent(address, CUTOUT):
                process.kill()
                process.wait(20)


def test_killed_with_jobs_pending(tmp_path: Path) -> None:
    """Who waits for an answer or for a job's events sees the connection break; whoever asks again
    is told that there is no such job, and can send it again."""
    order = {"verb": "matte", "model": "u2netp"}
    files = [("photo", (f"{number}.png", PHOTO, "image/png")) for number in range(20)]
    with started(uvicorn, tmp_path / "log.txt") as (address, process):
        answer = httpx.post(f"{address}/api/v1/jobs", data=order, files=files)
        assert answer.status_code == 202, answer.text
        job = answer.headers["location"]
        with ThreadPoolExecutor(1) as thread:
            broken = thread.submit(httpx.post, f"{address}/api/v1/cutout", files=files, timeout=60)
            with httpx.stream("GET", f"{address}{job}/events", timeout=60) as events:
                told = events.iter_text()
                assert '"state":' in next(told)
                process.kill()
                process.wait(20)
                with pytest.raises(httpx.TransportError):
                    list(told)
            assert isinstance(broken.exception(60), httpx.TransportError)
    with started(uvicorn, tmp_path / "log.txt") as (address, _):
        for path in (job, f"{job}/result", f"{job}/events"):
            answer = httpx.get(f"{address}{path}")
            assert answer.status_code == 404
            assert "There is no such job of yours" in answer.json()["error"]["message"]
        answer = httpx.post(f"{address}/api/v1/jobs", data=order, files=files[:1])
        assert answer.status_code == 202


def test_the_log_s_disk_is_full(tmp_path: Path) -> None:
    """What can't be written down is done all the same."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    log = tmp_path / "log.txt"
    with started(uvicorn, log, full=True, CUTOUT_ACCESS_LOG="1") as (address, _):
        works(address)
        assert httpx.post(f"{address}/api/v1/cutout").status_code == 400


def test_keys_on_a_full_disk_stay_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUTOUT_KEYS", str(tmp_path / "keys"))
    (tmp_path / "keys").touch()
    keys.add("shop")
    before = (tmp_path / "keys").read_bytes()

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before), len(before)))

    done = subprocess.run(
        [sys.executable, "-B", "cli.py", "keys", "add", "other"],
        cwd=ROOT, preexec_fn=full, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert "can't be written: File too large." in done.stderr
    assert (tmp_path / "keys").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [".keys.lock", "keys"]
