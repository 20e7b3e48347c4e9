"""The blur by depth in a real browser: a figure on a floor, whose horizon is dragged."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from benchmarks.thin_lens import rooms

APP = Path(__file__).parents[2] / "app.py"
PATIENT = 60_000

type Settle = Callable[[Page], None]


@pytest.fixture(scope="module")
def figure(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photos") / "figure.png"
    Image.fromarray(next(rooms(900, 1200)).photo).save(path)
    return path


def blurred(page: Page) -> Locator:
    card = page.get_by_role("img", name="Blur by U²-Net-P")
    expect(card).to_be_visible(timeout=PATIENT)
    return card


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone in the dark"])
def test_a_figure_on_a_floor(
    open_page: Callable[..., Page],
    settle: Settle,
    serve: Callable[..., str],
    figure: Path,
    phone: bool,
) -> None:
    page = open_page(serve(APP), mobile=phone, dark=phone)
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(figure)
    settle(page)
    page.get_by_role("button", name="Run 2 models").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)
    page.get_by_text("Blur", exact=True).click()
    settle(page)
    flat = blurred(page).get_attribute("src") or ""
    page.get_by_text("Portrait", exact=True).first.click()
    settle(page)
    expect(page.get_by_text("Found: feet at 8")).to_be_visible()
    found = blurred(page).get_attribute("src") or ""
    assert found != flat

    page.get_by_text("Set the floor").click()
    settle(page)
    horizon = page.locator(".st-key-floor").get_by_role("slider").first
    horizon.focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    settle(page)
    expect(blurred(page)).not_to_have_attribute("src", found)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
