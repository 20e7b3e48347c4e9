"""SIGTERM, heeded by real servers: what runs is finished, what is new is refused."""

import asyncio
import json
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen
from urllib.parse import urlsplit

import httpx2 as httpx
import pytest

from models.running.lanes import shared_workers
from models.running.settings import check
from serving import state, stopping
from tests.serving.conftest import photo_file, pixels_of
from tests.serving.test_servers import Command, started, streamlit, uvicorn

PHOTO = photo_file()
CUTOUT = "/api/v1/cutout?model=u2netp"


@contextmanager
def half_sent(address: str, path: str, data: bytes = PHOTO) -> Iterator[socket.socket]:
    """A connection on which half of a picture has come so far."""
    there = urlsplit(address)
    with socket.create_connection((there.hostname, there.port), 30) as connection:
        head = (
            f"POST {there.path}{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\n"
            f"Content-Length: {len(data)}\r\n\r\n"
        )
        connection.sendall(head.encode() + data[: len(data) // 2])
        time.sleep(0.3)  # in which the server's loop takes it up
        yield connection


def answer_on(connection: socket.socket) -> tuple[int, bytes]:
    """Status and body of the one answer, after which the server closes the connection."""
    come = b""
    while piece := connection.recv(65536):
        come += piece
    head, _, body = come.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def told_to_end(process: Popen[bytes], address: str) -> None:
    process.send_signal(signal.SIGTERM)
    last = time.monotonic() + 10
    while httpx.get(f"{address}/readyz").status_code != 503:
        assert time.monotonic() < last


@pytest.mark.parametrize(("command", "base"), [(streamlit, "/tools"), (uvicorn, "")])
def test_what_has_begun_is_finished_and_what_is_new_refused(
    command: Command, base: str, tmp_path: Path
) -> None:
    log = tmp_path / "log.txt"
    with started(command, log, base, CUTOUT_ACCESS_LOG="1") as (address, process):
        assert httpx.get(f"{address}/readyz").json() == {"status": "ready"}
        with half_sent(address, CUTOUT) as connection:
            told_to_end(process, address)
            assert httpx.get(f"{address}/readyz").json() == {"status": "stopping"}
            assert httpx.get(f"{address}/healthz").status_code == 200
            refused = httpx.post(f"{address}{CUTOUT}", content=PHOTO)
            assert refused.status_code == 503
            assert refused.headers["retry-after"] == "60"
            assert "about to stop" in refused.json()["error"]["message"]
            connection.sendall(PHOTO[len(PHOTO) // 2 :])
            status, picture = answer_on(connection)
        assert status == 200
        assert pixels_of(picture).shape == (40, 60, 4)
        assert process.wait(20) in (0, -signal.SIGTERM)
    written = log.read_text()
    assert "Traceback" not in written
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    assert [(line["status"], line["refused"]) for line in lines] == [(503, "stopping"), (200, None)]
    assert lines[1]["route"] == f"{base}/api/v1/cutout"
    assert lines[1]["bytes_in"] == len(PHOTO)


def test_a_job_that_was_taken_is_done_and_can_be_fetched(tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    with started(uvicorn, log, "") as (address, process):
        order = {"verb": "matte", "model": "u2netp"}
        files = [("photo", (f"{number}.png", PHOTO, "image/png")) for number in range(4)]
        jobs = f"{address}/api/v1/jobs"
        url = httpx.post(jobs, data=order, files=files).headers["location"]
        told_to_end(process, address)
        refused = httpx.post(jobs, data=order, files=files)
        assert refused.status_code == 503
        with httpx.stream("GET", f"{address}{url}/events", timeout=60) as events:
            told = "".join(events.iter_text())
        assert '"state": "done"' in told
        assert httpx.get(f"{address}{url}/result").headers["content-type"] == "application/zip"
        assert process.wait(20) in (0, -signal.SIGTERM)


def test_it_ends_in_time_whatever_doesn_t(tmp_path: Path) -> None:
    """Half a photo for the API, and half of an upload to the page."""
    log = tmp_path / "log.txt"
    with (
        started(streamlit, log, "/tools", CUTOUT_SHUTDOWN_SECONDS="0.5") as (address, process),
        half_sent(address, CUTOUT) as connection,
        half_sent(address, "/_stcore/upload_file/a/b"),
    ):
        told_to_end(process, address)
        status, told = answer_on(connection)
        assert status == 503
        assert "send it again" in json.loads(told)["error"]["message"]
        process.wait(30)


@pytest.mark.parametrize(("seconds", "twice"), [("0", False), ("3600", True), ("soon", False)])
def test_the_web_server_is_told_last_and_then_not_to_wait(
    seconds: str, twice: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second signal is heeded at once; else work that never ends has its time. While a setting is
    wrong, nothing runs, and that may be this one."""
    monkeypatch.setattr(stopping, "LAST", 0.01)
    monkeypatch.setattr(stopping, "_idle", lambda: False)
    monkeypatch.setenv("CUTOUT_SHUTDOWN_SECONDS", seconds)
    monkeypatch.setattr(state, "wrong", check())
    for name in ("stopping", "cut_off"):
        monkeypatch.setattr(state, name, False)
    told: list[int] = []

    async def end() -> None:
        ending = stopping._End(lambda number, _: told.append(number))
        ending.begin()
        assert state.stopping
        await asyncio.sleep(0.2)
        assert not (twice and told)
        if twice:
            ending.begin()
        async with asyncio.timeout(20):
            while len(told) < 2:
                await asyncio.sleep(0.01)

    with ThreadPoolExecutor(1) as thread:  # this one's loop may be a browser's
        thread.submit(lambda: asyncio.run(end())).result()
    assert told == [signal.SIGTERM, signal.SIGINT]
    assert state.cut_off
    assert shared_workers()._closed
