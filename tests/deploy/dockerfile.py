"""What deploy/Dockerfile and .dockerignore say, read as far as they are written."""

import json
import re
import shutil
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


class Step(NamedTuple):
    name: str
    words: str


def steps() -> list[Step]:
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text("utf-8"), flags=re.M)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [Step(*line.split(maxsplit=1)) for line in lines if line]


def last_stage() -> list[Step]:
    made = steps()
    begins = max(number for number, step in enumerate(made) if step.name == "FROM")
    return made[begins:]


def command(name: str) -> list[str]:
    """What CMD or HEALTHCHECK runs."""
    (words,) = [step.words for step in last_stage() if step.name == name]
    found: list[str] = json.loads(words[words.index("[") :])
    return found


def environment() -> dict[str, str]:
    words = " ".join(step.words for step in last_stage() if step.name == "ENV")
    return dict(word.split("=", 1) for word in words.split())


def copy_context(folder: Path) -> None:
    """What a build sees of this folder, by .dockerignore."""
    first, *kept, bytecode = [
        line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[:1] != "#"
    ]
    assert (first, bytecode) == ("*", "**/__pycache__")
    for line in kept:
        assert line.startswith("!")
        here, there = ROOT / line[1:], folder / line[1:]
        there.parent.mkdir(parents=True, exist_ok=True)
        if here.is_dir():
            shutil.copytree(here, there, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(here, there)
