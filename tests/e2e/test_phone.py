"""The page on a phone, upright and turned."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.components.driver import fingers
from tests.e2e.conftest import PHONE

APP = Path(__file__).parents[2] / "app.py"
TURNED = (844, 390)
PATIENT = 60_000
ON_TOP = """element => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


@pytest.mark.parametrize("size", [None, TURNED])
def test_all_pages_are_in_sight_and_a_tap_away(
    open_page: Callable[..., Page],
    settle: Callable[[Page], None],
    serve: Callable[..., str],
    size: tuple[int, int] | None,
) -> None:
    page = open_page(serve(APP), size, mobile=True)
    for name, path in {
        "Prompt": "prompt",
        "Best": "best",
        "Models": "models",
        "Compare": "",
    }.items():
        tab = page.get_by_role("link", name=name, exact=True)
        expect(tab).to_be_in_viewport(ratio=1)
        tab.tap()
        settle(page)
        expect(page).to_have_url(re.compile(f"/{path}$"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.fixture
def phone(
    open_page: Callable[..., Page], settle: Callable[[Page], None], serve: Callable[..., str]
) -> Callable[..., Page]:
    """phone(size=None) -> the page of a phone on which two models have run."""

    def opened(size: tuple[int, int] | None = None) -> Page:
        page = open_page(serve(APP), size, mobile=True)
        page.get_by_role("button", name="Portrait", exact=True).tap()
        settle(page)
        page.get_by_role("button", name="Run 2 models").tap()
        expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
        settle(page)
        return page

    return opened


def test_the_result_stays_in_sight_while_a_slider_of_the_sheet_moves(
    phone: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = phone()
    result = page.get_by_role("img", name="Overlay by U²-Net-P")
    expect(result).to_be_in_viewport(ratio=1)
    original = page.get_by_role("img", name="Original of").bounding_box()
    first = result.bounding_box()
    assert original
    assert first
    assert original["y"] > first["y"]

    page.get_by_role("radio", name="Blur", exact=True).tap()
    settle(page)
    result = page.get_by_role("img", name="Blur by U²-Net-P")
    before, place = result.get_attribute("src"), result.bounding_box()
    slider = page.locator(".st-key-sheet").get_by_role("slider", name="Blur strength")
    for _ in range(9):
        slider.press("ArrowRight")
    settle(page)
    expect(result).not_to_have_attribute("src", before or "")
    expect(result).to_be_in_viewport(ratio=1)
    assert result.bounding_box() == place
    for panel, controls in (("Edges", ".st-key-feather"), ("Portrait", ".over .photo")):
        page.locator(".st-key-sheet").get_by_role("radio", name=panel, exact=True).tap()
        settle(page)
        expect(page.locator(controls)).to_be_in_viewport(ratio=0.5)
        expect(result).to_be_in_viewport(ratio=1)
        assert result.bounding_box() == place
        expect(page.locator(".st-key-kernel")).to_be_in_viewport(ratio=0.9)
        for name in ("Blur", "Natural", "Portrait"):
            choice = page.get_by_role("radio", name=name, exact=True)
            expect(choice).to_be_in_viewport(ratio=1)
        assert height_of(page, "stBottom") <= PHONE[1] / 2 - 44  # what is left below the header


def height_of(page: Page, part: str) -> float:
    box = page.get_by_test_id(part).bounding_box()
    assert box
    return box["height"]


def test_after_a_run_the_first_result_is_in_sight(
    phone: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = phone()
    page.get_by_role("img", name="Original of").scroll_into_view_if_needed()
    page.locator(".stMain").evaluate("e => e.scrollTo(0, e.scrollHeight)")
    expect(page.get_by_role("img", name="Overlay by U²-Net-P")).not_to_be_in_viewport()
    page.get_by_role("button", name="Run again").tap()
    expect(page.locator(".st-key-head_U--Net-P")).to_be_in_viewport(timeout=PATIENT)
    settle(page)


def test_a_result_that_is_held_shows_the_original_until_it_is_let_go(
    phone: Callable[..., Page],
) -> None:
    page = phone()
    result, held = (
        page.get_by_role("img", name="Overlay by U²-Net-P"),
        page.locator(".held-original"),
    )
    place, original = result.bounding_box(), page.get_by_role("img", name="Original of")
    assert place
    with fingers(page) as touch:
        touch("Start", [(place["x"] + 60, place["y"] + 60)])
        expect(held).to_be_visible()
        assert held.bounding_box() == place
        photo = held.get_by_role("img", name="Original")
        assert photo.get_attribute("src") == original.evaluate("e => e.src")
        assert held.inner_text() == ""  # both lie place for place
        touch("End", [])
    expect(held).to_have_count(0)
    page.wait_for_timeout(400)
    expect(page.get_by_role("dialog")).to_have_count(0)
    result.tap(force=True)  # the button over it takes the tap
    cross = page.get_by_role("dialog").get_by_role("button", name="Close", exact=True)
    cross.tap(trial=True)  # nothing lies over it
    box = cross.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] - 12, box["y"] + box["height"] + 12)  # a finger is broad
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_on_its_side_a_phone_shows_the_photo_and_the_controls_at_once(
    phone: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = phone(TURNED)
    expect(page.get_by_role("img", name="Overlay by U²-Net-P")).to_be_in_viewport(ratio=1)
    matte = page.get_by_role("button", name="Add a matte from another tool")
    assert matte.locator("p").evaluate("e => e.scrollWidth <= e.clientWidth")
    for kind in ("Replace", "Blur"):
        page.get_by_role("radio", name=kind, exact=True).tap()
        settle(page)
        buttons = page.get_by_test_id("stBottom").locator("button:visible").all()
        assert len(buttons) > 3
        for button in buttons:
            expect(button).to_be_in_viewport(ratio=1)

    # All of the column scrolls by a finger on a panel, whose end the buttons below lie over.
    page.locator(".st-key-panel").get_by_role("radio", name="Frame").tap()
    settle(page)
    place = page.get_by_text("Show all of the").bounding_box()
    assert place
    with fingers(page) as touch:
        x, y = place["x"] + 5, place["y"] + 5
        touch("Start", [(x, y)])
        for step in range(1, 9):
            touch("Move", [(x, y - 20 * step)])
        touch("End", [])
    page.wait_for_function("document.querySelector('[data-testid=stBottom]').scrollTop > 100")
    for button in page.locator(".st-key-actions").get_by_role("button").all():
        assert button.evaluate(ON_TOP)


def test_on_its_side_a_phone_shows_the_photo_to_draw_on(
    phone: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    page = phone(TURNED)
    page.get_by_role("link", name="Prompt", exact=True).tap()
    settle(page)
    box = page.locator(".view").bounding_box()
    assert box is not None
    assert box["y"] < TURNED[1] / 2
    expect(page.locator(".stage")).to_be_in_viewport(ratio=1)  # all of the photo
    expect(page.get_by_role("button", name="Include")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [390, 360])
def test_no_segment_breaks_or_is_cut_off(
    phone: Callable[..., Page], settle: Callable[[Page], None], width: int
) -> None:
    page = phone((width, 800))
    page.get_by_role("radio", name="Replace", exact=True).tap()
    settle(page)
    for key in ("kind", "fill"):
        segments = page.locator(f".st-key-{key}").get_by_role("radio")
        expect(segments).to_have_count(5)
        tops = set()
        for segment in segments.all():
            expect(segment).to_be_in_viewport(ratio=1)
            assert segment.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
            tops.add(segment.evaluate("e => e.getBoundingClientRect().top"))
        assert len(tops) == 1


def test_many_photos_scroll_and_the_panel_of_the_chosen_background_is_in_sight(
    open_page: Callable[..., Page],
    settle: Callable[[Page], None],
    serve: Callable[..., str],
    tmp_path: Path,
) -> None:
    page = open_page(serve(APP), mobile=True)
    paths = [tmp_path / f"{number} of a shop's photos.png" for number in range(7)]
    for number, path in enumerate(paths):
        Image.new("RGB", (90, 60), (30 * number, 90, 160)).save(path)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(paths)
    picks, strip = page.locator(".pick"), page.locator(".strip")
    expect(picks).to_have_count(7, timeout=PATIENT)
    settle(page)
    for number in range(4):
        expect(picks.nth(number)).to_be_in_viewport(ratio=1)
    expect(picks.nth(4)).to_be_in_viewport(ratio=0.2)
    expect(picks.nth(4)).not_to_be_in_viewport(ratio=0.9)  # the hint that there are more
    expect(strip).to_have_attribute("data-behind", "")
    expect(strip).not_to_have_attribute("data-before", "")
    picks.nth(3).tap()
    settle(page)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        settle(page)
    expect(picks.nth(6)).to_have_attribute("aria-current", "true")
    expect(picks.nth(6)).to_be_in_viewport(ratio=1)
    expect(picks.nth(5)).to_be_in_viewport(ratio=1)
    expect(strip).not_to_have_attribute("data-behind", "")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("button", name="Run all 7 photos", exact=True).tap()
    expect(page.get_by_role("progressbar")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Cancel")).to_be_in_viewport(ratio=1)
    assert height_of(page, "stBottom") <= 96
    expect(page.get_by_role("button", name="ZIP")).to_be_visible(timeout=PATIENT)
    expect(page.get_by_role("button", name="Run all 7 photos again", exact=True)).to_be_visible()
    settle(page)
    for width in (390, 360, 320):
        page.set_viewport_size({"width": width, "height": 844})
        buttons = page.get_by_test_id("stBottom").locator("button:visible").all()
        assert len(buttons) > 3
        for button in buttons:
            expect(button).to_be_in_viewport(ratio=1)
        assert height_of(page, "stBottom") <= 96
        expect(picks.nth(6)).to_be_in_viewport(ratio=1)  # however narrow the strip becomes
    for name in ("Prompt", "Compare"):
        page.get_by_role("link", name=name, exact=True).tap()
        settle(page)
        page.set_viewport_size({"width": TURNED[0], "height": TURNED[1]})
        for number in (6, 5, 4):  # of which one is at the edge
            expect(picks.nth(number)).to_be_in_viewport(ratio=0.5)
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})

    page.get_by_role("radio", name="Replace", exact=True).tap()
    settle(page)
    fill = page.locator(".st-key-fill")
    for name, shown in (
        ("Picture", page.locator(".st-key-backdrop button").first),
        ("Words", page.get_by_role("textbox", name="What is behind the subject")),
    ):
        fill.get_by_role("radio", name=name).tap()
        settle(page)
        expect(shown).to_be_in_viewport(ratio=1)
