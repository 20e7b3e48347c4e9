"""One model finds whom, another cuts the hair: a fine matte kept to a coarser subject."""

import cv2
import numpy as np

from compositing.arrays import Alpha

MARGIN = 0.03
"""How far hair and fur may reach beyond the coarse subject: part of the photo's shorter side."""


def keep_to(alpha: Alpha, subject: Alpha) -> Alpha:
    """`alpha` where it's near the subject, 0 elsewhere, with a soft end.

    alpha, subject: `float32 (H, W)` in [0, 1], of one photo. The subject is what is above a half;
    it's grown by 3 % of the shorter side, over whose last third the matte fades out.
    """
    reach = max(2.0, MARGIN * min(alpha.shape))
    inside = (subject > 0.5).astype(np.uint8)
    if not inside.any():
        return np.zeros_like(alpha)
    away = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5)
    allowed = np.clip((reach - away) / (reach / 3), 0, 1).astype(np.float32)
    kept: Alpha = alpha * allowed
    return kept
