"""A background painted from words for one photo, and the recipe by which it can be made again."""

import json
import uuid
from dataclasses import asdict, dataclass, field, replace

import cv2
import numpy as np

from compositing.arrays import Alpha, Photo
from compositing.background import Picture
from compositing.fill import filled
from models.catalog import ModelSpec
from models.hub import weights
from models.interface import Check, unwanted
from models.painter import Step, Wish
from models.running.pool import Pool
from photos.cutting import Cut
from photos.metadata import Exif
from photos.reading import PhotoFile


@dataclass(frozen=True)
class Recipe:
    """All that decides what is painted. around: the model whose matte was painted around.
    width, height: of the painting, in pixels. seconds: what the network took."""

    prompt: str
    negative: str
    steps: int
    guidance: float
    seed: int
    painter: str
    source: str | None
    revision: str
    licence: str
    around: str
    width: int
    height: int
    device: str
    dtype: str
    seconds: float


@dataclass(frozen=True, eq=False)
class Painting(Picture):
    """A picture of the photo's proportions at the painter's size, to be enlarged to the photo's
    behind its subject. key: unique."""

    photo: PhotoFile = field(kw_only=True)
    recipe: Recipe = field(kw_only=True)
    key: str = field(default_factory=lambda: uuid.uuid4().hex, kw_only=True)


def paint(
    pool: Pool,
    spec: ModelSpec,
    cut: Cut,
    pixels: Photo,
    alpha: Alpha,
    wish: Wish,
    device: str = "auto",
    *,
    step: Step,
    progress: weights.Progress = weights.ignore,
    check: Check = unwanted,
) -> Painting:
    """Have `spec` paint what the wish says around the subject of a cut's photo.

    pixels: the photo's, `uint8 (H, W, 3)`; alpha: the cut's, as it's going to be put in front,
    `float32 (H, W)`. Raises what `Pool.paint` does.
    """
    result = pool.paint(
        spec, pixels, alpha, wish, device, step=step, progress=progress, check=check
    )
    painted = result.made
    recipe = Recipe(
        **asdict(wish),
        painter=spec.name,
        source=spec.repo,
        revision=result.revision,
        licence=spec.licence,
        around=cut.spec.name,
        width=painted.shape[1],
        height=painted.shape[0],
        device=result.device.name,
        dtype=result.device.dtype,
        seconds=round(result.seconds["network"], 3),
    )
    return Painting(without_subject(painted, alpha), "stretch", photo=cut.photo, recipe=recipe)


def without_subject(painted: Photo, alpha: Alpha) -> Photo:
    """The painting with the subject's place filled in from around it.

    A painter leaves the subject there. Behind another model's matte it would make up for whatever
    that matte lacks, and the two could not be compared.
    """
    size = painted.shape[1], painted.shape[0]
    colours = painted.astype(np.float32, order="C")
    filled(colours, 1 - cv2.resize(alpha, size, interpolation=cv2.INTER_AREA))
    return np.rint(colours).astype(np.uint8)


def described(photo: PhotoFile, recipe: Recipe) -> PhotoFile:
    """The photo with the recipe, as JSON, in its EXIF's UserComment, where others too put how a
    picture was generated: for files made with it. The description stays the photographer's."""

    def with_recipe(block: bytes) -> bytes:
        return bytes(Exif.of(block).commented(json.dumps(asdict(recipe))))

    return replace(
        photo, exif=with_recipe(photo.exif), exif_with_gps=with_recipe(photo.exif_with_gps)
    )
