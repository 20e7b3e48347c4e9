"""The page that the widgets' tests look at: two photos, a reset, another page, objects, a matte."""

import io
import json
import time

import streamlit as st
from PIL import Image, ImageDraw

from photos.recipes.strokes import told_strokes
from ui.components import Drawn, PickableObject, picked, prompt_canvas
from ui.components.assets import media_url
from ui.components.viewer import Entry, File, Wish, viewer, wished

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


state = st.session_state
for name, first in {"runs": 0, "photo": "wide", "nonce": 0, "kept": {}, "selected": ()}.items():
    state.setdefault(name, first)
state.runs += 1


def reset() -> None:
    state.nonce += 1
    state.kept = {}


def other_photo() -> None:
    state.photo = "tall" if state.photo == "wide" else "wide"


def prompted() -> None:
    state.nonce += 1
    state.kept = {state.photo: Drawn(((800, 600, 1600, 1500),), ((900, 700, True),))}


def take_picked() -> None:
    state.selected = picked("canvas")


with st.container(horizontal=True):
    st.button("Reset", on_click=reset)
    st.button("Prompted", on_click=prompted)
    st.button("Other photo", on_click=other_photo)
    elsewhere = st.toggle("Elsewhere")
    overlaid = st.toggle("Matte")
    objects = OBJECTS if st.toggle("Objects") else ()
    if st.toggle("Slow"):
        time.sleep(1)

photo, matte, _ = pictures(SIZES[state.photo])
drawn = state.kept.get(state.photo, Drawn())
if not elsewhere and "viewer" not in st.query_params:
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
    answer = {"boxes": drawn.boxes, "points": drawn.points, "strokes": told_strokes(drawn.strokes)}
    st.text(json.dumps({**answer, "selected": state.selected, "runs": state.runs}))


KINDS = ("Matte", "Cutout")
EDGES = ((0.7, 0.4), (0.3, 0.6))
NAMES = ("Original", "One", "Two", "Three", "Four")


@st.cache_data
def tinted(size: tuple[int, int], name: str, kind: str, side: int) -> bytes:
    """A gradient in a colour of its own for each name and kind."""
    scale = min(1, side / max(size))
    shape = (round(size[0] * scale), round(size[1] * scale))
    grey = Image.linear_gradient("L").resize(shape)
    colour = (40 * NAMES.index(name), 90, 200 if kind == "Matte" else 20)
    return encoded(
        Image.composite(Image.new("RGB", shape, colour), grey.convert("RGB"), grey), "JPEG"
    )


SECOND = "second photo"


def compared(size: tuple[int, int], key: str, at: tuple[float, float] | None = None) -> None:
    """The viewer, whose full-size pictures are there at the second question. It has two photos; of
    the second, which is smaller and upright, there is no result named Two."""

    def body() -> None:
        photo = state.get(f"{key} photo", key)
        names = [name for name in NAMES if photo != SECOND or name != "Two"]
        entries = [
            Entry(name, name, "1.00 s", photo, files=name != NAMES[0])
            if name in names
            else Entry(name, name, "no result", photo, missing=f"{name} hasn't run.")
            for name in NAMES
        ]
        show(photo, names, entries, (900, 1200) if photo == SECOND else size)

    def show(photo: str, names: list[str], entries: list[Entry], size: tuple[int, int]) -> None:
        wish = wished(key, Wish(NAMES[:2], "Matte", NAMES[1]), NAMES, KINDS)
        asked = state.setdefault(f"{key} asked", set())
        wanted = {(name, wish.kind, photo) for name in wish.shown} if wish.sharp else set()
        files = {}
        for name in [name for name in wish.shown if name in names]:
            small = tinted(size, name, wish.kind, 1600)
            large = tinted(size, name, wish.kind, max(size)) if wanted & asked else None
            place = f"{key}/{name}/{wish.kind}"
            sharp = media_url(large, f"{place}/sharp") if large else None
            files[name] = File(media_url(small, place), sharp)
        waiting = bool(wanted - asked)
        asked |= wanted
        state[f"{key} runs"] = state.get(f"{key} runs", 0) + 1
        preview = round(size[0] * min(1, 1600 / max(size)))
        viewer(
            entries, size, files, key=key, photo=photo, photos={key: key, SECOND: SECOND},
            kinds=KINDS, wish=wish, preview=preview, larger=max(size) > 1600,
            on_photo=lambda name: state.update({f"{key} photo": name}), waiting=waiting,
            edges=EDGES, at=at,
        )  # fmt: skip
        with st.container(key=f"wish_{key}"):
            st.text(json.dumps([*wish.shown, wish.kind, wish.walked]))

    with st.container(key=f"box_{key}"):
        st.fragment(body)()


which = st.query_params.get("viewer")
if which is None:
    st.html('<div style="height: 60rem"></div>')  # so that there is something to scroll
elif which == "usual":
    compared((4000, 3000), "usual")
elif which == "tall":
    compared((500, 7400), "tall")
elif which == "wide":
    compared((7400, 500), "wide")
elif which == "small":
    compared((300, 200), "small")
elif which == "placed":
    compared((4000, 3000), "placed", (3000, 1200))
