"""What becomes of a model's matte before it is kept."""

import io
from dataclasses import replace
from typing import Any, get_args

import cv2
import numpy as np
import pytest
from PIL import Image

from benchmarks.synthetic import bundled, mix, star
from compositing.arrays import Alpha, Photo
from models.catalog import GRABCUT, U2NETP
from models.hub import packaged
from models.interface import Matte, RunFailed
from models.running.devices import BYTES_ONLY
from models.running.pool import Pool, Result
from photos import cutting
from photos.cut import Cut, Refiner
from photos.cutting import cut_out, input_cut
from photos.photo import PhotoFile
from photos.previews import shrink
from photos.reading import open_photo
from photos.samples import SAMPLES
from tests.cuts import left_half_cut, red_photo
from tests.tolerances import HALF_A_LEVEL

SIZE = 192, 256


class Told(Pool):
    """Answers with one matte, whatever the model."""

    def __init__(self, matte: Matte) -> None:
        super().__init__()
        self.matte = matte

    def run(self, *_: Any, **__: Any) -> Result[Matte]:
        return Result(self.matte, {"network": 1.0}, BYTES_ONLY, "", 0)


@pytest.fixture(scope="module")
def truth() -> Alpha:
    return star(*SIZE)


@pytest.fixture(scope="module")
def pixels(truth: Alpha) -> Photo:
    return mix(bundled("coffee")(*SIZE), bundled("chelsea")(*SIZE), truth)


@pytest.fixture(scope="module")
def mask(truth: Alpha) -> Alpha:
    """As a network draws it: an eighth of the size, enlarged."""
    small = cv2.GaussianBlur(cv2.resize(truth, (32, 24), interpolation=cv2.INTER_AREA), (0, 0), 0.7)
    return np.asarray(cv2.resize(small, SIZE[::-1]), np.float32)


def cut(matte: Matte, pixels: Photo) -> Cut:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    photo = open_photo(file.getvalue(), "star.png")
    return cut_out(photo, GRABCUT, pool=Told(matte), pixels=pixels)


def test_a_mask_gets_the_edges_of_the_photo(truth: Alpha, pixels: Photo, mask: Alpha) -> None:
    made = cut(Matte(mask, soft=False), pixels)
    band = cv2.dilate(((truth > 0) & (truth < 1)).astype(np.uint8), np.ones((9, 9))) > 0
    before, after = (np.abs(alpha - truth)[band].mean() for alpha in (mask, made.alpha()))
    assert after < before / 2
    assert np.abs(made.alpha(refined=False) - mask).max() <= HALF_A_LEVEL
    assert made.share == pytest.approx(mask.mean())
    assert set(made.seconds) == {"network", "edges"}


def test_only_where_a_mask_ends_matters_not_how_sure_it_is(pixels: Photo, mask: Alpha) -> None:
    hard = (mask > 0.5).astype(np.float32)
    one, other = (cut(Matte(each, soft=False), pixels).alpha() for each in (mask, hard))
    np.testing.assert_array_equal(one, other)


def test_a_matting_network_s_edges_are_its_own(pixels: Photo, mask: Alpha) -> None:
    made = cut(Matte(mask, soft=True), pixels)
    assert np.abs(made.alpha() - mask).max() <= HALF_A_LEVEL
    np.testing.assert_array_equal(made.alpha(), made.alpha(refined=False))
    assert made.seconds == {"network": 1.0}


def test_a_cut_tells_what_else_is_in_the_photo_s_file(pixels: Photo, mask: Alpha) -> None:
    photo = replace(red_photo(), notes=("A later page is larger.",))
    matte = Matte(mask, soft=True, notes=("Its own note.",))
    made = cut_out(photo, GRABCUT, pool=Told(matte), pixels=pixels)
    assert made.notes == ("A later page is larger.", "Its own note.")


def clear_right_half(pixels: Photo, *, clear: bool = True) -> PhotoFile:
    rgba = np.dstack([pixels, np.full(SIZE, 255, np.uint8)])
    if clear:
        rgba[:, SIZE[1] // 2 :, 3] = 51
    file = io.BytesIO()
    Image.fromarray(rgba).save(file, "PNG")
    return open_photo(file.getvalue(), "sticker.png")


@pytest.mark.parametrize("soft", [True, False])
@pytest.mark.parametrize("refiner", get_args(Refiner.__value__))
def test_what_is_transparent_in_the_file_stays_so(
    pixels: Photo, soft: bool, refiner: Refiner
) -> None:
    photo = clear_right_half(pixels)
    matte = Matte(np.ones(SIZE, np.float32), soft=soft)
    made = cut_out(photo, GRABCUT, pool=Told(matte), refiner=refiner)
    for alpha in (made.alpha(), made.alpha(refined=False)):
        np.testing.assert_allclose(alpha[:, : SIZE[1] // 2], 1)
        np.testing.assert_allclose(alpha[:, SIZE[1] // 2 :], 0.2)
    assert made.share == pytest.approx(0.6)
    nothing = cut_out(photo, GRABCUT, pool=Told(Matte(np.zeros(SIZE, np.float32), soft=soft)))
    assert nothing.empty


def test_a_file_s_own_transparency_is_a_cut_to_compare_with(pixels: Photo) -> None:
    made = input_cut(clear_right_half(pixels))
    assert made is not None
    np.testing.assert_allclose(made.alpha()[0], np.repeat([1, 0.2], SIZE[1] // 2))
    assert made.share == pytest.approx(0.6)
    assert made.inference == 0
    assert input_cut(clear_right_half(pixels, clear=False)) is None


def test_a_network_s_colours_are_kept_small(pixels: Photo, mask: Alpha) -> None:
    colours = cv2.GaussianBlur(pixels, (0, 0), 2)[::3, ::5]
    made = cut(Matte(mask, soft=True, foreground=np.ascontiguousarray(colours)), pixels)
    kept = made.foreground()
    assert kept is not None
    assert kept.shape == colours.shape
    assert np.abs(kept.astype(int) - colours).mean() < 1.5  # and red is still red
    assert made.packed_foreground is not None
    assert len(made.packed_foreground) < colours.nbytes / 2
    assert cut(Matte(mask, soft=True), pixels).foreground() is None


def test_nothing_stays_nothing(pixels: Photo) -> None:
    made = cut(Matte(np.zeros(SIZE, np.float32), soft=False), pixels)
    assert made.empty
    assert made.alpha().max() == 0
    assert replace(made, rough=None).alpha(refined=False).max() == 0


def test_a_cut_keeps_its_alpha_and_counts_only_its_own_time() -> None:
    cut = left_half_cut(red_photo())
    alpha = cut.alpha()
    assert alpha.dtype == np.float32
    assert alpha.shape == (30, 40)
    assert (alpha[:, :20] == 1).all()
    assert (alpha[:, 20:] == 0).all()
    assert cut.inference == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((3000, 4000, 3), (1200, 1600, 3)), ((10, 20, 3), (10, 20, 3)), ((2, 5000), (1, 1600))],
)
def test_shrinking_for_the_screen(shape: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert shrink(np.zeros(shape, np.uint8)).shape == expected


def test_a_refiner_that_fails_is_a_run_that_failed(
    pixels: Photo, mask: Alpha, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> Alpha:
        raise ValueError("did not converge")

    monkeypatch.setattr(cutting, "refine", fails)
    with pytest.raises(RunFailed, match="GrabCut did not run: ValueError: did not converge"):
        cut(Matte(mask, soft=False), pixels)


def test_without_a_model_the_default_runs_and_a_note_tells_of_its_stand_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photo = SAMPLES[2].open()
    usual = cut_out(photo)
    assert (usual.spec, usual.notes) == (U2NETP, ())
    monkeypatch.setattr(packaged, "find", lambda spec: None)
    other = cut_out(photo, pool=Pool())  # a GrabCut without the network doesn't stay loaded
    assert other.spec == GRABCUT
    note = other.notes[0]
    assert note.endswith("Until then GrabCut takes its place.")
