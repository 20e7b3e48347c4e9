"""What is piped in and out, and letters that a terminal or a pipe doesn't know."""

import codecs
import io
import sys
from pathlib import Path
from typing import BinaryIO

STDIN = Path("/dev/stdin")
STDOUT = Path("/dev/stdout")
"""What `-` stands for, on every system; a file called so is written `./-`."""

_PLAIN = {"“": '"', "”": '"', "’": "'", "–": "-", "—": "-", "·": "-", "×": "x", "…": "..."}


def parse_input(text: str) -> Path:
    return STDIN if text == "-" else Path(text)


def parse_output(text: str) -> Path:
    return STDOUT if text == "-" else Path(text)


def piped_in() -> bytes:
    """All that comes on stdin; nothing if it's closed."""
    return sys.stdin.buffer.read() if sys.stdin else b""


def pipe_out() -> BinaryIO | None:
    """Where a picture goes that is piped out; None where that would be a terminal or nowhere."""
    return sys.stdout.buffer if sys.stdout and not sys.stdout.isatty() else None


def forgive() -> None:
    """Whatever is printed from now on can be printed: letters that the encoding of stdout or stderr
    lacks are escaped, and names that are no Unicode, which Linux allows, are told as they are."""
    codecs.register_error("forgiving", _forgiven)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="forgiving")


def _forgiven(error: UnicodeError) -> tuple[str | bytes, int]:
    """What is written in place of the first letter that can't be."""
    assert isinstance(error, UnicodeEncodeError)
    letter = error.object[error.start]
    end = error.start + 1
    if letter in _PLAIN:
        return _PLAIN[letter], end
    if "\udc80" <= letter <= "\udcff" and not error.encoding.startswith(("utf-16", "utf-32")):
        return bytes([ord(letter) - 0xDC00]), end
    return letter.encode("ascii", "backslashreplace").decode(), end
