"""Photos to start with. They come with scikit-image; nothing is fetched."""

from dataclasses import dataclass
from importlib.resources import files

from photos.reading import PhotoFile, open_photo


@dataclass(frozen=True)
class Sample:
    """title: what's in it; file: its name within scikit-image; credit: author and licence."""

    title: str
    file: str
    credit: str

    def open(self) -> PhotoFile:
        data = (files("skimage.data") / self.file).read_bytes()
        return open_photo(data, f"{self.title.lower()}.png")


SAMPLES = (
    Sample("Portrait", "astronaut.png", "Eileen Collins, NASA, public domain"),
    Sample("Cat", "chelsea.png", "Chelsea, Stefan van der Walt, CC0"),
    Sample("Coffee", "coffee.png", "Rachel Michetti, CC0"),
)
