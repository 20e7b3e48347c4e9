"""A cut's subject on hard colours, beside its card's picture."""

from dataclasses import replace

import numpy as np
import streamlit as st

from compositing.arrays import Alpha, Photo
from compositing.background import Colour
from photos.cut import Cut
from photos.rendering import render
from ui.parts import Part
from ui.render import CARD_SIDE, in_part, jpeg, preview_alpha, small_pixels
from ui.view import View

HARD = {
    "white": Colour(255, 255, 255),
    "black": Colour(0, 0, 0),
    "magenta": Colour(255, 0, 200),
    "green": Colour(0, 200, 80),
}
"""Colours that show what is left of an old background, and what is missing."""


def hard_preview(photo_key: str, cut: Cut, view: View, part: Part | None = None) -> bytes:
    """A JPEG of a cut's subject on each of the HARD colours: two beside two, as large as a card."""
    return _hard_jpeg(photo_key, cut.key, replace(view, kind="Cutout").key, part, cut, view)


@st.cache_data(scope="session", max_entries=100, show_spinner=False)
def _hard_jpeg(
    key: str,
    cut: str,
    view: str,
    part: Part | None,
    _cut: Cut,
    _view: View,
) -> bytes:
    side = CARD_SIDE // 2
    pixels = small_pixels(key, _cut.photo, side, part)
    alpha = preview_alpha(_cut, _view, side, part)
    return jpeg(on_hard_colours(_cut, pixels, alpha, _view, part), fine=True)


def on_hard_colours(
    cut: Cut, pixels: Photo, alpha: Alpha, view: View, part: Part | None = None
) -> Photo:
    """`uint8 (2h, 2w, 3)` RGB: a cut's subject, in its own light, on each of the HARD colours."""
    plain = replace(view.look, light=0, shadow=None, paintings=(), frame=None, stand=None)
    looks = [replace(plain, background=colour) for colour in HARD.values()]
    parts = [in_part(part, render(cut, look, pixels=pixels, alpha=alpha)) for look in looks]
    return np.vstack([np.hstack(parts[:2]), np.hstack(parts[2:])])
