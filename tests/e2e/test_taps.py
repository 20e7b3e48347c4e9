"""Select boxes under a finger."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.components.driver import box_of, fingers

APP = Path(__file__).parents[2] / "app.py"


def test_a_swipe_that_begins_on_a_select_box_does_not_open_it_and_a_tap_does(
    open_page: Callable[..., Page], settle: Callable[[Page], None], serve: Callable[..., str]
) -> None:
    page = open_page(serve(APP), mobile=True)
    page.get_by_role("button", name="Coffee", exact=True).tap()
    settle(page)
    page.get_by_role("button", name="Adjust").tap()
    settle(page)
    box, options = page.get_by_role("combobox", name="Overlay colour"), page.get_by_role("listbox")
    place = box_of(box)
    x, y = place["x"] + 20, place["y"] + 20
    with fingers(page) as touch:
        touch("Start", [(x, y)])
        for step in range(1, 9):
            touch("Move", [(x + 8 * step, y)])
        touch("End", [])
    settle(page)
    expect(options).to_have_count(0)
    box.tap()
    expect(options).to_be_visible()
    page.get_by_role("option", name="Blue").tap()
    expect(options).to_have_count(0)
    settle(page)
    expect(box).to_have_value("Blue")
