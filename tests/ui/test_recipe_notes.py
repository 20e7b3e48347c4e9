"""A recipe has one photo's own things for all photos: who saves or opens it is told."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from compositing.floor import Floor
from compositing.stand import Stand
from compositing.strokes import Stroke
from photos.file_picture import FilePicture
from photos.recipes.file import BlurWish, PictureWish, RecipeFile
from tests.cuts import photo_of
from tests.ui.two_photos import bench
from ui.state import Backdrop
from ui.tray import Placement, Tray

PUT = Placement(Stand(0.2, -0.1, 0.5), (0.3, 0.4), 2)


@pytest.fixture
def at() -> AppTest:
    def row() -> None:
        import streamlit as st

        from tests.ui.two_photos import begin
        from ui.looks import choose_view
        from ui.panels import panel_place
        from ui.recipe_notes import notes_of
        from ui.recipe_opened import take
        from ui.recipes import chosen_recipe

        held = begin()
        assert held.photo is not None
        if opened := st.session_state.pop("opened", None):
            st.session_state["told"] = take(opened, held.photo)
        choose_view(held.photo, (), panel_place())
        st.session_state["notes"] = [*notes_of(chosen_recipe(held.photo))]

    return AppTest.from_function(row).run()


def trays(at: AppTest) -> tuple[Tray, Tray]:
    other, mine = bench(at).trays.values()
    return other, mine


def notes(at: AppTest) -> str:
    at.run()
    assert not at.exception
    return " ".join(at.session_state["notes"])


def view(at: AppTest, kind: str, **chosen: str) -> None:
    at.segmented_control("kind").set_value(kind).run()
    for key, value in chosen.items():
        at.segmented_control(key).set_value(value).run()


MINE, OWN = "A recipe gives every photo this one's placement.", "1 photo here has its own."


def test_whose_placement_it_is_is_told(at: AppTest) -> None:
    other, mine = trays(at)
    view(at, "Replace")
    assert notes(at) == ""
    mine.placement = PUT
    assert notes(at) == f"{MINE} {OWN}"
    mine.placement, other.placement = Placement(), PUT
    assert notes(at) == f"{MINE} {OWN}"
    mine.placement = PUT
    assert notes(at) == MINE
    view(at, "Blur")
    assert notes(at) == ""


def test_how_a_picture_lies_is_of_a_placement_where_there_is_a_picture(at: AppTest) -> None:
    other, _ = trays(at)
    other.placement = replace(PUT, stand=Stand())
    view(at, "Replace")
    assert notes(at) == ""
    picture = FilePicture.of(photo_of(np.zeros((20, 30, 3), np.uint8), "sea.png"))
    at.session_state["bench"].backdrop = Backdrop("id", picture)
    view(at, "Replace", fill="Picture")
    assert f"{MINE} {OWN}" in notes(at)
    assert "A recipe's blur has" not in notes(at)
    at.button_group("panel").select("Placement").run()
    at.slider("fit_kernel").set_value(21).run()
    assert "A recipe's blur has 21 pixels in photos of every size." in notes(at)


def test_what_else_a_photo_has_of_its_own_is_told(at: AppTest) -> None:
    other, mine = trays(at)
    mine.prompt = replace(mine.prompt, text=("cat",))
    assert notes(at) == f"A recipe gives every photo this one's words. {OWN}"
    view(at, "Blur", blur_method="portrait")
    mine.floor = Floor(0.3, 0.9)
    other.focus = 0.5, 0.5
    expected = "A recipe gives every photo this one's floor, words and focus."
    assert notes(at) == f"{expected} {OWN}"
    other.brushwork.strokes = (Stroke(((1.0, 1.0, 1.0),)),)
    assert "Strokes on mattes aren't in a recipe" in notes(at)


STANDS = RecipeFile(make="replace", stand=Stand(0.4))


@pytest.mark.parametrize(
    ("recipe", "placed", "told"),
    [
        (STANDS, Placement(), "The photos that are here get its placement."),
        (STANDS, PUT, "Photos that were placed by hand are placed as it says."),
        (RecipeFile(make="replace"), PUT, "Photos that were placed by hand are placed as it says."),
        (RecipeFile(make="replace", background=PictureWish("sea.png")), Placement(), ""),
    ],
    ids=["new", "instead of another", "taken away", "none"],
)
def test_a_recipe_that_is_opened_tells_where_it_places_photos(
    at: AppTest, recipe: RecipeFile, placed: Placement, told: str
) -> None:
    other, mine = trays(at)
    other.placement = placed
    at.session_state["opened"] = recipe
    at.run()
    sentences = [each for each in at.session_state["told"] if "place" in each]
    assert (told in sentences) if told else not sentences
    assert other.placement.stand == mine.placement.stand == (recipe.stand or Stand())


@pytest.mark.parametrize("make", ["blur", "cutout", "matte"])
def test_a_recipe_of_another_view_moves_nothing(at: AppTest, make: Any) -> None:
    trays(at)[0].placement = PUT
    stand, behind = Stand(0.4), BlurWish(method="portrait", focus=(0.5, 0.5))
    at.session_state["opened"] = RecipeFile(make=make, stand=stand, background=behind)
    at.run()
    assert trays(at)[0].placement == PUT
    assert not [each for each in at.session_state["told"] if "place" in each]
    assert "The photos that are here get its focus." in at.session_state["told"]
