"""TIFF's image file directories (IFDs), of which EXIF and a TIFF's pages are made.

They are copied to the byte: types, letters and fractions that a library would refuse or rewrite
leave as they came. Nothing in a damaged file can raise, or make more of it than its own length.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

_SIZES = {
    1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8,
    18: 8, 129: 1,
}  # fmt: skip
"""Bytes of one value, by its type: TIFF 6.0's twelve, IFD, BigTIFF's three, EXIF 3.0's UTF-8."""
_BYTE, _ASCII, SHORT, LONG, RATIONAL, UNDEFINED, _UTF_8 = 1, 2, 3, 4, 5, 7, 129
OCTETS = frozenset({_BYTE, _ASCII, UNDEFINED, _UTF_8})
NUMBERS = frozenset(range(1, 13)) - OCTETS
ANY = frozenset(_SIZES)
_LETTERS = {1: "B", 3: "H", 4: "I", 5: "I", 8: "h", 9: "i", 13: "I", 16: "Q", 17: "q", 18: "Q"}
"""How `struct` reads whole numbers, and the two of which a fraction is made."""
_POINTERS = {LONG, 13, 16, 18}
_MOST = 1000
"""Entries of a directory that are looked at."""

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

    def directory(self, start: int, wanted: Wanted, limit: int | None = None) -> Directory:
        """What is wanted of the directory at `start`. Left out are entries of another type than the
        wanted ones, without values, beyond the end of the file, or beyond the limit: the bytes
        that all of them may have."""
        found: Directory = {}
        # Entries may overlap: together they could be thousands of times as long as the file.
        left = len(self.data) if limit is None else limit
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

    def tags(self, start: int) -> set[int]:
        """Those of the directory at `start` that claim to have values."""
        return {tag for tag, _, count, _ in self._entries(start) if count}

    def pointer(self, start: int, tag: int) -> int | None:
        """Where the directory begins to which an entry of the one at `start` points."""
        found = self.directory(start, {tag: frozenset(_POINTERS)}, limit=8)
        targets = numbers(self.order, found[tag]) if found else ()
        return int(targets[0]) if len(targets) == 1 else None

    def following(self, start: int) -> int | None:
        """Where the directory after the one at `start` begins: 0 if it's the last, None if that
        one isn't all there."""
        begin, count = self._table(start)
        end = begin + count * self._size
        if not begin < end <= len(self.data):
            return None
        pointer = self.data[end : end + self._room]
        return int.from_bytes(pointer, "little" if self.order == "<" else "big")

    def led_by(self, first: Directory) -> bytes:
        """The same bytes as a classic TIFF with another first directory, and no other one."""
        even = bytes(len(self.data) % 2)
        start = len(self.data) + len(even)
        body = memoryview(self.data)[8:]
        return b"".join([_head(self.order, start), body, even, _laid_out(self.order, first, start)])

    def _entries(self, start: int) -> Iterator[tuple[int, int, int, int]]:
        """(tag, type, count, where the values are) of each entry of the directory at `start`."""
        begin, count = self._table(start)
        count = min(count, _MOST, (len(self.data) - begin) // self._size)
        for at in range(begin, begin + count * self._size, self._size):
            how = self.order + ("HHQQ" if self.big else "HHII")
            tag, kind, values, offset = struct.unpack_from(how, self.data, at)
            short = _SIZES.get(kind, self._room) * values <= self._room
            yield tag, kind, values, at + self._size - self._room if short else offset

    def _table(self, start: int) -> tuple[int, int]:
        """Where the entries of the directory at `start` begin, and how many it claims to have."""
        how = self.order + ("Q" if self.big else "H")
        begin = start + struct.calcsize(how)
        whole = start >= 0 and begin <= len(self.data)
        return begin, struct.unpack_from(how, self.data, start)[0] if whole else 0

    @property
    def _size(self) -> int:
        """Bytes of an entry."""
        return 20 if self.big else 12

    @property
    def _room(self) -> int:
        """Bytes of an address, and of the values that an entry holds itself."""
        return 8 if self.big else 4


def entry(order: str, kind: int, *values: int) -> Entry:
    """Numbers as an entry. A RATIONAL takes two: numerator and denominator."""
    return Entry(kind, struct.pack(f"{order}{len(values)}{_LETTERS[kind]}", *values))


def numbers(order: str, value: Entry) -> tuple[float, ...]:
    """Those in an entry, if they are whole ones or unsigned fractions. A fraction of 0 is 0."""
    letter = _LETTERS.get(value.type)
    if letter is None:
        return ()
    count = len(value.data) // struct.calcsize(letter)
    values = struct.unpack(f"{order}{count}{letter}", value.data)
    if value.type != RATIONAL:
        return values
    return tuple(a / b if b else 0.0 for a, b in zip(values[::2], values[1::2], strict=True))


def written(order: str, first: Directory, inner: Mapping[int, Directory]) -> bytes:
    """A classic TIFF without pixels: `first`, then the inner directories that hold anything, each
    behind the tag that points to it."""
    inner = {tag: inner[tag] for tag in sorted(inner) if inner[tag]}
    place = 8 + _length({**first, **dict.fromkeys(inner, Entry(LONG, bytes(4)))})
    pointers, rest = {}, b""
    for tag, directory in inner.items():
        pointers[tag] = entry(order, LONG, place + len(rest))
        rest += _laid_out(order, directory, place + len(rest))
    return _head(order, 8) + _laid_out(order, first | pointers, 8) + rest


def _head(order: str, start: int) -> bytes:
    return {"<": b"II", ">": b"MM"}[order] + struct.pack(f"{order}HI", 42, start)


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
