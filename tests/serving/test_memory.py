"""Nothing of a request is left, and who hangs up has no more work done."""

import asyncio
import gc
import tempfile
import threading
import time
import types
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from models.interface import Cancelled, RunFailed
from models.running.lanes import shared_workers
from models.running.pool import shared_pool
from serving import state, work
from serving.bodies import File
from tests.serving.conftest import photo_file

PHOTO = photo_file(900, 600, "JPEG")
HELD = {"PhotoFile", "Cut", "Job", "Body", "Order", "Outcome", "RunFailed", "Refusal"}


def send(client: TestClient, **words: Any) -> int:
    files = {"photo": ("cat.png", PHOTO, "image/png")}
    data = {"model": "halves", "format": "jpeg", **words}
    return client.post("/api/v1/matte", data=data, files=files).status_code


def alone(work: Callable[[], Coroutine[Any, Any, object]]) -> None:
    """Run it on a thread: this one's loop may be a browser's, of tests that came before."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(work())).result()


def held() -> Counter[str]:
    """How many there are of what requests are made of; tests that came before may hold some."""
    counts = Counter(type(each).__name__ for each in gc.get_objects())
    return Counter({name: counts[name] for name in HELD})


def test_nothing_of_a_request_waits_for_the_garbage_collector(
    client: TestClient, halves: types.SimpleNamespace
) -> None:
    """Circles would keep photos until it comes, and let it run all the time."""
    for error in (None, RunFailed("No memory. Wait.")):
        halves.run_error = error
        gc.collect()
        gc.disable()
        before = held()
        try:
            for _ in range(5):
                assert send(client) == (500 if error else 200)
                assert send(client, edges="nonsense") == 400
            # The worker's thread lets go of the last job a moment after its end is told.
            last = time.monotonic() + 5
            # What the test's own client holds of the last answer isn't the server's.
            while max((left := held() - before).values(), default=0) > 1:
                assert time.monotonic() < last, left
                time.sleep(0.05)
        finally:
            gc.enable()


def test_memory_stays_flat(client: TestClient) -> None:
    process = psutil.Process()
    for _ in range(20):
        send(client)
    before = process.memory_info().rss
    for _ in range(120):
        assert send(client) == 200
    # One copy of the photo's pixels for each request would be 194 MB.
    assert process.memory_info().rss - before < 60e6


def test_no_file_becomes_base64_in_the_server_s_loop(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All others would wait for large ones."""
    threads: list[str] = []

    def encode(data: bytes) -> bytes:
        threads.append(threading.current_thread().name.partition("_")[0])
        return b64encode(data)

    monkeypatch.setattr("base64.b64encode", encode)
    assert state.ready.wait(60)
    for path, name in (
        ("/api/v1/matte?model=halves", "photo"), ("/v1.0/removebg", "image_file_b64"),
        ("/v1/remove-background", "image"),
    ):  # fmt: skip
        body = {name: b64encode(PHOTO).decode()}
        answer = client.post(path, json=body, headers={"Accept": "application/json"})
        assert answer.status_code == 200, answer.text
        assert threads, path
        assert set(threads) == {"files"}
        threads.clear()


def test_what_is_sent_never_gets_to_the_disk(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page's uploads are read by the same parser."""

    def rollover(_: object) -> None:
        raise AssertionError("written to a file")

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", rollover)
    files = {"photo": ("cat.bmp", photo_file(1200, 900, "BMP"), "image/bmp")}
    assert len(files["photo"][1]) > 3_000_000
    answer = client.post("/api/v1/matte", data={"model": "halves"}, files=files)
    assert answer.status_code == 200, answer.text


def test_who_hangs_up_ends_the_work(client: TestClient, halves: types.SimpleNamespace) -> None:
    """As the server tells it: the body, then the end of the connection."""
    halves.gate.clear()
    messages = [{"type": "http.request", "body": PHOTO, "more_body": False}]
    scope = {
        "type": "http", "http_version": "1.1", "method": "POST", "path": "/api/v1/matte",
        "raw_path": b"/api/v1/matte", "query_string": b"model=halves", "root_path": "",
        "scheme": "http", "client": ("127.0.0.1", 5000), "server": ("127.0.0.1", 80),
        "headers": [(b"content-type", b"image/png"), (b"host", b"localhost")],
    }  # fmt: skip
    sent: list[Any] = []

    async def ask() -> None:
        async def receive() -> Any:
            if messages:
                return messages.pop()
            while not halves.asked.is_set():
                await asyncio.sleep(0.01)  # one that hasn't begun would leave the lane at once
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await client.app(scope, receive, send)

    alone(ask)
    assert sent[0]["status"] == 499
    (job,) = shared_workers().jobs()["cpu"]
    assert job.stopping
    halves.gate.set()
    last = time.monotonic() + 20
    while job.active and time.monotonic() < last:
        time.sleep(0.01)
    assert job.state == "cancelled"


def test_what_models_made_of_a_photo_is_dropped_after_a_while(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "KEPT", 0.0)
    asked: list[float] = []
    forgotten = threading.Event()

    def forget(idle: float = 0) -> None:
        asked.append(idle)
        forgotten.set()

    monkeypatch.setattr(shared_pool(), "forget_photos", forget)
    assert send(client) == 200
    assert forgotten.wait(20)
    assert asked == [0.0]


def test_no_photo_is_opened_for_who_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two photos the client hangs up."""
    names: list[str] = []
    gone = False

    def look(file: File) -> str:
        nonlocal gone
        names.append(file.name)
        gone = True
        return file.name

    async def receive() -> Any:
        if not gone:
            await asyncio.sleep(20)
        return {"type": "http.disconnect"}

    monkeypatch.setattr(work, "open_file", look)
    files = [File("one.png", PHOTO), File("two.png", PHOTO)]
    with pytest.raises(Cancelled):
        alone(lambda: work.opened(Request({"type": "http"}, receive), files))
    assert names == ["one.png"]
