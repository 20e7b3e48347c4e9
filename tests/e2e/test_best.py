"""The page Best in a browser: models are measured, and the report is opened from the disk."""

import re
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def url(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    data = tmp_path_factory.mktemp("data")
    return serve(APP, {"CUTOUT_DATA": str(data), "HF_HUB_OFFLINE": "1"})


@pytest.fixture
def pairs(tmp_path: Path) -> tuple[list[Path], list[Path]]:
    """Six photos of a disc, and where it is: as many as it takes to name a model."""
    photos, truths = [], []
    for number in range(6):
        truth = np.zeros((120, 160), np.uint8)
        cv2.circle(truth, (50 + 10 * number, 60), 30, 255, -1)
        photo = np.where(truth[..., None] > 0, (220, 120, 30), (40, 90, 170)).astype(np.uint8)
        photos.append(tmp_path / f"disc {number}.png")
        truths.append(tmp_path / f"disc {number}_mask.png")
        Image.fromarray(photo).save(photos[-1])
        Image.fromarray(truth).save(truths[-1])
    return photos, truths


def give(page: Page, pairs: tuple[list[Path], list[Path]], settle: Callable[[Page], None]) -> None:
    page.get_by_text("With truth", exact=True).click()
    settle(page)
    for number, files in enumerate(pairs):
        page.locator("input[type=file]").nth(number).set_input_files(files)
        settle(page)


def test_models_are_measured_and_the_report_opens_from_the_disk(
    open_page: Callable[..., Page],
    url: str,
    pairs: tuple[list[Path], list[Path]],
    settle: Callable[[Page], None],
    browser: Browser,
    tmp_path: Path,
) -> None:
    page = open_page(f"{url}/best")
    give(page, pairs, settle)
    expect(page.get_by_text("6 photos with a truth: disc 0 · disc 1 · disc 2")).to_be_visible()
    page.get_by_role("button", name="Measure 2 models on 6 photos").click()
    expect(page.get_by_text("For your 6 photos:")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("heading", name="Which differences are real")).to_be_visible()
    expect(page.get_by_alt_text(re.compile("^Matte of disc"))).to_have_count(2 * 3)
    settle(page)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Report").click()
    report = tmp_path / "kept" / "report.html"
    downloading.value.save_as(report)

    context = browser.new_context(offline=True, java_script_enabled=False)
    alone = context.new_page()
    asked: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(report.as_uri())
    expect(alone.get_by_text("For your 6 photos:")).to_be_visible()
    expect(alone.locator("svg circle")).to_have_count(2)
    widths = alone.locator("img").evaluate_all("all => all.map(image => image.naturalWidth)")
    assert len(widths) == 2 * 3 * 4
    assert all(widths)
    assert [each for each in asked if not each.startswith(("file:", "data:"))] == []
    context.close()


def test_the_keyboard_measures_and_recommends(
    open_page: Callable[..., Page],
    url: str,
    pairs: tuple[list[Path], list[Path]],
    settle: Callable[[Page], None],
) -> None:
    page = open_page(f"{url}/best")
    give(page, pairs, settle)
    measure = page.get_by_role("button", name="Measure 2 models on 6 photos")
    tab_to(page, measure)
    page.keyboard.press("Enter")
    expect(page.get_by_text("For your 6 photos:")).to_be_visible(timeout=60_000)
    settle(page)
    tab_to(page, page.get_by_role("radio", name="With truth"), back=True)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Which model to use")).to_be_visible()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()  # not left behind, empty
    expect(page.get_by_text("For your 6 photos:")).to_be_visible()


def tab_to(page: Page, target: Locator, *, back: bool = False) -> None:
    """Press Tab until the target has the focus, as somebody without a mouse does."""
    for _ in range(200):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    pytest.fail("The keyboard doesn't reach it.")
