"""TIFF: which of a file's pages is the photo, and a file of that page alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from photos import ifd
from photos.formats.picture import RAW, Unsupported

type Numbers = tuple[float, ...]
type Changes = Mapping[int, Sequence[int]]
"""What to say of a page instead, by tag; of no number, nothing."""

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, ORIENTATION = 256, 257, 258, 259, 262, 274
SAMPLES, PLANES, PREDICTOR, WHITE, TILE_WIDTH, TILE_HEIGHT = 277, 284, 317, 318, 322, 323
EXTRA_SAMPLES, SAMPLE_FORMAT, PROFILE, ROWS_A_STRIP = 338, 339, 34675, 278
STRIPS, TILES = (273, 279), (324, 325)
"""Where they are, and how long."""
GREY, RGB = 1, 2
_SUBFILE, _OLD_SUBFILE, _SUB_IFDS = 254, 255, 330
_REDUCED, _MASK, _MASK_COLOURS = 1, 4, 4
_DNG_VERSION, _MOSAIC = 50706, {33421, 33422}
_OF_SENSORS = {32803, 34892}  # photometric: a colour filter's mosaic, linear raw
_BY_CAMERAS = {32767, 32769, 32770, 32867, 34713, 65000, 65535}  # compression
_PIXELS = (
    *STRIPS, *TILES, 256, 257, 258, 259, 262, 266, 277, 278, 284, 292, 293, 317, 320, 322, 323, 332,
    338, 339, 347, 512, 513, 514, 515, 517, 518, 519, 520, 529, 530, 531, 532,
)  # fmt: skip
"""What a page's pixels need."""
_TOLD = (
    WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, ORIENTATION, SAMPLES, PLANES, PREDICTOR, WHITE,
    TILE_WIDTH, TILE_HEIGHT, EXTRA_SAMPLES, SAMPLE_FORMAT, _SUBFILE, _OLD_SUBFILE, _SUB_IFDS,
    _DNG_VERSION, *_MOSAIC,
)  # fmt: skip
"""What is looked at of each page."""
_MOST_TOLD, _MOST_HELD = 32 << 10, 16 << 20
"""Bytes of it, and of what is looked at of one page: a million of strips or tiles."""
_MOST_PAGES = 500


@dataclass(frozen=True, eq=False)
class Page:
    """The page of a TIFF whose directory is at `start`. told: what describes it, of that."""

    source: ifd.Source
    start: int
    told: ifd.Directory

    def numbers(self, tag: int, default: Numbers = ()) -> Numbers:
        """A tag's; the default if it has none."""
        value = self.told.get(tag)
        return (ifd.numbers(self.source.order, value) if value else ()) or default

    def number(self, tag: int, default: int = 0) -> int:
        return int(self.numbers(tag, (default,))[0])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as stored, in pixels."""
        return self.number(WIDTH), self.number(HEIGHT)

    @property
    def area(self) -> int:
        width, height = self.size
        return width * height

    @property
    def covered(self) -> int:
        """Pixels of all its tiles, which may be larger than it."""
        width, height = self.size
        across, down = self.number(TILE_WIDTH, width), self.number(TILE_HEIGHT, height)
        return -(-width // across) * across * -(-height // down) * down

    @property
    def whole(self) -> bool:
        """Whether the file has all that its tags claim: how it is held, and its strips or tiles."""
        claimed = self.source.tags(self.start).intersection(_TOLD, _PIXELS)
        width, height = self.size
        most = -(-width * self.number(SAMPLES, 1) * self.bits // 8) * height
        parts = (zip(*map(self.many, tags), strict=False) for tags in (STRIPS, TILES))
        # Some programs say that a page's only strip goes on to the end of all files.
        ends = (begin + min(length, most) for part in parts for begin, length in part)
        return claimed <= self.told.keys() and max(ends, default=0) <= len(self.source.data)

    @property
    def bits(self) -> int:
        return int(max(self.numbers(BITS, (1,))))

    @property
    def reduced(self) -> bool:
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
            not self.told.keys().isdisjoint({_DNG_VERSION, *_MOSAIC})
            or self.number(PHOTOMETRIC) in _OF_SENSORS
            or self.number(COMPRESSION) in _BY_CAMERAS
        )

    def held(self, *tags: int) -> ifd.Directory:
        """What the file has of these tags, which may be much."""
        return self.source.directory(self.start, dict.fromkeys(tags, ifd.ANY), _MOST_HELD)

    def many(self, tag: int) -> Numbers:
        """A tag's numbers, of which there may be a million."""
        value = self.held(tag).get(tag)
        return ifd.numbers(self.source.order, value) if value else ()

    def apart(self, begins: Sequence[int], lengths: Sequence[int]) -> bool:
        """Whether strips or tiles can be copied one by one. Those that overlap could make a small
        file a huge one; and of what isn't compressed libtiff trusts no length that a file tells."""
        compressed = self.number(COMPRESSION) not in (None, 1)
        told = 0 < len(begins) == len(lengths) and min(lengths) > 0
        return compressed and told and sum(lengths) <= len(self.source.data)

    def alone(self, changes: Changes) -> bytes:
        """A file of this page, with nothing but what its pixels need."""
        order = self.source.order
        told = {tag: ifd.entry(order, ifd.LONG, *values) for tag, values in changes.items()}
        entries, source = self.held(*_PIXELS) | told, self.source
        for places, lengths in (STRIPS, TILES):
            begins, sizes = changes.get(places, ()), changes.get(lengths, ())
            if self.apart(begins, sizes):  # only these are copied
                ends = zip(begins, sizes, strict=True)
                parts = [source.data[begin : begin + length] for begin, length in ends]
                now = accumulate(map(len, parts[:-1]), initial=8)
                entries[places] = ifd.entry(order, ifd.LONG, *now)
                source = ifd.Source(b"".join([bytes(8), *parts]), order, False, 8)
        return source.led_by({tag: entry for tag, entry in entries.items() if entry.data})


def photo_page(data: bytes) -> tuple[Page, Page | None]:
    """The page that is a file's photo, and one after it that is larger, if there is.

    A page that is marked as reduced is never chosen where there is a full one. Raises Unsupported
    for a camera's raw file, and ValueError for a file without a page.
    """
    source = ifd.Source.of(data)
    if source is None:
        raise ValueError("cut short")
    chain = list(islice(_chain(source), _MOST_PAGES))  # which may bite its own tail
    pages = chain + list(islice((inner for page in chain for inner in _within(page)), _MOST_PAGES))
    if any(page.raw for page in pages):
        raise Unsupported(RAW)
    shown = [page for page in pages if page.shown]
    if not shown:
        raise ValueError("no page")
    full = [page for page in shown if not page.reduced]
    largest = max(full or shown, key=lambda page: page.area)
    if not full or full[0] not in chain:
        return largest, None
    return full[0], largest if largest.area > full[0].area else None


def _chain(source: ifd.Source) -> Iterator[Page]:
    start: int | None = source.first
    while start:
        page, start = _page(source, start), source.following(start)
        if page:
            yield page


def _within(page: Page) -> Iterator[Page]:
    found = (_page(page.source, int(start)) for start in page.numbers(_SUB_IFDS))
    return (inner for inner in found if inner)


def _page(source: ifd.Source, start: int) -> Page | None:
    """The page whose directory is there, or None if there is none."""
    if source.following(start) is None:
        return None
    told = source.directory(start, dict.fromkeys(_TOLD, ifd.ANY), _MOST_TOLD)
    return Page(source, start, told)
