"""Which results are chosen, and whose the ZIP holds."""

from dataclasses import replace
from typing import Any

import numpy as np
from streamlit.testing.v1 import AppTest

from photos.cut import Cut
from photos.photo import PhotoFile
from tests.cuts import left_half_cut, photo_of
from ui.packing import ALL, CHOSEN, EACH, taken

PHOTOS = [photo_of(np.full((6, 8, 3), 60 * at, np.uint8), f"{at}.jpg") for at in range(3)]


def made(photo: PhotoFile, name: str) -> Cut:
    cut = left_half_cut(photo, name)
    return replace(cut, spec=replace(cut.spec, label=name.upper()))


CUTS = [made(photo, name) for photo in PHOTOS for name in ("a", "b")]
KEYS = [photo.key for photo in PHOTOS]


def told(results: str, choices: dict[str, str], cuts: list[Cut] = CUTS) -> str:
    return " ".join(f"{cut.photo.stem}{cut.spec.name}" for cut in taken(cuts, results, choices))


def test_the_chosen_ones_or_one_of_each_photo_by_what_was_chosen_most() -> None:
    assert told(ALL, {KEYS[0]: "b"}) == "0a 0b 1a 1b 2a 2b"
    assert told("b", {KEYS[0]: "a"}) == "0b 1b 2b"
    for results in (CHOSEN, EACH):
        assert told(results, {KEYS[0]: "b", KEYS[1]: "a", KEYS[2]: "b"}) == "0b 1a 2b"
    assert told(CHOSEN, {KEYS[0]: "b"}) == "0b"
    assert told(EACH, {KEYS[0]: "b"}) == "0b 1b 2b"


def test_a_choice_that_is_not_there_gives_way_to_what_is() -> None:
    """Its model was unticked since, or never ran on that photo."""
    cuts = [cut for cut in CUTS if (cut.photo, cut.spec.name) != (PHOTOS[1], "b")]
    assert told(CHOSEN, {KEYS[0]: "b", KEYS[1]: "b"}, cuts) == "0b"
    assert told(EACH, {KEYS[0]: "b", KEYS[1]: "b"}, cuts) == "0b 1a 2b"
    assert told(CHOSEN, {KEYS[0]: "gone"}) == ""
    assert told(EACH, {KEYS[0]: "gone"}) == "0a 1a 2a"


def test_a_star_chooses_a_result_and_the_zip_follows() -> None:
    def script() -> None:
        import numpy as np

        from models.catalog import GRABCUT, U2NETP
        from tests.cuts import cut_of, photo_of
        from ui import compare
        from ui.state import bench

        held = bench()
        for grey in () if held.trays else (60, 120):
            photo = photo_of(np.full((30, 40, 3), grey, np.uint8))
            held.add(photo.data, f"{grey}.png")
            for tray in held.trays.values():
                for spec in (GRABCUT, U2NETP):
                    cut = cut_of(tray.photo, np.full((30, 40), 255, np.uint8), spec=spec)
                    tray.outcomes[spec.name] = cut
        compare.page()

    def star(name: str) -> Any:
        (found,) = (button for button in at.button if button.key == f"choose_{name}")
        return found

    def captions() -> list[str]:
        return [caption.value for caption in at.caption]

    def zip_label() -> str:
        buttons: Any = at.get("download_button")
        (label,) = (button.label for button in buttons if "ZIP" in button.label)
        return str(label)

    at = AppTest.from_function(script, default_timeout=60).run()
    assert not at.exception
    assert at.selectbox("packed_results").options == ["All", "U²-Net-P", "GrabCut"]
    assert star("u2netp").label == "Choose U²-Net-P"
    star("grabcut").click().run()
    assert (star("u2netp").label, star("grabcut").label) == ("Choose U²-Net-P", "GrabCut is chosen")
    assert at.selectbox("packed_results").value == "The chosen ones"
    assert "Chosen for 1 of 2 photos; the others are left out." in captions()
    assert zip_label() == "Chosen as ZIP (1 of 2 photos)"
    assert "Frame can limit its kB" in at.selectbox("packed_format").help
    at.session_state["max_kb"] = 500
    at.selectbox("packed_results").select(EACH).run()
    assert "A JPEG or WebP: Frame holds it to 500 kB." in at.selectbox("packed_format").help
    assert "Chosen for 1 of 2 photos; the others are by GrabCut." in captions()
    assert zip_label() == "One of each photo as ZIP"
    star("grabcut").click().run()  # takes it back
    assert at.selectbox("packed_results").value == "All"
    assert not any(tray.choice for tray in at.session_state["bench"].trays.values())
