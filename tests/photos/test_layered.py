"""PSD files: layers that make the picture, opened again by psd-tools and by ImageMagick."""

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from psd_tools import PSDImage
from psd_tools.constants import Resource

from compositing.background import (
    Background,
    Blur,
    Colour,
    Gradient,
    Picture,
    Portrait,
    Transparent,
)
from compositing.floor import Floor
from compositing.frame import Frame
from compositing.shadow import Shadow
from photos.encoding import encode
from photos.finishing import picture_file
from photos.look import Look
from photos.mattes import read_levels
from photos.packed import packed_deep
from photos.photo import PhotoError, PhotoFile
from photos.rendering import Kind, render
from tests.cuts import cut_of, photo_of

NOISE = np.random.default_rng(3).integers(0, 255, (90, 120, 3)).astype(np.uint8)
SCENE = cv2.GaussianBlur(NOISE, (0, 0), 3)
LEVELS = np.zeros((90, 120), np.uint8)
cv2.circle(LEVELS, (60, 50), 30, 255, -1)
LEVELS = cv2.GaussianBlur(LEVELS, (0, 0), 4)
SCENE[LEVELS > 127] = (200, 30, 20)
CUT = cut_of(photo_of(np.ascontiguousarray(SCENE)), LEVELS)

LOOKS: dict[str, Look] = {
    "blur": Look(Blur(21)),
    "inpaint": Look(Blur(21, "inpaint")),
    "lens": Look(Blur(21, "lens")),
    "no blur": Look(Blur(1)),
    "portrait": Look(Portrait(21, Floor(horizon=0.3, feet=0.9))),
    "no portrait": Look(Portrait(1, Floor())),
    "colour": Look(Colour(20, 60, 200), light=0.7),
    "gradient": Look(Gradient(Colour(0, 0, 0), Colour(255, 255, 255)), shadow=Shadow(0.6)),
    "picture": Look(Picture(NOISE, kernel=5), light=0.5, shadow=Shadow(0.8), unmix=False),
    "transparent": Look(Transparent()),
    "shadow on nothing": Look(Transparent(), shadow=Shadow(0.6)),
}


def opened(data: bytes) -> PSDImage:
    return PSDImage.open(io.BytesIO(data))


def pixels(image: Any) -> NDArray[np.float64]:
    return np.asarray(image).astype(np.float64)


def rgb(layer: Any) -> NDArray[np.float64]:
    return pixels(layer.topil().convert("RGB"))


def laid(
    document: PSDImage, shape: tuple[int, int] = (90, 120)
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Colours and opacity, 0 to 255, of the visible layers over each other."""
    colours, opacity = np.zeros((*shape, 3)), np.zeros((*shape, 1))
    for layer in document:
        if not layer.visible:
            continue
        assert layer.size == shape[::-1]
        mask = pixels(layer.mask.topil())[..., None] / 255 if layer.mask else np.ones((*shape, 1))
        own = rgb(layer)
        whole = mask + opacity * (1 - mask)
        mixed = own * mask + colours * opacity * (1 - mask)
        colours, opacity = mixed / np.maximum(whole, 1e-9), whole
    return colours, opacity[..., 0] * 255


@pytest.mark.parametrize("name", LOOKS)
def test_layers_make_the_picture(name: str) -> None:
    look = LOOKS[name]
    picture = render(CUT, look).astype(np.float64)
    document = opened(picture_file(CUT, look, "composite", "PSD"))
    colours, opacity = laid(document)
    if picture.shape[2] == 4:
        assert np.abs(opacity - picture[..., 3]).max() <= 1
        seen = picture[..., 3] > 100
        assert np.abs(colours - picture[..., :3])[seen].max() <= 3
    else:
        assert np.abs(colours - picture).max() <= 2.5
    names = [layer.name for layer in document]
    assert names[0] == "Photo"
    assert not document[0].visible
    assert (rgb(document[0]) == SCENE).all()
    assert names[-1] == "Subject"
    assert ("Background" in names) is (picture.shape[2] == 3)
    assert ("Shadow" in names) is (look.shadow is not None)
    mask = document[-1].mask
    assert mask is not None
    assert (pixels(mask.topil()) == LEVELS).all()


def test_the_subject_has_its_own_colours_where_it_is_soft() -> None:
    document = opened(picture_file(CUT, Look(Colour(0, 0, 0)), "composite", "PSD"))
    own = rgb(document[-1])
    soft = (LEVELS > 80) & (LEVELS < 127)
    assert (
        np.abs(own - (200, 30, 20))[soft].mean()
        < 0.6 * np.abs(SCENE - (200.0, 30, 20))[soft].mean()
    )
    hidden = LEVELS == 0
    assert (own[hidden] == SCENE[hidden]).all()  # to be painted back in


@pytest.mark.parametrize("name", ["colour", "shadow on nothing"])
def test_what_programs_without_layers_show(name: str) -> None:
    look = LOOKS[name]
    picture = render(CUT, look).astype(np.float64)
    flat = pixels(opened(picture_file(CUT, look, "composite", "PSD")).topil())
    assert flat.shape == picture.shape
    if picture.shape[2] == 3:
        assert (flat == picture).all()
    else:
        assert (flat[..., 3] == picture[..., 3]).all()
        assert np.abs(flat - picture)[picture[..., 3] > 100].max() <= 3


@pytest.mark.skipif(not shutil.which("identify"), reason="ImageMagick's identify isn't here")
@pytest.mark.parametrize("kind", ["composite", "cutout"])
def test_imagemagick_opens_it(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "scene.psd"
    path.write_bytes(picture_file(CUT, LOOKS["gradient"], kind, "PSD"))
    done = subprocess.run(["identify", path], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    # The flat picture first, then each layer.
    assert len(lines) == {"composite": 5, "cutout": 4}[kind]
    assert all(" PSD 120x90 " in line for line in lines)
    assert not done.stderr


def test_it_tells_what_the_photo_s_file_tells() -> None:
    photo = replace(CUT.photo, dpi=(300.0, 300.0), profiled=True)
    document = opened(picture_file(replace(CUT, photo=photo), LOOKS["colour"], "composite", "PSD"))
    held = document.image_resources
    assert b"Maker" in held.get_data(Resource.EXIF_DATA_1)
    assert b"acsp" in held.get_data(Resource.ICC_PROFILE)
    resolution = held.get_data(Resource.RESOLUTION_INFO)
    assert (resolution.horizontal >> 16, resolution.horizontal_unit) == (300, 1)


def test_a_picture_alone_is_a_document_without_layers() -> None:
    document = opened(encode(NOISE, "PSD", CUT.photo))
    assert len(document) == 0
    assert (pixels(document.topil()) == NOISE).all()


@pytest.mark.parametrize("kind", ["matte", "trimap"])
def test_a_matte_is_no_document(kind: Kind) -> None:
    with pytest.raises(PhotoError, match="write a cutout"):
        picture_file(CUT, LOOKS["colour"], kind, "PSD")


def test_a_photo_that_is_too_large_for_it_is_refused_before_the_work() -> None:
    wide: PhotoFile = replace(CUT.photo, width=30_001)
    with pytest.raises(PhotoError, match="PSD holds at most 30000"):
        picture_file(replace(CUT, photo=wide), LOOKS["colour"], "composite", "PSD")


@pytest.mark.parametrize(
    "background",
    [Colour(20, 60, 200), Blur(21), Portrait(21, Floor(0.3, 0.9)), Transparent()],
)
def test_layers_are_framed_as_the_picture_is(background: Background) -> None:
    look = Look(background, frame=Frame("subject", canvas=(150, 100)), shadow=Shadow(0.5))
    document = opened(picture_file(CUT, look, "composite", "PSD"))
    flat = render(CUT, look).astype(np.float64)
    assert flat.shape[:2] == (100, 150)
    colours, opacity = laid(document, (100, 150))
    if flat.shape[2] == 4:
        assert np.abs(opacity - flat[..., 3]).max() <= 2
        seen = flat[..., 3] > 100
        assert np.abs(colours - flat[..., :3])[seen].max() <= 4
    else:
        assert np.abs(colours - flat).mean() < 1
    deep = replace(CUT, deep=packed_deep(LEVELS * np.float32(1 / 255)))
    matte = read_levels(picture_file(deep, look, "matte", "PNG", bits=16), "m")
    assert (matte.shape, matte.dtype) == ((100, 150), np.dtype("uint16"))
    assert np.abs(matte / 257 - render(CUT, look, "matte")).max() <= 1
    trimap = render(CUT, look, "trimap")
    assert trimap.shape == (100, 150)
    assert set(np.unique(trimap)) == {0, 128, 255}


def test_backgrounds_are_all_tried() -> None:
    kinds: set[type[Background]] = {type(look.background) for look in LOOKS.values()}
    assert kinds == {*get_args(Background.__value__)}
