from pathlib import Path

import pytest

from terminal.gathering import gather, named


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("b.jpg", "a.PNG", "c.txt", ".d.jpg"), ["a.PNG", "b.jpg"]),
        (("a.jpg", "a_blurred.jpg", "a_replaced-2.png", "a_cutout.webp"), ["a.jpg"]),
        (("a_blurred.jpg",), ["a_blurred.jpg"]),
        (("a.jpg", "a_large.jpg"), ["a.jpg", "a_large.jpg"]),
        (("a.txt",), ["."]),
        (("a.jfif", "b.JPE", "c.jif", "d.hif", "e.avifs"),) * 2,
        (("p10.jpg", "p2.jpg", "P1.jpg", "p2b.jpg"), ["P1.jpg", "p2.jpg", "p2b.jpg", "p10.jpg"]),
        (("2.jpg", "10.jpg", "a.jpg", "01.jpg"), ["01.jpg", "2.jpg", "10.jpg", "a.jpg"]),
        (("٣.jpg", "1.jpg", "²2.jpg"), ["1.jpg", "²2.jpg", "٣.jpg"]),
        ((f"{'9' * 200}.jpg", f"1{'0' * 200}.jpg"), [f"{'9' * 200}.jpg", f"1{'0' * 200}.jpg"]),
    ],
)
def test_a_folder_stands_for_its_photos_in_natural_order(
    tmp_path: Path, names: tuple[str, ...], expected: list[str]
) -> None:
    touch(tmp_path, *names)
    assert gather([tmp_path], print) == [tmp_path / name for name in expected]


def test_each_file_is_taken_once(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "b.jpg")
    twice = [tmp_path / "b.jpg", tmp_path, tmp_path / ".." / tmp_path.name / "a.jpg"]
    assert [path.name for path in gather(twice, print)] == ["b.jpg", "a.jpg"]


def test_what_a_folder_holds_beside_photos_is_told_with_the_reason(tmp_path: Path) -> None:
    touch(tmp_path, "a.jpg", "notes.txt", "clip.mp4", "a_cutout.png", "more/b.jpg", ".hidden")
    touch(tmp_path, "a.NEF")
    told: list[str] = []
    assert gather([tmp_path], told.append) == [tmp_path / "a.jpg"]
    assert sorted(told) == [
        f"“{tmp_path}”: 1 skipped: a.NEF – cameras' raw files: export them as JPEG or TIFF.",
        f"“{tmp_path}”: 1 skipped: a_cutout.png – results of an earlier run.",
        f"“{tmp_path}”: 1 skipped: more – only what lies directly in a folder is taken.",
        f"“{tmp_path}”: 2 skipped: clip.mp4, notes.txt – not photos.",
    ]


def test_nothing_is_told_of_files_that_are_named(tmp_path: Path) -> None:
    touch(tmp_path, "notes.txt", "a_cutout.png", "a.jpg")
    told: list[str] = []
    paths = [tmp_path / name for name in ("notes.txt", "a_cutout.png", "a.jpg")]
    assert gather(paths, told.append) == paths
    assert told == []


def test_a_link_to_nothing_is_taken_so_that_reading_it_complains(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").symlink_to(tmp_path / "gone.jpg")
    assert gather([tmp_path], print) == [tmp_path / "a.jpg"]


def test_many_names_are_counted() -> None:
    assert named(["a", "b", "c"]) == "a, b, c"
    assert named(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
