"""Calls the command line as a person would, and looks at what it left."""

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner, Result

from terminal.verbs import app


def run(*words: object, stdin: bytes = b"", charset: str = "utf-8") -> Result:
    return CliRunner(charset).invoke(app, [str(word) for word in words], input=stdin)


def plain(text: str) -> str:
    """The text without frames and line breaks."""
    return " ".join(re.sub("[╭╮╰╯│─]", " ", text).split())


def pixels(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return np.array(image)


def listing(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
