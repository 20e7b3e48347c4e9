"""The method that this project replaces, as the yardstick: everything at full size, pixel by pixel.

The dilated subject is painted over by Telea's inpainting. The result is blurred three times, and
the photo's own pixels are put back by alpha.
"""

import cv2
import numpy as np

from compositing.arrays import Alpha, Photo


def blur(photo: Photo, alpha: Alpha, kernel: int) -> Photo:
    mask = (alpha > 0.1).astype(np.uint8)
    mask = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (15, 15)))
    plate = cv2.inpaint(photo, mask, 5, cv2.INPAINT_TELEA)
    for _ in range(3):
        plate = cv2.GaussianBlur(plate, (kernel, kernel), 0)
    return replace(photo, alpha, plate)


def replace(photo: Photo, alpha: Alpha, background: Photo) -> Photo:
    share = alpha[:, :, None]
    return (photo * share + background * (1 - share)).astype(np.uint8)
