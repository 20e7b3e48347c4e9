"""The objects that a model found in a photo: a click on them or on a list picks them."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import streamlit as st

from models.interface import DetectedObject
from photos.cut import Cut
from photos.previews import shrink
from ui.components.prompt_canvas import PickableObject
from ui.render import jpeg, photo_pixels

THUMBNAIL = 160


def pickable(found: Sequence[DetectedObject]) -> list[PickableObject]:
    """The objects as the canvas takes them, with their outlines."""
    return [
        PickableObject(
            each.name,
            each.label,
            each.score,
            (each.box.x0, each.box.y0, each.box.x1, each.box.y1),
            _outline(each),
        )
        for each in found
    ]


def choose_objects(
    key: str, cut: Cut, picks: tuple[str, ...], choose: Callable[[str], None]
) -> None:
    """A grid of what was found, each with a thumbnail and a button. picks: the names of those that
    are picked. choose: called with a name, picks it or leaves it out again."""
    if not cut.objects:
        return
    st.caption(f"{len(cut.objects)} found. Pick one or several, here or on the photo.")
    grid = st.grid("auto", min_column_width=104, key="objects", gap="small")
    for each in cut.objects:
        with grid.cell():
            st.image(_thumbnail(key, cut, each), width="stretch", alt=each.name)
            st.button(
                f"{each.name} :small[{each.score:.0%}]",
                key=f"pick_{each.name}",
                type="primary" if each.name in picks else "secondary",
                width="stretch",
                help=f"Score {each.score:.0%}, {each.share:.1%} of the photo",
                on_click=choose,
                args=(each.name,),
            )


def _outline(each: DetectedObject) -> list[list[tuple[float, float]]]:
    """Polygons around the object, in the photo's pixels."""
    inside = (each.mask > 127).astype(np.uint8)
    contours, _ = cv2.findContours(inside, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_TC89_L1)
    rows, columns = each.mask.shape
    scale = np.array([each.width / columns, each.height / rows])
    return [
        [(float(x), float(y)) for x, y in (contour[:, 0] + 0.5) * scale]
        for contour in contours
        if len(contour) > 2
    ]


def _thumbnail(key: str, cut: Cut, each: DetectedObject) -> bytes:
    """The object's box, cut from the preview, as a square JPEG."""
    pixels = photo_pixels(key, cut.photo)
    scale = pixels.shape[1] / cut.photo.width
    x0, y0, x1, y1 = (
        value * scale for value in (each.box.x0, each.box.y0, each.box.x1, each.box.y1)
    )
    half = max(x1 - x0, y1 - y0, 8) / 2
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    left, top = max(0, int(x - half)), max(0, int(y - half))
    part = pixels[top : int(y + half) + 1, left : int(x + half) + 1]
    return jpeg(shrink(np.ascontiguousarray(part), THUMBNAIL))
