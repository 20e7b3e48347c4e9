"""What goes behind, from the words given for it."""

import re
from dataclasses import replace
from pathlib import Path

from typer import BadParameter

from compositing.background import (
    Background,
    Blur,
    BlurMethod,
    Colour,
    Fit,
    Picture,
    Transparent,
    default_kernel,
)
from compositing.shadow import Shadow
from photos.look import Look, LookOf
from photos.reading import PhotoError, read_photo

_AS_CUT = Look(Transparent())


def blur(kernel: int | None, method: BlurMethod, edges: Look | None) -> LookOf:
    """edges: as in `always`. Raises BadParameter for a kernel that isn't one."""
    if kernel is None:
        return lambda photo: replace(
            edges or _AS_CUT, background=Blur(default_kernel(photo.width, photo.height), method)
        )
    try:
        return always(Blur(kernel, method), edges)
    except ValueError as error:
        raise BadParameter(str(error), param_hint="--kernel") from error


def always(
    background: Background, edges: Look | None, light: float = 0, shadow: float = 0
) -> LookOf:
    """The same for every photo. edges: the look whose edges it gets; None: as they were cut."""
    cast = Shadow(shadow) if shadow else None
    look = replace(edges or _AS_CUT, background=background, light=light, shadow=cast)
    return lambda _: look


def replacement(
    text: str, fit: Fit = "cover", position: tuple[float, float] = (0.5, 0.5), kernel: int = 1
) -> Background:
    """From `transparent`, a colour or a picture's path. Raises BadParameter."""
    if text.casefold() == "transparent":
        return Transparent()
    path = Path(text)
    # In a shell, # begins a comment: a colour is taken without it too.
    if text.startswith("#") or (re.fullmatch("[0-9a-fA-F]{6}", text) and not path.exists()):
        return _colour(text)
    if not path.exists():
        raise BadParameter(
            f"There is no picture “{text}”. Give a picture's path, a colour such as '#ffffff', "
            "or transparent.",
            param_hint="--background",
        )
    try:
        pixels = read_photo(path).pixels()
    except PhotoError as error:
        raise BadParameter(str(error), param_hint="--background") from error
    try:
        return Picture(pixels, fit, kernel, position)
    except ValueError as error:
        raise BadParameter(str(error), param_hint="--background-kernel") from error


def _colour(text: str) -> Colour:
    try:
        return Colour.parse(text)
    except ValueError as error:
        raise BadParameter(str(error), param_hint="--background") from error
