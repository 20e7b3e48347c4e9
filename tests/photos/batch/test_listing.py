import os
from pathlib import Path

import pytest

from photos.batch.found import Found
from photos.batch.listing import Listing
from photos.batch.lists import BadList, paths_in


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def names(*sources: Path, **words: object) -> list[str]:
    out = sources[0].parent / "out"
    return [found.name for found in Listing(sources, **({"out": out} | words))]  # type: ignore[arg-type]


def test_natural_order_hidden_files_and_earlier_results(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    touch(folder, "p10.jpg", "p2.JPG", ".p1.jpg", ".hidden/p.jpg", "p2_cutout.png", "c_cutout.png")
    assert names(folder) == ["c_cutout.png", "p2.JPG", "p10.jpg"]


def test_links_that_lead_back_are_followed_once(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    touch(folder, "a/p.jpg", "a/b/q.jpg")
    touch(tmp_path, "elsewhere/r.jpg")
    (folder / "a" / "b" / "up").symlink_to(folder)
    (folder / "more").symlink_to(tmp_path / "elsewhere")
    (folder / "broken.jpg").symlink_to(tmp_path / "absent")
    assert names(folder) == ["a/b/q.jpg", "a/p.jpg", "broken.jpg", "more/r.jpg"]


def test_a_photo_that_is_named_twice_is_taken_once(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    touch(folder, "p.jpg", "q.jpg")
    listing = Listing((folder / "p.jpg", folder, folder / "q.jpg"), out=tmp_path / "out")
    assert [found.name for found in listing] == ["p.jpg", "q.jpg"]
    assert listing.skipped == {"named twice": 2}
    entries = (Path("in/p.jpg"), Path("in/./p.jpg"))
    assert len(list(Listing(entries=entries, root=tmp_path, out=tmp_path / "out"))) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_names_that_are_no_unicode(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    try:
        Path(os.fsdecode(bytes(folder) + b"/caf\xe9.jpg")).touch()
    except OSError:
        pytest.skip("This disk has no such names")
    assert names(folder) == [os.fsdecode(b"caf\xe9.jpg")]


@pytest.mark.parametrize("name", ["a/x.jpg", "a/X.PNG", "a/x.png.jpg", "a/x.JPEG"])
def test_photos_whose_results_might_meet_are_in_one_shard(name: str) -> None:
    shards = [Found("/elsewhere", each).within((3, 7)) for each in (name, "a/x.jpg")]
    assert shards[0] == shards[1]


def test_each_photo_is_in_one_shard() -> None:
    photos = [Found("", f"p{number}.jpg") for number in range(200)]
    counts = [sum(photo.within((part, 4)) for photo in photos) for part in (1, 2, 3, 4)]
    assert sum(counts) == 200
    assert min(counts) > 25


def test_a_list_may_name_photos_anywhere(tmp_path: Path) -> None:
    root = tmp_path / "list"
    entries = (Path("a/p.jpg"), Path("../q.jpg"), root / "b" / "r.jpg")
    found = list(Listing(entries=entries, root=root, out=tmp_path / "out"))
    outside = (tmp_path / "q.jpg").as_posix()
    assert [each.path for each in found][1] == outside
    assert [each.name for each in found] == ["a/p.jpg", outside.lstrip("/"), "b/r.jpg"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.txt", "\ufeffp 1.jpg\n\n# no photo\n  q.jpg  \n", ["p 1.jpg", "q.jpg"]),
        ("a.csv", "p.jpg,1\nq.jpg,2\n", ["p.jpg", "q.jpg"]),
        ("a.csv", 'id,Photo\n1,"p,1.jpg"\n2,\n3,q.jpg\n', ["p,1.jpg", "q.jpg"]),
        ("a.tsv", "file\tid\np.jpg\t1\n", ["p.jpg"]),
        ("a.csv", 'photo,error\n"p\n1.jpg",it\'s empty\n', ["p\n1.jpg"]),
        ("a.txt", "p\u20281.jpg\r\nq\x851.jpg\r\n", ["p\u20281.jpg", "q\x851.jpg"]),
    ],
)
def test_lists(tmp_path: Path, name: str, text: str, expected: list[str]) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert [str(path) for path in paths_in(tmp_path / name)] == expected


@pytest.mark.parametrize("text", ["", "# only words\n", "\0\n"])
def test_a_list_of_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(BadList, match="names no photos"):
        paths_in(tmp_path / "a.txt")


def test_a_photo_is_the_same_from_wherever_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "in/june/a.jpg", "elsewhere/work/list.txt")
    (tmp_path / "work").symlink_to(tmp_path / "elsewhere" / "work")
    monkeypatch.chdir(tmp_path / "in" / "june")
    asked = [
        Listing((Path("../../in"),)),
        Listing((Path("../june/a.jpg"),)),
        Listing(patterns=("../**/*.jpg",)),
        Listing((tmp_path / "work" / ".." / ".." / "in",)),  # the folder above where the link leads
        Listing((tmp_path / "in",)),
    ]
    assert {found.path for listing in asked for found in listing} == {
        str(tmp_path / "in" / "june" / "a.jpg")
    }


def test_the_results_of_another_batch_are_no_photos_unless_they_are_asked_for(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "in"
    touch(folder, "a.jpg", "first/a_cutout.png", "first/batch.sqlite", "b/c.png")
    touch(folder, "part/a_matte.png", "part/batch-1-of-2.sqlite")
    listing = Listing((folder,), out=folder / "second")
    assert [found.name for found in listing] == ["a.jpg", "b/c.png"]
    assert listing.skipped == {"folders with the results of another batch": 2}
    assert names(folder / "first") == ["a_cutout.png"]


def test_results_are_not_read_through_a_link(tmp_path: Path) -> None:
    touch(tmp_path, "real/out/a_cutout.png", "list.txt")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    entries = (Path("link/out/a_cutout.png"),)
    listing = Listing(entries=entries, root=tmp_path, out=tmp_path / "link" / "out")
    assert list(listing) == []


def test_no_name_leads_out_of_the_folder_of_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "in/june/a.jpg", "in/more/b.jpg", "other/c.jpg")
    monkeypatch.chdir(tmp_path / "in")
    inside = Listing(patterns=("j*/../more/*.jpg",), out=tmp_path / "out")
    assert [found.name for found in inside] == ["more/b.jpg"]
    outside = Listing(patterns=("j*/../../other/*.jpg",), out=tmp_path / "out")
    assert [found.name for found in outside] == [
        (tmp_path / "other" / "c.jpg").relative_to(tmp_path.anchor).as_posix()
    ]


def test_a_list_above_keeps_its_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "lists/june/a.jpg", "here/x")
    monkeypatch.chdir(tmp_path / "here")
    listing = Listing(entries=(Path("june/a.jpg"),), root=Path("../lists"))
    assert [found.name for found in listing] == ["june/a.jpg"]
