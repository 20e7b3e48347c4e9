"""What a person should know of the recipe that is saved: where it makes another picture than the
page shows."""

from collections.abc import Iterator
from typing import Any

import streamlit as st

from compositing.floor import Floor
from photos.counts import counted, listed
from photos.recipes.file import BlurWish, PictureWish, RecipeFile
from photos.recipes.places import FLOOR, FOCUS, PLACEMENT, places_in
from ui.backgrounds import from_words, takes_picture
from ui.depths import scenes
from ui.sidebar import picked
from ui.state import bench
from ui.tray import Tray


def notes_of(recipe: RecipeFile) -> Iterator[str]:
    """A sentence or two each."""
    yield from _own_to_photos(recipe)
    yield from _in_pixels(recipe)
    yield from _left_out(recipe)


def _own_to_photos(recipe: RecipeFile) -> Iterator[str]:
    """It has but one of what each photo has for itself: that of the photo at hand."""
    held = bench()
    if held.tray is None:
        return
    mine = _own_to(held.tray, recipe)
    others = [_own_to(tray, recipe) for tray in held.trays.values()]
    differ = {name for other in others for name in mine if other[name] != mine[name]}
    names = dict.fromkeys((*places_in(recipe), *(name for name in mine if name in differ)))
    if not names:
        return
    told = f"A recipe gives every photo this one's {listed([*names])}."
    if count := sum(other != mine for other in others):
        told += f" {counted(count, 'photo')} here {'has its' if count == 1 else 'have their'} own."
    yield told


def _own_to(tray: Tray, recipe: RecipeFile) -> dict[str, Any]:
    """What the page has of one photo alone, as far as this kind of recipe tells it."""
    objects = [tray.picks.get(spec.name, ()) for spec in picked()]
    own: dict[str, Any] = {"words": tray.prompt.text, "objects": objects}
    if recipe.make == "replace":
        placed = tray.placement
        own[PLACEMENT] = placed if takes_picture() and not from_words() else placed.stand
    if isinstance(recipe.background, BlurWish) and recipe.background.method == "portrait":
        depth, own[FOCUS] = scenes()[tray.photo.key]
        own[FLOOR] = depth if isinstance(depth, Floor) else None
    return own


def _in_pixels(recipe: RecipeFile) -> Iterator[str]:
    """On the page a blur is as strong in photos of every size."""
    behind = recipe.background
    kernel = behind.kernel if isinstance(behind, BlurWish | PictureWish) else None
    if kernel not in (None, 1):
        yield f"A recipe's blur has {kernel} pixels in photos of every size."


def _left_out(recipe: RecipeFile) -> Iterator[str]:
    """What is set and can't stand in a recipe."""
    tray, replaced = bench().tray, recipe.make == "replace"
    if tray and (tray.prompt.boxes or tray.prompt.points):
        yield "Boxes and points are this photo's alone: they aren't in a recipe."
    if any(tray.brushwork.strokes for tray in bench().trays.values()):
        yield "Strokes on mattes aren't in a recipe: the Prompt page saves them as strokes.json."
    if st.session_state.get("only_subject"):
        yield "“Only the prompted subject” isn't in a recipe."
    if replaced and from_words():
        yield "What is painted from words isn't in a recipe: the picture's own file holds that."
    if isinstance(recipe.background, PictureWish):
        yield "A recipe names the background picture: keep that in its folder."
