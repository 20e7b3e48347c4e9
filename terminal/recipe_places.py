"""What a recipe said of places in one photo and a verb now does to every photo."""

from pathlib import Path

from typer import Context, echo

from photos.counts import listed
from photos.recipes.places import FLOOR, FOCUS, HEAD, PLACEMENT, places_in
from terminal.recipe import FOLLOWED

_MOVES, _LAYS = ("subject_move", "subject_scale"), ("position", "background_zoom")
_SAID = {FLOOR: ("horizon", "feet"), FOCUS: ("focus",), HEAD: ("head",)}
"""The parameters that say of a place where it is."""


def tell_places(context: Context) -> None:
    """To be called once all that was typed is known: what was typed takes the recipe's place."""
    if FOLLOWED not in context.meta:
        return
    recipe, name = context.meta[FOLLOWED]
    laid = Path(context.params.get("background") or "").is_file()
    said = {PLACEMENT: (*_MOVES, *(_LAYS if laid else ())), **_SAID}
    told = [
        place
        for place in places_in(recipe)
        if _is_made(place, context) and any(_is_the_recipe_s(each, context) for each in said[place])
    ]
    if told:
        echo(f"“{name}”: every photo gets its {listed(told)}.", err=True)


def _is_the_recipe_s(parameter: str, context: Context) -> bool:
    source = context.get_parameter_source(parameter)
    return source is not None and source.name == "DEFAULT_MAP"


def _is_made(place: str, context: Context) -> bool:
    """Whether the verb makes pictures that have such a place."""
    words, behind = context.params, place == PLACEMENT
    if place == HEAD:
        return True
    if "make" in words:  # a batch's, of which there may be several
        return ("replace" if behind else "blur") in words["make"].casefold()
    if context.info_name == "compare":
        return behind == (words["background"] is not None)
    return True
