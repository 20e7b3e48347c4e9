"""A model that sees the same whatever is done to the photo is steady; one that doesn't is found."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from compositing.arrays import Alpha, Photo
from evaluation.steadiness import changes, mirrored, steadiness, steadiness_of
from models.interface import Box, Cancelled, Matte, Point, Prompt
from models.running.pool import Pool
from photos.cutting import cut_out
from photos.reading import open_photo
from tests.families import pretend
from tests.halves import HALVES

PROMPT = Prompt(boxes=(Box(10, 20, 60, 90),), points=(Point(30, 40), Point(5, 6, include=False)))


def scene() -> tuple[Photo, Alpha]:
    """A red ellipse left of the middle, on grey."""
    mask = np.zeros((120, 180), np.uint8)
    cv2.ellipse(mask, (70, 60), (45, 30), 20, 0, 360, 255, -1, cv2.LINE_AA)
    alpha = mask * np.float32(1 / 255)
    red, grey = np.array([200, 30, 20], np.float32), np.array([110, 112, 114], np.float32)
    photo = np.rint(alpha[..., None] * red + (1 - alpha[..., None]) * grey)
    return photo.astype(np.uint8), alpha


def by_colour(photo: Photo, prompt: Prompt) -> Alpha:
    """How red a pixel is, whatever its light and place."""
    values = photo.astype(np.float32) + 1
    alpha: Alpha = np.clip((values[..., 0] / values.sum(2) - 0.34) / 0.44, 0, 1)
    return alpha


def leftmost(photo: Photo, prompt: Prompt) -> Alpha:
    """The left half, whatever is in it."""
    alpha = np.zeros(photo.shape[:2], np.float32)
    alpha[:, : photo.shape[1] // 2] = 1
    return alpha


def brightest(photo: Photo, prompt: Prompt) -> Alpha:
    return (photo.max(2) > 150).astype(np.float32)


def test_a_model_that_goes_by_what_is_there_is_steady() -> None:
    photo, _ = scene()
    told = steadiness(photo, PROMPT, by_colour(photo, PROMPT), by_colour)
    assert list(told.by_change) == ["mirrored", "darker", "turned", "compressed"]
    assert told.by_change["mirrored"] == 0
    # The enlarged edge of a turned picture, JPEG's colours at half size.
    assert told.mean < 0.02


@pytest.mark.parametrize("size", [(1, 900), (2, 2)])
def test_a_change_that_leaves_nothing_to_compare_isnt_counted(size: tuple[int, int]) -> None:
    photo = np.full((*size, 3), 128, np.uint8)
    told = steadiness(photo, Prompt(), leftmost(photo, Prompt()), leftmost)
    assert list(told.by_change) == ["mirrored", "darker", "compressed"]
    assert np.isfinite(told.mean)


@pytest.mark.parametrize(
    ("model", "change", "least"), [(leftmost, "mirrored", 0.99), (brightest, "darker", 0.15)]
)
def test_one_that_goes_by_something_else_is_found(model: object, change: str, least: float) -> None:
    assert callable(model)
    photo, _ = scene()
    told = steadiness(photo, PROMPT, model(photo, PROMPT), model)
    assert told.by_change[change] > least
    assert told.worst.max() > 0.9


def test_prompts_go_with_the_photo() -> None:
    """The box holds the ellipse, and the point lies on it, in each changed photo too."""
    photo, alpha = scene()
    left, top, width, height = cv2.boundingRect((alpha > 0.5).astype(np.uint8))
    box = Box(left, top, left + width, top + height)
    prompt = Prompt(boxes=(box,), points=(Point(70, 60),))
    for change in changes(photo):
        pixels, turned = change.there(photo, prompt)
        mask = by_colour(pixels, turned) > 0.5
        (held,), (point,) = turned.boxes, turned.points
        inside = mask[round(held.y0) : round(held.y1), round(held.x0) : round(held.x1)]
        assert inside.sum() > 0.97 * mask.sum(), change.name
        assert mask[round(point.y), round(point.x)], change.name


def test_mirrored_twice_is_the_same() -> None:
    photo, _ = scene()
    pixels, prompt = mirrored(*mirrored(photo, PROMPT))
    assert (pixels == photo).all()
    assert prompt == PROMPT


def test_corners_that_turning_pushes_out_arent_counted() -> None:
    photo, _ = scene()
    everything = np.ones(photo.shape[:2], np.float32)
    told = steadiness(photo, Prompt(), everything, lambda *_: everything)
    assert told.by_change["turned"] == 0


def test_a_cut_s_own_model_is_run_again_and_what_was_clear_stays_clear(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A photo whose right half is clear: a model that keeps everything is steady all the same."""
    asked = []

    class Everything:
        def segment(self, photo: Photo, prompt: Prompt) -> Matte:
            asked.append(prompt)
            return Matte(np.ones(photo.shape[:2], np.float32), soft=True)

    pretend(monkeypatch, HALVES.family, lambda *_: Everything())
    rgba = np.full((30, 40, 4), 255, np.uint8)
    rgba[:, 20:, 3] = 0
    file = io.BytesIO()
    Image.fromarray(rgba).save(file, "PNG")
    photo, pool, steps = open_photo(file.getvalue(), "sticker.png"), Pool(), list[int]()
    cut = cut_out(photo, HALVES, Prompt(boxes=(Box(0, 0, 10, 30),)), pool=pool)
    told = steadiness_of(cut, pool, step=lambda done, total: steps.append(done))
    assert told.mean == 0
    assert steps == [0, 1, 2, 3]
    assert asked[1].boxes == (Box(30, 0, 40, 30),)

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        steadiness_of(cut, pool, check=stop)
