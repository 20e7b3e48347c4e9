"""What was typed counts, whatever is pressed next."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.components.driver import box_of, fingers
from tests.e2e.test_compare import APP, Open, Settle, sample

TYPED, SHOWN = "#12ab9f", "rgb(18, 171, 159)"


@pytest.fixture
def page(open_page: Open, settle: Settle, serve: Callable[..., str]) -> Page:
    page = open_page(serve(APP))
    sample(page, settle)
    page.get_by_text("Replace", exact=True).click()
    settle(page)
    return page


def open_choice(page: Page) -> Locator:
    page.get_by_role("button", name="Background colour color picker").click()
    return page.get_by_test_id("stColorPickerPopover")


def press(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()


@pytest.mark.parametrize(
    ("pressed", "back"),
    [("Gradient", "Colour"), ("Words", "Colour"), ("Blur", "Replace")],
    ids=["another background", "one that opens a panel", "another view"],
)
def test_a_typed_colour_counts_before_what_is_pressed_next(
    page: Page, settle: Settle, pressed: str, back: str
) -> None:
    choice = open_choice(page)
    field = choice.get_by_label("hex")
    field.fill(TYPED)
    expect(field).to_have_value(TYPED)
    press(page, pressed)
    settle(page)
    expect(choice).to_have_count(0)
    press(page, back)
    settle(page)
    expect(page.get_by_test_id("stColorPickerBlock")).to_have_css("background-color", SHOWN)


def test_presses_in_the_choice_itself_leave_it_open(page: Page, settle: Settle) -> None:
    choice = open_choice(page)
    choice.locator(".saturation-black").click(position={"x": 100, "y": 20})
    choice.get_by_label("hex").fill(TYPED)
    expect(choice).to_be_visible()
    page.get_by_role("button", name="Background colour color picker").click()  # closes it
    settle(page)
    expect(choice).to_have_count(0)
    expect(page.get_by_test_id("stColorPickerBlock")).to_have_css("background-color", SHOWN)


def test_a_field_counts_before_a_finger_goes_to_another_page(
    open_page: Open, settle: Settle, serve: Callable[..., str]
) -> None:
    page = open_page(serve(APP), mobile=True)
    sample(page, settle)

    def width() -> Locator:
        field, panel = page.get_by_label("Width, pixels"), page.locator(".st-key-panel")
        if not field.count():
            if not panel.is_visible():
                page.get_by_role("button", name="Adjust").click()
                settle(page)
            panel.get_by_role("radio", name="Frame").click()
            settle(page)
        return field

    width().press_sequentially("800")
    link = box_of(page.get_by_role("link", name="Models", exact=True))
    place = link["x"] + link["width"] / 2, link["y"] + link["height"] / 2
    with fingers(page) as touch:
        touch("Start", [place])
        settle(page)  # a finger takes its time
        touch("End", [])
    expect(page.get_by_role("heading", name="Models", level=1)).to_be_visible()
    settle(page)
    page.get_by_role("link", name="Compare", exact=True).click()
    settle(page)
    expect(width()).to_have_value("800")
