"""What the page says of a photo's state, and of results that are older than its prompt."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from compositing.strokes import Stroke
from models.catalog import GRABCUT
from models.catalog.built_in import U2NETP
from models.interface import NOTHING_SAID, Box, LoadFailed, Point, Prompt, PromptMissing, RunFailed
from photos.cut import Cut
from tests.cuts import cut_of, red_photo
from tests.ui.test_render import VIEW
from ui.brushwork import Brushwork
from ui.overview import _row
from ui.standing import behind, states_of, summary
from ui.state import Bench
from ui.tray import Failure, Tray
from ui.watch import Watch

BOX, OTHER = Box(1, 1, 20, 20), Box(2, 2, 30, 20)
ONE, TWO = Prompt(boxes=(BOX,)), Prompt(boxes=(BOX, OTHER))
SPECS = [U2NETP, GRABCUT]
PHOTO = red_photo()


def cut(*, found: bool = True, prompt: Prompt = NOTHING_SAID, **more: Any) -> Cut:
    levels = np.full((30, 40), 255 * found, np.uint8)
    return cut_of(PHOTO, levels, empty=not found, prompt=prompt, **more)


def tray(*outcomes: Cut | Failure | None, **more: Any) -> Tray:
    """outcomes: of the models, in their order."""
    there = {spec.name: each for spec, each in zip(SPECS, outcomes, strict=False) if each}
    return Tray(PHOTO, outcomes=there, **more)


FAILED = Failure(LoadFailed("The file is damaged."), Prompt())
TRAYS: dict[str, tuple[Tray, str]] = {
    "new": (tray(), ""),
    "half": (tray(cut()), ""),
    "done": (tray(cut(), cut()), "done"),
    "one found": (tray(cut(found=False), cut()), "done"),
    "none found": (tray(cut(found=False), cut(found=False)), "empty"),
    "painted": (
        tray(cut(found=False), cut(found=False), brushwork=Brushwork((Stroke(((5, 5, 1),)),))),
        "done",
    ),
    "half, none found": (tray(cut(found=False)), ""),
    "failed": (tray(cut(), FAILED), "failed"),
    "a new box": (tray(cut(prompt=ONE), cut(), prompt=ONE), "waiting"),
    "a box less": (tray(cut(prompt=ONE), cut()), "waiting"),
    "other edges": (tray(cut(), cut(refiner="closed-form")), "waiting"),
}


def test_a_photo_s_state_tells_what_came_of_it() -> None:
    held = Bench(trays={name: tray for name, (tray, _) in TRAYS.items()})
    told = states_of(held, SPECS)
    assert {name: state for name, (state, _) in told.items()} == {
        name: state for name, (_, state) in TRAYS.items()
    }
    assert told["a new box"][1] == "to be run again"
    assert summary(held, SPECS) == "3 done, 1 with nothing found, 3 to be run again, 1 failed"
    assert summary(Bench(trays={"new": tray()}), SPECS) == ""


def test_without_a_job_the_strip_still_hears_of_states() -> None:
    """What was drawn on the photo is known only after the strip was drawn."""
    held = Bench(trays={"a": TRAYS["a new box"][0]})
    told = Watch(held, 1, None, lambda _: None, SPECS).tell(1)
    assert told["states"] == {"a": ("waiting", "to be run again")}


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (Prompt(), ONE, "Made without the new box."),
        (ONE, TWO, "Made without the new box."),
        (ONE, replace(ONE, points=(Point(3, 3),)), "Made without the new point."),
        (Prompt(), Prompt(text=("dog",)), "Made without the new words."),
        (TWO, ONE, "Made before you changed the prompt."),
        (ONE, Prompt(boxes=(OTHER,)), "Made before you changed the prompt."),
        (ONE, ONE, "Made with the other edges of hard masks."),
    ],
)
def test_what_an_older_result_lacks_is_said(before: Prompt, now: Prompt, told: str) -> None:
    assert behind(cut(prompt=before), now)[0] == told


def test_an_older_failure_is_still_told() -> None:
    failed = Failure(RunFailed("There was too little memory."), ONE)
    assert behind(failed, TWO) == (
        "Tried without the new box. There was too little memory.",
        "Run with the new box",
    )
    untold = Failure(PromptMissing("Draw a box."), Prompt())
    assert behind(untold, ONE)[0] == "Tried without the new box."


@pytest.mark.parametrize("phone", [False, True])
def test_a_card_tells_the_share_that_is_kept(
    at: AppTest, phone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.cards.is_phone", lambda: phone)
    tray = at.session_state["bench"].tray
    tray.prompt = tray.outcomes["grabcut"].prompt
    at.run()
    assert not at.exception
    assert [each.value for each in at.caption].count("50% kept") == 2


def test_the_overview_tells_what_there_is_no_picture_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.overview.photo_preview", lambda *_: b"")
    monkeypatch.setattr("ui.overview.cut_preview", lambda *_, **__: b"")
    monkeypatch.setattr("ui.looks.contrasting_tint", lambda *_: "Green")
    held = Bench(trays={name: tray for name, (tray, _) in TRAYS.items()})
    rows = {name: _row(held, name, SPECS, VIEW, 20)[1:] for name in ("none found", "new")}
    assert rows == {"none found": ["nothing found"] * 2, "new": ["not run"] * 2}
    assert _row(held, "a new box", SPECS, VIEW, 20)[2] == "to be run again"


@pytest.fixture
def at() -> Iterator[AppTest]:
    """The Compare page with a photo that both models cut before a box was drawn on it."""

    def script() -> None:
        from dataclasses import replace

        from models.catalog import find
        from models.interface import Box, Prompt
        from photos.samples import SAMPLES
        from tests.cuts import left_half_cut
        from ui import compare
        from ui.state import bench

        held = bench()
        if not held.trays:
            photo = SAMPLES[0].open()
            held.add(photo.data, photo.name)
            assert held.tray
            box = Prompt(boxes=(Box(0, 0, 20, 30),))  # as the cuts have
            held.tray.prompt = Prompt(boxes=(*box.boxes, Box(50, 50, 200, 200)))
            for name in ("u2netp", "grabcut"):
                cut = left_half_cut(held.tray.photo)
                held.tray.outcomes[name] = replace(cut, spec=find(name))
        compare.page()

    yield AppTest.from_function(script, default_timeout=60).run()
    st.cache_resource.clear()


def test_a_card_stays_until_its_model_has_run_with_the_box(at: AppTest) -> None:
    def lacking() -> int:
        assert not at.exception
        assert {"U²-Net-P", "GrabCut"} <= {each.value for each in at.header}
        return sum("Made without the new box." in each.value for each in at.caption)

    def zooms() -> list[str | None]:
        return [each.key for each in at.button if str(each.key).startswith("zoom_")]

    assert (lacking(), zooms()) == (2, [])
    again = at.button("again_grabcut")
    assert again.label == "Run with the new box"
    again.click().run()
    held: Bench = at.session_state["bench"]
    until = time.monotonic() + 60
    while held.running:
        assert time.monotonic() < until
        time.sleep(0.02)
    at.run()
    assert (lacking(), zooms()) == (1, ["zoom_grabcut"])
