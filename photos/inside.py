"""Whether boxes and points lie in a photo."""

from models.interface import Prompt
from photos.photo import PhotoError, PhotoFile


def check_inside(prompt: Prompt, photo: PhotoFile) -> None:
    """Check that a prompt's boxes and points lie in a photo, at least in part.

    Parameters
    ----------
    prompt : Prompt
    photo : PhotoFile

    Raises
    ------
    PhotoError
        If one lies outside, as when it's meant for a photo of another size.

    Examples
    --------
    >>> from models.interface import Box
    >>> from photos.samples import SAMPLES
    >>> outside = Prompt(boxes=(Box(700, 10, 800, 90),))
    >>> check_inside(outside, SAMPLES[2].open())  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    photos.photo.PhotoError: “coffee.png” is 600 × 400 pixels, upright: the box 700,10,800,90...
    """
    size = f"“{photo.name}” is {photo.width} × {photo.height} pixels, upright"
    for box in prompt.boxes:
        if box.x1 <= 0 or box.y1 <= 0 or box.x0 >= photo.width or box.y0 >= photo.height:
            place = f"{box.x0:g},{box.y0:g},{box.x1:g},{box.y1:g}"
            raise PhotoError(f"{size}: the box {place} lies outside.")
    for point in prompt.points:
        if not (0 <= point.x < photo.width and 0 <= point.y < photo.height):
            raise PhotoError(f"{size}: the point {point.x:g},{point.y:g} lies outside.")
