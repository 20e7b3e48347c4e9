"""Files of large pictures are what any decoder of PNG and TIFF finds in them."""

import io
import zlib
from typing import Any

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image

from photos.formats.containers import png_chunks
from photos.png import png
from photos.tiff import tiff

RNG = np.random.default_rng(5)


@pytest.mark.parametrize("samples", [1, 3, 4])
@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_pictures_of_many_parts_are_read_by_others(kind: Any, samples: int) -> None:
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


@pytest.mark.parametrize("shape", [(1, 1), (1, 7, 3), (3, 1, 4), (2, 600_000)])
def test_the_smallest_and_the_widest_are_files_too(shape: tuple[int, ...]) -> None:
    picture = RNG.integers(0, 65536, shape, np.uint16)
    read: Any = cv2.imdecode(np.frombuffer(png(picture), np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(read[..., [2, 1, 0, 3][: shape[2]]] if len(shape) > 2 else read, picture)
    assert np.array_equal(tifffile.imread(io.BytesIO(tiff(picture))).reshape(shape), picture)


@pytest.mark.parametrize("bits", [8, 16])
def test_noise_makes_a_file_hardly_larger_than_zlib_s_runs_do(bits: int) -> None:
    smooth = np.add.outer(np.linspace(40, 160, 1000), np.linspace(0, 40, 1500))
    noisy = (smooth + RNG.normal(0, 2, (3, 1000, 1500))).clip(0, 255) * (257 if bits == 16 else 1)
    picture = np.ascontiguousarray(noisy.astype(f"uint{bits}").transpose(1, 2, 0))
    rows = picture.astype(f">u{bits // 8}").reshape(1000, -1).view(np.uint8)
    coder = zlib.compressobj(1, strategy=zlib.Z_RLE)
    usual = len(coder.compress(np.diff(rows, axis=0, prepend=0).tobytes()) + coder.flush())
    assert len(png(picture)) < 1.1 * usual
