"""recipe.toml: what a person chose, for any photo. The page writes and opens it, the command line
follows it; its words are those of the recipes in results."""

import re
from dataclasses import dataclass, field, fields
from pathlib import PurePath, PureWindowsPath
from typing import Any, Literal, Self

import numpy as np

from compositing.background import Colour, Fit, Gradient, Picture, Transparent
from compositing.portrait import Blades
from photos.blurring import Method, blur_with
from photos.cut import Refiner
from photos.photo import PhotoError
from photos.recipes.settings import Treatment
from photos.recipes.strict import Unreadable, read_as
from photos.recipes.toml import toml_value

type Make = Literal["cutout", "matte", "blur", "replace"]

OPTICS = ("horizon", "feet", "focus", "blades", "bloom", "depth")
"""Of a blur by depth."""
EDITION = 1
"""Of the way in which these files are written."""
_LARGEST = 100_000
"""Bytes, at most: hundreds of times what one has."""
_FIRST = (
    "# What to do with a photo, for the page and for `cli.py blur PHOTO --recipe recipe.toml`.\n"
)


@dataclass(frozen=True)
class BlurWish:
    """A blur, by its strength for a photo of any size or by its kernel in pixels; the rest is of a
    blur by depth.

    Examples
    --------
    >>> BlurWish(strength=2).method
    'unmix'
    """

    strength: float | None = None
    kernel: int | None = None
    method: Method = "unmix"
    horizon: float | None = None
    feet: float | None = None
    focus: tuple[float, float] | None = None
    blades: Blades | None = None
    bloom: float | None = None
    depth: str | None = None

    def __post_init__(self) -> None:
        if self.strength is not None and self.kernel is not None:
            raise ValueError("a blur has a strength or a kernel, and not both")
        if self.strength is not None and not 0 <= self.strength <= 10:
            raise ValueError(f"a blur's strength lies between 0 and 10; got {self.strength:g}")
        blur_with(3 if self.kernel is None else self.kernel, self.method, **self.optics)

    @property
    def optics(self) -> dict[str, Any]:
        """What is said of a blur by depth, as `photos.blurring.blur_with` takes it."""
        return {name: vars(self)[name] for name in OPTICS if vars(self)[name] is not None}


@dataclass(frozen=True)
class ColourWish:
    """One colour.

    Examples
    --------
    >>> ColourWish(Colour(255, 255, 255)).colour.rgb
    (255, 255, 255)
    """

    colour: Colour


@dataclass(frozen=True)
class PictureWish:
    """A picture, by its path from the recipe's folder, with / between folders.

    Examples
    --------
    >>> PictureWish("../secret.jpg")
    Traceback (most recent call last):
    ValueError: “../secret.jpg” leads out of the recipe's folder
    """

    file: str
    fit: Fit = "cover"
    kernel: int = 1
    position: tuple[float, float] = (0.5, 0.5)
    zoom: float = 1.0

    def __post_init__(self) -> None:
        path, other = PurePath(self.file), PureWindowsPath(self.file)
        odd = path.is_absolute() or other.drive or other.root or ".." in other.parts
        if odd or "\0" in self.file or not path.name:
            raise ValueError(f"“{self.file[:80]}” leads out of the recipe's folder")
        nothing = np.zeros((1, 1, 3), np.uint8)
        Picture(nothing, self.fit, self.kernel, self.position, self.zoom)  # can it be?


type BehindWish = BlurWish | ColourWish | Gradient | Transparent | PictureWish

_KINDS: dict[str, type] = {
    "blur": BlurWish,
    "colour": ColourWish,
    "gradient": Gradient,
    "transparent": Transparent,
    "picture": PictureWish,
}


@dataclass(frozen=True)
class _Told(Treatment):
    """All but what is behind the subject, as the file has it."""

    recipe: int = EDITION
    make: Make | None = None
    models: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    refine: Refiner | None = None
    format: Literal["jpeg", "png", "webp"] | None = None


@dataclass(frozen=True)
class RecipeFile(_Told):
    """What a person chose.

    Parameters
    ----------
    edges, unmix, refined, light, shadow, frame, stand, max_kb
        As of a `photos.look.Look`.
    recipe : int
        The edition of the file.
    make : {"cutout", "matte", "blur", "replace"}, optional
        Which picture.
    models : tuple of str
        Names of models.
    text, objects : tuple of str
        What the subject is, for models that can be told it.
    refine : {"quick", "closed-form"}, optional
        What draws the edges of hard masks.
    format : {"jpeg", "png", "webp"}, optional
    background : BlurWish, ColourWish, Gradient, Transparent or PictureWish, optional

    Examples
    --------
    >>> recipe = RecipeFile(make="blur", background=BlurWish(strength=2), light=0.5)
    >>> RecipeFile.read(recipe.written().encode(), "recipe.toml") == recipe
    True
    """

    background: BehindWish | None = field(default=None, kw_only=True)

    def written(self) -> str:
        """The file's text, in UTF-8."""
        told = {key: value for key, value in _plain(self).items() if value not in (None, [])}
        tables = {key: value for key, value in told.items() if isinstance(value, dict)}
        lines = [f"{key} = {toml_value(told[key])}" for key in told if key not in tables]
        for name, table in tables.items():
            lines += ["", f"[{name}]"]
            lines += [f"{key} = {toml_value(each)}" for key, each in table.items()]
        return _FIRST + "\n".join(lines) + "\n"

    @classmethod
    def read(cls, data: bytes, name: str) -> Self:
        """Read a file. Raises PhotoError with a sentence that names the line."""
        import tomllib  # slow to import

        if len(data) > _LARGEST:
            raise PhotoError(f"“{name}” is too large to be a recipe.")
        try:
            text = data.decode()
            told = tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # no UTF-8, no TOML, or a number beyond all
            raise PhotoError(f"“{name}” is not TOML that can be read: {error}.") from error
        try:
            return cls._of(_with_underscores(told))
        except Unreadable as error:
            line = _line_of(error.key.removeprefix("recipe."), text)
            where = f", line {line}" if line else ""
            wrong = str(error).replace("“recipe.", "“")
            raise PhotoError(f"“{name}”{where}: {wrong}.") from error

    @classmethod
    def _of(cls, told: dict[str, Any]) -> Self:
        if not isinstance(told.get("recipe"), int):
            raise Unreadable(f"it has to begin with “recipe = {EDITION}”", "recipe.recipe")
        behind = told.pop("background", None)
        rest = read_as(_Told, told, "recipe")
        if rest.recipe != EDITION:
            raise Unreadable(
                f"it is of edition {rest.recipe}, and this program knows {EDITION}", "recipe.recipe"
            )
        return cls(**vars(rest), background=None if behind is None else _behind(behind))


def _behind(told: Any) -> BehindWish:
    parts = dict(read_as(dict[str, Any], told, "background"))
    kind = parts.pop("kind", None)
    if not isinstance(kind, str) or kind not in _KINDS:
        raise Unreadable(f"“background.kind” is not one of {', '.join(_KINDS)}", "background.kind")
    made: BehindWish = read_as(_KINDS[kind], parts, "background")
    return made


def _plain(recipe: RecipeFile) -> dict[str, Any]:
    """As TOML has it: no None, and what is written as text as text."""
    told = {each.name: getattr(recipe, each.name) for each in fields(_Told)}
    first = ("recipe", "make", "models")
    told = {name: told[name] for name in (*first, *told)}
    behind = recipe.background
    if behind is not None:
        (kind,) = (name for name, type_ in _KINDS.items() if type(behind) is type_)
        told["background"] = {"kind": kind, **vars(behind)}
    return {name: _simple(value) for name, value in told.items()}


def _simple(value: Any) -> Any:
    if isinstance(value, Colour):
        return "#" + bytes(value.rgb).hex()
    if hasattr(type(value), "parse"):
        return str(value)
    if hasattr(value, "__dataclass_fields__"):
        value = {each.name: getattr(value, each.name) for each in fields(value)}
    if isinstance(value, dict):
        return {name: _simple(part) for name, part in value.items() if part is not None}
    return list(value) if isinstance(value, tuple) else value


def _with_underscores(told: dict[str, Any]) -> dict[str, Any]:
    """max-kb is max_kb: people know it from the command line."""
    return {
        key.replace("-", "_"): _with_underscores(value) if isinstance(value, dict) else value
        for key, value in told.items()
    }


def _line_of(key: str, text: str) -> int | None:
    """The line where a key stands, such as “edges.grow”; of a table, where it begins."""
    *tables, last = re.sub(r"\[\d+\]$", "", key).split(".")
    within: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
            within = header[1].replace("-", "_").replace('"', "").split(".")
            if within == [*tables, last]:
                return number
        found = re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line)
        if found and within == tables and found[1].replace("-", "_") == last:
            return number
        if found and tables == [*within, found[1]]:  # a table in one line
            return number
    return None
