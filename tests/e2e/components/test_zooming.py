"""The before/after widget's zoom: a photo of 4000 × 3000 in a frame of 500 pixels."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.components.driver import Canvas, Place, box_of, fingers

FULL_SIZE = ("naturalWidth", 4000)


@pytest.fixture
def frame(canvas: Canvas) -> Locator:
    return frame_on(canvas.page)


def frame_on(page: Page) -> Locator:
    frame = page.locator(".st-key-slider .frame")
    frame.scroll_into_view_if_needed()
    expect(frame.locator(".after img")).to_have_js_property("naturalWidth", 1600)
    return frame


def button(frame: Locator, name: str) -> Locator:
    return frame.page.locator(".st-key-slider").get_by_role("button", name=name, exact=True)


def pictures(frame: Locator) -> dict[str, float]:
    """Where both are; they are nowhere but in one place."""
    script = """frame => [...frame.querySelectorAll("img")].map(image => {
        const { x, y, width, height } = image.getBoundingClientRect();
        return { x, y, width, height };
    })"""
    before, after = frame.evaluate(script)
    assert before == after
    return dict(before)


def middle(frame: Locator) -> Place:
    box = box_of(frame)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(frame: Locator, start: Place, by: Place) -> None:
    mouse = frame.page.mouse
    mouse.move(*start)
    mouse.down()
    mouse.move(start[0] + by[0], start[1] + by[1], steps=4)
    mouse.up()


def test_full_size_pictures_come_once_and_nothing_jumps(
    canvas: Canvas, frame: Locator, settle: Callable[[Page], None]
) -> None:
    button(frame, "100%").click()
    at_once = pictures(frame)
    assert (at_once["width"], at_once["height"]) == pytest.approx((4000, 3000), abs=0.5)
    for side in (".before img", ".after img"):
        expect(frame.locator(side)).to_have_js_property(*FULL_SIZE)
    assert pictures(frame) == at_once
    expect(button(frame, "100%")).to_have_attribute("aria-pressed", "true")
    button(frame, "Zoom out").click()
    button(frame, "Show the whole photo").click()
    button(frame, "Zoom in").click()
    settle(canvas.page)
    assert canvas.answer()["runs"] == 2
    expect(frame.locator(".after img")).to_have_js_property(*FULL_SIZE)


def test_pictures_that_change_while_zoomed_come_at_full_size_too(
    canvas: Canvas, frame: Locator
) -> None:
    button(frame, "Zoom in").click()
    expect(frame.locator(".after img")).to_have_js_property(*FULL_SIZE)
    canvas.page.get_by_role("button", name="Other photo").click()
    expect(frame.locator(".after img")).to_have_js_property("naturalWidth", 1500)
    expect(button(frame, "Show the whole photo")).to_have_text("2×")


def test_a_double_click_goes_to_100_percent_at_its_place_and_back(frame: Locator) -> None:
    box = box_of(frame)
    x, y = round(box["x"] + 100), round(box["y"] + 300)
    frame.page.mouse.dblclick(x, y)
    near = pictures(frame)
    assert near["width"] == pytest.approx(4000, abs=0.5)
    assert near["x"] == pytest.approx(x - 8 * (x - box["x"]), abs=1)
    assert near["y"] == pytest.approx(y - 8 * (y - box["y"]), abs=1)
    expect(frame.locator(".before img")).to_have_js_property(*FULL_SIZE)
    frame.page.mouse.dblclick(box["x"] + 300, box["y"] + 100)
    assert pictures(frame) == pytest.approx(box, abs=0.1)


def test_zoomed_in_the_handle_stays_one_and_the_rest_moves_the_photo(frame: Locator) -> None:
    x, y = middle(frame)
    button(frame, "100%").click()
    expect(frame.locator(".before img")).to_have_js_property(*FULL_SIZE)
    before = pictures(frame)
    drag(frame, (x, y), (120, 0))
    divider = box_of(frame.locator(".divider"))["x"]
    assert divider == pytest.approx(x + 120 - 1, abs=1.5)
    assert pictures(frame) == before

    drag(frame, (x - 100, y), (60, -40))
    after = pictures(frame)
    moved = after["x"] - before["x"], after["y"] - before["y"]
    assert moved == pytest.approx((60, -40), abs=1.01)
    assert box_of(frame.locator(".divider"))["x"] == divider

    for _ in range(12):
        drag(frame, (x - 240, y), (450, 0))
    assert pictures(frame)["x"] == pytest.approx(box_of(frame)["x"], abs=0.1)


def test_keys_zoom_and_move_and_the_arrows_stay_the_handles(frame: Locator) -> None:
    keyboard, slider = frame.page.keyboard, frame.get_by_role("slider")
    slider.focus()
    keyboard.press("+")
    keyboard.press("+")
    expect(button(frame, "Show the whole photo")).to_have_text("4×")
    expect(frame.locator(".before img")).to_have_js_property(*FULL_SIZE)
    before = pictures(frame)
    keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "51% Photo")
    assert pictures(frame) == before
    keyboard.press("Shift+ArrowRight")
    assert pictures(frame)["x"] == pytest.approx(before["x"] - 40, abs=0.1)
    expect(slider).to_have_attribute("aria-valuetext", "51% Photo")
    keyboard.press("-")
    expect(button(frame, "Show the whole photo")).to_have_text("2×")
    keyboard.press("1")
    expect(button(frame, "Show the whole photo")).to_have_text("8×")
    keyboard.press("0")
    expect(button(frame, "Show the whole photo")).to_be_disabled()


def test_the_wheel_zooms_where_the_mouse_is(frame: Locator) -> None:
    box = box_of(frame)
    frame.page.mouse.move(box["x"] + 400, box["y"] + 75)
    frame.page.keyboard.down("Control")
    for _ in range(6):
        frame.page.mouse.wheel(0, -100)
    frame.page.keyboard.up("Control")
    expect(button(frame, "Show the whole photo")).to_have_text("4.5×")
    expect(frame.locator(".before img")).to_have_js_property(*FULL_SIZE)
    near = pictures(frame)
    assert (box["x"] + 400 - near["x"]) / near["width"] == pytest.approx(0.8, abs=0.001)
    assert (box["y"] + 75 - near["y"]) / near["height"] == pytest.approx(0.2, abs=0.001)


def test_fingers_zoom_and_move_on_a_phone(open_canvas: Callable[..., Canvas]) -> None:
    page = open_canvas(mobile=True).page
    frame = frame_on(page)
    for name in ("Zoom out", "Show the whole photo", "Zoom in", "100%"):
        size = box_of(button(frame, name))
        assert min(size["width"], size["height"]) >= 44
    x, y = middle(frame)
    with fingers(page) as touch:
        touch("Start", [(x - 20, y)])
        touch("Start", [(x - 20, y), (x + 20, y)])
        for spread in (30, 40, 60):
            touch("Move", [(x - spread, y), (x + spread, y)])
        touch("End", [])
    expect(button(frame, "Show the whole photo")).to_have_text("3×")
    button(frame, "Zoom in").tap()
    expect(button(frame, "Show the whole photo")).to_have_text("6×")
    expect(frame.locator(".before img")).to_have_js_property(*FULL_SIZE)
    before = pictures(frame)
    with fingers(page) as touch:
        touch("Start", [(x - 90, y)])
        for step in (10, 20, 30):
            touch("Move", [(x - 90 + step, y + step)])
        touch("End", [])
    after = pictures(frame)
    moved = after["x"] - before["x"], after["y"] - before["y"]
    assert moved == pytest.approx((30, 30), abs=1.01)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
