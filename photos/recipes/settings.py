"""What decides how a composite looks, apart from the cut: a look without its pixels."""

from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

from compositing.alpha import Edges
from compositing.background import (
    Background,
    Blur,
    Colour,
    Fit,
    Gradient,
    Picture,
    Portrait,
    Transparent,
)
from compositing.floor import Floor
from compositing.frame import Frame
from compositing.portrait import Blades, Depth
from compositing.shadow import Shadow
from compositing.stand import Stand
from photos.depth import DepthRun, Seen, Unseen
from photos.file_picture import FilePicture
from photos.known import Origin
from photos.look import Look
from photos.painting import Painting
from photos.photo import PhotoFile
from photos.recipe import Recipe
from photos.recipes.strict import Unreadable, read_as


@dataclass(frozen=True)
class LaidPicture:
    """A background picture without its pixels: how large it is, how it's laid, and which file it
    came from, as name and SHA-256; both None for one that came from no file.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> laid = LaidPicture.of(FilePicture.of(SAMPLES[2].open(), "contain"))
    >>> laid.name, laid.fit, laid.width
    ('coffee.png', 'contain', 600)
    """

    width: int
    height: int
    fit: Fit = "cover"
    kernel: int = 1
    position: tuple[float, float] = (0.5, 0.5)
    name: str | None = None
    sha256: str | None = None
    zoom: float = 1.0

    @classmethod
    def of(cls, picture: Picture) -> Self:
        height, width = picture.pixels.shape[:2]
        laid = cls(width, height, picture.fit, picture.kernel, picture.position, zoom=picture.zoom)
        if isinstance(picture, FilePicture):
            return replace(laid, name=picture.name, sha256=picture.sha256)
        return laid

    def found(self, file: PhotoFile) -> FilePicture:
        """The picture, once its file is there. Raises ValueError if it can't be laid so."""
        return FilePicture.of(file, self.fit, self.kernel, self.position, self.zoom)


@dataclass(frozen=True)
class LaidPortrait:
    """A blur by depth as it can be written down.

    Parameters
    ----------
    kernel, focus, blades, bloom
        As of a `Portrait`.
    floor : Floor, optional
        None if the depth isn't a floor's.
    run : DepthRun, optional
        The network's that told the depth; of one that is going to, all but its name is open.
    file : Origin, optional
        The depth map. If none of the three is known, the blur can't be made again.

    Examples
    --------
    >>> LaidPortrait.of(Portrait(51, Floor(0.4))).found()
    Portrait(kernel=51, depth=Floor(horizon=0.4, feet=None), focus=None, blades='disc', bloom=0.1)
    """

    kernel: int
    floor: Floor | None
    focus: tuple[float, float] | None = None
    blades: Blades = "disc"
    bloom: float = Portrait.bloom
    run: DepthRun | None = None
    file: Origin | None = None

    @classmethod
    def of(cls, blur: Portrait) -> Self:
        depth = blur.depth
        floor = depth if isinstance(depth, Floor) else None
        by = depth.by if isinstance(depth, Seen) else None
        if isinstance(depth, Unseen):
            by = DepthRun(depth.model, None, (), "", "")
        run, file = by if isinstance(by, DepthRun) else None, by if isinstance(by, Origin) else None
        return cls(blur.kernel, floor, blur.focus, blur.blades, blur.bloom, run, file)

    def found(self, depth: Depth | None = None) -> Portrait:
        """The blur. depth: the one that was told anew; None: the floor, or what the model is going
        to tell. Raises ValueError if that can't be, or its depth isn't known."""
        depth = depth or self.floor or (Unseen(self.run.model) if self.run else None)
        if depth is None:
            raise ValueError("By which depth it was blurred isn't in the recipe.")
        return Portrait(self.kernel, depth, self.focus, self.blades, self.bloom)

    def told(self) -> dict[str, Any]:
        """List all of it, ready for JSON; who told the depth only if that wasn't the floor, so
        that older programs can read all other recipes."""
        told = asdict(self)
        return {name: told[name] for name in told if told[name] or name not in ("run", "file")}


type Behind = Blur | LaidPortrait | Colour | Gradient | Transparent | LaidPicture | Recipe

_KINDS: dict[str, type] = {
    "blur": Blur,
    "portrait": LaidPortrait,
    "colour": Colour,
    "gradient": Gradient,
    "transparent": Transparent,
    "picture": LaidPicture,
    "painting": Recipe,
}
"""What can go behind the subject, by the names that it has in files."""


def without_pixels(background: Background) -> Behind:
    """Describe a background.

    Parameters
    ----------
    background : Background

    Returns
    -------
    behind : Behind

    Examples
    --------
    >>> without_pixels(Blur(51))
    Blur(kernel=51, method='unmix')
    """
    if isinstance(background, Painting):
        return background.recipe
    if isinstance(background, Portrait):
        return LaidPortrait.of(background)
    return LaidPicture.of(background) if isinstance(background, Picture) else background


def told_behind(behind: Behind) -> dict[str, Any]:
    """List what is known of a background, ready for JSON.

    Parameters
    ----------
    behind : Behind

    Returns
    -------
    told : dict

    Examples
    --------
    >>> told_behind(Blur(51))
    {'kind': 'blur', 'kernel': 51, 'method': 'unmix'}
    """
    (kind,) = (name for name, type_ in _KINDS.items() if type(behind) is type_)
    told = behind.told() if isinstance(behind, Recipe | LaidPortrait) else asdict(behind)
    if told.get("zoom") == 1:  # programs that don't know of it read the rest
        del told["zoom"]
    lists = {name: list(part) for name, part in told.items() if isinstance(part, tuple)}
    return {"kind": kind, **told, **lists}


def behind_in(told: Any) -> Behind:
    """Read what `told_behind` told.

    Parameters
    ----------
    told
        As `json.loads` gives it.

    Returns
    -------
    behind : Behind

    Raises
    ------
    Unreadable

    Examples
    --------
    >>> behind_in({"kind": "blur", "kernel": 51})
    Blur(kernel=51, method='unmix')
    """
    behind = dict(read_as(dict[str, Any], told, "settings.background"))
    kind = behind.pop("kind", None)
    if not isinstance(kind, str) or kind not in _KINDS:
        raise Unreadable(f"“settings.background.kind” is not one of {', '.join(_KINDS)}")
    if kind == "painting":
        behind = {"negative": "", "guidance": None, **behind}
    made: Behind = read_as(_KINDS[kind], behind, "settings.background")
    return made


@dataclass(frozen=True)
class Treatment:
    """All of a look that can be written down but its background; the fields are a look's, and what
    a look refuses is refused.

    Examples
    --------
    >>> Treatment().edges == Edges()
    True
    """

    edges: Edges = field(default_factory=Edges)
    unmix: bool = True
    refined: bool = True
    light: float = 0
    shadow: Shadow | None = None
    frame: Frame | None = None
    stand: Stand | None = None
    max_kb: int | None = None

    def __post_init__(self) -> None:
        Look(Transparent(), **{name: getattr(self, name) for name in _NAMES})


_NAMES = tuple(each.name for each in fields(Treatment))


@dataclass(frozen=True)
class Settings(Treatment):
    """All of a `Look` that can be written down; its fields are those of a look.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> settings = Settings.of(Look(Blur(51), Edges(grow=-1)), SAMPLES[2].open())
    >>> settings.told()["background"]
    {'kind': 'blur', 'kernel': 51, 'method': 'unmix'}
    >>> Settings.read(settings.told()) == settings
    True
    """

    background: Behind = field(kw_only=True)

    @classmethod
    def of(cls, look: Look, photo: PhotoFile) -> Self:
        """What a photo's pictures are made with."""
        rest = {name: getattr(look, name) for name in _NAMES}
        return cls(**rest, background=without_pixels(look.behind(photo)))

    def told(self) -> dict[str, Any]:
        """List them, ready for JSON."""
        return {
            "background": told_behind(self.background),
            "edges": asdict(self.edges),
            "unmix": self.unmix,
            "refined": self.refined,
            "light": self.light,
            "shadow": asdict(self.shadow) if self.shadow else None,
            **self._finishing(),
        }

    def _finishing(self) -> dict[str, Any]:
        """Told only where it's asked for: programs that don't know of it read the rest."""
        told: dict[str, Any] = {}
        if self.frame:
            frame = self.frame
            told["frame"] = {"crop": frame.crop, "margin": str(frame.margin)}
            told["frame"] |= {"canvas": frame.canvas, "align": frame.align}
            if frame.head is not None:
                told["frame"] |= {"head": frame.head, "above": frame.above, "lines": frame.lines}
                told["frame"]["document"] = frame.document
            if frame.dpi is not None:
                told["frame"]["dpi"] = frame.dpi
        if self.stand and not self.stand.still:
            told["stand"] = asdict(self.stand)
        return told | ({"max_kb": self.max_kb} if self.max_kb else {})

    def look(self, behind: Background) -> Look:
        """The look, with what goes behind for the background that is described."""
        return Look(behind, **{name: getattr(self, name) for name in _NAMES})

    @classmethod
    def read(cls, told: Any) -> Self:
        """From what JSON holds of them. Raises Unreadable."""
        parts = read_as(dict[str, Any], told, "settings")
        rest = {name: value for name, value in parts.items() if name != "background"}
        found = cls(
            **vars(read_as(Treatment, rest, "settings")),
            background=behind_in(parts.get("background")),
        )
        if found.stand and isinstance(found.background, Blur | LaidPortrait):
            raise Unreadable("“settings.stand” moves a subject, which a blur leaves in its place")
        return found
