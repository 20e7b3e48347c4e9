"""One model's answer for one photo, small enough to keep many of."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha, Photo
from compositing.strokes import Patch, Stroke, lay
from models.catalog import ModelSpec
from models.hub.provenance import Source
from models.interface import DetectedObject, Prompt
from photos.mattes import MatteFile
from photos.photo import PhotoFile
from photos.png import png

type Refiner = Literal["quick", "closed-form"]
type Bits = Literal[8, 16]
"""Of a pixel of a matte."""
type Kept = bytes | NDArray[np.uint8]
"""Grey levels as a PNG; or as they are, `uint8 (H, W)`, in a cut that isn't kept."""


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
    >>> from photos.previews import shrink
    >>> from photos.samples import SAMPLES
    >>> photo = SAMPLES[2].open()
    >>> preview = Preview("as it is", encode(shrink(photo.pixels(), 60), "JPEG", photo))
    >>> preview.jpeg[:3].hex(" ")
    'ff d8 ff'
    """

    key: str
    jpeg: bytes


@dataclass(frozen=True, eq=False)
class Retouch:
    """What a person painted on a cut's matte.

    Parameters
    ----------
    strokes : tuple of Stroke
        As they were drawn, in order.
    patches : tuple of Patch
        What they do to any matte of the photo.
    own : Cut
        The cut before that, as its model made it.

    Examples
    --------
    >>> from photos.retouching import retouched
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open())
    >>> retouched(cut, [Stroke(((60, 60, 1),))]).retouch.own is cut
    True
    """

    strokes: tuple[Stroke, ...]
    patches: tuple[Patch, ...]
    own: "Cut"

    def lay(self, values: NDArray[np.uint8] | NDArray[np.uint16]) -> None:
        """Write it into the matte, in place. What is transparent in the photo's file stays so."""
        lay(values, self.patches)
        if self.own.photo.transparent and (bound := self.own.photo.alpha()) is not None:
            most = np.iinfo(values.dtype).max
            np.minimum(values, np.rint(bound * most).astype(values.dtype), out=values)


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
    packed : bytes or (H, W) uint8 array
        The alpha with 8 bits a pixel, which is what picture files hold: as a PNG, or as it is in a
        cut that isn't kept.
    rough : bytes or (H, W) uint8 array, optional
        The mask before its edges were refined, likewise. None for a soft matte.
    refiner : {"quick", "closed-form"}, optional
        What refined the edges. None for a soft matte.
    weights : tuple of Source, optional
        The files that the model was loaded from, as they were then.
    packed_foreground : bytes, optional
        The subject's own colours as a JPEG, where the model tells them.
    composite : Preview, optional
        A composite made at full size, then reduced.
    deep : bytes or (H, W) uint16 array, optional
        The alpha with 16 bits a pixel, where it was asked for, likewise: some six times as large as
        the one with 8.
    matte : MatteFile, optional
        The file that it was read from, if another tool made it.
    retouch : Retouch, optional
        What a person painted on it: `photos.retouching.retouched`.
    key : str
        Unique.

    Examples
    --------
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
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
    packed: Kept
    rough: Kept | None = None
    refiner: Refiner | None = None
    weights: tuple[Source, ...] = ()
    packed_foreground: bytes | None = None
    composite: Preview | None = None
    deep: bytes | NDArray[np.uint16] | None = None
    matte: MatteFile | None = None
    retouch: Retouch | None = None
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def inference(self) -> float:
        """Seconds that the model itself took for this photo: no download, load or warm-up."""
        own = ("preprocess", "network", "postprocess", "edges")
        return sum(self.seconds.get(stage, 0.0) for stage in own)

    @property
    def own(self) -> "Cut":
        """The cut as its model made it, without what a person painted on it: by this one models are
        measured and compared."""
        return self.retouch.own if self.retouch else self

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """What a person painted on it."""
        return self.retouch.strokes if self.retouch else ()

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
        return self.levels(refined=refined) * np.float32(1 / 255)

    def fine_alpha(self, *, refined: bool = True) -> Alpha:
        """Unpack the alpha as finely as it was kept.

        Parameters
        ----------
        refined : bool
            As `alpha` has it.

        Returns
        -------
        alpha : (H, W) float32 array
            As `alpha` gives it; in steps of 1/65535 where the cut was kept with 16 bits and is
            shown refined.
        """
        if self.deep is None or not (refined or self.rough is None):
            return self.alpha(refined=refined)
        deep: NDArray[np.uint16] = _unpacked(self.deep, cv2.IMREAD_UNCHANGED)
        if self.retouch:
            self.retouch.lay(deep)
        return deep * np.float32(1 / 65535)

    def levels(self, *, refined: bool = True) -> NDArray[np.uint8]:
        """Unpack the alpha as grey levels.

        Parameters
        ----------
        refined : bool
            As `alpha` has it.

        Returns
        -------
        levels : (H, W) uint8 array
            0 = background, 255 = subject, of the photo's size. A new array each time.
        """
        kept = self.packed if refined or self.rough is None else self.rough
        levels: NDArray[np.uint8] = _unpacked(kept, cv2.IMREAD_GRAYSCALE)
        if self.retouch:
            self.retouch.lay(levels)
        return levels

    def png(self) -> bytes:
        """The refined alpha as a PNG of grey levels."""
        if self.retouch or not isinstance(self.packed, bytes):
            return png(self.levels())
        return self.packed

    def foreground(self) -> Photo | None:
        """Unpack the subject's own colours.

        Returns
        -------
        foreground : (h, w, 3) uint8 array, optional
            RGB, not premultiplied, of the whole photo at the network's size. A new array each time.
            None if the model tells no colours.
        """
        if self.packed_foreground is None:
            return None
        packed = np.frombuffer(self.packed_foreground, np.uint8)
        return cast(Photo, cv2.imdecode(packed, cv2.IMREAD_COLOR_RGB))


def _unpacked(kept: bytes | NDArray[Any], how: int) -> Any:
    """A new array of grey levels."""
    return (
        kept.copy()
        if isinstance(kept, np.ndarray)
        else cv2.imdecode(np.frombuffer(kept, np.uint8), how)
    )
