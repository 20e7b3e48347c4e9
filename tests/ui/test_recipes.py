"""What the page saves, the command line makes to the byte, and the page opens again."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from compositing.alpha import Edges
from compositing.background import Picture, Portrait
from compositing.floor import Floor
from compositing.frame import Frame, Length
from models.catalog import DEPTHS, GRABCUT, U2NETP
from photos.cut import Cut
from photos.cutting import cut_out
from photos.file_picture import FilePicture
from photos.finishing import picture_file
from photos.presets import PRESETS, find_document
from photos.reading import open_photo, read_photo
from photos.recipes.file import BlurWish, PictureWish, RecipeFile
from photos.recipes.reading import recipe_in
from photos.recipes.writing import told
from photos.samples import SAMPLES
from tests.shell import run
from ui.state import Backdrop
from ui.view import PICTURES, View

SAMPLE, SEA = SAMPLES[0].open(), SAMPLES[2].open()


@pytest.fixture(scope="module")
def cut() -> Cut:
    return cut_out(SAMPLE, U2NETP)


@pytest.fixture
def at() -> AppTest:
    def row() -> None:
        import streamlit as st

        from photos.samples import SAMPLES
        from ui.looks import choose_view
        from ui.panels import panel_place
        from ui.recipe_opened import take
        from ui.recipes import chosen_recipe
        from ui.state import bench

        photo = SAMPLES[0].open()
        if not bench().trays:
            bench().add(photo.data, photo.name)
        if opened := st.session_state.pop("opened", None):
            st.session_state["told"] = take(opened, photo)
        st.session_state["view"] = choose_view(photo, (), panel_place())
        st.session_state["recipe"] = chosen_recipe(photo)

    at = AppTest.from_function(row)
    at.session_state[f"model_{GRABCUT.name}"] = False
    return at.run()


def view(at: AppTest) -> View:
    assert not at.exception
    shown: Any = at.session_state["view"]
    assert isinstance(shown, View)
    return shown


def recipe(at: AppTest) -> RecipeFile:
    assert not at.exception
    chosen: Any = at.session_state["recipe"]
    assert isinstance(chosen, RecipeFile)
    return chosen


def blurred(at: AppTest) -> None:
    at.segmented_control("kind").set_value("Blur").run()
    at.segmented_control("blur_method").set_value("lens").run()
    at.slider("kernel").set_value(33).run()
    at.button_group("panel").select("Edges").run()
    at.slider("grow").set_value(-2).run()
    at.toggle("hard").set_value(True).run()


def replaced(at: AppTest) -> None:
    at.segmented_control("kind").set_value("Replace").run()
    at.segmented_control("fill").set_value("Gradient").run()
    at.button_group("panel").select("Blend in").run()
    at.slider("light").set_value(0.35).run()
    at.toggle("shadow").set_value(True).run()
    at.slider("shadow_softness").set_value(0.8).run()
    at.button_group("panel").select("Frame").run()
    at.selectbox("frame_preset").select("Portrait 4:5").run()
    at.slider("frame_margin").set_value(5.5).run()
    at.number_input("max_kb").set_value(150).run()


def on_a_picture(at: AppTest) -> None:
    at.session_state["bench"].backdrop = Backdrop("id", FilePicture.of(SEA))
    at.segmented_control("kind").set_value("Replace").run()
    at.segmented_control("fill").set_value("Picture").run()
    at.button_group("panel").select("Placement").run()
    at.segmented_control("fit").set_value("contain").run()
    at.slider("down").set_value(0.15).run()
    at.slider("fit_kernel").set_value(21).run()
    at.slider("zoom").set_value(1.5).run()
    at.slider("stand_across").set_value(-0.2).run()
    at.slider("stand_scale").set_value(0.6).run()


def clear(at: AppTest) -> None:
    at.segmented_control("kind").set_value("Cutout").run()
    at.button_group("panel").select("Frame").run()
    at.segmented_control("frame_crop").set_value("subject").run()


@pytest.mark.parametrize("choose", [blurred, replaced, on_a_picture, clear])
def test_the_command_line_makes_what_the_page_showed_to_the_byte(
    at: AppTest, cut: Cut, choose: Any, tmp_path: Path
) -> None:
    choose(at)
    shown, chosen = view(at), recipe(at)
    assert chosen.make is not None
    format_: Any = "PNG" if shown.kind == "Cutout" else "JPEG"
    own = picture_file(cut, shown.look, PICTURES[shown.kind], format_)
    (tmp_path / SAMPLE.name).write_bytes(SAMPLE.data)
    (tmp_path / SEA.name).write_bytes(SEA.data)
    (tmp_path / "recipe.toml").write_text(chosen.written(), "utf-8")
    done = run(chosen.make, tmp_path / SAMPLE.name, "--recipe", tmp_path / "recipe.toml")
    assert done.exit_code == 0, done.output
    made = Path(done.stdout.strip()).read_bytes()
    if format_ == "PNG":  # its recipe says cutout or composite, which are the same here
        one, other = open_photo(own, "a.png"), open_photo(made, "b.png")
        np.testing.assert_array_equal(one.colours(), other.colours())
        np.testing.assert_array_equal(one.alpha(), other.alpha())
    else:
        assert made == own


@pytest.mark.parametrize("choose", [blurred, replaced, on_a_picture, clear])
def test_a_saved_recipe_sets_the_controls_again(at: AppTest, choose: Any) -> None:
    choose(at)
    saved, key = recipe(at), view(at).key
    assert saved.frame == view(at).look.frame
    fresh = _opened(at, RecipeFile(make="replace"))  # everything else as it begins
    assert view(fresh).key != key
    again = _opened(fresh, RecipeFile.read(saved.written().encode(), "recipe.toml"))
    assert recipe(again) == saved
    assert view(again).key == key


def _opened(at: AppTest, recipe: RecipeFile) -> AppTest:
    at.session_state["opened"] = recipe
    return at.run()


def test_what_the_page_cannot_show_of_a_recipe_is_told(at: AppTest) -> None:
    odd = RecipeFile(
        edges=Edges(grow=-55.5, threshold=0.31),
        models=("nobody", "u2netp"),
        format="webp",
        background=PictureWish("sea.jpg"),
        frame=Frame("subject", Length(100), (1000, 2000)),
        make="replace",
        text=("cat",),
    )
    opened = _opened(at, odd)
    told: Any = opened.session_state["told"]
    for expected in (
        "no models called nobody",
        "grow is -55.5; -30 is the nearest",
        "threshold is 0.31; 0.3 is the nearest",
        "background picture, sea.jpg",
        "Margins are percent here: 10% stands for 100px",
        "webp too",
        "words and objects hold for the photos",
    ):
        assert any(expected in sentence for sentence in told), expected
    assert view(opened).look.frame == Frame("subject", Length(10.0, True), (1000, 2000))
    assert recipe(opened).models == ("u2netp",)
    assert recipe(opened).text == ("cat",)


def test_a_blur_s_kernel_is_one_of_the_photo_at_hand(at: AppTest) -> None:
    opened = _opened(at, RecipeFile(make="blur", background=BlurWish(kernel=61)))
    assert view(opened).look.background.kernel == 61  # type: ignore[union-attr]


def test_a_blur_by_depth_goes_into_a_recipe_and_comes_back(at: AppTest) -> None:
    wish = BlurWish(
        strength=2, method="portrait", horizon=0.31, feet=0.88, blades="hexagon", bloom=0.4
    )
    opened = _opened(at, RecipeFile(make="blur", background=wish))
    background = view(opened).look.background
    assert isinstance(background, Portrait)
    assert background.depth == Floor(0.31, 0.88)
    assert (background.blades, background.bloom) == ("hexagon", 0.4)
    assert recipe(opened).background == wish


def test_what_of_a_blur_by_depth_the_page_can_t_show_is_told(at: AppTest) -> None:
    wish = BlurWish(strength=1, method="portrait", horizon=0.3, focus=(0.5, 0.5))
    opened = _opened(at, RecipeFile(make="blur", background=wish))
    assert "only one of the horizon and the feet" in " ".join(opened.session_state["told"])
    assert recipe(opened).background == replace(wish, feet=0.9, blades="disc", bloom=0.1)


def test_a_depth_that_a_model_tells_goes_into_a_recipe_and_comes_back(at: AppTest) -> None:
    wish = BlurWish(1, method="portrait", depth=DEPTHS[0].name, blades="disc", bloom=0.1)
    opened = _opened(at, RecipeFile(make="blur", background=wish))
    assert recipe(opened).background == wish
    opened = _opened(at, RecipeFile(make="blur", background=replace(wish, depth="floor")))
    assert recipe(opened).background == replace(wish, depth=None)


def test_a_preset_sets_the_frame_and_is_named_while_it_holds(at: AppTest) -> None:
    at.button_group("panel").select("Frame").run()
    assert view(at).look.frame is None
    assert at.selectbox("frame_preset").value == "As the photo is"
    for preset in PRESETS[:3]:
        at.selectbox("frame_preset").select(preset.label).run()
        assert view(at).look.frame == preset.frame
        assert at.selectbox("frame_preset").value == preset.label
    at.selectbox("frame_align").select("bottom").run()
    assert at.selectbox("frame_preset").value == "My own"
    at.number_input("frame_width").set_value(None).run()
    shown = view(at).look.frame
    assert shown
    assert shown.canvas is None
    assert any("both a width and a height" in each.value for each in at.caption)
    at.selectbox("frame_preset").select("As the photo is").run()
    assert view(at).look.frame is None


def test_a_marketplace_that_asks_for_a_ground_says_so_beside_its_frame(at: AppTest) -> None:
    at.button_group("panel").select("Frame").run()
    for label, asked in (
        ("Amazon", ["Amazon asks for pure white behind main pictures: Replace, Colour, #ffffff."]),
        ("Square 1:1", []),
    ):
        at.selectbox("frame_preset").select(label).run()
        assert [each.value for each in at.caption if "asks for" in each.value] == asked


def test_an_identity_photo_is_the_same_by_page_recipe_and_command(
    at: AppTest, cut: Cut, tmp_path: Path
) -> None:
    at.button_group("panel").select("Frame").run()
    at.session_state["mode"] = "Replace"
    document = find_document("id-jp")  # its frame is like others', and is known by its name
    assert document
    at.selectbox("frame_preset").select(document.label).run()
    assert view(at).look.frame == document.frame(300)
    at.number_input("frame_crown").set_value(300).run()
    assert any("It takes both rows" in each.value for each in at.caption)
    at.number_input("frame_chin").set_value(100).run()
    assert any("The crown's row comes first" in each.value for each in at.warning)
    assert view(at).look.frame == document.frame(300)
    at.number_input("frame_crown").set_value(20).run()
    at.number_input("frame_chin").set_value(177).run()
    at.button_group("frame_dpi").select(600).run()
    chosen = view(at).look.frame
    assert chosen == replace(document.frame(600), lines=(20, 177))
    saved = recipe(at)
    assert RecipeFile.read(saved.written().encode(), "recipe.toml").frame == chosen
    (tmp_path / "recipe.toml").write_text(saved.written())
    (tmp_path / "portrait.png").write_bytes(SAMPLE.data)
    words = ("-b", "#ffffff", "--recipe", tmp_path / "recipe.toml", "-m", "u2netp")
    done = run("replace", tmp_path / "portrait.png", *words, "-o", tmp_path / "a.png")
    assert done.exit_code == 0, done.output
    command = done_by(tmp_path / "a.png")
    assert "--frame id-jp --dpi 600 --head=20,177" in command
    again = run(*shlex.split(command)[3:4], tmp_path / "portrait.png", *shlex.split(command)[5:],
                "-o", tmp_path / "b.png")  # fmt: skip
    assert again.exit_code == 0, again.output
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    opened = _opened(at, saved)
    assert opened.selectbox("frame_preset").value == document.label
    assert view(opened).look.frame == chosen
    at.selectbox("frame_preset").select("My own").run()
    assert not view(at).look.frame


def done_by(file: Path) -> str:
    """The command that a result's recipe tells."""
    return str(told(recipe_in(read_photo(file)), "PNG")["command"])


def test_a_picture_s_name_stands_in_the_recipe(at: AppTest) -> None:
    on_a_picture(at)
    wish = recipe(at).background
    assert isinstance(wish, PictureWish)
    assert (wish.file, wish.fit, wish.position) == ("coffee.png", "contain", (0.5, 0.15))
    assert isinstance(view(at).look.background, Picture)
