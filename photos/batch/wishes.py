"""What is made of each photo of a batch, as plain data that any process can be sent."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, Self

from compositing.alpha import Edges
from compositing.background import Transparent
from compositing.frame import Frame
from compositing.shadow import Shadow
from compositing.stand import Stand
from models import catalog
from models.catalog import ModelSpec
from models.interface import Prompt
from photos.blurring import Method, blur_with
from photos.cut import Bits, Refiner
from photos.depth import awaited
from photos.encoding import DEEP, Format
from photos.look import Look
from photos.recipes.settings import behind_in
from photos.recipes.strict import Unreadable, read_as
from photos.recipes.strokes import Drawn

type Make = Literal["cutout", "matte", "blur", "replace"]
"""The same pictures as those of the single verbs; a matte is the alpha as grey levels."""


_RARE: dict[str, Any] = {"bits": 8, "tool": None, "strokes": asdict(Drawn())}
_OF_A_FRAME = ("crop", "margin", "canvas", "align")
"""All of one that the head doesn't decide."""


@dataclass(frozen=True)
class Blurred:
    """How the background is blurred. strength: as many times as is usual for the photo's size;
    kernel: in pixels instead; optics: of a blur by depth, as `photos.blurring.blur_with` takes it.

    Examples
    --------
    >>> Blurred(kernel=51).method
    'unmix'
    """

    strength: float = 1
    kernel: int | None = None
    method: Method = "unmix"
    optics: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Behind:
    """What goes behind the subject in `replace`.

    Parameters
    ----------
    background : dict
        As recipes tell it: `photos.recipes.settings.told_behind`.
    path : str, optional
        Of a picture's file, absolute. The recipe tells only its name and SHA-256.
    light : float
        How far the subject takes on the new light, 0 to 1.
    shadow : Shadow, optional
    stand : Stand, optional
        Where the subject stands; None: where it stood in the photo.

    Examples
    --------
    >>> Behind({"kind": "colour", "red": 255, "green": 255, "blue": 255}).transparent
    False
    """

    background: dict[str, Any]
    path: str | None = None
    light: float = 0
    shadow: Shadow | None = None
    stand: Stand | None = None

    @property
    def transparent(self) -> bool:
        return isinstance(behind_in(self.background), Transparent)


@dataclass(frozen=True)
class Wishes:
    """What is made of each photo, and how.

    Parameters
    ----------
    models : tuple of str
        By their names; each makes a matte of each photo.
    make : tuple of {"cutout", "matte", "blur", "replace"}
        What is made of each matte.
    edges, unmix, refined
        As every `photos.look.Look` has them.
    blur, behind
        What the makes of these names need.
    prompt : Prompt
        What the subject is; of each photo the same.
    refiner, device
        As `photos.cutting.cut_out` takes them.
    format : {"PNG", "JPEG", "WebP", "TIFF"}, optional
        Of the pictures that it suits: a JPEG isn't transparent, and mattes are PNGs. None: JPEG,
        and PNG for what is transparent.
    keep_gps : bool
        Whether files say where the photo was taken.
    strokes : Drawn
        What a person painted on the mattes of some photos.
    frame, max_kb
        As every `photos.look.Look` has them; PNGs can't be held to a number of kilobytes.
    bits : {8, 16}
        Of a matte's pixel.
    tool : str, optional
        What another tool is called that made the mattes; then there are no models.

    Examples
    --------
    >>> wishes = Wishes(("u2netp",), ("cutout", "blur"), edges=Edges(grow=-1))
    >>> Wishes.read(wishes.told()) == wishes
    True
    >>> Wishes.read('{"models": ["u2netp"], "make": ["soup"]}')
    Traceback (most recent call last):
    photos.recipes.strict.Unreadable: “wishes.make[0]” is not one of cutout, matte, blur, replace
    """

    models: tuple[str, ...]
    make: tuple[Make, ...]
    edges: Edges = field(default_factory=Edges)
    unmix: bool = True
    refined: bool = True
    blur: Blurred = field(default_factory=Blurred)
    behind: Behind | None = None
    prompt: Prompt = field(default_factory=Prompt)
    refiner: Refiner = "quick"
    device: str = "auto"
    format: Format | None = None
    keep_gps: bool = False
    frame: Frame | None = None
    max_kb: int | None = None
    strokes: Drawn = field(default_factory=Drawn)
    bits: Bits = 8
    tool: str | None = None

    @property
    def depth_model(self) -> ModelSpec | None:
        """The model that tells the depth for its blur, if one does. Raises ValueError."""
        if "blur" not in self.make:
            return None
        return awaited(Look(blur_with(3, self.blur.method, **self.blur.optics)))

    def told(self) -> str:
        """All of it as JSON; what isn't asked for of `_RARE` isn't told, so that what was made
        before they were there counts as made."""
        told = asdict(self)
        if told["frame"] and told["frame"]["head"] is None:
            told["frame"] = {name: told["frame"][name] for name in _OF_A_FRAME}
        if told["behind"] and told["behind"]["stand"] is None:
            del told["behind"]["stand"]
        unasked = [name for name, usual in _RARE.items() if told[name] == usual]
        return json.dumps({k: v for k, v in told.items() if k not in unasked}, sort_keys=True)

    @classmethod
    def read(cls, told: str) -> Self:
        """From what `told` wrote. Raises Unreadable."""
        try:
            found: Self = read_as(cls, json.loads(told), "wishes")
        except (ValueError, RecursionError) as error:
            raise (
                error if isinstance(error, Unreadable) else Unreadable("it is not JSON")
            ) from error
        if found.behind:
            behind_in(found.behind.background)
        elif "replace" in found.make:
            raise Unreadable("“wishes.behind” is missing: “replace” needs a background")
        return found

    def format_of(self, make: Make) -> Format:
        """Of the pictures that are made so."""
        if make == "matte":
            return "PNG"
        clear = make == "cutout" or (
            make == "replace" and self.behind is not None and self.behind.transparent
        )
        if clear:
            return self.format if self.format in ("WebP", "TIFF") else "PNG"
        return self.format or "JPEG"

    def most_kb(self, make: Make) -> int | None:
        """How many kilobytes the pictures that are made so may have."""
        return None if self.format_of(make) in DEEP else self.max_kb

    def bits_of(self, make: Make) -> Bits:
        """Of a pixel of the pictures that are made so."""
        return self.bits if make == "matte" else 8

    @property
    def specs(self) -> tuple[ModelSpec, ...]:
        """The rows of the models, or of the other tool. Raises KeyError."""
        if self.tool is not None:
            return (catalog.other_tool(self.tool),)
        return tuple(map(catalog.find, self.models))

    def only(self, make: Make, soft: bool, heard: Collection[str]) -> Self:
        """What of it decides the pictures that are made so, by a model with soft mattes or not that
        hears such prompts. Whoever asks for another blur keeps his cutouts."""
        return replace(
            self,
            models=(),
            make=(make,),
            blur=self.blur if make == "blur" else Blurred(),
            behind=replace(self.behind, path=None) if self.behind and make == "replace" else None,
            prompt=self.prompt.only(heard),
            refiner="quick" if soft else self.refiner,
            device="auto",
            format=self.format_of(make),
            max_kb=self.most_kb(make),
            bits=self.bits_of(make),
        )
