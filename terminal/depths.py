"""How far things are in the photos of a run: told by a network, or by depth maps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from typer import BadParameter, Option

from compositing.arrays import Photo
from models.catalog import ModelSpec
from models.running.pool import Pool
from photos.blurring import blur_with
from photos.depth import Seen, Unseen, depth_of, with_depth
from photos.depth_maps import read_depth
from photos.look import Look
from photos.photo import PhotoError, PhotoFile
from terminal.behind import PORTRAIT, Blurring
from terminal.elsewhere import Tool, match_all, read_matte, tools
from terminal.library import announce
from terminal.progress import Bar
from terminal.recipe import instead_of

DEPTH_MAP = "--depth-map"

DepthMap = Annotated[
    str | None,
    Option(
        DEPTH_MAP,
        metavar="FILE",
        callback=instead_of("depth", "horizon", "feet"),
        help="A depth map of another tool, in which near things are light: grey, of 8 or 16 bits. "
        "For several photos, a folder of them or a pattern in quotes: files that are called as the "
        "photos are, whatever is added behind.",
        show_default=False,
        rich_help_panel=PORTRAIT,
    ),
]


def depth_model(blurring: Blurring) -> ModelSpec | None:
    """The model that has to tell the depth. What is said of the blur must have been checked."""
    if blurring.depth is None or blurring.method != "portrait":
        return None
    depth = blur_with(3, "portrait", depth=blurring.depth).depth  # type: ignore[union-attr]
    return depth.spec if isinstance(depth, Unseen) else None


def depth_maps(
    entry: str | None, photos: Sequence[Path], blurring: Blurring, *, replaced: bool = False
) -> Tool | None:
    """The files of `--depth-map`, if it's given. replaced: whether another background is put behind
    the subject. Raises BadParameter for what can't be, or would go unheard."""
    if entry is None:
        return None
    check_alone(blurring, replaced=replaced)
    return tools([entry], photos, DEPTH_MAP)[0]


def check_alone(blurring: Blurring, *, replaced: bool = False) -> None:
    """Whether a depth map is of use, and nothing else tells the depth. Raises BadParameter."""
    if replaced:
        told = "That blurs the photo's own background: leave --background out, or the depth map."
        raise BadParameter(told, param_hint=DEPTH_MAP)
    if blurring.method != "portrait":
        told = "That is for --method portrait. Say so, or leave it out."
        raise BadParameter(told, param_hint=DEPTH_MAP)
    for name in ("depth", "horizon", "feet"):
        if getattr(blurring, name) is not None:
            told = f"A depth map tells how far things are: leave --{name} out."
            raise BadParameter(told, param_hint=DEPTH_MAP)


@dataclass(frozen=True)
class Depths:
    """model: that tells the depth of each photo, None for none. maps: the files that do."""

    model: ModelSpec | None = None
    maps: Tool | None = None
    device: str = "auto"

    def begin(self, photos: Sequence[Path], bar: Bar, pool: Pool) -> "Telling":
        """Downloads and files that are left out are told."""
        if self.model:
            announce(self.model, bar)
        files = match_all([self.maps], photos, bar.tell)[self.maps] if self.maps else {}
        return Telling(self, files, bar, pool)


@dataclass
class Telling:
    """A run in which a photo's depth is told once, however many pictures are made of it."""

    depths: Depths
    files: Mapping[Path, Path]
    bar: Bar
    pool: Pool
    _last: tuple[str, Seen] | None = None

    def look(self, look: Look, path: Path, photo: PhotoFile, pixels: Photo) -> Look:
        """The look of a photo's pictures, its depth told. Raises PhotoError and ModelError."""
        if not (self.depths.model or self.depths.maps):
            return look
        if self._last is None or self._last[0] != photo.key:
            self._last = photo.key, self._told(path, photo, pixels)
        return with_depth(look, self._last[1])

    def _told(self, path: Path, photo: PhotoFile, pixels: Photo) -> Seen:
        if spec := self.depths.model:
            self.bar.doing(f"{path.name} · {spec.label}")
            seen = depth_of(
                photo, spec, self.depths.device,
                pool=self.pool, pixels=pixels, progress=self.bar.downloaded,
            )  # fmt: skip
            self.bar.tell(f"“{path}”: {seen.told}")
            return seen
        file = self.files.get(path)
        if file is None:
            raise PhotoError(f"“{path}”: no depth map is called as this photo is.")
        return read_depth(read_matte(file), photo)
