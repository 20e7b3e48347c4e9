"""What becomes of a cut: which edges it gets, what goes behind, and the light it stands in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from compositing.alpha import Edges, adjust
from compositing.arrays import Alpha
from compositing.background import Background, Blur, Portrait
from compositing.floor import LONGEST, Floor
from compositing.frame import Frame
from compositing.portrait import Depth
from compositing.shadow import Shadow
from compositing.stand import Stand
from compositing.subject import keep_to
from photos.cut import Cut
from photos.painting import Painting
from photos.photo import PhotoFile
from photos.previews import shrink

MOST_KB = 1_000_000
"""The largest number of kilobytes that a file can be held to."""

type LookOf = Callable[[PhotoFile], "Look"]
"""A photo's look; how strong a blur is depends on the photo's size."""


class Scene(NamedTuple):
    """What a blur by depth knows of one photo.

    Attributes
    ----------
    depth : Depth
        How far things are.
    focus : (float, float), optional
        As of a `Portrait`.

    Examples
    --------
    >>> Scene(Floor(horizon=0.4)).focus is None
    True
    """

    depth: Depth
    focus: tuple[float, float] | None = None


@dataclass(frozen=True)
class Look:
    """What becomes of a cut.

    Parameters
    ----------
    background : Background
        What goes behind: a `Blur`, `Portrait`, `Colour`, `Gradient`, `Picture` or
        `Transparent`.
    edges : Edges
        How the alpha is changed; by default it is not.
    unmix : bool
        Whether the old background's colours are taken out of the subject.
    refined : bool
        Whether masks show their refined edges.
    light : float
        How far the subject is put into the light of the new background, 0 to 1.
    shadow : Shadow, optional
        The shadow that the subject casts on the new background.
    subjects : tuple of Cut
        Cuts that say whom pictures are of: other cuts of the same photo are kept to that subject.
    paintings : tuple of Painting
        What goes behind the subject of one photo each, instead of the background.
    scenes : mapping of str to Scene
        By photos' keys: what a `Portrait` has of that photo, instead of its own depth and focus.
    frame : Frame, optional
        What the finished picture shows, and how large. None: the photo as it is.
    stand : Stand, optional
        Where the subject stands on its new background. None: where it stood in the photo.
    max_kb : int, optional
        How many kilobytes (thousands of bytes) a JPEG or WebP file may have; its quality is lowered
        as far as that takes. None: as many as its usual quality needs.

    Raises
    ------
    ValueError
        If light or max_kb lie outside of what can be, or a subject is moved before its own
        background.

    Examples
    --------
    >>> from compositing.background import Blur, Colour, Picture
    >>> from photos.samples import SAMPLES
    >>> photo, beach = SAMPLES[2].open(), Picture(np.zeros((2, 3, 3), np.uint8))
    >>> Look(Blur(51), Edges(grow=-1)).behind(photo)
    Blur(kernel=51, method='unmix')
    >>> Look(beach, light=0.5, shadow=Shadow()).behind(photo) is beach
    True
    """

    background: Background
    edges: Edges = field(default_factory=Edges)
    unmix: bool = True
    refined: bool = True
    light: float = 0
    shadow: Shadow | None = None
    subjects: tuple[Cut, ...] = ()
    paintings: tuple[Painting, ...] = ()
    scenes: Mapping[str, Scene] = field(default_factory=dict)
    frame: Frame | None = None
    stand: Stand | None = None
    max_kb: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.light <= 1:
            raise ValueError(f"A subject takes 0 to 1 of the new light; got {self.light:g}.")
        moved = self.stand is not None and not self.stand.still
        if moved and isinstance(self.background, Blur | Portrait):
            raise ValueError("A subject is moved on a new background, and not before its own.")
        if self.max_kb is not None and not 1 <= self.max_kb <= MOST_KB:
            raise ValueError(f"A file has 1 to {MOST_KB} kB; got {self.max_kb}.")

    @property
    def canvas(self) -> tuple[int, int] | None:
        """The finished picture's width and height; None if the photo or its subject decides."""
        return self.frame.canvas if self.frame else None

    def subject_of(self, cut: Cut) -> Cut | None:
        """The cut that says whom this one is of, if another does."""
        own = (each for each in self.subjects if each.photo.key == cut.photo.key)
        return next((each for each in own if each.key != cut.key), None)

    def behind(self, photo: PhotoFile) -> Background:
        """What goes behind the subject of `photo`."""
        own = (each for each in self.paintings if each.photo.key == photo.key)
        behind = next(own, self.background)
        scene = self.scenes.get(photo.key)
        if scene and isinstance(behind, Portrait):
            return replace(behind, depth=scene.depth, focus=scene.focus)
        return behind


def final_alpha(cut: Cut, look: Look, alpha_of: Callable[..., Alpha] = Cut.alpha) -> Alpha:
    """Make the alpha that pictures of a cut have: kept to the subject, its edges adjusted.

    Parameters
    ----------
    cut : Cut
    look : Look
    alpha_of : callable
        `alpha_of(cut, refined=…)` gives a cut's alpha. By default `Cut.alpha`, which unpacks it;
        one that gives it smaller makes a preview.

    Returns
    -------
    alpha : (H, W) float32 array
        In [0, 1], of the size that `alpha_of` gives: by default the photo's.

    Examples
    --------
    >>> from compositing.background import Blur
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[2].open(), GRABCUT)
    >>> alpha = final_alpha(cut, Look(Blur(51), Edges(grow=-3)))
    >>> alpha.shape, bool(alpha.mean() < cut.alpha().mean())
    ((400, 600), True)
    """
    alpha = alpha_of(cut, refined=look.refined)
    subject = look.subject_of(cut)
    if subject is not None:
        alpha = keep_to(alpha, alpha_of(subject, refined=look.refined))
    return adjust(alpha, look.edges, alpha.shape[1] / cut.photo.width)


def flat_note(cut: Cut, look: Look, alpha: Alpha | None = None) -> str | None:
    """Tell that a blur by depth blurs all of a photo's background alike, for no floor is seen.

    Parameters
    ----------
    cut : Cut
    look : Look
    alpha : (H, W) float32 array, optional
        As `final_alpha` makes it, of any size. None: made here, small.

    Returns
    -------
    note : str or None
        A sentence or two. None if there is a floor, or the look doesn't ask for one.

    Examples
    --------
    >>> from compositing.background import Portrait
    >>> from models.catalog import GRABCUT
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> cut = cut_out(SAMPLES[0].open(), GRABCUT)
    >>> print(flat_note(cut, Look(Portrait(51)))[:58])
    The subject's feet aren't in sight, and so no floor: all o
    """
    behind = look.behind(cut.photo)
    if not isinstance(behind, Portrait) or not isinstance(behind.depth, Floor):
        return None
    if alpha is None:
        alpha = final_alpha(cut, look, _small)
    floor = behind.depth.settled(alpha)
    if floor.feet is not None:
        return None
    return (
        "The subject's feet aren't in sight, and so no floor: all of the background is blurred "
        "alike. Say where the feet and the horizon are if there is one."
    )


def _small(cut: Cut, *, refined: bool) -> Alpha:
    """A cut's alpha, as large as feet are looked for in it."""
    small: Alpha = shrink(cut.levels(refined=refined), LONGEST) * np.float32(1 / 255)
    return small
