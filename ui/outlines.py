"""A matte's outline as the canvas draws it: as wide on the screen at every zoom."""

from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
import streamlit as st
from numpy.typing import NDArray

from compositing.outlines import outlines, subject_of
from photos.cut import Cut
from ui.render import preview_alpha
from ui.view import View

DEVIATION = 0.4
"""Pixels that a corner may be off which is left out."""


def outline_of(cut: Cut, view: View, side: int) -> str:
    """An SVG path in the photo's pixels, of a matte whose longest side is at most `side`."""
    return _outline(cut.key, view.key, side, cut, view)


@st.cache_data(scope="session", max_entries=50, show_spinner=False)
def _outline(cut: str, view: str, side: int, _cut: Cut, _view: View) -> str:  # noqa: ARG001
    alpha = preview_alpha(_cut, _view, side)
    return path(alpha, alpha.shape[1] / _cut.photo.width)


def path(alpha: NDArray[Any], scale: float = 1, left: int = 0, top: int = 0) -> str:
    """An SVG path around the subject, through the middles of its outermost pixels.

    alpha: `float32 (H, W)`, 0 to 1, of a photo, or of its part from `left` and `top` on. scale: its
    size / the photo's own.
    """
    mask = subject_of(alpha, scale)
    found = (cv2.approxPolyDP(outline, DEVIATION, True)[:, 0] for outline in outlines(mask))
    return "".join(_closed((corners + 0.5) / scale + (left, top)) for corners in found)


def _closed(corners: Iterable[NDArray[np.float64]]) -> str:
    return f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in corners)}Z"
