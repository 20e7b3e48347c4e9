"""Clients of rembg's server get its answers from this one."""

import base64
import json
import types
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.catalog import cutters
from models.interface import Box
from models.running.default import Default
from serving import rembg
from tests.serving.conftest import HALVES, photo_file, pixels_of

PHOTO = photo_file()
CUTTERS = cutters()


def send(client: TestClient, query: str = "", **words: Any) -> Any:
    words.setdefault("model", "halves")
    files = {"file": ("cat.png", PHOTO, "image/png")}
    return client.post(f"/api/remove{query}", data=words, files=files)


def test_a_file_gives_a_cutout(client: TestClient) -> None:
    answer = send(client)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    picture = pixels_of(answer.content)
    assert picture.shape == (40, 60, 4)
    assert picture[20, [0, 59], 3].tolist() == [255, 0]


def test_the_mask_alone(client: TestClient) -> None:
    assert pixels_of(send(client, om="true").content).shape == (40, 60)


def test_a_threshold(client: TestClient, halves: types.SimpleNamespace) -> None:
    halves.opacity = 0.7
    assert pixels_of(send(client, om="true").content)[0, 0] == 178
    assert pixels_of(send(client, om="true", ppm="true").content)[0, 0] == 255


@pytest.mark.parametrize("query", ["?bgc=0,255,0,255", ""])
def test_a_colour_goes_behind_from_the_address_or_the_form(client: TestClient, query: str) -> None:
    words = {} if query else {"bgc": "0,255,0,255"}
    assert pixels_of(send(client, query, **words).content)[20, 59].tolist() == [0, 255, 0]


def test_what_is_pointed_at_reaches_the_model(
    client: TestClient, halves: types.SimpleNamespace
) -> None:
    prompt = [{"type": "rectangle", "data": [1, 2, 30, 40], "label": 1}]
    assert send(client, extras=json.dumps({"sam_prompt": prompt})).status_code == 200
    assert halves.prompts[0].boxes == (Box(1, 2, 30, 40),)
    point = [{"type": "point", "data": [30, 20], "label": 0}]
    refused = send(client, extras=json.dumps({"sam_prompt": point}))
    assert refused.status_code == 422  # Halves takes no points: the picture would be another
    words = {"model": "grabcut", "extras": json.dumps({"sam_prompt": [*point, *prompt]})}
    assert send(client, **words).status_code == 200


def test_thresholds_only_tune(client: TestClient) -> None:
    answer = send(client, a="true", af="240", ab="10", ae="10", novelty="1")
    assert answer.status_code == 200
    assert answer.headers["x-ignored"] == "af, ab, ae, novelty"


def test_a_name_from_outside_makes_no_header_of_its_own(client: TestClient) -> None:
    answer = send(client, "?n%C3%B6%0D%0AX-Evil%3A%201=x")
    assert answer.status_code == 200
    assert "x-evil" not in answer.headers
    assert answer.headers["x-ignored"] == "n%C3%B6%0D%0AX-Evil%3A%201"


def test_half_a_letter_from_outside_makes_no_broken_header(client: TestClient) -> None:
    photo = "data:image/png;base64," + base64.b64encode(PHOTO).decode()
    sent = json.dumps({"file": photo, "model": "halves", "\ud800": "1"})
    headers = {"Content-Type": "application/json"}
    answer = client.post("/api/remove", content=sent, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["x-ignored"] == "%3F"


@pytest.mark.parametrize(
    ("words", "detail"),
    [
        ({"model": "u2net-that-is-not"}, "There is no model “u2net-that-is-not” here."),
        ({"model": "shy"}, "Shy must be told"),
        ({"bgc": "green"}, "bgc should be"),
        ({"bgc": "1,2,3,40"}, "A 0 or 255"),
        ({"extras": "{"}, "extras should be JSON"),
        ({"om": "mask"}, "om should be true or false; not “mask”."),
        ({"a": "2"}, "a should be true or false"),
        ({"extras": '{"sam_prompt": [{"type": "point"}]}'}, "Each of extras.sam_prompt"),
        (
            {
                "model": "grabcut",
                "extras": '{"sam_prompt": [{"type": "point", "data": [9, 9], "label": "1"}]}',
            },
            "labelled 1 or 0",
        ),
        (
            {"extras": '{"sam_prompt": [{"type": "rectangle", "data": [0, 0, 9, Infinity]}]}'},
            "Each of",
        ),
        (
            {"extras": '{"sam_prompt": [{"type": "point", "data": [1' + "0" * 400 + ", 1]}]}"},
            "Each of",
        ),
        ({"vm": "true"}, "There is no model “vitmatte-small” here."),
    ],
)
def test_what_can_t_be_done_is_told(client: TestClient, words: dict[str, str], detail: str) -> None:
    answer = send(client, **words)
    assert answer.status_code == 422
    assert detail in answer.json()["detail"]


def test_nothing_is_fetched(client: TestClient) -> None:
    answer = client.get("/api/remove?url=http://localhost/cat.png")
    assert answer.status_code == 501
    assert "aren't fetched" in answer.json()["detail"]
    assert client.post("/api/remove", data={"model": "halves"}).status_code == 422


ALL_FIELDS = {
    "a": "false", "af": "240", "ab": "10", "ae": "10", "om": "false", "ppm": "false",
    "dc": "false", "vm": "false",
}  # fmt: skip


def test_requests_as_rembg_s_documentation_has_them(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shapes are those of rembg 2.0.86's README and of its server's description: `curl -F
    file=@…`, and each field with its default. A POST has `bgc` and `extras` in the address."""
    monkeypatch.setattr(rembg, "default_model", lambda: Default(HALVES, ""))
    files = {"file": ("cat.png", PHOTO, "image/png")}
    plain = client.post("/api/remove", files=files)
    assert plain.headers["content-type"] == "image/png"
    assert pixels_of(plain.content)[20, [0, 59], 3].tolist() == [255, 0]
    full = send(client, "?bgc=255,255,255,255&extras=%7B%7D", **ALL_FIELDS)
    assert full.status_code == 200, full.text
    assert full.headers["x-ignored"] == "af, ab, ae"
    assert pixels_of(full.content)[20, 59].tolist() == [255, 255, 255]
    masked = send(client, **{**ALL_FIELDS, "om": "true", "ppm": "True", "dc": "1"})
    assert pixels_of(masked.content)[20, [0, 59]].tolist() == [255, 0]


@pytest.mark.parametrize(
    "name",
    [
        "u2net", "u2netp", "silueta", "birefnet-general", "birefnet-general-lite",
        "birefnet-general-fp16", "birefnet-portrait", "birefnet-dis", "bria-rmbg",
        "isnet-general-use", "isnet-anime", "sam", "u2net_human_seg",
    ],
)  # fmt: skip
def test_rembg_s_names_of_models_are_known(name: str) -> None:
    assert rembg.MODELS.get(name, name) in [spec.name for spec in CUTTERS]
