"""The Prompt page on a photo of twelve megapixels, by mouse and by touch, with models of each kind.

What is drawn is looked at after a visit to another page: the canvas is then what the server has.
"""

import math
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.components.driver import Canvas, Place, box_of, choose_model, slide

PATIENT = 120_000
TABLET = (820, 1180)
BOXES = [((400, 300), (1900, 2700)), ((3600, 2500), (2100, 500))]
POINT = (1000, 1500)

INSIDE = """shape => {
    const { x, y, width, height } = shape.getBBox();
    for (let i = 0; i < 400; i++) {
        const at = new DOMPoint(x + width * (i % 20 + 0.5) / 20, y + height * (i / 20 + 0.5) / 20);
        if (shape.isPointInFill(at)) return [at.x, at.y];
    }
}"""

SOON_AFTER = """(buttons) => buttons.forEach((button, nth) => {
    setTimeout(() => button.click(), 8 * nth);
})"""
"""The second before the page has been drawn for the first."""

type Open = Callable[..., Page]
type Settle = Callable[[Page], None]


def go(page: Page, settle: Settle, title: str) -> None:
    page.get_by_role("link", name=title).click()
    settle(page)


def drawn_on(page: Page, settle: Settle, photo: Path) -> Canvas:
    """A photo of 12 megapixels on the Prompt page."""
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(photo)
    expect(page.get_by_text("4000 × 3000, 12.0 MP")).to_be_visible(timeout=PATIENT)
    go(page, settle, "Prompt")
    return Canvas(page)


def choose(page: Page, settle: Settle, model: str) -> None:
    choose_model(page, model)
    settle(page)


def finished(page: Page, settle: Settle) -> None:
    """No model runs, and the page knows."""
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0, timeout=PATIENT)
    settle(page)


def picture(page: Page, model: str, other_than: str | None = None) -> str:
    """The address of the cutout by a model, once it's there and another than it was."""
    both = page.get_by_role("img", name=f"Cutout by {model}", exact=True)
    image = both.first  # for a moment the one before is there, too
    expect(image).to_be_visible(timeout=PATIENT)
    if other_than:
        expect(image).not_to_have_attribute("src", other_than, timeout=PATIENT)
    expect(both).to_have_count(1, timeout=PATIENT)
    return image.get_attribute("src") or ""


def pixel(canvas: Canvas, at: Place) -> Place:
    """Where on the photo the screen's pixel lies that is pressed for a place on it."""
    frame, (x, y) = box_of(canvas.stage), canvas.on_screen(at)
    width, height = canvas.size
    return (
        (x - frame["x"]) / frame["width"] * width,
        (y - frame["y"]) / frame["height"] * height,
    )


def expected_box(canvas: Canvas, ends: tuple[Place, Place]) -> list[int]:
    (ax, ay), (bx, by) = (pixel(canvas, end) for end in ends)
    sides = (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
    return [math.floor(side + 0.5) for side in sides]


def drawn_boxes(canvas: Canvas) -> list[list[int]]:
    script = "r => ['x', 'y', 'width', 'height'].map(name => Number(r.getAttribute(name)))"
    frames = [box.evaluate(script) for box in canvas.page.locator("[data-box]").all()]
    return [[x, y, x + width, y + height] for x, y, width, height in frames]


def press(canvas: Canvas, target: Locator | Place, mobile: bool) -> None:
    if isinstance(target, Locator):
        target.tap() if mobile else target.click()
    elif mobile:
        canvas.page.touchscreen.tap(*canvas.on_screen(target))
    else:
        canvas.click(target)


@pytest.mark.parametrize("mobile", [False, True], ids=["mouse", "touch"])
def test_boxes_and_points_are_exact_and_the_picture_follows(
    open_page: Open, settle: Settle, tiny_url: str, large_photo: Path, mobile: bool
) -> None:
    page = open_page(tiny_url, TABLET if mobile else None, mobile=mobile)
    canvas = drawn_on(page, settle, large_photo)
    canvas.stage.scroll_into_view_if_needed()
    boxes = []
    for number, ends in enumerate(BOXES, 1):
        boxes.append(expected_box(canvas, ends))
        slide(canvas, *ends) if mobile else canvas.drag(*ends)
        expect(page.locator("[data-box]")).to_have_count(number)
    expect(page.get_by_text("2 boxes", exact=True)).to_be_visible(timeout=PATIENT)
    finished(page, settle)
    both = picture(page, "U²-Net-P")
    press(canvas, page.get_by_role("button", name="Exclude", exact=True), mobile)
    canvas.stage.scroll_into_view_if_needed()
    x, y = map(math.floor, pixel(canvas, POINT))
    press(canvas, POINT, mobile)
    expect(page.get_by_text("1 exclude", exact=True)).to_be_visible(timeout=PATIENT)
    picture(page, "U²-Net-P", other_than=both)

    go(page, settle, "Compare")
    go(page, settle, "Prompt")
    expect(page.locator("[data-box]")).to_have_count(2)
    assert drawn_boxes(canvas) == boxes
    expect(page.get_by_role("button", name=f"Remove the exclude point at {x}, {y}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_same_boxes_for_sam_and_objects_picked_of_what_others_find(
    open_page: Open, settle: Settle, tiny_url: str, large_photo: Path
) -> None:
    page = open_page(tiny_url)
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(large_photo)
    expect(page.get_by_text("4000 × 3000, 12.0 MP")).to_be_visible(timeout=PATIENT)
    go(page, settle, "Prompt")
    choose(page, settle, "SAM (base)")
    canvas = Canvas(page)
    canvas.drag(*BOXES[0])
    expect(page.get_by_text("1 box", exact=True)).to_be_visible(timeout=PATIENT)
    page.get_by_role("button", name="Run SAM (base)").click()
    picture(page, "SAM (base)")

    choose(page, settle, "DETR")
    expect(page.locator("[data-box]")).to_have_count(0)  # it can't be told
    page.get_by_role("button", name="Run DETR").click()
    expect(page.get_by_text("Nothing found in this photo.")).to_be_visible(timeout=PATIENT)

    choose(page, settle, "RF-DETR")
    page.get_by_role("button", name="Run RF-DETR").click()
    finished(page, settle)
    everyone = picture(page, "RF-DETR")
    person = page.locator(".st-key-objects").get_by_role("button", name="person 1 99%")
    person.click()
    first = picture(page, "RF-DETR", other_than=everyone)
    finished(page, settle)
    person.click()
    assert picture(page, "RF-DETR", other_than=first) == everyone
    finished(page, settle)
    person.click()
    assert picture(page, "RF-DETR", other_than=everyone) == first
    finished(page, settle)
    pick_another(canvas)
    picture(page, "RF-DETR", other_than=first)
    finished(page, settle)
    chosen = page.locator(".st-key-objects button[kind=primary]:visible")
    expect(chosen).to_have_count(2)
    chosen.evaluate_all(SOON_AFTER)
    expect(chosen).to_have_count(0)

    choose(page, settle, "SAM 3")
    expect(page.locator("[data-box]")).to_have_count(1)
    page.get_by_role("button", name="Remove Box 1").click()
    words = page.get_by_role("textbox", name="Words")
    words.fill("dog, hair")
    words.press("Enter")
    settle(page)
    page.get_by_role("button", name="Run SAM 3").click()
    finished(page, settle)
    everything = picture(page, "SAM 3")
    expect(page.get_by_text(re.compile("^16 found"))).to_be_visible()
    canvas.tool("Pick")
    pick_another(canvas)
    picture(page, "SAM 3", other_than=everything)


def pick_another(canvas: Canvas) -> None:
    """Click on the photo, where an object is; of several the smallest is picked, or left out."""
    chosen = canvas.page.locator("[aria-checked=true]")
    before = chosen.count()
    shape = canvas.page.locator("[aria-checked=false] .shape").last
    canvas.click(tuple(shape.evaluate(INSIDE)))
    expect(chosen).not_to_have_count(before)
