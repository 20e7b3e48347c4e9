"""Frames that are asked for often, by name: a table to add rows to."""

from typing import NamedTuple

from compositing.frame import Frame, Length


class Preset(NamedTuple):
    """A frame with a name.

    Attributes
    ----------
    name : str
        By which the command line knows it.
    label : str
        For people, with its proportions or what asks for it.
    frame : Frame

    Examples
    --------
    >>> PRESETS[0].name, PRESETS[0].frame.canvas
    ('square', (2000, 2000))
    """

    name: str
    label: str
    frame: Frame


def _row(name: str, label: str, percent: float, width: int, height: int) -> Preset:
    return Preset(name, label, Frame("subject", Length(percent, True), (width, height)))


PRESETS: tuple[Preset, ...] = (
    _row("square", "Square 1:1", 8, 2000, 2000),
    _row("portrait", "Portrait 4:5", 8, 1080, 1350),
    _row("story", "Story 9:16", 8, 1080, 1920),
    _row("landscape", "Landscape 16:9", 8, 1920, 1080),
    # Its main pictures show the product over at least 85 % of the picture, on pure white.
    _row("amazon", "Amazon", 7, 2000, 2000),
    _row("shopify", "Shopify", 8, 2048, 2048),
    _row("ebay", "eBay", 8, 1600, 1600),
)


def find_preset(name: str) -> Frame:
    """Find a frame by its name.

    Parameters
    ----------
    name : str

    Returns
    -------
    frame : Frame

    Raises
    ------
    ValueError
        If there is none of that name: a sentence with those there are.

    Examples
    --------
    >>> find_preset("story").canvas
    (1080, 1920)
    >>> find_preset("round")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: There is no frame “round”. There are: square, portrait, story, ...
    """
    for preset in PRESETS:
        if preset.name == name:
            return preset.frame
    known = ", ".join(preset.name for preset in PRESETS)
    raise ValueError(f"There is no frame “{name}”. There are: {known}.")
