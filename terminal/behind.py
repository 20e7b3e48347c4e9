"""The options for what goes behind the subject."""

from dataclasses import dataclass
from typing import Annotated, Literal

from typer import Option

from compositing.background import LARGEST_ZOOM
from compositing.portrait import Portrait
from compositing.shadow import Shadow
from compositing.stand import LARGEST, SMALLEST
from models.catalog import DEPTHS, PAINTERS
from photos.blurring import FLOOR
from terminal.parsing import one_name
from terminal.recipe import instead_of

BACKGROUND = (
    "A picture, a colour such as '#ffffff', two for a gradient from top to bottom such as "
    "'#ffffff,#c8d0d8', or transparent."
)

_PAINTING = "What is painted"
_STANDING = "Where the subject stands"
PORTRAIT = "How --method portrait blurs"


@dataclass(frozen=True)
class Blurring:
    strength: Annotated[
        float | None,
        Option(
            min=0,
            max=10,
            callback=instead_of("kernel"),
            help="Strength of the blur for the photo's size: 1 is usual, 2 twice that, 0 none.",
            show_default=False,
        ),
    ] = None
    kernel: Annotated[
        int | None,
        Option(
            callback=instead_of("strength"),
            help="Strength of the blur in pixels: an odd number, 1 to 2001. By default it follows "
            "the photo's size.",
            show_default=False,
        ),
    ] = None
    method: Annotated[
        Literal["unmix", "inpaint", "lens", "portrait"],
        Option(
            help="unmix: natural, no halo of the subject; inpaint: the subject painted over, then "
            "blurred; lens: discs of light, as a wide aperture draws; portrait: as lens, but the "
            "floor at the feet stays sharp, and fades towards the horizon."
        ),
    ] = "unmix"
    depth: Annotated[
        str | None,
        Option(
            metavar="NAME",
            callback=instead_of("horizon", "feet", unless=FLOOR),
            help=f"What tells how far things are: {FLOOR}, which needs no network, or a model: "
            f"{', '.join(spec.name for spec in DEPTHS)}.",
            show_default=FLOOR,
            rich_help_panel=PORTRAIT,
        ),
    ] = None
    horizon: Annotated[
        float | None,
        Option(
            min=0,
            max=1,
            callback=instead_of("depth"),
            help="Where the floor ends, from the photo's top (0) to its bottom (1). By default "
            "where a camera at chest height sees it, by the subject's size.",
            show_default=False,
            rich_help_panel=PORTRAIT,
        ),
    ] = None
    feet: Annotated[
        float | None,
        Option(
            min=0,
            max=1,
            callback=instead_of("depth"),
            help="Where the subject stands, likewise. By default the lower end of its matte; if "
            "that is the photo's edge, all of the background counts as far.",
            show_default=False,
            rich_help_panel=PORTRAIT,
        ),
    ] = None
    focus: Annotated[
        str | None,
        Option(
            metavar="X,Y",
            help="A place that is sharp instead of the subject, from 0,0 (top left) to 1,1: what "
            "is seen there, or the floor at that height.",
            show_default=False,
            rich_help_panel=PORTRAIT,
        ),
    ] = None
    blades: Annotated[
        Literal["disc", "hexagon"] | None,
        Option(
            help="The shape of lights out of focus: disc, or hexagon, as of six blades.",
            show_default="disc",
            rich_help_panel=PORTRAIT,
        ),
    ] = None
    bloom: Annotated[
        float | None,
        Option(
            min=0,
            max=1,
            help="How much brighter lamps are than the photo, which clips them, shows.",
            show_default=str(Portrait.bloom),
            rich_help_panel=PORTRAIT,
        ),
    ] = None


@dataclass(frozen=True)
class Standing:
    """Where the subject stands."""

    subject_move: Annotated[
        str,
        Option(
            metavar="X,Y",
            help="How far the subject is moved to the right and down, in parts of the photo's "
            "width and height, -1 to 1: 0.2,0 moves it by a fifth of the width.",
            rich_help_panel=_STANDING,
        ),
    ] = "0,0"
    subject_scale: Annotated[
        float,
        Option(
            min=SMALLEST,
            max=LARGEST,
            help="How large the subject is, compared with the photo. Its foot stays where it is; "
            "above 1 it will look soft.",
            rich_help_panel=_STANDING,
        ),
    ] = 1


@dataclass(frozen=True)
class Setting(Standing):
    """How the subject and a new background meet."""

    fit: Annotated[
        Literal["cover", "contain", "stretch"],
        Option(help="How a background picture fills the photo."),
    ] = "cover"
    position: Annotated[
        str,
        Option(
            metavar="PLACE",
            help="What part of a background picture is seen: left, right, top, bottom, center, or "
            "X,Y from 0,0 (top left) to 1,1.",
        ),
    ] = "center"
    background_zoom: Annotated[
        float,
        Option(
            min=1,
            max=LARGEST_ZOOM,
            help="How many times as large as it fits a background picture is.",
        ),
    ] = 1
    background_kernel: Annotated[
        int, Option(help="A background picture's own blur; 1 is sharp.")
    ] = 1
    light_match: Annotated[
        float,
        Option(
            min=0,
            max=1,
            help="How far the subject takes on the brightness and tint of its new background, 0 to "
            "1.",
        ),
    ] = 0
    shadow: Annotated[
        float,
        Option(min=0, max=1, help="A soft contact shadow under the subject, 0 to 1; 0.6 is usual."),
    ] = 0
    shadow_softness: Annotated[
        float,
        Option(min=0, max=1, help="How wide that shadow is and how softly it ends, 0 to 1."),
    ] = Shadow().softness


@dataclass(frozen=True)
class Painting:
    prompt: Annotated[
        str, Option(metavar="WORDS", help="What is behind the subject, such as “a beach”.")
    ]
    negative: Annotated[
        str,
        Option(
            metavar="WORDS",
            help="What must not be there.",
            show_default=False,
            rich_help_panel=_PAINTING,
        ),
    ] = ""
    steps: Annotated[
        int | None,
        Option(
            help="More steps take longer and add detail: 2 to 150. By default as many as are usual "
            "for the painter.",
            show_default=False,
            rich_help_panel=_PAINTING,
        ),
    ] = None
    guidance: Annotated[
        float | None,
        Option(
            help="How closely the words are kept to: 1 to 30. By default as is usual for the "
            "painter.",
            show_default=False,
            rich_help_panel=_PAINTING,
        ),
    ] = None
    seed: Annotated[
        int | None,
        Option(
            help="The same seed paints the same again; by default a new one, which is told.",
            show_default=False,
            rich_help_panel=_PAINTING,
        ),
    ] = None
    variants: Annotated[
        int,
        Option(
            min=1,
            max=16,
            help="How many pictures of each photo, with seeds one after the other.",
            rich_help_panel=_PAINTING,
        ),
    ] = 1
    painter: Annotated[
        str,
        Option(
            parser=one_name,
            metavar="NAME",
            help="Which model paints; `cli.py models` lists them.",
            rich_help_panel=_PAINTING,
        ),
    ] = PAINTERS[0].name
