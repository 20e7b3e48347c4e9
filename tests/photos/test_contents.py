"""Which files are made of a cut."""

import io
import zipfile

import pytest

from compositing.background import Background, Blur, Colour, Transparent
from photos.contents import Contents
from photos.encoding import Format, format_in
from photos.export import archive
from photos.framing import Kind
from photos.look import Look
from tests.cuts import left_half_cut, red_photo

BLUR, WHITE, CLEAR = Blur(5), Colour(255, 255, 255), Transparent()


@pytest.mark.parametrize(
    ("background", "kinds", "format_", "expected"),
    [
        (BLUR, {"matte"}, None, ["matte.png"]),
        (BLUR, {"cutout", "composite"}, None, ["cutout.png", "blurred.jpg"]),
        (WHITE, {"composite"}, "PNG", ["replaced.png"]),
        (WHITE, {"matte", "composite"}, "WebP", ["matte.png", "replaced.webp"]),
        (WHITE, {"cutout"}, "WebP", ["cutout.webp"]),
        (WHITE, {"cutout", "composite"}, "JPEG", ["cutout.png", "replaced.jpg"]),
        (CLEAR, {"cutout"}, None, ["cutout.png"]),
        (CLEAR, {"composite"}, "WebP", ["cutout.webp"]),
        (CLEAR, {"cutout", "composite"}, "JPEG", ["cutout.png"]),
        (CLEAR, {"matte"}, "WebP", ["matte.png"]),
    ],
)  # fmt: skip
def test_a_zip_holds_what_was_chosen(
    background: Background, kinds: set[Kind], format_: Format | None, expected: list[str]
) -> None:
    contents = Contents(frozenset(kinds), format_)
    packed = archive([left_half_cut(red_photo())], lambda _: Look(background), contents=contents)
    with zipfile.ZipFile(io.BytesIO(packed)) as pack:
        names = [name for name in pack.namelist() if name != "results.json"]
        assert [name.rpartition("_")[2] for name in names] == expected
        for name in names:
            ending = name.rpartition(".")[2].upper().replace("JPG", "JPEG")
            assert str(format_in(pack.read(name))).upper() == ending
