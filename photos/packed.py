"""An alpha and colours as small files, as a cut keeps them."""

import cv2

from compositing.arrays import Alpha, Photo
from compositing.matte import deep_image, matte_image
from photos.png import png


def packed_alpha(alpha: Alpha) -> bytes:
    """An alpha as a PNG of grey levels, rounded to 8 bits.

    Parameters
    ----------
    alpha
        `float32 (H, W)` in [0, 1].

    Examples
    --------
    >>> packed_alpha(np.ones((2, 3), np.float32))[1:4]
    b'PNG'
    """
    return png(matte_image(alpha))


def packed_deep(alpha: Alpha) -> bytes:
    """An alpha as a PNG of grey levels, rounded to 16 bits.

    Parameters
    ----------
    alpha
        `float32 (H, W)` in [0, 1].

    Examples
    --------
    >>> cv2.imdecode(np.frombuffer(packed_deep(np.float32([[0.5]])), np.uint8), -1).tolist()
    [[32768]]
    """
    return png(deep_image(alpha))


def packed_colours(colours: Photo) -> bytes:
    """Colours as a JPEG: a few levels off, which is less than a network is, in a tenth of the size.

    Parameters
    ----------
    colours
        `uint8 (h, w, 3)`, RGB.

    Examples
    --------
    >>> packed_colours(np.zeros((2, 3, 3), np.uint8))[:2].hex()
    'ffd8'
    """
    # Every pixel keeps its own colour: strands of hair are no wider.
    how = [cv2.IMWRITE_JPEG_QUALITY, 97]
    how += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    done, jpeg = cv2.imencode(".jpg", cv2.cvtColor(colours, cv2.COLOR_RGB2BGR), how)
    assert done
    return bytes(jpeg)
