"""What a photo's file tells of itself, and how much of that its results keep."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from PIL import ExifTags, Image

from photos.ifd import (
    LONG,
    NUMBERS,
    OCTETS,
    RATIONAL,
    SHORT,
    UNDEFINED,
    Directory,
    Entry,
    Source,
    Wanted,
    entry,
    numbers,
    written,
)

type Resolution = tuple[float, float]
"""Pixels an inch, across and down."""

_MAIN, _EXIF, _GPS = 0, 0x8769, 0x8825  # directories: the first, of the exposure, of the place
_RESOLUTION, _RESOLUTION_UNIT = (0x011A, 0x011B), 0x0128  # across, down
_CHROMA_POSITION = 0x0213
_ARTIST, _COPYRIGHT, _PHOTOGRAPHER = 0x013B, 0x8298, 0xA437
_VERSION, _COMMENT = 0x9000, 0x9286
_COLOUR_SPACE, _WIDTH, _HEIGHT = 0xA001, 0xA002, 0xA003
_UNCALIBRATED = 65535


def _wanted(octets: Collection[int], numbers: Collection[int]) -> Wanted:
    return dict.fromkeys(octets, OCTETS) | dict.fromkeys(numbers, NUMBERS)


_FIRST = _wanted(
    octets=(
        0x010E, 0x010F, 0x0110, 0x0131, 0x0132, _ARTIST, 0x013C, _COPYRIGHT,
        0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F,
    ),
    numbers=(*_RESOLUTION, _RESOLUTION_UNIT, _CHROMA_POSITION, 0x4746, 0x4749),
)  # fmt: skip
"""Of the first IFD: description, camera, resolution, software, date, author, computer, rating,
copyright; Windows' title, comment, author, keywords and subject. Not how the file holds its pixels
(a TIFF's strips), nor what may tell the place again (XMP, IPTC)."""
_EXPOSURE = _wanted(
    octets=(
        0x8824, 0x8828, _VERSION, 0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9101, _COMMENT,
        0x9290, 0x9291, 0x9292, 0xA000, 0xA20C, 0xA300, 0xA301, 0xA302, 0xA40B, 0xA420,
        0xA430, 0xA431, 0xA433, 0xA434, 0xA435, 0xA436, _PHOTOGRAPHER, 0xA438, 0xA439, 0xA43A,
        0xA43B, 0xA43C, 0xA462,
    ),
    numbers=(
        0x829A, 0x829D, 0x8822, 0x8827, 0x8830, 0x8831, 0x8832, 0x8833, 0x8834, 0x8835,
        *range(0x9201, 0x920B), *range(0x9400, 0x9406), 0xA20B, 0xA20E, 0xA20F, 0xA210, 0xA215,
        0xA217, *range(0xA401, 0xA40B), 0xA40C, 0xA432, 0xA460, 0xA461,
    ),
)  # fmt: skip
"""Of the Exif IFD: what the standard has of the exposure, the lens, dates, comments and owners.

Not the maker's note (0x927C) and tags that the standard doesn't have: nobody knows what is in them;
some hold the city, or a preview of the whole photo, and offsets into the file they came in. Not the
Interoperability IFD (0xA005), gamma (0xA500), the compressed size (0x9102) and places in the photo
(0x9214, 0xA214): they are about the colours and pixels of the file, and the result has its own.
"""
_PLACE = _wanted(
    octets=(0, 1, 3, 5, 8, 9, 10, 12, 14, 16, 18, 19, 21, 23, 25, 27, 28, 29),
    numbers=(2, 4, 6, 7, 11, 13, 15, 17, 20, 22, 24, 26, 30, 31),
)
_WANTED = {_MAIN: _FIRST, _EXIF: _EXPOSURE, _GPS: _PLACE}
_LAST_TO_GO = (_ARTIST, _COPYRIGHT, _PHOTOGRAPHER)
_PER_INCH = {2.0: 1.0, 3.0: 2.54}
"""By EXIF's unit of resolution: inch, centimetre."""


@dataclass(frozen=True)
class Exif:
    """What results may keep of a file's EXIF. It isn't changed: methods return another one.

    Parameters
    ----------
    order : {"<", ">"}
        The order of bytes in numbers, as `struct` names it: Intel's or Motorola's.
    parts : mapping of int to Directory
        The directories, by the tag that points to each; the first one is 0.

    Examples
    --------
    The Hubble Deep Field that comes with scikit-image, and the same for a smaller result:

    >>> from photos.samples import Sample
    >>> photo = Sample("Hubble", "hubble_deep_field.jpg", "NASA, public domain").open()
    >>> exif = Exif.of(photo.exif)
    >>> exif.resolution
    (300.0, 300.0)
    >>> exif == exif.of_result(600, 400), Exif.of(bytes(exif)) == exif
    (False, True)
    """

    order: str = ">"
    parts: Mapping[int, Directory] = field(default_factory=lambda: {tag: {} for tag in _WANTED})

    @classmethod
    def of(cls, block: bytes) -> Self:
        """Read a block of EXIF, or a TIFF. What can't be read is left out."""
        begin = re.search(rb"II[*+]\0|MM\0[*+]", block[:16])  # some have a name before it, or two
        source = Source.of(block[begin.start() :] if begin else block)
        if source is None:
            return cls()
        parts = {}
        for tag, wanted in _WANTED.items():
            start = source.first if tag == _MAIN else source.pointer(source.first, tag)
            parts[tag] = {} if start is None else source.directory(start, wanted)
        return cls(source.order, parts)

    def __bytes__(self) -> bytes:
        """The block of EXIF as a JPEG holds it; empty if there is nothing to tell."""
        if not any(self.parts.values()):
            return b""
        inner = {tag: part for tag, part in self.parts.items() if tag != _MAIN}
        return b"Exif\0\0" + written(self.order, self.parts[_MAIN], inner)

    def led_by(self, first: Directory) -> bytes:
        """A TIFF of these directories, the first of which tells this as well; without pixels."""
        inner = {tag: part for tag, part in self.parts.items() if tag != _MAIN}
        return written(self.order, self.parts[_MAIN] | first, inner)

    def placeless(self) -> Self:
        """Without where the picture was taken."""
        return replace(self, parts={**self.parts, _GPS: {}})

    def commented(self, comment: str) -> Self:
        """With an ASCII text as the user's comment."""
        text = Entry(UNDEFINED, b"ASCII\0\0\0" + comment.encode("ascii"))
        return self._with(_EXIF, {_COMMENT: text})

    def of_result(self, width: int, height: int, *, srgb: bool = True) -> Self:
        """For a result of that size in pixels, upright, in sRGB or in its profile's colours.

        Only directories that the file has tell these: none is added.
        """
        result = self
        if self.parts[_EXIF]:
            facts = {
                _VERSION: Entry(UNDEFINED, b"0232"),
                **self.parts[_EXIF],
                _COLOUR_SPACE: self._entry(SHORT, 1 if srgb else _UNCALIBRATED),
                _WIDTH: self._entry(LONG, width),
                _HEIGHT: self._entry(LONG, height),
            }
            result = result._with(_EXIF, facts)
        if _CHROMA_POSITION in self.parts[_MAIN]:
            result = result._with(_MAIN, {_CHROMA_POSITION: self._entry(SHORT, 1)})  # centred
        return result

    def fitting(self, limit: int) -> tuple[Self, list[str]]:
        """Leave out tags until the block has at most `limit` bytes.

        The longest go first; artist, copyright and photographer go last. Returns what is left, and
        the names of the tags that went.
        """
        parts = {tag: dict(part) for tag, part in self.parts.items()}
        result, names = replace(self, parts=parts), []
        while len(bytes(result)) > limit:
            _, _, part, tag = max(
                (tag not in _LAST_TO_GO, len(entry.data), part, tag)
                for part, entries in parts.items()
                for tag, entry in entries.items()
            )
            del parts[part][tag]
            known = ExifTags.GPSTAGS if part == _GPS else ExifTags.TAGS
            names.append(known.get(tag, f"tag {tag:#06x}"))
        return result, names

    @property
    def resolution(self) -> Resolution | None:
        """Pixels an inch, across and down; None if no inches or centimetres are told."""
        unit = _PER_INCH.get(self._number(_RESOLUTION_UNIT, default=2), 0)
        return _usable([self._number(tag, default=0) * unit for tag in _RESOLUTION])

    def resolved(self, resolution: Resolution | None, *, anew: bool = False) -> Self:
        """With this resolution, unless it tells one itself; anew: even then."""
        if resolution is None or (self.resolution and not anew):
            return self
        told = {_RESOLUTION_UNIT: self._entry(SHORT, 2)}
        for tag, dots in zip(_RESOLUTION, resolution, strict=True):
            told[tag] = self._entry(RATIONAL, round(dots * 100), 100)
        return self._with(_MAIN, told)

    def turned(self) -> Self:
        """After a quarter turn: across is down."""
        main = self.parts[_MAIN]
        x, y = (main.get(tag) for tag in _RESOLUTION)
        return self._with(_MAIN, dict(zip(_RESOLUTION, (y, x), strict=True))) if x and y else self

    def _number(self, tag: int, default: float) -> float:
        """The first IFD's; 0 if it isn't one number."""
        value = self.parts[_MAIN].get(tag)
        if value is None:
            return default
        told = numbers(self.order, value) if len(value.data) <= 8 else ()
        return told[0] if len(told) == 1 else 0

    def _with(self, part: int, entries: Directory) -> Self:
        return replace(self, parts={**self.parts, part: {**self.parts[part], **entries}})

    def _entry(self, kind: int, *values: int) -> Entry:
        return entry(self.order, kind, *values)


def metadata_of(image: Image.Image, data: bytes, *, turned: bool) -> tuple[Exif, Resolution | None]:
    """Read what a file tells of its photo. What can't be read is left out.

    Parameters
    ----------
    image : Image
        The file as Pillow opened it; its pixels need not be loaded.
    data : bytes
        The whole file.
    turned : bool
        Whether the photo is turned by a quarter to be upright, so that across becomes down.

    Returns
    -------
    exif : Exif
    resolution : (float, float) or None
        Pixels an inch, across and down: the format's own, or else EXIF's.

    Examples
    --------
    >>> import io
    >>> from photos.samples import Sample
    >>> data = Sample("Retina", "retina.jpg", "Mikael Häggström, CC0").open().data
    >>> exif, resolution = metadata_of(Image.open(io.BytesIO(data)), data, turned=False)
    >>> bytes(exif), resolution
    (b'', (150.0, 150.0))
    """
    exif, own = Exif.of(_block(image, data)), _format_resolution(image, data)
    if turned:
        exif, own = exif.turned(), own and (own[1], own[0])
    return exif, own or exif.resolution


def _block(image: Image.Image, data: bytes) -> bytes:
    """A file's EXIF. Some have it in a PNG as hexadecimal text, below three lines of its own."""
    block, text = image.info.get("exif"), image.info.get("Raw profile type exif")
    if isinstance(block, bytes):
        return block
    if isinstance(text, str):
        try:
            return bytes.fromhex("".join(text.split("\n")[3:]))
        except ValueError:
            return b""
    return data if Source.of(data) else b""


def _format_resolution(image: Image.Image, data: bytes) -> Resolution | None:
    """As JFIF, PNG or BMP tell it. What Pillow tells for a JPEG may be EXIF's, or made up."""
    if "jfif_density" in image.info:
        unit = {1: 1.0, 2: 2.54}.get(image.info["jfif_unit"], 0)
        return _usable([each * unit for each in image.info["jfif_density"]])
    return _usable(image.info.get("dpi", ())) if data.startswith((b"\x89PNG", b"BM")) else None


def _usable(told: Sequence[float]) -> Resolution | None:
    """None for what is no resolution; a JPEG holds whole numbers of two bytes."""
    if len(told) != 2 or not all(1 <= each <= 65_535 for each in told):
        return None
    return told[0], told[1]
