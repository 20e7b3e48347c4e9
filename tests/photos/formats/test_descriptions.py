"""Pixels are read whatever is told beside them, and only pixels can be damaged."""

import random
import struct
import subprocess
import sys
import threading
import warnings
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from photos.formats.quiet import quiet
from photos.photo import PhotoError
from photos.reading import open_photo
from tests.pictures import chunk, left_red_right_blue, png, retagged, saved, tiff

GARBAGE = b"\0\x08\0\x02\x01\x12\0\x03" + bytes(20)
IMAGE = left_red_right_blue()


def with_exif(format_: str) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Maker" * 4
    return saved(IMAGE, format_, exif=exif, quality=95)


def broken_exif(format_: str) -> bytes:
    data = with_exif(format_)
    at = next(data.index(start) for start in (b"MM\0*", b"II*\0") if start in data)
    return data[:at] + GARBAGE[:8] + data[at + 8 :]


def png_with_exif() -> bytes:
    return png((b"eXIf", GARBAGE))


def texts(*sizes: int) -> list[tuple[bytes, bytes]]:
    return [(b"zTXt", b"a\0\0" + zlib.compress(bytes(size))) for size in sizes]


def jpeg(*segments: tuple[int, bytes]) -> bytes:
    data = saved(IMAGE, "JPEG", quality=95)
    added = [struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body for marker, body in segments]
    return data[:2] + b"".join(added) + data[2:]


def noisy_profile(size: int) -> tuple[bytes, bytes]:
    return b"iCCP", b"x\0\0" + zlib.compress(random.Random(1).randbytes(size))


WHOLE: dict[str, Callable[[], bytes]] = {
    "EXIF of a JPEG": lambda: broken_exif("JPEG"),
    "EXIF of a WebP": lambda: broken_exif("WEBP"),
    "EXIF of an AVIF": lambda: broken_exif("AVIF"),
    "EXIF of a HEIC": lambda: broken_exif("HEIF"),
    "EXIF of a PNG": png_with_exif,
    "EXIF of a TIFF": lambda: retagged(saved(IMAGE, "TIFF"), {34665: [999_999_999]}),
    "EXIF of a TIFF within its pixels": lambda: retagged(saved(IMAGE, "TIFF"), {34665: [200]}),
    "EXIF of a PNG as text": lambda: png((b"tEXt", b"Raw profile type exif\0\nexif\n9\nzz")),
    "2 MB of text": lambda: png(*texts(2_000_000)),
    "40 MB of text": lambda: png(*texts(40_000_000)),
    "90 MB of texts": lambda: png(*texts(*[9_000_000] * 10)),
    "1.5 MB of profile": lambda: png(noisy_profile(1_500_000)),
    "a profile that isn't packed": lambda: png((b"iCCP", b"x\0\0nothing")),
    "a profile packed in another way": lambda: png((b"iCCP", b"x\0\7nothing")),
    "a profile that unpacks to 100 MB": lambda: png(
        (b"iCCP", b"x\0\0" + zlib.compress(bytes(100_000_000)))
    ),
    "a text packed in another way": lambda: png((b"zTXt", b"a\0\7nothing")),
    "a text whose checksum is wrong": lambda: (
        png()[:33] + chunk(b"tEXt", b"a\0b", right=False) + png()[33:]
    ),
    "a gamma whose checksum is wrong": lambda: (
        png()[:33] + chunk(b"gAMA", struct.pack(">I", 100_000), right=False) + png()[33:]
    ),
    "a text that says it's longer": lambda: png((b"iTXt", b"a\0\1\0")),
    "short chunks": lambda: png((b"gAMA", b"\0"), (b"cHRM", b"\0"), (b"sRGB", b""), (b"pHYs", b"")),
    "short transparency": lambda: png((b"tRNS", b"\0")),
    "short frames": lambda: png((b"acTL", b"\0"), (b"fcTL", b"\0")),
    "frames that don't fit": lambda: png(
        (b"acTL", struct.pack(">II", 2, 0)),
        (b"fcTL", struct.pack(">IIIIIHHBB", 5, 999, 999, 0, 0, 1, 1, 0, 0)),
    ),
    "text after the pixels": lambda: png()[:-12] + chunk(*texts(40_000_000)[0]) + png()[-12:],
    "segments of a JPEG": lambda: jpeg(
        (0xE1, b"Exif\0\0" + GARBAGE),
        (0xE2, b"MPF\0" + GARBAGE),
        (0xE2, b"ICC_PROFILE\0\1\1" + GARBAGE),
        (0xED, b"Photoshop 3.0\0" + b"8BIM\4\4" + GARBAGE),
        (0xEE, b"Adobe"),
        (0xFE, GARBAGE),
    ),
    "a gallery of a JPEG": lambda: jpeg((0xE2, b"MPF\0II*\0\x08\0\0\0" + b"\xff" * 40)),
}


@pytest.mark.parametrize("name", WHOLE)
def test_pixels_are_read_whatever_is_told_beside_them(name: str) -> None:
    photo = open_photo(WHOLE[name](), "a")
    found = photo.pixels()[[16, 16], [8, 56]].astype(int)
    assert np.abs(found - ((200, 30, 30), (30, 30, 200))).max() <= 6


def test_what_can_be_read_beside_what_cannot_is_kept() -> None:
    """A text that is far too long costs neither colours nor orientation."""
    exif = Image.Exif()
    exif[0x0112] = 6
    block = exif.tobytes()[6:]
    code = (b"cICP", bytes((12, 13, 0, 1)))
    data = png(*texts(40_000_000), (b"eXIf", block), code, (b"gAMA", b"\0\0\0\0"))
    photo = open_photo(data, "a")
    assert (photo.width, photo.height) == (32, 64)
    assert photo.profiled


def test_exif_behind_the_pixels_counts() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = png()[:-12] + chunk(b"eXIf", exif.tobytes()[6:]) + png()[-12:]
    photo = open_photo(data, "a")
    assert (photo.width, photo.height) == (32, 64)


def test_a_png_with_nothing_behind_the_pixels_is_decoded_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    decoded, load_end = [], PngImagePlugin.PngImageFile.load_end

    def counted(image: PngImagePlugin.PngImageFile) -> None:
        decoded.append(image)
        load_end(image)

    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load_end", counted)
    photo = open_photo(png(*texts(100)), "a")
    assert len(decoded) == 1
    photo.pixels()
    assert len(decoded) == 2


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF", "GIF", "BMP"])
def test_damaged_pixels_are_called_damaged(format_: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)
    data = saved(Image.fromarray(noise), format_)
    with pytest.raises(PhotoError, match="damaged or cut short"):
        open_photo(data[: len(data) // 2], "a")


def test_nothing_is_printed_by_whoever_decodes() -> None:
    """In a program of its own: what Python shows of warnings, and what libraries print."""
    short = tiff(np.random.default_rng(1).integers(0, 255, (64, 64), np.uint8), compression="zlib")
    odd = retagged(saved(IMAGE, "TIFF"), {34665: [200], 700: [1], 282: [0, 0], 59999: [1, 2, 3]})
    frames = (b"acTL", struct.pack(">II", 0, 0))
    files = [short[:1500] + b"\x99" * 40 + short[1540:], odd, png(frames), short[:2000], GARBAGE]
    code = """
import sys
from photos.reading import open_photo
from photos.photo import PhotoError
for line in sys.stdin:
    try:
        open_photo(bytes.fromhex(line), "a").pixels()
    except PhotoError:
        pass
"""
    ran = subprocess.run(
        [sys.executable, "-W", "always", "-c", code],
        input="\n".join(data.hex() for data in files),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "PIL" not in ran.stderr
    assert "tiff" not in ran.stderr.lower()
    assert "decod" not in ran.stderr.lower()


def test_threads_that_decode_at_once_leave_warnings_as_they_were() -> None:
    """The second comes while the first decodes, and goes on when that is done."""
    before = list(warnings.filters)
    came, left = threading.Event(), threading.Event()
    raised: list[Warning] = []

    def second() -> None:
        with quiet:
            came.set()
            left.wait(10)
            try:
                warnings.warn_explicit("odd", UserWarning, "Some.py", 1, module="PIL.Some")
            except UserWarning as error:
                raised.append(error)

    thread = threading.Thread(target=second)
    with quiet:
        thread.start()
        came.wait(10)
    left.set()
    thread.join(10)
    assert not raised
    assert list(warnings.filters) == before


def ordinary() -> list[tuple[str, bytes]]:
    rng = np.random.default_rng(1)
    colours = Image.fromarray(rng.integers(0, 255, (24, 32, 3), np.uint8))
    alpha = colours.convert("RGBA")
    formats = ("JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF", "GIF", "BMP")
    files = [(format_, saved(colours, format_)) for format_ in formats]
    files += [(format_, saved(alpha, format_)) for format_ in ("PNG", "WEBP", "HEIF", "AVIF")]
    values = rng.random((24, 32, 3))
    for kind in (np.uint16, np.float32):
        for packed in (None, "zlib"):
            held = (values * (65535 if kind is np.uint16 else 1)).astype(kind)
            files.append(("TIFF", tiff(held, photometric="rgb", compression=packed)))
    files.append(("PNG", png((b"cICP", bytes((9, 16, 0, 1))), *texts(100), noisy_profile(50))))
    files += [(format_, with_exif(format_)) for format_ in ("JPEG", "WEBP", "TIFF", "AVIF", "HEIF")]
    return files


@pytest.mark.parametrize("seed", range(6))
def test_changed_bytes_make_a_photo_or_a_sentence(seed: int) -> None:
    """Nothing else comes of it, and whatever opens has pixels of the size that it tells."""
    rng = random.Random(seed)
    for name, data in ordinary() * 4:
        changed = bytearray(data)
        for _ in range(rng.choice((1, 1, 2, 4, 16))):
            near_the_start = rng.random() < 0.7
            at = rng.randrange(min(len(changed), 300) if near_the_start else len(changed))
            changed[at] = rng.choice((0, 1, 255, rng.randrange(256)))
        if rng.random() < 0.1:
            del changed[rng.randrange(8, len(changed)) :]
        try:
            photo = open_photo(bytes(changed), name)
        except PhotoError:
            continue
        assert photo.pixels().shape == (photo.height, photo.width, 3)
        alpha = photo.alpha()
        assert alpha is None or alpha.shape == (photo.height, photo.width)
