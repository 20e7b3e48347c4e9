"""The benchmark's reading of photos with masks, and its scores."""

from pathlib import Path

import numpy as np
import pytest
import typer
from PIL import Image

from benchmarks.built_in import Scores, box_of, cases, clicked, iou, next_click, pairs
from compositing.arrays import Alpha, Photo
from models.interface import Box, Matte, Point, Prompt


def save(path: Path, level: int = 0, size: tuple[int, int] = (6, 4), mode: str = "RGB") -> None:
    path.parent.mkdir(exist_ok=True)
    Image.new(mode, size, (level,) * 3 if mode == "RGB" else level).save(path)


def test_photos_and_masks_in_folders_of_their_own(tmp_path: Path) -> None:
    for photo in ("b.jpg", "a.webp", "without.jpg"):
        save(tmp_path / "photos" / photo)
    for mask in ("a.png", "b.png", "other.png"):
        save(tmp_path / "masks" / mask, 255, mode="L")
    assert [(one.name, two.name) for one, two in pairs(tmp_path)] == [
        ("a.webp", "a.png"),
        ("b.jpg", "b.png"),
    ]
    assert [(case.name, case.photo.shape, float(case.truth.min())) for case in cases(tmp_path)] == [
        ("a", (4, 6, 3), 1),
        ("b", (4, 6, 3), 1),
    ]


def test_a_mask_beside_its_photo(tmp_path: Path) -> None:
    save(tmp_path / "cat.png")
    save(tmp_path / "cat_mask.png", 51, mode="L")
    save(tmp_path / "notes.png")
    (case,) = cases(tmp_path)
    assert case.name == "cat"
    np.testing.assert_allclose(case.truth, 0.2, atol=1e-6)


def test_what_can_t_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match="has no photos with masks"):
        list(pairs(tmp_path))
    save(tmp_path / "cat.png")
    save(tmp_path / "cat_mask.png", size=(5, 4), mode="L")
    with pytest.raises(ValueError, match="is 5 × 4, its photo is not"):
        list(cases(tmp_path))


def test_the_bundled_truths_fit_their_photos() -> None:
    found = {case.name: float(case.truth.mean()) for case in cases(None)}
    assert {"astronaut", "chelsea", "coffee"} < set(found)
    assert all(0.01 < share < 0.8 for share in found.values())


def alpha(*values: float) -> Alpha:
    return np.array([values], np.float32)


@pytest.mark.parametrize(
    ("found", "truth", "expected"),
    [
        (alpha(0.6, 0.5, 0), alpha(1, 1, 0), 0.5),
        (alpha(0, 0, 0), alpha(0, 0, 0), 1),
        (alpha(0.9, 0, 0), alpha(0, 0, 0), 0),
        (alpha(1, 1, 0), alpha(0, 1, 1), 1 / 3),
    ],
)
def test_iou(found: Alpha, truth: Alpha, expected: float) -> None:
    assert iou(found, truth) == pytest.approx(expected)


def test_scores_are_put_together() -> None:
    scores = Scores()
    scores.add(alpha(1, 1, 1, 1), alpha(1, 1, 1, 1), 0.1)
    scores.add(alpha(1, 1, 0, 0), alpha(1, 0, 0, 0), 0.3)
    scores.add(alpha(1, 1, 1, 1), alpha(1, 1, 1, 1), 0.2)
    assert scores.row() == ("0.833", "1.000", "67 %", "8.33", "0.20")


def square(rows: slice, columns: slice) -> Alpha:
    truth = np.zeros((40, 60), np.float32)
    truth[rows, columns] = 1
    return truth


def test_boxes_are_a_little_loose_and_end_with_the_photo() -> None:
    assert box_of(square(slice(10, 20), slice(0, 58))) == Box(0, 6, 60, 24)
    assert box_of(np.zeros((4, 4), np.float32)) is None


def test_a_click_goes_to_the_middle_of_the_largest_fault() -> None:
    truth = square(slice(10, 21), slice(10, 21))
    assert next_click(np.zeros_like(truth), truth) == Point(15.5, 15.5)
    more = np.maximum(truth, square(slice(5, 36), slice(25, 56)))
    assert next_click(more, truth) == Point(40.5, 20.5, include=False)
    assert next_click(truth, truth) is None


class Learner:
    """Finds nothing by itself, and all of the truth after two clicks."""

    def __init__(self, truth: Alpha) -> None:
        self.truth = truth

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:
        known = len(prompt.points) >= 2
        return Matte(self.truth if known else np.zeros_like(self.truth), soft=False)


def test_clicks_are_counted(tmp_path: Path) -> None:
    save(tmp_path / "cat.png")
    save(tmp_path / "cat_mask.png", 255, mode="L")
    (case,) = cases(tmp_path)
    assert clicked(Learner(case.truth), case, 3) == [0, 0, 1, 1]
