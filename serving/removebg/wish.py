"""What a request in remove.bg's words asks for."""

import math
from dataclasses import dataclass

from PIL import ImageColor

from compositing.background import Background, Colour, Picture, Transparent
from compositing.frame import Length
from compositing.shadow import Shadow
from models.interface import Box
from photos.encoding import Format
from photos.photo import PhotoFile
from photos.reading import open_photo
from serving.bodies import Body, File
from serving.errors import Refusal
from serving.geometry import Veil
from serving.removebg.place import Place, place_of

ENCODED = {"image_file_b64": "photo"}
SIZES = {
    "preview": 0.25, "small": 0.25, "regular": 0.25, "medium": 1.5, "hd": 4.0,
    "full": math.inf, "4k": math.inf, "50MP": math.inf, "auto": math.inf,
}  # fmt: skip
"""Megapixels of the result, at most."""
FORMATS: dict[str, Format] = {"png": "PNG", "jpg": "JPEG", "webp": "WebP"}
LARGEST_MARGIN = 500

_SOURCES = ("image_file", "image_file_b64", "image_url")
_BACKGROUNDS = ("bg_color", "bg_image_file", "bg_image_url")
_TUNING = {"type": ("auto",), "type_level": ("none", "1"), "semitransparency": ("true",),
           "shadow_type": ("none", "auto")}  # fmt: skip
"""Words that only tune, and values that ask for nothing."""
_HEARD = ("size", "format", "channels", "roi", "crop", "crop_margin", "scale", "position",
          "bg_color", "add_shadow", "shadow_opacity")  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """megapixels: at most. format: None asks for a ZIP of colours and alpha. crop: margins (top,
    right, bottom, left) around the subject, as texts; None: the whole photo. ignored: words that
    can't be heeded, and only tune. veil: goes behind what stands on nothing."""

    megapixels: float
    format: Format | None
    matte: bool
    roi: Box | None
    crop: tuple[str, str, str, str] | None
    place: Place
    background: Background
    veil: Veil | None
    shadow: Shadow | None
    ignored: tuple[str, ...]


FETCHED = {"image_url": "image_file", "bg_image_url": "bg_image_file"}
"""What the picture at an address takes the place of."""


def check_sources(body: Body) -> None:
    """Whether there is one photo, and at most one background. Raises Refusal."""
    photos, backgrounds = (
        [name for name in names if body.files.get(name) or body.word(name)]
        for names in (_SOURCES, _BACKGROUNDS)
    )
    if len(photos) != 1:
        raise Refusal(400, f"Send exactly one of {', '.join(_SOURCES)}.")
    if len(backgrounds) > 1:
        raise Refusal(400, f"Send one of {', '.join(backgrounds)}.")


def source_of(body: Body) -> File:
    """The photo, once what has an address was fetched. Raises Refusal."""
    file = body.file(*_SOURCES)
    if file is None:
        raise Refusal(400, "image_file should be a file.")
    return file


def wish_of(body: Body, photo: PhotoFile) -> Wish:
    """Raises Refusal. It may decode a background: to be called outside the server's loop."""
    known = (*_SOURCES, *_BACKGROUNDS, *_HEARD)
    ignored = [
        name
        for name in body.words
        if name not in known and body.word(name) not in ("", *_TUNING.get(name, ()))
    ]
    crop = _margins(body)
    matte = _one(body, "channels", {"rgba": False, "alpha": True}, "rgba")
    background = _background(body)
    veil = background if isinstance(background, Veil) else None
    behind = Transparent() if isinstance(background, Veil) else background
    format_ = body.word("format") or "auto"
    if format_ not in (*FORMATS, "auto", "zip"):
        raise Refusal(400, f"format should be auto, png, jpg, webp or zip; not “{format_}”.")
    opaque = not matte and not isinstance(behind, Transparent)
    return Wish(
        megapixels=_one(body, "size", SIZES, "auto"),
        format=None if format_ == "zip" else FORMATS.get(format_, "JPEG" if opaque else "PNG"),
        matte=matte,
        roi=_roi(body.word("roi"), photo),
        crop=crop,
        place=place_of(body, cropped=crop is not None),
        background=behind,
        veil=veil,
        shadow=_shadow(body),
        ignored=tuple(ignored),
    )


def pixels_of(text: str, side: int, name: str) -> float:
    """“30px”, “30” or “10%” of a side, in pixels. Raises Refusal."""
    try:
        pixels = Length.parse(text).of(side)
    except ValueError:
        pixels = math.inf
    if not math.isfinite(pixels):
        raise Refusal(400, f"{name} should be pixels such as 30px, or a part such as 10%.")
    return pixels


def _one[Value](body: Body, name: str, values: dict[str, Value], usual: str) -> Value:
    text = body.word(name) or usual
    if text not in values:
        raise Refusal(400, f"{name} should be one of {', '.join(values)}; not “{text}”.")
    return values[text]


def _on(body: Body, name: str) -> bool:
    return _one(body, name, {"true": True, "1": True, "false": False, "0": False}, "false")


def _roi(text: str, photo: PhotoFile) -> Box | None:
    if not text:
        return None
    parts = text.split()
    if len(parts) != 4:
        raise Refusal(400, "roi should be four numbers such as 0% 0% 50% 100%.")
    sides = (photo.width, photo.height) * 2
    places = [pixels_of(part, side, "roi") for part, side in zip(parts, sides, strict=True)]
    (x0, x1), (y0, y1) = sorted(places[::2]), sorted(places[1::2])
    try:
        return Box(x0, y0, x1, y1)
    except ValueError as error:
        raise Refusal(400, f"roi: {error}") from error


def _margins(body: Body) -> tuple[str, str, str, str] | None:
    """One margin for all sides, two for up and down and for the sides, or four from the top on."""
    margins = (body.word("crop_margin") or "0").split()
    if not _on(body, "crop"):
        return None
    match margins:
        case [each]:
            return each, each, each, each
        case [down, across]:
            return down, across, down, across
        case [top, right, bottom, left]:
            return top, right, bottom, left
    raise Refusal(400, "crop_margin should be one, two or four values such as 30px or 10%.")


def _background(body: Body) -> Background | Veil:
    if picture := body.file("bg_image_file"):
        return Picture(open_photo(picture.data, picture.name).pixels())
    return _colour(body.word("bg_color"))


def _colour(text: str) -> Background | Veil:
    """3, 4, 6 or 8 hexadecimal digits, or a name. A colour that is clear is none."""
    if not text:
        return Transparent()
    digits = text.removeprefix("#")
    hexadecimal = len(digits) in (3, 4, 6, 8) and not set(digits.lower()) - set("0123456789abcdef")
    try:
        red, green, blue, *rest = ImageColor.getrgb(f"#{digits}" if hexadecimal else text)
    except ValueError as error:
        raise Refusal(400, f"bg_color should be a colour such as 81d4fa; not “{text}”.") from error
    opacity = rest[0] if rest else 255
    if opacity == 0:
        return Transparent()
    colour = Colour(red, green, blue)
    return Veil(colour, opacity / 255) if opacity < 255 else colour


def _shadow(body: Body) -> Shadow | None:
    """By add_shadow, or by an opacity of more than 0 percent."""
    text = body.word("shadow_opacity")
    if not text:
        return Shadow() if _on(body, "add_shadow") else None
    percent = pixels_of(text.removesuffix("%"), 100, "shadow_opacity")
    if percent > 100:
        raise Refusal(400, f"shadow_opacity should be a number from 0 to 100; not “{text}”.")
    return Shadow(percent / 100) if percent else None
