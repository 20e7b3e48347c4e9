"""A press is heard by the whole page, whatever that is asked in the same moment, or right after."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

APP = Path(__file__).with_name("undivided_app.py")
TOGETHER = """(names) => {
    const buttons = [...document.querySelectorAll("button")];
    for (const name of names) buttons.find((button) => button.innerText === name).click();
}"""
ONE_BY_ONE = """async (names) => {
    const buttons = [...document.querySelectorAll("button")];
    for (const name of names) {
        if (name === "Back") dispatchEvent(new PopStateEvent("popstate"));  // draws the page anew
        else buttons.find((button) => button.innerText === name).click();
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}"""


@pytest.mark.parametrize("names", [["Press", "Ask"], ["Ask", "Press"]])
def test_a_press_is_seen_though_a_part_asks_at_once(
    open_page: Callable[..., Page], serve: Callable[..., str], names: list[str]
) -> None:
    page = open_page(serve(APP))
    page.evaluate(TOGETHER, names)
    expect(page.get_by_text("Press: 1")).to_be_visible()


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["Press long", "Back"], id="while it's being called back"),
        pytest.param(["Press long", "Press", "Back"], id="while another is"),
        pytest.param(["Draw slowly", "Ask", "Press"], id="while the page is being drawn"),
    ],
)
def test_a_press_is_heard_though_the_page_is_to_be_drawn_anew(
    open_page: Callable[..., Page], serve: Callable[..., str], names: list[str]
) -> None:
    page = open_page(serve(APP))
    page.evaluate(ONE_BY_ONE, names)
    for name in names:
        if name != "Back":
            expect(page.get_by_text(f"{name}: 1")).to_be_visible()


def test_what_was_typed_is_heard_though_another_page_is_asked_for(
    open_page: Callable[..., Page], serve: Callable[..., str]
) -> None:
    page = open_page(serve(APP))
    page.get_by_role("button", name="Draw slowly").click()
    page.get_by_label("Field").fill("800")
    page.get_by_label("Field").press("Enter")
    page.get_by_role("link", name="Other").click()
    expect(page.get_by_text("Field: 1")).to_be_visible()
    expect(page.get_by_label("Field")).to_have_count(0)
