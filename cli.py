"""The command line: `uv run cli.py blur photo.jpg`. `uv run cli.py --help` tells the rest."""

import sys
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

from typer import Exit, Option, Typer, echo

from compositing.background import Transparent
from models.painter import Wish
from terminal import backgrounds, comparison, generation, shelf
from terminal import options as o
from terminal.files import WriteFailed, aim, check_folder, gather
from terminal.objects import tell_objects
from terminal.parsing import parse_position
from terminal.pictures import save_each
from terminal.request import Request, ask, say
from terminal.settings import check_settings
from terminal.work import NoResult

app = Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(shelf.app, name="models")

COMPARISON = Path("comparison")
_BACKGROUND = (
    "A picture, a colour such as '#ffffff', two for a gradient from top to bottom such as "
    "'#ffffff,#c8d0d8', or transparent."
)


@app.command()
def blur(
    photos: o.Photos,
    strength: o.Strength = None,
    kernel: o.Kernel = None,
    method: o.Method = "unmix",
    edges: o.Edges = None,
    model: o.Model = o.DEFAULT_MODEL,
    box: o.Boxes = None,
    point: o.Points = None,
    text: o.Text = None,
    objects: o.Objects = None,
    list_objects: o.ListObjects = None,
    output: o.Output = None,
    format_: o.FormatName = None,
    keep_gps: o.KeepGps = False,
    refine: o.Refine = "quick",
    device: o.Device = "auto",
    weights: o.Weights = None,
) -> None:
    """Blur what is behind the subject: photo.jpg becomes photo_blurred.jpg."""
    look_of = backgrounds.blur(kernel, strength, method, edges)
    request = ask(model, say(box, point, text, objects), device, weights, refine, list_objects)
    target = aim(photos, output, format_, transparent=False)
    _carry_out(
        photos,
        request,
        lambda found: save_each(found, request, look_of, target, "blurred", keep_gps=keep_gps),
    )


@app.command()
def replace(
    photos: o.Photos,
    background: Annotated[str, Option("--background", "-b", help=_BACKGROUND)],
    fit: o.Fit = "cover",
    position: o.Position = "center",
    background_kernel: o.BackgroundKernel = 1,
    light_match: o.LightMatch = 0,
    shadow: o.ShadowStrength = 0,
    edges: o.Edges = None,
    model: o.Model = o.DEFAULT_MODEL,
    box: o.Boxes = None,
    point: o.Points = None,
    text: o.Text = None,
    objects: o.Objects = None,
    list_objects: o.ListObjects = None,
    output: o.Output = None,
    format_: o.FormatName = None,
    keep_gps: o.KeepGps = False,
    refine: o.Refine = "quick",
    device: o.Device = "auto",
    weights: o.Weights = None,
) -> None:
    """Put the subject on another background: photo.jpg becomes photo_replaced.jpg."""
    place = parse_position(position)
    behind = backgrounds.replacement(background, fit, place, background_kernel)
    request = ask(model, say(box, point, text, objects), device, weights, refine, list_objects)
    clear, spared = isinstance(behind, Transparent), Path(background)
    target = aim(photos, output, format_, transparent=clear, spared=spared)
    look_of = backgrounds.always(behind, edges, light_match, shadow)
    _carry_out(
        photos,
        request,
        lambda found: save_each(found, request, look_of, target, "replaced", keep_gps=keep_gps),
    )


@app.command()
def cutout(
    photos: o.Photos,
    edges: o.Edges = None,
    model: o.Model = o.DEFAULT_MODEL,
    box: o.Boxes = None,
    point: o.Points = None,
    text: o.Text = None,
    objects: o.Objects = None,
    list_objects: o.ListObjects = None,
    output: o.Output = None,
    format_: o.FormatName = None,
    keep_gps: o.KeepGps = False,
    refine: o.Refine = "quick",
    device: o.Device = "auto",
    weights: o.Weights = None,
) -> None:
    """The subject alone, on nothing: photo.jpg becomes photo_cutout.png."""
    request = ask(model, say(box, point, text, objects), device, weights, refine, list_objects)
    target = aim(photos, output, format_, transparent=True)
    look_of = backgrounds.always(Transparent(), edges)
    _carry_out(
        photos,
        request,
        lambda found: save_each(found, request, look_of, target, "cutout", keep_gps=keep_gps),
    )


@app.command()
def compare(
    photos: o.Photos,
    models: Annotated[str, Option(metavar="NAME,NAME...", help="Which models to compare.")],
    output: Annotated[
        Path, Option("--output", "-o", help="The folder for everything; made if it isn't there.")
    ] = COMPARISON,
    background: Annotated[
        str | None,
        Option("--background", "-b", help=f"{_BACKGROUND} By default the photo's own, blurred."),
    ] = None,
    fit: o.Fit = "cover",
    position: o.Position = "center",
    background_kernel: o.BackgroundKernel = 1,
    light_match: o.LightMatch = 0,
    shadow: o.ShadowStrength = 0,
    strength: o.Strength = None,
    kernel: o.Kernel = None,
    method: o.Method = "unmix",
    edges: o.Edges = None,
    box: o.Boxes = None,
    point: o.Points = None,
    text: o.Text = None,
    objects: o.Objects = None,
    list_objects: o.ListObjects = None,
    keep_gps: o.KeepGps = False,
    refine: o.Refine = "quick",
    device: o.Device = "auto",
    weights: o.Weights = None,
) -> None:
    """Run several models: mattes, cutouts and composites in a folder, and what each took.

    results.json there holds timings, devices, revisions and settings of every result.
    """
    look_of = backgrounds.blur(kernel, strength, method, edges)
    place = parse_position(position)
    if background is not None:
        behind = backgrounds.replacement(background, fit, place, background_kernel)
        look_of = backgrounds.always(behind, edges, light_match, shadow)
    check_folder(output)
    request = ask(models, say(box, point, text, objects), device, weights, refine, list_objects)
    _carry_out(
        photos,
        request,
        lambda found: comparison.compare(found, request, look_of, output, keep_gps=keep_gps),
    )


@app.command()
def generate(
    photos: o.Photos,
    prompt: o.Words,
    negative: o.Negative = "",
    steps: o.Steps = Wish.steps,
    guidance: o.Guidance = Wish.guidance,
    seed: o.Seed = None,
    variants: o.Variants = 1,
    painter: o.PainterName = o.DEFAULT_PAINTER,
    edges: o.Edges = None,
    model: o.Model = o.DEFAULT_MODEL,
    box: o.Boxes = None,
    point: o.Points = None,
    text: o.Text = None,
    objects: o.Objects = None,
    list_objects: o.ListObjects = None,
    output: o.Output = None,
    format_: o.FormatName = None,
    keep_gps: o.KeepGps = False,
    refine: o.Refine = "quick",
    device: o.Device = "auto",
    weights: o.Weights = None,
) -> None:
    """Paint a background from words: photo.jpg becomes photo_generated.jpg.

    Of one photo's variants, the second is photo_generated-2.jpg. The seed is told, and each file's
    EXIF comment holds all that is needed to paint it again.
    """
    order = generation.order(painter, prompt, negative, steps, guidance, seed, variants)
    request = ask(model, say(box, point, text, objects), device, weights, refine, list_objects)
    target = aim(photos, output, format_, transparent=False)
    look_of = backgrounds.always(Transparent(), edges)
    _carry_out(
        photos,
        request,
        lambda found: generation.generate(
            found, request, order, look_of, target, keep_gps=keep_gps
        ),
    )


def _version(wanted: bool) -> None:
    if wanted:
        project = tomllib.loads(Path(__file__).with_name("pyproject.toml").read_text())["project"]
        echo(f"{project['name']} {project['version']}")
        raise Exit


@app.callback()
def main(
    version: Annotated[  # noqa: ARG001
        bool, Option("--version", callback=_version, is_eager=True, help="Print it and exit.")
    ] = False,
) -> None:
    """Cut photos out, blur, replace or paint what is behind the subject, compare models."""
    # A path may hold letters of no alphabet that the terminal knows, and is told as it is.
    sys.stdout.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
    check_settings()


def _carry_out(
    photos: Sequence[Path], request: Request, work: Callable[[list[Path]], list[NoResult]]
) -> None:
    """A verb's own work on the photos, or only the list of the objects in them."""
    found = gather(photos)
    try:
        failures = tell_objects(found, request) if request.listing else work(found)
    except WriteFailed as error:
        echo(str(error), err=True)
        raise Exit(1) from error
    if failures:
        raise Exit(1)


if __name__ == "__main__":
    app()
