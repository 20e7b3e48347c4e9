"""From a file's bytes to pixels: the first picture in it, upright, in 8-bit sRGB."""

import io
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageOps
from pillow_heif import register_heif_opener

register_heif_opener()
# Pillow's own limit warns first and raises at twice as much; ours raises once, in plain words.
Image.MAX_IMAGE_PIXELS = None

_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "TIFF", "AVIF", "GIF", "BMP")
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=_FORMATS)


def upright(image: Image.Image) -> Image.Image:
    """Loads the first frame and turns it as the EXIF orientation says."""
    image.seek(0)
    return ImageOps.exif_transpose(image)


def to_rgb(image: Image.Image) -> Image.Image:
    """8-bit sRGB, alpha laid on white."""
    profile, grey = image.info.get("icc_profile"), image.mode in ("L", "LA")
    image = _to_eight_bits(image)
    alpha = None
    if image.mode in ("P", "PA") or image.has_transparency_data:
        image = image.convert("RGBA")
        alpha = image.getchannel("A")
        image = image.convert("L" if grey else "RGB")
    rgb = _to_srgb(image, profile).convert("RGB")
    if alpha is not None:
        white = Image.new("RGB", rgb.size, "white")
        rgb = Image.composite(rgb, white, alpha)
    return rgb


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """Grey pictures of 16 or 32 bits or floats, by the range that their format or values imply."""
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image, np.float64)
    top = 65535.0 if values.max(initial=0) > 255 or image.mode != "F" else 255.0
    if image.mode == "F" and values.max(initial=0) <= 1:
        top = 1.0
    grey = np.clip(np.rint(values * (255 / top)), 0, 255).astype(np.uint8)
    return Image.fromarray(grey)


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as the file's ICC profile means them. A broken profile is as good as none."""
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted: Any = ImageCms.profileToProfile(image, source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted if isinstance(converted, Image.Image) else image
