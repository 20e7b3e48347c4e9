"""Strokes as files hold them: with a recipe, or as strokes.json beside the photo's results."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from compositing.strokes import Stroke
from photos.photo import PhotoError, PhotoFile
from photos.recipes.strict import Unreadable, read_as

ENDING = "strokes.json"
"""How these files are called, by themselves or with the photo's name before."""
EDITION = 1
_LARGEST = 20_000_000
"""Bytes of a file of strokes, at most."""


def told_strokes(strokes: Sequence[Stroke]) -> list[dict[str, Any]]:
    """List all of the strokes, ready for JSON.

    Parameters
    ----------
    strokes : sequence of Stroke

    Returns
    -------
    told : list of dict

    Examples
    --------
    >>> told_strokes([Stroke(((20, 30.5, 1),), "erase", size=12)])[0]["points"]
    [[20, 30.5, 1]]
    """
    return [
        asdict(stroke) | {"points": [[_short(part) for part in point] for point in stroke.points]}
        for stroke in strokes
    ]


def strokes_in(told: Any) -> tuple[Stroke, ...]:
    """Read what `told_strokes` told.

    Parameters
    ----------
    told
        As `json.loads` gives it.

    Returns
    -------
    strokes : tuple of Stroke

    Raises
    ------
    Unreadable

    Examples
    --------
    >>> strokes_in([{"points": [[20, 30, 1]], "size": 0}])
    Traceback (most recent call last):
    photos.recipes.strict.Unreadable: “strokes[0]” can't be followed: A brush's size is 1 to 20000 \
pixels; got 0
    """
    strokes: tuple[Stroke, ...] = read_as(tuple[Stroke, ...], told, "strokes")
    return strokes


@dataclass(frozen=True)
class StrokesFile:
    """The strokes on one photo, and which photo that is.

    Parameters
    ----------
    photo : str
        The name of the photo's file.
    sha256 : str
        Of that file.
    width, height : int
        The upright photo's, in pixels.
    strokes : tuple of Stroke

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> file = StrokesFile.of(SAMPLES[2].open(), [Stroke(((20, 30, 1),))])
    >>> StrokesFile.read(file.data(), "strokes.json") == file
    True
    """

    photo: str
    sha256: str
    width: int
    height: int
    strokes: tuple[Stroke, ...]

    @classmethod
    def of(cls, photo: PhotoFile, strokes: Sequence[Stroke]) -> Self:
        return cls(photo.name, photo.sha256, photo.width, photo.height, tuple(strokes))

    def data(self) -> bytes:
        """The file: JSON, a stroke a line."""
        told = ",\n".join(json.dumps(stroke) for stroke in told_strokes(self.strokes))
        head = {"edition": EDITION, **vars(self)}
        del head["strokes"]
        return f'{json.dumps(head)[:-1]}, "strokes": [\n{told}\n]}}\n'.encode()

    @classmethod
    def read(cls, data: bytes, name: str) -> Self:
        """From a file called `name`. Raises PhotoError for one that can't be followed."""
        if len(data) > _LARGEST:
            raise PhotoError(f"“{name}” is too large to be a file of strokes.")
        try:
            told = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise PhotoError(f"“{name}” is not JSON that can be read.") from error
        if not isinstance(told, dict) or "strokes" not in told:
            raise PhotoError(f"“{name}” holds no strokes: the Prompt page saves files that do.")
        try:
            edition = read_as(int, told.pop("edition", EDITION), "edition")
            if edition != EDITION:
                raise Unreadable(f"it is of edition {edition}, and this program knows {EDITION}")
            made: Self = read_as(cls, told, "it")
        except Unreadable as error:
            raise PhotoError(f"The strokes in “{name}” can't be followed: {error}.") from error
        return made

    def check(self, photo: PhotoFile) -> None:
        """Raises PhotoError if they were drawn on a photo of another size than this one."""
        if (self.width, self.height) != (photo.width, photo.height):
            raise PhotoError(
                f"The strokes are of “{self.photo}”, {self.width} × {self.height} pixels; "
                f"“{photo.name}” has {photo.width} × {photo.height}. Draw them anew on this one."
            )


@dataclass(frozen=True)
class Drawn:
    """The strokes on any photos.

    Parameters
    ----------
    files : tuple of StrokesFile

    Examples
    --------
    >>> from photos.samples import SAMPLES
    >>> cup, other = SAMPLES[2].open(), SAMPLES[0].open()
    >>> drawn = Drawn((StrokesFile.of(cup, [Stroke(((20, 30, 1),))]),))
    >>> len(drawn.on(cup)), len(drawn.on(other))
    (1, 0)
    """

    files: tuple[StrokesFile, ...] = ()

    def on(self, photo: PhotoFile, *, lone: bool = False) -> tuple[Stroke, ...]:
        """The strokes on a photo, by its SHA-256.

        Parameters
        ----------
        photo : PhotoFile
        lone : bool
            Whether it's the only photo: then the only file is for it, whatever it's called.

        Raises
        ------
        PhotoError
            If they were drawn on a photo of another size.
        """
        found = next((file for file in self.files if file.sha256 == photo.sha256), None)
        if found is None and lone and len(self.files) == 1:
            (found,) = self.files
        if found is None:
            return ()
        found.check(photo)
        return found.strokes

    def left_over(self, photos: Collection[str]) -> list[str]:
        """Tell of strokes, a sentence each, that were drawn on none of several photos, which are
        told by their SHA-256."""
        return [
            f"The strokes for “{file.photo}” were left out: that photo is not among these."
            for file in self.files
            if len(photos) > 1 and file.sha256 not in photos
        ]

    def passed_over(self, photo: PhotoFile) -> str | None:
        """Tell that a photo has the name of one that was drawn on, but is another file."""
        if any(file.sha256 == photo.sha256 for file in self.files):
            return None
        if all(file.photo != photo.name for file in self.files):
            return None
        return (
            f"The strokes for “{photo.name}” were drawn on another file of this name and left out. "
            "Name this photo and its strokes alone if they are for it all the same."
        )


def _short(value: float) -> float:
    """Whole numbers without a point, so that equal strokes are equal files."""
    return int(value) if float(value).is_integer() else value
