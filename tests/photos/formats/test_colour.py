"""Which colours a file means, by what it declares."""

import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from photos.reading import open_photo
from tests.pictures import deep_png, left_red_right_blue, plain, png, retagged, saved

RED, GREY, SLATE = (234, 51, 35), (128, 128, 128), (40, 60, 80)

# Primaries and transfer of H.273, and what the three colours are in sRGB: worked out from the
# standards' formulas in float64, apart from the code under test.
CODES = [
    ((12, 13), (255, 0, 0), (128, 128, 128), (34, 61, 82)),
    ((12, 14), (255, 41, 33), (140, 140, 140), (50, 76, 96)),
    ((11, 13), (249, 1, 3), (128, 128, 128), (36, 61, 82)),
    ((9, 13), (255, 0, 2), (128, 128, 128), (9, 62, 82)),
    ((9, 14), (255, 0, 34), (140, 140, 140), (33, 77, 97)),
    ((9, 8), (255, 94, 96), (188, 188, 188), (89, 136, 154)),
    ((9, 16), (255, 0, 0), (181, 181, 181), (0, 41, 71)),
    ((9, 18), (255, 0, 0), (137, 137, 137), (3, 58, 78)),
    ((1, 8), (246, 124, 104), (188, 188, 188), (110, 133, 152)),
    ((1, 4), (235, 48, 30), (129, 129, 129), (35, 57, 79)),
    ((1, 5), (229, 27, 12), (106, 106, 106), (17, 36, 56)),
    ((1, 7), (236, 69, 53), (141, 141, 141), (58, 77, 96)),
    ((1, 9), (216, 44, 37), (89, 89, 89), (39, 48, 58)),
    ((1, 17), (240, 35, 18), (118, 118, 118), (23, 44, 65)),
    ((1, 16), (255, 29, 12), (181, 181, 181), (17, 39, 69)),
    ((1, 18), (255, 60, 40), (137, 137, 137), (36, 57, 76)),
    ((5, 13), (238, 51, 35), (128, 128, 128), (39, 60, 80)),
    ((6, 13), (228, 61, 33), (128, 128, 128), (42, 60, 80)),
    ((22, 13), (236, 62, 33), (128, 128, 128), (39, 60, 80)),
]

Triple = tuple[int, int, int]


def off(data: bytes, *expected: Triple) -> int:
    """The largest difference of patches that stand side by side."""
    pixels = open_photo(data, "a").pixels().astype(int)
    height, width = pixels.shape[:2]
    step = width // len(expected)
    found = pixels[height // 2, [step // 2 + i * step for i in range(len(expected))]]
    return int(np.abs(found - expected).max())


def patches(*colours: Triple, side: int = 32) -> Image.Image:
    image = Image.new("RGB", (side * len(colours), side))
    for i, colour in enumerate(colours):
        image.paste(colour, (i * side, 0, i * side + side, side))
    return image


def cicp(primaries: int, transfer: int, matrix: int = 0, full: int = 1) -> tuple[bytes, bytes]:
    return b"cICP", bytes((primaries, transfer, matrix, full))


def chromaticities(*values: float) -> tuple[bytes, bytes]:
    """White, red, green and blue."""
    return b"cHRM", struct.pack(">8I", *(round(value * 100_000) for value in values))


def gamma(value: float) -> tuple[bytes, bytes]:
    return b"gAMA", struct.pack(">I", round(value * 100_000))


def nclx(data: bytes, primaries: int, transfer: int) -> bytes:
    """The file with other code points."""
    at = data.index(b"colrnclx") + 8
    return data[:at] + struct.pack(">HH", primaries, transfer) + data[at + 4 :]


def adobe(index: str = "R03", space: int = 65535) -> Image.Exif:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA001] = space
    exif.get_ifd(0x8769)[0xA005] = {1: index, 2: b"0100"}
    return exif


def linear_profile() -> bytes:
    """The least that an ICC profile of linear grey can hold: white point and a curve."""

    def number(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    d50 = b"".join(map(number, (0.9642, 1, 0.8249)))
    tags = {b"wtpt": b"XYZ " + bytes(4) + d50, b"kTRC": b"curv" + bytes(8)}
    table, body, offset = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", offset + len(body), len(data))
        body += data
    head = struct.pack(
        ">I4sI4s4s4s", offset + len(body), bytes(4), 0x02400000, b"mntr", b"GRAY", b"XYZ "
    )
    return head.ljust(36, b"\0") + b"acsp" + bytes(28) + d50 + bytes(48) + table + body


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
P3_XY = chromaticities(0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)
SRGB_XY = chromaticities(0.3127, 0.329, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
COLLINEAR = chromaticities(0.3127, 0.329, 0.64, 0.33, 0.64, 0.33, 0.64, 0.33)
P3_RED = (255, 0, 0)


@pytest.mark.parametrize(("codes", "red", "grey", "slate"), CODES)
def test_a_png_means_what_its_code_points_say(
    codes: tuple[int, int], red: Triple, grey: Triple, slate: Triple
) -> None:
    data = png(cicp(*codes), image=patches(RED, GREY, SLATE))
    assert off(data, red, grey, slate) <= 1
    assert open_photo(data, "a").profiled


@pytest.mark.parametrize(("codes", "red", "grey", "slate"), CODES)
def test_an_avif_and_a_heic_mean_what_theirs_say(
    codes: tuple[int, int], red: Triple, grey: Triple, slate: Triple
) -> None:
    """Their pixels are one or two off before, which steep curves make up to five of the darks."""
    image = patches(GREY, SLATE)
    for data in (
        saved(image, "AVIF", quality=100, subsampling="4:4:4"),
        saved(image, "HEIF", quality=-1, chroma=444),
    ):
        told = nclx(data, *codes)
        assert off(told, grey, slate) <= 5
        assert open_photo(told, "a").profiled


@pytest.mark.parametrize("codes", [(1, 13), (1, 1), (1, 6), (1, 2), (2, 13), (2, 2), (2, 1)])
def test_code_points_of_srgb_change_nothing(codes: tuple[int, int]) -> None:
    data = png(cicp(*codes), image=patches(RED, GREY, SLATE))
    assert off(data, RED, GREY, SLATE) == 0
    assert not open_photo(data, "a").profiled


@pytest.mark.parametrize("limited", [cicp(1, 13, full=0), cicp(12, 13, full=0)])
def test_a_png_may_keep_black_and_white_off_the_ends(limited: tuple[bytes, bytes]) -> None:
    image = patches((16, 16, 16), (235, 235, 235), (126, 126, 126), (2, 250, 126))
    expected: list[Triple] = [(0, 0, 0), (255, 255, 255), (128, 128, 128)]
    assert off(png(limited, image=image.crop((0, 0, 96, 32))), *expected) <= 1


@pytest.mark.parametrize("full", [0, 1])
@pytest.mark.parametrize(("codes", "grey"), [((12, 13), 128), ((9, 16), 181), ((9, 18), 137)])
def test_a_heic_of_either_range_means_the_same(
    codes: tuple[int, int], grey: int, full: int
) -> None:
    """A step of a limited range is 1.2, and PQ makes two of it."""
    primaries, transfer = codes
    data = saved(
        patches(RED, GREY), "HEIF", quality=95, chroma=444, color_primaries=primaries,
        transfer_characteristics=transfer, matrix_coefficients=9, full_range_flag=full,
    )  # fmt: skip
    assert (
        off(data, P3_RED, (grey, grey, grey)) <= 4
    )  # a step of a limited range is 1.2, and PQ is steep


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        ([cicp(12, 13), b"srgb profile", (b"sRGB", b"\0"), gamma(1)], P3_RED),
        ([b"srgb profile", (b"sRGB", b"\0"), gamma(1)], RED),
        ([(b"sRGB", b"\0"), gamma(1), P3_XY], RED),
        ([gamma(1), P3_XY], (255, 114, 96)),
        ([gamma(1)], (246, 124, 104)),
        ([P3_XY], P3_RED),
        ([gamma(1 / 2.2), P3_XY], P3_RED),
        ([gamma(1 / 2.2), SRGB_XY], RED),
        ([gamma(0)], RED),
        ([COLLINEAR], RED),
        ([COLLINEAR, gamma(1)], (246, 124, 104)),
        ([(b"cHRM", bytes(32))], RED),
        ([cicp(12, 13, matrix=1)], RED),
        ([cicp(77, 13), gamma(1)], (246, 124, 104)),
        ([cicp(12, 99), P3_XY], P3_RED),
        ([cicp(2, 2), P3_XY], P3_RED),
        ([cicp(1, 13), gamma(1)], RED),
        ([(b"cICP", b"\x0c"), gamma(1)], (246, 124, 104)),
        ([b"broken profile", P3_XY], P3_RED),
    ],
)
def test_the_strongest_declaration_of_a_png_counts(chunks: list[Any], expected: Triple) -> None:

    bodies = {b"srgb profile": SRGB, b"broken profile": b"nonsense"}
    made = [
        (b"iCCP", b"x\0\0" + zlib.compress(bodies[each])) if isinstance(each, bytes) else each
        for each in chunks
    ]
    assert off(png(*made, image=patches(RED)), expected) <= 1


def test_gamma_holds_for_greys_and_palettes_and_not_for_alpha() -> None:
    """Half of linear light is 188."""
    half = Image.new("LA", (32, 32), (128, 255))
    half.putalpha(Image.linear_gradient("L").resize((32, 32)))
    for image in (plain((128,), "L"), plain(GREY).quantize(2), half):
        photo = open_photo(png(gamma(1), image=image), "a")
        assert photo.pixels()[31, 31].tolist() == [188] * 3 or image is half
        assert image is not half or np.abs(photo.pixels()[31, 31].astype(int) - 188).max() <= 1
    alpha = open_photo(png(gamma(1), image=half), "a").alpha()
    assert alpha is not None
    assert np.abs(alpha * 255 - np.asarray(half)[..., 1]).max() < 0.01


def with_exif(format_: str, index: str, space: int) -> bytes:
    image = patches(RED, GREY)
    if format_ == "TIFF":
        # Pillow leaves the interoperability IFD out.
        data = saved(image, "TIFF")
        data += bytes(len(data) % 2)
        interop = struct.pack("<HHHI4sI", 1, 1, 2, 4, index[:3].encode(), 0)
        tags = struct.pack(
            "<HHI4sHHII", 0xA001, 3, 1, struct.pack("<Hxx", space), 0xA005, 4, 1, len(data)
        )
        exif = struct.pack("<H", 2) + tags + bytes(4)
        return retagged(data + interop + exif, {0x8769: [len(data) + len(interop)]})
    options: dict[str, dict[str, Any]] = {"JPEG": {"subsampling": 0}, "WEBP": {"lossless": True}}
    exif = adobe(index, space).tobytes()
    return saved(image, format_, exif=exif, quality=100, **options.get(format_, {}))


@pytest.mark.parametrize("format_", ["JPEG", "TIFF", "WEBP", "PNG"])
@pytest.mark.parametrize(
    ("index", "space", "is_adobe"),
    [
        ("R03", 65535, True),
        ("R03\0", 65535, True),
        ("R98", 2, True),
        ("R98", 1, False),
        ("R98", 65535, False),
        ("R03", 1, False),
    ],
)
def test_cameras_tell_adobe_rgb_by_exif(
    format_: str, index: str, space: int, is_adobe: bool
) -> None:
    data = with_exif(format_, index, space)
    expected: list[Triple] = [(255, 48, 29), (129, 129, 129)] if is_adobe else [RED, GREY]
    assert off(data, *expected) <= 2  # JPEG's own rounding
    assert open_photo(data, "a").profiled is is_adobe


@pytest.mark.parametrize("format_", ["JPEG", "TIFF"])
@pytest.mark.parametrize(("gamma_", "expected"), [(None, P3_RED), (1.0, (255, 114, 96))])
def test_primaries_may_be_told_one_by_one(
    format_: str, gamma_: float | None, expected: Triple
) -> None:
    exif = Image.Exif()
    exif[0x013E] = (0.3127, 0.329)
    exif[0x013F] = (0.68, 0.32, 0.265, 0.69, 0.15, 0.06)
    if gamma_:
        exif.get_ifd(0x8769)[0xA500] = gamma_
    read = Image.Exif()  # of which Pillow writes more into a TIFF than of a new one
    read.load(exif.tobytes())
    data = saved(patches(RED), format_, exif=read, quality=100)
    assert off(data, expected) <= 2


def test_a_profile_is_stronger_than_what_exif_says() -> None:
    data = saved(patches(RED), "JPEG", exif=adobe(), icc_profile=SRGB, quality=100)
    assert off(data, RED) <= 2


@pytest.mark.parametrize("format_", ["AVIF", "HEIF"])
def test_a_profile_is_stronger_than_code_points(format_: str) -> None:
    data = saved(patches(RED), format_, icc_profile=SRGB, quality=95)
    if b"colrnclx" in data:
        data = nclx(data, 12, 13)
    assert off(data, RED) <= 4


def test_a_profile_of_lab_is_read() -> None:
    lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
    image = left_red_right_blue()
    as_lab = ImageCms.profileToProfile(image, srgb, lab, outputMode="LAB")
    assert as_lab is not None
    profile = ImageCms.ImageCmsProfile(lab).tobytes()
    photo = open_photo(saved(as_lab, "TIFF", icc_profile=profile), "a.tif")
    assert photo.profiled
    # 8 bits of Lab hold saturated colours coarsely; unconverted, they would be 100 off.
    assert np.abs(photo.pixels().astype(int) - np.asarray(image)).max() <= 15


def test_a_grey_profile_holds_for_all_depths_and_with_alpha() -> None:
    """Linear light: 64 of 255 of it is 137 in sRGB."""
    shades = (
        Image.new("L", (4, 4), 64),
        Image.new("LA", (4, 4), (64, 255)),
        Image.fromarray(np.full((4, 4), 257 * 64, np.uint16)),
    )
    for grey in shades:
        data = saved(grey, "PNG", icc_profile=linear_profile())
        assert off(data, (137, 137, 137)) <= 1, grey.mode


def test_profiles_for_other_colours_than_the_files() -> None:
    """One of RGB on a grey picture holds; one of greys on colours says nothing."""
    grey = saved(plain((99,), "L"), "PNG", icc_profile=SRGB)
    assert off(grey, (99, 99, 99)) == 0
    assert open_photo(grey, "a").profiled
    assert off(saved(patches(RED), "PNG", icc_profile=linear_profile()), RED) == 0


@pytest.mark.parametrize("profile", [b"nonsense", SRGB[:200], bytes(3000)])
def test_a_broken_profile_is_ignored(profile: bytes) -> None:
    for format_ in ("PNG", "TIFF", "WEBP"):
        options = {"lossless": True} if format_ == "WEBP" else {}
        photo = open_photo(saved(patches(RED), format_, icc_profile=profile, **options), "a")
        assert (photo.pixels() == RED).all()
        assert not photo.profiled


def test_a_large_picture_is_converted_in_all_its_rows() -> None:
    image = patches(RED).resize((2100, 2100))
    pixels = open_photo(png(cicp(12, 13), image=image), "a").pixels()
    assert (pixels == pixels[0, 0]).all()


def test_16_bits_have_their_declaration_too() -> None:
    data = deep_png(np.full((32, 32, 3), np.array(RED) * 257, np.uint16), cicp(12, 13))
    assert off(data, P3_RED) <= 1
