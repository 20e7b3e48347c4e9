"""What the files in deploy/ promise. `.ci/run` lints the Dockerfile and compose.yaml as well."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from models.running.settings import SETTINGS, SHUTDOWN_SECONDS
from serving import stopping, work
from tests.deploy.dockerfile import DEPLOY, ROOT, command, copy_context, last_stage, steps
from ui import login

UNIT = DEPLOY / "cutout.service"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
OF_DEVELOPERS = {"benchmarks", "tests"}


def test_the_image_runs_as_nobody_special_and_says_how_it_is() -> None:
    said = {step.name: step.words for step in last_stage()}
    assert int(said["USER"].split(":")[0]) >= 1000
    assert said["VOLUME"] == "/data"
    assert said["HEALTHCHECK"].startswith("--interval=")
    assert command("CMD")[:3] == ["streamlit", "run", "app.py"]


def test_all_that_is_copied_is_there() -> None:
    sources = [
        source
        for step in steps()
        if step.name == "COPY" and not step.words.startswith("--from")
        for source in step.words.split()[:-1]
    ]
    assert "uv.lock" in sources
    assert all((ROOT / source).exists() for source in sources)


def test_the_image_has_all_rooms_and_nothing_else(tmp_path: Path) -> None:
    copy_context(tmp_path)
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    rooms = set(tools["ruff"]["lint"]["isort"]["known-first-party"]) - OF_DEVELOPERS
    python = {path.stem for path in tmp_path.iterdir() if path.is_dir() or path.suffix == ".py"}
    assert python - {".streamlit", "deploy"} == rooms
    assert [path.name for path in (tmp_path / ".streamlit").iterdir()] == ["config.toml"]


def test_compose_limits_what_runs() -> None:
    for name, service in COMPOSE["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"]
        assert service["restart"] == "unless-stopped"
        assert service["deploy"]["resources"]["limits"]["memory"]
    cutout = COMPOSE["services"]["cutout"]
    assert "ports" not in cutout  # but for Caddy's, none is open
    reserved = cutout["deploy"]["resources"]["reservations"]["devices"]
    assert reserved == [{"driver": "nvidia", "count": "all", "capabilities": ["gpu"]}]
    names = {setting.name for setting in SETTINGS}
    assert {name for name in cutout["environment"] if name.startswith("CUTOUT_")} <= names


def test_all_ends_of_a_service_wait_for_what_runs() -> None:
    """Five minutes, which a request has, and a little; then the server's own end."""
    service = COMPOSE["services"]["cutout"]
    assert service["stop_grace_period"] == "6m"
    unit = UNIT.read_text("utf-8")
    assert re.search(r"^TimeoutStopSec=6min$", unit, re.M)
    (told,) = re.findall(rf"^Environment={SHUTDOWN_SECONDS.name}=(\d+)$", unit, re.M)
    assert told == service["environment"][SHUTDOWN_SECONDS.name]
    assert work.SECONDS < int(told) < 6 * 60 - stopping.SEEN - stopping.LAST


def test_all_settings_reach_the_container() -> None:
    assert COMPOSE["services"]["cutout"]["env_file"] == [{"path": ".env", "required": False}]


def test_the_page_on_hosting_names_what_is_there() -> None:
    page = (ROOT / "docs" / "hosting.md").read_text("utf-8")
    files = re.findall(r"(?<![\w/])deploy/([\w.]+)", page)
    assert len(set(files) - {".env"}) >= 6
    assert all((DEPLOY / name).exists() for name in files if name != ".env")
    assert set(re.findall(r"CUTOUT_\w+", page)) <= {setting.name for setting in SETTINGS}
    (secrets,) = re.findall(r"```toml\n(.*?)```", page, re.S)
    assert login._missing(tomllib.loads(secrets)["auth"]) == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")
def test_the_unit_is_sound_and_locked_up(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/cutout/.venv/bin/python", sys.executable))
    checked = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    assert UNIT.name not in checked.stderr  # where unknown settings are only warned of
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=25", str(unit)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert rated.returncode == 0, rated.stdout[-2000:]
