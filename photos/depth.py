"""How far things are in a photo: as a network sees it, or as a file of another tool tells it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn

from compositing.arrays import Photo
from compositing.background import Portrait
from compositing.disparity import Disparity
from models import catalog
from models.catalog import DEPTHS, ModelSpec
from models.hub import weights
from models.interface import Check, unwanted
from models.running.pool import Pool, shared_pool
from photos.known import KnownFile, Origin, known_files
from photos.look import Look
from photos.photo import PhotoFile


@dataclass(frozen=True)
class DepthRun:
    """A network's run on a photo. revision: of the weights. device, dtype: what it really ran with.

    Examples
    --------
    >>> DepthRun("depth-anything-v2-small", "main", (), "cpu", "float32").device
    'cpu'
    """

    model: str
    revision: str | None
    weights: tuple[KnownFile, ...]
    device: str
    dtype: str


@dataclass(frozen=True)
class Unseen:
    """The depth of each photo that a model is going to tell; `with_depth` has it told.

    Parameters
    ----------
    model : str
        Its name.

    Examples
    --------
    >>> Unseen("depth-anything-v2-small").spec.licence
    'Apache-2.0'
    """

    model: str

    @property
    def spec(self) -> ModelSpec:
        """The model's row. Raises KeyError with a sentence."""
        return catalog.find(self.model, catalog.DEPTHS)

    def spread(self, *_: object) -> NoReturn:
        """Nothing is known yet. Raises RuntimeError."""
        raise RuntimeError(f"{self.model} has told nothing yet of how far things are.")


@dataclass(frozen=True, eq=False)
class Seen(Disparity):
    """A photo's depth, and who told it.

    Parameters
    ----------
    values
        As of every `Disparity`.
    by : DepthRun or Origin
        The network's run, or the file.
    seconds : mapping of str to float
        What each stage of the run took, by its name in `models.running.stages.STAGES`.
    key : str
        Unique.

    Examples
    --------
    >>> import numpy as np
    >>> Seen(np.eye(2), by=Origin("cup_depth.png", 64 * "0")).by.name
    'cup_depth.png'
    """

    by: DepthRun | Origin = field(kw_only=True)
    seconds: Mapping[str, float] = field(default_factory=dict, kw_only=True)
    key: str = field(default_factory=lambda: uuid.uuid4().hex, kw_only=True)

    @property
    def told(self) -> str | None:
        """In a sentence, which network it was and what it took. None of a file."""
        if isinstance(self.by, Origin):
            return None
        label = catalog.find(self.by.model, catalog.DEPTHS).label
        spent = sum(
            self.seconds.get(each, 0.0) for each in ("preprocess", "network", "postprocess")
        )
        network = self.seconds.get("network", 0.0)
        return (
            f"Depth by {label}: {spent:.2f} s, of which the network took {network:.2f} s, on "
            f"{self.by.device} in {self.by.dtype}."
        )


def depth_of(
    photo: PhotoFile,
    spec: ModelSpec = DEPTHS[0],
    device: str = "auto",
    *,
    pool: Pool | None = None,
    pixels: Photo | None = None,
    progress: weights.Progress = weights.ignore,
    check: Check = unwanted,
) -> Seen:
    """Have a network tell the depth of a photo, for `Portrait`.

    Parameters
    ----------
    photo : PhotoFile
    spec : ModelSpec
        Of `models.catalog.DEPTHS`.
    device : str
        "auto", "cpu", "cuda", "cuda:1" or "mps". One that isn't there is an error.
    pool : Pool, optional
        Where loaded models are kept, and what they told of photos. None: one that the whole process
        shares.
    pixels : (H, W, 3) uint8 array, optional
        The photo's, if they are at hand. None: they are decoded.
    progress : callable
        Called with the bytes of a download that are here, and with all of them.
    check : callable
        Called now and then; raises Cancelled to stop the work.

    Returns
    -------
    depth : Seen

    Raises
    ------
    ModelError
        DeviceMissing, LoadFailed or RunFailed: a sentence that says what to do.
    Cancelled
        If `check` said so.

    Examples
    --------
    The first time, the weights are downloaded. Here someone stops that before it begins:

    >>> from models.interface import Cancelled
    >>> from photos.samples import SAMPLES
    >>> def stop():
    ...     raise Cancelled
    >>> depth_of(SAMPLES[2].open(), device="cpu", check=stop)
    Traceback (most recent call last):
    models.interface.Cancelled
    """
    pixels = photo.pixels() if pixels is None else pixels
    found = (pool or shared_pool()).depth(spec, pixels, device, progress=progress, check=check)
    files, revision = known_files(found.weights), found.revision or None
    run = DepthRun(spec.name, revision, files, found.device.name, found.device.dtype)
    return Seen(found.made, by=run, seconds=found.seconds)


def awaited(look: Look) -> ModelSpec | None:
    """Tell which model has to tell the depth of photos before a look's pictures can be made.

    Parameters
    ----------
    look : Look

    Returns
    -------
    spec : ModelSpec or None

    Examples
    --------
    >>> awaited(Look(Portrait(51, Unseen("depth-anything-v2-small")))).label
    'Depth Anything V2 (small)'
    >>> awaited(Look(Portrait(51))) is None
    True
    """
    behind = look.background
    waits = isinstance(behind, Portrait) and isinstance(behind.depth, Unseen)
    return behind.depth.spec if waits else None  # type: ignore[union-attr]


def with_depth(look: Look, depth: Disparity) -> Look:
    """Give a look that blurs by depth the depth of a photo.

    Parameters
    ----------
    look : Look
    depth : Disparity

    Returns
    -------
    look : Look
        For this photo alone. The same if it doesn't blur by depth.

    Examples
    --------
    >>> import numpy as np
    >>> look = Look(Portrait(51, Unseen("depth-anything-v2-small")))
    >>> with_depth(look, Disparity(np.eye(2))).background.depth.values.shape
    (2, 2)
    """
    if not isinstance(look.background, Portrait):
        return look
    return replace(look, background=replace(look.background, depth=depth))
