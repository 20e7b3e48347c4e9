"""What a photo's file tells of itself, and how much of that its results keep."""

from collections.abc import Set

from PIL import Image

EXIF = 0x8769  # the Exif IFD: what is of the exposure, and comments
GPS = 0x8825
TOLD = {
    0x010E, 0x010F, 0x0110, 0x011A, 0x011B, 0x0128, 0x0131, 0x0132, 0x013B, 0x013C,
    0x4746, 0x4749, 0x8298, EXIF, GPS, 0x9C9B, 0x9C9C, 0x9C9D, 0x9C9E, 0x9C9F,
}  # fmt: skip
"""What results keep of the first IFD: description, camera, resolution, software, date, author,
computer, rating, copyright, exposure, place; Windows' title, comment, author, keywords and subject.
Not how the file holds its pixels (a TIFF's strips), nor what may tell the place again (XMP, IPTC).
"""


def exif_block(exif: Image.Exif) -> bytes:
    """As a file holds it; empty if there is nothing to tell.

    Names and descriptions stay as they were, to the byte: Pillow reads them as Latin-1, whatever
    they are, and would write a question mark for each letter that isn't ASCII.
    """
    for tag, value in exif.items():
        if isinstance(value, str) and not value.isascii():
            exif[tag] = value.encode("latin-1")
    return exif.tobytes() if len(exif) or exif.get_ifd(EXIF) else b""


def kept(image: Image.Image, tags: Set[int]) -> Image.Exif:
    """Those of its EXIF tags, but for what can't be written again."""
    found, told = image.getexif(), Image.Exif()
    for tag in tags & set(found):
        try:
            told[tag] = found.get_ifd(tag) if tag in (EXIF, GPS) else found[tag]
            exif_block(told)
        except Exception:  # of a type that the tag doesn't have: Pillow raises whatever comes
            told.pop(tag, None)
    return told
