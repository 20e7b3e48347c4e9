"""Which colours a file means by its numbers, as it declares them."""

import io
from collections.abc import Iterator

import pillow_heif
from PIL import Image

from photos.formats import colour, containers
from photos.formats.colour import Space
from photos.formats.picture import Raster, in_mode

_EXIF, _INTEROP, _COLOUR_SPACE, _GAMMA = 0x8769, 0xA005, 0xA001, 0xA500
_WHITE, _PRIMARIES = 0x013E, 0x013F


def in_srgb(raster: Raster, declared: Iterator[bytes | Space]) -> Raster:
    """Its colours as the first declaration that makes sense has them; sRGB if none does."""
    image, broken = raster.colours, False
    if raster.converted:
        return raster
    for space in declared:
        if space is colour.SRGB:
            break
        if isinstance(space, bytes):
            converted = colour.by_profile(image, space)
        else:
            converted = colour.to_srgb(in_mode(image, "RGB"), space)
        if converted:
            return Raster(converted, raster.alpha, converted=True, declared=space, broken=broken)
        broken = True
    return Raster(in_mode(image, "RGB"), raster.alpha, broken=broken)


def of_tiff(profile: bytes | None, told: Image.Image) -> Iterator[bytes | Space]:
    """What a TIFF declares, the strongest first: its ICC profile, then EXIF."""
    if profile:
        yield profile
    yield from _of_exif(told)


def of_image(image: Image.Image, data: bytes) -> Iterator[bytes | Space]:
    """What a file of another format declares, the strongest first.

    PNG: cICP, ICC profile, sRGB, gAMA with cHRM. HEIF and AVIF: ICC profile, nclx. EXIF comes last
    in all formats.
    """
    kind, profile = containers.format_of(data), image.info.get("icc_profile")
    if kind == "PNG":
        yield from _of_cicp(data)
    if profile:
        yield profile
    if kind == "PNG":
        yield from _of_chunks(image)
    elif kind in ("HEIF", "AVIF"):
        yield from _of_nclx(image, data)
    yield from _of_exif(image)


def _of_cicp(data: bytes) -> Iterator[Space]:
    for name, content, right in containers.png_chunks(data):
        if name == b"IDAT":
            return
        if name == b"cICP" and right and len(content) == 4 and content[2] == 0:
            yield from _known(colour.cicp(content[0], content[1], limited=content[3] == 0))


def _of_chunks(image: Image.Image) -> Iterator[Space]:
    if "srgb" in image.info:
        yield colour.SRGB
    info = image.info
    yield from _known(colour.calibrated(info.get("gamma"), info.get("chromaticity")))


def _of_nclx(image: Image.Image, data: bytes) -> Iterator[Space]:
    """Pillow's AVIF reader doesn't tell it; the one for HEIF finds it in both."""
    info = image.info
    if image.format == "AVIF":
        try:
            info = pillow_heif.open_heif(io.BytesIO(containers.known_brand(data))).info
        except Exception:  # it may stumble over a file that the other reader can read
            return
    nclx = info.get("nclx_profile")
    if nclx:
        yield from _known(colour.cicp(nclx["color_primaries"], nclx["transfer_characteristics"]))


def _of_exif(told: Image.Image) -> Iterator[Space]:
    """Cameras tell Adobe RGB by the interoperability index R03, or by colour space 2; programs
    tell white, primaries and gamma one by one."""
    try:
        exif = told.getexif()
        within = exif.get_ifd(_EXIF)
        index = str(exif.get_ifd(_INTEROP).get(1, "")).strip("\0 ")
        points = tuple(float(x) for x in (*exif.get(_WHITE, ()), *exif.get(_PRIMARIES, ())))
        gamma = float(within.get(_GAMMA, 2.2))
    except Exception:  # on values of a wrong type, Pillow raises whatever comes
        return
    space = within.get(_COLOUR_SPACE)
    if space == 1:
        yield colour.SRGB
    if space == 2 or index == "R03":
        yield colour.ADOBE_RGB
    if len(points) == 8:
        yield from _known(colour.calibrated(1 / gamma if gamma > 0 else None, points))


def _known(space: Space | None) -> Iterator[Space]:
    if space:
        yield space
