"""The command that makes a result again, as a person would type it."""

import shlex
from collections.abc import Iterator
from dataclasses import fields

from compositing.background import Blur, Colour, Gradient, Transparent
from compositing.shadow import Shadow
from models.catalog import CONSENSUS, INPUT_ALPHA
from models.interface import Prompt
from photos.encoding import Format
from photos.presets import find_document
from photos.recipe import Recipe
from photos.recipes.result import ResultRecipe
from photos.recipes.settings import LaidPicture, LaidPortrait, Settings, Treatment

_PROGRAM = ("uv", "run", "cli.py")


def command_of(recipe: ResultRecipe, format_: Format | None = None) -> str:
    """Write the command that makes a result again.

    Parameters
    ----------
    recipe : ResultRecipe
    format_ : {"PNG", "JPEG", "WebP", "TIFF"}, optional
        The file's; None for all files that a cut has.

    Returns
    -------
    command : str
        For a shell, in the photo's folder. It is `cli.py again` where no other verb can be told
        all that the recipe holds.

    Examples
    --------
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.look import Look
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> recipe = ResultRecipe.of(cut, Look(Colour(255, 255, 255)), "composite")
    >>> command_of(recipe, "JPEG").removeprefix("uv run cli.py replace coffee.png ")
    "--background '#ffffff' --model grabcut --refine quick --device cpu --format jpeg"
    """
    photo = _path(recipe.photo.name) if recipe.photo else "PHOTO"
    own = list(_verb(recipe, photo, format_)) if _sayable(recipe) else []
    if not own:
        return shlex.join([*_PROGRAM, "again", "RESULT", "--photo", photo])
    return shlex.join([*_PROGRAM, *own, *_shared(recipe), *_format(own[0], format_)])


def _sayable(recipe: ResultRecipe) -> bool:
    """Whether the verbs that make pictures can be told all of it."""
    no_models = INPUT_ALPHA.name, CONSENSUS.name
    behind = recipe.settings.background
    known = not isinstance(behind, LaidPortrait) or behind.floor or behind.run or behind.file
    if recipe.strokes or not known:
        return False
    return recipe.kept_to is None and recipe.run.model not in no_models


def _verb(recipe: ResultRecipe, photo: str, format_: Format | None) -> Iterator[str]:
    """The verb and its own options; nothing if there is none."""
    settings, model = recipe.settings, recipe.run.model
    matte = recipe.run.matte
    by = ("--matte", _path(matte.name)) if matte else ("--model", model)
    behind = settings.background
    if recipe.made in ("matte", "trimap"):
        if _moved(settings):  # the verb `matte` leaves a subject where it is
            return
        yield from ("matte", photo, *by)
        yield from ("--trimap",) if recipe.made == "trimap" else ()
        yield from ("--bits", "16") if recipe.bits == 16 else ()
    elif recipe.made is None:
        background = list(_behind(settings))
        if not matte and (background or isinstance(behind, Blur | LaidPortrait)):
            yield from ("compare", photo, "--models", model, *background)
            yield from _blur(behind) if isinstance(behind, Blur | LaidPortrait) else ()
    elif recipe.made == "cutout" or isinstance(behind, Transparent):
        if format_ != "JPEG":  # on white, which no verb does
            yield from _cutout(settings, photo, by)
    elif isinstance(behind, Blur | LaidPortrait):
        yield from ("blur", photo, *_blur(behind), *by)
    elif isinstance(behind, Recipe):
        if behind.around == model and not settings.light and not settings.shadow:
            yield from ("generate", photo, *_painting(behind), *_stand(settings), *by)
    elif background := list(_behind(settings)):
        yield from ("replace", photo, *background, *by)


def _cutout(settings: Settings, photo: str, by: tuple[str, str]) -> Iterator[str]:
    if settings.shadow or _moved(settings):
        there = *_shadow(settings), *_stand(settings)
        yield from ("replace", photo, "--background", "transparent", *there, *by)
    else:
        yield from ("cutout", photo, *by)


def _blur(behind: Blur | LaidPortrait) -> Iterator[str]:
    yield from ("--kernel", str(behind.kernel))
    if isinstance(behind, Blur):
        yield from ("--method", behind.method)
        return
    yield from ("--method", "portrait")
    if behind.run:
        yield from ("--depth", behind.run.model)
    if behind.file:
        yield from ("--depth-map", _path(behind.file.name))
    for name, place in vars(behind.floor).items() if behind.floor else ():
        if place is not None:
            yield from (f"--{name}", _number(place))
    if behind.focus:
        yield from ("--focus", ",".join(map(_number, behind.focus)))
    yield from ("--blades", behind.blades, "--bloom", _number(behind.bloom))


def _behind(settings: Settings) -> Iterator[str]:
    """The options of a new background; nothing for one that `replace` can't be told."""
    behind = settings.background
    if isinstance(behind, Colour):
        yield from ("--background", _hex(behind))
    elif isinstance(behind, Gradient):
        yield from ("--background", f"{_hex(behind.top)},{_hex(behind.bottom)}")
    elif isinstance(behind, Transparent):
        yield from ("--background", "transparent")
    elif isinstance(behind, LaidPicture) and behind.name:
        yield from ("--background", _path(behind.name), "--fit", behind.fit)
        yield from ("--position", ",".join(map(_number, behind.position)))
        yield from ("--background-kernel", str(behind.kernel))
        if behind.zoom != 1:
            yield from ("--background-zoom", _number(behind.zoom))
    else:
        return
    if settings.light:
        yield from ("--light-match", _number(settings.light))
    yield from _shadow(settings)
    yield from _stand(settings)


def _moved(settings: Settings) -> bool:
    return settings.stand is not None and not settings.stand.still


def _stand(settings: Settings) -> Iterator[str]:
    if (stand := settings.stand) is None:
        return
    if stand.across or stand.down:
        yield f"--subject-move={_number(stand.across)},{_number(stand.down)}"
    if stand.scale != 1:
        yield from ("--subject-scale", _number(stand.scale))


def _shadow(settings: Settings) -> Iterator[str]:
    if shadow := settings.shadow:
        yield from ("--shadow", _number(shadow.strength))
        if shadow.softness != Shadow().softness:
            yield from ("--shadow-softness", _number(shadow.softness))


def _painting(behind: Recipe) -> Iterator[str]:
    yield from ("--prompt", behind.prompt)
    if behind.negative:
        yield from ("--negative", behind.negative)
    yield from ("--steps", str(behind.steps))
    if behind.guidance is not None:
        yield from ("--guidance", _number(behind.guidance))
    yield from ("--seed", str(behind.seed), "--painter", behind.painter)


def _shared(recipe: ResultRecipe) -> Iterator[str]:
    """The options that all these verbs have."""
    if changes := ",".join(edge_words(recipe.settings)):
        yield f"--edges={changes}"
    yield from _subject(recipe.run.prompt)
    if recipe.run.refiner:
        yield from ("--refine", recipe.run.refiner)
    if recipe.run.device:
        yield from ("--device", recipe.run.device)
    yield from _finishing(recipe.settings)


def _finishing(settings: Settings) -> Iterator[str]:
    if (frame := settings.frame) and (document := find_document(frame.document)):
        yield from ("--frame", document.name, "--dpi", str(frame.dpi))
        if frame.lines:
            yield f"--head={','.join(map(_number, frame.lines))}"
    elif frame:
        yield from ("--crop", frame.crop)
        if frame.margin.value:
            yield from ("--margin", str(frame.margin))
        if frame.canvas:
            yield from ("--canvas", "{}x{}".format(*frame.canvas))
        yield from ("--align", frame.align)
    if settings.max_kb:
        yield from ("--max-kb", str(settings.max_kb))


def edge_words(settings: Treatment) -> Iterator[str]:
    """Tell what is done to edges, in the words of --edges.

    Parameters
    ----------
    settings : Treatment

    Yields
    ------
    change : str

    Examples
    --------
    >>> from compositing.alpha import Edges
    >>> list(edge_words(Treatment(Edges(grow=-1, fill_holes=True), unmix=False)))
    ['grow=-1', 'fill-holes', 'keep-old-colours']
    """
    for each in fields(settings.edges):
        value = getattr(settings.edges, each.name)
        if value is True:
            yield each.name.replace("_", "-")
        elif value != each.default:
            yield f"{each.name}={_number(value)}"
    if not settings.refined:
        yield "unrefined"
    if not settings.unmix:
        yield "keep-old-colours"


def _subject(prompt: Prompt) -> Iterator[str]:
    for box in prompt.boxes:
        yield f"--box={','.join(map(_number, (box.x0, box.y0, box.x1, box.y1)))}"
    for point in prompt.points:
        place = f"--point={_number(point.x)},{_number(point.y)}"
        yield place if point.include else f"{place},exclude"
    yield from (f"--text={words}" for words in prompt.text)
    yield from (f"--object={name}" for name in prompt.objects)


def _format(verb: str, format_: Format | None) -> list[str]:
    return ["--format", format_.lower()] if format_ and verb != "compare" else []


def _hex(colour: Colour) -> str:
    return "#" + bytes(colour.rgb).hex()


def _number(value: float) -> str:
    """Shortest, but to the bit."""
    return repr(int(value)) if value == int(value) else repr(float(value))


def _path(name: str) -> str:
    """One that is no option, whatever the file is called."""
    return f"./{name}" if name.startswith("-") else name
