"""A matte, a cutout and a composite are the same wherever they are asked for."""

import io
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from benchmarks.synthetic import hair_of, lights, mix, portrait
from compositing.alpha import Edges
from compositing.background import Background, Blur, Colour, Transparent
from compositing.compose import compose
from compositing.shadow import Shadow
from models.running.stages import recording
from photos.cut import Cut
from photos.export import files_of, save_cut
from photos.finishing import picture_file
from photos.look import Look, final_alpha
from photos.packed import packed_colours
from photos.previews import shrink
from photos.rendering import Kind, render
from tests.cuts import cut_of, photo_of

WHITE = Colour(255, 255, 255)
SHADOW = Shadow(0.9)


@pytest.fixture
def cut() -> Cut:
    """A standing block on a wall of noise: room below it for a shadow."""
    wall = np.random.default_rng(3).integers(60, 200, (120, 160, 3), np.uint8)
    levels = np.zeros((120, 160), np.uint8)
    levels[30:90, 60:100] = 255
    return cut_of(photo_of(wall), levels)


def opened(data: bytes) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("kind", "background", "channels"),
    [
        ("matte", WHITE, ()),
        ("cutout", WHITE, (4,)),
        ("composite", WHITE, (3,)),
        ("composite", Blur(9), (3,)),
        ("composite", Transparent(), (4,)),
    ],
)
def test_shapes(cut: Cut, kind: Kind, background: Background, channels: tuple[int, ...]) -> None:
    small = shrink(cut.photo.pixels(), 80)
    assert render(cut, Look(background), kind).shape == (120, 160, *channels)
    if kind != "matte":
        alpha = shrink(np.zeros((120, 160), np.uint8), 80).astype(np.float32)
        picture = render(cut, Look(background), kind, pixels=small, alpha=alpha)
        assert picture.shape == (60, 80, *channels)


def test_a_shadow_on_nothing_is_in_every_file_that_claims_it(cut: Cut) -> None:
    look = Look(Transparent(), shadow=SHADOW)
    asked = picture_file(cut, look, "composite", "PNG")
    files = dict(files_of(cut, cut.photo.pixels(), look))
    assert list(files) == ["matte.png", "cutout.png"]
    np.testing.assert_array_equal(opened(files["cutout.png"]), opened(asked))
    bare = render(cut, replace(look, shadow=None))
    assert (opened(asked)[..., 3] > bare[..., 3]).sum() > 50


@pytest.mark.parametrize("background", [WHITE, Blur(9), Transparent()])
def test_a_cutout_is_the_composite_on_nothing(cut: Cut, background: Background) -> None:
    look = Look(background, shadow=SHADOW, light=0.5)
    on_nothing = render(cut, replace(look, background=Transparent()))
    np.testing.assert_array_equal(render(cut, look, "cutout"), on_nothing)
    files = dict(files_of(cut, cut.photo.pixels(), look))
    np.testing.assert_array_equal(opened(files["cutout.png"]), on_nothing)


def test_a_preview_s_lengths_are_as_much_smaller(cut: Cut) -> None:
    small = shrink(cut.photo.pixels(), 80)
    alpha = shrink(np.rint(cut.alpha() * 255).astype(np.uint8), 80) * np.float32(1 / 255)
    preview = render(cut, Look(Blur(21)), pixels=small, alpha=alpha)
    np.testing.assert_array_equal(preview, compose(small, alpha, Blur(21), scale=0.5))


@pytest.mark.parametrize("background", [WHITE, Transparent()])
def test_a_file_tells_the_seconds_of_its_one_composite(cut: Cut, background: Background) -> None:
    look, written = Look(background), dict[str, bytes]()
    told = save_cut(cut, cut.photo.pixels(), look, "block", written.__setitem__)
    assert list(told["seconds"]) == ["composite"]
    assert told["files"] == list(written)
    assert cut.seconds == {}
    with recording() as record:
        for kind in ("matte", "cutout"):
            render(cut, Look(WHITE), kind)
    assert record.seconds == {}


@pytest.fixture(scope="module")
def told() -> tuple[Cut, NDArray[np.uint8]]:
    """A cut whose network told the scene's colours, and these."""
    size = 384, 576
    alpha, front, behind = (
        portrait(*size),
        hair_of((205, 165, 110), "chelsea")(*size),
        lights(*size),
    )
    colours = cv2.resize(front, (432, 512), interpolation=cv2.INTER_AREA)
    levels = np.rint(alpha * 255).astype(np.uint8)
    photo = photo_of(mix(front, behind, np.divide(levels, 255, dtype=np.float32)))
    return cut_of(photo, levels, packed_foreground=packed_colours(colours)), front


@pytest.mark.parametrize("edges", [Edges(), Edges(grow=1.5), Edges(grow=-1.5), Edges(feather=2)])
@pytest.mark.parametrize("side", [576, 288], ids=["full size", "preview"])
def test_a_network_s_colours_make_the_edge_truer_whatever_becomes_of_it(
    told: tuple[Cut, NDArray[np.uint8]], edges: Edges, side: int
) -> None:
    """Files, previews and changed edges; relit or not, the subject is the same."""
    cut, front = told
    look = Look(WHITE, edges)
    pixels, levels = shrink(cut.photo.pixels(), side), shrink(cut.levels(), side)
    alpha = final_alpha(cut, look, lambda *_, **__: levels * np.float32(1 / 255))
    ideal = mix(shrink(front, side), np.full_like(pixels, 255), alpha)
    without = replace(cut, packed_foreground=None)
    own, better = (
        np.square(render(each, look, pixels=pixels, alpha=alpha) - ideal.astype(np.float32)).mean()
        for each in (without, cut)
    )
    assert better <= own * 1.01
    if edges == Edges():
        assert better < 0.8 * own


@pytest.mark.parametrize(
    ("look", "kind", "counts"),
    [
        (Look(WHITE), "composite", True),
        (Look(WHITE, light=0.7, shadow=SHADOW), "composite", True),
        (Look(Blur(21)), "composite", True),
        (Look(WHITE), "cutout", True),
        (Look(WHITE), "matte", False),
        (Look(WHITE, unmix=False), "composite", False),
        (Look(WHITE, unmix=False), "cutout", False),
    ],
)
def test_they_count_wherever_the_subject_is_put_on_something(
    told: tuple[Cut, NDArray[np.uint8]], look: Look, kind: Kind, counts: bool
) -> None:
    cut, _ = told
    plain = render(replace(cut, packed_foreground=None), look, kind)
    assert bool((render(cut, look, kind) != plain).any()) is counts
