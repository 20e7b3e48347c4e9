"""The head in a photo for an identity document: from the crown, hair included, to the chin."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from compositing.arrays import Alpha
from compositing.frame import Frame
from compositing.placing import Placing
from compositing.window import cut_off
from photos.cut import Cut
from photos.faces import Face, faces_in
from photos.photo import PhotoError

_CHIN = 1.12
"""Heights of a face's square from its upper edge to the chin. Of one face it was measured by eye;
its square changes by some percent with a photo's size, and the chin with it."""
_WIDER = 0.25
"""Of a face's square, at each side: so far the crown is looked for."""
_TILT = 9.0
"""Degrees from which on a head isn't upright. The eyes tell it to three or four."""
_BY_HAND = (
    "Say where crown and chin are, as rows of the photo's pixels: --head TOP,BOTTOM, on the page "
    "under Frame."
)


class Head(NamedTuple):
    """In the photo's pixels: the rows of the crown and the chin, and the face's middle column.

    Examples
    --------
    >>> Head(16, 177, 222).chin
    177
    """

    crown: float
    chin: float
    centre: float


def headed(cut: Cut, frame: Frame) -> Placing:
    """Place a photo as a frame asks that the head decides.

    Parameters
    ----------
    cut : Cut
    frame : Frame
        With a head.

    Returns
    -------
    placing : Placing
        A note tells where crown and chin are where nobody said it.

    Raises
    ------
    PhotoError
        If there isn't one upright face with all of its head, and lines by hand would help; or the
        lines are none of this photo's.

    Examples
    --------
    >>> from models.catalog import U2NETP
    >>> from photos.cutting import cut_out
    >>> from photos.presets import find_preset
    >>> from photos.samples import SAMPLES
    >>> placing = headed(cut_out(SAMPLES[0].open(), U2NETP), find_preset("id-de"))
    >>> placing.width, placing.height, placing.notes[0][:27]
    (413, 531, 'The head goes from row 16 t')
    """
    photo, notes = cut.photo, list[str]()
    if frame.lines:
        crown, chin = frame.lines
        if chin > photo.height:
            raise PhotoError(
                f"“{photo.name}” has {photo.height} rows, and the chin can't be at {chin:g}. "
                "Rows are counted in the photo as it was opened, from above."
            )
        centre = _middle(cut.alpha(), crown, chin)
    else:
        crown, chin, centre = head_of(cut)
        notes.append(
            f"The head goes from row {crown:.0f} to {chin:.0f} of the photo, hair included: an "
            "estimate. Compare it with the authority's template; --head TOP,BOTTOM sets it, on the "
            "page the rows under Frame."
        )
    placing = Placing.headed(
        frame, (crown, chin), centre, (photo.width, photo.height), tuple(notes)
    )
    lacking = _lacking(cut.alpha(), placing)
    return Placing(**{**vars(placing), "notes": (*placing.notes, *lacking)})


_heads: WeakKeyDictionary[Cut, Head] = WeakKeyDictionary()
"""Those that were found, as long as somebody holds the cut: no photo is kept for it."""


def head_of(cut: Cut) -> Head:
    """Find the head: the crown by the matte, the chin by a face and its usual proportions.

    Parameters
    ----------
    cut : Cut

    Returns
    -------
    head : Head

    Raises
    ------
    PhotoError
        If there is no face, or several, one that is tilted, or a crown that the photo cuts off.

    Examples
    --------
    >>> from models.catalog import U2NETP
    >>> from photos.cutting import cut_out
    >>> from photos.samples import SAMPLES
    >>> head = head_of(cut_out(SAMPLES[0].open(), U2NETP))
    >>> abs(head.crown - 16) < 4, abs(head.chin - 177) < 8
    (True, True)
    """
    if cut not in _heads:
        _heads[cut] = _found(cut)
    return _heads[cut]


def _found(cut: Cut) -> Head:
    name, alpha = cut.photo.name, cut.alpha()
    faces = faces_in(cut.photo.pixels(), alpha)
    if not faces:
        raise PhotoError(
            f"“{name}”: there is no face that looks into the camera, or none was found. {_BY_HAND}"
        )
    if len(faces) > 1:
        raise PhotoError(
            f"“{name}”: there seem to be {len(faces)} faces, and such a photo shows one person. "
            f"Crop the photo, or mark the person for the model. {_BY_HAND}"
        )
    (face,) = faces
    if abs(face.tilt) > _TILT:
        raise PhotoError(
            f"“{name}”: the head seems tilted by {abs(face.tilt):.0f} degrees. Turn the photo "
            f"upright, or take another. {_BY_HAND}"
        )
    crown = _crown(alpha, face)
    if crown < 1:
        raise PhotoError(
            f"“{name}”: the photo's upper edge cuts the crown off. Take one with room above the "
            "head."
        )
    return Head(crown, face.top + _CHIN * face.side, face.left + face.side / 2)


def _crown(alpha: Alpha, face: Face) -> float:
    first = max(0, int(face.left - _WIDER * face.side))
    last = int(face.left + (1 + _WIDER) * face.side) + 1
    rows = np.flatnonzero((alpha[:, first:last] > 0.5).any(1))
    return float(rows[0])


def _middle(alpha: Alpha, crown: float, chin: float) -> float:
    """The subject's middle column between two rows."""
    part = alpha[int(crown) : max(int(crown) + 1, round(chin))]
    weights = part.sum(0)
    if not weights.any():
        raise PhotoError("There is no subject between the crown's row and the chin's. Look again.")
    return float((weights * np.arange(len(weights))).sum() / weights.sum())


def _lacking(alpha: Alpha, placing: Placing) -> list[str]:
    """What the photo doesn't have of what the frame shows."""
    left, top, wide, high = placing.window
    height, width = alpha.shape
    _, right_off, lower_off, left_off = cut_off(alpha)
    sides = [
        name
        for name, off, beyond in (
            ("left", left_off, left < -1),
            ("right", right_off, left + wide > width + 1),
            ("lower", lower_off, top + high > height + 1),
        )
        if off and beyond
    ]
    if not sides:
        return []
    plural = "s" * (len(sides) > 1)
    verb = "" if plural else "s"
    return [
        f"The photo's {' and '.join(sides)} edge{plural} cut{verb} the shoulders off within the "
        "frame: an authority won't take it. Take a photo with more around the person."
    ]
