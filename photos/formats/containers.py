"""What a file is by its first bytes, and the same file without what only describes its pixels."""

import re
import struct
import zlib
from collections.abc import Iterator

PNG = b"\x89PNG\r\n\x1a\n"
_CRITICAL = (b"IHDR", b"PLTE", b"IDAT", b"IEND")
_LENGTHS = {b"gAMA": 4, b"cHRM": 32, b"sRGB": 1, b"cICP": 4, b"pHYs": 9}
LONGEST_TEXT = 16 << 20
"""Bytes of a PNG's text or profile, unpacked. A few MB are ordinary."""
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
_AVIF = {b"avif", b"avis"}


def format_of(data: bytes) -> str | None:
    """Pillow's name of the format that the first bytes promise; "RAW" for a camera's raw file."""
    if _raw(data):
        return "RAW"
    starts = {
        PNG: "PNG", b"\xff\xd8\xff": "JPEG", b"II*\0": "TIFF", b"MM\0*": "TIFF", b"II+\0": "TIFF",
        b"MM\0+": "TIFF", b"GIF8": "GIF",
    }  # fmt: skip
    for start, name in starts.items():
        if data.startswith(start):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[:2] == b"BM" and data[6:10] == bytes(4):
        return "BMP"
    brands = _brands(data)
    if _AVIF & brands:
        return "AVIF"
    return "HEIF" if _HEIC & brands or b"heif" in brands else None


def known_brand(data: bytes) -> bytes:
    """A HEIF or AVIF whose first brand is one that decoders look for, put there if it wasn't."""
    known, name = (_AVIF, b"avif") if format_of(data) == "AVIF" else (_HEIC, b"heic")
    return data if data[8:12] in known else data[:8] + name + data[12:]


def without_descriptions(data: bytes) -> bytes | None:
    """The file without texts and other parts that may keep a decoder from reading intact pixels.
    None for a format of which nothing can be left out."""
    strip = {"PNG": _bare_png, "JPEG": _bare_jpeg, "AVIF": _bare_avif}.get(format_of(data) or "")
    return strip(data) if strip else None


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bool]]:
    """(name, content, whether its checksum is right) of each chunk, as far as they're whole."""
    for name, begin, end in _png_places(data):
        content = data[begin:end]
        (checksum,) = struct.unpack(">I", data[end : end + 4].rjust(4, b"\0"))
        yield name, content, checksum == zlib.crc32(name + content)


def _png_places(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(name, where its content begins, where that ends) of each chunk, to IEND."""
    at = len(PNG)
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        yield name, at + 8, at + 8 + length
        at += 12 + length
        if name == b"IEND":
            return


def pixels_come_last(data: bytes) -> bool:
    """Whether a PNG has nothing but its end behind the pixels: no EXIF that turns them."""
    seen = False
    for name, _, _ in _png_places(data):
        if name == b"IEND":
            return True
        if seen and name != b"IDAT":
            return False
        seen = seen or name == b"IDAT"
    return False


def _bare_png(data: bytes) -> bytes:
    kept = [PNG]
    for name, content, right in png_chunks(data):
        critical = name in _CRITICAL
        if critical or (right and _sound(name, content, kind=data[25])):
            checksum = zlib.crc32(name + content) ^ (0 if right else 1)
            kept.append(struct.pack(">I", len(content)) + name + content)
            kept.append(struct.pack(">I", checksum))
    return b"".join(kept)


def _sound(name: bytes, content: bytes, *, kind: int) -> bool:
    """Whether decoders can read it. kind: of the PNG's colours."""
    if name == b"tRNS":
        return len(content) >= {0: 2, 2: 6, 3: 1}.get(kind, 0)
    if name != b"iCCP":
        return name == b"eXIf" or _LENGTHS.get(name) == len(content)
    _, _, packed = content.partition(b"\0")
    try:
        unpack = zlib.decompressobj()
        unpack.decompress(packed[1:], LONGEST_TEXT)
    except zlib.error:
        return False
    return packed[:1] == b"\0" and not unpack.unconsumed_tail


def _bare_jpeg(data: bytes) -> bytes:
    """Without comments and applications' segments; those that hold colours and EXIF stay."""
    kept, at = [data[:2]], 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        (length,) = struct.unpack_from(">H", data, at + 2)
        marker, segment = data[at + 1], data[at : at + 2 + length]
        application = 0xE0 <= marker <= 0xEF or marker == 0xFE
        whole = marker in (0xE0, 0xEE) and length >= 14  # JFIF's and Adobe's least
        wanted = whole or segment[4:16].startswith((b"Exif\0", b"ICC_PROFILE\0"))
        if not application or wanted:
            kept.append(segment)
        at += 2 + length
    return b"".join([*kept, data[at:]])


def _bare_avif(data: bytes) -> bytes:
    """Its EXIF goes by a name that nobody reads."""
    return re.sub(rb"(infe\x02.{7})Exif", rb"\1none", data, flags=re.DOTALL)


def _brands(data: bytes) -> set[bytes]:
    """What an ISO base media file says it is."""
    if data[4:8] != b"ftyp":
        return set()
    (length,) = struct.unpack_from(">I", data)
    box = data[8 : min(length, 4096)]
    return {box[at : at + 4] for at in range(0, len(box), 4) if at != 4}


def _raw(data: bytes) -> bool:
    """Whether it begins as cameras' raw files do: CR3, CR2, ORF, RW2, RAF, X3F, MRW, CRW or IIQ.
    Other raw files begin as every TIFF does."""
    return (
        b"crx " in _brands(data)
        or (data[:4] in (b"II*\0", b"MM\0*") and data[8:10] == b"CR")
        or data[:4] in (b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FOVb", b"\0MRM", b"IIII", b"MMMM")
        or data.startswith(b"FUJIFILMCCD-RAW")
        or data[6:14] == b"HEAPCCDR"
    )
