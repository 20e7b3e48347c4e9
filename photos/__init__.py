"""Photos come in as files and leave as files: the front door for other programs.

What is named here is what the page and the command line use themselves.
"""

from compositing.alpha import Edges
from compositing.background import Blur, Colour, Gradient, Picture, Portrait, Transparent
from compositing.disparity import Disparity
from compositing.floor import Floor
from compositing.frame import Frame, Length
from compositing.shadow import Shadow
from compositing.stand import Stand
from compositing.strokes import Stroke
from models.catalog import find as find_model
from models.catalog import other_tool
from models.interface import Box, ModelError, Point, Prompt
from photos.cut import Cut
from photos.cutting import cut_out
from photos.depth import depth_of
from photos.elsewhere import matte_cut
from photos.look import Look
from photos.mattes import MatteFile
from photos.photo import PhotoError, PhotoFile
from photos.reading import open_photo, read_photo
from photos.rendering import render
from photos.retouching import retouched
from photos.saving import WriteFailed, save

__all__ = [
    "Blur",
    "Box",
    "Colour",
    "Cut",
    "Disparity",
    "Edges",
    "Floor",
    "Frame",
    "Gradient",
    "Length",
    "Look",
    "MatteFile",
    "ModelError",
    "PhotoError",
    "PhotoFile",
    "Picture",
    "Point",
    "Portrait",
    "Prompt",
    "Shadow",
    "Stand",
    "Stroke",
    "Transparent",
    "WriteFailed",
    "cut_out",
    "depth_of",
    "find_model",
    "matte_cut",
    "open_photo",
    "other_tool",
    "read_photo",
    "render",
    "retouched",
    "save",
]
