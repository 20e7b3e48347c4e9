"""Of a request each photo is decoded once, where there is room; the answers are the same."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from photos.cut import Cut
from photos.finishing import Finished, finished
from photos.formats import decoding
from serving import pixels
from serving.bodies import File
from tests.serving.conftest import photo_file

PHOTO = photo_file(format_="JPEG")
FORM = {"photo": ("cat.jpg", PHOTO, "image/jpeg")}


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bytes of each file whose pixels are decoded."""
    sizes: list[int] = []
    real = decoding._pixels

    def counted(data: bytes, told: Any) -> Any:
        sizes.append(len(data))
        return real(data, told)

    monkeypatch.setattr(decoding, "_pixels", counted)
    return sizes


def answers(client: TestClient) -> list[bytes]:
    data = {"model": "halves"}
    sent = [
        client.post("/api/v1/cutout", data=data, files=FORM),
        client.post("/api/v1/replace", data={**data, "background": "#ffffff"}, files=FORM),
        client.post("/api/v1/matte", data={**data, "bits": "16"}, files=FORM),
        client.post("/api/remove", data=data, files={"file": FORM["photo"]}),
        client.post("/v1.0/removebg", files={"image_file": FORM["photo"]}),
        client.post("/v1.0/removebg", data={"scale": "80%"}, files={"image_file": FORM["photo"]}),
    ]
    assert [each.status_code for each in sent] == [200] * len(sent), [each.text for each in sent]
    return [each.content for each in sent]


def test_a_photo_is_decoded_once(client: TestClient, decoded: list[int]) -> None:
    assert len(answers(client)) == len(decoded)


def test_without_room_it_is_decoded_anew_and_the_answer_is_the_same(
    client: TestClient, decoded: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = answers(client)
    monkeypatch.setattr(pixels, "ROOM", 0)
    once = len(decoded)
    assert answers(client) == there
    assert len(decoded) - once > 2 * len(there)


def test_several_cuts_wait_packed_for_each_other(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed: list[bool] = []

    def seen(cut: Cut, *words: Any, **named: Any) -> Finished:
        packed.append(isinstance(cut.packed, bytes))
        return finished(cut, *words, **named)

    monkeypatch.setattr("serving.native.answers.finished", seen)
    for files in ([("photo", FORM["photo"])], [("photo", FORM["photo"])] * 2):
        answer = client.post("/api/v1/cutout", data={"model": "halves"}, files=files)
        assert answer.status_code == 200, answer.text
    assert packed == [False, True, True]


def test_pixels_go_with_the_photo_and_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    file = File("cat.png", photo_file(60, 40))
    monkeypatch.setattr(pixels, "ROOM", 2 * 60 * 40 * 3)
    monkeypatch.setattr(pixels, "_held", {})  # others' photos may still be there
    first, second, third = (
        pixels.open_file(file._replace(name=f"{number}.png")) for number in range(3)
    )
    told = [pixels.at_hand(photo) is not None for photo in (first, second, third)]
    assert told == [True, True, False]
    held = pixels.at_hand(first)
    assert held is not None
    assert (held == first.pixels()).all()
    del first, held
    assert len(pixels._held) == 1
    assert pixels.at_hand(pixels.open_file(file)) is not None


def test_a_photo_that_is_let_go_of_meanwhile_disturbs_none_that_is_opened() -> None:
    """As happens between two threads: here, while room is looked for."""
    file = File("cat.jpg", PHOTO)
    others = [pixels.open_file(file) for _ in range(3)]

    class Leaving:
        @property
        def nbytes(self) -> int:
            others.clear()
            return 0

    pixels._held[id(others[0])] = Leaving()  # type: ignore[assignment]
    photo = pixels.open_file(file)
    assert not others
    assert pixels.at_hand(photo) is not None
