"""Our own API: the pictures that come back are those that the command line would write."""

import base64
import io
import json
import re
import types
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage
from starlette.testclient import TestClient

from compositing.background import Portrait, default_kernel
from compositing.strokes import Stroke
from models.catalog import DEPTHS
from models.families.depth_anything import DepthAnything
from models.interface import Box, RunFailed
from models.running.default import Default
from photos import (
    Colour,
    Frame,
    Length,
    Look,
    Stand,
    Transparent,
    cut_out,
    depth_of,
    open_photo,
    render,
)
from photos.encoding import RECIPE
from photos.finishing import picture_file
from photos.mattes import read_levels
from photos.recipes.reading import recipe_in
from photos.recipes.strokes import StrokesFile
from serving import state
from serving.native.orders import VERBS
from serving.removebg import routes as removebg_routes
from tests.serving.conftest import HALVES, photo_file, pixels_of
from tests.serving.test_jobs import ended
from tests.tiny_depth import save_depth_anything

PHOTO = photo_file()


def send(client: TestClient, verb: str, /, photo: bytes = PHOTO, **words: Any) -> Any:
    words.setdefault("model", HALVES.name)
    files = [("photo", ("cat.png", photo, "image/png"))]
    if picture := words.pop("picture", None):
        files.append(("background", ("sea.png", picture, "image/png")))
    return client.post(f"/api/v1/{verb}", data=words, files=files)


def test_a_cutout_is_the_file_that_the_command_line_writes(client: TestClient) -> None:
    answer = send(client, "cutout")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-model"] == "halves"
    assert answer.headers["x-device"] == "cpu uint8"
    assert answer.headers["x-subject-found"] == "true"
    assert answer.headers["x-queue-ahead"] == "0"
    assert "load;dur=" in answer.headers["server-timing"]
    cut = cut_out(open_photo(PHOTO, "cat.png"), HALVES)
    assert answer.content == picture_file(cut, Look(Transparent()), "composite", "PNG")
    alpha = pixels_of(answer.content)[..., 3]
    assert alpha[:, :30].min() == 255
    assert alpha[:, 30:].max() == 0


def test_strokes_are_painted_on_the_matte(client: TestClient) -> None:
    photo = open_photo(PHOTO, "cat.png")
    dab = Stroke(((photo.width - 8, 10, 1),), size=8, hardness=1, aware=False)
    file = StrokesFile.of(photo, [dab])
    answer = send(client, "matte", strokes=file.data().decode())
    assert answer.status_code == 200, answer.text
    assert pixels_of(answer.content)[10, -8] == 255
    assert pixels_of(send(client, "matte").content)[10, -8] == 0
    assert recipe_in(open_photo(answer.content, "matte.png")).strokes == (dab,)


@pytest.mark.parametrize(
    ("strokes", "told"),
    [
        ("here", "is not JSON that can be read"),
        ("/etc/hostname", "is not JSON that can be read"),
        ("{}", "holds no strokes"),
        (
            StrokesFile("dog.png", "0", 9, 9, ()).data().decode(),
            "The strokes are of “dog.png”, 9 × 9 pixels",
        ),
    ],
)
def test_strokes_that_cant_be_laid_are_refused(client: TestClient, strokes: str, told: str) -> None:
    answer = send(client, "cutout", strokes=strokes)
    assert answer.status_code == 400
    assert told in answer.text


def test_strokes_for_none_of_several_photos_are_refused(client: TestClient) -> None:
    files = [("photo", (name, PHOTO, "image/png")) for name in ("a.png", "b.png")]
    data = {"model": HALVES.name, "strokes": StrokesFile("c.png", "0", 9, 9, ()).data().decode()}
    answer = client.post("/api/v1/cutout", data=data, files=files)
    assert answer.status_code == 400
    assert "“c.png” were left out: that photo is not among these" in answer.text


def test_a_matte_a_blur_and_a_new_background(client: TestClient) -> None:
    matte = send(client, "matte")
    assert matte.headers["content-type"] == "image/png"
    assert pixels_of(matte.content)[0, [0, 59]].tolist() == [255, 0]
    blurred = send(client, "blur", strength=2, method="inpaint", format="png")
    assert pixels_of(blurred.content).shape == (40, 60, 3)
    replaced = send(client, "replace", background="#00ff00")
    assert replaced.headers["content-type"] == "image/jpeg"
    assert abs(pixels_of(replaced.content)[20, 55].astype(int) - (0, 255, 0)).max() < 6
    cut = cut_out(open_photo(PHOTO, "cat.png"), HALVES)
    assert replaced.content == picture_file(cut, Look(Colour(0, 255, 0)), "composite", "JPEG")


def test_a_matte_of_sixteen_bits_a_trimap_and_layers(client: TestClient) -> None:
    deep = send(client, "matte", bits=16)
    assert deep.status_code == 200, deep.text
    levels = read_levels(deep.content, "matte")
    assert levels.dtype == np.uint16
    assert levels[0, [0, 59]].tolist() == [65535, 0]
    trimap = pixels_of(send(client, "matte", trimap="true").content)
    assert set(np.unique(trimap)) == {0, 128, 255}
    refused = send(client, "matte", bits=16, format="jpeg")
    assert refused.status_code == 400
    assert "16 bits a pixel need a PNG" in refused.json()["error"]["message"]
    document = send(client, "replace", background="#00ff00", format="psd")
    assert document.headers["content-type"] == "image/vnd.adobe.photoshop", document.text
    names = [layer.name for layer in PSDImage.open(io.BytesIO(document.content))]
    assert names == ["Photo", "Background", "Subject"]
    assert "“bits”" in send(client, "cutout", bits=16).json()["error"]["message"]
    assert "“matte”" in send(client, "cutout", matte="/etc/hostname").json()["error"]["message"]


def test_a_picture_goes_behind_when_it_is_sent(client: TestClient) -> None:
    sea = photo_file(20, 20)
    answer = send(client, "replace", picture=sea, format="png", fit="stretch", position="left")
    assert answer.status_code == 200, answer.text
    assert pixels_of(answer.content)[20, 55].tolist() == [20, 60, 200]


@pytest.mark.parametrize("path", ["/etc/hostname", "README.md", "pyproject.toml"])
def test_no_file_of_the_server_goes_behind(client: TestClient, path: str) -> None:
    answer = send(client, "replace", background=path)
    assert answer.status_code == 400
    assert "is no background" in answer.json()["error"]["message"]


def test_several_photos_give_a_zip(client: TestClient) -> None:
    files = [("photo", (name, PHOTO, "image/png")) for name in ("cat.png", "Cat.jpg", "dog.png")]
    answer = client.post("/api/v1/matte", data={"model": "halves"}, files=files)
    assert answer.headers["content-type"] == "application/zip"
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names == ["cat_matte.png", "Cat-2_matte.png", "dog_matte.png"]


def test_a_comparison_is_what_the_command_line_puts_in_its_folder(
    client: TestClient, halves: types.SimpleNamespace
) -> None:
    files = {"photo": ("cat.png", PHOTO, "image/png")}
    answer = client.post("/api/v1/compare", data={"models": "halves,grabcut"}, files=files)
    pack = zipfile.ZipFile(io.BytesIO(answer.content))
    assert "cat/halves_matte.png" in pack.namelist()
    assert "cat/grabcut_blurred.jpg" in pack.namelist()
    told = json.loads(pack.read("results.json"))["results"]
    assert [each["model"] for each in told] == ["halves", "grabcut"]
    halves.run_error = RunFailed("Halves ran out of memory. Choose a smaller model.")
    answer = client.post("/api/v1/compare", data={"models": "halves,grabcut"}, files=files)
    assert answer.status_code == 200
    assert answer.headers["x-failed"] == "halves"
    pack = zipfile.ZipFile(io.BytesIO(answer.content))
    told = json.loads(pack.read("results.json"))["results"]
    assert told[-1] == {"photo": "cat.png", "model": "halves", "error": str(halves.run_error)}
    answer = client.post("/api/v1/compare", data={"models": "halves"}, files=files)
    assert answer.status_code == 500


@pytest.mark.filterwarnings("error")
def test_a_photo_that_is_sent_twice_is_compared_once(client: TestClient) -> None:
    files = [("photo", ("cat.png", PHOTO, "image/png"))] * 2
    answer = client.post("/api/v1/compare", data={"models": "halves"}, files=files)
    assert answer.status_code == 200
    pack = zipfile.ZipFile(io.BytesIO(answer.content))
    assert len(pack.namelist()) == len(set(pack.namelist()))
    assert len(json.loads(pack.read("results.json"))["results"]) == 1


def test_json_in_and_out(client: TestClient, halves: types.SimpleNamespace) -> None:
    halves.notes = ("Box 2 holds nothing.",)
    sent = {
        "photo": base64.b64encode(PHOTO).decode(),
        "model": "halves",
        "box": [[1, 2, 30, 40]],
        "text": ["person, dog"],
        "keep_gps": False,
    }
    answer = client.post("/api/v1/matte", json=sent, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["mime"] == "image/png"
    assert pixels_of(base64.b64decode(told["file"])).shape == (40, 60)
    (result,) = told["results"]
    assert result["notes"] == ["Box 2 holds nothing."]
    assert result["seconds"]["load"] >= 0
    (prompt,) = halves.prompts
    assert prompt.boxes == (Box(1, 2, 30, 40),)
    assert prompt.text == ("person", "dog")
    url = "data:image/png;base64," + sent["photo"]  # type: ignore[operator]
    answer = client.post("/api/v1/matte", json={"photo": url, "model": "halves"})
    assert unquote(answer.headers["x-notes"]) == "Box 2 holds nothing."


def test_the_body_may_be_the_picture_itself(client: TestClient) -> None:
    answer = client.post(
        "/api/v1/matte?model=halves", content=PHOTO, headers={"Content-Type": "image/png"}
    )
    assert pixels_of(answer.content).shape == (40, 60)


def test_a_picture_without_a_subject_says_so(
    client: TestClient, halves: types.SimpleNamespace
) -> None:
    halves.opacity = 0.0
    assert send(client, "cutout").headers["x-subject-found"] == "false"


def test_edges_are_changed_as_on_the_command_line(client: TestClient) -> None:
    plain = pixels_of(send(client, "matte").content)
    grown = pixels_of(send(client, "matte", edges="grow=4").content)
    assert plain[0, 32] == 0
    assert grown[0, 32] == 255
    assert np.array_equal(plain[:, :30], grown[:, :30])


def test_the_models_there_are(client: TestClient) -> None:
    told = client.get("/api/v1/models").json()["models"]
    assert [each["name"] for each in told][:3] == ["grabcut", "halves", "shy"]


def test_health_and_readiness(client: TestClient) -> None:
    assert client.get("/api/v1/health").json() == {"status": "ok"}
    assert state.ready.wait(60)
    assert client.get("/api/v1/ready").json() == {"status": "ready"}
    state.ready.clear()
    answer = client.get("/api/v1/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "starting"})


def test_the_description_has_each_word_with_its_meaning(client: TestClient) -> None:
    told = client.get("/api/v1/openapi.json").json()
    body = told["paths"]["/v1/blur"]["post"]["requestBody"]["content"]
    words = body["multipart/form-data"]["schema"]["properties"]
    assert words["method"]["enum"] == ["unmix", "inpaint", "lens", "portrait"]
    assert words["method"]["default"] == "unmix"
    assert words["strength"]["maximum"] == 10
    assert all(word["description"] for word in words.values())
    assert body["application/json"]["example"]["photo"]
    assert "--" not in json.dumps(words)
    answers = told["paths"]["/v1/blur"]["post"]["responses"]
    assert {"200", "400", "401", "413", "429", "504"} <= set(answers)
    missing = answers["401"]["content"]["application/json"]["example"]["error"]
    assert missing["code"] == "key_missing"


def test_the_description_has_each_verb_and_the_jobs(lasting: TestClient) -> None:
    paths = lasting.get("/api/v1/openapi.json").json()["paths"]
    for verb in VERBS:
        told = paths[f"/v1/{verb.name}"]["post"]
        schema = told["requestBody"]["content"]["application/json"]
        assert set(schema["schema"]["required"]) <= set(schema["example"])
        assert "photo" in schema["example"]
        assert "example" in told["responses"]["200"]["content"]["application/json"]
    job = paths["/v1/jobs"]["post"]
    words = job["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]
    assert words["verb"]["enum"] == [verb.name for verb in VERBS]
    assert {"prompt", "background", "models", "webhook", "url"} <= set(words)
    state = job["responses"]["202"]["content"]["application/json"]["example"]
    given = {"verb": "matte", "model": "halves", "photo": base64.b64encode(PHOTO).decode()}
    real = lasting.post("/api/v1/jobs", json=given).json()
    assert {"state", "ahead", "stage", "url"} <= set(state) <= set(real)
    ended(lasting, real["url"])
    one = paths["/v1/jobs/{name}"]
    assert one["get"]["parameters"][0]["name"] == "name"
    assert "content" not in one["delete"]["responses"]["204"]
    assert {"200", "404", "409", "410"} <= set(paths["/v1/jobs/{name}/result"]["get"]["responses"])
    assert "text/event-stream" in str(paths["/v1/jobs/{name}/events"]["get"])


@pytest.mark.parametrize(
    ("address", "field"),
    [("/api/v1/cutout", "photo"), ("/api/remove", "file"), ("/v1.0/removebg", "image_file")],
)
def test_another_model_than_the_usual_one_is_told(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, address: str, field: str
) -> None:
    note = "U²-Net-P's package is missing. Until then Halves takes its place."
    for module in ("terminal.request", "serving.native.orders", "serving.rembg"):
        monkeypatch.setattr(f"{module}.default_model", lambda: Default(HALVES, note))
    monkeypatch.setattr(removebg_routes, "default_model", lambda: Default(HALVES, note))
    files = {field: ("cat.png", PHOTO, "image/png")}
    answer = client.post(address, files=files)
    assert answer.status_code == 200, answer.text
    assert unquote(answer.headers["x-notes"]) == note
    if address != "/v1.0/removebg":
        named = client.post(address, files=files, data={"model": "halves"})
        assert "x-notes" not in named.headers


def in_json(client: TestClient, verb: str, **words: Any) -> dict[str, Any]:
    """What is told of the one result."""
    files = [("photo", ("cat.png", PHOTO, "image/png"))]
    data, headers = {"model": HALVES.name, **words}, {"Accept": "application/json"}
    told = client.post(f"/api/v1/{verb}", data=data, files=files, headers=headers).json()
    (result,) = told["results"]
    assert isinstance(result, dict)
    return result


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("cutout", {}),
        ("matte", {"bits": 16}),
        ("replace", {"background": "#00ff00", "format": "png", "shadow": 0.5}),
    ],
)
def test_the_recipe_is_that_of_the_file(
    client: TestClient, verb: str, words: dict[str, Any]
) -> None:
    answer = send(client, verb, **words)
    told = json.loads(answer.headers["x-recipe"])
    assert told == json.loads(Image.open(io.BytesIO(answer.content)).info[RECIPE])
    assert told["command"].startswith(f"uv run cli.py {verb} cat.png")
    assert in_json(client, verb, **words)["recipe"] == told


def test_a_recipe_is_ascii_and_left_out_where_it_is_too_long(client: TestClient) -> None:
    odd = send(client, "matte", text="a \x7f é 猫")
    assert re.fullmatch("[ -~]+", odd.headers["x-recipe"])
    assert json.loads(odd.headers["x-recipe"])["run"]["prompt"]["text"] == ["a \x7f é 猫"]
    assert "x-notes" not in odd.headers
    boxes = [f"1,2,{x},30" for x in range(10, 50)]
    long = send(client, "matte", box=boxes)
    assert long.status_code == 200, long.text
    assert "x-recipe" not in long.headers
    assert "too long for a header" in unquote(long.headers["x-notes"])
    told = in_json(client, "matte", box=boxes)
    assert len(told["recipe"]["run"]["prompt"]["boxes"]) == len(boxes)
    assert told["notes"] == []


def test_frames_are_asked_for_as_on_the_command_line(client: TestClient) -> None:
    words: dict[str, Any] = {
        "crop": "subject",
        "margin": "10%",
        "canvas": "300x200",
        "align": "bottom",
    }
    framed = send(client, "replace", background="#00ff00", max_kb=9, **words)
    assert framed.status_code == 200, framed.text
    assert pixels_of(framed.content).shape == (200, 300, 3)
    assert len(framed.content) <= 9000
    assert "enlarged" in unquote(framed.headers["x-notes"])
    cut = cut_out(open_photo(PHOTO, "cat.png"), HALVES)
    frame = Frame("subject", Length.parse("10%"), (300, 200), "bottom")
    look = Look(Colour(0, 255, 0), frame=frame, max_kb=9)
    assert framed.content == picture_file(cut, look, "composite", "JPEG")
    preset = send(client, "cutout", frame="story")
    assert pixels_of(preset.content).shape == (1920, 1080, 4)
    pack = send(client, "compare", models=HALVES.name, model=[], frame="square")
    with zipfile.ZipFile(io.BytesIO(pack.content)) as files:
        matte = files.read("cat/halves_matte.png")
    assert pixels_of(matte).shape == (2000, 2000)


def test_a_subject_is_moved_as_on_the_command_line(client: TestClient) -> None:
    words: dict[str, Any] = {"subject_move": "-0.25,0.1", "subject_scale": 0.5, "format": "png"}
    moved = send(client, "replace", background="#00ff00", **words)
    assert moved.status_code == 200, moved.text
    cut = cut_out(open_photo(PHOTO, "cat.png"), HALVES)
    look = Look(Colour(0, 255, 0), stand=Stand(-0.25, 0.1, 0.5))
    assert moved.content == picture_file(cut, look, "composite", "PNG")
    refused = send(client, "compare", models=HALVES.name, model=[], subject_move="0.1,0")
    assert refused.status_code == 400
    assert "moved on a new background" in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"frame": "round"}, "There are: square, portrait"),
        ({"margin": "8%"}, "crop to the subject too"),
        ({"canvas": "99999x2"}, "1 to 10000 pixels"),
        ({"max_kb": 5}, "add format jpeg or webp"),
        ({"recipe": "/etc/passwd"}, "There is no “recipe”"),
    ],
)
def test_odd_frames_are_refused(client: TestClient, words: dict[str, Any], told: str) -> None:
    answer = send(client, "cutout", **words)
    assert answer.status_code == 400
    assert told in answer.json()["error"]["message"]


def depth_map(dtype: Any = np.uint8, width: int = 60) -> bytes:
    """A slope from far, at the left, to near."""
    most = np.iinfo(dtype).max
    slope = np.tile(np.linspace(0, most, width).astype(dtype), (40, 1))
    file = io.BytesIO()
    Image.fromarray(slope).save(file, "PNG")
    return file.getvalue()


def test_a_network_tells_the_depth_for_a_blur(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = DEPTHS[0].name
    save_depth_anything(tmp_path / name)
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(tmp_path))
    words: dict[str, Any] = {"method": "portrait", "depth": name, "format": "png"}
    answer = send(client, "blur", **words)
    assert answer.status_code == 200, answer.text
    photo = open_photo(PHOTO, "cat.png")
    blur = Portrait(default_kernel(60, 40), depth_of(photo, device="cpu"))
    expected = render(cut_out(photo, HALVES), Look(blur))
    np.testing.assert_array_equal(pixels_of(answer.content), expected)
    told = client.post(
        "/api/v1/blur",
        data={"model": HALVES.name, **words},
        files=[("photo", ("cat.png", PHOTO, "image/png"))],
        headers={"accept": "application/json"},
    ).json()["results"][0]
    assert told["depth"]["model"] == name
    assert told["recipe"]["settings"]["background"]["run"]["model"] == name
    compared = send(client, "compare", models="halves,grabcut", model=[], **words | {"format": []})
    with zipfile.ZipFile(io.BytesIO(compared.content)) as pack:
        results = json.loads(pack.read("results.json"))["results"]
    assert [each["depth"]["model"] for each in results] == [name, name]


def test_a_comparison_goes_on_where_one_photo_s_depth_fails(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, depth = DEPTHS[0].name, DepthAnything.depth
    save_depth_anything(tmp_path / name)
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(tmp_path))

    def fails_once(self: DepthAnything, photo: Any) -> Any:
        if photo.shape[1] == 50:
            raise RunFailed("It is too dark.")
        return depth(self, photo)

    monkeypatch.setattr(DepthAnything, "depth", fails_once)
    clear = io.BytesIO()
    Image.new("RGBA", (50, 40), (9, 9, 9, 128)).save(clear, "PNG")
    files = [("photo", ("cat.png", PHOTO)), ("photo", ("clear.png", clear.getvalue()))]
    words = {"models": f"{HALVES.name},grabcut", "method": "portrait", "depth": name}
    answer = client.post("/api/v1/compare", data=words, files=files)
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        results = json.loads(pack.read("results.json"))["results"]
    told = {(each["photo"], each["model"]): each.get("error") for each in results}
    assert told["cat.png", HALVES.name] is None
    assert "too dark" in told["clear.png", HALVES.name]


def test_a_depth_map_is_sent_as_a_file(client: TestClient) -> None:
    photo = {"photo": ("cat.png", PHOTO, "image/png")}
    words = {"model": HALVES.name, "method": "portrait", "format": "png"}

    def ask(*photos: Any, file: bytes = depth_map(np.uint16), **others: str) -> Any:
        files = [*(photos or photo.items()), ("depth_map", ("far.png", file, "image/png"))]
        return client.post("/api/v1/blur", data=words | others, files=files)

    def compare(**others: str) -> Any:
        files = [*photo.items(), ("depth_map", ("far.png", depth_map(), "image/png"))]
        data = {"models": HALVES.name, "method": "portrait"} | others
        return client.post("/api/v1/compare", data=data, files=files)

    answer = ask()
    assert answer.status_code == 200, answer.text
    assert not np.array_equal(pixels_of(answer.content), pixels_of(PHOTO))
    assert compare().status_code == 200
    for refused, sentence in (
        (ask(method="lens"), "That is for method portrait"),
        (ask(horizon="0.2"), "leave horizon out"),
        (ask(*photo.items(), *photo.items()), "is of one photo"),
        (compare(background="#ffffff"), "leave background out, or the depth map"),
        (ask(file=depth_map(width=40)), "Give one of its proportions"),
        (ask(file=PHOTO), "has colours"),
    ):
        assert refused.status_code == 400
        assert sentence in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    ("accept", "in_json"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/json, text/plain, */*", True),
        ("image/png;q=0.5, application/json;q=0.9", True),
        ("application/json;q=0.5, image/png", False),
        ("application/json;q=0", False),
        ("application/jsonlines", False),
        ("*/*", False),
        ("", False),
        (";;,q=,json", False),
    ],
)
def test_json_is_answered_where_it_is_the_most_welcome(
    client: TestClient, accept: str, in_json: bool
) -> None:
    files = {"photo": ("cat.png", PHOTO, "image/png")}
    told = client.post(
        "/api/v1/matte", data={"model": "halves"}, files=files, headers={"Accept": accept}
    )
    assert told.status_code == 200
    assert told.headers["content-type"] == ("application/json" if in_json else "image/png")


def test_what_is_fetched_can_be_asked_about_without_being_sent(client: TestClient) -> None:
    for path in ("health", "models", "openapi.json", "docs"):
        whole, head = client.get(f"/api/v1/{path}"), client.head(f"/api/v1/{path}")
        assert head.status_code == whole.status_code
        assert head.headers["content-type"] == whole.headers["content-type"]
    assert client.head("/api/v1/jobs/nobody/result").status_code == 404
    assert client.head("/api/v1/cutout").status_code == 405
