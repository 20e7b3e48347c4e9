"""Frames and recipes in a real browser: what is saved makes the same file again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_compare import APP, PATIENT, Open, Settle, opened, picture, run, sample


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve(APP)


def open_panel(page: Page, settle: Settle, name: str) -> None:
    page.locator(".st-key-panel").get_by_role("radio", name=name).click()
    settle(page)


def saved(page: Page, button: str) -> Path:
    with page.expect_download(timeout=PATIENT) as download:
        page.get_by_role("button", name=button).first.click()
    return download.value.path()


@pytest.mark.slow
def test_a_recipe_makes_the_same_framed_file_on_another_visit(
    open_page: Open, settle: Settle, url: str, tmp_path: Path
) -> None:
    page = open_page(url)
    sample(page, settle, "Coffee")
    page.get_by_text("Replace", exact=True).click()
    open_panel(page, settle, "Frame")
    page.get_by_role("combobox", name="Frame").click()
    page.get_by_role("option", name="Story 9:16").click()
    settle(page)
    expect(page.get_by_label("Width, pixels")).to_have_value("1080")
    run(page, settle)
    card = picture(page, "Replace by U²-Net-P")
    assert card.evaluate("e => [e.naturalWidth, e.naturalHeight]") == [720, 1280]
    expect(page.get_by_text("enlarged 2.20 times").first).to_be_visible()
    page.locator(".st-key-zoom_u2netp button:visible").click()
    file = picture(page, "The file by U²-Net-P, with its frame")  # the viewer has the whole photo
    assert file.evaluate("e => [e.naturalWidth, e.naturalHeight]") == [54, 96]
    expect(file).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    settle(page)
    first = saved(page, "Download U²-Net-P").read_bytes()
    open_panel(page, settle, "Recipe")
    recipe = tmp_path / "recipe.toml"
    recipe.write_bytes(saved(page, "Save these settings as a recipe").read_bytes())
    page.close()

    page = open_page(url)
    sample(page, settle, "Coffee")
    open_panel(page, settle, "Recipe")
    page.get_by_test_id("stFileUploaderDropzoneInput").last.set_input_files(recipe)
    expect(page.get_by_text("recipe.toml is followed.")).to_be_visible(timeout=PATIENT)
    run(page, settle)
    picture(page, "Replace by U²-Net-P")
    with page.expect_download(timeout=PATIENT) as download:
        page.get_by_role("button", name="Download U²-Net-P").click()
    assert opened(download.value).size == (1080, 1920)
    assert download.value.path().read_bytes() == first
