"""No page and no dialog has a barrier that axe-core calls serious or critical."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from photos.samples import SAMPLES
from tests.e2e.axe import barriers

APP = Path(__file__).parents[2] / "app.py"
PATIENT = 60_000

type Open = Callable[..., Page]
type Settle = Callable[[Page], None]


class Audit:
    """Looks at a page in both colour schemes, and remembers what it found."""

    def __init__(self, page: Page, settle: Settle) -> None:
        self.page, self.settle = page, settle
        self.scheme: Literal["light", "dark"] = "light"
        self.found: list[str] = []
        page.emulate_media(reduced_motion="reduce")  # no colour is seen on its way to another

    def look(self, where: str) -> None:
        self.settle(self.page)
        self._add(where, None)
        self.scheme = "dark" if self.scheme == "light" else "light"
        self.page.emulate_media(color_scheme=self.scheme)
        expect(self.page.locator(".stApp")).to_have_css("color-scheme", self.scheme)
        self._add(where, ["color-contrast"])  # all that a colour scheme changes

    def _add(self, where: str, rules: list[str] | None) -> None:
        self.found += [f"{where}, {self.scheme}: {each}" for each in barriers(self.page, rules)]

    def press(self, button: Locator) -> None:
        button.click()
        self.settle(self.page)


@pytest.mark.parametrize("mobile", [False, True])
def test_no_page_and_no_dialog_has_a_grave_barrier(
    open_page: Open, settle: Settle, serve: Callable[..., str], mobile: bool
) -> None:
    page = open_page(serve(APP), mobile=mobile)
    audit = Audit(page, settle)
    audit.look("welcome")
    audit.press(page.get_by_role("button", name="Portrait", exact=True))
    audit.look("a photo")
    audit.press(page.get_by_role("button", name=re.compile("^Run ")).first)
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    if mobile:
        audit.press(page.get_by_role("button", name="Adjust", exact=True))
    audit.press(page.locator(".st-key-panel").get_by_role("radio", name="Differences"))
    for name in ("Consensus", "Hard colours", "Worst places"):
        audit.press(page.get_by_role("button", name=name))
    audit.look("results")
    compare(audit)
    audit.press(page.locator(".st-key-zoom_u2netp button:visible"))
    expect(page.get_by_role("dialog").get_by_role("slider")).to_be_attached(timeout=PATIENT)
    audit.look("the viewer")
    page.keyboard.press("Escape")
    if mobile:
        audit.press(page.get_by_role("button", name="Models", exact=True))
        audit.look("the models' drawer")
        page.keyboard.press("Escape")
    all_photos(audit)
    others(audit)
    assert not audit.found, "\n".join(audit.found)


def compare(audit: Audit) -> None:
    """Every view and every panel of the main page."""
    page = audit.page
    panels = page.locator(".st-key-panel")
    audit.press(page.get_by_role("radio", name="Blur", exact=True))
    audit.look("Blur")
    audit.press(page.get_by_role("radio", name="Portrait", exact=True))
    expect(page.locator(".over").get_by_role("slider", name="Horizon")).to_be_visible()
    audit.look("Depth")
    audit.press(page.get_by_role("radio", name="Replace", exact=True))
    for name in ("Placement", "Edges", "Frame", "Recipe", "Blend in"):
        audit.press(panels.get_by_role("radio", name=name))
        audit.look(name)
    for name in ("Gradient", "Words", "Picture"):
        audit.press(page.locator(".st-key-fill").get_by_role("radio", name=name))
        audit.look(name)
    audit.press(panels.get_by_role("radio", name="Placement"))
    audit.look("Placement")
    audit.press(page.get_by_role("radio", name="Blur", exact=True))
    audit.press(page.get_by_role("radio", name="Portrait", exact=True))
    audit.press(panels.get_by_role("radio", name="Depth"))
    audit.look("Depth")
    for name in ("Add a matte from another tool", "ZIP", "Add photos"):
        button = page.get_by_role("button", name=name).first
        audit.press(button)
        audit.look(name)
        page.keyboard.press("Escape")


def all_photos(audit: Audit) -> None:
    page = audit.page
    audit.press(page.get_by_role("button", name="Add photos"))
    coffee = SAMPLES[2].open()
    file = {"name": "coffee.png", "mimeType": "image/png", "buffer": coffee.data}
    page.get_by_test_id("stFileUploaderDropzoneInput").last.set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator(".pick")).to_have_count(2, timeout=PATIENT)
    page.keyboard.press("Escape")
    audit.press(page.get_by_text("All photos at once"))
    audit.look("all photos")


def others(audit: Audit) -> None:
    page = audit.page
    audit.press(page.get_by_role("link", name="Prompt", exact=True))
    expect(page.locator(".stage")).to_be_visible(timeout=PATIENT)
    audit.look("Prompt")
    audit.press(page.get_by_role("link", name="Best", exact=True))
    for name in ("Ratings", "With truth", "Recommend"):
        audit.press(page.get_by_role("radio", name=name, exact=True))
        audit.look(name)
    audit.press(page.get_by_role("radio", name="Vote", exact=True))
    audit.press(page.get_by_role("button", name="Keep these photos for voting"))
    white_or_black = re.compile(r"oklch\([01] 0 0\)")
    keep = page.get_by_role("dialog").get_by_role("button", name="Keep", exact=True)
    expect(keep).to_have_css("color", white_or_black)  # as on the page around the dialog
    audit.look("the dialog that keeps photos")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    audit.press(page.get_by_role("link", name="Models", exact=True))
    audit.look("Models")
