"""Pictures as remove.bg's clients ask for them."""

import io
import math
import zipfile
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha
from compositing.background import Transparent
from compositing.compose import compose
from compositing.frame import Extent, extent_of
from compositing.matte import matte_image
from compositing.placing import Placing
from photos.cut import Cut
from photos.encoding import MIME, Format, encode
from photos.look import Look, final_alpha
from photos.rendering import Kind, arranged, render
from serving.errors import Refusal
from serving.geometry import SEEN, only_within, part_of, reduced
from serving.pixels import at_hand
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
    size = cut.photo.width, cut.photo.height
    placing = wish.place.placing(extent_of(alpha) or place, size)
    if placing:
        place = _moved(place, placing)
    seen = _around(place, wish.crop, cut) if wish.crop else Extent(0, 0, *size)
    largest = wish.megapixels * 1e6
    wanted: list[tuple[str, Look, bool, Format]] = []
    if wish.format:
        wanted = [("", look, wish.matte, wish.format)]
    else:  # the subject's own colours, and how much of each pixel is subject
        clear = Look(Transparent())
        wanted = [("color.jpg", clear, False, "JPEG"), ("alpha.png", clear, True, "PNG")]
    files = {}
    for name, own, matte, format_ in wanted:
        picture = _picture(cut, own, alpha, placing, matte=matte)
        if name == "color.jpg":
            picture = np.ascontiguousarray(picture[..., :3])
        picture = reduced(part_of(picture, seen), largest)
        if wish.veil and not matte and name == "":
            picture = wish.veil.behind(picture)
        files[name] = encode(picture, format_, cut.photo)
    height, width = picture.shape[:2]
    where = _in(seen, place, width / seen.width)
    if wish.format:
        return Made(files[""], MIME[wish.format], width, height, where)
    return Made(_packed(files), "application/zip", width, height, where)


def _picture(
    cut: Cut, look: Look, alpha: Alpha, placing: Placing | None, *, matte: bool
) -> NDArray[np.uint8]:
    """Of the photo's size. What is placed is composed there: shadow and background with it."""
    pixels = at_hand(cut.photo)
    if placing is None:
        kind: Kind = "matte" if matte else "composite"
        return render(cut, look, kind, pixels=pixels, alpha=alpha)
    if matte:
        return matte_image(placing.levels(alpha))
    placings = placing, placing
    pixels = cut.photo.pixels() if pixels is None else pixels
    scene, settings = arranged(cut, look, "composite", pixels, alpha, placings)
    return compose(*scene, **settings)


def _moved(place: Extent, placing: Placing) -> Extent:
    """Where it lies in the picture, as far as that goes."""
    left, top = (max(0, math.floor(each)) for each in placing.at(place.left, place.top))
    right, bottom = (math.ceil(each) for each in placing.at(place.right, place.bottom))
    width, height = min(right, placing.width) - left, min(bottom, placing.height) - top
    return Extent(left, top, width, height)


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
