"""remove.bg's clients get what they ask for, or are told that they don't."""

import base64
import io
import types
import zipfile
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.interface import Box
from tests.serving.conftest import photo_file, pixels_of

PHOTO = photo_file(600, 400)


def send(client: TestClient, **words: Any) -> Any:
    files = {"image_file": ("cat.png", PHOTO, "image/png"), **words.pop("files", {})}
    return client.post("/v1.0/removebg", data=words, files=files)


def test_a_plain_request_gives_a_cutout_of_full_size(client: TestClient) -> None:
    answer = send(client, size="auto")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/png"
    assert pixels_of(answer.content).shape == (400, 600, 4)
    told = {name: answer.headers[f"x-{name}"] for name in (
        "width", "height", "foreground-top", "foreground-left", "foreground-width",
        "foreground-height", "type", "credits-charged",
    )}  # fmt: skip
    assert list(told.values()) == ["600", "400", "0", "0", "300", "400", "other", "0"]
    assert "x-ignored" not in answer.headers


@pytest.mark.parametrize(
    ("size", "shape"),
    [("preview", (400, 600)), ("regular", (400, 600)), ("hd", (400, 600)), ("full", (400, 600))],
)
def test_small_photos_are_never_enlarged(
    client: TestClient, size: str, shape: tuple[int, int]
) -> None:
    assert pixels_of(send(client, size=size).content).shape[:2] == shape


def test_a_size_is_the_most_that_a_picture_has(client: TestClient) -> None:
    large = {"image_file": ("cat.png", photo_file(1200, 900), "image/png")}
    answer = send(client, size="preview", files=large)
    height, width = pixels_of(answer.content).shape[:2]
    assert height * width <= 250_000
    assert (width, height) == (577, 433)
    assert answer.headers["x-width"] == "577"
    assert answer.headers["x-foreground-width"] == "288"


def test_colours_stay_pure_where_a_reduced_picture_turns_transparent(client: TestClient) -> None:
    large = {"image_file": ("cat.png", photo_file(1202, 900), "image/png")}
    picture = pixels_of(send(client, size="preview", files=large).content)
    seen = picture[picture[..., 3] > 0]
    assert abs(seen[:, :3].astype(int) - (230, 120, 20)).max() <= 3


def test_base64_in_json_and_json_out(client: TestClient) -> None:
    sent = {"image_file_b64": base64.b64encode(PHOTO).decode(), "crop": True, "bg_color": None}
    answer = client.post("/v1.0/removebg", json=sent, headers={"Accept": "application/json"})
    data = answer.json()["data"]
    assert pixels_of(base64.b64decode(data["result_b64"])).shape == (400, 300, 4)
    assert (data["foreground_left"], data["foreground_width"]) == (0, 300)


def test_base64_in_a_form(client: TestClient) -> None:
    sent = {"image_file_b64": base64.b64encode(photo_file(2000, 1500, "BMP")).decode()}
    assert len(sent["image_file_b64"]) > 5_000_000
    answer = client.post("/v1.0/removebg", data=sent)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    ("words", "kind", "corner"),
    [
        ({"bg_color": "81d4fa"}, "image/jpeg", (0x81, 0xD4, 0xFA)),
        ({"bg_color": "#0f0", "format": "png"}, "image/png", (0, 255, 0)),
        ({"bg_color": "red", "format": "webp"}, "image/webp", (255, 0, 0)),
        ({"bg_color": "81d4faff"}, "image/jpeg", (0x81, 0xD4, 0xFA)),
    ],
)
def test_a_colour_goes_behind(
    client: TestClient, words: dict[str, str], kind: str, corner: tuple[int, int, int]
) -> None:
    answer = send(client, **words)
    assert answer.headers["content-type"] == kind
    assert abs(pixels_of(answer.content)[200, 590].astype(int) - corner).max() <= 4


def test_a_clear_colour_is_none(client: TestClient) -> None:
    assert pixels_of(send(client, bg_color="81d4fa00").content).shape[2] == 4


def test_a_picture_goes_behind(client: TestClient) -> None:
    sea = {"bg_image_file": ("sea.png", photo_file(30, 20), "image/png")}
    answer = send(client, files=sea, format="png")
    assert pixels_of(answer.content)[200, 590].tolist() == [20, 60, 200]


def test_the_matte_alone(client: TestClient) -> None:
    picture = pixels_of(send(client, channels="alpha").content)
    assert picture.shape == (400, 600)
    assert picture[0, [0, 599]].tolist() == [255, 0]


def test_nothing_is_left_outside_the_region(
    client: TestClient, halves: types.SimpleNamespace
) -> None:
    answer = send(client, roi="10% 25% 50% 300px")
    assert halves.prompts[0].boxes == (Box(60, 100, 300, 300),)
    alpha = pixels_of(answer.content)[..., 3]
    assert alpha[100:300, 60:300].min() == 255
    assert alpha.sum() == 255 * 200 * 240


@pytest.mark.parametrize(
    ("margin", "shape"),
    [
        ("0", (400, 300)),
        ("30px", (400, 330)),
        ("10%", (400, 330)),
        ("5 20", (400, 320)),
        ("1 2 3 4", (400, 302)),
    ],
)
def test_a_crop_goes_around_the_subject(
    client: TestClient, margin: str, shape: tuple[int, int]
) -> None:
    answer = send(client, crop="true", crop_margin=margin)
    assert pixels_of(answer.content).shape[:2] == shape


def test_a_zip_holds_colours_and_alpha(client: TestClient) -> None:
    answer = send(client, format="zip")
    assert answer.headers["content-type"] == "application/zip"
    pack = zipfile.ZipFile(io.BytesIO(answer.content))
    assert pack.namelist() == ["color.jpg", "alpha.png"]
    assert pixels_of(pack.read("color.jpg")).shape == (400, 600, 3)
    assert pixels_of(pack.read("alpha.png")).shape == (400, 600)


def test_a_shadow_is_cast_on_a_new_background(client: TestClient) -> None:
    plain = pixels_of(send(client, bg_color="fff", format="png", roi="0 0 200 200").content)
    words = {"bg_color": "fff", "format": "png", "roi": "0 0 200 200"}
    shaded = pixels_of(send(client, add_shadow="true", **words).content)
    faint = pixels_of(send(client, shadow_opacity="10", **words).content)
    assert shaded.sum() < faint.sum() < plain.sum()


def test_what_only_tunes_is_named(client: TestClient) -> None:
    answer = send(client, type="person", type_level="2", semitransparency="false", novelty="x")
    assert answer.status_code == 200
    assert answer.headers["x-ignored"] == "type, type_level, semitransparency, novelty"
    answer = send(client, type="auto", scale="original", position="original")
    assert "x-ignored" not in answer.headers


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ({"scale": "50%"}, "scale can't be done here."),
        ({"position": "center"}, "position can't be done here."),
        ({"image_url": "https://example.com/cat.png"}, "Send exactly one of"),
        ({"bg_image_url": "https://example.com/sea.png"}, "aren't fetched"),
        ({"bg_color": "perhaps"}, "bg_color should be a colour"),
        ({"bg_color": "81d4fa80"}, "half transparent"),
        ({"size": "huge"}, "size should be one of"),
        ({"format": "bmp"}, "format should be"),
        ({"channels": "rgb"}, "channels should be"),
        ({"roi": "1 2 3"}, "roi should be four numbers"),
        ({"roi": "5 5 5 9"}, "roi: A box needs"),
        ({"crop": "true", "crop_margin": "60%"}, "at most 500px or 50%"),
        ({"crop": "true", "crop_margin": "1 2 3"}, "one, two or four"),
        ({"crop": "maybe"}, "crop should be one of"),
        ({"shadow_opacity": "150"}, "from 0 to 100"),
    ],
)
def test_what_would_be_another_picture_is_refused(
    client: TestClient, words: dict[str, str], title: str
) -> None:
    answer = send(client, **words)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert error["code"] == "invalid_parameters"
    assert title in error["title"]


def test_a_picture_by_its_address_alone(client: TestClient) -> None:
    answer = client.post("/v1.0/removebg", data={"image_url": "http://localhost/x.png"})
    assert answer.status_code == 400
    assert "aren't fetched" in answer.json()["errors"][0]["title"]


def test_nobody_in_the_picture(client: TestClient, halves: types.SimpleNamespace) -> None:
    halves.opacity = 0
    answer = send(client)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "unknown_foreground"


def test_the_account(client: TestClient) -> None:
    told = client.get("/v1.0/account").json()["data"]["attributes"]
    assert set(told["credits"]) == {"total", "subscription", "payg", "enterprise"}
    assert told["api"]["sizes"] == "all"


@pytest.mark.parametrize("roi", ["0 0 1e308% 1e308%", "0 0 inf inf"])
def test_places_beyond_all_numbers_are_refused(client: TestClient, roi: str) -> None:
    answer = send(client, roi=roi)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["title"].startswith("roi should be pixels")
    assert send(client, roi="0 0 1e308 1e308").status_code == 200
