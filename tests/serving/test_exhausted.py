"""What is used up, memory or the disk, is told in each dialect's own shape, and the next one is
served."""

import base64
import errno
import gc
import hashlib
import os
import re
import types
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from starlette.testclient import TestClient

from models import catalog
from models.catalog import GRABCUT, ModelSpec
from models.hub import transfer, weights
from models.running.default import Default
from models.running.pool import shared_pool
from serving import state, withoutbg, withoutbg_hosted
from serving.removebg import routes as removebg
from tests.families import pretend
from tests.halves import Halves
from tests.hub import Hub
from tests.serving.conftest import HALVES, SHY, photo_file
from tests.serving.test_operation import gauges, grown

PHOTO = photo_file()
FILE = ("cat.png", PHOTO, "image/png")

type Send = Callable[[TestClient], Any]
type Sentence = Callable[[Any], str]

DIALECTS: dict[str, tuple[Send, Sentence]] = {
    "native": (
        lambda client: client.post(
            "/api/v1/cutout", data={"model": "halves"}, files={"photo": FILE}
        ),
        lambda told: told["error"]["message"],
    ),
    "rembg": (
        lambda client: client.post("/api/remove", data={"model": "halves"}, files={"file": FILE}),
        lambda told: told["detail"],
    ),
    "removebg": (
        lambda client: client.post("/v1.0/removebg", files={"image_file": FILE}),
        lambda told: told["errors"][0]["title"],
    ),
    "withoutbg": (
        lambda client: client.post("/v1/remove-background", content=PHOTO),
        lambda told: told["error"],
    ),
    "hosted": (
        lambda client: client.post(
            "/v1.0/alpha-channel-base64",
            json={"image_base64": base64.b64encode(PHOTO).decode()},
        ),
        lambda told: told["error"],
    ),
}

in_each_dialect = pytest.mark.parametrize(
    ("send", "sentence"), DIALECTS.values(), ids=list(DIALECTS)
)


def usual(monkeypatch: pytest.MonkeyPatch, spec: ModelSpec) -> None:
    """Who names no model gets that one."""
    for module in (removebg, withoutbg, withoutbg_hosted):
        monkeypatch.setattr(module, "default_model", lambda: Default(spec, ""))
    assert state.ready.wait(60)


@pytest.fixture
def usually_halves(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    usual(monkeypatch, HALVES)


FAULTS = [
    MemoryError(),
    RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    RuntimeError("[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Failed to allocate memory for …"),
    RuntimeError("OpenCV(4.12.0) error: (-4:Insufficient memory) Failed to allocate 9 bytes"),
]


@in_each_dialect
@pytest.mark.parametrize("error", FAULTS, ids=["python", "torch", "onnxruntime", "opencv"])
@pytest.mark.usefixtures("usually_halves")
def test_a_model_runs_out_of_memory(
    client: TestClient, halves: types.SimpleNamespace, send: Send, sentence: Sentence,
    error: Exception,
) -> None:  # fmt: skip
    halves.run_error = error
    answer = send(client)
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["retry-after"]) >= 1
    told = sentence(answer.json())
    assert told.startswith("There is not enough memory on cpu to run Halves. Choose a smaller")
    halves.run_error = None
    assert send(client).status_code == 200


def test_it_is_dropped_counted_and_told_and_others_work(
    client: TestClient, halves: types.SimpleNamespace
) -> None:
    send, _ = DIALECTS["native"]
    assert send(client).status_code == 200
    there = weakref.ref(next(iter(shared_pool()._memory._kept.values()))[0][0])
    halves.run_error = MemoryError()
    found = grown(client, lambda: send(client))
    gc.collect()
    assert there() is None
    assert shared_pool().loaded() == {}
    assert found["cutout_failures_total", "error=OutOfMemory lane=cpu model=halves"] == 1
    assert found["cutout_rejections_total", "dialect=native reason=out_of_memory"] == 1
    answer = client.get("/readyz")  # others can be done: it's ready
    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"
    (problem,) = answer.json()["problems"]
    assert problem.startswith("halves: There is not enough memory on cpu")
    words = {"model": "grabcut", "box": "5,5,30,35"}
    other = client.post("/api/v1/cutout", data=words, files={"photo": FILE})
    assert other.status_code == 200, other.text
    halves.run_error = None
    assert send(client).status_code == 200
    assert client.get("/readyz").json() == {"status": "ready"}


def test_a_picture_for_which_there_is_no_memory(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_room(*_: object, **__: object) -> NoReturn:
        raise MemoryError

    monkeypatch.setattr("serving.native.answers.finished", no_room)
    answer = DIALECTS["native"][0](client)
    assert answer.status_code == 503
    assert "Send fewer or smaller photos" in answer.json()["error"]["message"]
    assert "not enough memory for a request" in caplog.text


@pytest.fixture
def fetched(
    client: TestClient, halves: types.SimpleNamespace, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[Hub, ModelSpec]]:  # fmt: skip
    """Halves, with two megabytes of weights that a hub has."""
    (tmp_path / "repo").mkdir()
    content = os.urandom(2_000_000)
    (tmp_path / "repo/halves.bin").write_bytes(content)
    with Hub({"team/halves": tmp_path / "repo"}) as hub, hub.adopted(tmp_path / "home"):
        url = hub.address("team/halves", "halves.bin")
        checksum = f"sha256:{hashlib.sha256(content).hexdigest()}"
        spec = replace(HALVES, url=url, files=("halves.bin",), checksum=checksum)
        monkeypatch.setattr(catalog, "MODELS", (GRABCUT, spec, SHY))
        pretend(monkeypatch, spec.family, lambda *_: Halves(halves))
        usual(monkeypatch, spec)
        yield hub, spec


@in_each_dialect
def test_the_disk_is_full_of_weights(
    client: TestClient, fetched: tuple[Hub, ModelSpec], tmp_path: Path, send: Send,
    sentence: Sentence, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The disk fills up midway. Once there is room, the next try goes on from there."""
    hub, spec = fetched

    def full(file: Any, part: Path, have: int, _: object) -> NoReturn:
        part.write_bytes((tmp_path / "repo" / file.name).read_bytes()[:1_000_000])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(transfer, "_append", full)
        answer = send(client)
    assert answer.status_code == 503, answer.text
    told = sentence(answer.json())
    assert re.fullmatch("The disk of a folder of the server is full. Make room .*", told)
    assert str(tmp_path) not in answer.text
    assert not weights.cached(spec)
    assert weights.unfinished_bytes(spec) == 1_000_000
    hub.requests.clear()
    assert send(client).status_code == 200
    assert [each.range for each in hub.requests if each.method == "GET"] == ["bytes=1000000-"]
    assert weights.unfinished_bytes(spec) == 0
    assert gauges(client)["cutout_ready", ""] == 1
