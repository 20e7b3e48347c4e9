from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.components.driver import Canvas, box_of


@pytest.fixture
def frame(canvas: Canvas) -> Locator:
    frame = canvas.page.locator(".st-key-slider .frame")
    frame.scroll_into_view_if_needed()
    return frame


def part_of(frame: Locator) -> float:
    """How much of the frame lies left of the divider."""
    divider, whole = box_of(frame.locator(".divider")), box_of(frame)
    return (divider["x"] + divider["width"] / 2 - whole["x"]) / whole["width"]


def test_the_divider_is_under_the_mouse_from_end_to_end(frame: Locator) -> None:
    whole = box_of(frame)
    mouse = frame.page.mouse
    mouse.move(whole["x"] + whole["width"] / 2, whole["y"] + 200)
    mouse.down()
    for part in (0.03, 0.31, 0.5, 0.97):
        mouse.move(whole["x"] + whole["width"] * part, whole["y"] + 220, steps=5)
        assert part_of(frame) == pytest.approx(part, abs=1.5 / whole["width"])
    mouse.up()


def test_keys_move_it_and_reach_both_ends(frame: Locator) -> None:
    slider = frame.get_by_role("slider", name="Photo or Cut-out")
    slider.focus()
    frame.page.keyboard.press("ArrowRight")
    assert part_of(frame) == pytest.approx(0.51, abs=0.005)
    expect(slider).to_have_attribute("aria-valuetext", "51% Photo")
    frame.page.keyboard.press("Home")
    assert part_of(frame) == pytest.approx(0, abs=0.005)
    frame.page.keyboard.press("End")
    assert part_of(frame) == pytest.approx(1, abs=0.005)


def test_moving_it_runs_nothing_and_a_rerun_leaves_it_there(
    canvas: Canvas, frame: Locator, settle: Callable[[Page], None]
) -> None:
    frame.get_by_role("slider").focus()
    canvas.page.keyboard.press("PageUp")
    settle(canvas.page)
    assert canvas.answer()["runs"] == 1
    canvas.page.get_by_text("Matte", exact=True).click()
    settle(canvas.page)
    assert canvas.answer()["runs"] == 2
    assert part_of(frame) == pytest.approx(0.6, abs=0.005)


def test_it_fits_its_column_and_its_height(frame: Locator) -> None:
    page = frame.page
    assert box_of(frame)["width"] == pytest.approx(500, abs=0.5)
    small = box_of(page.locator(".st-key-small .frame"))
    assert (small["width"], small["height"]) == pytest.approx((200, 150), abs=0.5)
    for image in frame.locator("img").all():
        expect(image).to_have_js_property("naturalWidth", 1600)


def test_each_label_is_cut_off_with_its_picture(frame: Locator) -> None:
    frame.get_by_role("slider").focus()
    frame.page.keyboard.press("End")
    for figure, label in ((".before", "Photo"), (".after", "Cut-out")):
        expect(frame.locator(figure).locator("figcaption")).to_have_text(label)
    clip = frame.locator(".after").evaluate("element => getComputedStyle(element).clipPath")
    assert clip == "inset(0px 0px 0px 100%)"


def test_a_finger_moves_it_on_a_phone(open_canvas: Callable[..., Canvas]) -> None:
    page = open_canvas(mobile=True).page
    frame = page.locator(".st-key-slider .frame")
    frame.scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    whole = box_of(frame)
    page.touchscreen.tap(whole["x"] + whole["width"] * 0.2, whole["y"] + 60)
    assert part_of(frame) == pytest.approx(0.2, abs=0.01)


def test_it_begins_at_a_place_and_goes_there_once(
    canvas: Canvas, settle: Callable[[Page], None]
) -> None:
    page = canvas.page
    frame = page.locator(".st-key-placed .frame")
    frame.scroll_into_view_if_needed()
    actual = page.locator(".st-key-placed").get_by_role("button", name="100%")
    expect(actual).to_have_attribute("aria-pressed", "true")
    whole, image = box_of(frame), box_of(frame.locator(".after img"))
    assert image["width"] == pytest.approx(4000, abs=1)
    middle = whole["x"] + whole["width"] / 2, whole["y"] + whole["height"] / 2
    place = image["x"] + 3000, image["y"] + 1200
    assert place == pytest.approx(middle, abs=1)
    page.locator(".st-key-placed").get_by_role("button", name="Show the whole photo").click()
    page.get_by_role("button", name="Other photo").click()
    settle(page)
    expect(actual).to_have_attribute("aria-pressed", "false")
