"""Photos that come with transparency of their own."""

import io
from typing import Any

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from photos.reading import open_photo
from tests.pictures import deep_png, left_red_right_blue, png, saved, tiff

FADE = np.tile(np.linspace(0, 255, 64).astype(np.uint8), (32, 1))
"""From transparent to opaque, `(32, 64)`."""


EXACT: dict[str, dict[str, Any]] = {
    "HEIF": {"quality": -1},
    "AVIF": {"quality": 100},
    "WEBP": {"lossless": True},
}


def faded(mode: str = "RGBA") -> Image.Image:
    image = left_red_right_blue().convert(mode)
    image.putalpha(Image.fromarray(FADE))
    return image


def fade_of(data: bytes) -> NDArray[np.float32]:
    photo = open_photo(data, "a")
    alpha = photo.alpha()
    assert photo.transparent
    assert alpha is not None
    assert alpha.dtype == np.float32
    assert alpha.shape == (photo.height, photo.width) == photo.pixels().shape[:2]
    assert 0 <= alpha.min() <= alpha.max() <= 1
    return alpha


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize("format_", ["PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_every_format_gives_its_alpha(format_: str, mode: str) -> None:
    exact: dict[str, dict[str, Any]] = {
        "HEIF": {"quality": -1},
        "AVIF": {"quality": 100},
        "WEBP": {"lossless": True},
    }
    alpha = fade_of(saved(faded(mode), format_, **exact.get(format_, {})))
    assert np.abs(alpha * 255 - FADE).max() <= (1 if format_ == "AVIF" else 0.01)


def test_a_multiplied_heic_gets_its_colours_back() -> None:
    multiplied = np.asarray(faded().convert("RGBa"))
    made = io.BytesIO()
    pillow_heif.from_bytes("RGBa", (64, 32), multiplied.tobytes()).save(
        made, quality=-1, chroma=444
    )
    photo = open_photo(made.getvalue(), "a.heic")
    assert np.abs(fade_of(made.getvalue()) * 255 - FADE).max() < 0.01
    # 0.9 of (30, 30, 200) on white
    at = 58
    expected = [255 - FADE[0, at] / 255 * (255 - c) for c in (30, 30, 200)]
    assert np.abs(photo.pixels()[16, at] - expected).max() <= 4


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("extra", ["assocalpha", "unassalpha"])
@pytest.mark.parametrize("packed", [None, "zlib"])
def test_a_tiff_says_whether_its_colours_were_multiplied(
    kind: Any, extra: str, packed: str | None
) -> None:
    top = 1 if kind is np.float32 else np.iinfo(kind).max
    values = np.asarray(faded()) / 255
    if extra == "assocalpha":
        values[..., :3] *= values[..., 3:]
    held = (values * top).round(0 if top > 1 else 6).astype(kind)
    data = tiff(held, photometric="rgb", extrasamples=[extra], compression=packed)
    assert np.abs(fade_of(data) * 255 - FADE).max() < 0.01
    expected = 255 - FADE[:, :, None] / 255 * (255 - np.asarray(left_red_right_blue()))
    assert np.abs(open_photo(data, "a.tif").pixels() - expected).max() <= 2


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_multiplied_greys_get_theirs_back(kind: Any) -> None:
    """A grey of 90 on white."""
    values = np.stack([np.rint(90 * (FADE / 255)), FADE], axis=2) * (np.iinfo(kind).max // 255)
    data = tiff(
        values.astype(kind), photometric="minisblack", planarconfig="contig",
        extrasamples=["assocalpha"],
    )  # fmt: skip
    assert np.abs(fade_of(data) * 255 - FADE).max() <= 1
    expected = 255 - FADE[:, :, None] / 255 * (255 - 90)
    assert np.abs(open_photo(data, "a.tif").pixels() - expected).max() <= 2


def test_more_samples_that_are_no_alpha_are_left_out() -> None:
    values = np.zeros((8, 8, 4), np.uint16)
    data = tiff(values, photometric="rgb", extrasamples=["unspecified"])
    assert open_photo(data, "a.tif").alpha() is None


def test_greys_with_alpha_are_read_in_all_depths() -> None:
    values = np.stack([np.full_like(FADE, 90), FADE], axis=2)
    deep = values.astype(np.uint16) * 257
    files = (
        deep_png(deep),
        tiff(values, photometric="minisblack", extrasamples=["unassalpha"], planarconfig="contig"),
        tiff(deep, photometric="minisblack", extrasamples=["unassalpha"], planarconfig="contig"),
    )
    for data in files:
        assert np.abs(fade_of(data) * 255 - FADE).max() <= 1


def test_16_bits_of_alpha_are_read() -> None:
    values = np.asarray(faded()).astype(np.uint16) * 257
    assert np.abs(fade_of(deep_png(values)) * 255 - FADE).max() <= 1


def marked(data: bytes) -> list[list[int]]:
    return [row.tolist() for row in (fade_of(data) * 255).astype(int)]


def test_one_colour_of_a_png_may_be_marked() -> None:
    """Of 16 bits, it is that one of 2⁴⁸, not those that look like it."""
    grey = np.array([[1000, 1001]], np.uint16)
    colours = np.array([[[1000, 2000, 3000], [1000, 2000, 3001]]], np.uint16)
    assert marked(deep_png(grey, (b"tRNS", b"\x03\xe8"))) == [[0, 255]]
    assert marked(deep_png(colours, (b"tRNS", b"\x03\xe8\x07\xd0\x0b\xb8"))) == [[0, 255]]
    pair = Image.fromarray(np.array([[[1, 2, 3], [1, 2, 4]]], np.uint8))
    assert marked(png((b"tRNS", bytes((0, 1, 0, 2, 0, 3))), image=pair)) == [[0, 255]]
    pair = Image.fromarray(np.array([[7, 8]], np.uint8))
    assert marked(png((b"tRNS", bytes((0, 7))), image=pair)) == [[0, 255]]
    pair = Image.fromarray(np.array([[True, False]]))
    assert marked(png((b"tRNS", bytes((0, 1))), image=pair)) == [[0, 255]]


def test_palettes_may_have_alpha() -> None:
    image = Image.fromarray(np.array([[0, 1, 2]], np.uint8), "L").convert("P")
    image.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    assert marked(saved(image, "PNG", transparency=bytes((0, 128, 255)))) == [[0, 128, 255]]
    assert marked(saved(image, "PNG", transparency=1)) == [[255, 0, 255]]
    assert marked(saved(image, "GIF", transparency=2)) == [[255, 255, 0]]


@pytest.mark.parametrize("orientation", [3, 6, 8])
@pytest.mark.parametrize("format_", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_alpha_is_upright(format_: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    alpha = fade_of(saved(faded(), format_, exif=exif))
    turned = np.rot90(FADE, {3: 2, 6: 3, 8: 1}[orientation])
    assert np.abs(alpha * 255 - turned).max() <= 8


@pytest.mark.parametrize("format_", ["PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_alpha_of_which_all_is_opaque_is_none(format_: str) -> None:
    for mode in ("RGBA", "RGB"):
        photo = open_photo(saved(left_red_right_blue().convert(mode), format_), "a")
        assert not photo.transparent
        assert photo.alpha() is None


def sticker(*colours: tuple[int, ...], behind: int = 0) -> bytes:
    """Rings without a background; the colour that is hidden there shouldn't matter."""
    image = Image.new("RGBA", (128, 128), (behind, behind, behind, 0))
    draw = ImageDraw.Draw(image)
    for i, colour in enumerate(colours):
        inset = 16 + 12 * i
        draw.ellipse((inset, inset, 127 - inset, 127 - inset), fill=(*colour, 255))
    return saved(image, "PNG")


WHITE, BLACK, GREY, RED = (255,) * 3, (0,) * 3, (128,) * 3, (220, 30, 30)


@pytest.mark.parametrize("behind", [0, 255])
@pytest.mark.parametrize(
    ("colours", "backdrop"),
    [
        ([BLACK], 255),
        ([RED], 255),
        ([GREY], 255),
        ([(255, 255, 0)], 255),
        ([BLACK, WHITE], 255),
        ([WHITE], 0),
        ([(240, 235, 230)], 0),
        ([WHITE, BLACK], 0),
        ([WHITE, RED], 0),
    ],
)
def test_the_backdrop_is_one_on_which_the_edge_shows(
    colours: list[tuple[int, ...]], backdrop: int, behind: int
) -> None:
    pixels = open_photo(sticker(*colours, behind=behind), "a.png").pixels()
    assert pixels[0, 0].tolist() == [backdrop] * 3
    assert pixels[20, 64].tolist() == list(colours[0])


def test_an_edge_of_white_and_black_gets_a_grey_between() -> None:
    image = Image.new("RGBA", (128, 128))
    image.paste((255, 255, 255, 255), (32, 32, 64, 96))
    image.paste((0, 0, 0, 255), (64, 32, 96, 96))
    shade = open_photo(saved(image, "PNG"), "a.png").pixels()[0, 0, 0]
    assert 96 <= shade <= 160


def test_what_is_transparent_all_over_is_white() -> None:
    data = saved(Image.new("RGBA", (16, 16), (9, 9, 9, 0)), "PNG")
    photo = open_photo(data, "a.png")
    assert (photo.pixels() == 255).all()
    assert photo.transparent


def test_the_same_file_has_the_same_backdrop() -> None:
    data = sticker(WHITE, RED, BLACK)
    first, second = (open_photo(data, "a.png").pixels() for _ in range(2))
    assert (first == second).all()
