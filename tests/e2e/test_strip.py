"""Many photos: the strip with their states, all of them at once, and nothing lost by a slip."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Dialog, Page, Route, expect

from photos.samples import SAMPLES

APP = Path(__file__).parents[2] / "app.py"
PATIENT = 120_000

type Open = Callable[..., Page]
type Settle = Callable[[Page], None]


@pytest.fixture
def two(
    open_page: Open, settle: Settle, serve: Callable[..., str], tmp_path: Path
) -> tuple[Page, Settle]:
    """The page with two photos."""
    page = open_page(serve(APP))
    paths = []
    for sample in SAMPLES[:2]:
        paths.append(tmp_path / sample.file)
        paths[-1].write_bytes(sample.open().data)
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(paths)
    expect(page.locator(".pick")).to_have_count(2, timeout=PATIENT)
    settle(page)
    return page, settle


def run_all(page: Page, settle: Settle) -> None:
    page.get_by_role("button", name="Run all 2 photos").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)


def saved(page: Page) -> bytes:
    """The picture's file that GrabCut's card gives."""
    with page.expect_download(timeout=PATIENT) as download:
        page.get_by_role("button", name="Download GrabCut", exact=True).click()
    return download.value.path().read_bytes()


def labels(page: Page) -> list[str | None]:
    return [pick.get_attribute("aria-label") for pick in page.locator(".pick").all()]


def test_the_strip_tells_states_and_all_photos_are_seen_at_once(
    two: tuple[Page, Settle], tmp_path: Path
) -> None:
    page, settle = two
    names = [sample.file for sample in SAMPLES[:2]]
    assert labels(page) == names
    page.get_by_role("button", name="Run all 2 photos").click()
    expect(page.locator(".photo[data-state=running]")).to_have_count(1, timeout=PATIENT)
    expect(page.locator(".photo[data-state=done]")).to_have_count(2, timeout=PATIENT)
    expect(page.get_by_text("2 done", exact=True)).to_be_visible(timeout=PATIENT)
    settle(page)
    assert labels(page) == [f"{name}, done" for name in names]

    page.get_by_text("All photos at once").click()
    cell = page.get_by_role("button", name=f"{names[1]}: GrabCut")
    expect(cell.locator("img")).to_be_visible(timeout=PATIENT)
    expect(page.locator(".place button")).to_have_count(6)
    ends = page.locator(".places").evaluate("""places =>
        [places, ...places.querySelectorAll("button")].map(e => e.getBoundingClientRect().right)""")
    assert max(ends[1:]) == pytest.approx(ends[0], abs=1)  # they use the width there is
    cell.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name=names[1])).to_be_visible(timeout=PATIENT)
    expect(dialog.locator("figcaption").nth(1)).to_have_text("GrabCut", timeout=PATIENT)
    page.keyboard.press("Escape")
    settle(page)
    expect(page.locator(".pick").nth(1)).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name=f"{names[0]}: U²-Net-P").click()  # they're all there still
    expect(dialog.get_by_role("heading", name=names[0])).to_be_visible(timeout=PATIENT)
    page.keyboard.press("Escape")
    settle(page)
    page.get_by_role("button", name=names[1], exact=True).last.click()  # the photo, in the grid
    expect(page.get_by_role("img", name="Overlay by GrabCut")).to_be_visible(timeout=PATIENT)
    settle(page)
    expect(page.locator(".place button")).to_have_count(0)

    grey = tmp_path / "grey.png"
    Image.new("RGB", (60, 40), (128, 128, 128)).save(grey)
    page.get_by_role("button", name="Add photos").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(grey)
    expect(page.locator(".pick")).to_have_count(3, timeout=PATIENT)
    settle(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Run 2 models").click()
    told = "2 done, 1 with nothing found"
    expect(page.get_by_text(told, exact=True)).to_be_visible(timeout=PATIENT)
    settle(page)
    assert labels(page)[2] == "grey.png, nothing found"
    expect(page.locator(".sign").nth(2)).to_have_text("0")


def test_no_picture_moves_when_a_panel_opens_and_a_press_on_one_opens_the_viewer(
    two: tuple[Page, Settle],
) -> None:
    page, settle = two
    run_all(page, settle)
    page.get_by_text("Replace", exact=True).click()
    settle(page)
    picture = page.get_by_role("img", name="Replace by U²-Net-P")
    before = picture.bounding_box()
    for name in ("Blend in", "Edges"):
        page.locator(".st-key-panel").get_by_role("radio", name=name).click()
        settle(page)
        expect(page.locator(".st-key-panel_open")).to_be_visible()
        assert picture.bounding_box() == before
    page.get_by_role("slider", name="Grow or shrink, pixels").press("ArrowRight")
    settle(page)
    assert picture.bounding_box() == before
    assert before
    page.mouse.click(before["x"] + 30, before["y"] + 30)
    expect(page.get_by_role("dialog").locator("figcaption").nth(1)).to_have_text("U²-Net-P")


def test_placement_scrolls_only_to_a_picture_not_all_in_sight(
    two: tuple[Page, Settle],
) -> None:
    page, settle = two
    run_all(page, settle)
    page.get_by_text("Replace", exact=True).click()
    settle(page)
    picture = page.get_by_role("img", name="Replace by U²-Net-P")
    placement = page.locator(".st-key-panel").get_by_role("radio", name="Placement")

    def place() -> tuple[float, float]:
        """The picture's top before and after the panel is opened."""
        before = picture.bounding_box()
        placement.click()
        settle(page)
        page.wait_for_timeout(700)  # it may scroll
        after, bar = picture.bounding_box(), page.get_by_test_id("stBottom").bounding_box()
        assert before
        assert after
        assert bar
        assert after["y"] + after["height"] <= bar["y"]
        placement.click()
        settle(page)
        return before["y"], after["y"]

    page.locator(".pick").nth(1).click()  # low
    settle(page)
    before, after = place()
    assert after == before
    page.locator(".pick").nth(0).click()  # high
    settle(page)
    before, after = place()
    assert after == before
    page.set_viewport_size({"width": 1440, "height": 660})
    before, after = place()
    assert after < before


def test_a_new_start_and_a_reload_lose_nothing(two: tuple[Page, Settle]) -> None:
    page, settle = two
    page.get_by_test_id("stSidebar").get_by_text("U²-Net-P", exact=True).click()
    settle(page)
    page.get_by_role("button", name="Run 1 model").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)
    page.get_by_role("button", name="Start over").click()
    settle(page)
    page.get_by_role("button", name="Bring back 2 photos").click()
    expect(page.get_by_role("img", name="Overlay by GrabCut")).to_be_visible(timeout=PATIENT)
    settle(page)
    before = labels(page)
    page.get_by_role("button", name=f"Remove {SAMPLES[0].file}").click()
    expect(page.locator(".pick")).to_have_count(1, timeout=PATIENT)
    settle(page)
    page.get_by_role("button", name=f"Bring back {Path(SAMPLES[0].file).stem}").click()
    expect(page.get_by_role("img", name="Overlay by GrabCut")).to_be_visible(timeout=PATIENT)
    settle(page)
    assert labels(page) == before

    page.get_by_role("radio", name="Replace", exact=True).click()
    settle(page)
    page.get_by_test_id("stColorPicker").get_by_role("button").click()
    page.locator("[id^=rc-editable-input]").first.fill("#1e78c8")
    page.keyboard.press("Escape")
    settle(page)
    panels = page.locator(".st-key-panel")
    panels.get_by_role("radio", name="Edges").click()
    page.locator(".st-key-holes label").click()
    settle(page)
    panels.get_by_role("radio", name="Frame").click()
    page.locator(".st-key-frame_crop").get_by_text("Subject", exact=True).click()
    settle(page)
    picture = saved(page)

    asked = []

    def go_on(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", go_on)
    page.reload()
    expect(page.get_by_role("img", name="Replace by GrabCut")).to_be_visible(timeout=PATIENT)
    settle(page)
    assert asked == ["beforeunload"]
    expect(page.locator(".pick")).to_have_count(2)
    expect(page.get_by_role("checkbox", name="U²-Net-P")).not_to_be_checked()
    expect(page.get_by_role("button", name="Run again")).to_be_visible()
    assert saved(page) == picture
    panels.get_by_role("radio", name="Edges").click()
    expect(page.get_by_role("switch", name="Fill holes")).to_be_checked()


def test_another_tab_never_gets_what_one_that_is_open_holds(
    two: tuple[Page, Settle], open_page: Open, serve: Callable[..., str]
) -> None:
    page, settle = two
    token = page.evaluate("sessionStorage.getItem('cutout-compare-visit')")
    assert re.fullmatch(r"[\w-]{32}", token)
    other = open_page(serve(APP))
    other.evaluate("token => sessionStorage.setItem('cutout-compare-visit', token)", token)
    other.reload()
    settle(other)
    other.wait_for_timeout(3500)
    settle(other)
    expect(other.get_by_role("heading", name="Which model cuts it out best?")).to_be_visible()
    expect(other.locator(".pick")).to_have_count(0)
    expect(page.locator(".pick")).to_have_count(2)


def test_a_samples_picture_is_in_sight_once_a_press_on_it_is_heard_and_keeps_its_place(
    open_page: Open, settle: Settle, serve: Callable[..., str]
) -> None:
    page = open_page(serve(APP))
    fetched: list[Route] = []
    page.route(re.compile(r"/(Button|FileUploader)\.[^/]*\.js"), lambda each: fetched.append(each))
    page.reload(wait_until="commit")
    picture = page.locator(".st-key-samples img").first
    expect(page.get_by_test_id("stSkeleton")).to_have_count(len(SAMPLES) + 1, timeout=PATIENT)
    while len(fetched) < 2:
        page.wait_for_timeout(50)
    expect(picture).to_be_hidden()
    before = picture.bounding_box()
    for each in fetched:
        each.continue_()
    page.unroute_all()
    settle(page)
    expect(picture).to_be_visible()
    assert picture.bounding_box() == before


def test_a_sample_is_chosen_by_its_picture(
    open_page: Open, settle: Settle, serve: Callable[..., str]
) -> None:
    page = open_page(serve(APP))
    picture = page.get_by_role("img", name=SAMPLES[0].title, exact=True).bounding_box()
    assert picture
    page.mouse.click(picture["x"] + 40, picture["y"] + 40)
    expect(page.locator(".pick")).to_have_count(1, timeout=PATIENT)
    settle(page)
