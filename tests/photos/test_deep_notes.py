"""What results don't keep of a file of more than 8 bits is told, with the reason; nothing else."""

import io
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from photos.formats.deep import deep_values
from photos.reading import open_photo
from tests.pictures import deep_png, saved, tiff
from tests.profiles import profile, sampled

DEEP = np.random.default_rng(0).integers(0, 65535, (20, 30, 3)).astype(np.uint16)
GREY = Image.fromarray((DEEP[..., 0] // 257).astype(np.uint8))
GAMMA = (b"gAMA", (100_000).to_bytes(4, "big"))
OPAQUE = np.dstack([DEEP, np.full((20, 30), 65535, np.uint16)])
CLEAR = np.dstack([DEEP, DEEP[..., 0]])
TABLES = profile(more={b"A2B0": b"mft2" + bytes(60)})
CURVES = profile("p3", sampled(563), sampled(461), sampled(563))
GREYS = profile(space=b"GRAY")
BROKEN = "The file's colour profile can't be used: its colours are taken for sRGB's."


def rgb(values: np.ndarray, icc: bytes | None = None, **more: object) -> bytes:
    return tiff(values, photometric="rgb", iccprofile=icc, metadata=None, **more)


def icc(data: bytes) -> tuple[bytes, bytes]:
    return b"iCCP", b"ICC\0\0" + zlib.compress(data)


@pytest.mark.parametrize(
    ("data", "depth", "why"),
    [
        (deep_png(DEEP[..., 0]), 16, "they are grey"),
        (deep_png(DEEP[..., :2]), 16, "they are grey"),
        (tiff(DEEP[..., 0], metadata=None), 16, "they are grey"),
        (deep_png(CLEAR), 16, "some of it is transparent"),
        (rgb(CLEAR, extrasamples=["unassalpha"]), 16, "some of it is transparent"),
        (rgb((DEEP / 65535).astype(np.float32)), 32, "they aren't whole numbers of 16 bits"),
        (rgb((DEEP / 65535).astype(np.float16)), 16, "they aren't whole numbers of 16 bits"),
        (rgb(DEEP.astype(np.uint32) * 65537), 32, "they aren't whole numbers of 16 bits"),
        (tiff(CLEAR, photometric="separated", metadata=None), 16, "they aren't RGB"),
        (
            deep_png(DEEP, GAMMA),
            16,
            "they are in a colour space of their own, without a profile",
        ),
        (rgb(DEEP, CURVES), 16, "their profile is no matrix with one curve"),
        (deep_png(DEEP, icc(CURVES)), 16, "their profile is no matrix with one curve"),
    ],
)
def test_what_is_lost_is_told(data: bytes, depth: int, why: str) -> None:
    photo = open_photo(data, "deep")
    told = f"The file's colours have {depth} bits; results have 8, in sRGB: {why}."
    assert photo.notes == (told,)
    assert photo.profile is None


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (deep_png(DEEP), b""),
        (deep_png(OPAQUE), b""),
        (rgb(DEEP), b""),
        (rgb(OPAQUE, extrasamples=["unassalpha"]), b""),
        (rgb(DEEP, profile("p3")), profile("p3")),
        (deep_png(DEEP, icc(profile("adobe", sampled(563)))), profile("adobe", sampled(563))),
    ],
)
def test_what_is_kept_is_not_told(data: bytes, kept: bytes) -> None:
    photo = open_photo(data, "deep")
    assert photo.notes == ()
    assert photo.profile == kept
    assert np.array_equal(photo.deep(), DEEP)


@pytest.mark.parametrize("broken", [b"nonsense" * 40, profile("p3")[:150], GREYS])
def test_colours_with_a_broken_profile_are_srgbs_and_it_is_told(broken: bytes) -> None:
    for data in (rgb(DEEP, broken), deep_png(DEEP, icc(broken))):
        photo = open_photo(data, "deep")
        assert photo.notes == (BROKEN,)
        assert photo.profile == b""


def test_a_profile_of_tables_is_not_taken_for_its_matrix() -> None:
    """The tables here are broken, so that the whole profile is."""
    assert open_photo(rgb(DEEP, TABLES), "deep").profile == b""


def test_a_later_page_of_16_bits_is_told_of() -> None:
    small = np.ascontiguousarray(DEEP[::2, ::2] // 257).astype(np.uint8)
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as pages:
        pages.write(small, photometric="rgb")
        pages.write(np.kron(DEEP, np.ones((2, 2, 1), np.uint16)), photometric="rgb")
    photo = open_photo(file.getvalue(), "pages")
    assert photo.profile is None
    if (photo.width, photo.height) == (60, 40):
        assert photo.notes[-1].endswith("they aren't on the file's first page.")


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
