"""A background painted from words for one photo."""

import uuid
from dataclasses import asdict, dataclass, field

import cv2
import numpy as np

from compositing.arrays import Alpha, Photo
from compositing.background import Picture
from compositing.fill import filled
from models.catalog import ModelSpec
from models.hub import provenance, weights
from models.interface import Check, RunFailed, unwanted
from models.painter import Step, Wish
from models.running.pool import Pool
from photos.cut import Cut
from photos.photo import PhotoFile
from photos.recipe import Recipe


@dataclass(frozen=True, eq=False)
class Painting(Picture):
    """A background that was painted for a photo, at the painter's size.

    Composing enlarges it to the photo's.

    Parameters
    ----------
    pixels, fit, kernel, position, zoom
        As of every `Picture`.
    photo : PhotoFile
        The photo it was painted for. It has the same proportions.
    recipe : Recipe
        What it was painted by.
    key : str
        Unique.

    Examples
    --------
    Behind its photo's subject it takes the place of the look's background:

    >>> from compositing.background import Colour
    >>> from photos.look import Look
    >>> from photos.samples import SAMPLES
    >>> recipe = Recipe(
    ...     "a beach", "people", 20, 7.5, 0, "sd-1.5-inpainting", None, "main",
    ...     "CreativeML OpenRAIL-M", "grabcut", 512, 336, "cpu", "float32", 41.7,
    ... )
    >>> photo = SAMPLES[2].open()
    >>> sea = Painting(np.full((336, 512, 3), (0, 90, 160), np.uint8), photo=photo, recipe=recipe)
    >>> look = Look(Colour(255, 255, 255), paintings=(sea,))
    >>> look.behind(photo) is sea, look.behind(SAMPLES[0].open())
    (True, Colour(red=255, green=255, blue=255))
    """

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
    """Have a model paint what a wish says around the subject of a cut's photo.

    Parameters
    ----------
    pool : Pool
        Where loaded models are kept.
    spec : ModelSpec
        The painter, of `models.catalog.PAINTERS`.
    cut : Cut
    pixels : (H, W, 3) uint8 array
        The cut's photo, sRGB.
    alpha : (H, W) float32 array
        In [0, 1]: the cut's, as it is going to be put in front. See `final_alpha`.
    wish : Wish
        What to paint, and how. What it leaves open is as usual for the painter.
    device : str
        "auto", "cpu", "cuda", "cuda:1" or "mps". One that isn't there is an error.
    step : callable
        `step(done, all)` is called after each step of the painter.
    progress : callable
        Called with the bytes of a download that are here, and with all of them.
    check : callable
        Called now and then; raises Cancelled to stop the work.

    Returns
    -------
    painting : Painting
        In the photo's proportions, at the painter's own size, without the subject.

    Raises
    ------
    ModelError
        DeviceMissing, LoadFailed or RunFailed, the last also for what the painter can't be told: a
        sentence that says what to do.
    Cancelled
        If `check` said so.

    Examples
    --------
    The first time, a painter downloads its weights. Here someone stops that before it begins:

    >>> from models.catalog import GRABCUT, PAINTERS
    >>> from models.interface import Cancelled
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> def stop():
    ...     raise Cancelled
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> photo, alpha, wish = cut.photo.pixels(), cut.alpha(), Wish("a wooden table")
    >>> paint(Pool(), PAINTERS[0], cut, photo, alpha, wish, "cpu", step=print, check=stop)
    Traceback (most recent call last):
    models.interface.Cancelled
    """
    try:
        wish = spec.habits.settle(wish, spec.label)
    except ValueError as error:
        raise RunFailed(str(error)) from error
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
        weights=provenance.told(result.weights, reading=True),
    )
    return Painting(without_subject(painted, alpha), "stretch", photo=cut.photo, recipe=recipe)


def without_subject(painted: Photo, alpha: Alpha) -> Photo:
    """Fill the subject's place in a painting with the colours around it.

    A painter leaves the subject there. Behind another model's matte it would show where that matte
    lacks a part, and the two could not be compared.

    Parameters
    ----------
    painted : (h, w, 3) uint8 array
    alpha : (H, W) float32 array
        In [0, 1], 1 = subject, of any size.

    Returns
    -------
    background : (h, w, 3) uint8 array

    Examples
    --------
    >>> painted = np.array([[[0, 0, 255], [255, 0, 0], [0, 0, 255]]], np.uint8)
    >>> without_subject(painted, np.array([[0, 1, 0]], np.float32)).tolist()
    [[[0, 0, 255], [0, 0, 255], [0, 0, 255]]]
    """
    size = painted.shape[1], painted.shape[0]
    colours = painted.astype(np.float32, order="C")
    filled(colours, 1 - cv2.resize(alpha, size, interpolation=cv2.INTER_AREA))
    return np.rint(colours).astype(np.uint8)
