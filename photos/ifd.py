"""TIFF's image file directories (IFDs), of which EXIF is made, copied to the byte.

Values aren't decoded: types, letters and fractions that a library would refuse or rewrite leave as
they came, and nothing in a damaged file can raise.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 129: 1}
"""Bytes of one value, by its type: the twelve of TIFF 6.0, and EXIF 3.0's UTF-8."""
_BYTE, _ASCII, SHORT, LONG, RATIONAL, UNDEFINED, _UTF_8 = 1, 2, 3, 4, 5, 7, 129
OCTETS = frozenset({_BYTE, _ASCII, UNDEFINED, _UTF_8})
NUMBERS = frozenset(_SIZES) - OCTETS
_POINTERS = {LONG: "I", 13: "I"}
_BIG_POINTERS = {**_POINTERS, 16: "Q", 18: "Q"}
_MOST = 65_535
"""Entries of a directory, at most; a BigTIFF could claim more."""

type Wanted = Mapping[int, frozenset[int]]
"""Tags, each with the types that its values may have."""


class Entry(NamedTuple):
    """The type of a tag's values, and their bytes in the byte order of the file."""

    type: int
    data: bytes


type Directory = dict[int, Entry]


@dataclass(frozen=True)
class Source:
    """A TIFF, or the EXIF of another file. order: "<" or ">", as `struct` has it. big: a BigTIFF.
    first: where its first directory begins."""

    data: bytes
    order: str
    big: bool
    first: int

    @classmethod
    def of(cls, data: bytes) -> Self | None:
        """None if it doesn't begin as a TIFF does."""
        order = {b"II": "<", b"MM": ">"}.get(data[:2])
        if order is None or len(data) < 16:
            return None
        version, classic = struct.unpack_from(f"{order}HI", data, 2)
        if version == 42:
            return cls(data, order, False, classic)
        big: int = struct.unpack_from(f"{order}Q", data, 8)[0]
        return cls(data, order, True, big) if version == 43 else None

    def directory(self, start: int, wanted: Wanted) -> Directory:
        """What is wanted of the directory at `start`. Left out are entries of another type than the
        wanted ones, without values, or beyond the end of the file."""
        found: Directory = {}
        # Entries may overlap: together they could be thousands of times as long as the file.
        left = len(self.data)
        for tag, kind, count, place in self._entries(start):
            length = _SIZES.get(kind, 0) * count
            if tag in found or kind not in wanted.get(tag, ()) or not 0 < length <= left:
                continue
            value = self.data[place : place + length]
            if len(value) == length:
                # Programs older than EXIF 3.0 refuse the whole of it for its one new type.
                found[tag] = Entry(_ASCII if kind == _UTF_8 else kind, value)
                left -= length
        return found

    def pointer(self, start: int, tag: int) -> int | None:
        """Where the directory begins to which an entry of the one at `start` points."""
        kinds = _BIG_POINTERS if self.big else _POINTERS
        for found, kind, count, place in self._entries(start):
            if found == tag and count == 1 and kind in kinds:
                target: int = struct.unpack_from(self.order + kinds[kind], self.data, place)[0]
                return target
        return None

    def _entries(self, start: int) -> Iterator[tuple[int, int, int, int]]:
        """(tag, type, count, where the values are) of each entry of the directory at `start`."""
        numbers = struct.Struct(self.order + ("Q" if self.big else "H"))
        entry = struct.Struct(self.order + ("HHQQ" if self.big else "HHII"))
        room = 8 if self.big else 4
        end = start + numbers.size
        if end > len(self.data):
            return
        count = min(numbers.unpack_from(self.data, start)[0], _MOST)
        count = min(count, (len(self.data) - end) // entry.size)
        for at in range(end, end + count * entry.size, entry.size):
            tag, kind, values, offset = entry.unpack_from(self.data, at)
            short = _SIZES.get(kind, room) * values <= room
            yield tag, kind, values, at + entry.size - room if short else offset


def entry(order: str, kind: int, *values: int) -> Entry:
    """Numbers as an entry. A RATIONAL takes two: numerator and denominator."""
    how = {SHORT: "H", LONG: "I", RATIONAL: "I"}[kind]
    return Entry(kind, struct.pack(f"{order}{len(values)}{how}", *values))


def ratio(order: str, value: Entry) -> float | None:
    """The number in an entry of one unsigned fraction or whole number; None if it holds none."""
    how = {SHORT: "H", LONG: "I", RATIONAL: "II"}.get(value.type)
    if how is None or len(value.data) != _SIZES[value.type]:
        return None
    top, *bottom = struct.unpack(order + how, value.data)
    if bottom == [0]:
        return None
    return float(top / bottom[0]) if bottom else float(top)


def written(order: str, first: Directory, inner: Mapping[int, Directory]) -> bytes:
    """A classic TIFF without pixels: `first`, then the inner directories that hold anything, each
    behind the tag that points to it."""
    inner = {tag: inner[tag] for tag in sorted(inner) if inner[tag]}
    place = 8 + _length({**first, **dict.fromkeys(inner, Entry(LONG, bytes(4)))})
    pointers, rest = {}, b""
    for tag, directory in inner.items():
        pointers[tag] = entry(order, LONG, place + len(rest))
        rest += _laid_out(order, directory, place + len(rest))
    head = {"<": b"II", ">": b"MM"}[order] + struct.pack(f"{order}HI", 42, 8)
    return head + _laid_out(order, first | pointers, 8) + rest


def _length(directory: Directory) -> int:
    return 6 + sum(12 + _beyond(entry.data) for entry in directory.values())


def _beyond(data: bytes) -> int:
    """How much room values take outside of their entry; each begins at an even place."""
    return len(data) + len(data) % 2 if len(data) > 4 else 0


def _laid_out(order: str, directory: Directory, start: int) -> bytes:
    table = bytearray(struct.pack(f"{order}H", len(directory)))
    values, place = bytearray(), start + 6 + 12 * len(directory)
    for tag in sorted(directory):
        kind, data = directory[tag]
        table += struct.pack(f"{order}HHI", tag, kind, len(data) // _SIZES[kind])
        if _beyond(data):
            table += struct.pack(f"{order}I", place + len(values))
            values += data.ljust(_beyond(data), b"\0")
        else:
            table += data.ljust(4, b"\0")
    return bytes(table + bytes(4) + values)
