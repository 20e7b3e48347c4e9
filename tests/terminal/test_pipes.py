"""What `-` stands for, and what gets into a pipe."""

import io
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest
from PIL import Image

from compositing.arrays import Photo
from models.interface import Matte, Prompt
from photos.samples import SAMPLES
from tests.halves import Halves
from tests.shell import listing, plain, run

PHOTO = SAMPLES[1].open().data
"""451 × 300 pixels."""
CLI = Path(__file__).parents[2] / "cli.py"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("cutout", "-"), "PNG"),
        (("cutout", "-", "--format", "webp"), "WEBP"),
        (("blur", "-", "-o", "-"), "JPEG"),
        (("replace", "cat.png", "-b", "transparent", "-o", "-"), "PNG"),
        (("generate", "-", "--prompt", "a wall", "--painter", "brush"), "JPEG"),
    ],
)
def test_a_picture_is_piped_out_and_nothing_else(
    cat: Path,
    brush: types.SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    kind: str,
) -> None:
    segment = Halves.segment

    def chatty(self: Halves, photo: Photo, prompt: Prompt) -> Matte:
        print("what a library has to say")
        return segment(self, photo, prompt)

    monkeypatch.setattr(Halves, "segment", chatty)
    monkeypatch.chdir(cat.parent)
    result = run(*words, "-m", "halves", stdin=PHOTO)
    assert result.exit_code == 0, result.stderr
    with Image.open(io.BytesIO(result.stdout_bytes)) as image:
        assert (image.format, image.size) == (kind, (451, 300))
    assert b"what a library" not in result.stdout_bytes
    assert "what a library has to say" in result.stderr
    assert listing(cat.parent) == {"cat.png"}


def test_what_is_piped_in_goes_where_output_says(
    halves: types.SimpleNamespace, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    for words in (
        ("cutout", "-m", "halves", "-o", out),
        ("cutout", "-m", "halves", "-o", out / "one.webp"),
        ("compare", "--models", "halves", "-o", out),
    ):
        result = run(*words, "-", stdin=PHOTO)
        assert result.exit_code == 0, result.stderr
    compared = {f"stdin/halves_{name}" for name in ("matte.png", "cutout.png", "blurred.jpg")}
    assert listing(out) == {"stdin_cutout.png", "one.webp", "results.json"} | compared


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("cutout", "-", "cat.png"), "“-” stands alone: what is piped in is one photo."),
        (("cutout", "-", "-"), "“-” stands alone"),
        (("compare", "-", "cat.png", "--models", "halves"), "“-” stands alone"),
        (("cutout", "cat.png", "other.png", "-o", "-"), "For several photos, name a folder."),
        (("cutout", ".", "-o", "-"), "For several photos, name a folder."),
        (("compare", "cat.png", "--models", "halves", "-o", "-"), "Several files can't be piped"),
        (("generate", "-", "--prompt", "x", "--variants", "2"), "For several variants, name a"),
        (("cutout", "-", "--format", "jpeg"), "JPEG can't be transparent"),
    ],
)
def test_what_cannot_go_through_a_pipe(
    cat: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...], sentence: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(cat.parent)
    result = run(*words, stdin=PHOTO)
    assert result.exit_code == 2
    assert sentence in plain(result.stderr)
    assert result.stdout_bytes == b""
    assert listing(cat.parent) == {"cat.png"}


@pytest.mark.parametrize(
    ("piped", "sentence"), [(b"", "“stdin” is empty."), (b"text", "“stdin” is not a photo that")]
)
def test_what_is_piped_in_may_be_no_photo(
    halves: types.SimpleNamespace, piped: bytes, sentence: str
) -> None:
    result = run("cutout", "-", "-m", "halves", stdin=piped)
    assert result.exit_code == 1
    assert result.stderr.startswith(sentence)
    assert result.stdout_bytes == b""


def test_a_file_called_so_is_a_file(
    cat: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(cat.parent)
    cat.rename("-")
    assert run("cutout", "./-", "-m", "halves").exit_code == 0
    assert listing(cat.parent) == {"-", "-_cutout.png"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pseudoterminals")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("cutout", "-"), "“-” is a photo that is piped in"),
        (("cutout", "cat.png", "-o", "-"), "A terminal can't show a picture"),
    ],
)
def test_a_terminal_is_no_pipe(cat: Path, words: tuple[str, ...], sentence: str) -> None:
    terminal, end = os.openpty()
    done = subprocess.run(
        [sys.executable, str(CLI), *words], stdin=end, stdout=end, stderr=subprocess.PIPE,
        encoding="utf-8", cwd=cat.parent, timeout=60,
    )  # fmt: skip
    os.close(end)
    os.close(terminal)
    assert done.returncode == 2
    assert sentence in plain(done.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
def test_a_pipe_that_takes_nothing(cat: Path) -> None:
    words = [sys.executable, str(CLI), "cutout", str(cat), "-o", "-"]
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr == "The picture can't be piped out: No space left on device.\n"
