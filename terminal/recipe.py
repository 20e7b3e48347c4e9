"""`--recipe recipe.toml`: what the file says stands for what isn't typed."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from typer import BadParameter, CallbackParam, Context, Option, echo

from compositing.background import Gradient
from compositing.colours import Colour
from photos.photo import PhotoError
from photos.presets import find_document
from photos.recipes.command import edge_words
from photos.recipes.file import BlurWish, ColourWish, PictureWish, RecipeFile

FOLLOWED = "recipe"
"""The key in a context's `meta` of the recipe that a verb follows, with its file's name."""
_VERBS = {"cutout": "cutout", "blur": "blur", "replace": "replace"}


def recipe_file(path: Path) -> RecipeFile:
    """Raises BadParameter."""
    try:
        return RecipeFile.read(path.read_bytes(), path.name)
    except OSError as error:
        raise BadParameter(f"“{path}” can't be read: {error.strerror}.") from error
    except PhotoError as error:
        raise BadParameter(str(error)) from error


def words_of(recipe: RecipeFile, folder: Path) -> dict[str, Any]:
    """What the recipe says, by the names of the verbs' parameters, as it would be typed. folder:
    where the recipe is, from which its picture is looked for."""
    return dict(_words(recipe, folder))


def _words(recipe: RecipeFile, folder: Path) -> Iterator[tuple[str, Any]]:
    if recipe.models:
        yield "model", ",".join(recipe.models)
        yield "models", ",".join(recipe.models)
    if recipe.text:
        yield "text", list(recipe.text)
    if recipe.objects:
        yield "object", list(recipe.objects)
    if changes := ",".join(edge_words(recipe)):
        yield "edges", changes
    for name in ("refine", "format", "max_kb"):
        if (value := getattr(recipe, name)) is not None:
            yield name, value
    if recipe.light:
        yield "light_match", recipe.light
    if recipe.shadow:
        yield "shadow", recipe.shadow.strength
        yield "shadow_softness", recipe.shadow.softness
    if stand := recipe.stand:
        if stand.across or stand.down:
            yield "subject_move", f"{stand.across!r},{stand.down!r}"
        if stand.scale != 1:
            yield "subject_scale", stand.scale
    yield from _framed(recipe)
    yield from _behind(recipe, folder)


def _framed(recipe: RecipeFile) -> Iterator[tuple[str, Any]]:
    if (frame := recipe.frame) and frame.head is not None:
        if document := find_document(frame.document):
            yield "frame", document.name
            yield "dpi", str(frame.dpi)
            if frame.lines:
                yield "head", ",".join(map(repr, frame.lines))
    elif frame:
        yield "crop", frame.crop
        yield "align", frame.align
        if frame.margin.value:
            yield "margin", str(frame.margin)
        if frame.canvas:
            yield "canvas", "{}x{}".format(*frame.canvas)


def _behind(recipe: RecipeFile, folder: Path) -> Iterator[tuple[str, Any]]:
    match recipe.background:
        case None:
            return
        case BlurWish(strength, kernel, method) as wish:
            own = {"strength": strength, "kernel": kernel, "method": method, **wish.optics}
            if wish.focus:
                own["focus"] = ",".join(map(repr, wish.focus))
            yield from ((name, value) for name, value in own.items() if value is not None)
        case ColourWish(colour):
            yield "background", _hex(colour)
        case Gradient(top, bottom):
            yield "background", f"{_hex(top)},{_hex(bottom)}"
        case PictureWish(file, fit, kernel, position, zoom):
            yield "background", str(folder.absolute() / file)
            yield "fit", fit
            yield "background_kernel", kernel
            if position != PictureWish.position:
                yield "position", ",".join(map(repr, position))
            if zoom != 1:
                yield "background_zoom", zoom
        case _:
            yield "background", "transparent"


def _hex(colour: Colour) -> str:
    return "#" + bytes(colour.rgb).hex()


def _use(context: Context, path: Path | None) -> Path | None:
    """The recipe's words become the options' defaults. Raises BadParameter."""
    if path is None:
        return None
    recipe = recipe_file(path)
    words = words_of(recipe, path.parent)
    known = {each.name for each in context.command.params}
    verb = context.info_name or ""
    if "models" in known:
        known.add("model")
    elif "model" in known:
        known.add("models")
    if "make" in known and recipe.make:
        words["make"] = recipe.make
    if unheard := _unheard(words, known):
        echo(f"“{path.name}”: `{verb}` has no use for its {unheard}.", err=True)
    if recipe.make in _VERBS and verb in _VERBS.values() and recipe.make != verb:
        echo(f"“{path.name}” was made for `{_VERBS[recipe.make]}`; this is `{verb}`.", err=True)
    context.meta[FOLLOWED] = recipe, path.name
    context.default_map = {name: words[name] for name in words if name in known}
    return path


def _unheard(words: Mapping[str, Any], known: set[str]) -> str:
    return ", ".join(name.replace("_", "-") for name in words if name not in known)


Recipe = Annotated[
    Path | None,
    Option(
        "--recipe",
        metavar="PATH",
        callback=_use,
        is_eager=True,
        help="A recipe.toml, as the page saves it: it says what isn't typed here.",
        show_default=False,
    ),
]


def instead_of(*others: str, by: str | None = None, unless: str | None = None) -> Any:
    """A callback for an option that, once typed, takes the place of others in a recipe.

    by: the only value that does. unless: the only one that doesn't.
    """

    def use(context: Context, parameter: CallbackParam, value: Any) -> Any:
        name = parameter.name or ""
        source = context.get_parameter_source(name)
        typed = source is not None and source.name == "COMMANDLINE" and by in (None, value)
        if context.default_map and typed and value != unless:
            for other in others:
                context.default_map.pop(other, None)
        return value

    return use
