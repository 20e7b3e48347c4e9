"""Recipes are found in files and read. They may come from anyone: what is odd is refused."""

import io
import json
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from PIL import Image

from models.interface import NOTHING_SAID
from photos.comments import comment_in
from photos.cut import Bits
from photos.encoding import RECIPE
from photos.known import Origin
from photos.metadata import Exif
from photos.photo import PhotoError, PhotoFile
from photos.recipe import Recipe
from photos.recipes.result import EDITION, LONGEST, ResultRecipe, Run
from photos.recipes.settings import LaidPicture, LaidPortrait, Settings
from photos.recipes.strict import Unreadable, read_as
from photos.recipes.strokes import strokes_in
from photos.rendering import Kind

_OF_A_PAINTING = {"prompt", "painter", "around", "seed"}
"""What recipes of paintings have told since before other results had recipes."""
_LARGEST = 20_000_000
"""Bytes of a results.json, at most: thousands of results."""


class Result(NamedTuple):
    """A result of a results.json: its recipe, and the names of its files, with folders.

    Examples
    --------
    >>> results_in(b'{"results": [{"photo": "cat.jpg", "error": "It is too large."}]}', "a.json")
    []
    """

    recipe: ResultRecipe
    files: tuple[str, ...]


def is_recipe(told: Any) -> bool:
    """Tell whether JSON is a recipe, of a result or, from older programs, of a painting.

    Parameters
    ----------
    told
        As `json.loads` gives it.

    Returns
    -------
    is_recipe : bool

    Examples
    --------
    >>> is_recipe({"recipe": 1}), is_recipe({"prompt": "a beach"}), is_recipe("by the sea")
    (True, False, False)
    """
    return isinstance(told, dict) and ("recipe" in told or told.keys() >= _OF_A_PAINTING)


def recipe_in(photo: PhotoFile) -> ResultRecipe:
    """Read the recipe in a result's file.

    Parameters
    ----------
    photo : PhotoFile
        The result, opened as a photo.

    Returns
    -------
    recipe : ResultRecipe

    Raises
    ------
    PhotoError
        If there is none, or one that can't be followed.

    Examples
    --------
    >>> from compositing.background import Blur
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.finishing import picture_file
    >>> from photos.look import Look
    >>> from photos.reading import open_photo
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> file = picture_file(cut, Look(Blur(51)), "composite", "WebP")
    >>> recipe_in(open_photo(file, "blurred.webp")).settings.background
    Blur(kernel=51, method='unmix')
    """
    for words in (_text(photo), comment_in(Exif.of(photo.exif))):
        if not words:
            continue
        try:
            told = _json(words)
        except Unreadable as error:
            raise _unfit(photo.name, str(error)) from error
        except ValueError:  # a comment need not be JSON
            continue
        if is_recipe(told):
            return _read(told, photo.name)
    raise PhotoError(
        f"“{photo.name}” holds no recipe: it isn't a result of this program, or another program "
        "left the recipe out."
    )


def results_in(data: bytes, name: str) -> list[Result]:
    """Read the recipes in a results.json.

    Parameters
    ----------
    data : bytes
        The whole file.
    name : str
        The file's name.

    Returns
    -------
    results : list of Result
        Without models that failed.

    Raises
    ------
    PhotoError
        If it's no results.json, or holds a recipe that can't be followed.

    Examples
    --------
    >>> results_in(b"[]", "results.json")
    Traceback (most recent call last):
    photos.photo.PhotoError: “results.json” is not a results.json of this program.
    """
    if len(data) > _LARGEST:
        raise PhotoError(f"“{name}” is too large to be a results.json of this program.")
    try:
        told = _json(data.decode())
    except Unreadable as error:
        raise _unfit(name, str(error)) from error
    except ValueError as error:
        raise PhotoError(f"“{name}” is not JSON that can be read.") from error
    entries = told.get("results") if isinstance(told, dict) else None
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise PhotoError(f"“{name}” is not a results.json of this program.")
    made = [each for each in entries if "files" in each]
    if not all("recipe" in each for each in made):
        raise PhotoError(f"“{name}” holds no recipes: an older program wrote it. Compare anew.")
    return [Result(_read(each["recipe"], name), _files(each["files"], name)) for each in made]


def _text(photo: PhotoFile) -> str:
    """What a PNG says under our keyword."""
    if not photo.data.startswith(b"\x89PNG"):
        return ""
    try:
        with Image.open(io.BytesIO(photo.data)) as image:
            image.load()  # some programs put texts behind the pixels
            words = str(image.info.get(RECIPE, ""))
    except (OSError, ValueError, SyntaxError) as error:  # as of a text that unpacks to gigabytes
        raise _unfit(photo.name, "its text can't be read") from error
    if len(words) > LONGEST:
        raise _unfit(photo.name, f"it is longer than {LONGEST} bytes")
    return words


def _json(words: str) -> Any:
    """Raises ValueError for what is no JSON, Unreadable for what is none of ours."""
    try:
        return json.loads(words, parse_constant=_no_number)
    except RecursionError as error:
        raise Unreadable("it is nested too deeply") from error


def _no_number(text: str) -> NoReturn:
    raise Unreadable(f"{text} is not a number")


def _read(told: Any, name: str) -> ResultRecipe:
    try:
        if not isinstance(told, dict):
            raise Unreadable("it is not a table")
        recipe = _of_a_result(told) if "recipe" in told else _of_a_painting(told)
        _check_names(recipe)
    except Unreadable as error:
        raise _unfit(name, str(error)) from error
    return recipe


def _unfit(name: str, why: str) -> PhotoError:
    return PhotoError(f"The recipe in “{name}” can't be followed: {why}.")


def _of_a_result(told: dict[str, Any]) -> ResultRecipe:
    edition = read_as(int, told["recipe"], "recipe")
    if edition != EDITION:
        raise Unreadable(f"it is of edition {edition}, and this program knows {EDITION}")
    known = {each.name for each in fields(ResultRecipe)} | {"recipe", "command", "comment"}
    for key in sorted(told.keys() - known):
        raise Unreadable(f"it holds “{key[:40]}”, which is not known here")
    return ResultRecipe(
        read_as(str, told.get("program"), "program"),
        read_as(Origin | None, told.get("photo"), "photo"),
        read_as(Run, told.get("run"), "run"),
        Settings.read(told.get("settings")),
        read_as(Run | None, told.get("kept_to"), "kept_to"),
        read_as(Kind | None, told.get("made"), "made"),
        _bits(told.get("bits", 8)),
        strokes_in(told.get("strokes", [])),
    )


def _bits(told: Any) -> Bits:
    if told not in (8, 16):
        raise Unreadable("“bits” is not 8 or 16")
    return 16 if told == 16 else 8


def _of_a_painting(told: dict[str, Any]) -> ResultRecipe:
    """One that tells of nothing but what was painted, and around which model's matte."""
    settings = Settings.read({"background": {**told, "kind": "painting"}})
    painted = settings.background
    assert isinstance(painted, Recipe)
    run = Run(painted.around, None, (), painted.device, "", NOTHING_SAID)
    return ResultRecipe("", None, run, settings, made="composite")


def _check_names(recipe: ResultRecipe) -> None:
    """Files are looked for by these names: none may lead out of a folder."""
    behind = recipe.settings.background
    mattes = [run.matte for run in (recipe.run, recipe.kept_to) if run and run.matte]
    names = [file.name for file in (recipe.photo, *mattes) if file]
    if isinstance(behind, LaidPicture) and behind.name is not None:
        names.append(behind.name)
    if isinstance(behind, LaidPortrait) and behind.file:
        names.append(behind.file.name)
    for name in names:
        if name in ("", ".", "..") or "/" in name or "\0" in name or Path(name).name != name:
            raise Unreadable(f"“{name[:80]}” is not a file's name without folders")


def _files(told: Any, name: str) -> tuple[str, ...]:
    try:
        files: tuple[str, ...] = read_as(tuple[str, ...], told, "files")
    except Unreadable as error:
        raise _unfit(name, str(error)) from error
    for each in files:
        path = Path(each)
        if path.is_absolute() or path.drive or ".." in path.parts or "\0" in each:
            raise _unfit(name, f"“{each[:80]}” leads out of its folder")
    return files
