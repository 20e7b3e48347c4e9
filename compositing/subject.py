"""One model finds whom, another cuts the hair: a fine matte kept to a coarser subject."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from compositing.arrays import Alpha
from compositing.checks import as_alpha

MARGIN = 0.03
"""How far hair and fur may reach beyond the coarse subject: part of the photo's shorter side."""


def keep_to(alpha: NDArray[Any], subject: NDArray[Any]) -> Alpha:
    """Drop what a fine matte holds beside the subject.

    The subject grows by 3 % of the photo's shorter side, at least by 2 pixels. Over the last third
    of that margin the matte fades out; beyond it is 0.

    Parameters
    ----------
    alpha : (H, W) array
        The fine matte, float32 in [0, 1].
    subject : (H, W) array
        A coarse alpha of the same photo, float32 in [0, 1]; the subject is what lies above 0.5.

    Returns
    -------
    kept : (H, W) float32 array
        In [0, 1]; all 0 without a subject.

    Raises
    ------
    ValueError
        If either is no alpha, or their sizes differ.

    Examples
    --------
    >>> fine = np.array([[0.9, 1, 1, 0.8, 0.5, 0, 1, 1]], np.float32)
    >>> subject = np.array([[0, 1, 1, 0, 0, 0, 0, 0]], np.float32)
    >>> print(keep_to(fine, subject))
    [[0.9 1.  1.  0.8 0.  0.  0.  0. ]]
    """
    alpha, subject = as_alpha(alpha), as_alpha(subject)
    if alpha.shape != subject.shape:
        raise ValueError(
            "Both alphas must be of one photo's size: the matte is "
            f"{alpha.shape[1]} × {alpha.shape[0]} pixels, "
            f"the subject {subject.shape[1]} × {subject.shape[0]}."
        )
    reach = max(2.0, MARGIN * min(alpha.shape))
    inside = (subject > 0.5).astype(np.uint8)
    if not inside.any():
        return np.zeros_like(alpha)
    away = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5)
    allowed = np.clip((reach - away) / (reach / 3), 0, 1).astype(np.float32)
    kept: Alpha = alpha * allowed
    return kept
