"""Previews for the screen: small, quick, and remembered for as long as the visit lasts.

The caches don't look at arguments that begin with an underscore: the keys beside them tell what
those are.
"""

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
import streamlit as st
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo
from compositing.overlay import contrasting, disagreement, on_checkerboard, overlay
from evaluation import encoding
from photos.cut import Cut, Preview
from photos.framing import placing_of
from photos.heads import headed
from photos.look import final_alpha
from photos.photo import PhotoError, PhotoFile
from photos.previews import PREVIEW_SIDE, shrink
from photos.rendering import render
from ui.decoded import latest_pixels
from ui.levels import preview_levels
from ui.parts import Part
from ui.view import PICTURES, View

CARD_SIDE = 1280
"""Longest side, in pixels, of what a card shows."""
CARD, VIEWER = (400, 400), (1400, 650)
"""Width and height, in pixels of the screen, of the room for a picture on a usual card and in the
viewer, in a usual window."""


def photo_preview(
    key: str, photo: PhotoFile, side: int = PREVIEW_SIDE, part: Part | None = None
) -> bytes:
    """A JPEG of the photo, or of that part, its longest side at most `side`."""
    return _photo_jpeg(key, side, part, photo)


def cut_preview(
    photo_key: str,
    cut: Cut,
    view: View,
    side: int = PREVIEW_SIDE,
    room: tuple[int, int] | None = None,
    part: Part | None = None,
) -> bytes:
    """A JPEG of a cut as the view shows it, its longest side at most `side`. room: width and height
    that there are for it, in pixels of the screen; by default those of the viewer or of a card.
    part: of the photo, which the view has to show in place, instead of all of it."""
    if side == CARD_SIDE and not part and cut.composite and cut.composite.key == view.key:
        return cut.composite.jpeg
    room = room or (VIEWER if side > CARD_SIDE else CARD)
    line = line_in(cut.photo, side, room, part) if view.kind == "Overlay" else 1
    return _cut_jpeg(photo_key, cut.key, view.key, side, line, part, cut, view)


def disagreement_preview(
    cuts: Sequence[Cut], view: View, side: int = PREVIEW_SIDE, part: Part | None = None
) -> bytes:
    """A JPEG of where the models' own mattes of two or more cuts of one photo differ."""
    cuts = [cut.own for cut in cuts]
    return _disagreement_jpeg(tuple(cut.key for cut in cuts), view.key, side, part, cuts, view)


def full_photo(photo: PhotoFile) -> bytes:
    """A JPEG of the photo, pixel by pixel. Not for the script's thread: it takes a second."""
    return jpeg(latest_pixels.of(photo), fine=True)


def full_cut(cut: Cut, view: View) -> bytes:
    """A JPEG of a cut as the view shows it, pixel by pixel. Not for the script's thread either."""
    alpha = final_alpha(cut, view.look)
    return jpeg(on_screen(drawn(cut, latest_pixels.of(cut.photo), alpha, view)), fine=True)


def shows_composites(view: View) -> bool:
    """Whether what a card shows is a composite, and not the cut alone."""
    return PICTURES[view.kind] == "composite"


def composite_preview(cut: Cut, view: View, pixels: Photo) -> Preview:
    """The preview of a composite for a card, reduced from full size. pixels: the photo's."""
    picture = render(cut, _showable(cut, view).look, pixels=pixels)
    return Preview(view.key, jpeg(on_screen(shrink(picture, CARD_SIDE))))


def _showable(cut: Cut, view: View) -> View:
    """Without a frame that can't be kept, for want of a head: a caption tells it."""
    frame = view.look.frame
    if frame is None or frame.head is None:
        return view
    try:
        headed(cut, frame)
    except PhotoError:
        return view.unframed
    return view


@st.cache_data(scope="session", max_entries=200, show_spinner=False)
def _photo_jpeg(key: str, side: int, part: Part | None, _photo: PhotoFile) -> bytes:
    return jpeg(in_part(part, small_pixels(key, _photo, side, part)))


@st.cache_data(scope="session", max_entries=300, show_spinner=False)
def _cut_jpeg(
    key: str, cut: str, view: str, side: int, line: int, part: Part | None, _cut: Cut, _view: View
) -> bytes:
    pixels = small_pixels(key, _cut.photo, side, part)
    alpha = preview_alpha(_cut, _view, side, part)
    _view = _showable(_cut, _view)
    placing = placing_of(_cut, _view.look, alpha, PICTURES[_view.kind])
    scale = pixels.shape[1] / _cut.photo.width
    if placing and _view.kind != "Overlay" and placing.reduced(side).scale > scale < 1:
        # What is cropped would be enlarged from a small photo, and seem softer than the file is.
        pixels, alpha = _cut.photo.pixels(), final_alpha(_cut, _view.look)
    return jpeg(on_screen(in_part(part, drawn(_cut, pixels, alpha, _view, side, line))))


@st.cache_data(scope="session", max_entries=50, show_spinner=False)
def _disagreement_jpeg(
    cuts: tuple[str, ...],
    view: str,
    side: int,
    part: Part | None,
    _cuts: Sequence[Cut],
    _view: View,
) -> bytes:
    alphas = [preview_alpha(cut, _view, side, part) for cut in _cuts]
    return jpeg(in_part(part, disagreement(alphas)))


def small_pixels(key: str, photo: PhotoFile, side: int, part: Part | None) -> Photo:
    """The whole photo; larger where a part of it is shown, which then has its own pixels."""
    if part:
        return shrink(latest_pixels.of(photo), part.whole(side))
    return shrink(photo_pixels(key, photo), side)


def in_part(part: Part | None, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(part.of(picture)) if part else picture


def preview_alpha(cut: Cut, view: View, side: int, part: Part | None = None) -> Alpha:
    """The cut's matte with all that the view does to it, its longest side at most `side`, or that
    of the part that is shown of it."""

    def small(cut: Cut, *, refined: bool) -> Alpha:
        if part:
            levels = shrink(cut.levels(refined=refined), part.whole(side))
        else:
            levels = shrink(preview_levels(cut, refined=refined), side)
        return levels * np.float32(1 / 255)

    return final_alpha(cut, view.look, small)


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def photo_pixels(key: str, _photo: PhotoFile) -> Photo:
    """The photo at preview size. Don't write into it: it is shared."""
    return shrink(latest_pixels.of(_photo))


@st.cache_data(scope="session", max_entries=500, show_spinner=False)
def contrasting_tint(key: str, _photo: PhotoFile) -> str:
    """The name of the tint that stands out best from a photo."""
    return contrasting(photo_pixels(key, _photo))


def drawn(
    cut: Cut, pixels: Photo, alpha: Alpha, view: View, side: int | None = None, line: int = 1
) -> NDArray[np.uint8]:
    """A cut as the view shows it, for `on_screen`; an overlay shows the whole photo, framed or not.

    pixels, alpha: of one size, full or smaller. side: the longest that a framed picture may have;
    None at full size. line: an overlay's; 1 at full size, which is looked at pixel by pixel, where
    a wider one would hide the edge that it's about.
    """
    if view.kind == "Overlay":
        scale = pixels.shape[1] / cut.photo.width
        return overlay(pixels, alpha, fill=view.fill, colour=view.tint, scale=scale, line=line)
    return render(cut, view.look, PICTURES[view.kind], pixels=pixels, alpha=alpha, side=side)


def line_in(photo: PhotoFile, side: int, room: tuple[int, int], part: Part | None = None) -> int:
    """The width of an outline that takes about one pixel of the screen: odd, in pixels of a picture
    of the photo, or of that part, whose longest side is at most `side`. room: as `cut_preview`
    takes it."""
    width, height = part.size_in(photo) if part else (photo.width, photo.height)
    scale = min(1, side / max(width, height))
    shown = max(scale * width / room[0], scale * height / room[1])
    return 2 * max(0, round((shown - 1) / 2)) + 1


def on_screen(image: NDArray[np.uint8]) -> Photo:
    """`uint8 (H, W, 3)` RGB of a picture that is grey, RGB or RGBA, as a screen shows it."""
    if image.ndim == 2:
        return cast(Photo, cv2.cvtColor(image, cv2.COLOR_GRAY2RGB))
    return on_checkerboard(image) if image.shape[2] == 4 else image


def jpeg(image: Photo, *, fine: bool = False) -> bytes:
    """A picture for the screen as `evaluation.encoding.jpeg` makes it."""
    return encoding.jpeg(image, 88, fine=fine)
