"""Photoshop documents: layers, and the picture that they make together."""

import io
import struct
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photos.metadata import Resolution


class Layer(NamedTuple):
    """One layer of a document, of its whole size.

    Parameters
    ----------
    name : str
    colours : (H, W, 3) uint8 array
        RGB.
    mask : (H, W) uint8 array, optional
        The layer mask: 255 shows the layer, 0 hides it.
    visible : bool

    Examples
    --------
    >>> Layer("Photo", np.zeros((2, 3, 3), np.uint8)).visible
    True
    """

    name: str
    colours: NDArray[np.uint8]
    mask: NDArray[np.uint8] | None = None
    visible: bool = True


def psd(
    flat: NDArray[np.uint8],
    layers: Sequence[Layer] = (),
    *,
    exif: bytes = b"",
    profile: bytes = b"",
    dpi: Resolution | None = None,
) -> bytes:
    """Make a PSD file of 8 bits.

    Parameters
    ----------
    flat : (H, W), (H, W, 3) or (H, W, 4) uint8 array
        What all visible layers make together: grey, RGB or RGBA, not premultiplied. Programs that
        know no layers show it.
    layers : sequence of Layer
        The lowest first.
    exif : bytes
        With or without "Exif" and two zeros before it. Empty: none.
    profile : bytes
        An ICC profile. Empty: none.
    dpi : (float, float), optional
        Pixels an inch, across and down.

    Returns
    -------
    file : bytes

    Notes
    -----
    Written by psd-tools. The numbers of the resources are those of Adobe's file format
    specification: resolution 1005, profile 1039, EXIF 1058.

    Examples
    --------
    >>> from psd_tools import PSDImage
    >>> red = np.full((2, 3, 3), (255, 0, 0), np.uint8)
    >>> file = psd(red, [Layer("Red", red, np.full((2, 3), 128, np.uint8))])
    >>> [(layer.name, layer.has_mask()) for layer in PSDImage.open(io.BytesIO(file))]
    [('Red', True)]
    """
    from psd_tools import PSDImage
    from psd_tools.constants import Resource
    from psd_tools.psd.image_resources import ImageResource

    class Document(PSDImage):
        """Its flat picture is our own: it isn't made anew, less exactly, of the layers."""

        def is_updated(self) -> bool:
            return False

    document = Document.frompil(Image.fromarray(_on_white(flat)))
    for each in layers:
        layer = document.create_pixel_layer(Image.fromarray(each.colours), name=each.name)
        layer.visible = each.visible
        if each.mask is not None:
            layer.create_mask(Image.fromarray(each.mask))
    told: dict[Resource, bytes] = {}
    if dpi:
        across, down = (round(each * 65536) for each in dpi)  # fixed-point numbers
        told[Resource.RESOLUTION_INFO] = struct.pack(">IHHIHH", across, 1, 1, down, 1, 1)
    if profile:
        told[Resource.ICC_PROFILE] = profile
    if exif:
        told[Resource.EXIF_DATA_1] = exif.removeprefix(b"Exif\0\0")
    for key, data in told.items():
        document.image_resources[key] = ImageResource(key=key, data=data)
    file = io.BytesIO()
    document.save(file)
    return _transparent(file) if flat.ndim == 3 and flat.shape[2] == 4 else file.getvalue()


def _on_white(flat: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The format has a flat picture's colours as they look on white, its opacity beside them."""
    if flat.ndim == 2 or flat.shape[2] == 3:
        return flat
    opacity = flat[..., 3:].astype(np.uint16)
    shown = (flat[..., :3] * opacity + 255 * (255 - opacity) + 127) // 255
    return np.concatenate([shown.astype(np.uint8), flat[..., 3:]], axis=2)


def _transparent(file: io.BytesIO) -> bytes:
    """The flat picture's fourth channel is its opacity: a negative number of layers says so."""
    from psd_tools.psd import PSD

    file.seek(0)
    record = PSD.read(file)
    info = record.layer_and_mask_information.layer_info
    if info is None:
        return file.getvalue()
    info.layer_count = -abs(info.layer_count)
    marked = io.BytesIO()
    record.write(marked)
    return marked.getvalue()
