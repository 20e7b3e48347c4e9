"""The network that comes with the program, on real photos."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from benchmarks.built_in import box_of, cases, iou
from models.catalog import U2NETP
from models.families import onnx
from models.hub import packaged
from models.interface import NOTHING_SAID, Box, LoadFailed, Point, Prompt
from models.running.devices import Device
from photos.cutting import cut_out
from photos.samples import SAMPLES, Sample
from tests.mattes import MATTES, reference


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)
def test_it_finds_what_onnx_runtime_alone_finds(sample: Sample) -> None:
    """Half a level is lost in each of two files of 8 bits; the rest is other machines' kernels, and
    other versions' resizing, where an edge is steep."""
    alpha, expected = cut_out(sample.open(), U2NETP).alpha(), reference(sample)
    off = np.abs(alpha - expected)
    assert off.mean() < 1 / 255
    assert (off > 0.05).mean() < 0.001
    inside, outside = expected > 0.9, expected < 0.1
    assert inside.mean() > 0.2
    assert outside.mean() > 0.2


def test_it_comes_without_torch_and_tells_its_device() -> None:
    cut = cut_out(SAMPLES[1].open(), U2NETP)
    assert (cut.device, cut.dtype, cut.revision) == ("cpu", "float32", "")
    assert {"preprocess", "network", "postprocess"} <= set(cut.seconds)
    assert "edges" not in cut.seconds  # they are its own


def test_a_box_makes_it_the_cup_alone() -> None:
    photo, box = SAMPLES[2].open(), Box(170, 10, 410, 230)
    alpha = cut_out(photo, U2NETP, Prompt(boxes=(box,))).alpha()
    assert alpha[60:100, 250:330].min() > 0.9  # in the cup
    outside = np.ones(alpha.shape, bool)
    outside[10:230, 170:410] = False
    assert alpha[outside].max() == 0


def test_a_box_makes_no_subject_worse() -> None:
    """Seen closely, the tower beside the rocket is taken for a part of it."""
    network = onnx.load(U2NETP, None, Device("cpu"))
    named = {case.name: case for case in cases(None)}
    for case in (named["coffee"], named["rocket"]):
        box = box_of(case.truth)
        assert box
        told, untold = (
            iou(network.segment(case.photo, prompt).alpha, case.truth)
            for prompt in (Prompt(boxes=(box,)), NOTHING_SAID)
        )
        assert told > untold - 0.01  # other machines' kernels move an edge by less


def test_clicks_take_the_helmet_away_and_bring_the_rocket() -> None:
    photo = SAMPLES[0].open()
    before = cut_out(photo, U2NETP).alpha()
    points = (Point(400, 440, include=False), Point(410, 130))
    after = cut_out(photo, U2NETP, Prompt(points=points)).alpha()
    assert before[430:450, 390:410].min() > 0.9 > 0.1 > after[430:450, 390:410].max()
    assert before[125:135, 405:415].max() < 0.1 < 0.9 < after[125:135, 405:415].min()
    face = np.s_[60:160, 190:260]
    np.testing.assert_array_equal(before[face], after[face])


def test_a_blank_photo_has_no_subject() -> None:
    photo = SAMPLES[1].open()
    white = np.full((photo.height, photo.width, 3), 255, np.uint8)
    assert cut_out(photo, U2NETP, pixels=white).share < 0.02


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"distribution": "not-installed-anywhere"}, "isn't installed as it should be"),
        ({"file": "rembg/not-there.onnx"}, "isn't installed as it should be"),
        ({"sha256": "0" * 64}, "its SHA-256 differs"),
    ],
)
def test_another_file_in_its_place_is_never_run(change: dict[str, str], told: str) -> None:
    assert U2NETP.packaged is not None
    known = replace(U2NETP, packaged=replace(U2NETP.packaged, **change))
    assert (packaged.find(known) is None) == ("sha256" not in change)
    with pytest.raises(LoadFailed, match=told):
        packaged.file_of(known)


def test_hair_keeps_what_the_photo_shows_of_it() -> None:
    """The matte is of 320 pixels; at the photo's size its edge follows the photo's own detail."""
    photo = SAMPLES[0].open()
    alpha = cut_out(photo, U2NETP).alpha()
    small = np.asarray(Image.open(MATTES / "astronaut.png"), np.float32) / 255
    plain = cv2.resize(small, (photo.width, photo.height), interpolation=cv2.INTER_CUBIC)
    hair = np.s_[10:120, 140:310]
    assert np.abs(alpha - np.clip(plain, 0, 1))[hair].max() > 0.05
