"""A background picture that came from a file."""

from dataclasses import dataclass, field
from typing import Self

from compositing.background import Fit, Picture
from photos.photo import PhotoFile


@dataclass(frozen=True, eq=False)
class FilePicture(Picture):
    """A picture to go behind subjects, and the file that it came from.

    Parameters
    ----------
    pixels, fit, kernel, position, zoom
        As of every `Picture`.
    name : str
        The file's, without folders.
    sha256 : str
        Of the whole file.
    file : PhotoFile, optional
        The file itself if it has more than these 8 bits: behind a photo of 16 bits they are shown.

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> behind = FilePicture.of(SAMPLES[2].open(), "contain")
    >>> behind.name, behind.fit, behind.sha256[:8]
    ('coffee.png', 'contain', 'cc02f8ca')
    """

    name: str = field(kw_only=True)
    sha256: str = field(kw_only=True)
    file: PhotoFile | None = field(default=None, kw_only=True)

    @classmethod
    def of(
        cls,
        file: PhotoFile,
        fit: Fit = "cover",
        kernel: int = 1,
        position: tuple[float, float] = (0.5, 0.5),
        zoom: float = 1.0,
    ) -> Self:
        """The picture of an opened file, laid so. Raises ValueError as `Picture` does."""
        pixels = file.pixels()
        deep = file if file.profile is not None else None
        laid = pixels, fit, kernel, position, zoom
        return cls(*laid, name=file.name, sha256=file.sha256, file=deep)
