"""The mattes of cuts at preview size: several things on a page are made of each."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from photos.cut import Cut
from photos.previews import shrink


def preview_levels(cut: Cut, *, refined: bool = True) -> NDArray[np.uint8]:
    """`uint8 (h, w)`: `Cut.levels` at preview size, unpacked once a visit. Don't write into it: it
    is shared."""
    return _levels(cut.key, cut, refined)


@st.cache_resource(scope="session", max_entries=64, show_spinner=False)
def _levels(key: str, _cut: Cut, refined: bool) -> NDArray[np.uint8]:
    return shrink(_cut.levels(refined=refined))
