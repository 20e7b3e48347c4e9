"""The page that the widgets' tests look at: two photos, a reset, another page, objects, a matte."""

import io
import json
import time

import streamlit as st
from PIL import Image, ImageDraw

from ui.components import Drawn, PickableObject, before_after, picked, prompt_canvas

SIZES = {"wide": (4000, 3000), "tall": (1500, 2000)}
RING = [
    [(1000, 500), (3000, 500), (3000, 2500), (1000, 2500)],
    [(1500, 1000), (2500, 1000), (2500, 2000), (1500, 2000)],
]
OBJECTS = (
    PickableObject("ring 1", "Ring 1", 0.9, (1000, 500, 3000, 2500), RING),
    PickableObject("cup 1", "Cup 1", 0.8, (0, 0, 1400, 3000)),
    PickableObject("spoon 1", "Spoon 1", 0.7, (100, 1200, 300, 1600)),
)


def encoded(picture: Image.Image, kind: str) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind)
    return written.getvalue()


@st.cache_data
def pictures(size: tuple[int, int]) -> tuple[bytes, bytes, bytes]:
    """A photo's preview, its matte and its cut-out."""
    photo = Image.linear_gradient("L").resize((size[0] * 2 // 5, size[1] * 2 // 5)).convert("RGB")
    matte = Image.new("L", (400, 300))
    ImageDraw.Draw(matte).ellipse((100, 50, 300, 250), fill=255)
    cutout = photo.copy()
    cutout.putalpha(matte.resize(photo.size))
    return encoded(photo, "JPEG"), encoded(matte, "PNG"), encoded(cutout, "WEBP")


@st.cache_data
def full_size(size: tuple[int, int]) -> tuple[bytes, bytes]:
    photo = Image.linear_gradient("L").resize(size).convert("RGB")
    return encoded(photo, "JPEG"), encoded(photo.rotate(180), "JPEG")


state = st.session_state
for name, first in {"runs": 0, "photo": "wide", "nonce": 0, "kept": {}, "selected": ()}.items():
    state.setdefault(name, first)
state.runs += 1


def reset() -> None:
    state.nonce += 1
    state.kept = {}


def other_photo() -> None:
    state.photo = "tall" if state.photo == "wide" else "wide"


def take_picked() -> None:
    state.selected = picked("canvas")


with st.container(horizontal=True):
    st.button("Reset", on_click=reset)
    st.button("Other photo", on_click=other_photo)
    elsewhere = st.toggle("Elsewhere")
    overlaid = st.toggle("Matte")
    objects = OBJECTS if st.toggle("Objects") else ()
    if st.toggle("Slow"):
        time.sleep(1)

photo, matte, cutout = pictures(SIZES[state.photo])
drawn = state.kept.get(state.photo, Drawn())
if not elsewhere:
    drawn = prompt_canvas(
        photo,
        SIZES[state.photo],
        state.photo,
        key="canvas",
        nonce=state.nonce,
        initial=drawn,
        objects=objects,
        selected=state.selected,
        overlay=matte if overlaid else None,
        on_picked=take_picked,
        alt="A gradient",
    )
    state.kept[state.photo] = drawn

with st.container(key="answer"):
    answer = {"boxes": drawn.boxes, "points": drawn.points}
    st.text(json.dumps({**answer, "selected": state.selected, "runs": state.runs}))

with st.container(key="slider", width=500):
    before_after(
        photo,
        cutout,
        SIZES[state.photo],
        key="before_after",
        full_size=lambda: full_size(SIZES[state.photo]),
        labels=("Photo", "Cut-out"),
    )
with st.container(key="small"):
    before_after(photo, cutout, SIZES[state.photo], key="small_one", max_height=150)
with st.container(key="placed", width=500):
    before_after(photo, cutout, SIZES[state.photo], key="placed_one", at=(3000, 1200))
