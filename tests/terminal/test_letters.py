"""Letters that a pipe or a terminal doesn't know."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from photos.samples import SAMPLES
from terminal.streams import forgive
from tests.shell import listing, run

CLI = Path(__file__).parents[2] / "cli.py"
NAMES = ["a.png", "ω.png", "😀.png", "ねこ.png"]
ENCODINGS = ["cp1252", "cp932", "cp437", "ascii", "utf-8", "utf-16"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_every_photo_is_made_and_told(tmp_path: Path, encoding: str) -> None:
    for name in NAMES:
        (tmp_path / name).write_bytes(SAMPLES[1].open().data)
    gone = tmp_path / "gone 😀.png"
    words = [sys.executable, str(CLI), "cutout", str(tmp_path), str(gone)]
    words += ["-o", str(tmp_path / "out"), "--box", "9,9,400,290"]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run(words, capture_output=True, env=environment)
    assert done.returncode == 1
    told = done.stdout.decode(encoding)
    for name in NAMES:
        escaped = Path(name).stem.encode(encoding, "backslashreplace").decode(encoding)
        assert f"{escaped}_cutout.png" in told
    assert b"Traceback" not in done.stderr
    assert b"can't be read" in done.stderr.replace(b"\0", b"")
    assert listing(tmp_path / "out") == {f"{Path(name).stem}_cutout.png" for name in NAMES}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("models",), 0, "grabcut"),
        (("models", "list"), 0, "grabcut"),
        (("--help",), 0, "Usage"),
        (("blur", "--help"), 0, "--text"),
        (("blur", "a.jpg", "-m", "😀"), 2, "There is no model called"),
    ],
)
def test_tables_help_and_complaints(
    encoding: str, words: tuple[str, ...], code: int, part: str
) -> None:
    result = run(*words, charset=encoding)
    assert result.exit_code == code, result.exception
    assert part in (result.stdout_bytes + result.stderr_bytes).decode(encoding)


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("cp437", rb'"a" - 3 x 4... \U0001f600 \u03c9'),
        ("cp932", "“a” - 3 × 4… \\U0001f600 ω".encode("cp932")),
        ("utf-8", "“a” – 3 × 4… 😀 ω".encode()),
    ],
)
def test_signs_that_a_pipe_lacks_are_written_plainly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, encoding: str, expected: bytes
) -> None:
    path = tmp_path / "told"
    with path.open("w", encoding=encoding) as file:
        monkeypatch.setattr(sys, "stdout", file)
        forgive()
        print("“a” – 3 × 4… 😀 ω", end="")
    assert path.read_bytes() == expected


@pytest.mark.parametrize(
    ("encoding", "expected"), [("utf-8", b"caf\xe9"), ("cp1252", b"caf\xe9"), ("utf-16", None)]
)
def test_names_that_are_no_unicode_are_told_as_they_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, encoding: str, expected: bytes | None
) -> None:
    path = tmp_path / "told"
    with path.open("w", encoding=encoding) as file:
        monkeypatch.setattr(sys, "stdout", file)
        forgive()
        print("caf\udce9", end="")
    assert path.read_bytes() == (expected or r"caf\udce9".encode(encoding))
