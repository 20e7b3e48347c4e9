"""The curl lines of docs/api.md do what is said there."""

import json
import re
import shlex
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from photos.samples import SAMPLES
from serving.native.orders import VERBS
from serving.server import routes
from tests.serving.test_servers import server, uvicorn

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
LINES = re.findall(r"^curl .*", PAGE, re.M)


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_each_line_gives_what_it_names(tmp_path: Path) -> None:
    assert len(LINES) > 12
    for number, name in enumerate(("photo.jpg", "room.jpg")):
        Image.fromarray(SAMPLES[number].open().pixels()).resize((320, 405)).save(tmp_path / name)
    with server(uvicorn, tmp_path / "log.txt", "") as address:
        for line in LINES:
            command = shlex.split(line.replace("http://localhost:8501", address))
            done = subprocess.run(
                [command[0], "--fail-with-body", "-sS", *command[1:]],
                cwd=tmp_path, capture_output=True, text=True, check=False,
            )  # fmt: skip
            file = tmp_path / command[-1]
            assert done.returncode == 0, f"{line}\n{done.stderr}{file.read_bytes()[:500]!r}"
            check(file)


def check(file: Path) -> None:
    """It is what its name says."""
    if file.suffix == ".zip":
        with zipfile.ZipFile(file) as pack:
            assert pack.testzip() is None
    elif file.suffix == ".json":
        assert json.loads(file.read_text())
    else:
        kinds = {".png": "PNG", ".jpg": "JPEG", ".webp": "WEBP"}
        with Image.open(file) as picture:
            assert picture.format == kinds[file.suffix]


def test_all_addresses_and_fields_are_told() -> None:
    for verb in VERBS:
        assert f"POST /api/v1/{verb.name}" in PAGE
        for word in verb.words():
            assert f"`{word.name}`" in PAGE, word.name
    assert [getattr(route, "path", "") for route in routes("/tools/")] == [
        "/tools/api/remove", "/tools/api", "/tools/v1.0",
    ]  # fmt: skip
