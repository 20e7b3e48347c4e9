"""A photo on which the person draws boxes and points and picks objects."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import streamlit as st

from compositing.outlines import halo
from compositing.strokes import Stroke
from photos.recipes.strict import Unreadable
from photos.recipes.strokes import strokes_in, told_strokes
from ui.components.assets import data_url, register

type Polygon = Sequence[tuple[float, float]]

_canvas = register(
    "prompt_canvas",
    "zoomable.js",
    "prompt_canvas_geometry.js",
    "prompt_canvas_marks.js",
    "prompt_canvas_view.js",
    "prompt_canvas_history.js",
    "prompt_canvas_brush.js",
    "prompt_canvas_gestures.js",
    "prompt_canvas_keyboard.js",
    "prompt_canvas.js",
)


@dataclass(frozen=True)
class Drawn:
    """What is drawn on a photo, in its own pixels.

    boxes: (x0, y0, x1, y1) with 0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height.
    points: (x, y, include), the pixel that was clicked: 0 <= x < width and 0 <= y < height.
    strokes: what was painted with the brush, on the photo or beyond its borders.
    """

    boxes: tuple[tuple[int, int, int, int], ...] = ()
    points: tuple[tuple[int, int, bool], ...] = ()
    strokes: tuple[Stroke, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.boxes or self.points or self.strokes)

    def told(self) -> dict[str, Any]:
        """Ready for JSON."""
        return asdict(self) | {"strokes": told_strokes(self.strokes)}


class Close(NamedTuple):
    """A part of the photo as it is, pixel by pixel: box (x0, y0, x1, y1) in whole pixels; preview,
    a JPEG, PNG or WebP of it; overlay, its grey matte; outline, that of all in view, as an SVG path
    in the photo's pixels."""

    box: tuple[int, int, int, int]
    preview: bytes
    overlay: bytes
    outline: str


@dataclass(frozen=True)
class PickableObject:
    """Something that a model found: `name` is unique ("person 2"), `label` is what the photo shows,
    `score` is from 0 to 1.

    A click picks it inside its `outline` (polygons, filled by the even-odd rule), or inside its
    `box` (x0, y0, x1, y1) if it has no outline. Of several objects the smallest is picked.
    """

    name: str
    label: str
    score: float
    box: tuple[float, float, float, float]
    outline: Sequence[Polygon] = ()


def prompt_canvas(
    preview: bytes,
    size: tuple[int, int],
    image_id: str,
    *,
    key: str,
    nonce: int = 0,
    initial: Drawn = Drawn(),
    drawing: bool = True,
    objects: Sequence[PickableObject] = (),
    selected: Sequence[str] = (),
    overlay: bytes | None = None,
    outline: str = "",
    told: bool = True,
    close: Close | None = None,
    preview_width: int = 1600,
    tint: tuple[int, int, int] = (235, 0, 170),
    on_picked: Callable[[], None] | None = None,
    max_height: int = 620,
    alt: str = "Photo",
) -> Drawn:
    """Show the photo with its tools and return what is drawn on it.

    preview: a JPEG, PNG or WebP of the photo whose full `size` is (width, height).
    image_id: names the photo. A new image_id or a new `nonce` starts again from `initial`.
    drawing: whether boxes and points are shown and can be drawn; if not, they are kept unseen.
    objects: what the pick tool offers; `selected` names those chosen. When the person picks,
    `on_picked` is called, and `picked(key)` tells the new choice.
    overlay: a grey matte of the photo's shape, white = subject, which the brush retouches. The
    subject is tinted, in RGB, with its `outline`, an SVG path in the photo's pixels; with other
    tools than the brush only if it's of what was `told`.
    close: the part of the photo that the person looks at, by `looked_at`. preview_width: that of
    `preview`.
    """
    # Sent along: a browser that builds the widget anew starts from what has been drawn so far.
    so_far = from_browser(st.session_state.get(key), size, image_id, nonce)
    result = _canvas(
        key=key,
        data={
            "src": data_url(preview),
            "width": size[0],
            "height": size[1],
            "image_id": image_id,
            "nonce": nonce,
            "drawn": (so_far := initial if so_far is None else so_far).told(),
            "strokes": len(so_far.strokes),
            "drawing": drawing,
            "objects": [asdict(found) for found in objects],
            "selected": list(selected),
            "overlay": data_url(overlay) if overlay else None,
            "outline": outline,
            "told": told,
            "close": close
            and {
                "box": close.box,
                "src": data_url(close.preview),
                "overlay": data_url(close.overlay),
                "outline": close.outline,
            },
            "preview": preview_width,
            "tint": f"rgb{tint}",
            "halo": f"rgb{halo(tint)}",
            "max_height": max_height,
            "alt": alt,
        },
        default={"drawn": None, "close": None},
        on_drawn_change=lambda: None,
        on_close_change=lambda: None,
        on_picked_change=on_picked or (lambda: None),
    )
    drawn = from_browser(result, size, image_id, nonce)
    return initial if drawn is None else drawn


def picked(key: str) -> tuple[str, ...]:
    """The names chosen after the person's latest pick; for use in `on_picked`."""
    return tuple(st.session_state[key]["picked"])


def drawn_so_far(key: str, size: tuple[int, int], image_id: str, nonce: int = 0) -> Drawn | None:
    """What is drawn on the photo, before the canvas is shown anew; None if the canvas hasn't told
    yet, and `initial` counts."""
    return from_browser(st.session_state.get(key), size, image_id, nonce)


def looked_at(
    key: str, size: tuple[int, int], image_id: str, nonce: int = 0
) -> tuple[int, int, int, int] | None:
    """The part of the photo that is in view and larger there than in its preview, as (x0, y0, x1,
    y1); None if there is none, or it's of another photo."""
    state = st.session_state.get(key)
    sent = state and state.get("close")
    if not sent or (sent["image_id"], sent["nonce"]) != (image_id, nonce) or not sent["box"]:
        return None
    x0, y0, x1, y1 = map(int, sent["box"])
    whole = 0 <= x0 < x1 <= size[0] and 0 <= y0 < y1 <= size[1]
    return (x0, y0, x1, y1) if whole else None


def from_browser(state: Any, size: tuple[int, int], image_id: str, nonce: int) -> Drawn | None:
    """What the browser sent; None if that was for another photo, or before a reset."""
    sent = state and state.get("drawn")
    if not sent or (sent["image_id"], sent["nonce"]) != (image_id, nonce):
        return None
    width, height = size
    boxes = (tuple(map(int, box)) for box in sent["boxes"])
    points = ((int(x), int(y), bool(include)) for x, y, include in sent["points"])
    return Drawn(
        tuple(
            (x0, y0, x1, y1)
            for x0, y0, x1, y1 in boxes
            if 0 <= x0 < x1 <= width and 0 <= y0 < y1 <= height
        ),
        tuple((x, y, include) for x, y, include in points if 0 <= x < width and 0 <= y < height),
        _strokes(sent.get("strokes", [])),
    )


def _strokes(sent: list[Any]) -> tuple[Stroke, ...]:
    """Those that can be."""
    found: list[Stroke] = []
    for each in sent:
        with suppress(Unreadable):
            found += strokes_in([each])
    return tuple(found)
