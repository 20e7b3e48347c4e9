"""The verbs of the command line."""

from pathlib import Path
from typing import Annotated, Any

from typer import Context, Exit, Option, Typer, echo
from typer.core import TyperGroup

from compositing.background import Transparent
from photos.program import program
from terminal import (
    again,
    backgrounds,
    batch,
    comparison,
    evaluating,
    generation,
    matting,
    shelf,
    streams,
    votes,
)
from terminal import options as o
from terminal.behind import BACKGROUND, Blurring, Painting, Setting, Standing
from terminal.carrying import carry_out
from terminal.depths import DepthMap, Depths, depth_maps, depth_model
from terminal.doctor.report import doctor
from terminal.elsewhere import ALSO, Also, Matte, files_of, tool, tools
from terminal.files import aim, check_folder
from terminal.framing import Framing, check_weight, framed
from terminal.judging import Judging
from terminal.parsing import check_words
from terminal.pictures import save_each
from terminal.recipe import Recipe
from terminal.request import ask
from terminal.settings import check_settings
from terminal.strokes import Strokes, drawn
from terminal.verb import verb
from terminal.work import NoResult

COMPARISON = Path("comparison")


class _Verbs(TyperGroup):
    """Of what a verb says, its help and complaints included, every letter can be printed; and no
    word that it is told is empty."""

    def main(self, *args: Any, **words: Any) -> Any:
        streams.forgive()
        return super().main(*args, **words)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        check_words(args)
        return super().parse_args(ctx, args)


app = Typer(
    cls=_Verbs,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(shelf.app, name="models")
app.add_typer(votes.app, name="collections")
app.command()(verb(evaluating.evaluate))
app.command("vote")(votes.vote)
app.command("ratings")(votes.ratings)
app.command()(verb(again.again))
app.command()(verb(matting.matte))
app.command()(verb(batch.batch))
app.command("doctor")(doctor)


@app.command()
@verb
def blur(
    photos: o.Photos,
    *,
    blurring: Blurring,
    edges: o.Edges = None,
    framing: Framing,
    model: o.Model = None,
    matte: Matte = None,
    depth_map: DepthMap = None,
    subject: o.Subject,
    strokes: Strokes = None,
    result: o.Result,
    keep_gps: o.KeepGps = False,
    recipe: Recipe = None,  # noqa: ARG001
    running: o.Running,
) -> list[NoResult]:
    """Blur what is behind the subject: photo.jpg becomes photo_blurred.jpg."""
    look_of = backgrounds.blur(blurring, framed(framing, edges))
    given, maps, teller = (
        tool(matte, photos), depth_maps(depth_map, photos, blurring), depth_model(blurring)
    )  # fmt: skip
    request = ask(model, subject, running, tool=given, depth=teller, strokes=drawn(strokes))
    spared = (*files_of(given), *files_of(maps))
    target = aim(photos, result.output, result.format, transparent=False, spared=spared)
    check_weight(framing, target.format)

    def work(found: list[Path]) -> list[NoResult]:
        depths = Depths(teller, maps, request.device)
        return save_each(
            found, request, look_of, target, "blurred", keep_gps=keep_gps, depths=depths
        )

    return carry_out(photos, request, work, target, spared=files_of(maps))


@app.command()
@verb
def replace(
    photos: o.Photos,
    *,
    background: Annotated[str, Option("--background", "-b", help=BACKGROUND)],
    setting: Setting,
    edges: o.Edges = None,
    framing: Framing,
    model: o.Model = None,
    matte: Matte = None,
    subject: o.Subject,
    strokes: Strokes = None,
    result: o.Result,
    keep_gps: o.KeepGps = False,
    recipe: Recipe = None,  # noqa: ARG001
    running: o.Running,
) -> list[NoResult]:
    """Put the subject on another background: photo.jpg becomes photo_replaced.jpg."""
    behind = backgrounds.replacement(background, setting)
    look_of = backgrounds.always(behind, framed(framing, edges), setting)
    given = tool(matte, photos)
    request = ask(model, subject, running, tool=given, strokes=drawn(strokes))
    clear = isinstance(behind, Transparent)
    spared = (Path(background), *files_of(given))
    target = aim(photos, result.output, result.format, transparent=clear, spared=spared)
    check_weight(framing, target.format)

    def work(found: list[Path]) -> list[NoResult]:
        return save_each(found, request, look_of, target, "replaced", keep_gps=keep_gps)

    return carry_out(photos, request, work, target)


@app.command()
@verb
def cutout(
    photos: o.Photos,
    *,
    edges: o.Edges = None,
    framing: Framing,
    model: o.Model = None,
    matte: Matte = None,
    subject: o.Subject,
    strokes: Strokes = None,
    result: o.Result,
    keep_gps: o.KeepGps = False,
    recipe: Recipe = None,  # noqa: ARG001
    running: o.Running,
) -> list[NoResult]:
    """The subject alone, on nothing: photo.jpg becomes photo_cutout.png."""
    look_of = backgrounds.always(Transparent(), framed(framing, edges))
    given = tool(matte, photos)
    request = ask(model, subject, running, tool=given, strokes=drawn(strokes))
    target = aim(photos, result.output, result.format, transparent=True, spared=files_of(given))
    check_weight(framing, target.format)

    def work(found: list[Path]) -> list[NoResult]:
        return save_each(found, request, look_of, target, "cutout", keep_gps=keep_gps)

    return carry_out(photos, request, work, target)


@app.command()
@verb
def compare(
    photos: o.Photos,
    *,
    models: Annotated[str, Option(metavar="NAME,NAME...", help="Which models to compare.")],
    output: Annotated[
        Path,
        Option(
            "--output",
            "-o",
            parser=streams.parse_output,
            metavar="PATH",
            help="The folder for everything; made if it isn't there.",
        ),
    ] = COMPARISON,
    background: Annotated[
        str | None,
        Option("--background", "-b", help=f"{BACKGROUND} By default the photo's own, blurred."),
    ] = None,
    setting: Setting,
    blurring: Blurring,
    judging: Judging,
    also: Also = None,
    depth_map: DepthMap = None,
    edges: o.Edges = None,
    framing: Framing,
    subject: o.Subject,
    strokes: Strokes = None,
    keep_gps: o.KeepGps = False,
    recipe: Recipe = None,
    running: o.Running,
) -> list[NoResult]:
    """Run several models: mattes, cutouts and composites in a folder, and what each took.

    results.json there holds timings, devices, settings and the weights' files of every result.
    """
    look_of = backgrounds.blur(blurring, framed(framing, edges))
    maps = depth_maps(depth_map, photos, blurring, replaced=background is not None)
    backgrounds.check_ground(background, setting, blurring, by_recipe=recipe is not None)
    teller = depth_model(blurring)
    if background is not None:
        teller = None
        behind = backgrounds.replacement(background, setting)
        look_of = backgrounds.always(behind, framed(framing, edges), setting)
    check_folder(output)
    request = ask(
        models, subject, running, also=tools(also or (), photos, ALSO),
        depth=teller, strokes=drawn(strokes),
    )  # fmt: skip
    judging.check(request)

    def work(found: list[Path]) -> list[NoResult]:
        depths = Depths(teller, maps, request.device)
        return comparison.compare(
            found, request, look_of, output, judging, keep_gps=keep_gps, depths=depths
        )

    return carry_out(photos, request, work, spared=files_of(maps))


@app.command()
@verb
def generate(
    photos: o.Photos,
    *,
    painting: Painting,
    standing: Standing,
    edges: o.Edges = None,
    framing: Framing,
    model: o.Model = None,
    matte: Matte = None,
    subject: o.Subject,
    strokes: Strokes = None,
    result: o.Result,
    keep_gps: o.KeepGps = False,
    recipe: Recipe = None,  # noqa: ARG001
    running: o.Running,
) -> list[NoResult]:
    """Paint a background from words: photo.jpg becomes photo_generated.jpg.

    Of one photo's variants, the second is photo_generated-2.jpg. The seed is told, and each file
    holds all that is needed to paint it again.
    """
    order = generation.order(painting)
    setting = Setting(standing.subject_move, standing.subject_scale)
    look_of = backgrounds.always(Transparent(), framed(framing, edges), setting)
    given = tool(matte, photos)
    request = ask(model, subject, running, order.painter, given, strokes=drawn(strokes))
    target = aim(photos, result.output, result.format, transparent=False, spared=files_of(given))
    check_weight(framing, target.format)

    def work(found: list[Path]) -> list[NoResult]:
        return generation.generate(found, request, order, look_of, target, keep_gps=keep_gps)

    return carry_out(photos, request, work, target)


def _version(wanted: bool) -> None:
    if wanted:
        echo(program())
        raise Exit


@app.callback()
def main(
    context: Context,
    version: Annotated[  # noqa: ARG001
        bool, Option("--version", callback=_version, is_eager=True, help="Print it and exit.")
    ] = False,
) -> None:
    """Cut photos out, blur, replace or paint what is behind the subject, compare models."""
    if context.invoked_subcommand == "doctor":  # which tells of them among others
        return
    # What is wrong with a model's files, or the file of keys, is looked up and mended by these.
    check_settings(goes_on=context.invoked_subcommand in ("models", "keys"))
