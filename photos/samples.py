"""Photos to start with. They come with scikit-image; nothing is fetched."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from photos.photo import PhotoError, PhotoFile
from photos.reading import open_photo


@dataclass(frozen=True)
class Sample:
    """A photo that comes with scikit-image.

    Parameters
    ----------
    title : str
        What is in it.
    file : str
        Its name in `skimage.data`.
    credit : str
        Author and licence.

    Examples
    --------
    >>> [sample.title for sample in SAMPLES]
    ['Portrait', 'Cat', 'Coffee']
    >>> SAMPLES[1].open().pixels().shape
    (300, 451, 3)
    """

    title: str
    file: str
    credit: str

    def open(self) -> PhotoFile:
        """The photo. Raises PhotoError if it is larger than photos may be here."""
        return _opened(self)

    def fits(self) -> bool:
        """Whether it can be opened."""
        try:
            self.open()
        except PhotoError:
            return False
        return True


@cache
def _opened(sample: Sample) -> PhotoFile:
    """Kept: opening decodes the photo, and the page shows the samples each time it is drawn."""
    data = (files("skimage.data") / sample.file).read_bytes()
    return open_photo(data, f"{sample.title.lower()}.png")


SAMPLES = (
    Sample("Portrait", "astronaut.png", "Eileen Collins, NASA, public domain"),
    Sample("Cat", "chelsea.png", "Chelsea, Stefan van der Walt, CC0"),
    Sample("Coffee", "coffee.png", "Rachel Michetti, CC0"),
)

SCENE = Sample("Evening", "rocket.jpg", "A launch pad, SpaceX, CC0")
"""To be put behind subjects, out of focus, where nobody chose a picture."""
