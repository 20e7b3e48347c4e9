"""The brush on a photo of 12 megapixels, by mouse, touch, pen and keys."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.components.driver import Canvas, fingers, slide, zoomed


@pytest.fixture
def brush(canvas: Canvas) -> Canvas:
    return taken(canvas)


def taken(canvas: Canvas) -> Canvas:
    """The brush in hand: there is one once there is a matte."""
    expect(canvas.button("Brush")).to_be_hidden()
    canvas.page.get_by_text("Matte", exact=True).click()
    canvas.tool("Brush")
    return canvas


def test_a_drag_is_a_stroke_in_the_photos_pixels(brush: Canvas) -> None:
    brush.drag((1200, 900), (2400, 1500))
    (stroke,) = brush.strokes(1)
    first, *_, last = stroke.pop("points")
    assert first == pytest.approx([1200, 900, 1], abs=3)
    assert last == pytest.approx([2400, 1500, 1], abs=3)
    assert stroke == {"mode": "restore", "size": 100, "hardness": 0.8, "opacity": 1, "aware": True}
    expect(brush.page.locator(".strokes")).to_have_text("1")


def test_settings_keys_and_alt(brush: Canvas) -> None:
    brush.tool("Erase")
    brush.page.get_by_label("Hardness").fill("20")
    brush.page.get_by_label("Opacity").fill("50")
    brush.drag((1200, 900), (1500, 900))
    brush.page.keyboard.press("]")
    brush.page.keyboard.press("r")
    brush.page.keyboard.down("Alt")
    brush.drag((1200, 1500), (1500, 1500))
    brush.page.keyboard.up("Alt")
    brush.page.keyboard.press("e")
    brush.page.keyboard.press("[")
    brush.drag((1200, 1800), (1500, 1800))
    found = [
        [each[name] for name in ("mode", "size", "hardness", "opacity", "aware")]
        for each in brush.strokes(3)
    ]
    assert found == [
        ["erase", 100, 0.2, 0.5, True],
        ["restore", 125, 0.2, 0.5, False],
        ["erase", 100, 0.2, 0.5, True],
    ]


def test_one_history_with_boxes_and_points(canvas: Canvas) -> None:
    canvas.drag((400, 400), (1400, 1400))
    canvas.boxes(1)
    taken(canvas)
    canvas.drag((1200, 900), (2400, 1500))
    canvas.strokes(1)
    canvas.tool("Undo")
    canvas.strokes(0)
    canvas.tool("Undo")
    canvas.boxes(0)
    canvas.tool("Redo")
    canvas.boxes(1)
    canvas.page.keyboard.press("Control+y")
    canvas.strokes(1)
    canvas.page.get_by_role("button", name="Clear strokes").click()
    canvas.strokes(0)
    canvas.boxes(1)
    canvas.tool("Undo")
    canvas.strokes(1)


def test_a_stroke_is_seen_at_once_and_until_its_matte_is_there(brush: Canvas) -> None:
    brush.page.get_by_text("Slow", exact=True).click()
    live = brush.page.locator(".live g g")
    brush.drag((1200, 900), (2400, 1500))
    expect(live).to_have_count(1)
    brush.strokes(1)
    expect(live).to_have_count(0)


def test_keys_alone(brush: Canvas) -> None:
    brush.stage.focus()
    keys = brush.page.keyboard
    keys.press("ArrowRight")
    keys.press("Space")
    for _ in range(4):
        keys.press("ArrowDown")
    keys.press("Escape")  # gives it up
    keys.press("ArrowLeft")
    keys.press("Space")
    for _ in range(4):
        keys.press("Shift+ArrowRight")
    keys.press("Space")
    (stroke,) = brush.strokes(1)
    (x0, y0, _), (x1, y1, _) = stroke["points"][0], stroke["points"][-1]
    assert (x1 - x0, y1) == (4, y0)


def test_the_space_bar_and_a_drag_move_a_zoomed_photo(brush: Canvas) -> None:
    brush.tool("Zoom in")
    brush.tool("Zoom in")
    zoomed(brush.page, 4)
    brush.stage.focus()
    before = brush.on_screen((2000, 1500))
    brush.page.keyboard.down("Space")
    brush.drag((2000, 1500), (2100, 1500))
    brush.page.keyboard.up("Space")
    assert brush.on_screen((2000, 1500))[0] > before[0] + 5
    assert brush.answer()["strokes"] == []
    brush.drag((2000, 1500), (2100, 1500))
    brush.strokes(1)


def test_one_finger_paints_and_two_zoom(open_canvas: Callable[..., Canvas]) -> None:
    canvas = taken(open_canvas(mobile=True))
    canvas.stage.scroll_into_view_if_needed()
    scrolled = canvas.page.evaluate("scrollY")
    slide(canvas, (1200, 900), (2400, 2500))
    (stroke,) = canvas.strokes(1)
    assert stroke["points"][-1][:2] == pytest.approx([2400, 2500], abs=12)
    assert canvas.page.evaluate("scrollY") == scrolled
    places = [canvas.on_screen((1500, 1500)), canvas.on_screen((2500, 1500))]
    with fingers(canvas.page) as touch:
        touch("Start", places[:1])
        touch("Start", places)
        (ax, ay), (bx, by) = places
        touch("Move", [(ax - 60, ay), (bx + 60, by)])
        touch("End", [])
    assert canvas.page.locator(".readout").inner_text() != "9%"
    assert len(canvas.answer()["strokes"]) == 1
    expect(canvas.page.locator(".live g g")).to_have_count(0)


PEN = """(stage, [from, to]) => {
    const send = (type, [x, y, pressure]) => stage.dispatchEvent(new PointerEvent(type, {
        pointerId: 1, pointerType: "pen", clientX: x, clientY: y, pressure, bubbles: true,
        button: 0, isPrimary: true,
    }));
    stage.setPointerCapture = () => {};
    send("pointerdown", from);
    send("pointermove", to);
    send("pointerup", [to[0], to[1], 0]);
}"""


def test_a_pens_pressure_is_the_brushs_size(brush: Canvas) -> None:
    places: list[Any] = [
        [*brush.on_screen((1200, 900)), 0.25],
        [*brush.on_screen((2400, 900)), 0.75],
    ]
    brush.stage.evaluate(PEN, places)
    (stroke,) = brush.strokes(1)
    assert [pressure for _, _, pressure in stroke["points"]] == [0.25, 0.75]
