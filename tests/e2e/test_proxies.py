"""Page and API behind a proxy with TLS, as deploy/ sets it up."""

import io
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, expect

from serving import keys
from tests.deploy.proxies import NAME, PROXIES, Proxy, before, nginx
from tests.e2e.conftest import streamlit_server
from tests.e2e.settled import wait_until_idle

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Its address, and the file of its keys."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "keys").touch()
    with streamlit_server(
        APP, {"CUTOUT_KEYS": str(folder / "keys")}, folder / "log.txt"
    ) as address:
        yield address, folder / "keys"


def noise(side: int) -> bytes:
    """A PNG of three bytes a pixel, whatever one does to compress it."""
    pixels = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=0)
    return file.getvalue()


@pytest.mark.parametrize("proxy", PROXIES)
def test_page_and_programs_come_through(
    browser: Browser,
    server: tuple[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    proxy: Proxy,
) -> None:
    behind, file_of_keys = server
    file_of_keys.write_text("")
    monkeypatch.setenv("CUTOUT_KEYS", str(file_of_keys))
    with before(behind, proxy, tmp_path) as address:
        photo = noise(800)  # 1.9 MB; nginx by itself takes one
        programs(address, photo)
        if proxy is nginx:
            large = httpx.post(address, content=bytes(5_000_000), verify=False)
            assert large.status_code == 413
        with browser.new_context(ignore_https_errors=True) as context:
            page = context.new_page()
            page.goto(address.replace("localhost", NAME))
            wait_until_idle(page)  # which needs the websocket
            page.locator("input[type=file]").set_input_files(
                files=[FilePayload(name="noise.png", mimeType="image/png", buffer=photo)]
            )
            # Only then it has come: who leaves earlier breaks it off.
            expect(page.get_by_role("button", name="Run 2 models")).to_be_visible(timeout=60_000)
            wait_until_idle(page)


def programs(address: str, photo: bytes) -> None:
    """They need a key, although there is none yet."""
    with httpx.Client(base_url=address, verify=False, timeout=60) as client:
        files = {"photo": ("noise.png", photo, "image/png")}
        assert client.post("/api/v1/matte", files=files).status_code == 401
        headers = {"X-Api-Key": keys.add("shop")}
        words = {"model": "grabcut", "box": "50,50,700,700"}
        made = client.post("/api/v1/matte", files=files, data=words, headers=headers)
        assert made.status_code == 200, made.text
        assert Image.open(io.BytesIO(made.content)).size == (800, 800)
