"""What both widgets need: their files, and pictures in a form that a browser can show."""

import base64
import io
import time
from pathlib import Path

import streamlit as st
from PIL import Image
from streamlit.components.v2.types import ComponentRenderer
from streamlit.runtime import exists, get_instance

HERE = Path(__file__).parent


def register(name: str, *scripts: str) -> ComponentRenderer:
    """The component made of name.html, name.css and its scripts, which lie beside this file.

    Its buttons look as buttons.css says. The zoom buttons stand where its HTML names their file.
    The scripts are joined into one module, for a component's module can't import another.
    """
    sheets = ("buttons.css", f"{name}.css")
    zoom = (HERE / "zoom.html").read_text("utf-8")
    return st.components.v2.component(
        name,
        html=(HERE / f"{name}.html").read_text("utf-8").replace("<!-- zoom.html -->", zoom),
        css="\n".join((HERE / sheet).read_text("utf-8") for sheet in sheets),
        js="\n".join((HERE / script).read_text("utf-8") for script in scripts),
    )


def answer() -> dict[str, float]:
    """To be told to a component that asks again and again: never twice the same, so that the
    browser hears that it was answered."""
    return {"answer": time.monotonic()}


def data_url(picture: bytes) -> str:
    """`picture`, the bytes of a JPEG, PNG or WebP file, as a URL that holds all of it.

    Raises PIL.UnidentifiedImageError for any other bytes.
    """
    with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG", "WEBP")) as opened:
        mime = opened.get_format_mimetype()
    return f"data:{mime};base64,{base64.b64encode(picture).decode('ascii')}"


def media_url(picture: bytes, place: str, mime: str = "image/jpeg") -> str:
    """An address at which this visit's browser fetches `picture`, a file of this kind: as long and
    as hard to guess as those of the page's other pictures. It lasts until the page is drawn anew,
    or until another picture has the same `place`."""
    if not exists():  # without a server, as in tests
        return data_url(picture)
    return beside_page(get_instance().media_file_mgr.add(picture, mime, place))


def beside_page(path: str) -> str:
    """The address of a path of the server's, such as "/job": below the one that the page has."""
    base = st.config.get_option("server.baseUrlPath").strip("/")
    return f"/{base}{path}" if base else path
