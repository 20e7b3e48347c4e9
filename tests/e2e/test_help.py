"""The signs for help, by finger and by keyboard."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

APP = Path(__file__).parents[2] / "app.py"

SAFARI = "addEventListener('mousedown', event => event.preventDefault(), true)"
"""There a press gives a button no focus."""

type Open = Callable[..., Page]
type Settle = Callable[[Page], None]


def sign(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"Help for {name}", exact=True)


@pytest.mark.parametrize("focuses", [True, False])
def test_a_tap_on_any_sign_shows_what_it_says_and_another_anywhere_hides_it(
    open_page: Open, settle: Settle, serve: Callable[..., str], focuses: bool
) -> None:
    page = open_page(serve(APP), mobile=True)
    if not focuses:
        page.evaluate(SAFARI)
    page.get_by_role("button", name="Portrait", exact=True).tap()
    settle(page)
    page.get_by_role("radio", name="Blur", exact=True).tap()
    settle(page)

    def opens(place: Locator, words: str, beside: Locator | None = None) -> None:
        place.scroll_into_view_if_needed()
        place.tap()
        told = page.get_by_test_id("stTooltipContent")
        expect(told).to_contain_text(words)
        page.wait_for_timeout(500)  # it doesn't close by itself
        expect(told).to_be_visible()
        (beside or place).tap()
        expect(told).to_have_count(0)

    opens(sign(page, "Blur method"), "The slider is the blur's size")
    opens(sign(page, "Blur method"), "Natural takes", beside=page.get_by_role("heading", level=1))
    page.locator(".st-key-panel").get_by_role("radio", name="Edges").tap()
    settle(page)
    opens(sign(page, "Refine mask edges"), "Draws them anew")
    expect(page.get_by_role("switch", name="Refine mask edges")).to_be_checked()
    page.get_by_role("button", name="Models", exact=True).tap()
    settle(page)
    opens(sign(page, "Commercial use only"), "Hides")
    expect(page.get_by_role("switch", name="Commercial use only")).not_to_be_checked()
    page.get_by_role("dialog").get_by_role("button", name="Close", exact=True).tap()
    expect(page.get_by_role("dialog")).to_have_count(0)
    settle(page)
    page.get_by_role("link", name="Prompt", exact=True).tap()
    settle(page)
    opens(page.get_by_test_id("stTooltipIcon").get_by_role("button").last, "commercial use")


def test_the_keyboard_shows_what_a_sign_says(
    open_page: Open, settle: Settle, serve: Callable[..., str]
) -> None:
    page = open_page(serve(APP))
    page.get_by_role("button", name="Portrait", exact=True).click()
    settle(page)
    switch = page.get_by_role("switch", name="Commercial use only")
    switch.focus()
    page.keyboard.press("Tab")
    expect(sign(page, "Commercial use only")).to_be_focused()
    told = page.get_by_role("tooltip")
    expect(told).to_contain_text("Hides")
    page.keyboard.press("Enter")
    expect(switch).not_to_be_checked()
    page.keyboard.press("Escape")
    expect(told).to_have_count(0)
