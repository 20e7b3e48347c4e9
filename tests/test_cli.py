"""The command line as a process."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from photos.reading import open_photo
from photos.samples import SAMPLES
from tests.shell import run

ROOT = Path(__file__).parent.parent


def test_it_runs_from_anywhere(tmp_path: Path) -> None:
    words = [sys.executable, str(ROOT / "cli.py"), "--version"]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert re.fullmatch(r"cutout-compare \d+\.\d+\.\d+\n", done.stdout)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Who is started in the background ignores Ctrl-C, and so does all that he starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT between processes")
@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_stops_it_without_a_half_written_file(tmp_path: Path) -> None:
    for number in range(10, 50):
        (tmp_path / f"cat{number}.png").write_bytes(SAMPLES[1].open().data)
    words = [sys.executable, str(ROOT / "cli.py"), "cutout", str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as work:
        assert work.stdout is not None
        first = work.stdout.readline()
        work.send_signal(signal.SIGINT)
        _, complaints = work.communicate()
    assert (first, complaints) == (f"{tmp_path / 'cat10_cutout.png'}\n", "")
    assert work.returncode == 130
    results = [path for path in tmp_path.iterdir() if "_cutout" in path.name]
    assert 1 <= len(results) < 40
    for path in results:
        assert path.suffix == ".png"
        assert open_photo(path.read_bytes(), path.name).width == 451


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT between processes")
@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(
    ("module", "handling"),
    [
        ("signal", "raise"),
        ("terminal.verbs", "raise"),
        ("numpy", "print('swallowed')"),
        ("typer", "print('swallowed')"),
        ("rich.panel", "raise"),
    ],
)
def test_ctrl_c_while_it_imports_shows_nothing(module: str, handling: str) -> None:
    """Where it hurts most: in the first half second, which is spent on imports, whatever the
    libraries make of it."""
    assert _interrupted(
        f"""
def interrupt(event, words):
    if event == "import" and words[0] == {module!r}:
        try:
            os.kill(os.getpid(), 2)
        except KeyboardInterrupt:
            {handling}
sys.modules.pop({module!r}, None)
sys.addaudithook(interrupt)
"""
    ) == (130, "", "")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT between processes")
@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_at_its_very_end_shows_nothing() -> None:
    code, _, complaints = _interrupted(
        "import atexit; atexit.register(lambda: [os.kill(os.getpid(), 2), sum(range(9999))])"
    )
    assert (code, complaints) == (130, "")


def _interrupted(how: str) -> tuple[int, str, str]:
    """What `cli.py --help` ends with once `how` has been run before."""
    code = f"""import os, runpy, sys
{how}
sys.argv = ["cli.py", "--help"]
sys.path.insert(0, {str(ROOT)!r})
runpy.run_path("cli.py", run_name="__main__")"""
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT)
    return done.returncode, done.stdout, done.stderr


def test_every_verb_has_help() -> None:
    verbs = ("blur", "replace", "cutout", "compare", "generate", "models", "doctor")
    for words in ((), *((verb,) for verb in verbs)):
        result = run(*words, "--help")
        assert result.exit_code == 0
        assert "Usage" in result.stdout
