"""Strokes, 16 bits, a subject that is moved, a blur by depth and a frame: all of them at once."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from compositing.background import Colour, Portrait, Transparent
from compositing.floor import Floor
from compositing.frame import Frame, Length
from compositing.shadow import Shadow
from compositing.stand import Stand
from compositing.strokes import Stroke
from models.catalog import GRABCUT
from models.running.pool import Pool
from photos.cut import Cut
from photos.cutting import cut_out
from photos.encoding import Format
from photos.finishing import finished
from photos.framing import Kind
from photos.look import Look
from photos.reading import open_photo
from photos.recipes.following import Kitchen
from photos.recipes.reading import recipe_in
from photos.rendering import render
from photos.retouching import retouched
from photos.samples import SAMPLES
from tests.pictures import deep_png

STROKES = (
    Stroke(((150, 150, 1), (300, 180, 0.5)), "erase", 50, aware=False),
    Stroke(((520, 60, 1), (560, 200, 1)), "restore", 30, aware=False, opacity=0.6),
)
FRAMES = (
    None,
    Frame("photo", canvas=(400, 500)),
    Frame("subject", Length(10, True), (300, 300)),
    Frame("photo", canvas=(350, 450), head=60, above=10, lines=(60, 300)),
)
LOOKS = {
    "blur by depth": Look(Portrait(31, Floor(0.2, 0.9), (0.1, 0.95))),
    "moved": Look(Colour(40, 160, 60), light=0.7, shadow=Shadow(0.6), stand=Stand(0.1, -0.05, 0.7)),
    "nothing": Look(Transparent(), shadow=Shadow(0.6), stand=Stand(-0.2)),
}


@pytest.fixture(scope="module")
def pool() -> Pool:
    return Pool()


@pytest.fixture(scope="module")
def cut(pool: Pool) -> Cut:
    photo = open_photo(deep_png(SAMPLES[2].open().pixels() * np.uint16(257)), "cup.png")
    return retouched(cut_out(photo, GRABCUT, pool=pool), STROKES)


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_16_bits_show_what_8_show(cut: Cut, look: Look, frame: Frame | None) -> None:
    look = replace(look, frame=frame)
    kinds: tuple[Kind, ...] = ("composite", "cutout")
    for kind in kinds:
        coarse, fine = (render(cut, look, kind, pixels=each) for each in
                        (cut.photo.pixels(), cut.photo.deep()))  # fmt: skip
        assert fine.dtype == np.uint16
        apart = np.abs(fine / 257 - coarse)
        if coarse.shape[2] == 4:  # thin colours are rounded more
            apart[..., :3] *= coarse[..., 3:] > 60
        assert apart.max() <= 4
        assert apart.mean() < 0.4


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_strokes_are_seen_wherever_the_subject_is_put(cut: Cut, look: Look) -> None:
    erased = cut.levels().astype(int) - cut.own.levels() < -40
    expected = erased.mean() * (look.stand or Stand()).scale ** 2
    kinds: tuple[Kind, ...] = ("composite", "cutout", "matte")
    for kind in kinds:
        apart = cv2.absdiff(render(cut, look, kind), render(cut.own, look, kind))
        seen = apart.reshape(*apart.shape[:2], -1).max(axis=2) > 6
        assert seen.mean() > 0.5 * expected


@pytest.mark.parametrize("frame", FRAMES[:3])
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_all_of_it_is_made_again_to_the_byte(
    cut: Cut, pool: Pool, look: Look, frame: Frame | None
) -> None:
    look = replace(look, frame=frame)
    formats: tuple[Format, ...] = ("TIFF", "JPEG")
    for format_ in formats:
        data = finished(cut, look, "composite", format_).data
        recipe = recipe_in(open_photo(data, "result"))
        assert recipe is not None
        assert recipe.strokes == STROKES
        made, its = Kitchen(pool, step=print).follow(recipe, cut.photo, print, print, print)  # type: ignore[arg-type]
        assert finished(made, its, "composite", format_).data == data
