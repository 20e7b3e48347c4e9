"""A press is seen by the whole page, whatever a part of it asks in the same moment."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

APP = Path(__file__).with_name("undivided_app.py")
TOGETHER = """(names) => {
    const buttons = [...document.querySelectorAll("button")];
    for (const name of names) buttons.find((button) => button.innerText === name).click();
}"""


@pytest.mark.parametrize("names", [["Press", "Ask"], ["Ask", "Press"]])
def test_a_press_is_seen_though_a_part_asks_at_once(
    open_page: Callable[..., Page], serve: Callable[..., str], names: list[str]
) -> None:
    page = open_page(serve(APP))
    page.evaluate(TOGETHER, names)
    expect(page.get_by_text("Pressed 1 times")).to_be_visible()
