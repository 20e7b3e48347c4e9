"""What whoever runs the server sees of it: gauges, lines about requests, and whether it's ready."""

import json
import logging
import threading
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from models import catalog
from models.interface import LoadFailed, RunFailed
from models.running import devices
from models.running.jobs import Job, Step
from models.running.lanes import shared_workers
from models.running.pool import Pool, shared_pool
from models.running.settings import check
from serving import guard, keys, metrics, probes, rembg, removebg, server, state, watching
from serving.errors import native
from serving.rates import Rates
from tests.serving.conftest import HALVES, photo_file
from tests.serving.test_refusals import until

type Connect = Callable[..., TestClient]
assert removebg

PHOTO = photo_file()
SECRET = "aunt-mary.png"


def send(client: TestClient, path: str = "/api/v1/cutout", **more: Any) -> Any:
    words = {"data": {"model": "halves"}, "files": {"photo": (SECRET, PHOTO, "image/png")}}
    return client.post(path, **{**words, **more})


def gauges(client: TestClient) -> dict[tuple[str, str], float]:
    """By name and labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, " ".join(f"{k}={v}" for k, v in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def grown(client: TestClient, work: Callable[[], object]) -> dict[tuple[str, str], float]:
    """By how much each has grown meanwhile; those that haven't are left out."""
    before = gauges(client)
    work()
    found = {key: value - before.get(key, 0.0) for key, value in gauges(client).items()}
    return {key: value for key, value in found.items() if value and key[0].startswith("cutout_")}


def test_a_request_is_counted_by_dialect_status_model_and_lane(client: TestClient) -> None:
    metrics.begin()  # as another server in this process did
    found = grown(client, lambda: (send(client), send(client, data={"model": "none"})))
    assert found["cutout_requests_total", "dialect=native status=200"] == 1
    assert found["cutout_requests_total", "dialect=native status=400"] == 1
    assert found["cutout_rejections_total", "dialect=native reason=bad_request"] == 1
    assert found["cutout_request_seconds_count", "dialect=native"] == 2
    assert found["cutout_photos_total", "lane=cpu model=halves"] == 1
    assert found["cutout_stage_seconds_count", "model=halves stage=load"] == 1
    assert ("cutout_stage_seconds_bucket", "le=+Inf model=halves stage=load") in found
    assert gauges(client)["cutout_loaded_bytes", "device=cpu"] >= 0
    assert gauges(client)["process_resident_memory_bytes", ""] > 1e6


def test_dialects_are_told_apart(client: TestClient) -> None:
    def ask() -> None:
        files = {"file": (SECRET, PHOTO, "image/png")}
        assert client.post("/api/remove", data={"model": "halves"}, files=files).status_code == 200
        assert client.post("/v1.0/removebg", files={}).status_code == 400

    found = grown(client, ask)
    assert found["cutout_requests_total", "dialect=rembg status=200"] == 1
    assert found["cutout_requests_total", "dialect=removebg status=400"] == 1


def test_the_page_s_jobs_count_and_what_is_no_model_doesn_t(
    client: TestClient, halves: types.SimpleNamespace
) -> None:
    def run(outcome: Any) -> Callable[[Job], Any]:
        def step(_: Job) -> Any:
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        return step

    steps = [
        Step(("photo", "halves"), "Halves", run("a cut")),
        Step(("photo 2", "halves"), "Halves", run(RunFailed("No."))),
        Step(("photo 3", "a person's own words"), "packing", run("a ZIP")),
    ]

    def ask() -> None:
        job = Job(steps, lambda: True, lambda *_: None)
        shared_workers().submit(job, "cuda:1")
        until(lambda: not job.active)

    found = grown(client, ask)
    assert found["cutout_photos_total", "lane=cuda:1 model=halves"] == 1
    assert found["cutout_failures_total", "error=RunFailed lane=cuda:1 model=halves"] == 1
    assert "own words" not in str(found)


def test_the_queue_is_told_by_lane(client: TestClient, halves: types.SimpleNamespace) -> None:
    halves.gate.clear()
    thread = threading.Thread(target=send, args=(client,))
    thread.start()
    until(lambda: gauges(client).get(("cutout_queue_jobs", "lane=cpu")) == 1)
    halves.gate.set()
    thread.join()
    until(lambda: gauges(client)["cutout_queue_jobs", "lane=cpu"] == 0)


def test_reasons_of_rejections_differ_where_the_status_doesn_t(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serving.work.QUEUE", 0)
    found = grown(client, lambda: send(client))
    assert found["cutout_rejections_total", "dialect=native reason=queue_full"] == 1
    monkeypatch.setattr("serving.work.QUEUE", 64)
    monkeypatch.setattr(guard, "TOGETHER", 0)
    found = grown(client, lambda: send(client))
    assert found["cutout_rejections_total", "dialect=native reason=too_much_at_once"] == 1


def test_gauges_need_a_key_as_pictures_do(connect: Connect) -> None:
    key = keys.add("prometheus")
    assert connect().get("/metrics").status_code == 401
    assert connect().get("/metrics", headers={"X-Api-Key": "wrong"}).status_code == 403
    found = connect().get("/metrics", headers={"Authorization": f"Bearer {key}"})
    assert found.status_code == 200
    send(connect(), headers={"X-Api-Key": key})
    told = connect().get("/metrics", headers={"X-Api-Key": key}).text
    for secret in (key, "prometheus", SECRET):
        assert secret not in told.replace("prometheus_", "")


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, connect: Connect) -> Iterator[list[str]]:
    written: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(record.getMessage())

    handler = Kept()
    monkeypatch.setattr(watching.log, "level", logging.INFO)
    watching.log.manager._clear_cache()  # type: ignore[attr-defined]
    watching.log.addHandler(handler)
    yield written
    watching.log.removeHandler(handler)
    watching.log.manager._clear_cache()  # type: ignore[attr-defined]


def test_a_line_about_a_request_names_neither_photo_nor_address(
    connect: Connect, lines: list[str]
) -> None:
    key, client = keys.add("shop"), connect()
    answer = send(client, headers={"X-Api-Key": key, "X-Request-Id": "order-17"})
    assert answer.headers["x-request-id"] == "order-17"
    (line,) = lines
    told = json.loads(line)
    assert told.pop("time").endswith("+00:00")
    assert told.pop("seconds") > 0
    assert told.pop("bytes_in") > len(PHOTO)
    assert told == {
        "id": "order-17", "dialect": "native", "method": "POST", "route": "/api/v1/cutout",
        "status": 200, "refused": None, "bytes_out": len(answer.content), "key": "shop",
    }  # fmt: skip
    lines.clear()
    headers = {"X-Request-Id": "a\tb"}
    path = "/api/v1/cutout?model=u2nat&url=https://me.example/mary.png"
    refused = send(client, path, headers=headers)
    client.get("/api/v1/photos/mary.png")
    client.get("/api/v1/health")
    client.get("/metrics")
    first, second = map(json.loads, lines)
    assert (first["status"], first["refused"], first["key"]) == (401, "key_missing", None)
    assert first["id"] == refused.headers["x-request-id"] != "a\tb"
    assert second["route"] is None
    assert "mary" not in "".join(lines)


def test_what_the_web_server_writes_has_no_queries(caplog: pytest.LogCaptureFixture) -> None:
    watching.write_down()
    log = logging.getLogger("uvicorn.access")
    with caplog.at_level(logging.INFO, "uvicorn.access"):
        log.info(
            '%s - "%s %s HTTP/%s" %d', "me:1", "GET", "/api/remove?url=https://x/y", "1.1", 200
        )
    assert caplog.messages == ['me:1 - "GET /api/remove HTTP/1.1" 200']


def test_a_key_keeps_to_its_rate_in_each_dialect_s_words(connect: Connect) -> None:
    key, client = keys.add("shop", 2), connect()
    headers = {"X-Api-Key": key}
    assert send(client, headers=headers).status_code == 200
    for _ in range(5):  # looking isn't work
        assert client.get("/api/v1/models", headers=headers).status_code == 200
    assert client.get("/api/remove", headers=headers).status_code == 422
    refused = [
        send(client, headers=headers),
        client.get("/api/remove", headers=headers),
        client.post("/v1.0/removebg", headers=headers),
    ]
    assert [answer.status_code for answer in refused] == [429, 429, 429]
    assert all(50 < int(answer.headers["retry-after"]) <= 60 for answer in refused)
    sentence = refused[0].json()["error"]["message"]
    assert sentence.startswith("This key may make 2 requests a minute. Try again in ")
    assert refused[1].json() == {"detail": sentence}
    assert refused[2].json()["errors"] == [{"title": sentence, "code": "rate_limit_exceeded"}]
    other = keys.add("other")
    for _ in range(3):
        assert send(client, headers={"X-Api-Key": other}).status_code == 200


def test_a_minute_is_any_minute() -> None:
    now = 0.0
    rates = Rates(lambda: now)
    assert rates.wait("shop", 2) == 0
    now = 40.0
    assert rates.wait("shop", 2) == 0
    now = 50.0
    assert rates.wait("shop", 2) == 10
    assert rates.wait("other", 2) == 0
    now = 60.0
    assert rates.wait("shop", 2) == 0
    assert rates.wait("shop", 2) == 40
    assert rates.wait("shop", 1) == 60  # the limit was lowered meanwhile


@pytest.fixture
def preloading(halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Connect:
    """A server that is to load Halves first; `state` tells how far it is."""
    monkeypatch.setenv("CUTOUT_PRELOAD", "halves, halves")
    monkeypatch.setattr(probes, "AGAIN", 0.01)

    def start() -> TestClient:
        app = Starlette(routes=server.routes(""), lifespan=server.lifespan)
        return TestClient(app, base_url="http://localhost", client=("127.0.0.1", 50000))

    return start


def test_ready_once_the_models_that_are_named_are_loaded(
    preloading: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails, prepare = threading.Event(), Pool.prepare
    fails.set()

    def sometimes(pool: Pool, *told: Any, **more: Any) -> None:
        if fails.is_set():
            raise LoadFailed("There is no network. Plug it in.")
        prepare(pool, *told, **more)

    monkeypatch.setattr(Pool, "prepare", sometimes)
    with preloading() as client:
        until(lambda: "network" in state.missing.get("halves", ""))
        assert client.get("/healthz").json() == {"status": "ok"}
        for path in ("/readyz", "/api/v1/ready"):
            answer = client.get(path)
            assert answer.status_code == 503
            sentence = "halves: There is no network. Plug it in."
            assert answer.json() == {"status": "starting", "problems": [sentence]}
        fails.clear()
        until(state.ready.is_set)
        assert client.get("/readyz").json() == {"status": "ready"}
        assert list(shared_pool().loaded()["cpu"]) == ["halves"]
    assert not state.ready.is_set()


def test_models_are_loaded_on_each_card(
    preloading: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[str] = []
    row = replace(HALVES, engine="onnxruntime")
    monkeypatch.setattr(catalog, "MODELS", (row,))
    monkeypatch.setattr(probes, "cards", lambda: ("cuda:0", "cuda:1"))
    monkeypatch.setattr(Pool, "prepare", lambda *_, **__: turns.append(devices._turn.get()))
    with preloading():
        until(state.ready.is_set)
    assert turns == ["cuda", "cuda:1"]


def test_a_model_that_isn_t_there_is_told_at_the_start(
    halves: types.SimpleNamespace, preloading: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUTOUT_PRELOAD", "halves,u2nat")
    (told,) = check()
    assert "CUTOUT_PRELOAD" in told
    assert "it is “halves,u2nat”" in told
    with preloading() as client:
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json() == {"status": "wrong", "problems": [told]}
        assert client.get("/healthz").status_code == 200


def test_a_server_that_stops_takes_nothing_new(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = connect()
    until(state.ready.is_set)
    monkeypatch.setattr(state, "stopping", True)
    assert client.get("/readyz").json() == {"status": "stopping"}
    assert client.get("/ready").json() == {"status": "not_ready"}
    assert gauges(client)["cutout_ready", ""] == 0
    assert client.get("/healthz").status_code == client.get("/api/v1/health").status_code == 200
    found = grown(client, lambda: send(client))
    assert found["cutout_rejections_total", "dialect=native reason=stopping"] == 1
    answers = [send(client), client.post("/api/remove"), client.post("/v1.0/removebg")]
    for answer, shape in zip(answers, (native, rembg.shape, None), strict=True):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == watching.RETRY
        assert "about to stop" in answer.text
        assert shape is None or set(answer.json()) <= {"error", "detail"}


def test_whoever_looks_at_the_page_then_is_told_too(halves: types.SimpleNamespace) -> None:
    workers, found = shared_workers(), dict[Any, Any]()
    open_ = threading.Event()
    steps = [Step(("a", "halves"), "Halves", lambda _: open_.wait(20))]
    begun = workers.submit(Job(steps, lambda: True, found.__setitem__), "cpu")
    workers.close()
    late = [Step((photo, "halves"), "Halves", lambda _: "cut") for photo in "bc"]
    job = workers.submit(Job(late, lambda: True, found.__setitem__), "cpu")
    assert job.state == "done"
    assert {str(found[photo, "halves"]) for photo in "bc"} == {
        "The server is about to stop. Try again in a minute."
    }
    workers.submit(Job(late, lambda: True, found.__setitem__), "cpu", 64)  # let in before
    open_.set()
    until(lambda: not begun.active and found["c", "halves"] == "cut")
    assert found["a", "halves"] is True
