"""What is set on the page, as a recipe.toml: saved for the command line, and opened again."""

import streamlit as st

from compositing.background import Colour, Gradient, Picture, Transparent
from photos.photo import PhotoError, PhotoFile
from photos.recipes.file import (
    BehindWish,
    BlurWish,
    ColourWish,
    Make,
    PictureWish,
    RecipeFile,
)
from ui import kernels
from ui.backgrounds import chosen_fill, chosen_setting, from_words
from ui.downloads import file_button
from ui.edges import chosen_edges
from ui.frame import chosen_frame
from ui.leaving import of_this_page
from ui.photo_bar import plain
from ui.portrait import chosen_optics
from ui.recipe_notes import notes_of
from ui.recipe_opened import take
from ui.sidebar import picked
from ui.state import bench
from ui.view import ViewKind

NAME, MIME = "recipe.toml", "application/toml"
_MAKES: dict[ViewKind, Make] = {
    "Overlay": "cutout",
    "Cutout": "cutout",
    "Matte": "matte",
    "Blur": "blur",
    "Replace": "replace",
}
_STRONGEST = 10
"""Strengths of a blur beyond are told as a kernel."""


def recipe_controls(photo: PhotoFile) -> None:
    """Save these settings, or open those that were saved."""
    recipe = chosen_recipe(photo)
    for sentence in notes_of(recipe):  # to be read before it's saved
        st.caption(sentence)
    label = "Save these settings as a recipe"
    file_button(label, recipe.written().encode, NAME, MIME, key="recipe_save")
    verb = recipe.make if recipe.make != "matte" else "compare"
    st.caption(f"For photos to come: `cli.py {verb} PHOTO --recipe {NAME}`, or open it here.")
    st.file_uploader(
        "Open a recipe",
        key="recipe_file",
        max_upload_size=1,
        on_change=of_this_page(_open),
        args=(photo,),
        help=f"A {NAME} that was saved here or written by hand.",
    )
    for sentence in st.session_state.get("recipe_told", ()):
        st.caption(plain(sentence))
    if refused := st.session_state.get("recipe_refused"):
        st.error(plain(refused), icon=":material/error:")


def chosen_recipe(photo: PhotoFile) -> RecipeFile:
    """What the page's controls say now."""
    held, kind = bench(), st.session_state.get("kind", "Overlay")
    edges, unmix, refined = chosen_edges()
    light, shadow = chosen_setting() if kind == "Replace" else (0.0, None)
    frame, max_kb = chosen_frame()
    stand = None if kind != "Replace" or held.placement.stand.still else held.placement.stand
    tray = held.tray
    objects = [
        name for spec in picked() for name in (tray.picks.get(spec.name, ()) if tray else ())
    ]
    return RecipeFile(
        edges=edges,
        unmix=unmix,
        refined=refined,
        light=light,
        shadow=shadow,
        frame=frame,
        stand=stand,
        max_kb=max_kb,
        make=_MAKES[kind],
        models=tuple(spec.name for spec in picked()),
        text=tray.prompt.text if tray else (),
        objects=tuple(dict.fromkeys(objects)),
        refine=held.refiner,
        background=_behind(kind, photo),
    )


def _behind(kind: ViewKind, photo: PhotoFile) -> BehindWish | None:
    if kind == "Blur":
        strength, method = kernels.OWN.strength, st.session_state.get("blur_method", "unmix")
        optics = chosen_optics() if method == "portrait" else {}
        if strength > _STRONGEST:
            return BlurWish(kernel=kernels.OWN.kernel(photo), method=method, **optics)
        return BlurWish(strength=strength, method=method, **optics)
    if kind != "Replace" or from_words():
        return None
    background, _ = chosen_fill(photo)
    if isinstance(background, Picture):
        held = bench().backdrop
        assert held is not None
        fit, position = background.fit, background.position
        zoom = background.zoom
        return PictureWish(held.picture.name, fit, background.kernel, position, zoom)
    if isinstance(background, Colour):
        return ColourWish(background)
    assert isinstance(background, Gradient | Transparent)
    return background


def _open(photo: PhotoFile) -> None:
    state = st.session_state
    state["recipe_refused"], state["recipe_told"] = None, ()
    file = state["recipe_file"]
    if file is None:
        return
    try:
        recipe = RecipeFile.read(file.getvalue(), file.name)
    except PhotoError as error:
        state["recipe_refused"] = str(error)
        return
    state["recipe_told"] = (f"{file.name} is followed.", *take(recipe, photo))
