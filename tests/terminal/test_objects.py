"""What `--list-objects` tells, of objects that are known."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models import catalog
from models.catalog import GRABCUT, ModelSpec
from models.families.objects.segmenter import Finding, ObjectSegmenter
from models.interface import LoadFailed
from tests.families import pretend
from tests.halves import HALVES
from tests.shell import listing, plain, run

FINDER = replace(
    HALVES, name="finder", label="Finder", family="finder", prompts=frozenset({"objects"})
)


@pytest.fixture
def findings(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What the model Finder finds in every photo: to begin with, a sky and two people."""
    mask = np.zeros((30, 45), np.uint8)
    left, right, above = (mask.copy() for _ in range(3))
    left[10:, :20], right[10:, 30:], above[:5] = 255, 255, 255
    found = [
        Finding("person", 0.8, left),
        Finding("person", 0.9, right),
        Finding("sky", 0.7, above, counted=False, stuff=True),
    ]

    def load(spec: ModelSpec, *_: object) -> ObjectSegmenter:
        if spec.name == "broken":
            raise LoadFailed("The weights are damaged.")
        return ObjectSegmenter(spec.label, lambda photo: found)

    pretend(monkeypatch, FINDER.family, load)
    rows = (GRABCUT, HALVES, FINDER, replace(FINDER, name="broken"))
    monkeypatch.setattr(catalog, "MODELS", rows)
    return found


VERBS = [
    ("blur", "-m"),
    ("cutout", "-m"),
    ("replace", "-b", "#fff", "-m"),
    ("generate", "--prompt", "a beach", "-m"),
    ("compare", "--models"),
]


@pytest.mark.parametrize("words", VERBS, ids=lambda words: words[0])
def test_a_table_of_what_can_be_picked(
    words: tuple[str, ...], cat: Path, findings: list[Finding]
) -> None:
    verb, *rest = words
    result = run(verb, cat, *rest, "finder", "--list-objects", "table", "--object", "ghost")
    assert result.exit_code == 0, result.output
    title, heading, _, *rows = filter(str.strip, result.stdout.splitlines())
    assert title == f"{cat}: Finder found 3 objects."
    assert heading.split() == ["Object", "Score", "Of", "the", "photo", "Box"]
    assert [row.split() for row in rows] == [
        ["person", "1", "0.90", "22.2%", "301,100,451,300"],
        ["person", "2", "0.80", "29.6%", "0,100,200,300"],
        ["sky", "0.70", "16.7%", "0,0,451,50"],
    ]
    assert result.stderr == ""
    assert listing(cat.parent) == {"cat.png"}


def test_a_line_of_json_for_each_photo(cat: Path, findings: list[Finding]) -> None:
    other = cat.with_name("other.png")
    other.write_bytes(cat.read_bytes())
    result = run("blur", cat, other, "-m", "finder", "--list-objects", "json")
    assert result.exit_code == 0, result.output
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["photo"] for each in told] == [str(cat), str(other)]
    assert told[0]["model"] == "finder"
    assert told[0]["objects"] == told[1]["objects"]
    assert told[0]["objects"][1] == {
        "name": "person 2",
        "label": "person",
        "score": 0.8,
        "share": 0.2963,
        "box": [0, 100, 200, 300],
    }


@pytest.mark.parametrize(
    ("form", "told"), [("table", "{cat}: Finder found nothing.\n"), ("json", '"objects": []}}\n')]
)
def test_nothing_found_is_an_answer(
    form: str, told: str, cat: Path, findings: list[Finding]
) -> None:
    findings.clear()
    result = run("cutout", cat, "-m", "finder", "--list-objects", form)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith(told.format(cat=cat))


@pytest.mark.parametrize(
    "words", [("blur", "-m", "halves"), ("compare", "--models", "finder,halves")]
)
def test_a_model_that_lists_none_names_those_that_do(
    words: tuple[str, ...], cat: Path, findings: list[Finding]
) -> None:
    result = run(words[0], cat, *words[1:], "--list-objects", "table")
    assert result.exit_code == 2
    assert "Halves lists no objects. These do: finder, broken." in plain(result.stderr)


def test_what_fails_is_told_and_the_rest_is_listed(cat: Path, findings: list[Finding]) -> None:
    (cat.parent / "broken.jpg").write_bytes(b"no photo")
    words = ("--models", "broken,finder", "--list-objects", "json")
    result = run("compare", cat.parent, *words)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    assert "“broken.jpg” is not a photo" in result.stderr
    assert "The weights are damaged." in result.stderr


def test_the_json_is_json_in_every_encoding(cat: Path, findings: list[Finding]) -> None:
    photo = cat.rename(cat.with_name("😀 é.png"))
    words = ("blur", photo, "-m", "finder", "--list-objects", "json")
    result = run(*words, charset="cp1252")
    assert json.loads(result.stdout_bytes.decode("cp1252"))["photo"] == str(photo)
