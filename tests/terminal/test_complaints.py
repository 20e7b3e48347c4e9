import types
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from compositing.arrays import Photo
from models import catalog
from models.interface import Box, LoadFailed, Prompt, RunFailed
from models.running import extra
from photos.photo import PhotoFile
from terminal.files import Target
from tests.halves import HALVES
from tests.shell import listing, pixels, plain, run


def test_one_bad_file_among_many_is_told_and_the_rest_is_done(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    (cat.parent / "broken.jpg").write_bytes(b"no photo")
    (cat.parent / "cut.png").write_bytes(cat.read_bytes()[:3000])
    result = run("blur", cat.parent, cat.parent / "gone.jpg", "-m", "halves", "-o", cat.parent)
    assert result.exit_code == 1
    assert result.stdout == f"{cat.with_name('cat_blurred.jpg')}\n"
    lines = result.stderr.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("“broken.jpg” is not a photo that can be read.")
    assert lines[1].startswith("“cut.png” is damaged or cut short")
    assert "gone.jpg” can't be read: No such file or directory." in lines[2]


@pytest.mark.parametrize(
    ("words", "after"),
    [
        (["cutout", ""], "cutout"),
        (["cutout", "cat.png", ""], "cat.png"),
        (["cutout", "cat.png", "--matte", ""], "--matte"),
        (["cutout", "cat.png", "--matte="], "--matte"),
        (["cutout", "cat.png", "-o", ""], "-o"),
        (["replace", "cat.png", "-b", ""], "-b"),
        (["batch", "", "out"], "batch"),
        (["compare", "cat.png", "--models", "halves", "--also", ""], "--also"),
    ],
)
def test_an_empty_word_is_no_folder_and_no_leave_to_go_without(
    cat: Path,
    halves: types.SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    after: str,
) -> None:
    monkeypatch.chdir(cat.parent)
    result = run(*words)
    assert result.exit_code == 2
    assert f"After “{after}” stands an empty word" in plain(result.stderr)
    assert listing(cat.parent) == {"cat.png"}
    assert halves.loads == 0


def test_a_painting_may_be_told_to_avoid_nothing(cat: Path, brush: types.SimpleNamespace) -> None:
    asked = ("generate", cat, "-m", "halves", "--prompt", "a beach", "--painter", "brush")
    result = run(*asked, "--negative", "")
    assert "empty word" not in result.stderr
    assert result.exit_code == 0, result.stderr


def test_nothing_to_read(tmp_path: Path) -> None:
    result = run("cutout", tmp_path)
    assert result.exit_code == 1
    assert result.stderr == (
        f"“{tmp_path}” holds no photos that can be read. Name another folder.\n"
    )


def test_a_photo_longer_than_the_format_allows(cat: Path, halves: types.SimpleNamespace) -> None:
    Image.new("RGB", (16_384, 8)).save(cat.with_name("long.png"))
    result = run("cutout", cat, cat.with_name("long.png"), "-m", "halves", "--format", "webp")
    assert result.exit_code == 1
    assert result.stdout == f"{cat.with_name('cat_cutout.webp')}\n"
    assert result.stderr == (
        "“long.png” has a side of 16384 pixels, and WebP holds at most 16383. Choose PNG.\n"
    )


def test_a_result_that_the_disk_refuses_is_told(cat: Path, halves: types.SimpleNamespace) -> None:
    cat.with_name("cat_blurred.jpg").mkdir()
    result = run("blur", cat, "-m", "halves")
    assert result.exit_code == 1
    assert "cat_blurred.jpg” can't be written: Is a directory." in result.stderr
    assert listing(cat.parent) == {"cat.png"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("blur", "cat.png", "--model", "birefnot"), "There is no model called “birefnot”."),
        (("blur", "cat.png", "-m", "grabcutt"), "“grabcutt”. Did you mean grabcut? There are:"),
        (("blur", "cat.png", "--list-objects", "xml"), "'xml' is not one of 'table', 'json'."),
        (("blur", "cat.png", "-m", "grabcut,halves"), "“grabcut,halves” should be one name. Run"),
        (("blur", "cat.png", "--weights", "shy,halves=file"), "“shy,halves” should be one name."),
        (("blur", "cat.png", "--kernel", "4"), "A blur's kernel is an odd number from 1 to 2001"),
        (("blur", "cat.png", "--kernel", "0"), "A blur's kernel is an odd number from 1 to 2001"),
        (("blur", "cat.png", "--kernel", "31", "--strength", "2"), "Leave one of them out."),
        (("blur", "cat.png", "--strength", "-1"), "greater than or equal to 0"),
        (("replace", "cat.png", "-b", "#fff,#12345"), "A colour is written #rrggbb"),
        (("replace", "cat.png", "-b", "#fff", "--position", "here"), "“here” should be left,"),
        (("replace", "cat.png", "-b", "#fff", "--position", "0.5,2"), "“0.5,2” should be left,"),
        (("replace", "cat.png", "-b", "#fff", "--shadow", "2"), "less than or equal to 1"),
        (("blur", "cat.png", "--method", "magic"), "'magic' is not one of"),
        (("blur", "cat.png", "--box", "1,2,3"), "“1,2,3” should be pixels such as 40,20,310,400."),
        (("blur", "cat.png", "--box", "1,2,3,nan"), "should be pixels such as"),
        (("blur", "cat.png", "--box", "9,2,3,4"), "A box needs x0 < x1 and y0 < y1"),
        (("blur", "cat.png", "--point", "1"), "“1” should be pixels such as 120,80."),
        (("blur", "cat.png", "--text", "cat"), "U²-Net-P can't be told that"),
        (("blur", "cat.png", "-m", "grabcut", "--text", "cat"), "GrabCut can't be told that"),
        (("blur", "cat.png", "--object", "cat 1"), "it can be told --box or --point."),
        (("blur", "cat.png", "-m", "shy"), "Shy must be told what the subject is, by --box or"),
        (("blur", "cat.png", "--device", "tpu"), "“tpu” is not a device."),
        (("blur", "cat.png", "-o", "cat.png"), "That would overwrite what it is made of."),
        (
            ("blur", "cat.png", "-o", "one.bmp"),
            "Files are written as .png, .jpg, .webp, .tif, .psd, .jpeg, .tiff,",
        ),
        (("blur", "cat.png", "-o", "one.png", "--format", "jpeg"), "is not a name for --format"),
        (("blur", "cat.png", "cat.png", "-o", "one.png"), "For several photos, name a folder."),
        (("blur", ".", "-o", "one.png"), "For several photos, name a folder."),
        (("blur", "cat.png", "-o", "file"), "“file” is a file, not a folder."),
        (("blur", "cat.png", "--weights", "shy"), "“shy” should be NAME=PATH."),
        (("blur", "cat.png", "--weights", "grabcut=file"), "GrabCut is built in"),
        (
            ("cutout", "cat.png", "--format", "jpeg"),
            "JPEG can't be transparent: choose png, webp or",
        ),
        (("cutout", "cat.png", "-o", "one.jpg"), "JPEG can't be transparent: choose png, webp or"),
        (("replace", "cat.png"), "Missing option '--background'"),
        (("replace", "cat.png", "-b", "#12345"), "A colour is written #rrggbb"),
        (("replace", "cat.png", "-b", "beach.jpg"), "There is no picture “beach.jpg”."),
        (("replace", "cat.png", "-b", "file"), "“file” is not a photo that can be read."),
        (("replace", "cat.png", "-b", "cat.png", "--background-kernel", "2"), "an odd number"),
        (("compare", "cat.png", "--models", ","), "Name at least one model"),
        (("compare", "cat.png", "--models", "grabcut,nobody"), "no model called “nobody”."),
        (("compare", "cat.png", "--models", "grabcut,halves", "--object", "x"), "None of these"),
        (("compare", "cat.png", "--models", "grabcut", "-o", "file"), "is a file, not a folder."),
        (("models", "pull", "nobody"), "There is no model called “nobody”."),
        (("blur",), "Missing argument 'PHOTOS'"),
    ],
)
def test_what_cannot_be_meant_is_said_before_any_work(
    cat: Path,
    halves: types.SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    sentence: str,
) -> None:
    monkeypatch.chdir(cat.parent)
    Path("file").write_text("not a photo")
    result = run(*words)
    assert result.exit_code == 2
    assert sentence in plain(result.stderr)
    assert listing(cat.parent) == {"cat.png", "file"}


@pytest.mark.parametrize("device", ["cuda", "cuda:7", "mps"])
@pytest.mark.parametrize("model", ["grabcut", "halves"])
def test_a_device_that_is_not_there_is_an_error(
    cat: Path,
    halves: types.SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
    device: str,
    model: str,
) -> None:
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    result = run("blur", cat, "--device", device, "-m", model)
    assert result.exit_code == 2
    assert "Choose “auto” or “cpu”." in plain(result.stderr)
    assert listing(cat.parent) == {"cat.png"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--box", "451,0,500,300"), "the box 451,0,500,300 lies outside."),
        (("--box", "-9,-9,0,0"), "the box -9,-9,0,0 lies outside."),
        (("--point", "10,300"), "the point 10,300 lies outside."),
    ],
)
def test_prompts_outside_the_photo(cat: Path, words: tuple[str, str], sentence: str) -> None:
    result = run("blur", cat, *words)
    assert result.exit_code == 1
    assert result.stderr == f"“cat.png” is 451 × 300 pixels, upright: {sentence}\n"
    assert listing(cat.parent) == {"cat.png"}


def test_what_is_said_reaches_the_model(cat: Path, halves: types.SimpleNamespace) -> None:
    words = ("--box", "1,2,30.5,40", "--box", "0,0,9,9", "--text", "cat, left ear", "--text", "dog")
    assert run("blur", cat, "-m", "shy", *words).exit_code == 0
    boxes = (Box(1, 2, 30.5, 40), Box(0, 0, 9, 9))
    assert halves.prompts == [Prompt(boxes=boxes, text=("cat", "left ear", "dog"))]


def test_no_subject_is_a_warning_and_the_file_is_written(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    halves.opacity = 0.05
    result = run("cutout", cat, "-m", "halves")
    assert result.exit_code == 0
    assert result.stderr == (
        f"“{cat}”: Halves found no subject. Say where it is, by --box or --text.\n"
    )
    assert pixels(cat.with_name("cat_cutout.png")).shape == (300, 451, 4)


def test_a_model_that_cannot_be_loaded_is_told_once(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    other = cat.with_name("other.png")
    other.write_bytes(cat.read_bytes())
    halves.load_error = LoadFailed("The weights are damaged.")
    result = run("blur", cat, other, "-m", "halves")
    assert result.exit_code == 1
    assert result.stderr == "The weights are damaged.\n"
    assert halves.loads == 1


def test_a_model_whose_package_is_missing_is_not_announced(
    cat: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = replace(HALVES, repo="studio/halves", files=("model.pt",), extra="ultralytics")
    monkeypatch.setattr(catalog, "MODELS", (row,))
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    result = run("blur", cat, "-m", "halves")
    assert result.exit_code == 1
    assert result.stderr.startswith("Halves needs the package ultralytics, which is under the AGPL")


def test_a_run_that_fails_is_told_with_the_photo(cat: Path, halves: types.SimpleNamespace) -> None:
    halves.run_error = RunFailed("The memory is full.")
    result = run("blur", cat, "-m", "halves")
    assert result.exit_code == 1
    assert result.stderr == f"“{cat}”: The memory is full.\n"


@pytest.mark.parametrize("error", [ZeroDivisionError("by zero"), MemoryError(), OSError(5, "I/O")])
def test_what_nobody_foresaw_is_a_sentence_and_the_rest_is_done(
    cat: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    other = cat.with_name("other.png")
    other.write_bytes(cat.read_bytes())
    deliver = Target.deliver

    def fail_once(self: Target, path: Path, data: bytes) -> None:
        if "cat" in path.name:
            raise error
        deliver(self, path, data)

    monkeypatch.setattr(Target, "deliver", fail_once)
    told = f"“{cat}”: something went wrong that nobody foresaw: {type(error).__name__}"
    result = run("blur", cat, other, "-m", "halves")
    assert result.exit_code == 1
    assert result.stdout == f"{other.with_name('other_blurred.jpg')}\n"
    (line,) = result.stderr.splitlines()
    assert line.startswith(told)
    assert line.endswith(". Add --debug to see where.")
    traced = run("blur", cat, other, "-m", "halves", "--debug")
    assert traced.stderr.startswith("Traceback (most recent call last):")
    assert "in fail_once" in traced.stderr
    assert traced.stderr.splitlines()[-1].startswith(told)


def test_what_nobody_foresaw_while_reading_is_a_sentence_too(
    cat: Path, halves: types.SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> Photo:
        raise RuntimeError("odd\npixels")

    monkeypatch.setattr(PhotoFile, "pixels", fail)
    monkeypatch.setattr("photos.reading.pixels_of", fail)
    result = run("blur", cat, "-m", "halves")
    assert result.exit_code == 1
    assert result.stderr == (
        f"“{cat}”: something went wrong that nobody foresaw: RuntimeError: odd pixels. "
        "Add --debug to see where.\n"
    )
    background = run("replace", cat, "-b", cat, "-m", "halves")
    assert background.exit_code == 1
    assert background.stderr.startswith("Something went wrong that nobody foresaw: RuntimeError")
    assert "Traceback" in run("replace", cat, "-b", cat, "-m", "halves", "--debug").stderr


def test_a_folder_run_says_what_it_skips(cat: Path, halves: types.SimpleNamespace) -> None:
    cat.with_name("notes.txt").write_text("no photo")
    result = run("blur", cat.parent, "-m", "halves")
    assert result.exit_code == 0
    assert result.stderr == f"“{cat.parent}”: 1 skipped: notes.txt – not photos.\n"


def test_a_photo_may_end_in_anything_if_it_is_named(
    cat: Path, halves: types.SimpleNamespace
) -> None:
    photo = cat.rename(cat.with_name("cat.backup"))
    assert run("cutout", photo, "-m", "halves").exit_code == 0
    assert listing(cat.parent) == {"cat.backup", "cat_cutout.png"}
