"""All of a very long photo, and where in it lies what the cards show."""

import cv2
import numpy as np
import streamlit as st

from photos.photo import PhotoFile
from photos.previews import shrink
from ui.parts import Part
from ui.render import CARD_SIDE, jpeg, photo_pixels

LINE = 6
"""Pixels of a picture whose longest side is CARD_SIDE."""


@st.cache_data(scope="session", max_entries=50, show_spinner=False)
def located(key: str, _photo: PhotoFile, part: Part) -> bytes:
    """A JPEG of the whole photo with a frame around this part; the rest is darker."""
    pixels = shrink(photo_pixels(key, _photo), CARD_SIDE)
    picture = np.ascontiguousarray(pixels // 2)
    part.of(picture)[:] = part.of(pixels)
    height, width = picture.shape[:2]
    corner = round(part.left * width), round(part.top * height)
    opposite = round(part.right * width) - 1, round(part.bottom * height) - 1
    cv2.rectangle(picture, corner, opposite, (255, 255, 255), LINE)
    return jpeg(picture)
