"""Sets made of finished cutouts and other photos."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from evaluation.sets.composed import compose_set
from evaluation.sets.layouts import Case, find_cases
from evaluation.sets.reading import read_truth
from photos.reading import read_photo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two cutouts of a red disc with a soft edge, whose hidden colours are green, a file that is no
    cutout, and a blue and a grey background."""
    y, x = np.mgrid[:120, :160]
    alpha = np.clip((50 - np.hypot(y - 60, x - 80)) / 8, 0, 1)
    rgba = np.zeros((120, 160, 4), np.uint8)
    rgba[..., 0], rgba[..., 3] = np.where(alpha > 0, 200, 0), np.rint(alpha * 255)
    rgba[alpha == 0, 1] = 255
    for name in ("one.png", "two.png"):
        Image.fromarray(rgba).save(tmp_path / name)
    Image.new("RGB", (80, 60), "white").save(tmp_path / "photo.png")
    Image.new("RGB", (300, 300), (20, 30, 160)).save(tmp_path / "blue.jpg")
    Image.new("RGB", (300, 100), (120, 120, 120)).save(tmp_path / "grey.jpg")
    return tmp_path


def made(folder: Path, out: str, seed: int = 0) -> list[Case | str]:
    cutouts = [folder / name for name in ("one.png", "photo.png", "two.png")]
    backgrounds = [folder / name for name in ("blue.jpg", "grey.jpg")]
    return list(compose_set(cutouts, backgrounds, folder / out, seed))


def test_a_cutouts_opacity_is_the_truth(folder: Path) -> None:
    one, refused, two = made(folder, "set")
    assert isinstance(one, Case)
    assert isinstance(two, Case)
    assert refused == "“photo.png” has no transparency. Name finished cutouts, such as PNG files."
    photo = read_photo(one.photo)
    opacity = np.asarray(Image.open(folder / "one.png"))[..., 3]
    assert (read_truth(one.truth, photo) == opacity).all()
    assert [case.name for case in find_cases(folder / "set", print)] == ["one", "two"]


def test_the_subject_is_in_front_and_nothing_hidden_shows(folder: Path) -> None:
    one = made(folder, "set")[0]
    assert isinstance(one, Case)
    pixels = read_photo(one.photo).pixels().astype(int)
    assert pixels[60, 80, 0] > pixels[60, 80, 1] + 60  # still red
    green = pixels[..., 1] - np.maximum(pixels[..., 0], pixels[..., 2])
    assert cv2.blur(green.astype(np.float32), (5, 5)).max() < 10


def test_it_is_the_same_each_time_and_another_by_another_seed(folder: Path) -> None:
    def pictures(out: str, seed: int) -> list[bytes]:
        return [
            case.photo.read_bytes() for case in made(folder, out, seed) if isinstance(case, Case)
        ]

    assert pictures("a", 0) == pictures("b", 0) != pictures("c", 1)
