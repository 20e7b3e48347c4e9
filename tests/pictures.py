"""Files of pictures, made in memory."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image


def saved(image: Image.Image, format_: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()


def left_red_right_blue(width: int = 64, height: int = 32) -> Image.Image:
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((30, 30, 200), (width // 2, 0, width, height))
    return image


def plain(colour: tuple[int, ...], mode: str = "RGB", side: int = 32) -> Image.Image:
    return Image.new(mode, (side, side), colour if len(colour) > 1 else colour[0])


def png(*chunks: tuple[bytes, bytes], image: Image.Image | None = None) -> bytes:
    """A PNG with these chunks after its head."""
    data = saved(image or left_red_right_blue(), "PNG")
    return data[:33] + b"".join(chunk(*each) for each in chunks) + data[33:]


def chunk(name: bytes, content: bytes, *, right: bool = True) -> bytes:
    checksum = zlib.crc32(name + content) ^ (not right)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def deep_png(values: NDArray[np.uint16], *chunks: tuple[bytes, bytes]) -> bytes:
    """16 bits a sample: `(H, W)`, or `(H, W, samples)` of 2 to 4."""
    height, width = values.shape[:2]
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[values.shape[2] if values.ndim == 3 else 1]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    head = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, 0)
    every = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in every)


def tiff(values: NDArray[Any], **options: Any) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, values, **options)
    return file.getvalue()


def retagged(data: bytes, changes: dict[int, list[int]]) -> bytes:
    """A little-endian TIFF with other tags on its first page, whose list moves to the end."""
    (at,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, at)
    entries = {}
    for i in range(count):
        entry = data[at + 2 + 12 * i : at + 14 + 12 * i]
        entries[struct.unpack("<H", entry[:2])[0]] = entry
    data += bytes(len(data) % 2)
    for tag, values in changes.items():
        content = struct.pack(f"<{len(values)}I", *values)
        if len(values) > 1:
            content, data = struct.pack("<I", len(data)), data + content
        entries[tag] = struct.pack("<HHI", tag, 4, len(values)) + content
        if not values:
            del entries[tag]
    body = struct.pack("<H", len(entries)) + b"".join(entries[tag] for tag in sorted(entries))
    return data[:4] + struct.pack("<I", len(data)) + data[8:] + body + bytes(4)
