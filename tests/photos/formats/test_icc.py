"""Matrix profiles mean what Little CMS makes of them; all others are told apart."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from photos.formats.icc import LEVELS, matrix_of
from photos.own import Own
from tests.profiles import SRGB_CURVE, parametric, profile, sampled

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
TABLE = sampled(*(round(65535 * (each / 99) ** 1.9) for each in range(100)))
KINDS = {
    "Display P3": profile("p3"),
    "Adobe RGB": profile("adobe", sampled(563)),
    "ProPhoto": profile("prophoto", parametric(1.8, 1, 0, 1 / 16, 0.03125)),
    "a line": profile("srgb", sampled()),
    "a table": profile("p3", TABLE),
    "type 0": profile("p3", parametric(2.2)),
    "type 1": profile("p3", parametric(2.2, 0.97, 0.03)),
    "type 2": profile("p3", parametric(2.0, 0.95, 0.05, -0.0025)),
    "type 4": profile("p3", parametric(*SRGB_CURVE, 0.0, 0.0)),
}
BROKEN = {
    "nothing": b"",
    "cut short": KINDS["a table"][:-100],
    "grey": profile(space=b"GRAY"),
    "tables": profile(more={b"A2B0": b"mft2" + bytes(60)}),
    "three curves": profile("p3", sampled(563), sampled(461), sampled(563)),
    "falling": profile("p3", sampled(65535, 0)),
    "of another kind": profile("p3", parametric(2.4)[:8] + b"\0\x09" + bytes(8)),
    "no light": profile("p3", sampled(0, 0)),
    "no number": profile("p3", parametric(2.4, 0.0, 1.0)),
    "noise": bytes(range(256)) * 4,
}


@pytest.mark.parametrize("name", KINDS)
def test_matrix_profiles_mean_what_little_cms_makes_of_them(name: str) -> None:
    """Within two levels of 255, as far as both have the colours."""
    pixels = np.random.default_rng(0).integers(0, 256, (60, 60, 3)).astype(np.uint8)
    source = ImageCms.ImageCmsProfile(io.BytesIO(KINDS[name]))
    image = Image.fromarray(pixels)
    expected = np.asarray(ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB"))
    matrix = matrix_of(KINDS[name])
    assert matrix is not None
    light = np.clip(matrix.curve[pixels.astype(int) * 257] @ matrix.to_srgb.T, 0, 1)
    code = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    assert np.abs(code * 255 - expected).max() < 2


@pytest.mark.parametrize("name", BROKEN)
def test_all_others_are_told_apart(name: str) -> None:
    assert matrix_of(BROKEN[name]) is None


@pytest.mark.parametrize("name", ["Display P3", "type 4"])
def test_srgbs_curve_needs_no_tables(name: str) -> None:
    own = Own.of(KINDS[name])
    assert own.into is None
    assert own.back is None


@pytest.mark.parametrize("name", ["Adobe RGB", "ProPhoto", "a line"])
def test_the_way_there_and_back_is_nearly_the_same(name: str) -> None:
    """To a level of 65535, above the deepest shadows, which sRGB tells apart less finely."""
    own = Own.of(KINDS[name])
    assert own.into is not None
    assert own.back is not None
    steps = np.arange(LEVELS)
    back = own.back[own.into].astype(int)
    assert np.abs(back - steps)[3000:].max() <= 1
    assert (np.diff(back) >= 0).all()
    assert back[0] == 0
    assert back[-1] == 65535


def test_a_grey_of_srgb_is_the_same_number_in_every_space_of_its_curve() -> None:
    grey = np.full((2, 2, 3), 0xF2, np.uint8)
    assert np.abs(Own.of(KINDS["Display P3"]).of_srgb(grey).astype(int) - 0xF2 * 257).max() <= 1
