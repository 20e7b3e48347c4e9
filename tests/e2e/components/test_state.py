"""What the canvas keeps when the page around it changes, and the objects that it offers."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.components.driver import Canvas, zoomed

PICKS = {
    (1250, 750): ["ring 1"],  # in the band of the ring, whose box is smaller than the cup's
    (700, 700): ["cup 1"],
    (200, 1400): ["spoon 1"],  # in the cup's box too
}


def switch(canvas: Canvas, name: str, settle: Callable[[Page], None]) -> None:
    canvas.page.get_by_text(name, exact=True).click()
    settle(canvas.page)


def draw_one(canvas: Canvas) -> list[list[int]]:
    canvas.drag((800, 600), (1600, 1500))
    return canvas.boxes(1)


def test_what_is_drawn_survives_another_page(
    canvas: Canvas, settle: Callable[[Page], None]
) -> None:
    boxes = draw_one(canvas)
    switch(canvas, "Elsewhere", settle)
    expect(canvas.stage).to_have_count(0)
    switch(canvas, "Elsewhere", settle)
    expect(canvas.page.locator("[data-box]")).to_have_count(1)
    assert canvas.answer()["boxes"] == boxes
    canvas.drag((2400, 600), (3200, 1500))
    expect(canvas.page.locator("[data-box]")).to_have_count(2)
    settle(canvas.page)
    assert canvas.answer()["boxes"][0] == boxes[0]
    canvas.tool("Undo")
    canvas.tool("Undo")
    canvas.boxes(0)


def test_each_photo_has_its_own(canvas: Canvas, settle: Callable[[Page], None]) -> None:
    boxes = draw_one(canvas)
    switch(canvas, "Other photo", settle)
    expect(canvas.page.locator("[data-box]")).to_have_count(0)
    assert canvas.answer()["boxes"] == []
    switch(canvas, "Other photo", settle)
    expect(canvas.page.locator("[data-box]")).to_have_count(1)
    assert canvas.answer()["boxes"] == boxes
    canvas.tool("Undo")
    canvas.boxes(0)
    canvas.tool("Redo")
    canvas.boxes(1)


def test_a_page_that_was_loaded_anew_takes_the_last_mark_back_first(
    canvas: Canvas, settle: Callable[[Page], None]
) -> None:
    """What the app has of the photo; the browser that drew it has gone."""
    switch(canvas, "Prompted", settle)
    canvas.boxes(1)
    canvas.points(1)
    canvas.tool("Undo")
    canvas.points(0)
    canvas.boxes(1)
    canvas.tool("Undo")
    canvas.boxes(0)
    expect(canvas.page.get_by_role("button", name="Undo")).to_be_disabled()


def test_a_reset_forgets_all(canvas: Canvas, settle: Callable[[Page], None]) -> None:
    draw_one(canvas)
    switch(canvas, "Reset", settle)
    expect(canvas.page.locator("[data-box]")).to_have_count(0)
    expect(canvas.page.get_by_role("button", name="Undo")).to_be_disabled()
    assert canvas.answer()["boxes"] == []


def test_a_matte_comes_and_goes_without_losing_anything(
    canvas: Canvas, settle: Callable[[Page], None]
) -> None:
    boxes = draw_one(canvas)
    canvas.tool("Zoom in")
    matte = canvas.page.locator(".matte")
    expect(matte).to_be_hidden()
    switch(canvas, "Matte", settle)
    expect(matte).to_be_visible()
    assert "data:image/png" in matte.evaluate("element => getComputedStyle(element).maskImage")
    zoomed(canvas.page, 2)
    assert canvas.answer()["boxes"] == boxes
    switch(canvas, "Matte", settle)
    expect(matte).to_be_hidden()
    canvas.tool("Undo")
    canvas.wait_for("boxes", [])


def test_a_click_picks_by_outline_or_by_the_smallest_box(
    canvas: Canvas, settle: Callable[[Page], None]
) -> None:
    switch(canvas, "Objects", settle)
    canvas.tool("Pick")
    for place, expected in PICKS.items():
        canvas.click(place)
        canvas.wait_for("selected", expected)
        canvas.click(place)
        canvas.wait_for("selected", [])


def test_a_click_on_no_object_picks_nothing(canvas: Canvas, settle: Callable[[Page], None]) -> None:
    switch(canvas, "Objects", settle)
    runs = canvas.answer()["runs"]
    canvas.tool("Pick")
    canvas.click((2000, 1500))  # the hole of the ring, inside its box
    canvas.click((3500, 2800))
    settle(canvas.page)
    assert (canvas.answer()["selected"], canvas.answer()["runs"]) == ([], runs)


def test_several_objects_are_picked_and_left_out(
    canvas: Canvas, settle: Callable[[Page], None]
) -> None:
    expect(canvas.page.locator("[data-tool=pick]")).to_be_hidden()
    switch(canvas, "Objects", settle)
    canvas.tool("Pick")
    canvas.click((2800, 700))
    canvas.click((700, 700))
    canvas.wait_for("selected", ["ring 1", "cup 1"])
    expect(canvas.page.get_by_role("checkbox", name="Ring 1 90%")).to_be_checked()
    canvas.click((2800, 700))
    canvas.wait_for("selected", ["cup 1"])
    expect(canvas.page.get_by_role("checkbox", name="Ring 1 90%")).not_to_be_checked()
    assert canvas.answer()["boxes"] == []


def test_the_pick_tool_leaves_with_the_objects(
    canvas: Canvas, settle: Callable[[Page], None]
) -> None:
    switch(canvas, "Objects", settle)
    canvas.tool("Pick")
    switch(canvas, "Objects", settle)
    expect(canvas.page.get_by_role("button", name="Box", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
