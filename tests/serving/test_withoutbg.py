"""Clients of withoutBG's own server get its answers from this one."""

import base64
import types
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.running.default import Default
from serving import state, withoutbg
from tests.serving.conftest import HALVES, photo_file, pixels_of

ADDRESS = "/v1/remove-background"
PHOTO = photo_file()


@pytest.fixture(autouse=True)
def ready(connect: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withoutbg, "default_model", lambda: Default(HALVES, ""))
    assert state.ready.wait(60)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "image/png"},
        {"Content-Type": "application/octet-stream"},
        {"Content-Type": "application/x-www-form-urlencoded"},  # which curl says by itself
        {},
    ],
)
@pytest.mark.parametrize("output", ["", "?output=cutout", "?output=processed"])
def test_the_body_is_the_picture(client: TestClient, headers: dict[str, str], output: str) -> None:
    answer = client.post(f"{ADDRESS}{output}", content=PHOTO, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    assert int(answer.headers["x-latency-ms"]) >= 0
    assert "x-ignored" not in answer.headers
    picture = pixels_of(answer.content)
    assert picture.shape == (40, 60, 4)
    assert picture[20, [0, 59], 3].tolist() == [255, 0]


def test_a_form_and_the_matte(client: TestClient) -> None:
    files = {"image": ("cat.png", PHOTO, "image/png")}
    answer = client.post(f"{ADDRESS}?output=matte", files=files, data={"novelty": "1"})
    assert pixels_of(answer.content)[20, [0, 59]].tolist() == [255, 0]
    assert answer.headers["x-ignored"] == "novelty"


@pytest.mark.parametrize("kind", ["", "data:image/png;base64,"])
def test_json_in_and_out(client: TestClient, kind: str) -> None:
    answer = client.post(ADDRESS, json={"image": kind + base64.b64encode(PHOTO).decode()})
    told = answer.json()
    assert set(told) == {"processed", "alphaMatte", "latencyMs"}
    assert isinstance(told["latencyMs"], int)
    for name, shape in (("processed", (40, 60, 4)), ("alphaMatte", (40, 60))):
        start, _, coded = told[name].partition(",")
        assert start == "data:image/png;base64"
        assert pixels_of(base64.b64decode(coded)).shape == shape


@pytest.mark.parametrize(
    ("query", "content", "status", "sentence"),
    [
        ("?output=mask", PHOTO, 400, "output should be one of cutout, processed, matte"),
        ("?output=matte&output=cutout", PHOTO, 400, "“output” should be there once."),
        ("?keep_mask=1", PHOTO, 501, "keep_mask can't be heeded here"),
        ("", b"", 400, "is empty"),
        ("", b"hello", 400, "“photo”"),
    ],
)
def test_what_can_t_be_done_is_told(
    client: TestClient, query: str, content: bytes, status: int, sentence: str
) -> None:
    answer = client.post(
        f"{ADDRESS}{query}", content=content, headers={"Content-Type": "image/png"}
    )
    assert answer.status_code == status
    assert sentence in answer.json()["error"]


def test_clients_that_send_json_look_at_the_detail(client: TestClient) -> None:
    answer = client.post(ADDRESS, json={"picture": "aaaa"})
    assert answer.status_code == 400
    assert "Send a picture" in answer.json()["detail"]
    assert client.get(ADDRESS).status_code == 405
    assert "error" in client.get("/v1/nothing").json()


def test_a_model_that_fails(client: TestClient, halves: types.SimpleNamespace) -> None:
    halves.run_error = FileNotFoundError(2, "No such file", "/home/me/secret.pth")
    answer = client.post(ADDRESS, content=PHOTO)
    assert answer.status_code == 500
    assert "secret" not in answer.text


def test_how_it_is(client: TestClient) -> None:
    told = client.get("/health").json()
    assert (told["status"], told["model"]) == ("ok", "halves")
    assert told["version"][0].isdigit()
    assert client.get("/ready").json() == {"status": "ready"}
    assert client.get("/v1/licenses").json()["model"]["license"] == "MIT"
    state.ready.clear()
    for answer in (client.get("/ready"), client.post(ADDRESS, content=PHOTO)):
        assert answer.status_code == 503
    assert answer.json()["error"].startswith("The server gets ready.")
    assert client.get("/health").status_code == 200


def test_another_machine_needs_a_key_but_for_its_health(connect: Callable[..., Any]) -> None:
    away = connect("192.168.1.7", "box.lan")
    for answer in (away.post(ADDRESS, content=PHOTO), away.get("/v1/licenses")):
        assert answer.status_code == 401
        assert "A key is needed" in answer.json()["error"]
    assert away.get("/health").status_code == 200
    assert away.get("/ready").status_code == 200
