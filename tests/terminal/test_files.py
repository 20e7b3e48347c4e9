from pathlib import Path

import pytest

from terminal.files import Target, WriteFailed, gather, write


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("b.jpg", "a.PNG", "c.txt", ".d.jpg"), ["a.PNG", "b.jpg"]),
        (("a.jpg", "a_blurred.jpg", "a_replaced-2.png", "a_cutout.webp"), ["a.jpg"]),
        (("a_blurred.jpg",), ["a_blurred.jpg"]),
        (("a.jpg", "a_large.jpg"), ["a.jpg", "a_large.jpg"]),
        (("a.txt",), ["."]),
        (("a.jfif", "b.JPE", "c.jif", "d.hif", "e.avifs"),) * 2,
    ],
)
def test_a_folder_stands_for_its_photos(
    tmp_path: Path, names: tuple[str, ...], expected: list[str]
) -> None:
    touch(tmp_path, *names)
    assert gather([tmp_path]) == [tmp_path / name for name in expected]


def test_each_file_is_taken_once(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "b.jpg")
    twice = [tmp_path / "b.jpg", tmp_path, tmp_path / ".." / tmp_path.name / "a.jpg"]
    assert [path.name for path in gather(twice)] == ["b.jpg", "a.jpg"]


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
