from dataclasses import replace

import numpy as np

from compositing.alpha import Edges
from compositing.background import Blur, Colour
from compositing.shadow import Shadow
from photos.look import Look
from tests.cuts import photo_of
from ui.render import View

VIEW = View("Overlay", Look(Blur(21)), Look(Colour(1, 2, 3)), "a colour")


def test_each_view_is_about_its_own_background() -> None:
    assert replace(VIEW, kind="Blur").look.background == Blur(21)
    assert replace(VIEW, kind="Replace").look.background == Colour(1, 2, 3)
    assert VIEW.look.background == Blur(21)


def test_a_blur_is_as_strong_in_photos_of_every_size() -> None:
    view = replace(VIEW, kind="Blur", strength=0.5)
    small, large = (photo_of(np.zeros((side, side, 3), np.uint8)) for side in (1000, 2000))
    assert view.look_of(small).background == Blur(25)
    assert view.look_of(large).background == Blur(51)
    assert replace(view, kind="Replace").look_of(large) == view.replaced


def test_a_key_tells_apart_what_looks_different() -> None:
    views = [
        VIEW,
        replace(VIEW, fill=False),
        replace(VIEW, blurred=Look(Blur(21), Edges(grow=2))),
        replace(VIEW, kind="Blur"),
        replace(VIEW, kind="Blur", blurred=Look(Blur(23))),
        replace(VIEW, kind="Replace"),
        replace(VIEW, kind="Replace", behind="another"),
        replace(VIEW, kind="Replace", replaced=Look(Colour(1, 2, 3), light=0.5)),
        replace(VIEW, kind="Replace", replaced=Look(Colour(1, 2, 3), shadow=Shadow())),
    ]
    assert len({view.key for view in views}) == len(views)
    # A matte looks the same whatever goes behind it.
    assert replace(VIEW, blurred=Look(Blur(23)), behind="another").key == VIEW.key
