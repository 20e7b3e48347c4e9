"""Pictures as remove.bg's clients ask for them."""

import io
import zipfile
from typing import NamedTuple

import numpy as np

from compositing.background import Transparent
from compositing.frame import Extent, extent_of
from photos.cut import Cut
from photos.encoding import MIME, Format, encode
from photos.look import Look, final_alpha
from photos.rendering import render
from serving.errors import Refusal
from serving.geometry import SEEN, only_within, part_of, reduced
from serving.removebg.wish import LARGEST_MARGIN, Wish, pixels_of


class Made(NamedTuple):
    """place: where the subject is in a picture of width × height pixels."""

    data: bytes
    mime: str
    width: int
    height: int
    place: Extent


def made(cut: Cut, wish: Wish) -> Made | None:
    """The picture that a request asks for; None if there is no subject."""
    look = Look(wish.background, shadow=wish.shadow)
    alpha = final_alpha(cut, look)
    if wish.roi:
        alpha = only_within(alpha, wish.roi)
    place = extent_of(alpha, SEEN)
    if place is None or cut.empty:
        return None
    seen = Extent(0, 0, cut.photo.width, cut.photo.height)
    if wish.crop:
        seen = _around(place, wish.crop, cut)
    largest = wish.megapixels * 1e6
    wanted: list[tuple[str, Look, bool, Format]] = []
    if wish.format:
        wanted = [("", look, wish.matte, wish.format)]
    else:  # the subject's own colours, and how much of each pixel is subject
        clear = Look(Transparent())
        wanted = [("color.jpg", clear, False, "JPEG"), ("alpha.png", clear, True, "PNG")]
    files = {}
    for name, own, matte, format_ in wanted:
        picture = render(cut, own, "matte" if matte else "composite", alpha=alpha)
        if name == "color.jpg":
            picture = np.ascontiguousarray(picture[..., :3])
        picture = reduced(part_of(picture, seen), largest)
        files[name] = encode(picture, format_, cut.photo)
    height, width = picture.shape[:2]
    where = _in(seen, place, width / seen.width)
    if wish.format:
        return Made(files[""], MIME[wish.format], width, height, where)
    return Made(_packed(files), "application/zip", width, height, where)


def _around(place: Extent, margins: tuple[str, str, str, str], cut: Cut) -> Extent:
    sides = (place.height, place.width) * 2
    pixels = [
        pixels_of(margin, side, "crop_margin") for margin, side in zip(margins, sides, strict=True)
    ]
    for margin, side, wide in zip(margins, sides, pixels, strict=True):
        if wide > (side / 2 if margin.endswith("%") else LARGEST_MARGIN):
            raise Refusal(400, f"crop_margin is at most {LARGEST_MARGIN}px or 50%; not “{margin}”.")
    top, right, bottom, left = pixels
    return place.widened((top, right, bottom, left), (cut.photo.width, cut.photo.height))


def _in(seen: Extent, place: Extent, scale: float) -> Extent:
    left, top = (place.left - seen.left) * scale, (place.top - seen.top) * scale
    return Extent(*map(round, (left, top, place.width * scale, place.height * scale)))


def _packed(files: dict[str, bytes]) -> bytes:
    pack = io.BytesIO()
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_STORED) as into:
        for name, data in files.items():
            into.writestr(name, data)
    return pack.getvalue()
