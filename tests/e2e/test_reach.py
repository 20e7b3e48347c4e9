"""The page by keyboard alone, by what a screen reader reads out, and at twice the size of text."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

APP = Path(__file__).parents[2] / "app.py"
PATIENT = 60_000

type Open = Callable[..., Page]
type Settle = Callable[[Page], None]


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve(APP)


def go_to(target: Locator, *, back: bool = False, most: int = 250) -> None:
    """Press Tab until this has the focus."""
    for _ in range(most):
        if target.evaluate("e => e.getRootNode().activeElement === e"):
            return
        target.page.keyboard.press("Shift+Tab" if back else "Tab")
    pytest.fail(f"Tab doesn't reach {target}.")


def test_a_person_draws_compares_and_downloads_by_keyboard_alone(
    open_page: Open, settle: Settle, url: str
) -> None:
    page = open_page(url)
    press = page.keyboard.press
    go_to(page.get_by_role("link", name="Skip to main content"))
    press("Enter")
    go_to(page.get_by_role("button", name="Portrait", exact=True))
    press("Enter")
    expect(page.get_by_role("heading", name="portrait", level=1)).to_be_focused(timeout=PATIENT)
    settle(page)
    tab = page.get_by_role("link", name="Prompt", exact=True)
    ground = tab.evaluate("e => getComputedStyle(e).backgroundColor")
    go_to(tab, back=True)
    expect(tab).to_have_css("outline-style", "solid")
    expect(tab).to_have_css("background-color", ground)  # which the open page's alone has
    press("Enter")
    stage = page.locator(".stage")
    expect(stage).to_be_visible(timeout=PATIENT)
    settle(page)

    go_to(stage)
    for key, times in (("ArrowLeft", 16), ("ArrowUp", 18), ("Enter", 1)):
        for _ in range(times):
            press(key)
    for key, times in (("ArrowRight", 32), ("ArrowDown", 36), ("Enter", 1)):
        for _ in range(times):
            press(key)
    expect(page.get_by_text("1 box")).to_be_visible(timeout=PATIENT)
    expect(page.get_by_role("img", name="Cutout by U²-Net-P")).to_be_visible(timeout=PATIENT)
    settle(page)

    go_to(page.get_by_role("link", name="Compare", exact=True), back=True)
    press("Enter")
    settle(page)
    go_to(page.get_by_role("button", name="Run 1 model"))
    press("Enter")
    expect(page.get_by_role("button", name="Run again")).to_be_focused(timeout=PATIENT)
    settle(page)

    go_to(page.get_by_role("button", name="Zoom U²-Net-P", exact=True), back=True)
    press("Enter")
    dialog = page.get_by_role("dialog")
    pictures = dialog.locator("figure:visible img")
    expect(pictures.nth(1)).to_have_attribute("alt", "U²-Net-P", timeout=PATIENT)
    press("ArrowRight")
    expect(pictures.nth(1)).to_have_attribute("alt", "GrabCut", timeout=PATIENT)
    settle(page)
    for name in ("Handle", "Side by side", "PNG", "Close", "Overlay"):  # and round again
        go_to(dialog.get_by_role("button", name=name, exact=True))
    go_to(dialog.get_by_role("button", name="Close"), back=True)
    go_to(dialog.get_by_role("button", name="Side by side"), back=True)
    press("Escape")
    expect(dialog).to_be_hidden()
    settle(page)

    go_to(page.get_by_role("button", name="Download GrabCut", exact=True))
    with page.expect_download() as saved:
        press("Enter")
    assert saved.value.suggested_filename == "portrait_grabcut_cutout.png"


def test_names_are_read_out_once_and_headings_tell_what_is_where(
    open_page: Open, settle: Settle, url: str
) -> None:
    page = open_page(url)
    page.get_by_role("button", name="Portrait", exact=True).click()
    heading = page.get_by_role("heading", name="portrait", level=1)
    expect(heading).to_be_focused(timeout=PATIENT)
    expect(heading).to_have_css("outline-style", "none")  # for who used a mouse
    settle(page)
    page.get_by_role("button", name="Run 2 models").click()
    expect(page.locator(".st-key-job")).to_be_focused(timeout=PATIENT)
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    page.get_by_role("radio", name="Blur", exact=True).click()
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(heading).to_be_visible()
    for name in ("Models", "Original", "U²-Net-P", "GrabCut", "Timings"):
        expect(page.get_by_role("heading", name=name, exact=True, level=2)).to_be_visible()
    expect(page.get_by_role("heading", name="Classic networks", level=3)).to_be_visible()
    slider = page.get_by_role("slider", name="Blur strength", exact=True)
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^Strength \d+ px$"))
    timings = page.get_by_role("table").filter(has=page.get_by_role("columnheader", name="Kept"))
    expect(timings.get_by_role("rowheader", name="GrabCut", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Help for Blur method", exact=True)).to_be_visible()
    network = page.get_by_role("checkbox", name="U²-Net human", exact=True)
    expect(network).to_have_accessible_description(
        "Apache-2.0, to download: 176 MB, not verified, can be told: boxes, points"
    )
    # Nothing is called after a drawing that stands among words.
    expect(page.get_by_role("img", name=re.compile(" icon$"))).to_have_count(0)
    expect(page.get_by_role("img", name="fastest:")).to_have_count(1)


def test_every_page_has_one_title_and_skips_no_level_of_heading(
    open_page: Open, settle: Settle, url: str
) -> None:
    page = open_page(url)
    page.get_by_role("button", name="Portrait", exact=True).click()
    settle(page)
    levels = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
        .map(heading => Number(heading.tagName[1]))"""

    def look(where: str) -> None:
        settle(page)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        before = 1
        for level in page.evaluate(levels):
            assert level <= before + 1, where
            before = level

    look("Compare")
    for name in ("Prompt", "Models", "Best"):
        page.get_by_role("link", name=name, exact=True).click()
        look(name)
    for name in ("Ratings", "With truth", "Recommend"):
        page.get_by_role("radio", name=name, exact=True).click()
        look(name)


def test_who_wants_no_motion_gets_none(open_page: Open, settle: Settle, url: str) -> None:
    page = open_page(url)
    moving = """() => [...document.querySelectorAll(".stApp *")].filter(e =>
        /[1-9]/.test(getComputedStyle(e).transitionDuration)).map(e => e.outerHTML)"""
    assert page.evaluate(moving)
    page.emulate_media(reduced_motion="reduce")
    still = f"() => !({moving})().length"
    page.wait_for_function(still)  # the browser may be told a moment later


def test_at_twice_the_size_of_text_what_sticks_is_one_line_and_tools_wrap(
    open_page: Open, settle: Settle, url: str
) -> None:
    page = open_page(url)
    bottom, radios = page.get_by_test_id("stBottom"), page.get_by_role("radio")
    page.get_by_role("button", name="Portrait", exact=True).click()
    settle(page)
    before = page.get_by_role("heading", level=1).bounding_box()
    expect(bottom).to_be_in_viewport()
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    after = page.get_by_role("heading", level=1).bounding_box()
    assert before
    assert after
    assert after["height"] > 1.8 * before["height"]
    expect(page.get_by_role("button", name="Run 2 models")).to_be_in_viewport(ratio=1)
    line = bottom.bounding_box()
    assert line
    assert line["height"] < 900 / 6
    for radio in radios.all():
        box = radio.bounding_box()
        assert box
        assert box["x"] + box["width"] <= 1440
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("mobile", [False, True])
def test_who_asks_what_a_model_is_does_not_tick_it(
    open_page: Open, settle: Settle, url: str, mobile: bool
) -> None:
    page = open_page(url, mobile=mobile)
    if mobile:
        page.get_by_role("button", name="Portrait", exact=True).click()
        settle(page)
        page.get_by_role("button", name="Models", exact=True).click()
        settle(page)
    sign = page.get_by_role("button", name="Help for U²-Net human", exact=True)
    if mobile:
        sign.tap()
    else:
        sign.click()
    settle(page)
    box = page.get_by_role("checkbox", name="U²-Net human")
    expect(box).not_to_be_checked()
    page.get_by_text("U²-Net human", exact=True).click()
    expect(box).to_be_checked()
    if mobile:  # the drawer closes though the focus was lost with what had it
        settle(page)
        page.evaluate("""() => document.body.dispatchEvent(
            new KeyboardEvent("keydown", {key: "Escape", bubbles: true}))""")
        expect(page.get_by_role("dialog")).to_have_count(0)
