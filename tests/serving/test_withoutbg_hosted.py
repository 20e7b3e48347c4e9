"""Clients of withoutBG's hosted API get its answers from this server."""

import base64
import types
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.running.default import Default
from serving import withoutbg_hosted
from tests.serving.conftest import HALVES, photo_file, pixels_of

PHOTO = photo_file()
CODED = {"image_base64": base64.b64encode(PHOTO).decode()}


@pytest.fixture(autouse=True)
def halves_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withoutbg_hosted, "default_model", lambda: Default(HALVES, ""))


def test_a_form_gives_a_png(client: TestClient) -> None:
    files = {"file": ("cat.png", PHOTO, "image/png")}
    answer = client.post("/v1.0/image-without-background", files=files, data={"novelty": "1"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-ignored"] == "novelty"
    assert pixels_of(answer.content)[20, [0, 59], 3].tolist() == [255, 0]
    matte = client.post("/v1.0/alpha-channel", files=files)
    assert pixels_of(matte.content)[20, [0, 59]].tolist() == [255, 0]
    assert "x-ignored" not in matte.headers


def test_json_gives_json(client: TestClient) -> None:
    told = client.post("/v1.0/image-without-background-base64", json=CODED).json()
    assert list(told) == ["img_without_background_base64"]
    cutout = pixels_of(base64.b64decode(told["img_without_background_base64"]))
    assert cutout[20, [0, 59], 3].tolist() == [255, 0]
    told = client.post("/v1.0/alpha-channel-base64", json=CODED).json()
    assert list(told) == ["alpha_base64"]
    assert pixels_of(base64.b64decode(told["alpha_base64"])).shape == (40, 60)


def test_what_can_t_be_done_is_told(client: TestClient, halves: types.SimpleNamespace) -> None:
    address = "/v1.0/alpha-channel-base64"
    for sent, sentence in (
        ({}, "Send a picture as “file”"),
        ({"image_base64": "?"}, "it can't be decoded"),
        ({"image_base64": "aGVsbG8="}, "photo"),
    ):
        answer = client.post(address, json=sent)
        assert answer.status_code == 400
        assert sentence in answer.json()["error"]
        assert answer.json()["detail"] == answer.json()["error"]
    assert client.get(address).status_code == 405
    assert client.post("/available-credit").status_code == 405
    halves.run_error = MemoryError()
    answer = client.post(address, json=CODED)
    assert answer.status_code >= 500
    assert "not enough memory" in answer.json()["error"]


def test_the_credit(client: TestClient) -> None:
    told = client.get("/available-credit").json()
    assert told["credit"] > 0
    assert set(told) == {"credit", "expiration_date"}


def test_a_key_that_isn_t_known_is_not_called_expired(connect: Callable[..., Any]) -> None:
    away = connect("192.168.1.7", "box.lan")
    for headers in ({}, {"X-API-Key": "another"}):
        for answer in (
            away.post("/v1.0/alpha-channel-base64", json=CODED, headers=headers),
            away.get("/available-credit", headers=headers),
        ):
            assert answer.status_code == 401
            assert "key" in answer.json()["error"]
