"""Photos to start with. They come with scikit-image; nothing is fetched."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from photos.reading import PhotoError, PhotoFile, open_photo


@dataclass(frozen=True)
class Sample:
    """title: what's in it; file: its name within scikit-image; credit: author and licence."""

    title: str
    file: str
    credit: str

    def open(self) -> PhotoFile:
        """Raises PhotoError where the limits on photos are less than it."""
        return _opened(self)

    def fits(self) -> bool:
        """Whether it can be opened."""
        try:
            return self.open() is not None
        except PhotoError:
            return False


@cache
def _opened(sample: Sample) -> PhotoFile:
    """Checking a photo decodes it, and the page that shows the samples is drawn again and again."""
    data = (files("skimage.data") / sample.file).read_bytes()
    return open_photo(data, f"{sample.title.lower()}.png")


SAMPLES = (
    Sample("Portrait", "astronaut.png", "Eileen Collins, NASA, public domain"),
    Sample("Cat", "chelsea.png", "Chelsea, Stefan van der Walt, CC0"),
    Sample("Coffee", "coffee.png", "Rachel Michetti, CC0"),
)
