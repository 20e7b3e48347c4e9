"""The verb `matte` and its options: how much of each pixel is subject, for other programs."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from typer import BadParameter, Option

from compositing.background import Transparent
from photos.cut import Bits
from photos.encoding import Format
from photos.finishing import unfit
from photos.rendering import Kind
from terminal import backgrounds
from terminal import options as o
from terminal.carrying import carry_out
from terminal.elsewhere import Matte, files_of, tool
from terminal.files import aim
from terminal.framing import Framing, check_weight, framed
from terminal.pictures import save_each
from terminal.recipe import Recipe
from terminal.request import ask
from terminal.strokes import Strokes, drawn
from terminal.work import NoResult

BITS = Annotated[
    Literal["8", "16"],
    Option(
        "--bits",
        help="Of a matte's pixel: 16 keeps the finest shades of soft edges, in a PNG.",
    ),
]


@dataclass(frozen=True)
class Matting:
    bits: BITS = "8"
    trimap: Annotated[
        bool,
        Option(
            "--trimap",
            help="Write the trimap instead: 255 is surely subject, 0 surely background, and 128, "
            "along soft edges, for another tool to find out.",
        ),
    ] = False

    @property
    def kind(self) -> Kind:
        return "trimap" if self.trimap else "matte"

    @property
    def depth(self) -> Bits:
        return 16 if self.bits == "16" else 8

    def check(self, format_: Format) -> None:
        """Raises BadParameter for what can't be written so."""
        if self.trimap and self.depth == 16:
            raise BadParameter("A trimap has three levels: it needs no 16 bits.")
        if told := unfit(self.kind, self.depth, format_):
            raise BadParameter(told, param_hint="--format")


def matte(
    photos: o.Photos,
    *,
    matting: Matting,
    edges: o.Edges = None,
    framing: Framing,
    model: o.Model = None,
    given: Matte = None,
    subject: o.Subject,
    strokes: Strokes = None,
    result: o.Result,
    keep_gps: o.KeepGps = False,
    recipe: Recipe = None,  # noqa: ARG001
    running: o.Running,
) -> list[NoResult]:
    """How much of each pixel is subject, as grey levels: photo.jpg becomes photo_matte.png."""
    look_of = backgrounds.always(Transparent(), framed(framing, edges))
    theirs = tool(given, photos)
    asked = ask(model, subject, running, tool=theirs, strokes=drawn(strokes))
    request = replace(asked, bits=matting.depth)
    target = aim(
        photos, result.output, result.format, transparent=False, usual="PNG",
        spared=files_of(theirs),
    )  # fmt: skip
    matting.check(target.format)
    check_weight(framing, target.format)

    def work(found: list[Path]) -> list[NoResult]:
        return save_each(
            found, request, look_of, target, matting.kind,
            kind=matting.kind, bits=matting.depth, keep_gps=keep_gps,
        )  # fmt: skip

    return carry_out(photos, request, work, target)
