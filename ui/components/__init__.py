"""The page's own widgets: they draw on the photo and answer at once, without the server."""

from ui.components.ballot_box import Said, Slip, ballot_box
from ui.components.depth_lines import depth_lines
from ui.components.prompt_canvas import Drawn, PickableObject, picked, prompt_canvas
from ui.components.viewer import Entry, Wish, viewer, wished

__all__ = [
    "Drawn",
    "Entry",
    "PickableObject",
    "Said",
    "Slip",
    "Wish",
    "ballot_box",
    "depth_lines",
    "picked",
    "prompt_canvas",
    "viewer",
    "wished",
]
