"""A blur by what a person says of it: the same for command line, recipes and batches."""

from typing import Literal

from compositing.background import Blur, Portrait
from compositing.floor import Floor
from compositing.portrait import Blades, Depth
from photos.depth import Unseen

type Method = Literal["unmix", "inpaint", "lens", "portrait"]

FLOOR = "floor"
"""What tells the depth where no model does."""


def blur_with(
    kernel: int,
    method: Method,
    *,
    horizon: float | None = None,
    feet: float | None = None,
    focus: tuple[float, float] | None = None,
    blades: Blades | None = None,
    bloom: float | None = None,
    depth: str | None = None,
) -> Blur | Portrait:
    """Make a blur.

    Parameters
    ----------
    kernel : int
        In pixels of the full-size photo, odd, 1 to 2001.
    method : {"unmix", "inpaint", "lens", "portrait"}
    horizon, feet, focus, blades, bloom
        As `Floor` and `Portrait` take them; None where nothing is said. They are for portrait
        alone.
    depth
        What tells how far things are, for portrait alone too: "floor", as if nothing is said, or
        the name of a model of `models.catalog.DEPTHS`.

    Returns
    -------
    blur : Blur or Portrait
        The depth of one that a model tells is `Unseen` yet.

    Raises
    ------
    ValueError
        If something can't be, or is said of a method that has no use for it.

    Examples
    --------
    >>> blur_with(51, "lens")
    Blur(kernel=51, method='lens')
    >>> blur_with(51, "portrait", horizon=0.4).depth
    Floor(horizon=0.4, feet=None)
    >>> blur_with(51, "portrait", depth="depth-anything-v2-small").depth
    Unseen(model='depth-anything-v2-small')
    >>> blur_with(51, "lens", horizon=0.4)
    Traceback (most recent call last):
    ValueError: horizon is for the method portrait: say so, or leave it out.
    """
    told = {
        "horizon": horizon,
        "feet": feet,
        "focus": focus,
        "blades": blades,
        "bloom": bloom,
        "depth": depth,
    }
    if method != "portrait":
        for name in (name for name, value in told.items() if value is not None):
            raise ValueError(f"{name} is for the method portrait: say so, or leave it out.")
        return Blur(kernel, method)
    return Portrait(
        kernel,
        _depth(depth, Floor(horizon, feet)),
        None if focus is None else (focus[0], focus[1]),
        "disc" if blades is None else blades,
        Portrait.bloom if bloom is None else bloom,
    )


def _depth(named: str | None, floor: Floor) -> Depth:
    """Raises ValueError for a model that isn't there, or a floor that has no use."""
    if named is None or named == FLOOR:
        return floor
    unseen = Unseen(named)
    try:
        label = unseen.spec.label
    except KeyError as error:
        told = f"{error.args[0]} Or say {FLOOR}, which needs none."
        raise ValueError(told) from error
    for name, place in vars(floor).items():
        if place is not None:
            raise ValueError(
                f"{name} is for the floor, and {label} tells the depth: leave one out."
            )
    return unseen
