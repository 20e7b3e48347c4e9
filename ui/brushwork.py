"""What a person painted on the mattes of a photo, laid over any of them."""

from dataclasses import dataclass, field

import streamlit as st

from compositing.arrays import Photo
from compositing.strokes import Patch, Stroke, patches_of
from photos.cut import Cut
from photos.photo import PhotoFile
from photos.retouching import retouched

KEPT = 2000
"""Strokes of a photo of which is kept what they do: those undone, too, for a redo."""


@dataclass(eq=False)
class Brushwork:
    """strokes: as they count now."""

    strokes: tuple[Stroke, ...] = ()
    _patches: dict[Stroke, tuple[Patch, ...]] = field(default_factory=dict)
    _cuts: dict[str, Cut] = field(default_factory=dict)

    def over(self, cut: Cut) -> Cut:
        """The cut with all of it: the same one each time, until the strokes change, or the cut,
        which has its matte before its composite."""
        if not self.strokes:
            return cut
        made = self._cuts.get(cut.own.key)
        if made is None or made.own is not cut.own or made.strokes != self.strokes:
            patches = [patch for stroke in self.strokes for patch in self._of(stroke, cut.photo)]
            made = self._cuts[cut.own.key] = retouched(cut, self.strokes, patches=patches)
        return made

    def _of(self, stroke: Stroke, photo: PhotoFile) -> tuple[Patch, ...]:
        found = self._patches.get(stroke)
        if found is None:
            while len(self._patches) >= KEPT:
                self._patches.pop(next(iter(self._patches)))
            pixels = full_pixels(photo.key, photo)
            found = self._patches[stroke] = patches_of(pixels, stroke)
        return found


@st.cache_resource(scope="session", max_entries=1, show_spinner=False)
def full_pixels(key: str, _photo: PhotoFile) -> Photo:  # noqa: ARG001
    """The photo at full size, while it's painted on. Don't write into it: it is shared."""
    return _photo.pixels()
