"""One model's answer for one photo, small enough to keep many of."""

import uuid
from dataclasses import dataclass, field
from typing import Literal, cast

import cv2
import numpy as np
from numpy.typing import NDArray

import compositing
from compositing.alpha import refine
from compositing.arrays import Alpha, Photo
from compositing.closed_form import redraw
from models.catalog import ModelSpec
from models.hub import weights
from models.interface import Check, DetectedObject, Prompt, unwanted
from models.running.failures import failing_as_run
from models.running.pool import Pool
from models.running.stages import recording, stage
from photos.reading import PhotoFile

PREVIEW_SIDE = 1600
"""Longest side, in pixels, of what is shown on a screen."""


type Refiner = Literal["quick", "closed-form"]


@dataclass(frozen=True, eq=False)
class Cut:
    """seconds: by stage. share: part of the photo kept. empty: no subject found. packed: the alpha,
    losslessly with 8 bits a pixel, which is what picture files hold. rough: as packed, of a mask
    before its edges were refined; refiner: what refined them; both None where the matte was soft
    from the start. key: unique."""

    photo: PhotoFile
    spec: ModelSpec
    prompt: Prompt
    seconds: dict[str, float]
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
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def inference(self) -> float:
        """Seconds that the model itself took for this photo: no download, load or warm-up."""
        own = ("preprocess", "network", "postprocess", "edges")
        return sum(self.seconds.get(stage, 0.0) for stage in own)

    def alpha(self, *, refined: bool = True) -> Alpha:
        """`float32 (H, W)` in [0, 1], the photo's size. refined: a mask's edges too."""
        file = self.packed if refined or self.rough is None else self.rough
        packed = np.frombuffer(file, np.uint8)
        levels = cast(NDArray[np.uint8], cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE))
        return levels * np.float32(1 / 255)


def cut_out(
    pool: Pool,
    spec: ModelSpec,
    photo: PhotoFile,
    pixels: Photo,
    prompt: Prompt,
    device: str = "auto",
    *,
    refiner: Refiner = "quick",
    progress: weights.Progress = weights.ignore,
    check: Check = unwanted,
) -> Cut:
    """Run `spec` on a photo; masks get their edges refined: quick, by the guided filter, or by
    closed-form matting, for masks that are off by more. Raises what `Pool.run` does."""
    compositing.warm_up()  # what compiles here for the first time is no part of a model's time
    result = pool.run(spec, pixels, prompt, device, progress=progress, check=check)
    matte = result.made
    alpha, rough = matte.alpha, None
    with recording(check=check) as record:
        if not matte.soft:
            rough = _pack(alpha)
            with failing_as_run(spec, result.device), stage("edges"):
                # Along its edges a mask tells how sure the network was, at a hundredth of the
                # photo's pixels, not how much of a pixel is subject: the colours know that better.
                mask = (alpha > 0.5).astype(np.float32)
                alpha = (refine if refiner == "quick" else redraw)(pixels, mask)
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


def shrink(image: NDArray[np.uint8], side: int = PREVIEW_SIDE) -> NDArray[np.uint8]:
    """The picture with its longest side at most `side`, by area means; never enlarged."""
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
