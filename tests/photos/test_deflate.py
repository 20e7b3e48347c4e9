"""What is coded quickly is what any decoder of zlib streams, PNG and TIFF finds in it."""

import io
import zlib
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from photos.deflate import HEAD, coded, end_of
from photos.formats.containers import png_chunks
from photos.png import png
from photos.tiff import tiff

RNG = np.random.default_rng(5)
MANY = 1_000_000


def bytes_of(values: Any) -> NDArray[np.uint8]:
    return np.asarray(values).astype(np.uint8)


def with_deep_codes() -> NDArray[np.uint8]:
    """Bytes as rare as Fibonacci's numbers, of which Huffman's code would have 22 bits."""
    counts, more = [1], 1
    while len(counts) < 23:
        counts.append(more)
        more += counts[-2]
    values = bytes_of(np.repeat(np.arange(len(counts)), counts))
    shuffled = np.tile(RNG.permutation(values), 4)
    return np.ascontiguousarray(shuffled)


DATA: dict[str, Callable[[], NDArray[np.uint8]]] = {
    "small": lambda: bytes_of([3, 1, 2]),
    "noise": lambda: RNG.integers(0, 256, MANY, np.uint8),
    "small differences": lambda: bytes_of(np.rint(RNG.normal(0, 3, MANY)).astype(np.int8)),
    "one value": lambda: np.full(MANY, 7, np.uint8),
    "runs of all lengths": lambda: np.repeat(bytes_of(np.arange(2000)), np.arange(2000) % 600),
    "codes of too many bits": with_deep_codes,
}


@pytest.mark.parametrize("name", DATA)
def test_pieces_are_one_stream_as_small_as_zlib_makes_it(name: str) -> None:
    data = DATA[name]()
    pieces = [coded(data, last=False), coded(data[:1], last=False), coded(data)]
    stream = HEAD + b"".join(piece.coded for piece in pieces)
    stream += end_of([piece.check for piece in pieces])
    assert zlib.decompress(stream) == bytes(data) + bytes(data[:1]) + bytes(data)
    coder = zlib.compressobj(1, wbits=-15, strategy=zlib.Z_RLE)
    usual = len(coder.compress(data) + coder.flush())
    # What is before a block has 153 bytes, of which zlib compresses some; a block has 65536 codes.
    assert len(pieces[-1].coded) <= 1.005 * usual + 160


@pytest.mark.parametrize("end", range(64))
def test_the_last_bits_are_there_wherever_a_stream_ends(end: int) -> None:
    data = np.full(300_000 + 257 * end, 9, np.uint8)
    data[:: 299_000 - end] = 1
    assert zlib.decompress(coded(data).coded, wbits=-15) == bytes(data)


@pytest.mark.parametrize("samples", [1, 3, 4])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_pictures_of_many_strips_are_read_by_others(kind: Any, samples: int) -> None:
    shape = (1201, 1013, samples) if samples > 1 else (1201, 1013)
    picture = RNG.integers(0, np.iinfo(kind).max + 1, shape, kind)
    picture[300:700, 200:900] = 77
    files = png(picture), tiff(picture)
    read: Any = cv2.imdecode(np.frombuffer(files[0], np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(read[..., [2, 1, 0, 3][:samples]] if samples > 1 else read, picture)
    assert np.array_equal(tifffile.imread(io.BytesIO(files[1])), picture)
    if kind == np.uint8:
        for file in files:
            assert np.array_equal(np.asarray(Image.open(io.BytesIO(file))), picture)
    chunks = list(png_chunks(files[0]))
    assert all(right for _, _, right in chunks)
    rows = zlib.decompress(b"".join(content for name, content, _ in chunks if name == b"IDAT"))
    assert len(rows) == picture.nbytes + len(picture)
