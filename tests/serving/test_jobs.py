"""Orders that are carried out after their answer."""

import asyncio
import base64
import gc
import io
import json
import time
import types
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from models.interface import LoadFailed, RunFailed
from models.running.lanes import shared_workers
from serving import guard, keys, work
from serving import state as server_state
from serving.bodies import largest_body
from serving.errors import Refusal
from serving.native import carrying, job_routes, jobs
from serving.native.jobs import shelf
from serving.native.kept import KeptJob
from tests.serving.conftest import photo_file, pixels_of
from tests.serving.test_memory import held
from tests.serving.test_operation import grown
from tests.serving.test_refusals import until

PHOTO = photo_file()
CAT = {"photo": ("cat.png", PHOTO, "image/png")}


def start(client: TestClient, verb: str = "matte", files: Any = CAT, **words: Any) -> Any:
    given = {"verb": verb, "model": "halves", **words}
    headers = given.pop("headers", {})
    return client.post("/api/v1/jobs", data=given, files=files, headers=headers)


def state(client: TestClient, url: str) -> Any:
    return client.get(url).json()


def ended(client: TestClient, url: str) -> Any:
    until(lambda: state(client, url)["state"] not in ("queued", "running"))
    return state(client, url)


def message(answer: Any) -> str:
    return str(answer.json()["error"]["message"])


def test_an_order_is_taken_and_its_result_fetched_later(lasting: TestClient) -> None:
    answer = start(lasting)
    assert answer.status_code == 202, answer.text
    url = answer.headers["location"]
    assert url == answer.json()["url"] == f"/api/v1/jobs/{answer.json()['id']}"
    told = ended(lasting, url)
    assert (told["state"], told["verb"], told["error"], told["webhook"]) == (
        "done", "matte", None, None,
    )  # fmt: skip
    assert (told["done"], told["total"], told["ahead"]) == (1, 1, 0)
    assert 590 < told["expires_in"] <= 600
    result = lasting.get(f"{url}/result")
    direct = lasting.post("/api/v1/matte", data={"model": "halves"}, files=CAT)
    assert result.content == direct.content
    assert result.headers["x-model"] == "halves"
    in_json = lasting.get(f"{url}/result", headers={"Accept": "application/json"}).json()
    assert base64.b64decode(in_json["file"]) == direct.content
    assert in_json["results"][0]["photo"] == "cat.png"


def test_ids_can_t_be_guessed(lasting: TestClient) -> None:
    ids = {start(lasting).json()["id"] for _ in range(5)}
    assert len(ids) == 5
    assert all(len(base64.urlsafe_b64decode(f"{each}==")) >= 16 for each in ids)


def test_any_verb_and_any_kind_of_body(lasting: TestClient) -> None:
    picture = {"Content-Type": "image/png"}
    raw = lasting.post("/api/v1/jobs?verb=cutout&model=halves", content=PHOTO, headers=picture)
    coded = {
        "verb": "compare",
        "models": "halves,grabcut",
        "photo": base64.b64encode(PHOTO).decode(),
    }
    compared = lasting.post("/api/v1/jobs", json=coded)
    for answer in (raw, compared):
        assert answer.status_code == 202, answer.text
        assert ended(lasting, answer.json()["url"])["state"] == "done"
    assert pixels_of(lasting.get(f"{raw.json()['url']}/result").content).shape == (40, 60, 4)
    pack = lasting.get(f"{compared.json()['url']}/result")
    assert pack.headers["content-type"] == "application/zip"
    assert "photo/halves_matte.png" in zipfile.ZipFile(io.BytesIO(pack.content)).namelist()


def test_what_it_waits_for_and_what_it_does(
    lasting: TestClient, halves: types.SimpleNamespace
) -> None:
    halves.gate.clear()
    first, second = (start(lasting).json()["url"] for _ in range(2))
    until(lambda: state(lasting, first)["stage"] == "Halves")
    told = state(lasting, first)
    assert (told["state"], told["ahead"], told["done"], told["total"]) == ("running", 0, 0, 1)
    told = state(lasting, second)
    assert (told["state"], told["ahead"], told["stage"]) == ("queued", 1, None)
    answer = lasting.get(f"{second}/result")
    assert answer.status_code == 409
    assert "isn't done yet: it is queued" in message(answer)
    halves.gate.set()
    assert ended(lasting, second)["state"] == "done"


@pytest.mark.parametrize("running", [True, False])
def test_a_job_is_cancelled(
    lasting: TestClient, halves: types.SimpleNamespace, running: bool
) -> None:
    halves.gate.clear()
    urls = [start(lasting).json()["url"] for _ in range(2)]
    until(lambda: state(lasting, urls[0])["state"] == "running")
    url = urls[0 if running else 1]
    assert lasting.delete(url).status_code == 204
    told = ended(lasting, url)
    assert (told["state"], told["error"]) == ("cancelled", None)
    answer = lasting.get(f"{url}/result")
    assert answer.status_code == 410
    assert "was cancelled" in message(answer)
    halves.gate.set()
    assert ended(lasting, urls[1 if running else 0])["state"] == "done"
    until(lambda: not shared_workers().jobs()["cpu"])
    # One that waited is never begun; one that ran may have been ended before its model began.
    assert 1 <= len(halves.prompts) <= 1 + running


def test_a_result_is_deleted(lasting: TestClient) -> None:
    url = start(lasting).json()["url"]
    ended(lasting, url)
    lasting.delete(url)
    answer = lasting.get(f"{url}/result")
    assert answer.status_code == 410
    assert "was deleted" in message(answer)


def test_a_result_is_kept_for_a_while(lasting: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "KEPT", 0.3)
    monkeypatch.setattr(jobs, "REMEMBERED", 0.5)
    url = start(lasting).json()["url"]
    ended(lasting, url)
    until(lambda: lasting.get(f"{url}/result").status_code != 200)
    answer = lasting.get(f"{url}/result")
    if answer.status_code != 404:  # a slow machine may be beyond that
        assert answer.status_code == 410
        assert "It was kept for" in message(answer)
    until(lambda: lasting.get(url).status_code == 404)
    assert shelf()._jobs == {}


@pytest.mark.parametrize(
    ("error", "status"), [(LoadFailed("No way. Wait."), 503), (RunFailed("No memory. Wait."), 500)]
)
def test_what_failed_is_told(
    lasting: TestClient, halves: types.SimpleNamespace, error: Exception, status: int
) -> None:
    halves.run_error = error
    url = start(lasting).json()["url"]
    told = ended(lasting, url)
    assert told["state"] == "failed"
    assert told["error"]["message"] == str(error)
    answer = lasting.get(f"{url}/result")
    assert (answer.status_code, message(answer)) == (status, str(error))


def test_what_takes_too_long(
    lasting: TestClient, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "SECONDS", 0.2)
    halves.gate.clear()
    url = start(lasting).json()["url"]
    told = ended(lasting, url)
    halves.gate.set()
    assert told["error"]["code"] == "took_too_long"
    assert lasting.get(f"{url}/result").status_code == 504


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"verb": ""}, "“verb” is missing: cutout, matte"),
        ({"verb": "cut"}, "“verb” should be one of cutout"),
        ({"edge": "grow=1"}, "There is no “edge”. Did you mean “edges”?"),
        ({"model": "u2nat"}, "There is no model called “u2nat”."),
        ({"box": "500,500,600,600"}, "lies outside"),
        ({"verb": "matte", "strength": "1"}, "There is no “strength”."),
    ],
)
def test_what_is_wrong_is_said_at_once(
    lasting: TestClient, words: dict[str, str], sentence: str
) -> None:
    answer = start(lasting, **words)
    assert answer.status_code == 400, answer.text
    assert sentence in message(answer)
    assert shelf()._jobs == {}


def test_a_full_queue(
    lasting: TestClient, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "QUEUE", 4)
    halves.gate.clear()
    urls = [start(lasting).json()["url"] for _ in range(2)]
    answer = start(lasting)  # of four places, one caller has half
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert "The queue is full" in message(answer)
    assert len(shelf()._jobs) == 2
    halves.gate.set()
    assert [ended(lasting, url)["state"] for url in urls] == ["done", "done"]
    assert start(lasting).status_code == 202


def test_a_key_sees_its_own_jobs_alone(connect: Callable[..., TestClient]) -> None:
    mine, other = keys.add("mine"), keys.add("other")
    with connect("192.168.1.7", "box.lan") as client:
        headers = {"X-Api-Key": mine}
        url = start(client, headers=headers).json()["url"]
        until(lambda: client.get(url, headers=headers).json()["state"] == "done")
        for path in (url, f"{url}/result", f"{url}/events"):
            assert client.get(path, headers={"X-Api-Key": other}).status_code == 404
            assert client.get(path).status_code == 401
        assert client.delete(url, headers={"X-Api-Key": other}).status_code == 404
        unknown = client.get("/api/v1/jobs/unknown", headers=headers)
        theirs = client.get(url, headers={"X-Api-Key": other})
        assert unknown.json() == theirs.json()
        assert client.get(f"{url}/result", headers=headers).status_code == 200
        cross = client.delete(url, headers={**headers, "Sec-Fetch-Site": "cross-site"})
        assert cross.status_code == 204  # who has the key may


def test_another_site_s_page_ends_no_job(lasting: TestClient) -> None:
    url = start(lasting).json()["url"]
    assert lasting.delete(url, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert ended(lasting, url)["state"] == "done"


def lines(answer: Any) -> list[str]:
    assert answer.headers["content-type"].startswith("text/event-stream")
    return str(answer.text).splitlines()


def data(told: list[str]) -> list[Any]:
    return [json.loads(line.removeprefix("data: ")) for line in told if line.startswith("data: ")]


def test_events_tell_each_change_and_end_with_the_job(
    lasting: TestClient, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_routes, "TICK", 0.02)
    monkeypatch.setattr(job_routes, "QUIET", 0.1)
    halves.gate.clear()
    first, url = (start(lasting).json()["url"] for _ in range(2))
    until(lambda: state(lasting, first)["state"] == "running")
    kept = shelf()._jobs[url.rpartition("/")[2]]
    assert lasting.portal
    opening = lasting.portal.start_task_soon(release_when_heard, kept, halves)
    told = lines(lasting.get(f"{url}/events"))
    opening.result(20)
    first_told = data(told)[0]
    assert (first_told["state"], first_told["ahead"]) == ("queued", 1)
    assert data(told)[-1]["state"] == "done"
    assert ": still here" in told
    assert told.count("id: end") == 1
    again = lasting.get(f"{url}/events")
    assert len(data(lines(again))) == 1
    found = grown(lasting, lambda: lasting.get(f"{url}/events"))
    assert found == {("cutout_requests_total", "dialect=native status=200"): 1}  # no seconds of it
    over = lasting.get(f"{url}/events", headers={"Last-Event-ID": "end"})
    assert over.status_code == 204  # so that a browser doesn't ask for ever


async def release_when_heard(kept: KeptJob, halves: types.SimpleNamespace) -> None:
    for _ in range(2000):
        if kept.listeners:
            await asyncio.sleep(0.3)  # beyond a comment
            break
        await asyncio.sleep(0.01)
    halves.gate.set()


def test_not_everybody_listens_to_one_job(
    lasting: TestClient, halves: types.SimpleNamespace
) -> None:
    halves.gate.clear()
    url = start(lasting).json()["url"]
    shelf()._jobs[url.rpartition("/")[2]].listeners = job_routes.LISTENERS
    answer = lasting.get(f"{url}/events")
    halves.gate.set()
    assert answer.status_code == 429
    assert answer.headers["retry-after"]


def room(monkeypatch: pytest.MonkeyPatch, nbytes: float) -> None:
    """For all callers together; one has half of it."""
    monkeypatch.setattr(guard, "TOGETHER", nbytes / largest_body())


def test_results_leave_where_there_is_no_room_for_all(
    lasting: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = start(lasting).json()["url"]
    ended(lasting, url)
    size = len(lasting.get(f"{url}/result").content)
    room(monkeypatch, 2 * (2.5 * size + 1))
    more = [start(lasting).json()["url"] for _ in range(2)]
    for each in more:
        ended(lasting, each)
    answer = lasting.get(f"{url}/result")
    assert answer.status_code == 410
    assert "There wasn't room" in message(answer)
    assert [lasting.get(f"{each}/result").status_code for each in more] == [200, 200]


def test_a_job_that_is_forgotten_holds_no_result(
    lasting: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = start(lasting).json()["url"]
    ended(lasting, url)
    (kept,) = shelf()._jobs.values()
    assert kept.result
    monkeypatch.setattr(jobs, "RECORDS", 0)
    ended(lasting, start(lasting).json()["url"])
    assert lasting.get(url).status_code == 404
    assert kept.result is None


def test_a_result_that_is_too_large(lasting: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (200, 300, 3), np.uint8)
    Image.fromarray(pixels).save(noise, "JPEG")
    files = {"photo": ("cat.jpg", noise.getvalue(), "image/jpeg")}
    room(monkeypatch, 2.2 * len(noise.getvalue()))  # a PNG of it is larger
    url = start(lasting, "blur", files, strength=0, format="png").json()["url"]
    assert ended(lasting, url)["error"]["code"] == "too_large"
    answer = lasting.get(f"{url}/result")
    assert answer.status_code == 413
    assert "There is no room for the result" in message(answer)


def test_photos_that_wait_have_their_limit(
    lasting: TestClient, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = photo_file(300, 200, "BMP")
    files = {"photo": ("cat.bmp", photo, "image/bmp")}
    room(monkeypatch, 2 * 2.5 * len(photo))
    halves.gate.clear()
    urls = [start(lasting, files=files).json()["url"] for _ in range(2)]
    shelf()._seconds = 0.0  # both take longer than jobs did so far
    answer = start(lasting, files=files)
    halves.gate.set()
    assert answer.status_code == 429
    assert "for about 1 second" in message(answer)
    assert int(answer.headers["retry-after"]) >= 1
    assert [ended(lasting, url)["state"] for url in urls] == ["done", "done"]
    assert start(lasting, files=files).status_code == 202


def test_nothing_but_the_result_is_kept(
    lasting: TestClient, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Refusal(413, "Too large.")

    start(lasting)
    gc.collect()
    gc.disable()
    before = held()
    try:
        for error in (None, RunFailed("No memory. Wait.")):
            halves.run_error = error
            for _ in range(4):
                ended(lasting, start(lasting).json()["url"])
        halves.run_error = None
        monkeypatch.setattr(carrying, "made", refuse)
        for _ in range(4):
            assert ended(lasting, start(lasting).json()["url"])["error"]["code"] == "too_large"
        last = time.monotonic() + 5
        while max((left := counted(before)).values(), default=0) > 1:
            assert time.monotonic() < last, left
            time.sleep(0.05)
    finally:
        gc.enable()
    assert guard.BodyLimit._held == 0
    known = shelf()._jobs.values()
    assert [each.nbytes for each in known] == [
        len(each.result.data) if each.result else 0 for each in known
    ]


def counted(before: Any) -> Any:
    """A job that failed keeps its refusal, and nothing else."""
    left = held() - before
    del left["Refusal"]
    return left


def test_the_server_s_end_waits_for_what_is_wanted(
    lasting: TestClient, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not shelf().busy()
    halves.gate.clear()
    url = start(lasting).json()["url"]
    assert shelf().busy()
    monkeypatch.setattr(jobs, "COLLECTED", 60.0)
    halves.gate.set()
    ended(lasting, url)
    assert shelf().busy()
    assert lasting.get(f"{url}/result").status_code == 200
    assert not shelf().busy()
    url = start(lasting).json()["url"]
    ended(lasting, url)
    monkeypatch.setattr(jobs, "COLLECTED", 0.0)
    assert not shelf().busy()


def test_what_was_taken_is_told_of_while_the_server_stops(
    lasting: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = start(lasting).json()["url"]
    monkeypatch.setattr(server_state, "stopping", True)
    assert ended(lasting, url)["state"] == "done"
    assert lasting.get(f"{url}/result").status_code == 200
    assert lasting.delete(url).status_code == 204
    assert start(lasting).status_code == 503
    assert lasting.get("/api/remove?url=http://8.8.8.8/").status_code == 503


def test_the_server_stops_in_the_middle(
    connect: Callable[..., TestClient], halves: types.SimpleNamespace
) -> None:
    halves.gate.clear()
    with connect() as client:
        start(client)
        until(halves.asked.is_set)
    assert shelf()._jobs == {}
    (job,) = shared_workers().jobs()["cpu"]
    assert job.stopping
    halves.gate.set()
    until(lambda: not job.active)
