"""The window that a frame opens over a photo: geometry alone, in the photo's pixels."""

from collections.abc import Iterator
from typing import NamedTuple

from compositing.arrays import Alpha
from compositing.frame import Extent, Frame

_MOVED = 0.01
"""Part of a side: by less nobody sees that something moved."""
_ROUNDING = 1e-6
_SUBJECT, _TOUCHING = 0.5, 0.03
"""Alphas above are subject here; part of its width or height that an edge cuts, at least."""
_EDGES = ("upper", "right", "lower", "left")
_NARROWER = "Margins are narrower than was asked for, since the photo ends there."

type Cut = tuple[bool, bool, bool, bool]
"""Whether the photo's upper, right, lower and left edge cuts the subject off."""
WHOLE: Cut = (False, False, False, False)


class Window(NamedTuple):
    """A part of a photo, which may reach beyond it: left, top, width and height in its pixels.

    Examples
    --------
    >>> Window(-15, 20, 80, 40).left
    -15
    """

    left: float
    top: float
    wide: float
    high: float


def cut_off(alpha: Alpha) -> Cut:
    """Tell which of a photo's edges cut its subject off.

    Parameters
    ----------
    alpha : (H, W) float32 array
        In [0, 1].

    Returns
    -------
    cut : Cut
        A few stray pixels at an edge don't count.

    Examples
    --------
    >>> alpha = np.zeros((60, 80), np.float32)
    >>> alpha[20:, 30:50] = 1
    >>> cut_off(alpha)
    (False, False, True, False)
    """
    inside = alpha > _SUBJECT
    least = [max(1, _TOUCHING * inside.any(axis).sum()) for axis in (0, 1)]
    upper, lower = (inside[row].sum() >= least[0] for row in (0, -1))
    left, right = (inside[:, column].sum() >= least[1] for column in (0, -1))
    return bool(upper), bool(right), bool(lower), bool(left)


def told_of(cut: Cut) -> str:
    """Say in a sentence what it means for margins that edges cut the subject off.

    Examples
    --------
    >>> told_of((False, False, True, False))
    "The photo's lower edge cuts the subject off: on that side it has no margin."
    """
    edges, one = _named(cut)
    sides = "that side" if one else "those sides"
    return f"{edges} the subject off: on {sides} it has no margin."


def stump_told(cut: Cut) -> str:
    """Say in a sentence that edges which cut the subject off can be seen.

    Examples
    --------
    >>> stump_told((False, False, True, False))
    "The photo's lower edge cuts the subject off: away from the picture's edge it ends straight."
    """
    edges, _ = _named(cut)
    return f"{edges} the subject off: away from the picture's edge it ends straight."


def _named(cut: Cut) -> tuple[str, bool]:
    """(the beginning of a sentence on what cuts the subject off, whether it's one edge)."""
    *names, last = [name for name, there in zip(_EDGES, cut, strict=True) if there]
    if not names:
        return f"The photo's {last} edge cuts", True
    return f"The photo's {', '.join(names)} and {last} edges cut", False


def window_of(frame: Frame, box: Extent, cut: Cut) -> Window:
    """Open the window that a frame asks for.

    Parameters
    ----------
    frame : Frame
    box : Extent
        What has to be in it.
    cut : Cut
        On these sides the box has no margin, and with a canvas it lies at that edge: elsewhere it
        would seem sawn off.

    Returns
    -------
    window : Window

    Examples
    --------
    >>> window_of(Frame("subject", canvas=(100, 50)), Extent(10, 20, 30, 40), WHOLE)
    Window(left=-15.0, top=20.0, wide=80.0, high=40.0)
    """
    return _on_canvas(frame, frame.canvas, box, cut) if frame.canvas else _around(frame, box, cut)


def _margins(frame: Frame, width: float, height: float, cut: Cut) -> Iterator[float]:
    """Above, right, below and left, in pixels of a finished picture of this size."""
    for side, off in zip((height, width) * 2, cut, strict=True):
        yield 0 if off else frame.margin.of(side)


def _around(frame: Frame, box: Extent, cut: Cut) -> Window:
    """As much as is asked for, at the photo's own size."""
    shares = list(_margins(frame, 1, 1, cut)) if frame.margin.percent else [0.0] * 4
    width = box.width / (1 - shares[1] - shares[3])
    height = box.height / (1 - shares[0] - shares[2])
    top, right, bottom, left = map(round, _margins(frame, width, height, cut))
    wide, high = box.width + left + right, box.height + top + bottom
    return Window(box.left - left, box.top - top, wide, high)


def _on_canvas(frame: Frame, canvas: tuple[int, int], box: Extent, cut: Cut) -> Window:
    width, height = canvas
    top, right, bottom, left = _margins(frame, width, height, cut)
    scale = min((width - left - right) / box.width, (height - top - bottom) / box.height)
    across = width - left - right - box.width * scale
    down = height - top - bottom - box.height * scale
    x = left + across * (0.5 if cut[1] == cut[3] else float(cut[1]))
    align = {"top": 0.0, "centre": 0.5, "bottom": 1.0}[frame.align]
    y = top + down * (1.0 if cut[2] else 0.0 if cut[0] else align)
    return Window(box.left - x / scale, box.top - y / scale, width / scale, height / scale)


def kept_inside(
    window: Window, box: Extent, photo: tuple[int, int], *, fixed: bool
) -> tuple[Window, list[str]]:
    """Keep a window within the photo, as far as the box allows.

    Parameters
    ----------
    window : Window
    box : Extent
        What has to be in it.
    photo : (int, int)
        Width and height.
    fixed : bool
        Whether the window keeps its proportions.

    Returns
    -------
    window : Window
    notes : list of str
        What became of margins and place, a sentence each.

    Examples
    --------
    >>> kept_inside(Window(-5.0, 9.0, 50, 70), Extent(10, 20, 30, 40), (40, 80), fixed=False)[0]
    Window(left=0.0, top=9.0, wide=40.0, high=70.0)
    """
    left, top, wide, high = window
    if not fixed:
        x0, y0 = max(0.0, left), max(0.0, top)
        x1, y1 = min(float(photo[0]), left + wide), min(float(photo[1]), top + high)
        inside = Window(x0, y0, x1 - x0, y1 - y0)
        return inside, [_NARROWER] if inside != window else []
    least = max(box.width / wide, box.height / high)
    ratio = min(1.0, max(least, min(photo[0] / wide, photo[1] / high)))
    # About the box's middle, so that it keeps its place among the margins.
    middle = box.left + box.width / 2, box.top + box.height / 2
    left, top = (at + (start - at) * ratio for start, at in zip((left, top), middle, strict=True))
    wide, high = wide * ratio, high * ratio
    x, y = _moved(left, wide, photo[0]), _moved(top, high, photo[1])
    notes = [_NARROWER] if ratio < 1 - _MOVED else []
    if max(abs(x - left) / wide, abs(y - top) / high) > _MOVED:
        notes.append("The subject stands elsewhere than was asked for, since the photo ends there.")
    if max(wide / photo[0], high / photo[1]) > 1 + _ROUNDING:
        notes.append("Beyond the photo's edge lies an enlarged, blurred copy of it.")
    return Window(x, y, wide, high), notes


def _moved(start: float, length: float, whole: int) -> float:
    """Where the window starts so that it lies in the photo, or all of the photo in the window."""
    spare = whole - length
    return min(max(start, min(0.0, spare)), max(0.0, spare))
