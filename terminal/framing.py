"""The options for what the finished picture shows, and how large it is."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal, NamedTuple

from typer import BadParameter, Option

from compositing.background import Transparent
from compositing.frame import Frame, Length, canvas_of
from photos.encoding import DEEP, Format
from photos.look import MOST_KB, Look
from photos.presets import PRESETS, find_preset
from terminal.recipe import instead_of

_FRAME = "What the picture shows"


def _parse_preset(text: str) -> Frame:
    try:
        return find_preset(text)
    except ValueError as error:
        raise BadParameter(str(error)) from error


def _parse_margin(text: str) -> Length:
    try:
        return Length.parse(text)
    except ValueError as error:
        raise BadParameter(str(error)) from error


class Canvas(NamedTuple):
    """A type of its own: Typer would take a plain tuple for two words."""

    width: int
    height: int


def _parse_canvas(text: str) -> Canvas:
    try:
        return Canvas(*canvas_of(text))
    except ValueError as error:
        raise BadParameter(str(error)) from error


@dataclass(frozen=True)
class Framing:
    frame: Annotated[
        Frame | None,
        Option(
            parser=_parse_preset,
            callback=instead_of("crop", "margin", "canvas", "align"),
            metavar="NAME",
            help="Crop, margin and canvas by name; the other options change parts of it: "
            f"{', '.join(preset.name for preset in PRESETS)}.",
            show_default=False,
            rich_help_panel=_FRAME,
        ),
    ] = None
    crop: Annotated[
        Literal["photo", "subject"] | None,
        Option(
            callback=instead_of("margin", by="photo"),
            help="What has to be in the picture: the whole photo, or the subject and its shadow.",
            show_default=False,
            rich_help_panel=_FRAME,
        ),
    ] = None
    margin: Annotated[
        Length | None,
        Option(
            parser=_parse_margin,
            metavar="PART",
            help="Around a cropped subject: a part of the finished picture such as 8%, or pixels "
            "such as 40px.",
            show_default=False,
            rich_help_panel=_FRAME,
        ),
    ] = None
    canvas: Annotated[
        Canvas | None,
        Option(
            parser=_parse_canvas,
            metavar="WIDTHxHEIGHT",
            help="The finished picture's size in pixels, such as 2000x2000. The new background "
            "fills it; around a blurred photo lies an enlarged copy, where the photo ends.",
            show_default=False,
            rich_help_panel=_FRAME,
        ),
    ] = None
    align: Annotated[
        Literal["centre", "bottom", "top"] | None,
        Option(
            help="Where the subject stands in a canvas with room to spare above or below.",
            show_default=False,
            rich_help_panel=_FRAME,
        ),
    ] = None
    max_kb: Annotated[
        int | None,
        Option(
            min=1,
            max=MOST_KB,
            help="Lower a JPEG's or WebP's quality until it has no more kilobytes than that.",
            show_default=False,
            rich_help_panel="What is written",
        ),
    ] = None


def framed(framing: Framing, look: Look | None) -> Look:
    """A look with that frame; by default one that leaves a cut as it is. Raises BadParameter."""
    return replace(look or Look(Transparent()), frame=_frame(framing), max_kb=framing.max_kb)


def check_weight(framing: Framing, format_: Format) -> None:
    """Raises BadParameter for a format whose files can't be held to a number of kilobytes."""
    if framing.max_kb is not None and format_ in DEEP:
        told = (
            f"A {format_} can't be made lighter, since it loses nothing: add --format jpeg or webp."
        )
        raise BadParameter(told, param_hint="--max-kb")


def _frame(framing: Framing) -> Frame | None:
    parts = {
        "crop": framing.crop,
        "margin": framing.margin,
        "canvas": framing.canvas and tuple(framing.canvas),
        "align": framing.align,
    }
    if framing.frame is None and all(part is None for part in parts.values()):
        return None
    try:
        return (framing.frame or Frame()).changed(**parts)
    except ValueError as error:
        raise BadParameter(str(error), param_hint=_hint(framing)) from error


def _hint(framing: Framing) -> str:
    """The option that is most likely meant."""
    return "--canvas" if framing.canvas and framing.margin is None else "--margin"
