from dataclasses import replace

from compositing.alpha import Edges
from compositing.background import Blur, Colour
from compositing.shadow import Shadow
from photos.look import Look
from ui.render import View

VIEW = View("Overlay", Look(Blur(21)), Look(Colour(1, 2, 3)), "a colour")


def test_each_view_is_about_its_own_background() -> None:
    assert replace(VIEW, kind="Blur").look.background == Blur(21)
    assert replace(VIEW, kind="Replace").look.background == Colour(1, 2, 3)
    assert VIEW.look.background == Blur(21)


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
