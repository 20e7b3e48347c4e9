"""What results don't keep of a file of more than 8 bits is told, and nothing else."""

import numpy as np
import pytest
from PIL import Image, ImageCms

from photos.formats.deep import deep_values
from photos.reading import open_photo
from tests.pictures import deep_png, saved, tiff

DEEP = np.random.default_rng(0).integers(0, 65535, (20, 30, 3)).astype(np.uint16)
GREY = Image.fromarray((DEEP[..., 0] // 257).astype(np.uint8))
PLAIN = "The file's colours have 16 bits; results have 8 bits, in sRGB."
GAMMA = (b"gAMA", (100_000).to_bytes(4, "big"))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (deep_png(DEEP), PLAIN),
        (deep_png(DEEP[..., 0]), PLAIN),
        (tiff(DEEP, photometric="rgb"), PLAIN),
        (
            tiff((DEEP / 65535).astype(np.float32), photometric="rgb"),
            "The file's colours have 32 bits; results have 8 bits, in sRGB.",
        ),
        (
            deep_png(DEEP, GAMMA),
            "The file's colours have 16 bits in a colour space of their own; results have 8 bits, "
            "in sRGB.",
        ),
    ],
    ids=["PNG", "grey", "TIFF", "floats", "own colours"],
)
def test_what_is_lost_is_told(data: bytes, told: str) -> None:
    assert open_photo(data, "deep").notes == (told,)


@pytest.mark.parametrize("format_", ["PNG", "TIFF", "JPEG", "WebP"])
def test_eight_bits_lose_nothing(format_: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert open_photo(saved(GREY.convert("RGB"), format_, icc_profile=profile), "a").notes == ()
    assert open_photo(saved(GREY.convert("1"), "TIFF"), "a").notes == ()


def test_deep_numbers_are_those_of_the_file_in_its_order() -> None:
    for data in (deep_png(DEEP), tiff(DEEP, photometric="rgb")):
        values = deep_values(data)
        assert values is not None
        assert (values == DEEP).all()
    assert deep_values(saved(GREY, "PNG")) is None
    assert deep_values(saved(GREY, "WebP")) is None
