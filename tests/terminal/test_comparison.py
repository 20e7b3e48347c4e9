import io
import json
import os
import types
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from compositing.background import Colour
from models.catalog import GRABCUT
from models.interface import LoadFailed, Prompt
from models.running.pool import Pool
from photos.cutting import cut_out
from photos.export import archive
from photos.look import Look
from photos.reading import read_photo
from tests.exif import long_comment
from tests.halves import HALVES
from tests.shell import listing, plain, run


def test_compare_writes_what_the_page_s_archive_holds(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    out = cat.parent / "out"
    result = run("compare", cat, "--models", "halves,grabcut,halves", "-o", out, "-b", "#eee")
    assert result.exit_code == 0, result.output
    photo = read_photo(cat)
    cuts = [cut_out(photo, spec, pool=Pool()) for spec in (HALVES, GRABCUT)]
    look = Look(Colour(238, 238, 238))
    with zipfile.ZipFile(io.BytesIO(archive(cuts, lambda _: look))) as packed:
        assert listing(out) == set(packed.namelist())
        for name in set(packed.namelist()) - {"results.json"}:
            assert (out / name).read_bytes() == packed.read(name)
        expected = json.loads(packed.read("results.json"))["results"]
    results = json.loads((out / "results.json").read_text())["results"]
    assert [row["model"] for row in results] == ["halves", "grabcut"]
    for row, other in zip(results, expected, strict=True):
        assert row.keys() == other.keys()
        assert row["files"] == other["files"]
        assert row["settings"] == other["settings"]
        assert row["seconds"]["composite"] > 0
        assert row["inference"] == pytest.approx(
            sum(
                row["seconds"].get(s, 0) for s in ("preprocess", "network", "postprocess", "edges")
            ),
            abs=3e-4,
        )
    table = [line.split() for line in result.stdout.splitlines() if line.strip()]
    assert table[0] == [str(out / "results.json")]
    assert table[1] == ["Model", "Photos", "Inference", "Composite", "Load", "Memory", "Device"]
    assert [row[:2] for row in table[3:]] == [["halves", "1"], ["grabcut", "1"]]


def test_a_file_s_own_transparency_is_compared_too(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    with Image.open(cat) as image:
        sticker = image.convert("RGBA")
    sticker.putalpha(Image.linear_gradient("L").resize(sticker.size))
    sticker.save(cat)
    out = cat.parent / "out"
    result = run("compare", cat, "--models", "halves,grabcut", "-o", out, "-b", "#eee")
    assert result.exit_code == 0, result.output
    rows = json.loads((out / "results.json").read_text())["results"]
    assert [row["model"] for row in rows] == ["halves", "input-alpha", "grabcut"]
    with Image.open(out / "cat" / "input-alpha_matte.png") as matte:
        assert matte.tobytes() == sticker.getchannel("A").tobytes()
    with Image.open(out / "cat" / "halves_matte.png") as matte:
        assert (np.asarray(matte) <= np.asarray(sticker.getchannel("A"))).all()
    table = [line.split() for line in result.stdout.splitlines()]
    assert ["input-alpha", "1", "–"] in [row[:3] for row in table]


def test_what_a_jpeg_cannot_hold_is_told_once_and_noted_for_each_model(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    halves.notes = ("Mind the hair.",)
    with Image.open(cat) as image:
        image.save(cat, exif=long_comment())
    out = cat.parent / "out"
    for background, lost in (("#eee", True), ("transparent", False)):
        result = run("compare", cat, "--models", "halves,grabcut", "-o", out, "-b", background)
        assert result.exit_code == 0, result.output
        assert result.stderr.count("Left out: UserComment.") == lost
        assert result.stderr.count("Mind the hair.") == 1
        rows = json.loads((out / "results.json").read_text())["results"]
        for row, own in zip(rows, (["Mind the hair."], []), strict=True):
            assert row["notes"][: len(own)] == own
            rest = row["notes"][len(own) :]
            assert ["Left out: UserComment." in note for note in rest] == [True] * lost
    with Image.open(out / "cat" / "halves_cutout.png") as image:
        assert 0x9286 in image.getexif().get_ifd(0x8769)


def test_compare_blurs_by_default_as_suits_each_photo(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    Image.new("RGB", (4000, 3000)).save(cat.with_name("large.jpg"))
    out = cat.parent / "out"
    assert run("compare", cat.parent, "--models", "halves", "-o", out).exit_code == 0
    rows = json.loads((out / "results.json").read_text())["results"]
    assert [row["settings"]["background"]["kernel"] for row in rows] == [19, 177]
    assert (out / "large" / "halves_blurred.jpg").exists()


def test_compare_goes_on_without_what_fails(cat: Path, halves: types.SimpleNamespace) -> None:
    (cat.parent / "cat.jpg").write_bytes(b"no photo")
    other = cat.parent / "more" / "cat.png"
    other.parent.mkdir()
    other.write_bytes(cat.read_bytes())
    halves.load_error = LoadFailed("The weights are damaged.")
    out = cat.parent / "out"
    words = ("--models", "halves,grabcut", "--box", "20,0,420,300", "--point", "200,150")
    result = run("compare", cat.parent, other, *words, "-o", out)
    assert result.exit_code == 1
    assert result.stderr.count("The weights are damaged.") == 1
    rows = json.loads((out / "results.json").read_text())["results"]
    prompt = {"boxes": [{"x0": 20, "y0": 0, "x1": 420, "y1": 300}]}
    prompt |= {"points": [{"x": 200, "y": 150, "include": True}]}
    assert [row["prompt"] for row in rows[:2]] == [prompt | {"text": [], "objects": []}] * 2
    assert [row["files"][0] for row in rows[:2]] == [
        "cat-2/grabcut_matte.png",
        "cat-3/grabcut_matte.png",
    ]
    assert [(row["photo"], row["model"]) for row in rows[2:]] == [
        ("cat.jpg", None),
        ("cat.png", "halves"),
    ]
    assert rows[3]["error"] == "The weights are damaged."


def test_each_model_hears_what_it_can_be_told(cat: Path, halves: types.SimpleNamespace) -> None:
    words = ("--models", "grabcut,halves", "--point", "200,150", "--text", "cat")
    out = cat.parent / "out"
    assert run("compare", cat, *words, "-o", out).exit_code == 0
    rows = json.loads((out / "results.json").read_text())["results"]
    assert [row["prompt"]["text"] for row in rows] == [[], ["cat"]]
    assert halves.prompts == [Prompt(text=("cat",))]


def test_names_that_a_folder_or_a_page_cannot_have(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    """Dots lead out of the folder, results.json has its place, Linux allows what is no Unicode."""
    names = ["...png", "results.json.png", os.fsdecode(b"caf\xe9.png")]
    photos = [cat.rename(cat.with_name(names[0]))]
    for name in names[1:]:
        photos.append(cat.with_name(name))
        photos[-1].write_bytes(photos[0].read_bytes())
    out = cat.parent / "out"
    result = run("compare", *photos, "--models", "halves", "-o", out)
    assert result.exit_code == 0, result.output
    folders = ["photo", "results.json-2", Path(names[2]).stem]
    assert {path.name for path in out.iterdir()} == {*folders, "results.json"}
    rows = json.loads((out / "results.json").read_text())["results"]
    assert [row["photo"] for row in rows] == names
    assert run("blur", *photos, "--model", "halves").exit_code == 0


def test_what_a_model_has_to_say_is_told_and_kept(cat: Path, halves: types.SimpleNamespace) -> None:
    halves.notes = ("Box 2 holds nothing.",)
    out = cat.parent / "out"
    result = run("compare", cat, "--models", "halves", "-o", out)
    assert f"“{cat}”: Box 2 holds nothing." in result.stderr
    (row,) = json.loads((out / "results.json").read_text())["results"]
    assert row["notes"] == ["Box 2 holds nothing."]


def test_what_an_earlier_run_left_is_told(cat: Path, halves: types.SimpleNamespace) -> None:
    out = cat.parent / "out"
    words = ("compare", cat, "-o", out)
    assert run(*words, "--models", "halves,grabcut").stderr == ""
    (out / "cat" / "own notes.txt").touch()
    again = run(*words, "--models", "halves,grabcut")
    assert again.stderr == ""
    left = run(*words, "--models", "halves", "-b", "#eee")
    assert left.exit_code == 0
    assert left.stderr == (
        f"“{out}” also holds 4 files of earlier runs: cat/grabcut_blurred.jpg, "
        "cat/grabcut_cutout.png, cat/grabcut_matte.png and 1 more. results.json tells only of this "
        "one.\n"
    )
    assert (out / "cat" / "halves_blurred.jpg").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("-b", "#ffffff", "--strength", "2"), "blurs the photo's own background"),
        (("-b", "#ffffff", "--method", "lens"), "blurs the photo's own background"),
        (("--light-match", "0.5"), "for a new background: add --background"),
        (("--background-kernel", "5"), "for a new background: add --background"),
    ],
)
def test_what_is_for_another_background_is_not_left_unheard(
    cat: Path, halves: types.SimpleNamespace, words: tuple[str, ...], sentence: str
) -> None:
    out = cat.with_name("compared")
    result = run("compare", cat, "--models", "halves", *words, "-o", out)
    assert result.exit_code == 2
    assert sentence in plain(result.output)
    assert not out.exists()
