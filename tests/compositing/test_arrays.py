"""What is passed in is only read, what is returned is new, unless a docstring says otherwise."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from importlib import import_module
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import compositing
from compositing import (
    aperture,
    blur,
    checks,
    defocus,
    fill,
    fitting,
    foreground,
    frame,
    gaussian,
    light,
    matte,
    outlines,
    overlay,
    plate,
    reach,
    relight,
    scaling,
    shadow,
    strokes,
    told,
    window,
)
from compositing.alpha import adjust, enlarge, feather, refine, trimap_from, trimap_of
from compositing.arrays import as_floats, levels_of
from compositing.background import (
    Background,
    Blur,
    BlurMethod,
    Colour,
    Fit,
    Gradient,
    Picture,
    Portrait,
    Transparent,
)
from compositing.closed_form import redraw
from compositing.compose import compose, cut_out, laid, subject_colours
from compositing.disparity import Disparity
from compositing.edges import Edges, softened
from compositing.floor import Floor
from compositing.masks import mask_to_alpha
from compositing.parts import taken_apart
from compositing.scene import scene_of
from compositing.shadow import Shadow
from compositing.subject import keep_to
from tests.modules import modules_of, public

type Array = NDArray[Any]

BLURS: tuple[BlurMethod, ...] = ("unmix", "inpaint", "lens")
FITS: tuple[Fit, ...] = ("cover", "contain", "stretch")

EVERY_EDGES = [
    Edges(*values)
    for values in product((0, 1.5, -1, 1e-3), (0, 1), (None, 0.5), (False, True), (False, True))
]


@dataclass
class Scene:
    """The arrays that a function may be given."""

    photo: Array
    alpha: Array
    mask: Array
    colours: Array

    def __iter__(self) -> Iterator[Array]:
        return (getattr(self, each.name) for each in fields(self))


def depths(scene: Scene) -> list[Floor | Disparity]:
    return [Floor(0.3, 0.7), Disparity(scene.colours[..., 0])]


def grounds(scene: Scene) -> list[Background]:
    return [
        *(Blur(kernel, how) for kernel in (1, 9) for how in BLURS),
        *(Portrait(kernel, depth) for kernel in (1, 9) for depth in depths(scene)),
        *(Picture(scene.photo, how, position=(1, 1)) for how in FITS),
        Picture(scene.photo, kernel=5),
        Colour(1, 2, 3),
        Gradient(Colour(0, 0, 0), Colour(9, 9, 9)),
        Transparent(),
    ]


def styles(scene: Scene) -> list[dict[str, Any]]:
    lit = {"light": 1, "shadow": Shadow()}
    return [{}, {"unmix": False}, lit, {"foreground": scene.photo}]


def composed(scene: Scene) -> list[Array]:
    each = product(grounds(scene), styles(scene))
    return [compose(scene.photo, scene.alpha, ground, **style) for ground, style in each]


def apart(scene: Scene) -> list[Array]:
    some = Blur(9), Picture(scene.photo), Transparent()
    made = [
        taken_apart(scene.photo, scene.alpha, ground, **style)
        for ground, style in product(some, styles(scene))
    ]
    return [part for parts in made for part in parts if part is not None]


def fit(scene: Scene) -> list[Array]:
    size = scene.alpha.shape[:2]
    pictures = [ground for ground in grounds(scene) if isinstance(ground, Picture)]
    return [fitting.fitted(picture, *size) for picture in pictures]


STROKE = strokes.Stroke(((4, 4, 1),), "erase", 6)

OF_ANY_KIND: dict[str, Callable[[Scene], Any]] = {
    "adjust": lambda s: [adjust(s.alpha, edges) for edges in EVERY_EDGES],
    "compose": composed,
    "contrasting": lambda s: np.array(overlay.TINTS[overlay.contrasting(s.photo)]),
    "deep_image": lambda s: matte.deep_image(s.alpha),
    "disagreement": lambda s: overlay.disagreement([s.alpha, s.alpha]),
    "subject_of": lambda s: outlines.subject_of(s.alpha),
    "spread": lambda s: overlay.spread([s.alpha, s.alpha]),
    "enlarge": lambda s: enlarge(s.alpha, s.photo),
    "heat": lambda s: overlay.heat(s.mask),
    "feather": lambda s: feather(s.alpha),
    "fitted": fit,
    "keep_to": lambda s: keep_to(s.alpha, s.alpha),
    "matte_image": lambda s: matte.matte_image(s.alpha),
    "overlay": lambda s: [
        overlay.overlay(s.photo, s.alpha, fill=fill, outline=outline)
        for fill, outline in product((False, True), repeat=2)
    ],
    "painted": lambda s: strokes.painted(s.alpha, s.photo, [STROKE]),
    "redraw": lambda s: redraw(s.photo, s.alpha),
    "refine": lambda s: refine(s.photo, s.alpha),
    "subject_colours": lambda s: subject_colours(s.photo, s.alpha),
    "taken_apart": apart,
    "trimap_from": lambda s: trimap_from(s.alpha),
    "trimap_of": lambda s: trimap_of(s.alpha, 2),
}
"""The functions that take whatever can be a photo and an alpha."""


def layers(scene: Scene) -> foreground.Layers:
    return foreground.layers_of(scene.photo, scene.alpha)


def six(scene: Scene) -> Array:
    """The colours of two layers."""
    return np.dstack([scene.colours, scene.colours])


OF_ONE_KIND: dict[str, Callable[[Scene], Any]] = {
    "axes_of": lambda s: np.array(fitting.axes_of(Picture(s.photo), 9, 7)),
    "as_floats": lambda s: as_floats(s.photo),
    "agreement": lambda s: np.array(told.agreement(s.colours, s.alpha, six(s))),
    "block_means": lambda s: [
        scaling.block_means(values, side) for values in (s.photo, s.alpha) for side in (1, 2)
    ],
    "backdrop": lambda s: fitting.backdrop(s.photo, 9, 7),
    "belief": lambda s: np.array(told.belief(s.colours, s.colours, s.alpha, six(s))),
    "blurred": lambda s: plate.blurred(s.photo, 1).rows(0, len(s.photo)),
    "by_depth": lambda s: [
        defocus.by_depth(s.photo, s.alpha, Portrait(9, depth, focus), 1, unmix, s.photo)
        for depth in depths(s)
        for focus in (None, (0.5, 0.5))
        for unmix in (False, True)
    ],
    "checkerboard": lambda s: overlay.checkerboard(5, 9),
    "cut_out": lambda s: cut_out(s.photo, s.alpha, scene_of(s.photo, s.alpha, Blur(9)).front),
    "cut_off": lambda s: np.array(window.cut_off(s.alpha)),
    "curves": lambda s: relight.curves(s.photo, s.alpha, s.photo, 1),
    "disc": lambda s: gaussian.disc(2),
    "extent_of": lambda s: np.array(frame.extent_of(s.alpha) or ()),
    "extent_with": lambda s: np.array(shadow.extent_with(s.alpha, Shadow()) or ()),
    "gaussian": lambda s: gaussian.gaussian(s.colours, 0.1, 1),
    "inpainted": lambda s: blur.inpainted(s.photo, s.alpha, 1, 1).rows(0, len(s.photo)),
    "known_means": lambda s: [*scaling.known_means(s.photo, s.mask, 1)],
    "levels_of": lambda s: np.array(levels_of(s.photo)),
    "laid": lambda s: laid(scene_of(s.photo, s.alpha, Blur(9))),
    "layers_of": lambda s: [*layers(s)[1:]],
    "lens": lambda s: blur.lens(s.photo, s.alpha, layers(s), 1).rows(0, len(s.photo)),
    "light_behind": lambda s: blur.light_behind(s.photo, s.alpha, layers(s), 1)(0, len(s.photo)),
    "mask_to_alpha": lambda s: [mask_to_alpha(s.mask, *size) for size in (s.mask.shape, (9, 9))],
    "outlines": lambda s: [*outlines.outlines(outlines.subject_of(s.alpha))],
    "on_checkerboard": lambda s: overlay.on_checkerboard(np.dstack([s.photo, s.mask])),
    "opening": lambda s: [aperture.opening(2.5, blades) for blades in ("disc", "hexagon")],
    "play": lambda s: np.array(fitting.play(Picture(s.photo), 9, 7)),
    "pulled": lambda s: [*fill.pulled(s.colours, s.alpha)],
    "resized": lambda s: [told.resized(s.photo, s.alpha.shape, side) for side in (1, 2)],
    "scaled": lambda s: [fitting.scaled(s.photo, *size) for size in (s.alpha.shape, (9, 30))],
    "shade_of": lambda s: shadow.shade_of(s.alpha, Shadow()),
    "softened": lambda s: softened(s.alpha, 1),
    "table_means": lambda s: scaling.table_means(s.photo, light.light_table(), 1),
    "taps": lambda s: [*scaling.taps((9, 9), (5, 5), 2)],
    "patches_of": lambda s: [each.weights() for each in strokes.patches_of(s.photo, STROKE)],
    "reach": lambda s: reach.reach(s.photo, np.zeros_like(s.alpha), 4),
    "telea": lambda s: [fill.telea(each, s.mask > 99, 2) for each in (s.photo, s.colours)],
    "to_light": lambda s: light.to_light(s.colours),
    "to_srgb": lambda s: light.to_srgb(np.divide(s.colours, 255, dtype=np.float32)),
    "unmixed": lambda s: blur.unmixed(s.photo, s.alpha, layers(s), 1).rows(0, len(s.photo)),
    "upsampled": lambda s: scaling.upsampled(s.colours, 1, *s.alpha.shape),
}
"""Those that take only what the others have checked."""

AS_DOCUMENTED = {
    "as_alpha": "may return what it was given",
    "as_pair": "may return what it was given",
    "as_photo": "may return what it was given",
    "as_pixels": "may return what it was given",
    "filled": "writes in place",
    "lay": "writes in place",
    "draw_outlines": "writes in place",
    "flat": "returns a view",
    "light_table": "returns the same array each time, read-only",
    "scene_of": "may hold what it was given",
    "srgb_table": "returns the same array each time, read-only",
    "patched": "writes in place",
}


def test_no_function_of_arrays_is_left_out() -> None:
    modules = [import_module(name) for name in modules_of(compositing)]
    found = {
        name
        for module in modules
        for name, each in public(module).items()
        if not isinstance(each, type) and "Floats" in _types(each)
    }
    assert found == {*OF_ANY_KIND, *OF_ONE_KIND, *AS_DOCUMENTED}


def _types(function: Callable[..., Any]) -> str:
    types = str(inspect.signature(function))
    for name in (
        "NDArray",
        "ndarray",
        "Photo",
        "Pixels",
        "Alpha",
        "Mask",
        "Layers",
        "Taps",
        "Picture",
    ):
        types = types.replace(name, "Floats")
    return types


def only_read(scene: Scene, function: Callable[[Scene], Any]) -> list[Array]:
    """What the function makes of the scene."""
    before = [each.copy() for each in scene]
    made = function(scene)
    results = made if isinstance(made, list) else [made]
    for result in results:
        assert result.flags.writeable
        assert not any(np.shares_memory(result, each) for each in scene)
    assert all(np.array_equal(each, then) for each, then in zip(scene, before, strict=True))
    return results


sides = st.integers(1, 24)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    height, width = draw(sides), draw(sides)
    random = np.random.default_rng(draw(st.integers(0, 99)))
    levels = draw(st.sampled_from([[0], [255], [0, 255], [0, 60, 200, 255]]))
    coarse = random.choice(np.array(levels, np.uint8), (-(-height // 6), -(-width // 6)))
    mask = np.ascontiguousarray(coarse.repeat(6, axis=0).repeat(6, axis=1)[:height, :width])
    photo = random.integers(0, 256, (height, width, 3), np.uint8)
    return Scene(photo, mask / np.float32(255), mask, photo.astype(np.float32))


@pytest.mark.parametrize("name", [*OF_ANY_KIND, *OF_ONE_KIND])
@settings(max_examples=12, deadline=None)
@given(scene=scenes())
def test_inputs_are_left_alone_and_results_are_new(name: str, scene: Scene) -> None:
    only_read(scene, {**OF_ANY_KIND, **OF_ONE_KIND}[name])


@pytest.mark.parametrize("name", [*OF_ANY_KIND, *OF_ONE_KIND])
@settings(max_examples=3, deadline=None)
@given(scene=scenes())
def test_inputs_may_be_read_only(name: str, scene: Scene) -> None:
    for each in scene:
        each.flags.writeable = False
    only_read(scene, {**OF_ANY_KIND, **OF_ONE_KIND}[name])


@pytest.mark.parametrize("name", OF_ANY_KIND)
@pytest.mark.parametrize(
    "changed",
    [
        lambda s: Scene(np.asfortranarray(s.photo), np.asfortranarray(s.alpha), s.mask, s.colours),
        lambda s: Scene(s.photo[::-1], s.alpha[::-1], s.mask, s.colours),
        lambda s: Scene(s.photo[..., 0], s.alpha > 0.5, s.mask, s.colours),
        lambda s: Scene(s.photo[..., :1], s.mask, s.mask, s.colours),
        lambda s: Scene(np.dstack([s.photo, s.mask]), s.alpha[..., None], s.mask, s.colours),
        lambda s: Scene(s.photo, s.alpha.astype(np.float64) * 1.0005, s.mask, s.colours),
    ],
    ids=[
        "columns first",
        "upside down",
        "grey, bool",
        "one channel, uint8",
        "RGBA, 3-D",
        "above 1",
    ],
)
@settings(max_examples=10, deadline=None)
@given(scene=scenes())
def test_arrays_of_other_kinds_are_left_alone_and_mean_the_same(
    name: str, changed: Callable[[Scene], Scene], scene: Scene
) -> None:
    other = changed(scene)
    same = replace(other, photo=checks.as_photo(other.photo), alpha=checks.as_alpha(other.alpha))
    results = only_read(other, OF_ANY_KIND[name])
    for result, expected in zip(results, only_read(same, OF_ANY_KIND[name]), strict=True):
        assert np.array_equal(result, expected)


def test_what_may_return_what_it_was_given_does() -> None:
    photo, alpha = np.zeros((4, 5, 3), np.uint8), np.zeros((4, 5), np.float32)
    assert checks.as_photo(photo) is photo
    assert checks.as_alpha(alpha) is alpha
    assert np.shares_memory(scaling.flat(photo), photo)
    assert Picture(photo).pixels is photo


def test_the_table_that_all_share_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        light.light_table()[0] = 1
