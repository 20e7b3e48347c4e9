"""One model's answer for one photo, small enough to keep many of."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

import compositing
from compositing.alpha import refine
from compositing.arrays import Alpha, Photo
from compositing.closed_form import redraw
from models.catalog import INPUT_ALPHA, ModelSpec
from models.hub import weights
from models.interface import NOTHING_SAID, Check, DetectedObject, Matte, Prompt, unwanted
from models.running.devices import BYTES_ONLY
from models.running.failures import failing_as_run
from models.running.pool import Pool, shared_pool
from models.running.stages import recording, stage
from photos.reading import PhotoFile

PREVIEW_SIDE = 1600
"""Longest side, in pixels, of what is shown on a screen."""


type Refiner = Literal["quick", "closed-form"]


class Preview(NamedTuple):
    """A picture for the screen that was made in the course of other work.

    Parameters
    ----------
    key : str
        Tells what the picture shows.
    jpeg : bytes
        The picture's file.

    Examples
    --------
    >>> from photos.encoding import encode
    >>> from photos.samples import SAMPLES
    >>> photo = SAMPLES[2].open()
    >>> preview = Preview("as it is", encode(shrink(photo.pixels(), 60), "JPEG", photo))
    >>> preview.jpeg[:3].hex(" ")
    'ff d8 ff'
    """

    key: str
    jpeg: bytes


@dataclass(frozen=True, eq=False)
class Cut:
    """What a model made of a photo: complete when it is made, and not changed afterwards.

    Parameters
    ----------
    photo : PhotoFile
    spec : ModelSpec
        The model.
    prompt : Prompt
        What the model was told.
    seconds : mapping of str to float
        What each stage took, by its name in `models.running.stages.STAGES`.
    device, dtype : str
        What the model really ran with, such as "cuda:1" and "bfloat16".
    revision : str
        Of the weights; empty for a model that fetches none.
    peak_bytes : int
        The most memory that the run took at once.
    share : float
        The part of the photo that the model keeps, 0 to 1, before edges are refined.
    empty : bool
        Whether no subject was found.
    notes : tuple of str
        What the person should know, a sentence each.
    objects : tuple of DetectedObject
        All that was found, chosen or not.
    packed : bytes
        The alpha as a PNG with 8 bits a pixel, which is what picture files hold.
    rough : bytes, optional
        The mask before its edges were refined, as a PNG too. None for a soft matte.
    refiner : {"quick", "closed-form"}, optional
        What refined the edges. None for a soft matte.
    composite : Preview, optional
        A composite made at full size, then reduced.
    key : str
        Unique.

    Examples
    --------
    >>> from models.catalog import GRABCUT
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> cut.spec.name, cut.device, cut.dtype, cut.refiner
    ('grabcut', 'cpu', 'uint8', 'quick')
    >>> cut.alpha().dtype, bool((cut.alpha() == cut.alpha(refined=False)).all())
    (dtype('float32'), False)
    """

    photo: PhotoFile
    spec: ModelSpec
    prompt: Prompt
    seconds: Mapping[str, float]
    device: str
    dtype: str
    revision: str
    peak_bytes: int
    share: float
    empty: bool
    notes: tuple[str, ...]
    objects: tuple[DetectedObject, ...]
    packed: bytes
    rough: bytes | None = None
    refiner: Refiner | None = None
    composite: Preview | None = None
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def inference(self) -> float:
        """Seconds that the model itself took for this photo: no download, load or warm-up."""
        own = ("preprocess", "network", "postprocess", "edges")
        return sum(self.seconds.get(stage, 0.0) for stage in own)

    def alpha(self, *, refined: bool = True) -> Alpha:
        """Unpack the alpha.

        Parameters
        ----------
        refined : bool
            Whether a mask's edges are refined. Soft mattes are the same either way.

        Returns
        -------
        alpha : (H, W) float32 array
            In [0, 1], in steps of 1/255, of the photo's size. A new array each time.
        """
        file = self.packed if refined or self.rough is None else self.rough
        packed = np.frombuffer(file, np.uint8)
        levels = cast(NDArray[np.uint8], cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE))
        return levels * np.float32(1 / 255)


def cut_out(
    photo: PhotoFile,
    spec: ModelSpec,
    prompt: Prompt = NOTHING_SAID,
    device: str = "auto",
    *,
    pool: Pool | None = None,
    pixels: Photo | None = None,
    refiner: Refiner = "quick",
    progress: weights.Progress = weights.ignore,
    check: Check = unwanted,
) -> Cut:
    """Run a model on a photo.

    What is transparent in the photo's own file stays so, whatever the model says.

    Parameters
    ----------
    photo, spec
        What `photos.read_photo` and `photos.find_model` give.
    prompt
        What the subject is, in the upright photo's own pixels. Empty: the model decides by itself.
    device
        "auto", "cpu", "cuda", "cuda:1" or "mps". One that isn't there is an error.
    pool
        Where loaded models are kept. None: one that the whole process shares.
    pixels
        The photo's, `uint8 (H, W, 3)`, if they are at hand. None: they are decoded.
    refiner
        What draws the edges of a mask anew: "quick", the guided filter, or "closed-form" matting,
        for masks that are off by more. Soft mattes stay as they are.
    progress
        Called with the bytes of a download that are here, and with all of them.
    check
        Called now and then; raises Cancelled to stop the work.

    Raises
    ------
    ModelError
        DeviceMissing, LoadFailed, PromptMissing or RunFailed: a sentence that says what to do.
    Cancelled
        If `check` said so.

    Examples
    --------
    >>> from models.catalog import GRABCUT
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> cut.empty, cut.alpha().shape
    (False, (400, 600))
    """
    compositing.warm_up()  # what compiles here for the first time is no part of a model's time
    pixels = photo.pixels() if pixels is None else pixels
    pool = pool or shared_pool()
    result = pool.run(spec, pixels, prompt, device, progress=progress, check=check)
    bound = photo.alpha() if photo.transparent else None
    matte = replace(result.made, alpha=_within(bound, result.made.alpha))
    alpha, rough = matte.alpha, None
    with recording(check=check) as record:
        if not matte.soft:
            rough = _pack(alpha)
            with failing_as_run(spec, result.device), stage("edges"):
                # Along its edges a mask tells how sure the network was, at a hundredth of the
                # photo's pixels, not how much of a pixel is subject: the colours know that better.
                mask = (result.made.alpha > 0.5).astype(np.float32)
                drawn = (refine if refiner == "quick" else redraw)(pixels, mask)
                alpha = _within(bound, drawn)
    return Cut(
        photo=photo,
        spec=spec,
        prompt=prompt,
        seconds={**result.seconds, **record.seconds},
        device=result.device.name,
        dtype=result.device.dtype,
        revision=result.revision,
        peak_bytes=result.peak_bytes,
        share=matte.share,
        empty=matte.empty,
        notes=(*photo.notes, *matte.notes),
        objects=matte.objects,
        packed=_pack(alpha),
        rough=rough,
        refiner=None if matte.soft else refiner,
    )


def input_cut(photo: PhotoFile) -> Cut | None:
    """The photo's own transparency as a cut, to compare those of models with.

    Parameters
    ----------
    photo
        Any that could be opened.

    Returns
    -------
    Cut | None
        A cut by `models.catalog.INPUT_ALPHA`, which took no time. None if all of it is opaque.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> input_cut(SAMPLES[0].open()) is None
    True
    """
    alpha = photo.alpha()
    if alpha is None:
        return None
    matte = Matte(alpha, soft=True)
    return Cut(
        photo=photo,
        spec=INPUT_ALPHA,
        prompt=NOTHING_SAID,
        seconds={},
        device=BYTES_ONLY.name,
        dtype=BYTES_ONLY.dtype,
        revision="",
        peak_bytes=0,
        share=matte.share,
        empty=matte.empty,
        notes=photo.notes,
        objects=(),
        packed=_pack(alpha),
    )


def _within(bound: Alpha | None, alpha: Alpha) -> Alpha:
    """The alpha, nowhere more opaque than the bound."""
    return alpha if bound is None else np.minimum(alpha, bound)


def shrink(image: NDArray[np.uint8], side: int = PREVIEW_SIDE) -> NDArray[np.uint8]:
    """Make a picture smaller, by area means. Small pictures are not enlarged.

    Parameters
    ----------
    image : (H, W) or (H, W, C) uint8 array
    side : int
        The longest side of the result, in pixels, at most.

    Returns
    -------
    smaller : (h, w) or (h, w, C) uint8 array
        In the same proportions. `image` itself if it is small enough.

    Examples
    --------
    >>> shrink(np.zeros((3000, 4000, 3), np.uint8)).shape
    (1200, 1600, 3)
    """
    height, width = image.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return image
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return cast(NDArray[np.uint8], cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def _pack(alpha: Alpha) -> bytes:
    levels = np.rint(alpha * 255).astype(np.uint8)
    # Rows are much like the ones above: a third of the time that the defaults take, and smaller.
    how = [cv2.IMWRITE_PNG_COMPRESSION, 1]
    how += [cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_UP]
    how += [cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE]
    done, png = cv2.imencode(".png", levels, how)
    assert done
    return bytes(png)
