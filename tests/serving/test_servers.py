"""The real server, started in both ways: page and API by one address."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.e2e.conftest import ROOT, free_port, stop
from tests.serving.conftest import photo_file, pixels_of

PHOTO = photo_file()


type Command = Callable[[int], list[str]]


def streamlit(port: int) -> list[str]:
    return ["streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}",
            "--server.baseUrlPath=tools"]  # fmt: skip


def uvicorn(port: int) -> list[str]:
    return ["uvicorn", "app:app", f"--port={port}"]


@contextmanager
def server(command: Command, log: Path, base: str) -> Iterator[str]:
    with started(command, log, base) as (address, process):
        yield address
    assert "Traceback" not in log.read_text()
    assert process.returncode in (0, -signal.SIGTERM)


@contextmanager
def started(
    command: Command, log: Path, base: str = "", *, full: bool = False, **settings: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Its address and its process, which is ended if it still runs then. full: there is no room on
    the disk for what it writes on standard error."""
    port = free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("CUTOUT_")}
    log.with_name("keys").touch()
    env |= {"CUTOUT_KEYS": str(log.with_name("keys")), **settings}
    with (
        log.open("a") as written,
        Path("/dev/full" if full else log).open("a") as errors,
        subprocess.Popen(
            [sys.executable, "-m", *command(port)],
            cwd=ROOT, env=env, stdout=written, stderr=errors,
        ) as process,
    ):  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}{base}"
            until_ready(address, process, log)
            yield address, process
        finally:
            stop(process)


def until_ready(
    address: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 60
) -> None:
    last = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < last:
        try:
            if httpx.get(f"{address}/api/v1/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail(f"The server did not start:\n{log.read_text()}")


@pytest.mark.parametrize(("command", "base"), [(streamlit, "/tools"), (uvicorn, "")])
def test_page_and_api_are_one_process(command: Command, base: str, tmp_path: Path) -> None:
    with server(command, tmp_path / "log.txt", base) as address:
        page = httpx.get(f"{address}/")
        assert page.headers["content-type"].startswith("text/html")
        assert httpx.get(f"{address}/_stcore/health").text == "ok"
        files = {"photo": ("cat.png", PHOTO, "image/png")}
        words = {"model": "grabcut", "box": "5,5,30,35"}
        answer = httpx.post(f"{address}/api/v1/cutout", files=files, data=words, timeout=60)
        assert answer.status_code == 200, answer.text
        assert pixels_of(answer.content).shape == (40, 60, 4)
        unknown = httpx.get(f"{address}/api/v1/unknown")
        assert unknown.status_code == 404
        assert unknown.headers["content-type"] == "application/json"
        rebound = httpx.get(f"{address}/api/v1/models", headers={"Host": "evil.example"})
        assert rebound.status_code == 401
        told = httpx.get(f"{address}/api/v1/openapi.json").json()
        assert told["servers"] == [{"url": f"{base}/api"}]
