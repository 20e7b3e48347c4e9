"""What was painted lies over every card's matte, and over none that is voted on or kept."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from compositing.strokes import Stroke
from photos.cut import Cut
from tests.ui.test_page import APP, picture_file, run_models, upload
from ui.kept import votable

WIPE = Stroke(((45, 40, 1),), "erase", size=16, hardness=1, aware=False)
BACK = Stroke(((10, 10, 1),), "restore", size=16, hardness=1, aware=False)


@pytest.fixture
def at() -> Iterator[AppTest]:
    yield AppTest.from_file(str(APP), default_timeout=60).run()
    st.cache_resource.clear()


def test_every_card_shows_it_and_no_vote_does(at: AppTest) -> None:
    run_models(upload(at, ("cat.png", picture_file())))
    held = at.session_state["bench"]
    (key,) = held.trays
    tray = held.tray
    before = {name: cut.levels() for name, cut in tray.outcomes.items()}
    tray.brushwork.strokes = (WIPE, BACK)
    at.run()
    assert not at.exception
    told = [each.value for each in at.caption if "Retouched" in each.value]
    assert told == ["Retouched by hand: 2 strokes."] * 2
    for cut in tray.outcomes.values():
        shown = held.outcome(key, cut.spec)
        assert isinstance(shown, Cut)
        assert (shown.levels()[40, 45], shown.levels()[10, 10]) == (0, 255)
        assert held.outcome(key, cut.spec) is shown
        assert not cut.strokes
        assert (cut.levels() == before[cut.spec.name]).all()
    assert all(not cut.strokes for cut in votable(held)[key])

    # A card that shows no composite has its cut before that was made and timed.
    later = replace(cut, seconds=cut.seconds | {"composite": 42.0})
    tray.outcomes[cut.spec.name] = later
    assert held.outcome(key, cut.spec).seconds["composite"] == 42
    tray.outcomes[cut.spec.name] = cut

    tray.brushwork.strokes = (WIPE,)
    assert held.outcome(key, cut.spec).levels()[10, 10] == before[cut.spec.name][10, 10]
    tray.brushwork.strokes = ()
    assert held.outcome(key, cut.spec) is cut
