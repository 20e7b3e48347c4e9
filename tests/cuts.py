"""Photos and cuts made by hand, for tests of what becomes of them."""

import io
import json
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from compositing.arrays import Photo
from models.catalog import GRABCUT
from models.interface import Box, Prompt
from photos.cut import Cut
from photos.photo import PhotoFile
from photos.reading import open_photo

RED = (200, 20, 20)


def photo_of(pixels: Photo, name: str = "scene.jpg", *, gps: bool = False) -> PhotoFile:
    """A photo by Maker, with a description and a date. gps: it says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "Zoë by the sea".encode()
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8769)[0x9003] = "2020:01:01 00:00:00"
    if gps:
        exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", exif=exif)
    return open_photo(file.getvalue(), name)


def cut_of(photo: PhotoFile, levels: NDArray[np.uint8], **more: Any) -> Cut:
    """A cut by GrabCut. levels: its alpha, `uint8 (H, W)`. more: further fields of `Cut`."""
    facts: dict[str, Any] = {
        "spec": GRABCUT,
        "prompt": Prompt(),
        "seconds": {},
        "device": "cpu",
        "dtype": "uint8",
        "revision": "",
        "peak_bytes": 1,
        "share": 0.5,
        "empty": False,
        "notes": (),
        "objects": (),
        "packed": bytes(cv2.imencode(".png", levels)[1]),
    }
    return Cut(photo=photo, **facts | more)


def red_photo(*, gps: bool = False) -> PhotoFile:
    return photo_of(np.full((30, 40, 3), RED, np.uint8), gps=gps)


def left_half_cut(photo: PhotoFile, name: str = "grabcut") -> Cut:
    """A cut of the photo's left half, as if it was prompted by a box."""
    levels = np.zeros((photo.height, photo.width), np.uint8)
    levels[:, : photo.width // 2] = 255
    return cut_of(
        photo,
        levels,
        spec=replace(GRABCUT, name=name),
        prompt=Prompt(boxes=(Box(0, 0, 20, 30),)),
        seconds={"network": 0.25, "edges": 0.05, "load": 3.0},
    )


def recipe_in(image: Image.Image) -> dict[str, Any]:
    """The recipe in an open file."""
    words: str | bytes | None = image.info.get("Recipe")
    if words is None:
        words = image.getexif().get_ifd(0x8769)[0x9286]
        assert isinstance(words, bytes)
        assert words.startswith(b"ASCII\0\0\0")
        words = words[8:]
    found: dict[str, Any] = json.loads(words)
    return found


def painting_in(image: Image.Image) -> dict[str, Any]:
    """By what the background in an open file was painted."""
    painted = dict(recipe_in(image)["settings"]["background"])
    assert painted.pop("kind") == "painting"
    return painted
