"""Painted backgrounds, and objects to choose from: what the command line makes of them, too."""

import io
import types
import zipfile
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from models import catalog
from models.catalog import GRABCUT, ModelSpec
from models.families.objects.segmenter import Finding, ObjectSegmenter
from models.interface import RunFailed
from models.painter import Wish
from models.running.lanes import shared_workers
from photos import open_photo
from serving import work
from tests.cuts import painting_in
from tests.families import pretend
from tests.painting import BRUSH, PEN, install
from tests.serving.conftest import HALVES, photo_file, pixels_of
from tests.serving.test_jobs import ended
from tests.serving.test_refusals import told, until

PHOTO = photo_file()
CAT = {"photo": ("cat.png", PHOTO, "image/png")}
FINDER = replace(HALVES, name="finder", label="Finder", family="finder",
                 prompts=frozenset({"objects"}))  # fmt: skip
WORDS = {"model": "halves", "prompt": "a wall"}


@pytest.fixture
def brush(halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    monkeypatch.setattr(catalog, "PAINTERS", (BRUSH, PEN))
    return install(monkeypatch)


@pytest.fixture
def finder(monkeypatch: pytest.MonkeyPatch) -> None:
    finds(monkeypatch, (40, 60))
    monkeypatch.setattr(catalog, "MODELS", (GRABCUT, HALVES, FINDER))


def finds(monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int]) -> None:
    """The family finds two people in every photo of that shape, on the left and on the right."""
    left, right = np.zeros((2, *shape), np.uint8)
    third = shape[1] // 3
    left[:, :third], right[:, -third:] = 255, 255
    found = [Finding("person", 0.9, left), Finding("person", 0.8, right)]

    def load(spec: ModelSpec, *_: object) -> ObjectSegmenter:
        return ObjectSegmenter(spec.label, lambda photo: found)

    pretend(monkeypatch, FINDER.family, load)


def generate(client: TestClient, files: Any = CAT, **words: Any) -> Any:
    return client.post("/api/v1/generate", data={"painter": "brush", **WORDS, **words}, files=files)


def test_a_background_from_words(client: TestClient, brush: types.SimpleNamespace) -> None:
    words = {"negative": "people", "steps": 9, "guidance": 3, "seed": 70}
    answer = generate(client, format="png", **words)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["x-seed"] == "70"
    assert "painting;dur=" in answer.headers["server-timing"]
    assert brush.wishes == [Wish("a wall", "people", 9, 3, 70)]
    picture = pixels_of(answer.content)
    assert (picture[:, 32:] == 70).all()
    assert np.array_equal(picture[:, :29], pixels_of(PHOTO)[:, :29])


def test_what_is_not_said_is_as_on_the_command_line(
    client: TestClient, brush: types.SimpleNamespace
) -> None:
    answers = [generate(client) for _ in range(2)]
    assert {answer.headers["content-type"] for answer in answers} == {"image/jpeg"}
    seeds = [answer.headers["x-seed"] for answer in answers]
    assert seeds == [str(wish.seed) for wish in brush.wishes]
    assert seeds[0] != seeds[1]
    assert {wish.steps for wish in brush.wishes} == {20}


def test_variants_and_photos_give_a_zip(client: TestClient, brush: types.SimpleNamespace) -> None:
    files = [("photo", (name, PHOTO, "image/png")) for name in ("cat.png", "dog.png")]
    answer = generate(client, files, variants=2, seed=5)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["x-seed"] == "5, 6"
    pack = zipfile.ZipFile(io.BytesIO(answer.content))
    assert pack.namelist() == [
        "cat_generated.jpg", "cat_generated-2.jpg", "dog_generated.jpg", "dog_generated-2.jpg",
    ]  # fmt: skip
    second = open_photo(pack.read("dog_generated-2.jpg"), "dog.jpg")
    assert abs(second.pixels()[20, 55].astype(int) - 6).max() <= 2
    accept = {"Accept": "application/json"}
    data = {"painter": "brush", **WORDS, "variants": 2, "seed": 5}
    results = client.post("/api/v1/generate", data=data, files=CAT, headers=accept).json()[
        "results"
    ]
    assert [each["seed"] for each in results] == [5, 6]


def test_the_file_holds_what_paints_it_again(
    client: TestClient, brush: types.SimpleNamespace
) -> None:
    with Image.open(io.BytesIO(generate(client, seed=3).content)) as image:
        told = painting_in(image)
    assert (told["prompt"], told["seed"], told["around"]) == ("a wall", 3, "halves")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"prompt": []}, "“prompt” is missing"),
        ({"prompt": " "}, "Say in words what should be behind the subject."),
        ({"steps": 1}, "Choose 2 to 150 steps, not 1."),
        ({"variants": 17}, "“variants” should be a whole number from 1 to 16"),
        ({"seed": -1}, "Choose a seed from 0"),
        ({"painter": "halves"}, "There is no model called “halves”"),
        ({"painter": "pen", "negative": "people"}, "Pen has no negative words."),
        ({"strength": 1}, "There is no “strength”."),
    ],
)
def test_what_can_t_be_painted(
    client: TestClient, brush: types.SimpleNamespace, words: dict[str, Any], sentence: str
) -> None:
    answer = generate(client, **words)
    assert answer.status_code == 400, answer.text
    assert sentence in told(answer)
    assert brush.wishes == []


def test_a_painter_that_fails_paints_no_more(
    client: TestClient, brush: types.SimpleNamespace, halves: types.SimpleNamespace
) -> None:
    brush.paint_error = RunFailed("No memory. Wait.")
    answer = generate(client, variants=3)
    assert (answer.status_code, told(answer)) == (500, "No memory. Wait.")
    assert len(brush.wishes) == 1
    halves.run_error = RunFailed("Halves has no memory. Wait.")
    assert told(generate(client)) == "Halves has no memory. Wait."
    assert len(brush.wishes) == 1


def test_others_have_their_turn_between_two_variants(
    lasting: TestClient, brush: types.SimpleNamespace, halves: types.SimpleNamespace
) -> None:
    brush.gate.clear()
    words = {"verb": "generate", "painter": "brush", **WORDS, "variants": 2, "seed": 5}
    url = lasting.post("/api/v1/jobs", data=words, files=CAT).json()["url"]
    until(lambda: len(brush.wishes) == 1)
    job = lasting.get(url).json()
    assert (job["stage"], job["done"], job["total"]) == ("Brush", 1, 3)
    other = {"verb": "matte", "model": "halves"}
    second = lasting.post("/api/v1/jobs", data=other, files=CAT).json()["url"]
    halves.gate.clear()
    brush.gate.set()
    until(lambda: lasting.get(second).json()["state"] == "running")
    assert len(brush.wishes) == 1
    halves.gate.set()
    assert [ended(lasting, each)["state"] for each in (url, second)] == ["done", "done"]
    assert [wish.seed for wish in brush.wishes] == [5, 6]


def test_what_takes_too_long_is_stopped(
    client: TestClient, brush: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "SECONDS", 0.3)
    brush.gate.clear()
    answer = generate(client, variants=2)
    brush.gate.set()
    assert answer.status_code == 504
    until(lambda: not shared_workers()._lanes["cpu"]._jobs)
    assert len(brush.wishes) == 1


def test_objects_are_listed_and_chosen(client: TestClient, finder: None) -> None:
    answer = client.post("/api/v1/objects", data={"model": "finder"}, files=CAT)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    ((result),) = answer.json()["results"]
    assert (result["photo"], result["model"]) == ("cat.png", "finder")
    assert [each["name"] for each in result["objects"]] == ["person 1", "person 2"]
    assert result["objects"][1]["box"] == [40, 0, 60, 40]
    words = {"model": "finder", "object": "person 2", "edges": "unrefined"}
    alpha = pixels_of(client.post("/api/v1/cutout", data=words, files=CAT).content)[..., 3]
    assert alpha[20, [5, 55]].tolist() == [0, 255]


def test_a_model_that_lists_no_objects(client: TestClient, finder: None) -> None:
    answer = client.post("/api/v1/objects", data={"model": "halves"}, files=CAT)
    assert answer.status_code == 400
    assert told(answer) == "Halves lists no objects. These do: finder."
    answer = client.post("/api/v1/objects", data={"model": "finder", "box": "1,2,3,4"}, files=CAT)
    assert "There is no “box”." in told(answer)


def test_a_painted_picture_is_framed_too(client: TestClient, brush: types.SimpleNamespace) -> None:
    answer = generate(client, format="png", seed=70, canvas="100x100")
    assert answer.status_code == 200, answer.text
    assert pixels_of(answer.content).shape == (100, 100, 3)


def test_on_what_is_painted_a_subject_is_moved_too(
    client: TestClient, brush: types.SimpleNamespace
) -> None:
    stays = generate(client, format="png", seed=70)
    moved = generate(client, format="png", seed=70, subject_move="0.25,0")
    assert moved.status_code == 200, moved.text
    before, after = pixels_of(stays.content), pixels_of(moved.content)
    by = before.shape[1] // 4
    np.testing.assert_array_equal(after[:, by : by + 10], before[:, :10])
    assert (after[:, :by] != before[:, :by]).any()  # what was painted is seen there now
