"""A picture of a cut becomes its file, and what is to be told of it."""

import math
from typing import Any, NamedTuple

from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo, Pixels
from compositing.background import Colour, Picture
from photos.cut import Bits, Cut
from photos.encoding import DEEP, TOO_DEEP, Format, encode, left_out, refusal
from photos.file_picture import FilePicture
from photos.framing import Kind, notes_of
from photos.layered import layers_of
from photos.look import Look, final_alpha, flat_note
from photos.photo import PhotoError, PhotoFile
from photos.presets import Document, find_document
from photos.recipes.result import ResultRecipe
from photos.recipes.writing import in_words
from photos.rendering import fine_matte, render


class Finished(NamedTuple):
    """A picture's file, and what the person should know of it, a sentence each.

    Examples
    --------
    >>> Finished(b"a PNG", ("The photo's lower edge cuts the subject off.",)).notes[0][:21]
    "The photo's lower edg"
    """

    data: bytes
    notes: tuple[str, ...] = ()


def picture_file(
    cut: Cut,
    look: Look,
    kind: Kind,
    format_: Format,
    *,
    pixels: Photo | None = None,
    alpha: Alpha | None = None,
    keep_gps: bool = False,
    bits: Bits = 8,
) -> bytes:
    """Make a picture of a cut, and a file of it: `finished` without its notes.

    Parameters
    ----------
    cut, look, kind, format_, pixels, alpha, keep_gps, bits
        As `finished` takes them.

    Returns
    -------
    file : bytes

    Raises
    ------
    PhotoError
        As `finished` does.

    Examples
    --------
    >>> from compositing.background import Colour
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> from photos.reading import open_photo
    >>> jpeg = picture_file(cut, Look(Colour(255, 255, 255)), "composite", "JPEG")
    >>> open_photo(jpeg, "white.jpg").pixels()[0, 0].tolist()
    [255, 255, 255]
    """
    return finished(
        cut, look, kind, format_, pixels=pixels, alpha=alpha, keep_gps=keep_gps, bits=bits
    ).data


def finished(
    cut: Cut,
    look: Look,
    kind: Kind,
    format_: Format,
    *,
    pixels: Photo | None = None,
    alpha: Alpha | None = None,
    keep_gps: bool = False,
    bits: Bits = 8,
) -> Finished:
    """Make a picture of a cut, a file of it, and what is to be told of both.

    The file has the photo's EXIF, and the recipe by which `cli.py again` makes it again.

    Parameters
    ----------
    cut, look, kind, pixels, alpha
        As `photos.rendering.render` takes them.
    format_, keep_gps
        As `photos.encoding.encode` takes them.
    bits
        Of a pixel, if it's a matte: 16 if the cut was kept so.

    Returns
    -------
    finished : Finished

    Raises
    ------
    PhotoError
        If the picture is too large for the format, in the words of `refusal`, can't be held by it,
        in those of `unfit`, or can't have as few kilobytes as the look asks for.

    Examples
    --------
    >>> from compositing.background import Colour
    >>> from compositing.frame import Frame
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> look = Look(Colour(255, 255, 255), frame=Frame("subject", canvas=(900, 900)))
    >>> print(*finished(cut, look, "composite", "JPEG").notes)
    “coffee.png”: The subject was enlarged 2.14 times to fill the canvas: it will look soft.
    """
    refused = refusal(cut.photo, format_, look.canvas)
    if refused and (look.frame is None or look.canvas):  # before the work
        raise PhotoError(refused)
    if refused := unfit(kind, bits, format_):
        raise PhotoError(refused)
    if alpha is None:
        alpha = final_alpha(cut, look)
    own: Pixels | None = cut.photo.deep() if keeps_depth(cut.photo, kind, format_) else pixels
    if kind == "matte" and bits == 16:
        picture: NDArray[Any] = fine_matte(cut, look)
    else:
        picture = render(cut, look, kind, pixels=own, alpha=alpha)
    recipe = in_words(ResultRecipe.of(cut, look, kind, bits), format_, cut.photo)
    data = encode(
        picture, format_, cut.photo,
        dpi=look.frame.dpi if look.frame else None,
        recipe=recipe, keep_gps=keep_gps, max_kb=look.max_kb,
        layers=layers_of(cut, look, kind, pixels=pixels, alpha=alpha) if format_ == "PSD" else (),
    )  # fmt: skip
    notes = [f"“{cut.photo.name}”: {note}" for note in notes_of(cut, look, alpha, kind)]
    if kind == "composite" and (flat := flat_note(cut, look, alpha)):
        notes.append(f"“{cut.photo.name}”: {flat}")
    notes += filter(None, [_rounded(cut, look, kind, format_)])
    if kind == "composite" and look.frame and (document := find_document(look.frame.document)):
        notes += _unasked_ground(cut, look, document)
    notes += filter(None, [_too_heavy(cut, look, format_, len(data))])
    notes += filter(None, [left_out_of(cut, look, kind, format_, keep_gps=keep_gps)])
    return Finished(data, tuple(notes))


def keeps_depth(photo: PhotoFile, kind: Kind, format_: Format) -> bool:
    """Tell whether a picture keeps the 16 bits and the colours of its photo's file.

    Parameters
    ----------
    photo : PhotoFile
    kind, format_
        As `finished` takes them.

    Returns
    -------
    keeps_depth : bool

    Examples
    --------
    >>> from dataclasses import replace
    >>> from photos.samples import SAMPLES
    >>> photo = replace(SAMPLES[2].open(), profile=b"")
    >>> [keeps_depth(photo, "composite", format_) for format_ in ("TIFF", "JPEG")]
    [True, False]
    """
    coloured = kind in ("cutout", "composite")
    return coloured and format_ in DEEP and photo.profile is not None


def _rounded(cut: Cut, look: Look, kind: Kind, format_: Format) -> str | None:
    """What of a file's 16 bits a picture doesn't keep."""
    name = f"“{cut.photo.name}”"
    if cut.photo.profile is None or kind in ("matte", "trimap"):
        return None
    if not keeps_depth(cut.photo, kind, format_):
        return f"{name}: this {format_} has 8 bits, in sRGB; PNG and TIFF keep the file's 16."
    behind = look.behind(cut.photo)
    if kind == "cutout" or not isinstance(behind, Picture):
        return None
    if isinstance(behind, FilePicture) and behind.file:
        return None
    return f"{name}: the background picture has 8 bits, in sRGB; all else has the file's 16."


def _unasked_ground(cut: Cut, look: Look, document: Document) -> list[str]:
    if isinstance(look.behind(cut.photo), Colour):
        return []
    words, colour = document.ground
    asked = f"for “{document.label}” a background has to be {words}, such as {colour}."
    return [f"“{cut.photo.name}”: {asked}"]


def _too_heavy(cut: Cut, look: Look, format_: Format, size: int) -> str | None:
    if look.max_kb is None or size <= 1000 * look.max_kb:
        return None
    have = f"“{cut.photo.name}”: this {format_} has {math.ceil(size / 1000)} kB"
    return f"{have}, and it can't be held to {look.max_kb}: only JPEG and WebP can."


def unfit(kind: Kind, bits: Bits, format_: Format) -> str | None:
    """Tell why a format can't hold such a picture.

    Parameters
    ----------
    kind, bits, format_
        As `picture_file` takes them.

    Returns
    -------
    reason : str or None
        A sentence that says what to do. None if it can.

    Examples
    --------
    >>> unfit("matte", 16, "JPEG"), unfit("matte", 16, "PNG")
    ('16 bits a pixel need a PNG or TIFF: JPEG holds 8.', None)
    """
    if format_ == "PSD":
        grey = kind in ("matte", "trimap")
        return f"A PSD has the {kind} as a layer's mask: write a cutout." if grey else None
    if format_ in DEEP:
        return None
    if kind == "trimap":
        return f"A trimap has three levels, which {format_} would blur: choose PNG."
    return TOO_DEEP.format(format_) if bits == 16 else None


def left_out_of(
    cut: Cut, look: Look, kind: Kind, format_: Format, *, keep_gps: bool = False
) -> str | None:
    """Tell what the file of a picture lacks.

    Parameters
    ----------
    cut, look, kind, format_, keep_gps
        As `picture_file` takes them.

    Returns
    -------
    left_out : str or None
        A sentence or two. None if nothing is left out.

    Examples
    --------
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> from compositing.background import Blur
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> left_out_of(cut, Look(Blur(51)), "composite", "JPEG") is None
    True
    """
    recipe = in_words(ResultRecipe.of(cut, look, kind), format_, cut.photo)
    lost = left_out(cut.photo, format_, recipe=recipe, keep_gps=keep_gps)
    long = "" if recipe else f"“{cut.photo.name}”: the recipe is too long for a picture's file."
    return " ".join(filter(None, [long, lost])) or None
