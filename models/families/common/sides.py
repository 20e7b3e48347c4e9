"""At which sides a network sees a photo."""

from compositing.arrays import Photo


def fitted(photo: Photo, shorter: int, longer: int, step: int = 32) -> tuple[int, int]:
    """(height, width), multiples of `step`, of the photo's proportions as nearly as that allows:
    the shorter side at `shorter`, or less if the longer side would exceed `longer`."""
    height, width = photo.shape[:2]
    scale = min(shorter / min(height, width), longer / max(height, width))
    rows, columns = (max(step, round(side * scale / step) * step) for side in (height, width))
    return rows, columns
