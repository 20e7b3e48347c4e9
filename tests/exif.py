"""EXIF as cameras write it, put together and taken apart by hand."""

import struct
from dataclasses import dataclass

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED = 1, 2, 3, 4, 5, 7
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
EXIF, GPS, INTEROP, MAKER_NOTE, COMMENT = 0x8769, 0x8825, 0xA005, 0x927C, 0x9286

type Found = dict[int, dict[int, tuple[int, bytes]]]
"""For each directory, by the tag that points to it (or 0): its tags with their type and bytes."""


@dataclass(frozen=True)
class To:
    """A value that points to the directory with this number. type: the value's."""

    directory: int
    type: int = LONG


type Value = tuple[int, bytes] | To
type Fields = dict[int, Value]


def numbers(order: str, kind: int, *values: int) -> tuple[int, bytes]:
    how = {SHORT: "H", LONG: "I", RATIONAL: "I"}[kind]
    return kind, struct.pack(f"{order}{len(values)}{how}", *values)


def tiff(order: str, *directories: Fields, following: int | None = None) -> bytes:
    """A TIFF of directories. following: the number of the one that comes after the first, where
    thumbnails are."""
    starts, end = [], 8
    for fields in directories:
        starts.append(end)
        lengths = (len(value[1]) + 1 for value in fields.values() if not isinstance(value, To))
        end += 6 + 12 * len(fields) + sum(lengths)
        end += end % 2
    file = bytearray({"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "I", 8))
    for number, (fields, start) in enumerate(zip(directories, starts, strict=True)):
        file = file.ljust(start, b"\0")
        values, place = bytearray(), start + 6 + 12 * len(fields)
        file += struct.pack(order + "H", len(fields))
        for tag, value in sorted(fields.items()):
            if isinstance(value, To):
                kind, data = value.type, struct.pack(order + "I", starts[value.directory])
            else:
                kind, data = value
            file += struct.pack(order + "HHI", tag, kind, len(data) // SIZES.get(kind, 1))
            if len(data) <= 4:
                file += data.ljust(4, b"\0")
            else:
                file += struct.pack(order + "I", place + len(values))
                values += data.ljust(len(data) + len(data) % 2, b"\0")
        after = starts[following] if following and number == 0 else 0
        file += struct.pack(order + "I", after) + values
    return bytes(file)


def camera(order: str) -> bytes:
    """A block as a camera writes it. It holds the place, a maker's note that tells the city, a
    thumbnail, an Interoperability IFD, an unknown aperture (0/0) and a name that is no Unicode."""

    def short(value: int) -> tuple[int, bytes]:
        return numbers(order, SHORT, value)

    first: Fields = {
        0x010E: (ASCII, b"Caf\xe9 am Meer\0"),
        0x010F: (ASCII, b"Maker\0"),
        0x0112: short(6),
        0x011A: numbers(order, RATIONAL, 240, 1),
        0x011B: numbers(order, RATIONAL, 240, 1),
        0x0128: short(2),
        0x013B: (ASCII, "Zoë".encode() + b"\0"),
        0x0213: short(2),
        EXIF: To(1),
        GPS: To(2),
        0xC4A5: (UNDEFINED, b"PrintIM\0Berlin"),
    }
    exposure: Fields = {
        0x829A: numbers(order, RATIONAL, 1, 250),
        0x9000: (UNDEFINED, b"0230"),
        0x9003: (ASCII, b"2020:01:01 00:00:00\0"),
        0x9101: (UNDEFINED, b"\1\2\3\0"),
        0x9102: numbers(order, RATIONAL, 2, 1),
        0x9214: numbers(order, SHORT, 10, 10),
        MAKER_NOTE: (UNDEFINED, b"MAKER\0\1Berlin, Alexanderplatz"),
        COMMENT: (UNDEFINED, b"ASCII\0\0\0by the sea"),
        0x9999: (ASCII, b'{"city": "Berlin"}\0'),
        0xA000: (UNDEFINED, b"0100"),
        0xA001: short(0xFFFF),
        0xA002: numbers(order, LONG, 4000),
        0xA003: numbers(order, LONG, 3000),
        INTEROP: To(3),
        0xA432: numbers(order, RATIONAL, 24, 1, 70, 1, 0, 0, 0, 0),
        0xA434: (129, "Zoë 24–70\0".encode()),
    }
    place: Fields = {
        0: (BYTE, b"\2\3\0\0"),
        1: (ASCII, b"N\0"),
        2: numbers(order, RATIONAL, 52, 1, 31, 1, 1234, 100),
        0x1D: (ASCII, b"2020:01:01\0"),
    }
    interop: Fields = {1: (ASCII, b"R03\0"), 2: (UNDEFINED, b"0100")}
    thumbnail: Fields = {0x0103: short(6), 0x0201: numbers(order, LONG, 0), 0x0202: short(1)}
    return tiff(order, first, exposure, place, interop, thumbnail, following=4)


def long_comment(length: int = 70_000) -> bytes:
    """A block by Zoe with a comment of this length: by default, more than a JPEG can hold."""
    comment = (UNDEFINED, b"ASCII\0\0\0" + b"x" * length)
    return b"Exif\0\0" + tiff("<", {0x013B: (ASCII, b"Zoe\0"), EXIF: To(1)}, {COMMENT: comment})


def long_description() -> bytes:
    """A block so long that a JPEG can just hold it."""
    return b"Exif\0\0" + tiff("<", {0x010E: (ASCII, b"x" * 65_400)})


def walk(block: bytes) -> Found:
    """What a block holds. Fails on what a program that edits EXIF would fail on: pointers that lead
    outside or to places already in use, entries out of order, unknown types, thumbnails."""
    assert block[:6] == b"Exif\0\0"
    data = block[6:]
    order = {b"II*\0": "<", b"MM\0*": ">"}[data[:4]]
    taken = {range(8)}
    found: Found = {}

    def take(start: int, length: int) -> bytes:
        place = range(start, start + length)
        assert start % 2 == 0
        assert start + length <= len(data)
        assert not any(place.start < other.stop and other.start < place.stop for other in taken)
        taken.add(place)
        return data[start : start + length]

    def directory(name: int, start: int) -> None:
        count = struct.unpack(order + "H", data[start : start + 2])[0]
        assert count > 0
        table = take(start, 6 + 12 * count)
        assert table[-4:] == bytes(4)
        entries = [struct.unpack_from(order + "HHI4s", table, 2 + 12 * i) for i in range(count)]
        tags = [entry[0] for entry in entries]
        assert tags == sorted(set(tags))
        found[name] = {}
        for tag, kind, values, field in entries:
            length = SIZES[kind] * values
            assert length > 0
            offset = struct.unpack(order + "I", field)[0]
            value = field[:length] if length <= 4 else take(offset, length)
            if name == 0 and tag in (EXIF, GPS):
                directory(tag, offset)
            else:
                found[name][tag] = kind, value

    directory(0, struct.unpack(order + "I", data[4:8])[0])
    assert sum(map(len, taken)) <= len(data) <= sum(len(each) + 1 for each in taken)
    return found
