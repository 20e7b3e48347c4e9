"""A matte retouched on the Prompt page, on a photo of twelve megapixels: seen in what is downloaded
and on the cards of Compare."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from photos.reading import open_photo
from photos.recipes.reading import recipe_in
from photos.recipes.strokes import StrokesFile
from tests.e2e.components.driver import Canvas, box_of, slide
from tests.e2e.test_prompting import PATIENT, TABLET, drawn_on, finished, go, picture

ONE = re.compile(r"^\S*\s*1 stroke$")
"""What the badge says, behind its icon."""

type Open = Callable[..., Page]
type Settle = Callable[[Page], None]


def downloaded(page: Page, label: str) -> bytes:
    with page.expect_download(timeout=PATIENT) as fetched:
        page.locator("button:visible").filter(has_text=label).first.click()
    return fetched.value.path().read_bytes()


def outline(page: Page, edge: str) -> list[float]:
    """The widths on the screen of the halo and of the line in it, once there is an outline."""
    layer = page.locator(edge)
    expect(layer.locator("path").last).to_have_attribute("d", re.compile("^M.*Z$"), timeout=PATIENT)
    widths: list[float] = layer.evaluate("""svg => {
        const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        const width = path => parseFloat(getComputedStyle(path).strokeWidth);
        return [...svg.children].map(path => width(path) * scale);
    }""")
    return widths


def below_the_tools(canvas: Canvas, what: Locator) -> float:
    """How far its top is below theirs, in pixels."""
    return box_of(what)["y"] - box_of(canvas.page.locator(".canvas > .bar").first)["y"]


@pytest.mark.parametrize("mobile", [False, True], ids=["mouse", "touch"])
def test_a_stroke_is_in_the_file_on_compare_and_undone(
    open_page: Open, settle: Settle, tiny_url: str, large_photo: Path, mobile: bool
) -> None:
    page = open_page(tiny_url, TABLET if mobile else None, mobile=mobile)
    canvas = drawn_on(page, settle, large_photo)
    canvas.stage.scroll_into_view_if_needed()
    drag = slide if mobile else Canvas.drag
    drag(canvas, (400, 300), (3000, 2700))
    finished(page, settle)
    before = picture(page, "U²-Net-P")

    below = below_the_tools(canvas, canvas.stage)
    result = page.get_by_alt_text("Cutout by U²-Net-P")
    canvas.tool("Brush")
    canvas.tool("Erase")
    assert below_the_tools(canvas, canvas.stage) == below
    at = below_the_tools(canvas, result)
    canvas.page.get_by_label("Keep to edges").uncheck()
    canvas.stage.scroll_into_view_if_needed()
    drag(canvas, (900, 1500), (2500, 1500))
    painted = picture(page, "U²-Net-P", other_than=before)
    settle(page)
    expect(page.get_by_text("Retouched by hand: 1 stroke.")).to_be_visible(timeout=PATIENT)
    expect(page.get_by_text(ONE)).to_be_visible()
    assert below_the_tools(canvas, result) == at
    file = downloaded(page, "Download U²-Net-P")
    alpha = np.array(Image.open(io.BytesIO(file)))[..., 3]
    assert not alpha[1490:1510, 1000:2400].any()
    (stroke,) = recipe_in(open_photo(file, "result.png")).strokes
    assert (stroke.mode, stroke.aware) == ("erase", False)
    assert StrokesFile.read(downloaded(page, "Strokes"), "a.json").strokes == (stroke,)

    canvas.tool("Undo")
    assert picture(page, "U²-Net-P", other_than=painted) == before
    expect(page.locator("[data-box]")).to_have_count(1)
    canvas.tool("Redo")
    picture(page, "U²-Net-P", other_than=before)
    settle(page)
    go(page, settle, "Compare")
    expect(page.get_by_text("Retouched by hand: 1 stroke.").first).to_be_visible(timeout=PATIENT)
    go(page, settle, "Prompt")
    expect(page.get_by_text(ONE)).to_be_visible(timeout=PATIENT)
    canvas.tool("Undo")
    expect(page.get_by_text(ONE)).to_have_count(0, timeout=PATIENT)


def test_close_by_the_photos_own_pixels_are_shown(
    open_page: Open, settle: Settle, tiny_url: str, large_photo: Path
) -> None:
    page = open_page(tiny_url)
    canvas = drawn_on(page, settle, large_photo)
    canvas.drag((400, 300), (3000, 2700))
    finished(page, settle)
    canvas.tool("Brush")
    assert outline(page, ".matte + .edge") == pytest.approx((3, 1), rel=0.01)
    for _ in range(3):
        canvas.tool("Zoom in")
    assert outline(page, ".matte + .edge") == pytest.approx((3, 1), rel=0.01)
    part = page.locator(".close img")
    expect(part).to_be_visible(timeout=PATIENT)
    for edge in (".matte + .edge", ".close .edge"):
        assert outline(page, edge) == pytest.approx((3, 1), rel=0.01)
    shown = part.evaluate("image => [image.naturalWidth, image.getBoundingClientRect().width]")
    own = shown[1] / box_of(canvas.stage)["width"] * canvas.size[0]
    assert shown[0] == pytest.approx(own, rel=0.01)
    canvas.tool("Show the whole photo")
    expect(part).to_be_hidden(timeout=PATIENT)

    page.set_viewport_size({"width": 720, "height": 450})  # a laptop's window at 200 %
    for what in (canvas.stage, canvas.button("Erase"), page.get_by_label("Size", exact=True)):
        expect(what).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1440, "height": 700})
    canvas.tool("Move")
    canvas.tool("Brush")
    bar = page.locator(".canvas > .brush")
    expect(bar).to_be_in_viewport(ratio=1)
    photo = box_of(canvas.stage)
    assert photo["y"] + photo["height"] <= box_of(bar)["y"]
