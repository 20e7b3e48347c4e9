"""How strong a blur is: set in pixels of the photo at hand, kept for photos of all sizes."""

from dataclasses import dataclass

import streamlit as st

from compositing.background import default_kernel, strength_of
from photos.photo import PhotoFile
from ui.leaving import of_this_page

LEAST = 301
"""Every slider reaches at least this kernel; on large photos it reaches three times the usual."""


@dataclass(frozen=True)
class KernelSlider:
    """A slider for a kernel's size. key: the widget's. usual: the strength that it begins with, as
    `compositing.background.default_kernel` takes it; 0 is sharp. told: how the size is written."""

    label: str
    key: str
    usual: float
    told: str = "%d px"

    @property
    def strength_key(self) -> str:
        """Where the `strength` is kept, in place of the widget's own value."""
        return f"{self.key}_strength"

    @property
    def strength(self) -> float:
        """The strength of the blur, whatever a photo's size."""
        strength: float = st.session_state.get(self.strength_key, self.usual)
        return strength

    def kernel(self, photo: PhotoFile) -> int:
        """The kernel for this photo, in its own pixels."""
        return default_kernel(photo.width, photo.height, self.strength)

    def draw(self, photo: PhotoFile, **more: object) -> None:
        """Show the slider. more: further arguments of `st.slider`."""
        kernel, size = self.kernel(photo), (photo.width, photo.height)

        @of_this_page
        def keep() -> None:
            strength = strength_of(st.session_state[self.key], *size)
            st.session_state[self.strength_key] = strength

        if st.session_state.get(self.key) != kernel:
            st.session_state[self.key] = kernel
        longest = max(LEAST, default_kernel(*size, 3), kernel)  # set on a larger photo, too
        st.slider(  # type: ignore[call-overload]
            self.label, 1, longest, step=2, format=self.told, key=self.key, on_change=keep, **more
        )


OWN = KernelSlider("Blur strength", "kernel", usual=1, told="Strength %d px")
"""The blur of a photo's own background."""

PICTURE = KernelSlider("Picture's blur strength", "fit_kernel", usual=0)
"""The blur of a picture behind the subject."""
