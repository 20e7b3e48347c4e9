"""The looks of a batch's pictures, the same that the single verbs make."""

from functools import lru_cache

from compositing.background import (
    Background,
    Blur,
    Portrait,
    Transparent,
    default_kernel,
)
from compositing.shadow import Shadow
from compositing.stand import Stand
from photos.batch.wishes import Behind, Blurred, Make, Wishes
from photos.blurring import blur_with
from photos.file_picture import FilePicture
from photos.look import Look
from photos.photo import PhotoError, PhotoFile
from photos.reading import read_photo
from photos.recipe import Recipe
from photos.recipes.settings import LaidPicture, LaidPortrait, behind_in


def look_for(make: Make, photo: PhotoFile, wishes: Wishes) -> Look:
    """Make the look of a photo's picture.

    Parameters
    ----------
    make : {"cutout", "matte", "blur", "replace"}
    photo : PhotoFile
    wishes : Wishes

    Returns
    -------
    look : Look

    Raises
    ------
    PhotoError
        If the background picture isn't there any more, or is another one.
    ValueError
        If it can't be laid so, or the blur is none.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> look_for("blur", SAMPLES[2].open(), Wishes(("u2netp",), ("blur",))).background
    Blur(kernel=25, method='unmix')
    """
    background: Background = Transparent()
    light: float = 0
    shadow: Shadow | None = None
    stand: Stand | None = None
    if make == "blur":
        background = blur_of(wishes.blur, photo)
    elif make == "replace" and wishes.behind:
        background = _background(wishes.behind)
        behind = wishes.behind
        light, shadow, stand = behind.light, behind.shadow, behind.stand
    return Look(
        background, wishes.edges, wishes.unmix, wishes.refined, light, shadow,
        frame=wishes.frame, stand=stand, max_kb=wishes.most_kb(make),
    )  # fmt: skip


def blur_of(blur: Blurred, photo: PhotoFile) -> Blur | Portrait:
    """Make a photo's blur: of one kernel, or as strong for its size. Raises ValueError.

    Parameters
    ----------
    blur : Blurred
    photo : PhotoFile

    Returns
    -------
    blur : Blur or Portrait

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> blur_of(Blurred(2, method="lens"), SAMPLES[2].open())
    Blur(kernel=49, method='lens')
    """
    kernel = blur.kernel or default_kernel(photo.width, photo.height, blur.strength)
    return blur_with(kernel, blur.method, **blur.optics)


def _background(behind: Behind) -> Background:
    found = behind_in(behind.background)
    if isinstance(found, LaidPortrait):
        return found.found()
    if isinstance(found, LaidPicture):
        if behind.path is None:
            raise PhotoError("The background picture's path isn't told.")
        return _picture(found, behind.path)
    if isinstance(found, Recipe):
        raise PhotoError("A background that is painted can't be part of a batch: use `generate`.")
    return found


@lru_cache(maxsize=2)
def _picture(laid: LaidPicture, path: str) -> FilePicture:
    """Read once for all photos."""
    file = read_photo(path)
    if laid.sha256 not in (None, file.sha256):
        raise PhotoError(f"“{path}” was changed while the batch runs. Start it again.")
    return laid.found(file)
