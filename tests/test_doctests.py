"""The examples in docstrings and in the README do what they show."""

import doctest
import re
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import compositing
import photos
from photos.samples import SAMPLES
from tests.modules import modules_of, public

README = Path(__file__).parents[1] / "README.md"
SHOWN_OF_PHOTOS = [
    name for name in modules_of(photos) if not re.match(r"photos\.(formats|ifd)\b", name)
]
"""Not the rooms that only photos itself enters: how files of each format are read."""


@pytest.mark.parametrize("name", [*modules_of(compositing), *modules_of(photos)])
def test_examples_show_what_comes_out(name: str) -> None:
    assert doctest.testmod(import_module(name), extraglobs={"np": np}).failed == 0


@pytest.mark.parametrize("name", [*modules_of(compositing), *SHOWN_OF_PHOTOS])
def test_each_public_function_and_class_has_an_example(name: str) -> None:
    docs = {name: each.__doc__ or "" for name, each in public(import_module(name)).items()}
    assert [name for name, doc in docs.items() if ">>>" not in doc] == []


def test_the_readme_s_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its blocks in their order, as one session in a folder with one photo."""
    monkeypatch.chdir(tmp_path)
    Image.fromarray(SAMPLES[0].open().pixels()).save("photo.jpg")
    blocks = re.findall(r"^```python\n(.*?)^```", README.read_text("utf-8"), re.M | re.S)
    assert blocks
    assert all(">>>" in block for block in blocks), "What has no >>> isn't tried out."
    session = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "README.md", None, 0)
    assert doctest.DocTestRunner().run(session).failed == 0
