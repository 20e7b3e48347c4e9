"""The page's own widgets: they draw on the photo and answer at once, without the server."""

from ui.components.ballot_box import Said, Slip, ballot_box
from ui.components.before_after import before_after
from ui.components.prompt_canvas import Drawn, PickableObject, picked, prompt_canvas

__all__ = [
    "Drawn",
    "PickableObject",
    "Said",
    "Slip",
    "ballot_box",
    "before_after",
    "picked",
    "prompt_canvas",
]
