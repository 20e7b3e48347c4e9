"""The options of the verbs that make pictures."""

from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, Option

from models.catalog import GRABCUT, PAINTERS
from models.interface import Box, Point
from photos.look import Look
from terminal.parsing import EDGES, one_name, parse_box, parse_edges, parse_point

DEFAULT_MODEL = GRABCUT.name
DEFAULT_PAINTER = PAINTERS[0].name

_SUBJECT = "What the subject is"
_PAINTING = "What is painted"
_RESULT = "What is written"
_RUNNING = "How it runs"

Photos = Annotated[
    list[Path], Argument(metavar="PHOTOS", help="Photos, or folders with photos in them.")
]
Model = Annotated[
    str,
    Option(
        "--model",
        "-m",
        parser=one_name,
        metavar="NAME",
        help="Which model cuts out; `cli.py models` lists them, `compare` takes several.",
    ),
]
Boxes = Annotated[
    list[Box] | None,
    Option(
        "--box",
        parser=parse_box,
        metavar="X0,Y0,X1,Y1",
        help="A box around the subject, in the upright photo's pixels. Repeatable.",
        rich_help_panel=_SUBJECT,
    ),
]
Points = Annotated[
    list[Point] | None,
    Option(
        "--point",
        parser=parse_point,
        metavar="X,Y[,exclude]",
        help="A pixel on the subject, or on what is not. Repeatable.",
        rich_help_panel=_SUBJECT,
    ),
]
Text = Annotated[
    list[str] | None,
    Option(
        metavar="WORDS",
        help="The subject in words, such as “person, dog”. Repeatable.",
        rich_help_panel=_SUBJECT,
    ),
]
Objects = Annotated[
    list[str] | None,
    Option(
        "--object",
        metavar="NAME",
        help="An object that the model finds, such as “person 2”. Repeatable.",
        rich_help_panel=_SUBJECT,
    ),
]
Listing = Literal["table", "json"]
ListObjects = Annotated[
    Listing | None,
    Option(
        "--list-objects",
        help="Only tell what the model finds in the photos, for --object; nothing is written.",
        show_default=False,
        rich_help_panel=_SUBJECT,
    ),
]
Kernel = Annotated[
    int | None,
    Option(
        help="Strength of the blur in pixels: an odd number, 1 to 2001. By default it follows the "
        "photo's size.",
        show_default=False,
    ),
]
Strength = Annotated[
    float | None,
    Option(
        min=0,
        max=10,
        help="Strength of the blur for the photo's size: 1 is usual, 2 twice that, 0 none.",
        show_default=False,
    ),
]
Method = Annotated[
    Literal["unmix", "inpaint", "lens"],
    Option(
        help="unmix: natural, no halo of the subject; inpaint: the subject painted over, then "
        "blurred; lens: discs of light, as a wide aperture draws."
    ),
]
Fit = Annotated[
    Literal["cover", "contain", "stretch"],
    Option(help="How a background picture fills the photo."),
]
BackgroundKernel = Annotated[int, Option(help="A background picture's own blur; 1 is sharp.")]
Position = Annotated[
    str,
    Option(
        metavar="PLACE",
        help="What part of a background picture is seen: left, right, top, bottom, center, or X,Y "
        "from 0,0 (top left) to 1,1.",
    ),
]
LightMatch = Annotated[
    float,
    Option(
        min=0,
        max=1,
        help="How far the subject takes on the brightness and tint of its new background, 0 to 1.",
    ),
]
ShadowStrength = Annotated[
    float,
    Option(
        "--shadow",
        min=0,
        max=1,
        help="A soft contact shadow under the subject, 0 to 1; 0.6 is usual.",
    ),
]
Edges = Annotated[
    Look | None,
    Option(
        parser=parse_edges,
        metavar="CHANGE,CHANGE...",
        help=f"What is done to the subject's edges: {', '.join(EDGES.values())}. Pixels are the "
        "full-size photo's; a negative grow shrinks. unrefined leaves masks as they were drawn, "
        "keep-old-colours the old background's colours in soft edges.",
        show_default=False,
    ),
]
Refine = Annotated[
    Literal["quick", "closed-form"],
    Option(
        help="How edges of hard masks are drawn: quick, or by closed-form matting, which takes a "
        "second or two and serves masks that are off by more.",
        rich_help_panel=_RUNNING,
    ),
]
Words = Annotated[
    str, Option("--prompt", metavar="WORDS", help="What is behind the subject, such as “a beach”.")
]
Negative = Annotated[
    str,
    Option(
        metavar="WORDS",
        help="What must not be there.",
        show_default=False,
        rich_help_panel=_PAINTING,
    ),
]
Steps = Annotated[
    int,
    Option(help="More steps take longer and add detail: 2 to 150.", rich_help_panel=_PAINTING),
]
Guidance = Annotated[
    float,
    Option(help="How closely the words are kept to: 1 to 30.", rich_help_panel=_PAINTING),
]
Seed = Annotated[
    int | None,
    Option(
        help="The same seed paints the same again; by default a new one, which is told.",
        show_default=False,
        rich_help_panel=_PAINTING,
    ),
]
Variants = Annotated[
    int,
    Option(
        min=1,
        max=16,
        help="How many pictures of each photo, with seeds one after the other.",
        rich_help_panel=_PAINTING,
    ),
]
PainterName = Annotated[
    str,
    Option(
        "--painter",
        parser=one_name,
        metavar="NAME",
        help="Which model paints; `cli.py models` lists them.",
        rich_help_panel=_PAINTING,
    ),
]
Output = Annotated[
    Path | None,
    Option(
        "--output",
        "-o",
        help="A file for one photo, a folder for several; by default beside each photo. A file "
        "of that name is overwritten, but never a photo that is worked on.",
        show_default=False,
        rich_help_panel=_RESULT,
    ),
]
FormatName = Annotated[
    Literal["jpeg", "png", "webp"] | None,
    Option(
        "--format",
        help="By default what --output ends in, else JPEG, or PNG where it is transparent.",
        show_default=False,
        rich_help_panel=_RESULT,
    ),
]
KeepGps = Annotated[
    bool,
    Option(
        "--keep-gps", help="Keep where the photo was taken in the file.", rich_help_panel=_RESULT
    ),
]
Device = Annotated[
    str,
    Option(
        metavar="auto|cpu|cuda|mps",
        help="Where models run; one that isn't there is an error.",
        rich_help_panel=_RUNNING,
    ),
]
Weights = Annotated[
    list[str] | None,
    Option(
        metavar="NAME=PATH",
        help="Your own file or folder of weights for a model. Repeatable.",
        rich_help_panel=_RUNNING,
    ),
]
