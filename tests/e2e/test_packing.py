"""The ZIP holds what the person chose."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

APP = Path(__file__).parents[2] / "app.py"
PATIENT = 60_000


def names_in_zip(page: Page, button: str = "All as ZIP") -> list[str]:
    with page.expect_download(timeout=PATIENT) as saved:
        page.get_by_role("button", name=button).click()
    with zipfile.ZipFile(saved.value.path()) as pack:
        return [name.rpartition("_")[2] for name in pack.namelist()]


def test_kinds_and_format_are_chosen(
    open_page: Callable[..., Page], settle: Callable[[Page], None], serve: Callable[..., str]
) -> None:
    page = open_page(serve(APP))
    page.get_by_role("button", name="Portrait", exact=True).click()
    settle(page)
    page.get_by_role("button", name="Run 2 models").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)
    files = ["matte.png", "cutout.png", "blurred.jpg"]
    assert sorted(names_in_zip(page)) == sorted([*files, *files, "results.json"])
    page.get_by_role("button", name="Zoom GrabCut").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Choose GrabCut").click()
    expect(dialog.get_by_role("button", name="GrabCut is chosen")).to_be_visible(timeout=PATIENT)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="GrabCut is chosen")).to_be_visible(timeout=PATIENT)
    assert names_in_zip(page, "Chosen as ZIP") == [*files, "results.json"]

    whole, what = (
        page.get_by_role("button", name=n) for n in ("Chosen as ZIP", "What is in the ZIP")
    )
    for width in (430, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        tops = {button.evaluate("e => e.getBoundingClientRect().top") for button in (whole, what)}
        assert len(tops) == 1
    page.get_by_role("button", name="What is in the ZIP").click()
    page.get_by_role("button", name="Mattes", exact=True).click()
    settle(page)
    format_ = page.get_by_role("combobox", name="Format")

    def choose(name: str) -> None:
        format_.click()
        page.get_by_role("option", name=name).click()
        settle(page)

    choose("WebP")
    choose("As fits each")
    page.go_back()  # closes it, and leaves no page
    expect(format_).to_have_count(0)
    for name in ("Models", "Compare"):
        page.get_by_role("link", name=name, exact=True).click()
        settle(page)
    page.get_by_role("button", name="What is in the ZIP").click()
    expect(format_).to_have_value("As fits each")
    choose("WebP")
    page.keyboard.press("Escape")
    assert names_in_zip(page, "Chosen as ZIP") == ["cutout.webp", "blurred.webp", "results.json"]

    page.get_by_role("button", name="What is in the ZIP").click()
    for kind in ("Cutouts", "Pictures"):
        page.get_by_role("button", name=kind, exact=True).click()
        settle(page)
    page.keyboard.press("Escape")
    expect(page.get_by_text("Nothing is chosen for the ZIP.")).to_be_visible()
    expect(page.get_by_role("button", name="Chosen as ZIP")).to_have_count(0)
