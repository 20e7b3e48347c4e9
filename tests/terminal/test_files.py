import os
from pathlib import Path

import pytest

from photos.saving import WriteFailed, write
from terminal.files import Target


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()


def names_of(*photos: str, output: str | None = None) -> list[str]:
    target = Target(Path(output) if output else None, "JPEG", single=False)
    return [str(path) for path in target.of([Path(photo) for photo in photos], "cutout")]


@pytest.mark.parametrize(
    ("photos", "output", "expected"),
    [
        (("a.jpg", "x/b.v2.png"), None, ["a_cutout.jpg", "x/b.v2_cutout.jpg"]),
        (("a.jpg", "a.png", "A.tif"), None, ["a_cutout.jpg", "a_cutout-2.jpg", "A_cutout-3.jpg"]),
        (("x/a.jpg", "y/a.jpg"), None, ["x/a_cutout.jpg", "y/a_cutout.jpg"]),
        (("x/a.jpg", "y/a.jpg"), "z", ["z/a_cutout.jpg", "z/a_cutout-2.jpg"]),
        (("a.jpg", "a_cutout.jpg"), None, ["a_cutout-2.jpg", "a_cutout_cutout.jpg"]),
        (("a.jpg", "a_cutout.png"), None, ["a_cutout.jpg", "a_cutout_cutout.jpg"]),
    ],
)
def test_no_result_meets_another_or_a_photo(
    photos: tuple[str, ...], output: str | None, expected: list[str]
) -> None:
    assert names_of(*photos, output=output) == expected


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    touch(tmp_path, "file")
    with pytest.raises(WriteFailed, match=r"file/a.jpg” can't be written: .*\.$"):
        write(tmp_path / "file" / "a.jpg", b"data")


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    for data in (b"first", b"second"):
        write(tmp_path / "new" / "a.jpg", data)
    assert (tmp_path / "new" / "a.jpg").read_bytes() == b"second"
    assert len(list((tmp_path / "new").iterdir())) == 1


@pytest.mark.parametrize("letter", ["a", "ä", "日", "😀"])
def test_any_name_that_the_disk_takes_can_be_written(tmp_path: Path, letter: str) -> None:
    longest = os.pathconf(tmp_path, "PC_NAME_MAX") - len(".jpg")
    name = letter * (longest // len(os.fsencode(letter)))
    write(tmp_path / f"{name}.jpg", b"data")
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.jpg"]
    with pytest.raises(WriteFailed, match=r"File name too long\. Give the photo a shorter name\.$"):
        write(tmp_path / f"{name}{letter * 4}.jpg", b"data")
    assert len(list(tmp_path.iterdir())) == 1
