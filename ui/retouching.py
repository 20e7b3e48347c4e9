"""What the Prompt page shows of the brush: the part in view, and the strokes to take along."""

import cv2
import numpy as np
import streamlit as st
from numpy.typing import NDArray

from photos.counts import counted
from photos.cut import Cut
from photos.photo import PhotoFile
from photos.recipes.strokes import ENDING, StrokesFile
from ui.brushwork import Brushwork, full_pixels
from ui.components.prompt_canvas import Close
from ui.downloads import file_button
from ui.outlines import path
from ui.render import jpeg

AROUND = 16
"""Pixels around a part that are looked at for its outline."""


def close_up(cut: Cut, box: tuple[int, int, int, int]) -> Close:
    """A part of a photo and of its matte, pixel by pixel. box: left, top, right, bottom."""
    x0, y0, x1, y1 = box
    pixels = full_pixels(cut.photo.key, cut.photo)[y0:y1, x0:x1]
    levels = _levels(cut.key, cut)
    matte = cv2.cvtColor(levels[y0:y1, x0:x1], cv2.COLOR_GRAY2RGB)
    # Somewhat more, so that what runs along the part's border is out of sight.
    left, top = max(0, x0 - AROUND), max(0, y0 - AROUND)
    wider = levels[top : y1 + AROUND, left : x1 + AROUND]
    outline = path(wider * np.float32(1 / 255), left=left, top=top)
    shown = (np.ascontiguousarray(part, np.uint8) for part in (pixels, matte))
    preview, overlay = (jpeg(part, fine=True) for part in shown)
    return Close(box, preview, overlay, outline)


def strokes_told(photo: PhotoFile, brushwork: Brushwork) -> None:
    """How many strokes there are, and their file; nothing where there are none."""
    count = len(brushwork.strokes)
    if not count:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(counted(count, "stroke"), icon=":material/brush:", color="violet")
        st.space("stretch")
        file_button(
            "Strokes",
            StrokesFile.of(photo, brushwork.strokes).data,
            f"{photo.stem}.{ENDING}",
            "application/json",
            key="save_strokes",
            told="For --strokes on the command line; the ZIP on Compare has them, too",
        )


@st.cache_resource(scope="session", max_entries=1, show_spinner=False)
def _levels(key: str, _cut: Cut) -> NDArray[np.uint8]:  # noqa: ARG001
    return _cut.levels()
