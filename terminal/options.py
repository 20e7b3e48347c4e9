"""The options of the verbs that make pictures; those that several verbs share stand in groups, for
`terminal.verb` to spread."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, BadParameter, Option

from models import catalog
from models.catalog import U2NETP, own
from models.interface import Box, Point
from photos.look import Look
from terminal.parsing import EDGES, one_name, parse_box, parse_edges, parse_point
from terminal.streams import STDIN, parse_input, parse_output

Listing = Literal["table", "json"]

_SUBJECT = "What the subject is"
_RESULT = "What is written"
_RUNNING = "How it runs"


def _check_photos(photos: list[Path]) -> list[Path]:
    if STDIN in photos and len(photos) > 1:
        raise BadParameter("“-” stands alone: what is piped in is one photo.")
    if STDIN in photos and sys.stdin is not None and sys.stdin.isatty():
        raise BadParameter("“-” is a photo that is piped in: cat photo.jpg | cli.py …")
    return photos


Photos = Annotated[
    list[Path],
    Argument(
        metavar="PHOTOS",
        parser=parse_input,
        callback=_check_photos,
        help="Photos, or folders with photos in them; - for one that is piped in.",
    ),
]
Model = Annotated[
    str | None,
    Option(
        "--model",
        "-m",
        parser=one_name,
        metavar="NAME",
        help="Which model cuts out; `cli.py models` lists them, `compare` takes several.",
        show_default=U2NETP.name,
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
KeepGps = Annotated[
    bool,
    Option(
        "--keep-gps", help="Keep where the photo was taken in the file.", rich_help_panel=_RESULT
    ),
]


def _use_models_file(path: Path | None) -> Path | None:
    """Read where CUTOUT_MODELS is, whose place it takes. Raises BadParameter for what is wrong."""
    if path is not None:
        os.environ[own.SETTING] = str(path)
        if problems := catalog.own_rows().problems:
            raise BadParameter(" ".join(problems))
    return path


ModelsFile = Annotated[
    Path | None,
    Option(
        "--models-file",
        metavar="PATH",
        callback=_use_models_file,
        is_eager=True,
        help="A TOML file with models of your own.",
        show_default=False,
        rich_help_panel=_RUNNING,
    ),
]


@dataclass(frozen=True)
class Subject:
    box: Annotated[
        list[Box] | None,
        Option(
            parser=parse_box,
            metavar="X0,Y0,X1,Y1",
            help="A box around the subject, in the upright photo's pixels. Repeatable.",
            rich_help_panel=_SUBJECT,
        ),
    ] = None
    point: Annotated[
        list[Point] | None,
        Option(
            parser=parse_point,
            metavar="X,Y[,exclude]",
            help="A pixel on the subject, or on what is not. Repeatable.",
            rich_help_panel=_SUBJECT,
        ),
    ] = None
    text: Annotated[
        list[str] | None,
        Option(
            metavar="WORDS",
            help="The subject in words, such as “person, dog”. Repeatable.",
            rich_help_panel=_SUBJECT,
        ),
    ] = None
    object: Annotated[
        list[str] | None,
        Option(
            metavar="NAME",
            help="An object that the model finds, such as “person 2”. Repeatable.",
            rich_help_panel=_SUBJECT,
        ),
    ] = None
    list_objects: Annotated[
        Listing | None,
        Option(
            help="Only tell what the model finds in the photos, for --object; nothing is written.",
            show_default=False,
            rich_help_panel=_SUBJECT,
        ),
    ] = None


@dataclass(frozen=True)
class Result:
    output: Annotated[
        Path | None,
        Option(
            "--output",
            "-o",
            parser=parse_output,
            metavar="PATH",
            help="A file for one photo, a folder for several, - for a pipe; by default beside each "
            "photo. A file of that name is overwritten, but never a photo that is worked on.",
            show_default=False,
            rich_help_panel=_RESULT,
        ),
    ] = None
    format: Annotated[
        Literal["jpeg", "png", "webp", "tiff", "psd"] | None,
        Option(
            help="By default what --output ends in, else JPEG, or PNG where it is transparent. png "
            "and tiff keep a photo's 16 bits and its colours. A psd holds photo, background, "
            "shadow and subject as layers.",
            show_default=False,
            rich_help_panel=_RESULT,
        ),
    ] = None


@dataclass(frozen=True)
class Running:
    models_file: ModelsFile = None
    refine: Annotated[
        Literal["quick", "closed-form"],
        Option(
            help="How edges of hard masks are drawn: quick, or by closed-form matting, which takes "
            "a second or two and serves masks that are off by more.",
            rich_help_panel=_RUNNING,
        ),
    ] = "quick"
    device: Annotated[
        str,
        Option(
            metavar="auto|cpu|cuda|cuda:1|mps",
            help="Where models run; one that isn't there is an error. cuda:1 is the second card.",
            rich_help_panel=_RUNNING,
        ),
    ] = "auto"
    weights: Annotated[
        list[str] | None,
        Option(
            metavar="NAME=PATH",
            help="Your own file or folder of weights for a model. Repeatable.",
            rich_help_panel=_RUNNING,
        ),
    ] = None
    commercial_only: Annotated[
        bool,
        Option(
            "--commercial-only",
            help="Refuse models that aren't free for commercial use.",
            rich_help_panel=_RUNNING,
        ),
    ] = False
    debug: Annotated[
        bool,
        Option(
            "--debug",
            help="Show where in the code it was that something unforeseen went wrong.",
            rich_help_panel=_RUNNING,
        ),
    ] = False
