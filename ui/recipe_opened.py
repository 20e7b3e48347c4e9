"""A recipe.toml that was opened: the page's controls say what it says."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import streamlit as st

from compositing.background import Gradient, strength_of
from compositing.colours import Colour
from compositing.stand import Stand
from models.catalog import cutters
from photos.counts import listed
from photos.photo import PhotoFile
from photos.recipes.file import BehindWish, BlurWish, ColourWish, Make, PictureWish, RecipeFile
from photos.recipes.places import PLACEMENT, places_in
from ui import kernels
from ui.edges import LIMITS, UNTOUCHED
from ui.frame import take_frame
from ui.portrait import take_optics
from ui.sidebar import tick
from ui.state import bench
from ui.tray import Placement
from ui.view import ViewKind

_KINDS: dict[Make, ViewKind] = {
    "cutout": "Cutout",
    "matte": "Matte",
    "blur": "Blur",
    "replace": "Replace",
}


def take(recipe: RecipeFile, photo: PhotoFile) -> list[str]:
    """Set the controls, before they are drawn. Returns what the page can't do of it, a sentence
    each."""
    state = st.session_state
    if recipe.make:
        state["kind"] = _KINDS[recipe.make]
    return [
        *_take_models(recipe),
        *_take_subject(recipe),
        *_take_edges(recipe),
        *_take_setting(recipe),
        *_take_behind(recipe.background, photo),
        *_take_placement(recipe),
        *filter(None, [take_frame(recipe.frame, recipe.max_kb)]),
        *_tell_places(recipe),
        *([f"Every format is offered here, {recipe.format} too."] if recipe.format else []),
    ]


def _take_models(recipe: RecipeFile) -> Iterator[str]:
    if recipe.refine:
        bench().refiner = recipe.refine
        st.session_state["refiner"] = recipe.refine
    if not recipe.models:
        return
    tick(recipe.models)
    known = {spec.name for spec in cutters()}
    if missing := [name for name in recipe.models if name not in known]:
        yield f"There are no models called {', '.join(missing)} here."


def _take_subject(recipe: RecipeFile) -> Iterator[str]:
    """For each photo of the visit."""
    for key, tray in bench().trays.items():
        tray.prompt = replace(tray.prompt, text=recipe.text)
        st.session_state[f"words_{key}"] = ", ".join(recipe.text)
        for spec in cutters():
            if "objects" in spec.prompts:
                tray.picks[spec.name] = recipe.objects
    if recipe.text or recipe.objects:
        yield "Its words and objects hold for the photos that are here."


def _take_edges(recipe: RecipeFile) -> Iterator[str]:
    edges, state = recipe.edges, st.session_state
    told: dict[str, Any] = UNTOUCHED | {
        "grow": edges.grow,
        "feather": edges.feather,
        "hard": edges.threshold is not None,
        "largest": edges.keep_largest,
        "holes": edges.fill_holes,
        "refined": recipe.refined,
        "unmix": recipe.unmix,
    }
    if edges.threshold is not None:
        told["threshold"] = edges.threshold
    for name, (least, most, step) in LIMITS.items():
        value = told[name]
        there = min(max(round(value / step) * step, least), most)
        told[name] = type(least)(round(there, 2))
        if abs(value - there) > 1e-6:
            yield f"Its {name} is {value:g}; {there:g} is the nearest that can be set here."
    state.update(told)


def _take_setting(recipe: RecipeFile) -> Iterator[str]:
    state = st.session_state
    state["light"], state["shadow"] = float(recipe.light), recipe.shadow is not None
    if recipe.shadow:
        parts = asdict(recipe.shadow).items()
        state.update({f"shadow_{part}": float(value) for part, value in parts})
    yield from ()


def _take_placement(recipe: RecipeFile) -> Iterator[str]:
    """For each photo of the visit."""
    if not _places(recipe):
        return
    by_hand = False
    for tray in bench().trays.values():
        before, behind = tray.placement, recipe.background
        tray.placement = replace(before, stand=recipe.stand or Stand())
        if isinstance(behind, PictureWish):
            tray.placement = replace(tray.placement, position=behind.position, zoom=behind.zoom)
        by_hand = by_hand or before not in (Placement(), tray.placement)
    if by_hand:
        yield "Photos that were placed by hand are placed as it says."


def _places(recipe: RecipeFile) -> bool:
    """A recipe for another view says nothing of where photos are placed."""
    return recipe.make in (None, "replace")


def _tell_places(recipe: RecipeFile) -> Iterator[str]:
    if names := [name for name in places_in(recipe) if name != PLACEMENT or _places(recipe)]:
        yield f"The photos that are here get its {listed(names)}."


def _take_behind(behind: BehindWish | None, photo: PhotoFile) -> Iterator[str]:
    state, size = st.session_state, (photo.width, photo.height)
    match behind:
        case None:
            return
        case BlurWish(strength, kernel, method):
            state["blur_method"] = method
            if method == "portrait":
                yield from take_optics(behind)
            usual = kernels.OWN.usual if strength is None else strength
            own = usual if kernel is None else strength_of(kernel, *size)
            state[kernels.OWN.strength_key] = own
        case ColourWish(colour):
            state["fill"], state["colour"] = "Colour", _hex(colour)
        case Gradient(top, bottom):
            state["fill"], state["top"], state["bottom"] = "Gradient", _hex(top), _hex(bottom)
        case PictureWish(file, fit, kernel):
            state["fill"], state["fit"] = "Picture", fit
            state[kernels.PICTURE.strength_key] = strength_of(kernel, *size)
            name, there = file.rpartition("/")[2], bench().backdrop
            if there is None or there.picture.name != name:
                yield f"Choose its background picture, {name}, under Picture."
        case _:
            state["fill"] = "Transparent"


def _hex(colour: Colour) -> str:
    return "#" + bytes(colour.rgb).hex()
