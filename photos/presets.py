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
    ground : str
        What the shop says of the background, after its name; nothing where any will do.

    Examples
    --------
    >>> PRESETS[0].name, PRESETS[0].frame.canvas
    ('square', (2000, 2000))
    """

    name: str
    label: str
    frame: Frame
    ground: str = ""


def _row(
    name: str, label: str, percent: float, width: int, height: int, ground: str = ""
) -> Preset:
    return Preset(name, label, Frame("subject", Length(percent, True), (width, height)), ground)


PRESETS: tuple[Preset, ...] = (
    _row("square", "Square 1:1", 8, 2000, 2000),
    _row("portrait", "Portrait 4:5", 8, 1080, 1350),
    _row("story", "Story 9:16", 8, 1080, 1920),
    _row("landscape", "Landscape 16:9", 8, 1920, 1080),
    # Its main pictures show the product over at least 85 % of the picture, on pure white.
    _row("amazon", "Amazon", 7, 2000, 2000, "asks for pure white behind main pictures"),
    _row("shopify", "Shopify", 8, 2048, 2048),
    _row("ebay", "eBay", 8, 1600, 1600, "advises a plain background, best white"),
)


class Document(NamedTuple):
    """A photo for an identity document, as an authority asks for it. All lengths in millimetres.

    Attributes
    ----------
    name, label : str
        As of a preset.
    width, height : float
        Of the print.
    head : (float, float)
        From crown to chin, at least and at most.
    above : float
        From the upper edge to the crown; where the authority leaves it open, what its own pictures
        show.
    ground : str
        What it says of the background, and a colour that is so.
    source : str
        Who says it.

    Examples
    --------
    >>> DOCUMENTS[0].frame(600).canvas
    (827, 1063)
    """

    name: str
    label: str
    width: float
    height: float
    head: tuple[float, float]
    above: float
    ground: tuple[str, str]
    source: str

    def frame(self, dpi: int = 300) -> Frame:
        """Its frame, for a head of the middle of what is allowed."""
        canvas = round(self.width / 25.4 * dpi), round(self.height / 25.4 * dpi)
        share, above = (100 * mm / self.height for mm in (sum(self.head) / 2, self.above))
        return Frame(
            canvas=canvas, head=round(share, 3), above=round(above, 3), dpi=dpi, document=self.name
        )


_GREY, _WHITE = ("plain, light grey", "#dcdcdc"), ("plain white", "#ffffff")

DOCUMENTS: tuple[Document, ...] = (
    Document(
        "id-de", "ID photo, Germany 35 × 45 mm", 35, 45, (32, 36), 4, _GREY,
        "Bundesministerium des Innern, Fotomustertafel",
    ),
    Document(
        "id-schengen", "ID photo, Schengen visa 35 × 45 mm", 35, 45, (32, 36), 4,
        ("plain and light", "#eeeeee"), "ICAO Doc 9303, which the EU's visa format follows",
    ),
    Document(
        "id-uk", "ID photo, United Kingdom 35 × 45 mm", 35, 45, (29, 34), 5,
        ("plain, cream or light grey", "#dcdcdc"), "HM Passport Office",
    ),
    Document(
        "id-us", "ID photo, USA 51 × 51 mm", 50.8, 50.8, (25, 35), 5,
        ("plain white or off-white", "#ffffff"), "US Department of State",
    ),
    Document(
        "id-ca", "Passport photo, Canada 50 × 70 mm", 50, 70, (31, 36), 12,
        ("plain, white or light", "#ffffff"), "Immigration, Refugees and Citizenship Canada",
    ),
    Document(
        "id-au", "Passport photo, Australia 35 × 45 mm", 35, 45, (32, 36), 4,
        ("plain, white or light grey", "#eeeeee"), "Australian Passport Office",
    ),
    Document(
        "id-jp", "Passport photo, Japan 35 × 45 mm", 35, 45, (32, 36), 4,
        ("plain and light", "#ffffff"), "Ministry of Foreign Affairs of Japan",
    ),
    Document(
        "id-cn", "Visa photo, China 33 × 48 mm", 33, 48, (28, 33), 4, _WHITE,
        "Chinese Visa Application Service Center",
    ),
)  # fmt: skip
"""Authorities change their rules: look at theirs before a print."""
DPI = (300, 600)
"""Dots an inch that such photos are made with."""


FRAMES = (*(each.name for each in PRESETS), *(each.name for each in DOCUMENTS))
"""All names."""


def find_document(name: str) -> Document | None:
    """Find what an authority asks for by its name; None if there is none.

    Parameters
    ----------
    name : str

    Returns
    -------
    document : Document or None

    Examples
    --------
    >>> find_document("id-us").head
    (25, 35)
    """
    return next((each for each in DOCUMENTS if each.name == name), None)


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
    if document := find_document(name):
        return document.frame()
    known = ", ".join(FRAMES)
    raise ValueError(f"There is no frame “{name}”. There are: {known}.")
