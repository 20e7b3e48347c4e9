"""What a person draws on a photo: boxes, points, picked objects and strokes of the brush."""

import streamlit as st

from compositing.strokes import Stroke
from models.catalog import ModelSpec
from models.interface import Box, Point, Prompt
from photos.cut import Cut
from photos.previews import PREVIEW_SIDE
from ui.components.prompt_canvas import Drawn, drawn_so_far, looked_at, picked, prompt_canvas
from ui.looks import tint
from ui.objects import pickable
from ui.outlines import outline_of
from ui.render import cut_preview, photo_preview
from ui.retouching import close_up
from ui.tray import Failure, Tray
from ui.view import View

OVERLAY = 800
"""The longest side of the matte that lies over all of the photo."""


def canvas(
    key: str,
    tray: Tray,
    spec: ModelSpec,
    outcome: Cut | Failure | None,
    latest: Cut | None,
    matte: View,
) -> Prompt:
    """The photo with its tools, and the matte over it; returns what is drawn on it now. latest:
    what the model found before, while it looks again. matte: how that is looked at."""
    photo = tray.photo
    cut = outcome if isinstance(outcome, Cut) else latest
    box = looked_at("canvas", (photo.width, photo.height), key)

    def pick() -> None:
        tray.picks[spec.name] = picked("canvas")

    drawn = prompt_canvas(
        photo_preview(key, photo),
        (photo.width, photo.height),
        key,
        key="canvas",
        initial=_as_drawn(tray.prompt, tray.brushwork.strokes),
        drawing="boxes" in spec.prompts,
        objects=pickable(latest.objects) if latest else (),
        selected=tray.picks.get(spec.name, ()),
        overlay=cut_preview(key, cut, matte, OVERLAY) if cut else None,
        outline=outline_of(cut, matte, OVERLAY) if cut else "",
        told=bool(cut and cut.prompt and cut is outcome),
        close=close_up(cut, box) if cut and box else None,
        preview_width=round(photo.width * min(1, PREVIEW_SIDE / max(photo.width, photo.height))),
        tint=tint(photo),
        on_picked=pick,
        alt=f"{photo.stem}, to draw on",
    )
    return Prompt(
        boxes=tuple(Box(*box) for box in drawn.boxes),
        points=tuple(Point(*point) for point in drawn.points),
    )


def take_strokes(key: str, tray: Tray) -> None:
    """Before the matte is shown: a run of the page shows what was painted before it."""
    drawn = drawn_so_far("canvas", (tray.photo.width, tray.photo.height), key)
    if drawn is not None:
        tray.brushwork.strokes = drawn.strokes


def told(prompt: Prompt, spec: ModelSpec) -> None:
    """How much is drawn."""
    if "boxes" not in spec.prompts:
        return
    include = sum(point.include for point in prompt.points)
    exclude = len(prompt.points) - include
    st.markdown(
        f":blue-badge[{len(prompt.boxes)} box{'es' * (len(prompt.boxes) != 1)}] "
        f":green-badge[{include} include] "
        f":red-badge[{exclude} exclude]"
    )
    st.caption("Points add what a box misses, or take away what is too much.")


def _as_drawn(prompt: Prompt, strokes: tuple[Stroke, ...]) -> Drawn:
    boxes = tuple((int(b.x0), int(b.y0), int(b.x1), int(b.y1)) for b in prompt.boxes)
    return Drawn(boxes, tuple((int(p.x), int(p.y), p.include) for p in prompt.points), strokes)
