"""remove.bg's clients get what they ask for, or are told that they don't."""

import base64
import io
import types
import zipfile
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from compositing.background import Colour
from models.interface import Box
from serving.geometry import Veil
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


def test_one_sees_through_half_a_colour(client: TestClient) -> None:
    answer = send(client, bg_color="81d4fa80")
    assert answer.headers["content-type"] == "image/png"
    picture = pixels_of(answer.content)
    assert picture[200, 590].tolist() == [0x81, 0xD4, 0xFA, 0x80]
    assert picture[200, 10].tolist() == [230, 120, 20, 255]
    assert pixels_of(send(client, bg_color="81d4fa80", channels="alpha").content).max() == 255
    white = pixels_of(send(client, bg_color="00000080", format="jpg").content)
    assert abs(white[200, 590].astype(int) - 127).max() <= 3


def test_what_is_half_subject_lies_over_half_a_colour() -> None:
    picture = np.array([[[200, 100, 0, 51]]] * 600, np.uint8)
    seen = Veil(Colour(0, 0, 255), 0.5).behind(picture)
    # 0.2 + 0.5 · 0.8 = 0.6 of it is seen: a third of that is the subject, the rest the colour
    assert (seen == [[[67, 33, 170, 153]]]).all()


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


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ({"scale": "50%"}, (225, 100, 150, 200)),
        ({"scale": "10"}, (285, 180, 30, 40)),
        ({"scale": "50%", "position": "original"}, (75, 100, 150, 200)),
        ({"scale": "50%", "position": "0% 100%"}, (0, 200, 150, 200)),
        ({"position": "center"}, (150, 0, 300, 400)),
        ({"position": "100%"}, (300, 0, 300, 400)),
        ({"scale": "100%", "roi": "0 0 100 100"}, (100, 0, 400, 400)),
        ({"scale": "50%", "roi": "0 0 100 100", "position": "original"}, (0, 0, 200, 200)),
        ({"scale": "50%", "channels": "alpha"}, (225, 100, 150, 200)),
    ],
)
def test_the_subject_is_scaled_and_moved(
    client: TestClient, words: dict[str, str], place: tuple[int, int, int, int]
) -> None:
    answer = send(client, **words)
    assert answer.status_code == 200, answer.text
    picture = pixels_of(answer.content)
    alpha = picture if picture.ndim == 2 else picture[..., 3]
    assert alpha.shape == (400, 600)
    rows, columns = np.nonzero(alpha > 127)
    left, top, width, height = place
    found = [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1]
    assert np.abs(np.subtract(found, place)).max() <= 1
    told = [
        int(answer.headers[f"x-foreground-{name}"]) for name in ("left", "top", "width", "height")
    ]
    assert np.abs(np.subtract(told, place)).max() <= 2
    if picture.ndim == 3:
        middle = picture[top + height // 2, left + width // 2]
        assert np.abs(middle.astype(int) - (230, 120, 20, 255)).max() <= 1


def test_all_that_belongs_to_the_subject_moves_along(client: TestClient) -> None:
    words = {"bg_color": "fff", "format": "png", "roi": "0 0 200 200", "scale": "30%"}
    plain = pixels_of(send(client, position="100% 0%", **words).content)
    assert plain[0, 599].tolist() == [230, 120, 20]
    assert plain[399, 0].tolist() == [255, 255, 255]
    corner = pixels_of(send(client, add_shadow="true", position="100% 0%", **words).content)
    middle = pixels_of(send(client, add_shadow="true", **words).content)
    shaded = [
        np.nonzero((each.max(axis=2) < 250) & (np.ptp(each, axis=2) < 9))
        for each in (corner, middle)
    ]
    assert min(rows.size for rows, _ in shaded) > 100
    assert shaded[0][1].mean() > shaded[1][1].mean() + 100
    assert shaded[0][0].mean() < shaded[1][0].mean() - 50
    pack = zipfile.ZipFile(io.BytesIO(send(client, scale="50%", format="zip").content))
    colours, alpha = (pixels_of(pack.read(name)) for name in pack.namelist())
    assert alpha[200, [200, 300, 400]].tolist() == [0, 255, 0]
    assert np.abs(colours[200, 300].astype(int) - (230, 120, 20)).max() <= 4
    small = send(client, scale="50%", size="preview",
                 files={"image_file": ("cat.png", photo_file(1200, 900), "image/png")})  # fmt: skip
    assert [small.headers[f"x-{name}"] for name in ("width", "foreground-height")] == ["577", "216"]


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
    answer = send(client, type="auto", scale="original", position="original", crop="true")
    assert "x-ignored" not in answer.headers


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ({"scale": "9%"}, "scale should be original, or 10% to 100%"),
        ({"scale": "nan%"}, "scale should be original"),
        ({"position": "left"}, "position should be original, center, or 0% to 100%"),
        ({"position": "1% 101%"}, "position should be original"),
        ({"position": "1% 2% 3%"}, "one or two of 0% to 100%"),
        ({"scale": "50%", "crop": "true"}, "crop can't go with scale or position"),
        ({"image_url": "https://example.com/cat.png"}, "Send exactly one of"),
        ({"bg_image_url": "https://example.com/sea.png"}, "aren't fetched"),
        ({"bg_color": "perhaps"}, "bg_color should be a colour"),
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
