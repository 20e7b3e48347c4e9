"""Photos and their truths are found in the folders of the known test sets, as empty shells here."""

from pathlib import Path

import pytest

from evaluation.sets.layouts import Case, NoTruths, find_cases, match, tagged

SETS: dict[str, list[tuple[str, str, str | None]]] = {
    "P3M-10k": [
        ("train/blurred_image/a.jpg", "train/mask/a.png", None),
        *(
            (f"validation/{part}/{photos}/b.jpg", f"validation/{part}/mask/b.png",
             f"validation/{part}/trimap/b.png")
            for part, photos in (("P3M-500-P", "blurred_image"), ("P3M-500-NP", "original_image"))
        ),
    ],
    "AIM-500": [("original/a.jpg", "mask/a.png", "trimap/a.png")],
    "AM-2k": [
        ("train/original/a.jpg", "train/mask/a.png", None),
        ("validation/original/b.jpg", "validation/mask/b.png", "validation/trimap/b.png"),
    ],
    "DIS5K": [(f"DIS-{part}/im/a.jpg", f"DIS-{part}/gt/a.png", None) for part in ("TR", "TE4")],
    "PPM-100": [("image/a.jpg", "matte/a.jpg", None)],
    "PPM-100 of PaddleSeg": [("val/fg/a.jpg", "val/alpha/a.jpg", None)],
    "HRSOD": [("HRSOD_test/a.jpg", "HRSOD_test_mask/a.png", None)],
    "UHRSD": [("UHRSD_TE_2K/image/a.jpg", "UHRSD_TE_2K/mask/a.png", None)],
    "UHRSD, folders beside": [("UHRSD_TE_2K/a.jpg", "UHRSD_TE_2K_mask/a.png", None)],
    "Distinctions-646, composed": [("Test/Image/a.png", "Test/GT/a.png", None)],
    "one's own": [("a.jpg", "a_mask.png", None), ("more/B.JPG", "more/b_ALPHA.PNG", None)],
}  # fmt: skip


def shell(root: Path, *names: str | None) -> None:
    for name in filter(None, names):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


@pytest.mark.parametrize("layout", SETS)
def test_the_layouts_of_known_sets(layout: str, tmp_path: Path) -> None:
    for files in SETS[layout]:
        shell(tmp_path, *files)
    told: list[str] = []
    found = {(case.photo, case.truth, case.trimap) for case in find_cases(tmp_path, told.append)}
    assert found == {
        tuple(tmp_path / name if name else None for name in files) for files in SETS[layout]
    }
    assert told == []


def test_names_are_unique_across_parts(tmp_path: Path) -> None:
    for part in ("one", "two"):
        shell(tmp_path, f"{part}/im/a.jpg", f"{part}/gt/a.png")
    assert [case.name for case in find_cases(tmp_path, print)] == ["one/a", "two/a"]


def test_foregrounds_without_backgrounds_are_refused(tmp_path: Path) -> None:
    shell(tmp_path, "Test/FG/a.png", "Test/GT/a.png")
    told: list[str] = []
    with pytest.raises(NoTruths, match="holds no photos with truths"):
        find_cases(tmp_path, told.append)
    assert "foregrounds without backgrounds" in told[0]


def test_a_photo_without_a_truth_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    shell(tmp_path, "im/a.jpg", "im/b.jpg", "gt/a.png", "gt/notes.txt")
    told: list[str] = []
    assert [case.name for case in find_cases(tmp_path, told.append)] == ["a"]
    assert told == [f"“{tmp_path / 'im'}”: b.jpg without a truth in “{tmp_path / 'gt'}”, left out."]


def test_a_truth_without_a_photo_is_named_too(tmp_path: Path) -> None:
    shell(tmp_path, "im/a.jpg", "gt/a_mask.png", "gt/b.png", "gt/c.png")
    told: list[str] = []
    assert [case.name for case in find_cases(tmp_path, told.append)] == ["a"]
    gt, im = tmp_path / "gt", tmp_path / "im"
    assert told == [f"“{gt}”: b.png, c.png without a photo in “{im}”, left out."]


@pytest.mark.parametrize(
    "names", [("im/a.jpg", "im/a.png", "gt/a.png"), ("a.jpg", "a.png", "a_mask.png")]
)
def test_a_photo_that_another_one_s_name_hides_is_told_of(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    shell(tmp_path, *names)
    told: list[str] = []
    (case,) = find_cases(tmp_path, told.append)
    assert case.photo.name == "a.png"
    where = case.photo.parent
    assert told == [
        f"“{where}”: a.jpg left out: another file there has that name, but for case and ending."
    ]


def test_any_two_folders(tmp_path: Path) -> None:
    shell(tmp_path, "mine/a.jpg", "theirs/A.png", "third/a.png")
    cases = match(tmp_path / "mine", tmp_path / "theirs", tmp_path / "third", print)
    assert [(case.name, case.trimap) for case in cases] == [("a", tmp_path / "third" / "a.png")]
    shell(tmp_path, "mine/b.jpg", "theirs/b_mask.png")
    cases = match(tmp_path / "mine", tmp_path / "theirs", None, print)
    assert [each.truth.name for each in cases] == ["A.png", "b_mask.png"]
    shell(tmp_path, "others/c.png")
    with pytest.raises(NoTruths, match="must have one name"):
        match(tmp_path / "mine", tmp_path / "others", None, print)
    with pytest.raises(NoTruths, match="is not a folder"):
        match(tmp_path / "mine", tmp_path / "nowhere", None, print)


def case(name: str) -> Case:
    return Case(name, Path(f"{name}.jpg"), Path(f"{name}.png"))


def test_words_that_some_names_share_are_tags() -> None:
    names = ("set_hair_01", "set_hair_02", "set_glass_01", "set_glass-hair_3")
    assert [each.tags for each in tagged(case(name) for name in names)] == [
        ("hair",), ("hair",), ("glass",), ("glass", "hair"),
    ]  # fmt: skip


def test_a_table_of_tags_counts_alone() -> None:
    cases = tagged([case("Hair_01"), case("hair_02")], {"hair_01": ("curls",)})
    assert [each.tags for each in cases] == [("curls",), ()]
