import csv
import errno
import hashlib
import json
import os
import sqlite3
import types
from contextlib import closing
from io import BufferedReader
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from models.interface import LoadFailed, RunFailed
from photos.batch.doing import Done, Row, Task, do
from photos.batch.listing import Listing
from photos.batch.manifest import Manifest
from photos.batch.pieces import pieces_of
from photos.batch.wishes import Wishes
from photos.reading import read_photo
from photos.recipes.reading import recipe_in
from photos.samples import SAMPLES
from tests.shell import listing, pixels, plain, run

MODEL = ("--models", "halves")
OF_ITSELF = {"batch.sqlite", "batch.sqlite-shm", "batch.sqlite-wal"}


@pytest.fixture
def shop(tmp_path: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with photos in folders, and other things."""
    monkeypatch.setattr("terminal.batch.keep_memory", lambda: None)  # it would stay for all tests
    folder = tmp_path / "shop"
    for name in ("p2.jpg", "p10.png", "june/p1.jpg", "june/p1.png"):
        picture(folder / name)
    (folder / "june" / "notes.txt").write_text("nothing")
    (folder / "june" / "raw.cr2").write_bytes(b"raw")
    return folder


def picture(path: Path, seed: int = 0, size: tuple[int, int] = (30, 40)) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed + len(path.name)).integers(0, 256, (*size, 3), np.uint8)
    Image.fromarray(noise).save(path)


def made(out: Path) -> set[str]:
    return listing(out) - OF_ITSELF


def facts(text: str) -> dict[str, Any]:
    return dict(json.loads(text.splitlines()[-1]))


def now(shop: Path, *words: object) -> tuple[int, int]:
    """Photos that were done now, and before."""
    told = facts(run("batch", shop, shop.parent / "out", *MODEL, "--json", *words).stdout)
    return told["made"], told["done_before"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_failure_whose_name_is_no_unicode_doesn_t_end_the_batch(shop: Path) -> None:
    broken = os.fsencode(shop) + b"/caf\xe9.jpg"
    try:
        Path(os.fsdecode(broken)).write_bytes(b"no photo")
    except OSError:
        pytest.skip("This disk has no such names")
    out = shop.parent / "out"
    for words in ((), (), ("--retry-failed",)):
        result = run("batch", shop, out, *MODEL, "--json", *words)
        assert result.exit_code == 1, result.stderr
        assert facts(result.stdout)["failed"] + facts(result.stdout)["failed_before"] == 1
    rows = (out / "failures.csv").read_bytes().splitlines()
    assert len(rows) == 2
    assert rows[1].startswith(broken)
    assert b"caf\xe9.jpg\xe2\x80\x9d is not a photo" in rows[1]


def test_a_list_with_a_photo_twice_leaves_nothing_to_another_run(shop: Path) -> None:
    (shop.parent / "list.txt").write_text("shop/p2.jpg\nshop/p2.jpg\n")
    result = run("batch", shop.parent / "list.txt", shop.parent / "out", *MODEL)
    assert result.exit_code == 0
    assert result.stdout.startswith("1 done. ")
    assert "another run" not in result.stdout
    assert "Not taken: 1 named twice." in result.stderr


def test_what_another_run_gives_back_unmade_is_made_in_the_end(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs at once, one for cutouts and one for mattes: neither leaves a photo to the other."""
    out, wishes = shop.parent / "out", Wishes(("halves",), ("cutout",))
    others = Path(shop, "p2.jpg")
    with Manifest(out, pieces_of(wishes)) as other:
        claim = other.claim(next(iter(Listing((others,), out=out))))
        assert claim
        pieces = claim.task.pieces

        def given_back(task: Task, *words: Any, **more: Any) -> Done:
            if task.path.endswith("p10.png"):  # the last one, looked at after the one that is held
                other.end(claim, Done((Row(pieces[0], 9),), "", 9, 9, 0.1))
            return do(task, *words, **more)

        monkeypatch.setattr("photos.batch.running.do", given_back)
        told = facts(run("batch", shop, out, *MODEL, "--make", "matte", "--json").stdout)
    assert (told["made"], told["busy"]) == (4, 0)
    assert (out / "p2_matte.png").exists()


def test_folders_are_kept_and_each_photo_is_done_once(shop: Path) -> None:
    out = shop.parent / "out"
    result = run("batch", shop, out, *MODEL)
    assert result.exit_code == 0, result.output
    cutouts = "june/p1_cutout.png", "june/p1.png_cutout.png", "p2_cutout.png", "p10_cutout.png"
    assert made(out) == set(cutouts)
    assert result.stdout.startswith("4 done. ")
    assert "Not taken: 1 not photos; 1 cameras' raw files: export them" in result.stderr
    np.testing.assert_array_equal(
        pixels(out / "june" / "p1.png_cutout.png")[:, :20, :3],
        pixels(shop / "june" / "p1.png")[:, :20],
    )
    assert run("batch", shop, out, *MODEL).stdout == "0 done, 4 done before.\n"


def test_the_pictures_are_those_of_the_single_verbs(shop: Path) -> None:
    out, photo = shop.parent / "out", shop / "june" / "p1.jpg"
    words = (
        "--edges",
        "feather=2",
        "-b",
        "#00ff00,#0000ff",
        "--shadow",
        0.5,
        "--shadow-softness",
        0.9,
    )
    blur = ("--strength", 2, "--method", "portrait", "--horizon", 0.2, "--focus", "0.5,1")
    makes = ("--make", "cutout,matte,blur,replace", *blur)
    assert run("batch", photo, out, *MODEL, *makes, *words).exit_code == 0
    single = [
        ("cutout", words[:2]),
        ("blur", (*words[:2], *blur)),
        ("replace", words),
    ]
    for name, own in single:
        assert run(name, photo, "-m", "halves", "-o", shop.parent, *own).exit_code == 0
    for name in ("p1_cutout.png", "p1_blurred.jpg", "p1_replaced.jpg"):
        assert (out / name).read_bytes() == (shop.parent / name).read_bytes()
    np.testing.assert_array_equal(
        pixels(out / "p1_matte.png"), pixels(out / "p1_cutout.png")[..., 3]
    )
    assert recipe_in(read_photo(out / "p1_matte.png")).made == "matte"


def test_framed_and_light_as_the_single_verbs_make_them(shop: Path) -> None:
    out, photo = shop.parent / "out", shop / "june" / "p1.jpg"
    words = ("--crop", "subject", "--margin", "10%", "--canvas", "60x50", "--max-kb", 3)
    makes = ("--make", "cutout,replace", "-b", "#ffffff")
    assert run("batch", photo, out, *MODEL, *makes, *words).exit_code == 0
    single = ("-m", "halves", "-o", shop.parent, "-b", "#ffffff", *words)
    assert run("replace", photo, *single).exit_code == 0
    replaced = (out / "p1_replaced.jpg").read_bytes()
    assert replaced == (shop.parent / "p1_replaced.jpg").read_bytes()
    assert len(replaced) <= 3000
    assert pixels(out / "p1_cutout.png").shape == (50, 60, 4)
    with Image.open(out / "p1_cutout.png") as cutout:
        assert cutout.format == "PNG"
    assert now(shop, *makes, "--max-kb", 2)[0] == 4
    assert now(shop, *makes, "--max-kb", 2) == (0, 4)


def test_a_subject_that_is_moved_as_the_single_verb_moves_it(shop: Path) -> None:
    out, photo, sea = shop.parent / "out", shop / "june" / "p1.jpg", shop.parent / "sea.png"
    Image.effect_noise((60, 40), 90).convert("RGB").save(sea)
    moved = ("--subject-move", "0.25,-0.1", "--subject-scale", 0.5)
    words = ("-b", sea, "--background-zoom", 2, *moved)
    done = run("batch", photo, out, *MODEL, "--make", "cutout,replace", *words)
    assert done.exit_code == 0, done.output
    assert run("replace", photo, "-m", "halves", "-o", shop.parent, *words).exit_code == 0
    replaced = (shop.parent / "p1_replaced.jpg").read_bytes()
    assert (out / "p1_replaced.jpg").read_bytes() == replaced
    assert run("cutout", photo, "-m", "halves", "-o", shop.parent).exit_code == 0  # stays
    cutout = (shop.parent / "p1_cutout.png").read_bytes()
    assert (out / "p1_cutout.png").read_bytes() == cutout


def test_a_recipe_says_what_is_not_typed(shop: Path) -> None:
    """It may tell of a blur that these pictures don't have."""
    out, recipe = shop.parent / "out", shop.parent / "recipe.toml"
    recipe.write_text(
        'recipe = 1\nmake = "blur"\nmodels = ["halves"]\n[background]\nkind = "blur"\nkernel = 9\n'
        "[frame]\ncanvas = [50, 40]\n"
    )
    assert run("batch", shop / "p2.jpg", out, "--recipe", recipe).exit_code == 0
    assert pixels(out / "p2_blurred.jpg").shape == (40, 50, 3)
    typed = ("--make", "cutout", "--canvas", "20x20")
    assert run("batch", shop / "p2.jpg", out, "--recipe", recipe, *typed).exit_code == 0
    assert pixels(out / "p2_cutout.png").shape == (20, 20, 4)
    assert made(out) == {"p2_blurred.jpg", "p2_cutout.png"}


def test_only_what_is_new_is_done(shop: Path) -> None:
    assert now(shop) == (4, 0)
    picture(shop / "p2.jpg", seed=9)
    picture(shop / "new.jpg")
    assert now(shop) == (2, 3)
    (shop.parent / "out" / "p10_cutout.png").unlink()
    assert now(shop) == (1, 4)
    os.utime(shop / "p2.jpg", (1e9, 1e9))  # touched, and the same
    assert now(shop) == (0, 5)
    assert now(shop, "--edges", "grow=1") == (5, 0)
    assert now(shop, "--edges", "grow=1", "--device", "cpu") == (0, 5)
    assert now(shop, "--edges", "grow=1", "--make", "cutout,blur") == (5, 0)
    cutout = (shop.parent / "out" / "p2_cutout.png").stat()
    assert now(shop, "--edges", "grow=1", "--make", "cutout,blur", "--strength", 2) == (5, 0)
    assert (shop.parent / "out" / "p2_cutout.png").stat() == cutout
    assert now(shop, "--edges", "grow=1") == (0, 5)


def test_a_bad_file_is_a_row_and_the_rest_is_done(shop: Path) -> None:
    out = shop.parent / "out"
    (shop / "bad.jpg").write_bytes(b"nothing")
    result = run("batch", shop, out, *MODEL, "--make", "cutout,blur", "--quiet")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("“bad.jpg” is not a photo") == 1
    with (out / "failures.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["make"] for row in rows] == ["cutout", "blur"]
    assert {row["photo"] for row in rows} == {str(shop / "bad.jpg")}
    assert len(made(out)) == 9
    again = run("batch", shop, out, *MODEL, "--make", "cutout,blur")
    assert (again.exit_code, again.stdout) == (1, "0 done, 1 failed (1 before), 4 done before.\n")
    (shop / "bad.jpg").unlink()
    assert run("batch", shop, out, *MODEL, "--make", "cutout,blur").exit_code == 0
    assert not (out / "failures.csv").exists()


def test_what_failed_is_tried_again_when_asked_for(
    shop: Path, halves: types.SimpleNamespace
) -> None:
    halves.run_error = RunFailed("There is not enough memory.")
    assert run("batch", shop, shop.parent / "out", *MODEL).exit_code == 1
    halves.run_error = None
    assert facts(run("batch", shop, shop.parent / "out", *MODEL, "--json").stdout)["made"] == 0
    assert now(shop, "--retry-failed") == (4, 0)


def test_a_model_that_cannot_be_loaded_ends_it_and_counts_for_no_photo(
    shop: Path, halves: types.SimpleNamespace
) -> None:
    halves.load_error = LoadFailed("Halves could not be loaded: ask for access.")
    result = run("batch", shop, shop.parent / "out", *MODEL)
    assert (result.exit_code, result.stderr) == (1, "Halves could not be loaded: ask for access.\n")
    halves.load_error = None
    assert now(shop) == (4, 0)


def test_on_a_full_disk_it_stops_and_goes_on_later(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count, sync = 0, os.fsync

    def full(file: int) -> None:
        nonlocal count
        count += 1
        if count > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(file)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        result = run("batch", shop, shop.parent / "out", *MODEL)
    assert result.exit_code == 1
    assert "No space left on device. Make room, and start it again." in result.stderr
    assert len(made(shop.parent / "out")) == 2
    assert now(shop) == (2, 2)


def test_several_models_have_files_of_their_own(shop: Path) -> None:
    out = shop.parent / "out"
    words = ("--models", "halves,grabcut", "--make", "matte")
    assert run("batch", shop / "p2.jpg", out, *words).exit_code == 0
    assert made(out) == {"p2_halves_matte.png", "p2_grabcut_matte.png"}


def test_results_inside_the_folder_are_not_read(shop: Path) -> None:
    for expected in ("4 done.", "0 done, 4 done before."):
        assert run("batch", shop, shop / "out", *MODEL).stdout.startswith(expected)
    result = run("batch", shop / "june", shop, *MODEL)
    assert result.exit_code == 2
    assert "name a folder of its own for the results" in plain(result.stderr)


def test_lists_and_patterns(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop / "list.csv").write_text("sku;path\n1;june/p1.jpg\n2;p2.jpg\n3;gone.jpg\n")
    result = run("batch", shop / "list.csv", shop.parent / "out", *MODEL)
    assert result.exit_code == 1
    assert "gone.jpg” can't be read: No such file or directory" in result.stderr
    assert made(shop.parent / "out") == {"june/p1_cutout.png", "p2_cutout.png", "failures.csv"}
    monkeypatch.chdir(shop)
    assert run("batch", "**/*.png", shop.parent / "pngs", *MODEL).exit_code == 0
    assert made(shop.parent / "pngs") == {"june/p1_cutout.png", "p10_cutout.png"}


def test_shards_are_all_of_it_and_nothing_twice(shop: Path) -> None:
    for number in range(20):
        picture(shop / f"more{number}.jpg")
    done = []
    for part in (1, 2, 3):
        told = run("batch", shop, shop.parent / "out", *MODEL, "--shard", f"{part}/3", "--json")
        done.append(facts(told.stdout)["made"])
    assert sum(done) == len([name for name in made(shop.parent / "out") if "_cutout" in name]) == 24
    assert all(done)


def test_a_part_may_be_empty(shop: Path) -> None:
    photo, out = shop / "june" / "p1.jpg", shop.parent / "out"
    codes = [run("batch", photo, out, *MODEL, "--shard", f"{n}/5").exit_code for n in range(1, 6)]
    assert codes == [0] * 5
    assert "p1_cutout.png" in made(out)


def test_a_box_that_lies_outside_a_photo_is_told(shop: Path) -> None:
    picture(shop / "large.png", size=(100, 200))
    out = shop.parent / "out"
    assert run("batch", shop, out, *MODEL, "--box", "100,60,190,95").exit_code == 1
    assert made(out) == {"failures.csv", "large_cutout.png"}
    assert "the box 100,60,190,95 lies outside" in (out / "failures.csv").read_text()


def test_a_dry_run_tells_and_writes_nothing(shop: Path) -> None:
    out = shop.parent / "out"
    result = run("batch", shop, out, *MODEL, "--make", "cutout,matte", "--dry-run")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("4 photos to do, 8 files. About 0 s, as 4 of them took. About ")
    assert not out.exists()
    assert run("batch", shop, out, *MODEL).exit_code == 0
    picture(shop / "new.jpg")
    told = facts(run("batch", shop, out, *MODEL, "--dry-run", "--json").stdout)
    assert (told["photos"], told["states"], told["tried"]) == (1, {"done": 4, "open": 1}, 0)
    assert now(shop) == (1, 4)


def test_a_dry_run_leaves_a_manifest_as_it_is(shop: Path) -> None:
    def held() -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(shop.parent / "out" / "batch.sqlite")) as base:
            tables = ("runs", "photos", "results")
            return [row for name in tables for row in base.execute(f"SELECT * FROM {name}")]

    now(shop)
    redate(shop / "p2.jpg")
    before, names = held(), listing(shop.parent / "out")
    result = run("batch", shop, shop.parent / "out", *MODEL, "--dry-run", "--json")
    assert facts(result.stdout)["states"] == {"done": 4}
    assert (held(), listing(shop.parent / "out")) == (before, names)


def redate(path: Path) -> None:
    """Another date, and the same bytes."""
    os.utime(path, ns=(1, path.stat().st_mtime_ns - 10**9))


def test_another_date_is_looked_into_once(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now(shop)
    redate(shop / "p2.jpg")
    read: list[str] = []
    file_digest = hashlib.file_digest

    def counted(file: BufferedReader, of: Any) -> object:
        read.append(file.name)
        return file_digest(file, of)

    monkeypatch.setattr(hashlib, "file_digest", counted)
    assert now(shop) == (0, 4)
    assert read
    read.clear()
    assert now(shop) == (0, 4)
    assert not read


def test_a_dry_run_with_a_cluster_tells_by_this_machine(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("terminal.batch.check", lambda _: None)  # whether Ray is here or not
    out = shop.parent / "out"
    result = run("batch", shop, out, *MODEL, "--dry-run", "--ray", "auto")
    assert result.exit_code == 0, result.output
    assert "About 0 s, as 4 of them took on this machine alone." in result.stdout
    assert not out.exists()


def other_tool(shop: Path, *names: str) -> Path:
    """A folder of masks whose right halves are the subject."""
    mattes = shop.parent / "Scissors"
    for name in names:
        (mattes / name).parent.mkdir(parents=True, exist_ok=True)
        levels = np.zeros((30, 40), np.uint8)
        levels[:, 20:] = 255
        Image.fromarray(levels).save(mattes / name)
    return mattes


def test_mattes_of_another_tool_are_used_by_their_names(shop: Path) -> None:
    """p1.jpg and p1.png are called alike: whose the matte is can't be told."""
    out = shop.parent / "out"
    mattes = other_tool(shop, "p2-mask.png", "p10.png", "p100.png", "june/p1.png")
    result = run("batch", shop, out, "--matte", mattes)
    assert result.exit_code == 1
    assert made(out) == {"p2_cutout.png", "p10_cutout.png", "failures.csv"}
    assert "“p1.jpg” has no matte by Scissors, or several: one should be called" in result.stderr
    alpha = pixels(out / "p2_cutout.png")[..., 3]
    assert (alpha[:, 20:] == 255).all()
    assert not alpha[:, :20].any()
    assert recipe_in(read_photo(out / "p2_cutout.png")).run.model == "scissors"


def test_a_matte_that_changes_makes_its_photo_anew(shop: Path) -> None:
    mattes = other_tool(shop, "p2.png", "p10.png", "june/p1.png")
    (shop / "june" / "p1.jpg").unlink()

    def again() -> tuple[int, int]:
        words = ("batch", shop, shop.parent / "out", "--matte", mattes, "--json")
        told = facts(run(*words).stdout)
        return told["made"], told["done_before"]

    assert again() == (3, 0)
    assert again() == (0, 3)
    redate(mattes / "p10.png")
    assert again() == (0, 3)
    other_tool(shop, "p2.png")
    with Image.open(mattes / "p2.png") as image:
        image.point(lambda level: 255 - level).save(mattes / "p2.png")
    assert again() == (1, 2)


def test_mattes_with_sixteen_bits_are_those_of_the_single_verb(shop: Path) -> None:
    photo, out = shop / "p2.jpg", shop.parent / "out"
    words = (photo, "--bits", "16")
    assert run("batch", *words, "--make", "matte,cutout", out, *MODEL).exit_code == 0
    assert run("matte", *words, "--model", "halves", "-o", shop.parent).exit_code == 0
    matte = out / "p2_matte.png"
    assert matte.read_bytes() == (shop.parent / "p2_matte.png").read_bytes()
    assert pixels(matte).dtype == np.uint16
    assert pixels(out / "p2_cutout.png").dtype == np.uint8
    assert now(shop, "--make", "matte") == (4, 0)  # of 8 bits, another picture
    assert now(shop, "--make", "matte", "--bits", "16") == (4, 0)


def test_wishes_of_before_make_the_same_digests() -> None:
    """What was made before these were there counts as made."""
    told = json.loads(Wishes(("u2netp",), ("cutout",)).told())
    assert not {"bits", "tool"} & set(told)


def test_a_dry_run_downloads_nothing(
    shop: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.hub.weights.awaits_download", lambda _: True)
    result = run("batch", shop, shop.parent / "out", *MODEL, "--dry-run")
    assert result.stdout == (
        "4 photos to do, 4 files.\nHalves is yet to be downloaded: size unknown.\n"
    )
    assert halves.loads == 0


def test_each_photo_is_a_line_for_programs(shop: Path, halves: types.SimpleNamespace) -> None:
    halves.opacity = 0.0
    result = run("batch", shop / "p2.jpg", shop.parent / "out", *MODEL, "--json")
    photo, all_ = map(json.loads, result.stdout.splitlines())
    assert photo["photo"] == str(shop / "p2.jpg")
    (told,) = photo["results"]
    assert (told["model"], told["make"], told["error"]) == ("halves", "cutout", None)
    assert told["file"] == str(shop.parent / "out" / "p2_cutout.png")
    assert told["bytes"] == (shop.parent / "out" / "p2_cutout.png").stat().st_size
    assert told["notes"] == ["Halves found no subject."]
    assert all_["made"] == 1


def test_new_photos_are_done_once_they_are_whole(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One grows between the first looks."""
    grown = SAMPLES[1].open().data
    steps: list[list[str]] = []

    def sleep(_: float) -> None:
        steps.append(sorted(made(shop.parent / "out")))
        if len(steps) == 1:
            (shop / "late.png").write_bytes(grown[:5000])
        elif len(steps) == 2:
            (shop / "late.png").write_bytes(grown)
        elif len(steps) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr("terminal.batch.time.sleep", sleep)
    result = run("batch", shop, shop.parent / "out", *MODEL, "--watch", "--quiet")
    assert "late.png" not in result.stderr
    assert steps[0] == []  # too young: looked at once
    assert [len(names) for names in steps] == [0, 4, 4, 5, 5]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--make", "soup"), "“soup” is nothing that is made. Say cutout, matte, blur, replace."),
        (("--make", "replace"), "Say what goes behind"),
        (("--background", "#fff000"), "No background is replaced: add replace to --make."),
        (("--light-match", "1"), "No background is replaced"),
        (("--subject-move", "0.1,0"), "No background is replaced"),
        (("--kernel", "51"), "There is nothing to blur"),
        (("--make", "blur", "--kernel", "50"), "A blur's kernel is an odd number"),
        (("--format", "jpeg"), "JPEG can't be transparent"),
        (("--max-kb", "100"), "A PNG can't be made lighter"),
        (("--margin", "8%"), "crop to the subject too"),
        (("--shard", "17/16"), "should be one part of several"),
        (("--watch", "--dry-run"), "leave one of them out"),
        (("--bits", "16"), "Only mattes have 16 bits: add matte to --make."),
        (("--matte", "nowhere"), "There is no “nowhere”. Name a folder of mattes"),
    ],
)
def test_what_cannot_be_or_has_no_effect(shop: Path, words: tuple[str, ...], sentence: str) -> None:
    result = run("batch", shop, shop.parent / "out", *MODEL, *words)
    assert result.exit_code == 2
    assert sentence in plain(result.stderr)
    assert not (shop.parent / "out").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--head", "1,20"), "Only a frame for an identity document has a head"),
        (("--dpi", "300"), "--frame id-de"),
        (("--frame", "id-de", "--margin", "8%"), "An authority sets all of that"),
        (("--frame", "id-de", "--head", "20,10"), "The crown's row comes first"),
        (("--frame", "id-de", "--head", "20"), "Two rows are meant, such as 120,480"),
        (("--frame", "id-xx"), "There is no frame “id-xx”"),
    ],
)
def test_heads_that_cannot_be(shop: Path, words: tuple[str, ...], sentence: str) -> None:
    result = run("batch", shop, shop.parent / "out", *MODEL, *words)
    assert result.exit_code == 2
    assert sentence in plain(result.stderr)


def test_of_many_identity_photos_those_without_a_face_are_failures(shop: Path) -> None:
    (shop / "face.png").write_bytes(SAMPLES[0].open().data)
    out, mattes = shop.parent / "out", other_tool(shop, "face.png")
    levels = np.zeros((512, 512), np.uint8)
    levels[16:, 80:440] = 255
    Image.fromarray(levels).save(mattes / "face.png")
    words = ("--frame", "id-us", "--make", "replace", "-b", "#ffffff")
    result = run("batch", shop, out, "--matte", mattes, *words)
    assert result.exit_code == 1
    assert made(out) == {"face_replaced.jpg", "failures.csv"}
    with Image.open(out / "face_replaced.jpg") as image:
        assert (image.size, image.info["dpi"]) == ((600, 600), (300, 300))
    assert run("batch", shop / "p2.jpg", out, *MODEL, *words).exit_code == 1
    assert "there is no face that looks into the camera" in (out / "failures.csv").read_text()


def test_mattes_that_cannot_be_used(shop: Path) -> None:
    out, mattes = shop.parent / "out", other_tool(shop, "p2.png")
    inside = shop / "june"
    for words, sentence in (
        ((shop, out, "--matte", mattes / "p2.png"), "One matte is for one photo"),
        ((shop, out, "--matte", inside), "lies among the photos"),
        ((shop, out, "--matte", mattes, *MODEL), "Say --model or --matte, not both."),
        ((shop, out, "--matte", mattes, "--commercial-only"), "Scissors"),
    ):
        result = run("batch", *words)
        assert result.exit_code == 2, result.output
        assert sentence in plain(result.stderr)
    assert not out.exists()


def test_an_empty_folder_and_one_that_is_not_there(shop: Path) -> None:
    (shop / "empty").mkdir()
    result = run("batch", shop / "empty", shop.parent / "out", *MODEL)
    assert (result.exit_code, result.stderr) == (
        1,
        "There are no photos there that can be read.\n",
    )
    result = run("batch", shop / "absent", shop.parent / "out", *MODEL)
    assert result.exit_code == 2
    assert "There is no “" in plain(result.stderr)
