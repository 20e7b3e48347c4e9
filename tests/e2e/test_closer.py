"""The panel Differences in a real browser: what models agree on, and where they differ."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

APP = Path(__file__).parents[2] / "app.py"
PATIENT = 60_000

type Settle = Callable[[Page], None]


def look_closer(page: Page, settle: Settle, *names: str) -> None:
    page.locator(".st-key-panel").get_by_role("radio", name="Differences").click()
    settle(page)
    for name in names:
        page.locator(".st-key-closer").get_by_text(name).click()
        settle(page)


def test_relatives_are_told_and_a_crop_opens_the_zoom_there(
    open_page: Callable[..., Page], settle: Settle, serve: Callable[..., str], large_photo: Path
) -> None:
    page = open_page(serve(APP))
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(large_photo)
    settle(page)
    page.get_by_role("button", name="Run 2 models").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)
    look_closer(page, settle, "Consensus", "Worst places")

    expect(page.get_by_text("are of one family")).to_be_visible(timeout=PATIENT)
    with page.expect_download() as packed:
        page.get_by_role("button", name="All as ZIP").click()
    assert "large/u2netp_matte.png" in zipfile.ZipFile(packed.value.path()).namelist()

    crop = page.get_by_role("button", name="Zoom in on place 1: U²-Net-P")
    expect(crop.locator("img")).to_have_js_property("naturalWidth", 224, timeout=PATIENT)
    crop.click()
    dialog = page.get_by_role("dialog", name="Zoom")
    actual = dialog.get_by_role("button", name="100%")
    expect(actual).to_have_attribute("aria-pressed", "true", timeout=PATIENT)
    after = dialog.locator("figure img").nth(1)
    expect(after).to_have_attribute("alt", "U²-Net-P", timeout=PATIENT)
    expect(after).to_have_js_property("naturalWidth", 4000, timeout=PATIENT)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_on_a_phone_all_of_it_fits(
    open_page: Callable[..., Page], settle: Settle, serve: Callable[..., str]
) -> None:
    page = open_page(serve(APP), mobile=True, dark=True)
    page.get_by_role("button", name="Cat", exact=True).click()
    settle(page)
    page.get_by_role("button", name="Run 2 models").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)
    page.get_by_role("button", name="Adjust", exact=True).tap()
    look_closer(page, settle, "Consensus", "Hard colours", "How steady", "Worst places")
    page.locator(".st-key-steady_u2netp button:visible").click()
    expect(page.get_by_text("Its matte changes by")).to_be_visible(timeout=PATIENT)
    settle(page)
    expect(page.get_by_role("img", name="U²-Net-P on white, black, magenta, green")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
