"""A photo's 16 bits come back the same by every front door."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from compositing.background import Blur, Colour, Transparent, default_kernel
from photos.cutting import cut_out
from photos.finishing import picture_file
from photos.look import Look
from photos.reading import open_photo, read_photo
from tests.pictures import deep_png, tiff
from tests.profiles import profile
from tests.serving.conftest import HALVES
from tests.shell import plain, run

P3 = profile("p3")
VALUES = np.random.default_rng(1).integers(0, 65536, (60, 80, 3)).astype(np.uint16)
PHOTO = tiff(VALUES, photometric="rgb", iccprofile=P3, metadata=None)
MODEL = ("--model", HALVES.name)
KERNEL = default_kernel(80, 60)


@pytest.fixture
def photo(client: TestClient, tmp_path: Path) -> Path:
    assert client
    path = tmp_path / "wide.tif"
    path.write_bytes(PHOTO)
    return path


@pytest.mark.parametrize("format_", ["TIFF", "PNG"])
@pytest.mark.parametrize(
    ("verb", "words", "look", "called"),
    [
        ("cutout", {}, Look(Transparent()), "cutout"),
        ("blur", {}, Look(Blur(KERNEL)), "blurred"),
        ("replace", {"background": "#f2f2f2"}, Look(Colour(0xF2, 0xF2, 0xF2)), "replaced"),
    ],
)
def test_all_doors_give_the_same_bytes(
    client: TestClient,
    photo: Path,
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
    words: dict[str, str],
    look: Look,
    called: str,
    format_: Any,
) -> None:
    monkeypatch.setattr("terminal.batch.keep_memory", lambda: None)
    cut = cut_out(read_photo(photo), HALVES)
    expected = picture_file(cut, look, "composite", format_)  # as the page's buttons make it

    asked = {"model": HALVES.name, "format": format_.lower(), **words}
    files = [("photo", (photo.name, PHOTO, "image/tiff"))]
    answer = client.post(f"/api/v1/{verb}", data=asked, files=files)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == f"image/{format_.lower()}"
    assert answer.content == expected

    options = [each for name, value in words.items() for each in (f"--{name}", value)]
    target = photo.parent / f"a.{format_.lower()}"
    typed = run(verb, photo, *MODEL, *options, "-o", target)
    assert typed.exit_code == 0, typed.output
    assert target.read_bytes() == expected

    out = photo.parent / "out"
    many = ("batch", photo, out, "--models", HALVES.name, "--make", verb, *options)
    batch = run(*many, "--format", format_.lower())
    assert batch.exit_code == 0, batch.output
    ending = {"TIFF": "tif", "PNG": "png"}[format_]
    assert (out / f"wide_{called}.{ending}").read_bytes() == expected

    again = run("again", target)
    assert again.exit_code == 0, again.output
    assert "the same to the bit" in plain(again.output)


def test_what_jpeg_loses_is_told(client: TestClient, photo: Path) -> None:
    told = "this JPEG has 8 bits, in sRGB; PNG and TIFF keep the file's 16."
    typed = run("blur", photo, *MODEL)
    assert typed.exit_code == 0, typed.output
    assert told in plain(typed.output)
    assert open_photo(photo.with_name("wide_blurred.jpg").read_bytes(), "a").profile is None


def test_what_can_t_be_kept_is_told_and_done_in_8_bits(client: TestClient, tmp_path: Path) -> None:
    path = tmp_path / "grey.png"
    path.write_bytes(deep_png(VALUES[..., 0]))
    typed = run("blur", path, *MODEL, "--format", "tiff")
    assert typed.exit_code == 0, typed.output
    assert "16 bits; results have 8, in sRGB: they are grey." in plain(typed.output)
    assert open_photo(path.with_name("grey_blurred.tif").read_bytes(), "a").profile is None


def test_mattes_of_16_bits_may_be_tiffs(client: TestClient, photo: Path) -> None:
    target = photo.with_name("m.tif")
    typed = run("matte", photo, *MODEL, "--bits", 16, "-o", target)
    assert typed.exit_code == 0, typed.output
    assert plain(run("again", target).output).endswith("the same to the bit")
    lighter = run("blur", photo, *MODEL, "--format", "tiff", "--max-kb", 90)
    assert lighter.exit_code == 2
    assert "A TIFF can't be made lighter, since it loses nothing" in plain(lighter.output)
