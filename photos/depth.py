"""How far things are in a photo, as a network sees it."""

from compositing.arrays import Photo
from compositing.disparity import Disparity
from models.catalog import DEPTHS, ModelSpec
from models.hub import weights
from models.interface import Check, unwanted
from models.running.pool import Pool, shared_pool
from photos.photo import PhotoFile


def depth_of(
    photo: PhotoFile,
    spec: ModelSpec = DEPTHS[0],
    device: str = "auto",
    *,
    pool: Pool | None = None,
    pixels: Photo | None = None,
    progress: weights.Progress = weights.ignore,
    check: Check = unwanted,
) -> Disparity:
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
    depth : Disparity

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
    pool = pool or shared_pool()
    return Disparity(pool.depth(spec, pixels, device, progress=progress, check=check).made)
