"""What the zoom shows of a subject that was put elsewhere, and what it says of that."""

from dataclasses import replace

import numpy as np

from compositing.background import Blur, Colour
from compositing.frame import Frame
from compositing.stand import Stand
from photos.look import Look
from tests.cuts import photo_of
from ui.tray import Placement
from ui.view import KINDS, View, ViewKind
from ui.zoom_places import PLACED, Seen, kinds_of, told_while_held

MOVED = Stand(0.2)
PHOTOS = [photo_of(np.full((6, 8, 3), 60 * at, np.uint8), f"{at}.jpg") for at in range(2)]
STILL = View("Overlay", Look(Blur(21)), Look(Colour(1, 2, 3)), "a colour")
PUT = replace(STILL, replaced=replace(STILL.replaced, stand=MOVED))


def with_frame(frame: Frame) -> View:
    looks = replace(PUT.blurred, frame=frame), replace(PUT.replaced, frame=frame)
    return replace(PUT, blurred=looks[0], replaced=looks[1])


CROPPED, ON_A_CANVAS = with_frame(Frame("subject")), with_frame(Frame(canvas=(90, 90)))


def test_there_is_one_more_kind_as_soon_as_any_photo_s_subject_was_put_elsewhere() -> None:
    assert kinds_of(STILL, PHOTOS) == KINDS
    assert kinds_of(PUT, PHOTOS) == (*KINDS, PLACED)
    other = replace(STILL, placements={PHOTOS[1].key: Placement(MOVED)})
    assert kinds_of(other, PHOTOS) == (*KINDS, PLACED)
    assert kinds_of(other, PHOTOS[:1]) == KINDS
    assert kinds_of(CROPPED, PHOTOS) == KINDS  # the frame goes along


def test_only_that_kind_has_the_subject_where_it_was_put() -> None:
    for kind in KINDS:
        seen = Seen.of(PUT, kind)
        assert (seen.in_place, seen.view.look.stand) == (True, None)
    seen = Seen.of(PUT, PLACED)
    assert (seen.in_place, seen.view.kind, seen.view.look.stand) == (False, "Replace", MOVED)
    assert Seen.of(STILL, PLACED).in_place  # of a photo beside


def test_all_of_the_photo_is_seen_and_the_files_keep_their_frame() -> None:
    for view in (CROPPED, ON_A_CANVAS):
        for kind in (*KINDS, PLACED):
            seen = Seen.of(view, kind)
            assert seen.view.look.frame is None
            assert seen.files.look.frame == view.blurred.frame


def test_it_says_where_the_subject_is_and_which_kind_has_it_elsewhere() -> None:
    for view, kind in ((STILL, "Replace"), (PUT, "Blur"), (CROPPED, "Replace")):
        assert Seen.of(view, kind).told() == ""
    assert "Placed shows it where you put it" in Seen.of(PUT, "Replace").told()
    assert "not where it is in the Original" in Seen.of(PUT, PLACED).told()


def test_the_original_over_a_held_card_says_where_it_does_not_lie_place_for_place() -> None:
    def told(view: View, *kinds: ViewKind) -> set[str]:
        return {told_while_held(replace(view, kind=kind)) for kind in kinds}

    assert told(STILL, *KINDS) == {""}
    assert told(PUT, "Overlay", "Matte", "Cutout", "Blur") == {""}
    assert told(PUT, "Replace") == {Seen.of(PUT, PLACED).told()}
    for view in (CROPPED, ON_A_CANVAS):
        assert told(view, "Overlay") == {""}  # it shows all of the photo
        assert told(view, *KINDS[1:]) == {"All of the photo, without the frame."}
