"""The options for what the finished picture shows, and how large it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, NamedTuple

from typer import BadParameter, Option

from compositing.background import Transparent
from compositing.frame import Frame, Length, canvas_of
from photos.encoding import DEEP, Format
from photos.look import MOST_KB, Look
from photos.presets import FRAMES, find_document, find_preset
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


class Lines(NamedTuple):
    """A type of its own, likewise."""

    crown: float
    chin: float


def _parse_lines(text: str) -> Lines:
    try:
        crown, chin = map(float, text.split(","))
        find_preset("id-de").changed(lines=(crown, chin))
    except ValueError as error:
        told = str(error) if "crown" in str(error) else f"got {text!r}."
        raise BadParameter(f"Two rows are meant, such as 120,480: {told}") from error
    return Lines(crown, chin)


@dataclass(frozen=True)
class Framing:
    frame: Annotated[
        Frame | None,
        Option(
            parser=_parse_preset,
            callback=instead_of("crop", "margin", "canvas", "align", "head", "dpi"),
            metavar="NAME",
            help="Crop, margin and canvas by name; the other options change parts of it: "
            f"{', '.join(FRAMES)}. Those of id- are for a country's identity documents: the head "
            "gets the height that its authority asks for.",
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
    head: Annotated[
        Lines | None,
        Option(
            parser=_parse_lines,
            metavar="TOP,BOTTOM",
            help="With --frame id-…: where the crown and the chin are, as rows of the photo's "
            "pixels from above; hair doesn't count.",
            show_default="looked for",
            rich_help_panel=_FRAME,
        ),
    ] = None
    dpi: Annotated[
        Literal["300", "600"] | None,
        Option(
            help="With --frame id-…: dots an inch.",
            show_default="300",
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
    if framing.frame and framing.frame.head is not None:
        return _document(framing, parts)
    if framing.head or framing.dpi:
        told = "Only a frame for an identity document has a head or dots an inch: --frame id-de."
        raise BadParameter(told, param_hint="--head" if framing.head else "--dpi")
    if framing.frame is None and all(part is None for part in parts.values()):
        return None
    try:
        return (framing.frame or Frame()).changed(**parts)
    except ValueError as error:
        raise BadParameter(str(error), param_hint=_hint(framing)) from error


def _document(framing: Framing, parts: Mapping[str, Any]) -> Frame:
    if named := [f"--{name}" for name, part in parts.items() if part is not None]:
        told = "An authority sets all of that: leave it out."
        raise BadParameter(told, param_hint=", ".join(named))
    document = find_document(framing.frame.document if framing.frame else "")
    assert document
    frame = document.frame(int(framing.dpi or 300))
    return replace(frame, lines=(framing.head.crown, framing.head.chin)) if framing.head else frame


def _hint(framing: Framing) -> str:
    """The option that is most likely meant."""
    return "--canvas" if framing.canvas and framing.margin is None else "--margin"
