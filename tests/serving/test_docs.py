"""The curl lines of docs/api.md do what is said there."""

import json
import re
import shlex
import shutil
import subprocess
import types
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from starlette.testclient import TestClient

from models import catalog
from models.catalog import PAINTERS, U2NETP
from photos.samples import SAMPLES
from serving import fetching, withoutbg_hosted
from serving.bodies import File
from serving.native.orders import VERBS
from serving.server import routes
from tests.painting import BRUSH, install
from tests.serving.test_orders import FINDER, finds
from tests.serving.test_servers import server, uvicorn

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
LINES = re.findall(r"^curl .*", PAGE, re.M)
NEEDY = [line for line in LINES if re.search("/generate|detr-panoptic|url=", line)]
"""They need weights that are downloaded, or another server: these are pretended."""
HERE = "http://localhost:8501"


def samples(folder: Path) -> None:
    for number, name in enumerate(("photo.jpg", "room.jpg")):
        Image.fromarray(SAMPLES[number].open().pixels()).resize((320, 405)).save(folder / name)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_each_line_gives_what_it_names(tmp_path: Path) -> None:
    assert len(LINES) - len(NEEDY) > 20
    samples(tmp_path)
    with server(uvicorn, tmp_path / "log.txt", "") as address:
        for line in (line for line in LINES if line not in NEEDY):
            if "/ID" in line:
                job = json.loads((tmp_path / "job.json").read_text())
                line = line.replace("/ID", f"/{job['id']}")
            command = shlex.split(line.replace(HERE, address))
            done = subprocess.run(
                [command[0], "--fail-with-body", "-sS", *command[1:]],
                cwd=tmp_path, capture_output=True, text=True, check=False,
            )  # fmt: skip
            file = tmp_path / command[-1]
            said = file.read_bytes()[:500] if file.exists() else b""
            assert done.returncode == 0, f"{line}\n{done.stderr}{said!r}"
            if file.name == "gone.txt":  # 204: nothing is said
                assert said == b""
            else:
                check(file)


@pytest.mark.parametrize("line", NEEDY)
def test_each_line_that_needs_more_does_too(
    line: str, client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    halves: types.SimpleNamespace,
) -> None:  # fmt: skip
    async def fetch(url: str, hold: object) -> File:
        return File("photo.jpg", (tmp_path / url.rpartition("/")[2]).read_bytes())

    samples(tmp_path)
    install(monkeypatch)
    monkeypatch.setattr(catalog, "PAINTERS", (replace(BRUSH, name=PAINTERS[0].name),))
    finds(monkeypatch, (405, 320))
    rows = U2NETP, *catalog.MODELS, replace(FINDER, name="detr-panoptic")
    monkeypatch.setattr(catalog, "MODELS", rows)
    monkeypatch.setenv("CUTOUT_FETCH", "1")
    monkeypatch.setattr(fetching, "fetch", fetch)
    command = shlex.split(line)
    said = [text.partition("=") for flag, text in pairwise(command) if flag == "-F"]
    files = [
        (name, (value[1:], (tmp_path / value[1:]).read_bytes()))
        for name, _, value in said
        if value.startswith("@")
    ]
    words = {name: value for name, _, value in said if not value.startswith("@")}
    address = next(word for word in command if word.startswith(HERE))
    answer = client.post(urlsplit(address).path, data=words, files=files)
    assert answer.status_code == 200, answer.text
    file = tmp_path / command[-1]
    file.write_bytes(answer.content)
    check(file)


def check(file: Path) -> None:
    """It is what its name says."""
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as pack:
            assert pack.testzip() is None
    elif file.suffix == ".json":
        assert json.loads(file.read_text())
    elif file.suffix == ".html":
        assert "<details" in file.read_text()
    elif file.suffix == ".txt":
        assert '"state": "done"' in file.read_text()
    else:
        kinds = {".png": "PNG", ".jpg": "JPEG", ".webp": "WEBP"}
        with Image.open(file) as picture:
            assert picture.format == kinds[file.suffix]


def test_all_addresses_and_fields_are_told() -> None:
    for address in (*withoutbg_hosted.ADDRESSES, withoutbg_hosted.CREDIT):
        assert f"{address}`" in PAGE
    for verb in VERBS:
        assert f"POST /api/v1/{verb.name}" in PAGE
        for word in verb.words():
            assert f"`{word.name}`" in PAGE, word.name
    assert [getattr(route, "path", "") for route in routes("/tools/")] == [
        "/tools/healthz", "/tools/readyz", "/tools/metrics", "/tools/api/remove", "/tools/api",
        "/tools/v1.0/image-without-background", "/tools/v1.0/image-without-background-base64",
        "/tools/v1.0/alpha-channel", "/tools/v1.0/alpha-channel-base64", "/tools/available-credit",
        "/tools/v1.0", "/tools/v1", "/tools/health", "/tools/ready",
    ]  # fmt: skip
