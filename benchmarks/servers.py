"""Servers that a benchmark starts on this machine, and what they spend."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
PORT = "PORT"
PAGE = (
    sys.executable, "-m", "streamlit", "run", "app.py",
    "--server.headless", "true", "--server.port", PORT,
)  # fmt: skip
"""Page and API, as people start them."""


@contextmanager
def served(
    command: Sequence[str], ready: str, **settings: str
) -> Iterator[tuple[str, psutil.Process]]:
    """The address and the process of a server that ends with this. command: PORT stands for the
    port in it. ready: a path that answers 200 once it's ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    words = [port if word == PORT else word for word in command]
    env = {name: value for name, value in os.environ.items() if not name.startswith("CUTOUT_")}
    server = subprocess.Popen(words, cwd=ROOT, env={**env, **settings}, stdout=subprocess.DEVNULL)
    address = f"http://localhost:{port}"
    try:
        wait_for(f"{address}{ready}")
        yield address, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(60)


def wait_for(address: str) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The server did not start.")


def cpu(process: psutil.Process) -> float:
    """Seconds that the process and its children have spent."""
    times = [each.cpu_times() for each in _family(process)]
    return float(sum(each.user + each.system for each in times))


def memory_of(process: psutil.Process) -> int:
    """Bytes that the process and its children hold."""
    return sum(int(each.memory_info().rss) for each in _family(process))


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]
