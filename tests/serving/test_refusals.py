"""What can't be done is said in one shape and one sentence, and never with a traceback."""

import gzip
import io
import threading
import time
import types
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.interface import LoadFailed, RunFailed
from models.running.lanes import shared_workers
from serving import guard, pixels, work
from serving.bodies import largest_body
from tests.serving.conftest import photo_file

PHOTO = photo_file()
CAT = {"photo": ("cat.png", PHOTO, "image/png")}


def send(client: TestClient, verb: str = "cutout", files: Any = CAT, **words: Any) -> Any:
    return client.post(f"/api/v1/{verb}", data={"model": "halves", **words}, files=files)


def told(answer: Any) -> str:
    assert list(answer.json()) == ["error"]
    assert list(answer.json()["error"]) == ["code", "message"]
    assert "Traceback" not in answer.text
    return str(answer.json()["error"]["message"])


@pytest.mark.parametrize(
    ("verb", "words", "sentence"),
    [
        ("cutout", {"model": "u2nat"}, "There is no model called “u2nat”."),
        ("cutout", {"model": "halves,shy"}, "should be one name"),
        ("cutout", {"format": "jpeg"}, "JPEG can't be transparent: choose png, webp or tiff."),
        ("cutout", {"box": "1,2"}, "“1,2” should be pixels such as 40,20,310,400."),
        ("cutout", {"box": "500,500,600,600"}, "the box 500,500,600,600 lies outside"),
        ("cutout", {"point": "1,2"}, "Halves can't be told that"),
        ("cutout", {"edges": "grow"}, "“grow” should be grow=PIXELS."),
        ("cutout", {"edge": "grow=1"}, "There is no “edge”. Did you mean “edges”?"),
        ("cutout", {"weights": "halves=/etc"}, "There is no “weights”."),
        ("cutout", {"device": "toaster"}, "“toaster” is not a device."),
        ("cutout", {"model": "shy"}, "Shy must be told what the subject is"),
        ("cutout", {"photo": "cat.png"}, "“photo” should be a file as base64"),
        (
            "blur",
            {"max_kb": "0"},
            "“max_kb” should be a whole number from 1 to 1000000; it is “0”.",
        ),
        ("blur", {"kernel": "4"}, "A blur's kernel is an odd number from 1 to 2001; got 4."),
        ("blur", {"kernel": "5", "strength": "1"}, "Leave one of them out."),
        ("replace", {}, "“background” is missing"),
        ("replace", {"background": "#12345"}, "A colour is written #rrggbb"),
        ("replace", {"background": "#fff", "position": "up"}, "“up” should be left, right"),
        ("replace", {"background": "#fff", "shadow": "2"}, "a number from 0 to 1; it is “2”."),
    ],
)
def test_a_wish_that_can_t_be_met(
    client: TestClient, verb: str, words: dict[str, Any], sentence: str
) -> None:
    answer = send(client, verb, files=None if "photo" in words else CAT, **words)
    assert answer.status_code == 400, answer.text
    assert sentence in told(answer)
    assert "--" not in told(answer)


@pytest.mark.parametrize("data", [b"", b"hello", PHOTO[:80]])
def test_a_file_that_is_no_photo(client: TestClient, data: bytes) -> None:
    answer = send(client, files={"photo": ("cat.png", data, "image/png")})
    assert answer.status_code == 400
    assert told(answer).startswith("“cat.png” ")


@pytest.mark.parametrize(
    ("content", "kind", "sentence"),
    [
        (b"{", "application/json", "can't be read as that"),
        (b"[1]", "application/json", "should be an object"),
        (b"[" * 100_000, "application/json", "can't be read as that"),
        (b'{"photo": "%%%"}', "application/json", "should be a file as base64"),
        (b'{"photo": {"a": 1}}', "application/json", "should be a text, a number"),
        (b'{"box": [' + b"[" * 3000 + b"]" * 3001 + b"}", "application/json", "a list of those"),
        (b'{"model": "\\ud800"}', "application/json", "There is no model called “?”"),
        (b'{"\\ud800": "1"}', "application/json", "There is no “?”"),
        (b'{"text": [' + b"1," * 500 + b"1]}", "application/json", "Too many fields: 500"),
        (b'{"photo": [' + b'"aaaa",' * 64 + b'"aaaa"]}', "application/json", "Too many files: 64"),
        (
            b'{"model": "halves", "model": "shy"}',
            "application/json",
            "“model” should be there once",
        ),
        (b"photo", "text/plain", "is not read"),
        (PHOTO, "application/x-www-form-urlencoded", "isn't of the kind that is told"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", ""),
        (b"x", "multipart/form-data", "boundary"),
        (b"", "", "Send at least one photo"),
    ],
)
def test_a_body_that_can_t_be_read(
    client: TestClient, content: bytes, kind: str, sentence: str
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = client.post("/api/v1/cutout", content=content, headers=headers)
    assert answer.status_code == 400, answer.text
    assert sentence in told(answer)


@pytest.mark.parametrize("name", ["strokes", "edges", "model", "url"])
def test_a_word_that_is_sent_as_a_file_isn_t_passed_over(client: TestClient, name: str) -> None:
    answer = send(client, files={**CAT, name: (f"{name}.json", b"{}", "application/json")})
    assert answer.status_code == 400
    assert told(answer).startswith(f"“{name}” is sent as text, not as a file")


def test_a_photo_in_the_address_isn_t_passed_over(client: TestClient) -> None:
    for files in (CAT, None):
        answer = client.post("/api/v1/cutout?model=halves&photo=aGk", files=files)
        assert answer.status_code == 400
        assert told(answer) == "“photo” is sent in the body, not in the address."


def test_a_packed_body_isn_t_called_a_broken_photo(client: TestClient) -> None:
    for kind, body in (("image/png", PHOTO), ("application/json", b"{}")):
        headers = {"Content-Type": kind, "Content-Encoding": "gzip"}
        answer = client.post("/api/v1/cutout", content=gzip.compress(body), headers=headers)
        assert answer.status_code == 400
        assert told(answer) == "Bodies aren't unpacked here: send it without a Content-Encoding."


@pytest.mark.parametrize(
    ("kind", "status"),
    [(LoadFailed, 503), (RunFailed, 500)],
)
def test_a_model_that_fails_says_why(
    client: TestClient, halves: types.SimpleNamespace, kind: type[Exception], status: int
) -> None:
    halves.run_error = kind("No memory. Wait.")
    answer = send(client)
    assert (answer.status_code, told(answer)) == (status, "No memory. Wait.")


@pytest.mark.parametrize(
    "error", [lambda: MemoryError(), lambda: RuntimeError("CUDA out of memory. Tried to …")]
)
def test_a_model_that_runs_out_of_memory(
    client: TestClient, halves: types.SimpleNamespace, error: Callable[[], Exception]
) -> None:
    """It says what to do, and the next photo is done."""
    halves.run_error = error()
    answer = send(client)
    assert answer.status_code == 503
    assert told(answer).startswith("There is not enough memory on cpu to run Halves. Choose a ")
    halves.run_error = None
    assert send(client).status_code == 200


@pytest.mark.parametrize("failing", [
    lambda: FileNotFoundError(2, "No such file", "/home/me/secret.pth"),
    lambda: RunFailed("Halves did not run: ValueError: odd\n/home/me/secret.pth"),
    lambda: LoadFailed("Halves did not load: ValueError: odd\n/home/me/secret.pth"),
])  # fmt: skip
def test_no_path_of_this_machine_gets_out(
    client: TestClient,
    halves: types.SimpleNamespace,
    caplog: pytest.LogCaptureFixture,
    failing: Callable[[], Exception],
) -> None:
    halves.run_error = failing()  # one that lived on would keep frames, and photos in them
    answer = send(client)
    assert "Halves did not" in told(answer)
    assert "Error" in told(answer)
    assert told(answer).endswith("The server's log says more.")
    assert "secret" not in answer.text
    assert "secret.pth" in caplog.text
    pack = send(client, "compare", model=[], models="halves,grabcut").content
    assert b"Halves did not" in (results := zipfile.ZipFile(io.BytesIO(pack)).read("results.json"))
    assert b"secret" not in results


def test_what_nobody_foresaw_stays_in_the_log(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("the secret")

    monkeypatch.setattr("serving.native.carrying.made", broken)
    answer = send(client)
    assert answer.status_code == 500
    assert "nobody foresaw" in told(answer)
    assert "secret" not in answer.text
    assert "the secret" in caplog.text


def test_no_address_of_the_api_s_is_the_page(client: TestClient) -> None:
    assert client.get("/api/v1/cutuot").status_code == 404
    assert client.get("/api/v1/cutout").status_code == 405
    assert client.delete("/api/remove").status_code == 405
    assert client.get("/v1.0/nothing").json()["errors"][0]["code"] == "not_found"


def test_a_body_that_is_too_large(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUTOUT_MAX_MEGABYTES", "1")
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield bytes(100_000)

    headers = {"Content-Type": "image/png"}
    answer = client.post("/api/v1/cutout", content=bytes(4_000_000), headers=headers)
    assert answer.status_code == 413
    assert told(answer) == "The body is too large: 2 MB are the limit here."
    answer = client.post("/api/v1/cutout", content=pieces(), headers=headers)
    assert answer.status_code == 413
    assert guard.BodyLimit._held == 0


def test_a_photo_with_too_many_pixels(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUTOUT_MAX_MEGAPIXELS", "0.001")
    answer = send(client)
    assert answer.status_code == 400
    assert "CUTOUT_MAX_MEGAPIXELS" in told(answer)


def test_bodies_that_are_too_much_together(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard.BodyLimit, "_held", guard.TOGETHER * largest_body())
    answer = send(client)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "5"


def until(happened: Callable[[], Any]) -> None:
    last = time.monotonic() + 120
    while not happened():
        assert time.monotonic() < last
        time.sleep(0.01)


def waiting() -> int:
    lane = shared_workers()._lanes.get("cpu")
    return len(lane._jobs) if lane else 0


def nothing_is_read(*_: object) -> None:
    raise AssertionError("somebody for whom there is no room had a photo opened")


def test_a_full_queue(
    client: TestClient, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "QUEUE", 4)
    halves.gate.clear()
    with ThreadPoolExecutor(3) as threads:
        # Here each request has an event loop of its own: at once, one might count the other twice,
        # as coming and as waiting.
        there = [threads.submit(send, client)]
        until(lambda: waiting() == 1)
        there.append(threads.submit(send, client))
        until(lambda: waiting() == 2)
        with monkeypatch.context() as patched:
            patched.setattr(work, "open_file", nothing_is_read)
            answer = send(client)  # of four places, one caller has half
        halves.gate.set()
        assert [each.result().status_code for each in there] == [200, 200]
        ahead = sorted(each.result().headers["x-queue-ahead"] for each in there)
        assert ahead == ["0", "1"]
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert "The queue is full" in told(answer)
    assert send(client).status_code == 200


def test_those_who_were_let_in_have_their_places(
    client: TestClient, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many may come before the first of them waits in a lane: their photos are still read."""
    monkeypatch.setattr(work, "QUEUE", 4)
    read, reading = threading.Event(), threading.Semaphore(0)

    def slowly(*told: Any) -> Any:
        reading.release()
        assert read.wait(20)
        return pixels.open_file(*told)

    monkeypatch.setattr(work, "open_file", slowly)
    with ThreadPoolExecutor(2) as threads:
        there = [threads.submit(send, client) for _ in range(2)]
        assert reading.acquire(timeout=20)
        until(lambda: len(work.Arrival._coming) == 2)
        assert send(client).status_code == 429
        read.set()
        assert [each.result().status_code for each in there] == [200, 200]
    assert work.Arrival._coming == []
    assert send(client, model="none").status_code == 400
    assert work.Arrival._coming == []


def test_what_takes_too_long(
    client: TestClient, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "SECONDS", 0.2)
    halves.gate.clear()
    answer = send(client)
    halves.gate.set()
    assert answer.status_code == 504
    until(lambda: waiting() == 0)


def test_thousands_of_words_are_refused(client: TestClient) -> None:
    answer = send(client, text=["dog"] * 600)
    assert answer.status_code == 400
    assert "Too many fields" in told(answer)


def test_page_and_api_wait_in_one_line(client: TestClient, halves: types.SimpleNamespace) -> None:
    from ui.resources import pool, workers

    assert workers() is shared_workers()
    assert send(client).status_code == 200
    assert "halves" in {key.model for key in pool()._memory._kept}
    assert threading.active_count() > 1
