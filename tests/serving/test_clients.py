"""Packages that speak to remove.bg and to withoutBG, against a live server: nothing of theirs is
changed but the address, which those of remove.bg have as a constant."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import remove_bg_api
import removebg.removebg
from PIL import Image

from photos.samples import SAMPLES
from serving import keys
from tests.serving.conftest import pixels_of
from tests.serving.test_servers import server, uvicorn

SIZE = (320, 405)

NODE_MODULES = os.environ.get("NODE_CLIENTS", "")
"""A folder in which `npm install remove.bg` was called."""


class Shop(NamedTuple):
    """A photo, the server's address, and a key of its own."""

    photo: Path
    address: str
    key: str


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    photo = folder / "photo.jpg"
    Image.fromarray(SAMPLES[0].open().pixels()).resize(SIZE).save(photo)
    with server(uvicorn, folder / "log.txt", "") as address, pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUTOUT_KEYS", str(folder / "keys"))
        yield Shop(photo, f"{address}/v1.0", keys.add("shop"))


def check(file: bytes) -> None:
    """A cutout of the whole photo."""
    alpha = pixels_of(file)[..., 3]
    assert alpha.shape == SIZE[::-1]
    assert 0.1 < (alpha > 127).mean() < 0.9


def test_removebg(shop: Shop, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(removebg.removebg, "API_ENDPOINT", f"{shop.address}/removebg")
    client = removebg.RemoveBg(shop.key, str(tmp_path / "error.log"))
    client.remove_background_from_img_file(str(shop.photo), size="full")
    check(shop.photo.with_name("photo.jpg_no_bg.png").read_bytes())
    coded = base64.b64encode(shop.photo.read_bytes())
    out = tmp_path / "white.jpg"
    client.remove_background_from_base64_img(coded, new_file_name=str(out), bg_color="ffffff")
    with Image.open(out) as picture:
        assert not picture.has_transparency_data
        assert np.array(picture)[0, 0].min() > 250


def test_remove_bg_api(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks for the account when it begins, and reads what was charged from a header."""
    monkeypatch.setattr(remove_bg_api, "API_URL", shop.address)
    client = remove_bg_api.RemoveBg(shop.key)
    before = client.account.balance()
    check(client.remove_bg_bytes(shop.photo.read_bytes(), size="auto"))
    check(client.remove_bg_base64(base64.b64encode(shop.photo.read_bytes()), size="auto"))
    assert client.account.balance() == before
    with pytest.raises(remove_bg_api.Errors.ApiErrorCode403):
        remove_bg_api.RemoveBg("another key")
    with pytest.raises(remove_bg_api.Errors.ApiErrorCode400):
        client.remove_bg_bytes(b"no photo")


def test_withoutbg(shop: Shop) -> None:
    """It sends at most 1024 pixels, and puts the matte that comes on the photo by itself."""
    withoutbg = pytest.importorskip("withoutbg")
    host = shop.address.removesuffix("/v1.0")
    client = withoutbg.WithoutBG.api(shop.key, base_url=host)
    for sent in (shop.photo, shop.photo.read_bytes(), Image.open(shop.photo)):
        cut = client.remove_background(sent)
        alpha = np.array(cut)[..., 3]
        assert cut.size == SIZE
        assert 0.1 < (alpha > 127).mean() < 0.9
    assert client.api_client.get_usage()["credit"] > 0
    with pytest.raises(withoutbg.APIError, match="Invalid API key"):
        withoutbg.WithoutBG.api("another", base_url=host).remove_background(shop.photo)


SCRIPT = """
const unirest = require("unirest"), post = unirest.post, fs = require("fs");
const [address, apiKey, path] = process.argv.slice(2);
unirest.post = there => post(there.replace("https://api.remove.bg/v1.0", address));
const client = require("remove.bg");
(async () => {
  const file = await client.removeBackgroundFromImageFile({ path, apiKey, size: "auto" });
  const base64img = fs.readFileSync(path, "base64");
  const text = await client.removeBackgroundFromImageBase64({ base64img, apiKey, size: "auto" });
  const refused = await client
    .removeBackgroundFromImageFile({ path, apiKey: "another", size: "auto" })
    .catch(errors => errors[0].title);
  console.log(JSON.stringify([file, text, refused]));
})().catch(error => { console.error(JSON.stringify(error)); process.exit(1); });
"""


@pytest.mark.skipif(
    not NODE_MODULES or shutil.which("node") is None,
    reason="NODE_CLIENTS names no folder with npm's remove.bg, or there is no node",
)
def test_remove_bg_of_npm(shop: Shop, tmp_path: Path) -> None:
    script = tmp_path / "client.js"
    script.write_text(SCRIPT)
    done = subprocess.run(
        ["node", str(script), shop.address, shop.key, str(shop.photo)],
        env={**os.environ, "NODE_PATH": str(Path(NODE_MODULES) / "node_modules")},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    file, text, refused = json.loads(done.stdout)
    for answer in (file, text):
        check(base64.b64decode(answer["base64img"]))
        assert (answer["resultWidth"], answer["resultHeight"]) == tuple(map(str, SIZE))
    assert "key" in refused
