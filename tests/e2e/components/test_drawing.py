"""Boxes and points on a photo of 12 megapixels, by mouse."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.components.driver import Canvas, Place, box_of, zoomed

DIAGONALS = [
    ((1711, 1203), (2291, 1807)),
    ((2291, 1203), (1711, 1807)),
    ((1711, 1807), (2291, 1203)),
    ((2291, 1807), (1711, 1203)),
]


def zoom_to_the_middle(canvas: Canvas, zoom: int) -> None:
    for _ in range(zoom.bit_length() - 1):
        canvas.tool("Zoom in")


def photo_place(canvas: Canvas, screen: Place, zoom: int) -> Place:
    """Where a place of the screen is on the photo, told from the window around it alone."""
    view = box_of(canvas.page.locator(".view"))
    x = (screen[0] - view["x"]) / view["width"]
    y = (screen[1] - view["y"]) / view["height"]
    return (
        (0.5 + (x - 0.5) / zoom) * canvas.size[0],
        (0.5 + (y - 0.5) / zoom) * canvas.size[1],
    )


def pixel_under(canvas: Canvas, screen: Place, zoom: int) -> Any:
    """The pixel x <= place < x + 1, forgiving what floats add."""
    x, y = photo_place(canvas, screen, zoom)
    return pytest.approx([x - 0.5, y - 0.5], abs=0.51)


@pytest.mark.parametrize("zoom", [1, 4])
def test_a_box_is_exact_in_every_direction(canvas: Canvas, zoom: int) -> None:
    zoom_to_the_middle(canvas, zoom)
    for start, end in DIAGONALS:
        (ax, ay), (bx, by) = (
            photo_place(canvas, screen, zoom) for screen in canvas.drag(start, end)
        )
        (box,) = canvas.boxes(1)
        expected = [min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)]
        assert box == pytest.approx(expected, abs=0.51)
        canvas.tool("Clear all")
        canvas.boxes(0)


@pytest.mark.parametrize("zoom", [1, 4])
def test_points_are_exact_and_none_of_many_quick_ones_is_lost(canvas: Canvas, zoom: int) -> None:
    canvas.tool("Include")
    zoom_to_the_middle(canvas, zoom)
    places = [(1650 + 170 * column, 1300 + 190 * row) for row in range(3) for column in range(4)]
    screen = [canvas.on_screen(place) for place in places]
    for place in screen:
        canvas.page.mouse.click(*place)
    points = canvas.points(12)
    for (x, y, include), place in zip(points, screen, strict=True):
        assert include
        assert [x, y] == pixel_under(canvas, place, zoom)


def test_what_is_drawn_lies_where_it_was_drawn(
    canvas: Canvas, settle: Callable[[Page], None]
) -> None:
    (ax, ay), (bx, by) = canvas.drag((1203, 811), (3107, 2209))
    canvas.boxes(1)
    settle(canvas.page)
    drawn = canvas.page.locator("[data-box='0']").evaluate(
        "box => { const { left, top, right, bottom } = box.getBoundingClientRect();"
        " return [left, top, right, bottom]; }"
    )
    assert drawn == pytest.approx([ax, ay, bx, by], abs=1.2)


def test_a_box_beyond_the_photo_ends_at_its_border(canvas: Canvas) -> None:
    frame = box_of(canvas.stage)
    mouse = canvas.page.mouse
    mouse.move(*canvas.on_screen((2000, 1500)))
    mouse.down()
    mouse.move(frame["x"] - 40, frame["y"] - 40, steps=3)
    mouse.move(frame["x"] + frame["width"] + 40, frame["y"] + frame["height"] + 40, steps=3)
    mouse.up()
    mouse.move(*canvas.on_screen((1800, 1300)))
    mouse.down()
    mouse.move(frame["x"] - 40, frame["y"] - 40, steps=3)
    mouse.up()
    first, second = canvas.boxes(2)
    assert first[2:] == [4000, 3000]
    assert second[:2] == [0, 0]


def test_a_click_with_the_box_tool_draws_nothing(
    canvas: Canvas, settle: Callable[[Page], None]
) -> None:
    canvas.click((2000, 1500))
    settle(canvas.page)
    assert canvas.answer()["boxes"] == []
    assert canvas.answer()["runs"] == 1


def test_right_and_shift_clicks_exclude(canvas: Canvas) -> None:
    canvas.click((1000, 1000), button="right")
    canvas.page.keyboard.down("Shift")
    canvas.click((3000, 1000))
    canvas.page.keyboard.up("Shift")
    canvas.tool("Exclude")
    canvas.click((2000, 2000))
    assert [include for *_, include in canvas.points(3)] == [False] * 3
    expect(canvas.page.locator(".dot.exclude")).to_have_count(3)


def test_a_corner_is_dragged_and_the_opposite_one_stays(canvas: Canvas) -> None:
    canvas.drag((800, 600), (1600, 1500))
    (before,) = canvas.boxes(1)
    _, end = canvas.drag((1600, 600), (3000, 300))
    right, top = photo_place(canvas, end, 1)
    canvas.wait_for("boxes", [[before[0], round(top), round(right), before[3]]])


def test_a_double_click_leaves_one_point_and_its_chip_removes_it(
    canvas: Canvas, settle: Callable[[Page], None]
) -> None:
    canvas.tool("Include")
    canvas.page.mouse.dblclick(*canvas.on_screen((2000, 1500)))
    canvas.points(1)
    settle(canvas.page)
    canvas.page.get_by_role("button", name="Remove Include").click()
    canvas.points(0)


def test_a_point_is_moved(canvas: Canvas) -> None:
    canvas.tool("Include")
    canvas.click((1000, 1000))
    canvas.points(1)
    _, end = canvas.drag((1000, 1000), (2600, 1700))
    canvas.wait_for("runs", 3)
    ((*point, _),) = canvas.points(1)
    assert point == pixel_under(canvas, end, 1)


def test_undo_redo_clear_and_removing_one(canvas: Canvas) -> None:
    for left in (400, 1500, 2600):
        canvas.drag((left, 900), (left + 800, 2000))
    first, second, third = canvas.boxes(3)

    canvas.page.get_by_role("button", name="Remove Box 2").click()
    canvas.wait_for("boxes", [first, third])
    canvas.tool("Undo")
    canvas.wait_for("boxes", [first, second, third])
    canvas.tool("Clear all")
    canvas.wait_for("boxes", [])
    expect(canvas.page.get_by_role("button", name="Clear all")).to_be_disabled()
    canvas.tool("Undo")
    canvas.tool("Undo")
    canvas.wait_for("boxes", [first, second])
    canvas.tool("Redo")
    canvas.wait_for("boxes", [first, second, third])
    canvas.tool("Undo")
    canvas.drag((2600, 300), (3400, 800))
    expect(canvas.page.get_by_role("button", name="Redo")).to_be_disabled()


def test_the_wheel_zooms_where_the_mouse_is(canvas: Canvas) -> None:
    target = (3000, 700)
    before = canvas.on_screen(target)
    canvas.page.mouse.move(*before)
    whole = canvas.page.locator(".readout").inner_text()
    for _ in range(6):
        canvas.page.mouse.wheel(0, -100)
    expect(canvas.page.locator(".readout")).not_to_have_text(whole)
    assert canvas.on_screen(target) == pytest.approx(before, abs=1.01)
    canvas.tool("Show the whole photo")
    assert box_of(canvas.stage) == pytest.approx(box_of(canvas.page.locator(".view")), abs=0.1)


def test_where_the_whole_photo_is_in_view_turning_back_scrolls_the_page(canvas: Canvas) -> None:
    canvas.page.mouse.move(*canvas.on_screen((2000, 1500)))
    before = box_of(canvas.stage)
    canvas.page.mouse.wheel(0, 300)
    expect(canvas.button("Show the whole photo")).to_be_disabled()
    canvas.page.wait_for_timeout(300)
    assert box_of(canvas.stage)["y"] < before["y"]


def test_a_photo_zoomed_in_is_moved_and_keeps_its_zoom_in_a_narrower_window(
    canvas: Canvas,
) -> None:
    zoom_to_the_middle(canvas, 4)
    canvas.tool("Move")
    start, end = canvas.drag((1900, 1400), (2100, 1600))
    moved = canvas.on_screen((1900, 1400))
    assert moved == pytest.approx(end, abs=1.01)
    assert start != end
    canvas.page.set_viewport_size({"width": 700, "height": 900})
    zoomed(canvas.page, 4)
    view, stage = box_of(canvas.page.locator(".view")), box_of(canvas.stage)
    assert stage["width"] == pytest.approx(4 * view["width"], abs=0.5)


def test_strokes_made_while_the_script_runs_are_all_kept(
    canvas: Canvas, settle: Callable[[Page], None]
) -> None:
    canvas.page.get_by_text("Slow", exact=True).click()
    settle(canvas.page)
    for left in (400, 1500, 2600):
        canvas.drag((left, 900), (left + 800, 2000))
        canvas.page.wait_for_timeout(250)
    canvas.boxes(3)
    settle(canvas.page)
    assert len(canvas.answer()["boxes"]) == 3
    expect(canvas.page.locator("[data-box]")).to_have_count(3)
