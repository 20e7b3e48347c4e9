"""The canvas without a mouse, and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.components.driver import Canvas, Place, box_of, fingers, slide, zoomed


def press(canvas: Canvas, *keys: str) -> None:
    for key in keys:
        canvas.page.keyboard.press(key)


def test_a_box_and_points_by_keyboard(canvas: Canvas, settle: Callable[[Page], None]) -> None:
    pointers, keys = canvas.page.locator(".hint").all()
    expect(keys).to_be_hidden()
    place = box_of(canvas.page.locator(".hints"))
    canvas.stage.focus()
    expect(keys).to_be_visible()
    expect(keys).to_contain_text("Arrow keys")
    expect(pointers).to_be_hidden()
    assert box_of(canvas.page.locator(".hints")) == place
    press(canvas, "Shift+ArrowLeft", "Enter", *["Shift+ArrowRight"] * 3, "Shift+ArrowDown", "Enter")
    canvas.wait_for("boxes", [[1999, 1500, 2002, 1501]])
    press(canvas, "i", "Enter", "e", *["Shift+ArrowUp"] * 2, "Enter")
    canvas.wait_for("points", [[2002, 1501, True], [2002, 1499, False]])
    press(canvas, "Control+z")
    canvas.wait_for("points", [[2002, 1501, True]])
    press(canvas, "Control+Shift+z")
    canvas.wait_for("points", [[2002, 1501, True], [2002, 1499, False]])


def test_escape_gives_a_corner_up(canvas: Canvas, settle: Callable[[Page], None]) -> None:
    canvas.stage.focus()
    press(canvas, "Enter", "ArrowRight", "ArrowDown")
    expect(canvas.page.locator(".box")).to_have_count(1)
    press(canvas, "Escape")
    expect(canvas.page.locator(".box")).to_have_count(0)
    settle(canvas.page)
    assert canvas.answer()["boxes"] == []


def test_marks_are_reached_and_removed_by_keyboard(canvas: Canvas) -> None:
    canvas.drag((800, 600), (1600, 1500))
    canvas.page.get_by_role("button", name="Remove Box 1").focus()
    press(canvas, "Enter")
    canvas.wait_for("boxes", [])
    expect(canvas.stage).to_be_focused()
    press(canvas, "i")
    canvas.click((1000, 1000))
    canvas.page.locator("[data-act=point]").focus()
    press(canvas, "Delete")
    expect(canvas.page.locator(".dot")).to_have_count(0)


def test_a_mouse_leaves_the_keys_to_the_photo(canvas: Canvas) -> None:
    canvas.drag((400, 600), (1200, 1500))
    canvas.drag((2400, 600), (3200, 1500))
    canvas.page.get_by_role("button", name="Remove Box 1").click()
    canvas.boxes(1)
    expect(canvas.stage).to_be_focused()  # Enter on the other box's label would remove it


def test_objects_are_toggled_by_keyboard(canvas: Canvas, settle: Callable[[Page], None]) -> None:
    canvas.page.get_by_text("Objects", exact=True).click()
    settle(canvas.page)
    canvas.stage.focus()
    press(canvas, "p", "Tab", "Enter")
    canvas.wait_for("selected", ["ring 1"])
    settle(canvas.page)
    press(canvas, "Tab", " ")
    canvas.wait_for("selected", ["ring 1", "cup 1"])


def test_the_pages_own_shortcuts_stay_quiet(canvas: Canvas, settle: Callable[[Page], None]) -> None:
    canvas.stage.focus()
    press(canvas, "b", "i", "e", "m", "+", "-", "0")
    settle(canvas.page)
    assert canvas.answer()["runs"] == 1


@pytest.fixture
def phone(open_canvas: Callable[..., Canvas]) -> Canvas:
    return open_canvas(mobile=True)


def test_a_finger_draws_boxes_and_points(phone: Canvas, settle: Callable[[Page], None]) -> None:
    slide(phone, (3000, 2200), (1000, 400))
    expect(phone.page.locator("[data-box]")).to_have_count(1)
    phone.page.get_by_role("button", name="Include", exact=True).tap()
    phone.page.touchscreen.tap(*phone.on_screen((2000, 2600)))
    expect(phone.page.locator(".dot.include")).to_have_count(1)
    settle(phone.page)
    pixel = 4000 / box_of(phone.stage)["width"]  # of the screen, in the photo's
    (box,), (point,) = phone.answer()["boxes"], phone.answer()["points"]
    assert box == pytest.approx([1000, 400, 3000, 2200], abs=pixel)
    assert point[:2] == pytest.approx([2000, 2600], abs=pixel)
    phone.page.get_by_role("button", name="Remove Box 1").tap()
    phone.wait_for("boxes", [])


def test_two_fingers_zoom_where_they_are_and_draw_nothing(
    phone: Canvas, settle: Callable[[Page], None]
) -> None:
    x, y = phone.on_screen((2000, 1500))
    with fingers(phone.page) as touch:
        touch("Start", [(x - 20, y)])
        touch("Start", [(x - 20, y), (x + 20, y)])
        for spread in (30, 40, 50, 60):
            touch("Move", [(x - spread, y), (x + spread, y)])
        touch("End", [])
    zoomed(phone.page, 3)
    assert phone.on_screen((2000, 1500)) == pytest.approx((x, y), abs=1.01)
    settle(phone.page)
    assert phone.answer()["boxes"] == []


def test_a_swipe_scrolls_the_page_with_the_point_tools(
    phone: Canvas, settle: Callable[[Page], None]
) -> None:
    phone.page.get_by_role("button", name="Include", exact=True).tap()
    before = box_of(phone.stage)["y"]
    slide(phone, (2000, 2900), (2000, 400))
    phone.page.wait_for_timeout(300)
    assert box_of(phone.stage)["y"] < before - 50
    settle(phone.page)
    assert phone.answer()["points"] == []


@pytest.mark.parametrize("tool", ["Include", "Exclude"])
@pytest.mark.parametrize("end", [(2000, 700), (2000, 2300), (2800, 1500)])
def test_a_finger_moves_a_point_in_every_direction(
    phone: Canvas, settle: Callable[[Page], None], tool: str, end: Place
) -> None:
    phone.page.get_by_role("button", name=tool, exact=True).tap()
    phone.page.touchscreen.tap(*phone.on_screen((2000, 1500)))
    phone.points(1)
    frame = box_of(phone.stage)
    slide(phone, (2000, 1500), end)
    settle(phone.page)
    ((*point, _),) = phone.points(1)
    assert point == pytest.approx(end, abs=4000 / frame["width"])  # one pixel of the screen
    assert box_of(phone.stage) == frame


def test_a_swipe_from_a_point_scrolls_the_page_where_it_cannot_be_moved(phone: Canvas) -> None:
    phone.page.get_by_role("button", name="Include", exact=True).tap()
    phone.page.touchscreen.tap(*phone.on_screen((2000, 2600)))
    before = phone.points(1)
    phone.page.get_by_role("button", name="Move", exact=True).tap()
    top = box_of(phone.stage)["y"]
    slide(phone, (2000, 2600), (2000, 400))
    phone.page.wait_for_timeout(300)
    assert box_of(phone.stage)["y"] < top - 50
    assert phone.points(1) == before


def test_a_quick_stroke_on_a_corner_swallows_no_tap(phone: Canvas) -> None:
    slide(phone, (1000, 1000), (3000, 2500))
    phone.boxes(1)
    start, end = phone.on_screen((1000, 1000)), phone.on_screen((1000, 400))
    with fingers(phone.page) as touch:
        touch("Start", [start])
        touch("Move", [end])
        touch("End", [])
    include = phone.page.get_by_role("button", name="Include", exact=True)
    include.tap()
    expect(include).to_have_attribute("aria-pressed", "true")


def test_a_phone_has_room_for_every_finger(phone: Canvas, settle: Callable[[Page], None]) -> None:
    phone.page.get_by_text("Objects", exact=True).tap()
    phone.page.get_by_text("Matte", exact=True).tap()
    settle(phone.page)
    phone.button("Brush").tap()
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    canvas = box_of(phone.page.locator(".canvas"))
    for button in phone.page.locator(".canvas button").all():
        size = box_of(button)
        assert min(size["width"], size["height"]) >= 44
        assert size["x"] >= canvas["x"]
        assert size["x"] + size["width"] <= canvas["x"] + canvas["width"] + 0.1
        assert button.evaluate("element => element.scrollWidth <= element.clientWidth")


@pytest.mark.parametrize("dark", [False, True])
def test_the_tools_wear_the_pages_colours(open_canvas: Callable[..., Canvas], dark: bool) -> None:
    page = open_canvas(dark=dark).page
    style = (
        "element => [getComputedStyle(element).color, getComputedStyle(element).backgroundColor]"
    )
    tool = page.get_by_role("button", name="Include", exact=True).evaluate(style)
    app = page.get_by_test_id("stApp").evaluate(style)
    assert tool == app
    assert (sum(map(int, app[1].strip("rgb()").split(","))) < 384) == dark
