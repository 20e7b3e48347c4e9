"""Mattes as files of 8 and 16 bits, and trimaps, on the command line."""

import shlex
import types
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from compositing.background import Transparent
from models.catalog import U2NETP
from photos.cutting import cut_out
from photos.look import Look
from photos.mattes import read_levels
from photos.reading import read_photo
from photos.recipes.reading import recipe_in
from photos.recipes.writing import told
from photos.rendering import fine_matte
from tests.halves import HALVES
from tests.pictures import deep_png
from tests.shell import run


def test_a_matte_is_a_png_with_eight_bits(cat: Path, halves: types.SimpleNamespace) -> None:
    done = run("matte", cat, "--model", "halves")
    assert done.exit_code == 0, done.output
    assert done.stdout.strip() == str(cat.with_name("cat_matte.png"))
    levels = read_levels(cat.with_name("cat_matte.png").read_bytes(), "m")
    assert levels.dtype == np.uint8
    assert (levels == cut_out(read_photo(cat), HALVES).levels()).all()


def test_sixteen_bits_hold_shades_that_eight_lose(cat: Path) -> None:
    done = run("matte", cat, "--bits", "16", "--model", "u2netp")
    assert done.exit_code == 0, done.output
    file = cat.with_name("cat_matte.png")
    deep = read_levels(file.read_bytes(), "m")
    shallow = cut_out(read_photo(cat), U2NETP).levels()
    assert deep.dtype == np.uint16
    assert len(np.unique(deep)) > 2000
    assert np.abs(deep / 257 - shallow).max() <= 0.5 + 1 / 257  # rounded twice
    with Image.open(file) as image:  # the photo's EXIF and the recipe are there as well
        assert "Recipe" in image.info
    again = run("again", file, "-o", cat.with_name("again.png"))
    assert "the same to the bit" in again.stdout, again.output
    assert (read_levels(cat.with_name("again.png").read_bytes(), "m") == deep).all()
    command = shlex.split(str(told(recipe_in(read_photo(file)), "PNG")["command"]))
    once_more = run(command[3], cat, *command[5:], "-o", cat.with_name("more.png"))
    assert once_more.exit_code == 0, once_more.output
    assert (read_levels(cat.with_name("more.png").read_bytes(), "m") == deep).all()


def test_a_tool_s_sixteen_bits_come_through(cat: Path, halves: types.SimpleNamespace) -> None:
    values = np.linspace(0, 65535, 300 * 451).astype(np.uint16).reshape(300, 451)
    cat.with_name("cut.png").write_bytes(deep_png(values))
    done = run("matte", cat, "--bits", "16", "--matte", cat.with_name("cut.png"))
    assert done.exit_code == 0, done.output
    assert (read_levels(cat.with_name("cat_matte.png").read_bytes(), "m") == values).all()


def test_a_trimap_is_sure_where_the_matte_is(cat: Path, halves: types.SimpleNamespace) -> None:
    levels = np.zeros((300, 451), np.uint8)
    cv2.circle(levels, (200, 150), 80, 255, -1)
    levels = cv2.GaussianBlur(levels, (0, 0), 3)
    levels[5:8, 5:8] = 10  # noise that nobody takes for a subject
    Image.fromarray(levels).save(cat.with_name("cut.png"))
    done = run("matte", cat, "--trimap", "--matte", cat.with_name("cut.png"))
    assert done.exit_code == 0, done.output
    trimap = read_levels(cat.with_name("cat_trimap.png").read_bytes(), "t")
    assert set(np.unique(trimap)) == {0, 128, 255}
    assert (trimap[levels < 10].max(), trimap[levels > 245].min()) == (128, 128)
    assert not trimap[:20, :20].any()
    soft = (levels > 13) & (levels < 242)
    assert (trimap[soft] == 128).all()
    assert trimap[150, 200] == 255
    unknown = np.flatnonzero(trimap[150] == 128)
    assert 20 <= len(unknown) <= 60
    assert "the same to the bit" in run("again", cat.with_name("cat_trimap.png")).stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--bits", "16", "--format", "jpeg"), "16 bits a pixel need a PNG or TIFF: JPEG holds 8."),
        (("--trimap", "--format", "webp"), "A trimap has three levels, which WebP would blur"),
        (("--trimap", "--bits", "16"), "A trimap has three levels: it needs no 16 bits."),
        (("--bits", "12"), "'12' is not one of '8', '16'"),
    ],
)
def test_what_no_file_can_hold_is_refused(
    cat: Path, halves: types.SimpleNamespace, words: tuple[str, ...], sentence: str
) -> None:
    done = run("matte", cat, "--model", "halves", *words)
    assert done.exit_code == 2
    assert sentence in " ".join(done.output.replace("│", " ").split())
    assert not list(cat.parent.glob("cat_*"))


def test_a_cut_that_was_kept_with_eight_bits_says_so(cat: Path) -> None:

    with pytest.raises(ValueError, match="kept with 8 bits"):
        fine_matte(cut_out(read_photo(cat), U2NETP), Look(Transparent()))
