"""What a card's picture is made of, for the widget with which its subject is put into place."""

import io
from dataclasses import replace

import numpy as np
import streamlit as st
from PIL import Image

from compositing.background import Colour, Picture, sigma_of
from compositing.stand import Footing
from photos.cut import Cut
from photos.layered import layers_of
from photos.look import Look
from photos.previews import shrink
from photos.rendering import render
from ui.components.assets import media_url
from ui.components.placer import MovablePicture, PlacedScene, placer
from ui.framed import placing as framing
from ui.framed import shown_size
from ui.placement import can_move_picture, placing, sent
from ui.render import CARD_SIDE, jpeg, on_screen, photo_pixels, preview_alpha
from ui.state import bench
from ui.view import View


def place_on(key: str, cut: Cut, view: View) -> None:
    """Let the subject on this card's picture be dragged, while the panel for that is open."""
    footing = _footing(cut.key, _plain(view).key, cut, view) if placing(view) else None
    if footing is None:
        return
    name = f"place_{cut.spec.name}"
    width, height = cut.photo.width, cut.photo.height
    subject = _plain(view)
    layer = _layer(key, cut.key, subject.key, cut, subject)
    bare = replace(view, replaced=replace(view.replaced, stand=None, shadow=None))
    scene = PlacedScene(
        shown_size(key, cut, view),
        _photo_in(key, cut, view),
        (
            footing.box[0] / width, footing.box[1] / height,
            footing.box[2] / width, footing.box[3] / height,
        ),
        (footing.kept[0] / width, footing.kept[1] / height),
        (0, 0, 1, 1),
        footing.cut,
        media_url(layer, f"{name}/layer", "image/webp"),
        media_url(_behind(key, cut.key, bare.key, cut, bare), f"{name}/behind"),
        _picture(cut, view, name),
    )  # fmt: skip
    stand, placement = bench().placement.stand, bench().placement
    (x, y), zoom = placement.position, placement.zoom
    placed = {"across": stand.across, "down": stand.down, "scale": stand.scale}
    placed |= {"x": x, "y": y, "zoom": zoom}
    placer(scene, placed, key, cut.spec.label, key=name, on_placed=sent)


def _plain(view: View) -> View:
    """The view that shows the subject where it stood, in its own light if that isn't changed."""
    look = replace(view.replaced, stand=None, shadow=None, frame=None)
    if look.light:
        return replace(view, replaced=look)
    look = replace(look, background=Colour(0, 0, 0), paintings=())
    return replace(view, replaced=look, behind="")


def _photo_in(key: str, cut: Cut, view: View) -> tuple[float, float, float, float]:
    """Where the photo lies in the finished picture, in parts of that."""
    frame = framing(key, cut, view)
    if frame is None:
        return 0, 0, 1, 1
    left, top = frame.at(0, 0)
    right, bottom = frame.at(cut.photo.width, cut.photo.height)
    wide, high = frame.width, frame.height
    return left / wide, top / high, (right - left) / wide, (bottom - top) / high


@st.cache_data(scope="session", max_entries=64, show_spinner=False)
def _footing(cut: str, view: str, _cut: Cut, _view: View) -> Footing | None:  # noqa: ARG001
    if _cut.empty:
        return None
    alpha = preview_alpha(_cut, _view, CARD_SIDE)
    return Footing.of(alpha, (_cut.photo.width, _cut.photo.height))


@st.cache_data(scope="session", max_entries=64, show_spinner=False)
def _layer(key: str, cut: str, view: str, _cut: Cut, _view: View) -> bytes:  # noqa: ARG001
    """A WebP of the subject alone, as large as the photo's preview."""
    pixels = shrink(photo_pixels(key, _cut.photo), CARD_SIDE)
    alpha = preview_alpha(_cut, _view, CARD_SIDE)
    subject = layers_of(_cut, _view.look, pixels=pixels, alpha=alpha)[-1]
    assert subject.mask is not None
    file = io.BytesIO()
    Image.fromarray(np.dstack([subject.colours, subject.mask])).save(
        file, "WEBP", quality=85, method=0
    )
    return file.getvalue()


@st.cache_data(scope="session", max_entries=64, show_spinner=False)
def _behind(key: str, cut: str, view: str, _cut: Cut, _view: View) -> bytes:  # noqa: ARG001
    """A JPEG of the background without the subject."""
    pixels = shrink(photo_pixels(key, _cut.photo), CARD_SIDE)
    nobody = np.zeros(pixels.shape[:2], np.float32)
    look: Look = replace(_view.look, light=0)
    return jpeg(on_screen(render(_cut, look, pixels=pixels, alpha=nobody, side=CARD_SIDE)))


def _picture(cut: Cut, view: View, name: str) -> MovablePicture | None:
    """The background, if it's a picture that can be moved."""
    held, behind = bench().backdrop, view.look.behind(cut.photo)
    if held is None or not isinstance(behind, Picture) or not can_move_picture(view, cut.photo):
        return None
    src = media_url(_backdrop(held.file, held.picture), f"{name}/picture")
    height, width = behind.pixels.shape[:2]
    blur = 0.0 if behind.kernel == 1 else sigma_of(behind.kernel) / cut.photo.width
    return MovablePicture(src, width, height, behind.fit, blur)


@st.cache_data(scope="session", max_entries=4, show_spinner=False)
def _backdrop(file: str, _picture: Picture) -> bytes:  # noqa: ARG001
    """A JPEG of all of a background picture."""
    return jpeg(shrink(_picture.pixels.astype(np.uint8, copy=False), CARD_SIDE))
