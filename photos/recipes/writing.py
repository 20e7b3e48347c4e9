"""Recipes as files hold them: text in a PNG, the EXIF comment of the others, results.json."""

import json
from contextlib import suppress
from typing import Any

from photos.comments import comment_in
from photos.encoding import Format
from photos.metadata import Exif
from photos.photo import PhotoFile
from photos.recipes.command import command_of
from photos.recipes.reading import is_recipe
from photos.recipes.result import LONGEST, ResultRecipe


def told(recipe: ResultRecipe, format_: Format | None = None) -> dict[str, Any]:
    """List all that a recipe holds, with the command that makes the result again.

    Parameters
    ----------
    recipe : ResultRecipe
    format_ : {"PNG", "JPEG", "WebP", "TIFF"}, optional
        The result's; None for all files that a cut has.

    Returns
    -------
    told : dict
        Ready for JSON.

    Examples
    --------
    >>> from compositing.background import Blur
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.look import Look
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> recipe = ResultRecipe.of(cut, Look(Blur(51)), "composite")
    >>> told(recipe, "JPEG")["command"][:49]
    'uv run cli.py blur coffee.png --kernel 51 --metho'
    """
    return recipe.told() | {"command": command_of(recipe, format_)}


def in_words(recipe: ResultRecipe, format_: Format, photo: PhotoFile) -> str:
    """Write a recipe as a file of this format holds it.

    Parameters
    ----------
    recipe : ResultRecipe
    format_ : {"PNG", "JPEG", "WebP", "TIFF"}
        The others have it in the place of the user's comment: the photo's own goes into it.
    photo : PhotoFile
        What the result is of.

    Returns
    -------
    words : str
        JSON in ASCII. Empty if it would have more than `LONGEST` bytes.

    Examples
    --------
    >>> from compositing.background import Blur
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.look import Look
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> recipe = ResultRecipe.of(cut, Look(Blur(51)), "composite")
    >>> in_words(recipe, "PNG", cut.photo)[:46]
    '{"recipe": 1, "program": "cutout-compare 0.1.0'
    """
    all_told = told(recipe, format_)
    if format_ != "PNG" and (own := _own_comment(photo)):
        all_told["comment"] = own
    words = json.dumps(all_told)
    return words if len(words) <= LONGEST else ""


def _own_comment(photo: PhotoFile) -> str:
    """The comment that a person gave the photo. A photo that is a result itself has it in its
    recipe, which is not that of the new result."""
    comment = comment_in(Exif.of(photo.exif))
    with suppress(ValueError, RecursionError):
        before = json.loads(comment)
        if is_recipe(before):
            return str(before.get("comment", ""))
    return comment
