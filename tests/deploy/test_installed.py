"""The Dockerfile's own steps without a container: the same files, the same install, another user,
who may write in the volume and in /tmp and nowhere else."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.deploy.dockerfile import command, copy_context, environment, last_stage
from tests.e2e.conftest import free_port, stop
from tests.serving.conftest import photo_file, pixels_of
from tests.serving.test_servers import until_ready

NEEDED = ("mount", "setpriv", "unshare", "uv")

# The way to Python may lead through root's home: there, nothing but that way is left.
BOX = """
set -eu
python=$1 folder=$2 user=$3
shift 3
mount --bind "$python" "$folder/python"
if [ "${python#/root/}" != "$python" ]; then
  mount -t tmpfs -o mode=755 none /root
  mkdir -p "$python"
  mount --bind "$folder/python" "$python"
fi
mount --bind "$folder/data" "$folder/data"
mount -t tmpfs none /tmp
mount -o remount,bind,ro /
cd "$folder/app"
exec setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs \\
  --inh-caps=-all --bounding-set=-all "$@"
"""


def _may_make_a_box() -> bool:
    return (
        sys.platform == "linux"
        and os.geteuid() == 0
        and all(shutil.which(name) for name in NEEDED)
        and subprocess.run(["unshare", "--mount", "true"], check=False).returncode == 0
    )


pytestmark = pytest.mark.skipif(
    not _may_make_a_box(), reason=f"needs root on Linux, and {', '.join(NEEDED)}"
)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """app/ with the code and its packages, data/ for the user; not in /tmp, which the box hides."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as made:
        place = Path(made)
        place.chmod(0o755)
        for name in ("app", "data", "python"):
            (place / name).mkdir()
        os.chown(place / "data", *_user())
        (place / "data").chmod(0o700)
        copy_context(place / "app")
        _install(place / "app")
        yield place


def _install(app: Path) -> None:
    """As the tests' own environment was made of uv's cache, all is there. Compiling what is
    imported is enough here."""
    left_out = ("UV_PROJECT_ENVIRONMENT", "UV_NO_SYNC", "VIRTUAL_ENV")
    env = {name: word for name, word in os.environ.items() if name not in left_out}
    env |= {"UV_OFFLINE": "1", "UV_COMPILE_BYTECODE": "0"}
    subprocess.run(
        ["deploy/install", "cuda"], cwd=app, env=env,
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip


def _user() -> tuple[int, int]:
    (words,) = [step.words for step in last_stage() if step.name == "USER"]
    user, group = words.split(":")
    return int(user), int(group)


def boxed(folder: Path, *words: str) -> list[str]:
    box = ["unshare", "--mount", "--propagation", "private", "bash", "-c", BOX, "box"]
    return [*box, sys.base_prefix, str(folder), str(_user()[0]), *words]


def image_environment(folder: Path) -> dict[str, str]:
    there = {"/app": str(folder / "app"), "/data": str(folder / "data"), "$PATH": os.defpath}
    env = environment()
    for name, word in env.items():
        for inside, outside in there.items():
            word = word.replace(inside, outside)
        env[name] = word
    return env


@contextmanager
def running(folder: Path, log: Path) -> Iterator[str]:
    port = free_port()
    words = [word.replace("0.0.0.0", "127.0.0.1") for word in command("CMD")]
    with (
        log.open("w") as written,
        subprocess.Popen(
            boxed(folder, *words, f"--server.port={port}"), env=image_environment(folder),
            stdout=written, stderr=subprocess.STDOUT,
        ) as process,
    ):  # fmt: skip
        try:
            # Nothing is compiled yet, neither Python's modules nor the loops.
            until_ready(f"http://127.0.0.1:{port}", process, log, seconds=300)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop(process)
    assert "Traceback" not in log.read_text()


def test_another_user_runs_it_on_files_that_cannot_be_changed(folder: Path, tmp_path: Path) -> None:
    with running(folder, tmp_path / "log.txt") as address:
        env = image_environment(folder)
        call = [word.replace("http://127.0.0.1:8501", address) for word in command("HEALTHCHECK")]
        assert subprocess.run(boxed(folder, *call), env=env, check=False).returncode == 0
        made = subprocess.run(
            boxed(folder, "python", "cli.py", "keys", "add", "shop"),
            env=env, capture_output=True, text=True, check=True,
        )  # fmt: skip
        (key,) = [word for word in made.stdout.split() if word.startswith("cc_")]
        files = {"photo": ("cat.png", photo_file(), "image/png")}
        assert httpx.post(f"{address}/api/v1/cutout", files=files).status_code == 401
        answer = httpx.post(
            f"{address}/api/v1/cutout", files=files, headers={"X-Api-Key": key}, timeout=60
        )
        assert answer.status_code == 200, answer.text
        assert pixels_of(answer.content).shape == (40, 60, 4)
    assert list((folder / "data" / ".cache" / "numba").rglob("*.nbi"))  # kept for the next start
    gone = subprocess.run(boxed(folder, *call), env=env, capture_output=True, check=False)
    assert gone.returncode != 0
    tried = subprocess.run(  # where everybody may write, as a rule
        boxed(folder, "touch", "/var/tmp/tried"),
        env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Read-only file system" in tried.stderr
