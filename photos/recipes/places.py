"""What of a recipe.toml was said of places in one photo, and holds for every photo."""

from photos.recipes.file import BlurWish, PictureWish, RecipeFile

PLACEMENT, FLOOR, FOCUS, HEAD = "placement", "floor", "focus", "crown and chin"
_USUAL = (PictureWish.position, PictureWish.zoom)


def places_in(recipe: RecipeFile) -> tuple[str, ...]:
    """Name what a recipe has of them.

    Parameters
    ----------
    recipe : RecipeFile

    Returns
    -------
    places : tuple of str
        Of "placement"; "floor", horizon and feet; "focus"; "crown and chin".

    Examples
    --------
    >>> from compositing.stand import Stand
    >>> places_in(RecipeFile(stand=Stand(0.2))), places_in(RecipeFile(stand=Stand()))
    (('placement',), ())
    """
    behind, frame = recipe.background, recipe.frame
    stands = recipe.stand is not None and not recipe.stand.still
    laid = isinstance(behind, PictureWish) and (behind.position, behind.zoom) != _USUAL
    blur = behind if isinstance(behind, BlurWish) else BlurWish()
    said = {
        PLACEMENT: stands or laid,
        FLOOR: blur.horizon is not None or blur.feet is not None,
        FOCUS: blur.focus is not None,
        HEAD: frame is not None and frame.lines is not None,
    }
    return tuple(name for name, is_said in said.items() if is_said)
