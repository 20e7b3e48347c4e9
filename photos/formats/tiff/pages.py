"""TIFF: which of a file's pages is the photo, and a file of that page alone."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from photos.formats.picture import RAW, Unsupported

type Numbers = tuple[float, ...]

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, ORIENTATION = 256, 257, 258, 259, 262, 274
SAMPLES, PLANES, PREDICTOR, WHITE, TILE_WIDTH = 277, 284, 317, 318, 322
EXTRA_SAMPLES, SAMPLE_FORMAT, PROFILE = 338, 339, 34675
OFFSETS, LENGTHS = (273, 324), (279, 325)
GREY, RGB = 1, 2
_SUBFILE, _OLD_SUBFILE, _SUB_IFDS = 254, 255, 330
_REDUCED, _MASK, _MASK_COLOURS = 1, 4, 4
_DNG_VERSION, _MOSAIC = 50706, {33421, 33422}
_OF_SENSORS = {32803, 34892}  # photometric: a colour filter's mosaic, linear raw
_BY_CAMERAS = {32767, 32769, 32770, 32867, 34713, 65000, 65535}  # compression
_PIXELS = {
    256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325,
    332, 338, 339, 347, 512, 513, 514, 515, 517, 518, 519, 520, 529, 530, 531, 532,
}  # fmt: skip
"""What a page's pixels need."""
_MOST = 500
"""Pages, entries of a page and numbers of an entry that are looked at."""
MOST_PARTS = 1_000_000
"""Strips or tiles of a page."""
_ENDIAN: dict[str, Literal["little", "big"]] = {"<": "little", ">": "big"}
_RATIONAL = 5
_LETTERS = {1: "B", 3: "H", 4: "I", 5: "I", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}


@dataclass(frozen=True, eq=False)
class Page:
    """A page (an IFD) of the TIFF `data`. entries: by tag, as the file has them."""

    data: bytes
    order: str
    big: bool
    entries: Mapping[int, bytes]
    following: int

    def numbers(self, tag: int, default: Numbers = (), most: int = _MOST) -> Numbers:
        """A tag's first values; the default if it has none that are numbers."""
        entry = self.entries.get(tag)
        if entry is None:
            return default
        kind, count = struct.unpack_from(self.order + ("HQ" if self.big else "HI"), entry, 2)
        letter = _LETTERS.get(kind)
        if letter is None or not count:
            return default
        count = min(count, most)
        form = f"{self.order}{2 * count if kind == _RATIONAL else count}{letter}"
        content = self._content(entry, struct.calcsize(form))
        if len(content) < struct.calcsize(form):
            return default
        values = struct.unpack(form, content)
        if kind != _RATIONAL:
            return values
        return tuple(a / b if b else 0.0 for a, b in zip(values[::2], values[1::2], strict=True))

    def number(self, tag: int, default: int = 0) -> int:
        """A tag's first value, as a whole number."""
        return int(self.numbers(tag, (default,))[0])

    @property
    def profile(self) -> bytes | None:
        """Its ICC profile."""
        entry = self.entries.get(PROFILE)
        if entry is None:
            return None
        (length,) = struct.unpack_from(self.order + ("Q" if self.big else "I"), entry, 4)
        return self._content(entry, length) or None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as stored, in pixels."""
        return self.number(WIDTH), self.number(HEIGHT)

    @property
    def bits(self) -> int:
        """Of a sample: the most, if samples differ."""
        return int(max(self.numbers(BITS, (1,))))

    @property
    def reduced(self) -> bool:
        """Whether it is marked as a smaller copy of another page."""
        return bool(self.number(_SUBFILE) & _REDUCED) or self.number(_OLD_SUBFILE) == 2

    @property
    def shown(self) -> bool:
        """Whether it has pixels that are no mask."""
        mask = self.number(_SUBFILE) & _MASK or self.number(PHOTOMETRIC) == _MASK_COLOURS
        return min(self.size) > 0 and not mask

    @property
    def raw(self) -> bool:
        """Whether it holds what a camera's sensor saw."""
        return (
            _DNG_VERSION in self.entries
            or bool(_MOSAIC & set(self.entries))
            or self.number(PHOTOMETRIC) in _OF_SENSORS
            or self.number(COMPRESSION) in _BY_CAMERAS
        )

    def alone(self, changes: Mapping[int, Sequence[int]] | None = None) -> bytes:
        """A file of this page, with nothing but what its pixels need. changes: what to say
        instead, by tag; of no number, nothing."""
        entries = {tag: entry for tag, entry in self.entries.items() if tag in _PIXELS}
        more = b""
        for tag, values in (changes or {}).items():
            content = struct.pack(f"{self.order}{len(values)}I", *values)
            room = 8 if self.big else 4
            if len(content) > room:
                at = len(self.data) + len(more)
                more += content
                content = struct.pack(self.order + ("Q" if self.big else "I"), at)
            head = struct.pack(self.order + ("HHQ" if self.big else "HHI"), tag, 4, len(values))
            entries[tag] = head + content.ljust(room, b"\0")
            if not values:
                del entries[tag]
        number, address = ("Q", "Q") if self.big else ("H", "I")
        pointer, pointed = (8, 16) if self.big else (4, 8)
        more += bytes((len(self.data) + len(more)) % 2)
        return b"".join(
            [
                self.data[:pointer],
                struct.pack(self.order + address, len(self.data) + len(more)),
                self.data[pointed:],
                more,
                struct.pack(self.order + number, len(entries)),
                *(entries[tag] for tag in sorted(entries)),
                struct.pack(self.order + address, 0),
            ]
        )

    def within(self) -> Iterator["Page"]:
        """The pages that are held in this one (SubIFDs)."""
        for offset in self.numbers(_SUB_IFDS):
            page = _page(self.data, int(offset), self.order, self.big)
            if page:
                yield page

    def _content(self, entry: bytes, length: int) -> bytes:
        """The first bytes of an entry's values: in itself if they fit, elsewhere if not."""
        field = entry[12:] if self.big else entry[8:]
        if length <= len(field):
            return field[:length]
        (at,) = struct.unpack(self.order + ("Q" if self.big else "I"), field)
        return self.data[at : at + length]


def photo_page(data: bytes) -> tuple[Page, Page | None]:
    """The page that is a file's photo, and one after it that is larger, if there is.

    A page that is marked as reduced is never chosen where there is a full one. Raises Unsupported
    for a camera's raw file, and ValueError for a file without a page.
    """
    chain = list(islice(_chain(data), _MOST))  # which may bite its own tail
    within = list(islice((inner for page in chain for inner in page.within()), _MOST))
    pages = chain + within
    if any(page.raw for page in pages):
        raise Unsupported(RAW)
    shown = [page for page in pages if page.shown]
    if not shown:
        raise ValueError("no page")
    full = [page for page in shown if not page.reduced]
    if not full:
        return max(shown, key=_area), None
    first = full[0] if full[0] in chain else max(full, key=_area)
    largest = max(full, key=_area)
    return first, largest if _area(largest) > _area(first) else None


def _area(page: Page) -> int:
    return page.size[0] * page.size[1]


def _chain(data: bytes) -> Iterator[Page]:
    order, big = ("<" if data[:1] == b"I" else ">"), 43 in data[2:4]
    (offset,) = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)
    while offset:
        page = _page(data, offset, order, big)
        if page is None:
            return
        yield page
        offset = page.following


def _page(data: bytes, offset: int, order: str, big: bool) -> Page | None:
    """The page whose IFD is there, or None if there is none."""
    number, size, address = ("Q", 20, "Q") if big else ("H", 12, "I")
    try:
        (count,) = struct.unpack_from(order + number, data, offset)
        start = offset + struct.calcsize(number)
    except (struct.error, OverflowError):
        return None
    count = min(count, _MOST)
    end = start + count * size
    if end > len(data):
        return None
    rows = [data[at : at + size] for at in range(start, end, size)]
    entries = {struct.unpack_from(order + "H", row)[0]: row for row in reversed(rows)}
    after = data[end : end + struct.calcsize(address)]
    return Page(data, order, big, entries, int.from_bytes(after, _ENDIAN[order]))
