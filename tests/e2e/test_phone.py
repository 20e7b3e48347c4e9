"""The page on a phone, upright and turned."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

APP = Path(__file__).parents[2] / "app.py"
TURNED = (844, 390)


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
