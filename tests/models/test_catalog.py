"""What holds for every row of the catalogue, whatever its family."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compositing.arrays import Photo
from models.catalog import DEPTHS, MODELS, PAINTERS, ModelSpec, find
from models.catalog.licences import refusals, usable
from models.catalog.row import COPYLEFT
from models.interface import Box, Matte, Point, Prompt, PromptMissing
from models.running.pool import Pool
from tests.tiny import scene, tiny_row

ROOT = Path(__file__).parents[2]
BOX = Prompt(boxes=(Box(4, 4, 25, 25),), points=(Point(12, 12), Point(30, 5, include=False)))


def names(specs: Iterable[ModelSpec]) -> list[Any]:
    """Of those rows; what an optional package runs is tested where it's installed."""
    return [pytest.param(s.name, marks=[pytest.mark.extra] if s.extra else []) for s in specs]


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("catalogue")


@pytest.fixture
def run(
    weights: Path, monkeypatch: pytest.MonkeyPatch, no_network: None
) -> Callable[[str, Photo, Prompt], Matte]:
    """Loads a row by the pool and runs it, with every connection refused."""
    monkeypatch.setenv("CUTOUT_WEIGHTS", str(weights))
    pool = Pool()
    return lambda name, photo, prompt: (
        pool.run(tiny_row(find(name), weights), photo, prompt, "cpu").made
    )


@pytest.mark.parametrize("name", names(MODELS))
def test_every_model_gives_a_matte_of_the_photos_size(
    name: str, run: Callable[[str, Photo, Prompt], Matte]
) -> None:
    spec = find(name)
    matte = run(name, scene(33, 47), BOX.only(spec.prompts))
    assert matte.alpha.shape == (33, 47)
    assert matte.alpha.dtype == np.float32
    assert np.isfinite(matte.alpha).all()
    assert 0 <= matte.alpha.min() <= matte.alpha.max() <= 1
    assert matte.soft == spec.soft
    again = run(name, scene(33, 47), BOX.only(spec.prompts))
    assert (again.alpha == matte.alpha).all()


FRESH = """
import socket, sys
from importlib import import_module

def refuse(*_):
    raise AssertionError("a connection was opened")

socket.socket.connect = socket.getaddrinfo = refuse
for family in sys.argv[1:]:
    import_module(f"models.families.{family}")
"""


def test_importing_a_family_opens_no_connection() -> None:
    families = sorted({spec.family for spec in (*MODELS, *PAINTERS, *DEPTHS)})
    command = [sys.executable, "-c", FRESH, *families]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", names(spec for spec in MODELS if spec.needs_prompt))
def test_who_must_be_told_says_what_it_needs(
    name: str, run: Callable[[str, Photo, Prompt], Matte]
) -> None:
    with pytest.raises(PromptMissing, match=r"[Bb]ox"):
        run(name, scene(40, 40), Prompt())


@pytest.mark.parametrize("spec", [*MODELS, *PAINTERS, *DEPTHS], ids=lambda spec: spec.name)
def test_the_facts_are_complete(spec: ModelSpec) -> None:
    assert re.fullmatch(r"[a-z0-9.-]+", spec.name)
    assert spec.summary.endswith(".")
    assert spec.licence
    assert spec.page.startswith("https://")
    if not spec.built_in:
        assert spec.files
        assert spec.download_bytes > 1_000_000
        assert spec.parameters > 1_000_000
    if spec.url:
        assert spec.checksum or re.fullmatch(r".+-[0-9a-f]{8,}\.\w+", spec.files[0])
    assert re.fullmatch(r"(sha256:[0-9a-f]{64}|md5:[0-9a-f]{32})?", spec.checksum)
    assert not any(name.endswith((".py", ".pkl")) for name in spec.files)


def test_names_are_unique_and_unknown_ones_are_told() -> None:
    names = [spec.name for spec in (*MODELS, *PAINTERS, *DEPTHS)]
    assert len(set(names)) == len(names)
    with pytest.raises(KeyError, match="There is no model called “nobody”"):
        find("nobody")
    with pytest.raises(KeyError, match=r"no model called “ben2”\. There are: sd-1\.5-inpainting,"):
        find("ben2", PAINTERS)


@pytest.mark.parametrize(
    ("name", "among", "near"),
    [
        ("grabcutt", MODELS, "grabcut"),
        ("BEN2", MODELS, "ben2"),
        ("birefnet-portait", MODELS, "birefnet-portrait"),
        ("sdxl-painting", PAINTERS, "sdxl-inpainting"),
        ("stable", MODELS, None),
    ],
)
def test_a_near_name_is_offered(name: str, among: tuple[ModelSpec, ...], near: str | None) -> None:
    guess = rf" Did you mean {near}\?" if near else ""
    with pytest.raises(KeyError, match=rf"called “{name}”\.{guess} There are: {among[0].name}, "):
        find(name, among)


@pytest.mark.parametrize(
    ("name", "conditions", "terms"),
    [
        ("ben2", "", "MIT"),
        ("rmbg-2.0", "non-commercial", "CC BY-NC 4.0, non-commercial"),
        ("silueta", "non-commercial", "unclear (see its page), non-commercial"),
        ("yolo-seg", "conditions apply", "AGPL-3.0, conditions apply"),
        # Its own licence asks for nothing; that of the package that it runs with does.
        ("mobile-sam", "conditions apply", "Apache-2.0 + AGPL-3.0, conditions apply"),
        (
            "mask2former-panoptic",
            "conditions apply",
            "Other (see its page), conditions apply",
        ),
    ],
)
def test_what_a_licence_asks_for(name: str, conditions: str, terms: str) -> None:
    assert (find(name).conditions, find(name).terms) == (conditions, terms)


@pytest.mark.parametrize(
    ("licence", "conditions"),
    [
        ("CC BY-NC-SA 4.0", "non-commercial"),
        ("FLUX Non-Commercial License", "non-commercial"),
        ("Noncommercial 1.0", "non-commercial"),
        ("unclear: none is stated", "non-commercial"),
        ("ENCORE License", "conditions apply"),
    ],
)
def test_licences_that_forbid_commerce_are_known_by_their_names(
    licence: str, conditions: str
) -> None:
    assert replace(find("rmbg-2.0"), licence=licence).conditions == conditions


def test_what_the_licences_of_each_row_mean_is_told() -> None:
    for spec in (*MODELS, *PAINTERS, *DEPTHS):
        assert spec.licence in spec.meaning or spec.extra in COPYLEFT
        assert spec.meaning.endswith("allows commercial use") == (not spec.conditions)
    told = find("mobile-sam").meaning
    assert "ultralytics" in told
    assert "AGPL-3.0" in told


def test_for_commerce_only_rows_without_conditions_are_usable() -> None:
    rows = [find(name) for name in ("ben2", "rmbg-2.0", "mobile-sam")]
    assert usable(rows, commercial_only=False) == rows
    assert usable(rows, commercial_only=True) == rows[:1]
    assert [each.partition(" isn't")[0] for each in refusals(rows)] == ["RMBG 2.0", "MobileSAM"]


def test_the_readme_s_table_is_the_catalogue() -> None:
    written = re.findall(r"^\| \[`.*`\].*\|$", (ROOT / "README.md").read_text("utf-8"), re.M)
    rows = [
        f"| [`{spec.name}`]({spec.page}) | {spec.summary} | {spec.told or '–'} | "
        f"{'built in' if spec.built_in else f'{spec.download_bytes / 1e6:.0f} MB'} | "
        f"{spec.licence}{' (**NC**)' * (spec.conditions == 'non-commercial')} |"
        for spec in MODELS
    ]
    rows += [
        f"| [`{spec.name}`]({spec.page}) | {spec.summary} | {spec.download_bytes / 1e6:.0f} MB | "
        f"{spec.licence} |"
        for spec in DEPTHS
    ]
    assert [line for line in written if line in rows] == rows
    assert len(written) == len(MODELS) + len(PAINTERS) + len(DEPTHS)


def test_what_is_not_verified_says_so() -> None:
    unsure = {"birefnet", "birefnet-hr", "birefnet-512", "birefnet-dis", "lucida", "toonout"}
    matting = {spec.name for spec in MODELS if spec.family.startswith("matting.")}
    assert {name for name in matting if not find(name).verified} == unsure
    assert find("lucida").caution == "not verified against the published file"
    assert find("birefnet-lite-2k").caution == ""


def test_painters_are_brought_without_pickles_and_checkers() -> None:
    """A chat template is text that transformers fills in, in a sandbox."""
    kinds = (".json", ".txt", ".safetensors", "/chat_template.jinja")
    for spec in PAINTERS:
        assert all(name.endswith(kinds) for name in spec.files)
        assert not any("safety" in name for name in spec.files)
        assert len(set(spec.files)) == len(spec.files)
