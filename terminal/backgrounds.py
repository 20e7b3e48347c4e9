"""What goes behind the subject, from the words given for it."""

import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from typer import BadParameter

from compositing.background import (
    Background,
    Colour,
    Gradient,
    Transparent,
    default_kernel,
)
from compositing.shadow import Shadow
from compositing.stand import Stand
from photos.blurring import blur_with
from photos.file_picture import FilePicture
from photos.look import Look, LookOf
from photos.photo import PhotoError, PhotoFile
from photos.reading import read_photo
from photos.recipes.file import OPTICS
from terminal.behind import Blurring, Setting, Standing
from terminal.parsing import parse_position

_AS_CUT = Look(Transparent())
_ALONE = Setting()
_COLOURS = re.compile("#?[0-9a-fA-F]{6}(,#?[0-9a-fA-F]{6})?")


def blur(blurring: Blurring, edges: Look | None) -> LookOf:
    """Looks with a blur: one kernel for every photo, or `strength` times the usual for its size.

    edges: as in `always`. Raises BadParameter if both are given, the kernel can't be one, or what
    is said of the blur can't be.
    """
    kernel, strength = blurring.kernel, blurring.strength
    optics = optics_of(blurring)

    def blurred(kernel: int) -> Background:
        return blur_with(kernel, blurring.method, **optics)

    if kernel is None:
        times = 1 if strength is None else strength

        def in_step(photo: PhotoFile) -> Look:
            background = blurred(default_kernel(photo.width, photo.height, times))
            return replace(edges or _AS_CUT, background=background)

        return in_step
    if strength is not None:
        raise BadParameter(
            "The kernel is the blur's strength in pixels. Leave one of them out.",
            param_hint="--strength",
        )
    try:
        return always(blurred(kernel), edges)
    except ValueError as error:
        raise BadParameter(str(error), param_hint="--kernel") from error


def optics_of(blurring: Blurring) -> dict[str, Any]:
    """What is said of a blur by depth, as `photos.blurring.blur_with` takes it. Raises
    BadParameter."""
    told = {name: getattr(blurring, name) for name in OPTICS}
    if blurring.focus is not None:
        told["focus"] = parse_position(blurring.focus, "--focus")
    said = {name: value for name, value in told.items() if value is not None}
    if said and blurring.method != "portrait":
        sentence = "That is for --method portrait. Say so, or leave it out."
        raise BadParameter(sentence, param_hint=f"--{next(iter(said))}")
    try:
        blur_with(3, blurring.method, **said)
    except ValueError as error:
        hint = "--depth" if blurring.depth else "--horizon"
        raise BadParameter(str(error), param_hint=hint) from error
    return said


def always(background: Background, edges: Look | None, setting: Setting = _ALONE) -> LookOf:
    """The same background for every photo. edges: the look whose edges the subject gets; None: as
    it was cut."""
    cast = shadow_of(setting)
    look = replace(edges or _AS_CUT, background=background, light=setting.light_match, shadow=cast)
    look = replace(look, stand=stand_of(setting))
    return lambda _: look


def check_ground(
    background: Background | str | None,
    setting: Setting,
    blurring: Blurring,
    *,
    by_recipe: bool = False,
) -> None:
    """Raises BadParameter if a subject is to be moved before its own background, or what is said of
    the other kind of background would go unheard; a recipe may tell of both."""
    if background is None and stand_of(setting):
        told = "A subject is moved on a new background: add one by --background."
        raise BadParameter(told, param_hint="--subject-move")
    if by_recipe:
        return
    if background is None and setting != _ALONE:
        said = _first_said(setting, _ALONE)
        raise BadParameter("That is for a new background: add --background.", param_hint=said)
    if background is not None and blurring != Blurring():
        told = "That blurs the photo's own background: leave it out, or --background."
        raise BadParameter(told, param_hint=_first_said(blurring, Blurring()))


def _first_said(options: Setting | Blurring, unsaid: Setting | Blurring) -> str:
    names = (each.name for each in fields(options))
    name = next(name for name in names if getattr(options, name) != getattr(unsaid, name))
    return f"--{name.replace('_', '-')}"


def stand_of(standing: Standing) -> Stand | None:
    """Where the subject stands; None if it stays. Raises BadParameter."""
    try:
        across, down = map(float, standing.subject_move.split(","))
        stand = Stand(across, down, standing.subject_scale)
    except ValueError as error:
        wrong = f"“{standing.subject_move}” should be X,Y such as 0.2,-0.1, each from -1 to 1."
        raise BadParameter(wrong, param_hint="--subject-move") from error
    return None if stand.still else stand


def shadow_of(setting: Setting) -> Shadow | None:
    return Shadow(setting.shadow, setting.shadow_softness) if setting.shadow else None


def replacement(text: str, setting: Setting) -> Background:
    """What a text means: `transparent`, a colour, two colours with a comma between them, or a
    picture's path. Raises BadParameter."""
    path = Path(text)
    # In a shell, # begins a comment: a colour is taken without it too.
    named = not text.startswith("#") and _COLOURS.fullmatch(text) and path.exists()
    if not named and (background := plain(text, setting)):
        return background
    if not path.exists():
        raise BadParameter(
            f"There is no picture “{text}”. Give a picture's path, a colour such as '#ffffff', "
            "two for a gradient such as '#ffffff,#c8d0d8', or transparent.",
            param_hint="--background",
        )
    try:
        photo = read_photo(path)
    except PhotoError as error:
        raise BadParameter(str(error), param_hint="--background") from error
    return picture(photo, setting)


def plain(text: str, setting: Setting) -> Background | None:
    """What a text means that is no picture's path; None if nothing. Raises BadParameter."""
    parse_position(setting.position)
    if text.casefold() == "transparent":
        return Transparent()
    if not (text.startswith("#") or _COLOURS.fullmatch(text)):
        return None
    first, *others = map(_colour, text.split(",", 1))
    return Gradient(first, *others) if others else first


def picture(photo: PhotoFile, setting: Setting) -> FilePicture:
    """A picture that goes behind. Raises BadParameter."""
    position = parse_position(setting.position)
    try:
        return FilePicture.of(
            photo, setting.fit, setting.background_kernel, position, setting.background_zoom
        )
    except ValueError as error:
        raise BadParameter(str(error), param_hint="--background-kernel") from error


def _colour(text: str) -> Colour:
    try:
        return Colour.parse(text)
    except ValueError as error:
        raise BadParameter(str(error), param_hint="--background") from error
