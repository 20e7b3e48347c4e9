"""The viewer by mouse, keys and fingers: a photo of 4000 × 3000, five pictures of it, two kinds."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.components.conftest import PAGE
from tests.e2e.components.driver import Place, box_of, fingers, zoomed

type Look = Callable[..., Page]

PATIENT = 20_000
EDGES = ((0.7, 0.4), (0.3, 0.6))
"""Of the subject, in parts of each photo."""

PRESSED = """(button, times) => {
    while (times--) button.click();
    const told = ["h3", ".count", ".status"];
    return told.map((name) => button.closest(".viewer").querySelector(name).textContent);
}"""
"""What is told at once of a photo that is to come."""

PICTURES = """stage => [...stage.querySelectorAll("figure")].filter(figure => !figure.hidden)
    .map(figure => {
        const frame = figure.getBoundingClientRect();
        const image = figure.querySelector("img").getBoundingClientRect();
        return [image.x - frame.x, image.y - frame.y, image.width, image.height];
    })"""


@pytest.fixture
def look(serve: Callable[..., str], open_page: Callable[..., Page]) -> Look:
    """look(which, **as open_page) -> the page with that viewer, its pictures there."""

    def visit(which: str = "usual", **how: object) -> Page:
        page = open_page(f"{serve(PAGE)}/?viewer={which}", **how)
        shown(page, ["Original", "One"])
        return page

    return visit


def shown(page: Page, names: list[str]) -> None:
    """Wait until these pictures are there, each with its name."""
    figures = page.locator(".stage figure:visible")
    expect(figures).to_have_count(len(names), timeout=PATIENT)
    for figure, name in zip(figures.all(), names, strict=True):
        expect(figure.locator("figcaption")).to_have_text(name, timeout=PATIENT)
        expect(figure.locator("img")).to_have_attribute("alt", name)


def sharp(page: Page) -> None:
    for image in page.locator(".stage figure:visible img").all():
        expect(image).to_have_js_property("naturalWidth", 4000, timeout=PATIENT)


def button(page: Page, name: str) -> Locator:
    return page.locator(".viewer").get_by_role("button", name=name, exact=True)


def places(page: Page) -> list[float]:
    """Where all the pictures are, from the corner of their pane; they are nowhere but in one."""
    first, *others = page.locator(".stage").evaluate(PICTURES)
    assert all(other == pytest.approx(first, abs=0.6) for other in others)
    return list(first)


def stage(page: Page) -> dict[str, float]:
    return box_of(page.locator(".stage"))


def corner(page: Page) -> Place:
    """A place in the left half of the stage, away from the handle."""
    box = stage(page)
    return round(box["x"] + 0.3 * box["width"]), round(box["y"] + 0.4 * box["height"])


def test_any_two_on_the_handle_and_up_to_four_beside_each_other(look: Look) -> None:
    """In the list's order; the one that is walked on, whose files are offered, stays the same."""
    page = look()
    button(page, "Three on the left").click()
    shown(page, ["Three", "One"])
    button(page, "Three on the right").click()
    shown(page, ["One", "Three"])
    expect(button(page, "One on the left")).to_have_attribute("aria-pressed", "true")
    button(page, "Side by side").click()
    shown(page, ["Original", "One", "Two", "Three"])
    told(page, ["Original", "One", "Two", "Three", "Matte", "Three"])
    button(page, "Show Two").click()
    shown(page, ["Original", "One", "Three"])
    button(page, "Show Two").click()
    told(page, ["Original", "One", "Two", "Three", "Matte", "Two"])
    button(page, "Show Four").click()
    shown(page, ["Original", "One", "Two", "Four"])
    button(page, "Next model").click()
    shown(page, ["Original", "One", "Two", "Three"])
    button(page, "Handle").click()
    shown(page, ["Original", "Three"])
    told(page, ["Original", "Three", "Matte", "Three"])


def test_a_press_on_a_name_says_of_which_picture_the_files_are(look: Look) -> None:
    """By mouse and by keys; the original has none. On the handle, too, if both are results."""
    page = look()
    expect(button(page, "One")).to_be_disabled()
    button(page, "Side by side").click()
    expect(button(page, "One")).to_have_attribute("aria-pressed", "true")
    expect(button(page, "Original")).to_be_disabled()
    button(page, "Three").click()
    told(page, ["Original", "One", "Two", "Three", "Matte", "Three"])
    expect(page.locator("figure[data-meant]")).to_contain_text("Three")
    expect(button(page, "100%")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    told(page, ["Original", "One", "Two", "Three", "Matte", "Two"])
    page.keyboard.press("ArrowRight")
    shown(page, ["Original", "One", "Three", "Four"])
    button(page, "Handle").click()
    button(page, "One on the left").click()
    button(page, "One").click()
    told(page, ["One", "Four", "Matte", "One"])
    page.keyboard.press("ArrowRight")
    shown(page, ["Two", "Four"])


def test_the_next_photo_has_the_same_view(look: Look) -> None:
    """The same results, layout and percentage, at an edge; a result that isn't there says so."""
    page = look()
    expect(page.locator(".viewer h3")).to_have_text("usual")
    button(page, "Two on the left").click()
    button(page, "100%").click()
    sharp(page)
    assert middle(page, 0) == pytest.approx(EDGES[0], abs=0.001)
    page.keyboard.press("e")
    assert middle(page, 0) == pytest.approx(EDGES[1], abs=0.001)
    button(page, "Next photo").click()
    expect(page.locator(".viewer h3")).to_have_text("second photo", timeout=PATIENT)
    expect(page.locator(".count")).to_have_text("2 / 2")
    expect(page.get_by_text("Two hasn't run.")).to_be_visible()
    second = page.locator("figure img").nth(1)
    expect(second).to_have_js_property("naturalWidth", 900, timeout=PATIENT)
    expect(button(page, "100%")).to_have_attribute("aria-pressed", "true")
    *_, width, height = page.locator(".stage").evaluate(PICTURES)[1]
    assert (width, height) == pytest.approx((900, 1200), abs=0.5)
    assert middle(page, 1)[1] == pytest.approx(EDGES[0][1], abs=0.002)
    page.keyboard.press("PageDown")
    expect(page.locator(".viewer h3")).to_have_text("usual", timeout=PATIENT)
    shown(page, ["Two", "One"])
    sharp(page)
    assert places(page)[2:] == pytest.approx([4000, 3000], abs=0.5)
    page.keyboard.press("PageUp")
    expect(page.locator(".count")).to_have_text("2 / 2")


def test_a_photo_that_is_on_its_way_is_named_so(look: Look) -> None:
    page = look()
    following = button(page, "Next photo")
    assert following.evaluate(PRESSED, 1) == ["second photo", "2 / 2", "Loading this photo…"]
    second = page.locator("figure img").nth(1)
    expect(second).to_have_js_property("naturalWidth", 900, timeout=PATIENT)
    expect(page.locator(".status")).to_have_text("")
    assert following.evaluate(PRESSED, 2) == ["second photo", "2 / 2", ""]  # once around


def test_the_two_pairs_of_arrows_say_what_they_go_through(look: Look) -> None:
    """They look alike, and one goes to another photo, the other to another model's result."""
    page = look()
    expect(page.locator(".photos").get_by_text("Photo", exact=True)).to_be_visible()
    expect(page.locator(".walk").get_by_text("Model", exact=True)).to_be_visible()
    expect(button(page, "Previous model")).to_have_attribute("title", "Previous model (←)")
    expect(button(page, "Next model")).to_have_attribute("title", "Next model (→)")


def middle(page: Page, slot: int) -> Place:
    """What is in the middle of that picture's pane, in parts of the photo."""
    box = stage(page)
    x, y, width, height = page.locator(".stage").evaluate(PICTURES)[slot]
    return (box["width"] / 2 - x) / width, (box["height"] / 2 - y) / height


def told(page: Page, wish: list[str]) -> None:
    expect(page.locator(".st-key-wish_usual")).to_have_text(json.dumps(wish), timeout=PATIENT)


def test_walking_and_another_kind_keep_zoom_and_place(look: Look) -> None:
    page = look()
    page.mouse.click(*corner(page))
    expect(button(page, "100%")).to_have_attribute("aria-pressed", "true")
    sharp(page)
    before = places(page)
    assert before[2:] == pytest.approx([4000, 3000], abs=1)
    button(page, "Next model").click()
    shown(page, ["Original", "Two"])
    sharp(page)
    expect(page.locator(".heard")).to_have_text("Two")
    expect(page.locator(".status")).to_be_empty()
    page.keyboard.press("ArrowRight")
    shown(page, ["Original", "Three"])
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    shown(page, ["Original", "Four"])
    source = page.locator("figure:visible img").last.get_attribute("src")
    button(page, "Cutout").click()
    expect(page.locator("figure:visible img").last).not_to_have_attribute("src", source or "")
    sharp(page)
    assert places(page) == before
    button(page, "Side by side").click()
    shown(page, ["Original", "One", "Two", "Four"])
    expect(button(page, "100%")).to_have_attribute("aria-pressed", "true")
    assert places(page)[2:] == pytest.approx([4000, 3000], abs=1)


def test_100_percent_is_where_the_edge_is_and_comes_sharp_without_a_jump(look: Look) -> None:
    page = look()
    expect(page.locator("figure img").first).to_have_js_property("naturalWidth", 1600)
    button(page, "100%").click()
    at_once = places(page)
    sharp(page)
    assert places(page) == at_once
    for edge in (*EDGES, EDGES[0]):
        assert middle(page, 0) == pytest.approx(edge, abs=0.001)
        assert places(page)[2:] == pytest.approx([4000, 3000], abs=0.5)
        button(page, "Next edge").click()
    button(page, "Show the whole photo").click()
    box, (x, y, width, height) = stage(page), places(page)
    assert (x, y) == pytest.approx(
        ((box["width"] - width) / 2, (box["height"] - height) / 2), abs=1
    )
    assert min(box["width"] - width, box["height"] - height) == pytest.approx(0, abs=1)


def test_a_click_goes_to_100_percent_at_its_place_and_back(look: Look) -> None:
    page = look()
    at, box = corner(page), stage(page)
    x, y, width, _ = places(page)
    part = (at[0] - box["x"] - x) / width
    page.mouse.dblclick(*at)  # the second press of a double click changes nothing
    near = places(page)
    assert near[2] == pytest.approx(4000, abs=1)
    assert (at[0] - box["x"] - near[0]) / near[2] == pytest.approx(part, abs=0.001)
    page.wait_for_timeout(400)
    page.mouse.click(*at)
    assert places(page) == pytest.approx([x, y, width, width * 0.75], abs=1)


def test_the_wheel_zooms_where_the_mouse_is_and_a_stroke_moves(look: Look) -> None:
    page = look()
    at, box = corner(page), stage(page)
    x, _, width, _ = places(page)
    part = (at[0] - box["x"] - x) / width
    page.mouse.move(*at)
    for _ in range(6):
        page.mouse.wheel(0, -100)
    zoomed(page, 4.5)
    near = places(page)
    assert (at[0] - box["x"] - near[0]) / near[2] == pytest.approx(part, abs=0.002)
    page.mouse.down()
    page.mouse.move(at[0] + 60, at[1] - 40, steps=4)
    page.mouse.up()
    moved = places(page)
    assert (moved[0] - near[0], moved[1] - near[1]) == pytest.approx((60, -40), abs=1.01)
    sharp(page)


def test_keys_zoom_move_and_leave_the_handle_its_arrows(look: Look) -> None:
    page = look()
    keyboard, handle = page.keyboard, page.get_by_role("slider", name="Original or One")
    keyboard.press("+")
    keyboard.press("+")
    expect(page.locator(".readout")).to_have_text("50%")
    before = places(page)
    keyboard.press("Shift+ArrowRight")
    assert places(page)[0] == pytest.approx(before[0] - 40, abs=1)
    keyboard.press("1")
    expect(button(page, "100%")).to_have_attribute("aria-pressed", "true")
    keyboard.press("0")
    expect(button(page, "Show the whole photo")).to_be_disabled()
    keyboard.press("1")
    keyboard.press("+")
    keyboard.press("+")
    expect(page.locator(".readout")).to_have_text("400%")
    handle.focus()
    keyboard.press("ArrowRight")
    expect(handle).to_have_attribute("aria-valuetext", "51% Original")
    shown(page, ["Original", "One"])
    keyboard.press("End")
    clip = page.locator("figure").nth(1).evaluate("figure => getComputedStyle(figure).clipPath")
    assert clip == "inset(0px 0px 0px 100%)"


def test_the_handle_is_under_the_mouse_from_end_to_end(look: Look) -> None:
    page = look()
    box, divider = stage(page), page.locator(".divider")
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 200)
    page.mouse.down()
    for part in (0.03, 0.31, 0.97):
        page.mouse.move(box["x"] + box["width"] * part, box["y"] + 220, steps=5)
        line = box_of(divider)
        assert line["x"] + 1 == pytest.approx(box["x"] + box["width"] * part, abs=1.5)
    page.mouse.up()


@pytest.mark.parametrize("which", ["tall", "wide"])
def test_a_strip_of_a_photo_uses_the_room_there_is(look: Look, which: str) -> None:
    page = look(which)
    button(page, "100%").click()
    _, _, width, height = places(page)
    assert sorted([width, height]) == pytest.approx([500, 7400], abs=1)
    box = stage(page)
    assert box["width"] > 500
    assert box["height"] > 500


def test_100_percent_of_a_small_photo_on_a_fine_screen(look: Look) -> None:
    """A pixel of the photo is one of the screen, which has four in one of CSS's. Closer is 200% and
    400%; the whole photo is larger than 100%."""
    page = look("small", mobile=True)
    percent = page.locator(".readout")
    button(page, "100%").click()
    assert places(page)[2:] == pytest.approx([150, 100], abs=0.1)
    expect(button(page, "Zoom out")).to_be_disabled()
    for told in ("200%", re.compile(r"2[34]\d%"), "400%", "800%"):
        button(page, "Zoom in").click()
        expect(percent).to_have_text(told)
    button(page, "Show the whole photo").click()
    page.locator(".stage").tap(position={"x": 60, "y": 150})
    expect(percent).to_have_text("400%")
    assert places(page)[2:] == pytest.approx([600, 400], abs=0.1)


def test_it_begins_at_a_place_and_goes_there_once(look: Look) -> None:
    page = look("placed")
    expect(button(page, "100%")).to_have_attribute("aria-pressed", "true")
    (x, y, *_), box = places(page), stage(page)
    assert (x + 3000, y + 1200) == pytest.approx((box["width"] / 2, box["height"] / 2), abs=1)
    button(page, "Show the whole photo").click()
    button(page, "Cutout").click()
    expect(page.locator(".st-key-wish_placed")).to_contain_text("Cutout")
    expect(button(page, "100%")).to_have_attribute("aria-pressed", "false")


def test_fingers_swipe_zoom_and_move_on_a_phone(look: Look) -> None:
    page = look(mobile=True)
    page.locator(".stage").scroll_into_view_if_needed()
    for name in ("Zoom out", "Zoom in", "100%", "Next edge", "Next model", "Two on the left"):
        size = box_of(button(page, name))
        assert min(size["width"], size["height"]) >= 44
    box = stage(page)
    x, y = box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.3
    stroke(page, (x, y), (-90, 0))
    shown(page, ["Original", "Two"])
    with fingers(page) as touch:
        touch("Start", [(x - 20, y)])
        touch("Start", [(x - 20, y), (x + 20, y)])
        for spread in (30, 40, 60):
            touch("Move", [(x - spread, y), (x + spread, y)])
        touch("End", [])
    zoomed(page, 3)
    before = places(page)
    stroke(page, (x - 40, y), (30, 0))
    assert places(page)[0] - before[0] == pytest.approx(30, abs=1.01)
    shown(page, ["Original", "Two"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def stroke(page: Page, start: Place, by: Place) -> None:
    with fingers(page) as touch:
        touch("Start", [start])
        for step in range(1, 6):
            touch("Move", [(start[0] + by[0] * step / 5, start[1] + by[1] * step / 5)])
        touch("End", [])
