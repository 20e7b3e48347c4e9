"""Photos and cuts made by hand, for tests of what becomes of them."""

import io
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from compositing.arrays import Photo
from models.catalog import GRABCUT
from models.interface import Prompt
from photos.cutting import Cut
from photos.reading import PhotoFile, open_photo


def photo_of(pixels: Photo, name: str = "scene.jpg", *, gps: bool = False) -> PhotoFile:
    """A photo by Maker which, with gps, says where it was taken."""
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    if gps:
        exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", exif=exif)
    return open_photo(file.getvalue(), name)


def cut_of(photo: PhotoFile, levels: NDArray[np.uint8], **more: Any) -> Cut:
    """A cut by GrabCut. levels: its alpha, `(H, W)`; more: what else is to be told."""
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
