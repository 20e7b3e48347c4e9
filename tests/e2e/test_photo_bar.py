"""What only a browser proves of the bar: who has the keyboard, and what the uploader forgets when
it's out of sight."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

APP = Path(__file__).parents[2] / "app.py"
PATIENT = 60_000

type Open = Callable[..., Page]
type Settle = Callable[[Page], None]


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve(APP)


def photo(folder: Path, name: str, size: tuple[int, int]) -> Path:
    folder.mkdir(exist_ok=True)
    Image.new("RGB", size, (200, 90, 20)).save(folder / name)
    return folder / name


def give(uploader: Locator, settle: Settle, *paths: Path) -> None:
    uploader.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(list(paths))
    expect(uploader.get_by_text(paths[-1].name).first).to_be_visible(timeout=PATIENT)
    settle(uploader.page)


def begin(page: Page, settle: Settle, *paths: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(list(paths))
    expect(page.get_by_role("button", name="Start over")).to_be_visible(timeout=PATIENT)
    settle(page)


def take_away(uploader: Locator, settle: Settle, name: str) -> None:
    uploader.get_by_role("button", name=f"Remove {name}").click()
    settle(uploader.page)


def visit(page: Page, settle: Settle, *titles: str) -> None:
    for title in titles:
        page.get_by_role("link", name=title).click()
        settle(page)


def choices(page: Page) -> list[str]:
    page.get_by_role("combobox", name="Photo").click()
    names = page.get_by_role("option").all_inner_texts()
    page.keyboard.press("Escape")
    return names


def test_the_keyboard_stays_with_the_box_that_switches_photos(
    open_page: Open, settle: Settle, url: str, tmp_path: Path
) -> None:
    page = open_page(url)
    first, second = photo(tmp_path / "a", "same.png", (60, 40)), tmp_path / "b"
    begin(page, settle, first, photo(second, "same.png", (40, 60)))
    expect(page.get_by_text("60 × 40, 0.0 MP")).to_be_visible()
    box = page.get_by_role("combobox", name="Photo")
    box.focus()
    box.press("ArrowDown")
    for key, size in (("ArrowDown", "40 × 60"), ("ArrowUp", "60 × 40")):
        expect(page.get_by_role("option")).to_have_count(2)
        box.press(key)
        box.press("Enter")
        expect(page.get_by_text(f"{size}, 0.0 MP")).to_be_visible(timeout=PATIENT)
        settle(page)
        expect(box).to_be_focused()
        box.press("ArrowDown")


def test_photos_stay_when_the_uploader_has_forgotten_them(
    open_page: Open, settle: Settle, url: str, tmp_path: Path
) -> None:
    page = open_page(url)
    a, b, c = (photo(tmp_path, f"{name}.png", (60, 40)) for name in "abc")
    begin(page, settle, a, b)
    visit(page, settle, "Models", "Compare", "Prompt", "Compare")
    assert choices(page) == ["a.png", "b.png"]
    page.get_by_role("button", name="Add photos").click()
    uploader = page.get_by_test_id("stFileUploader")
    give(uploader, settle, c)
    assert choices(page) == ["a.png", "b.png", "c.png"]
    page.get_by_role("button", name="Add photos").click()
    take_away(uploader, settle, "c.png")
    assert choices(page) == ["a.png", "b.png"]
    expect(page.get_by_role("combobox", name="Photo")).to_have_value("b.png")


def test_a_background_picture_goes_by_the_person_s_hand_alone(
    open_page: Open, settle: Settle, url: str, tmp_path: Path
) -> None:
    page = open_page(url)
    begin(page, settle, photo(tmp_path, "a.png", (60, 40)))
    for text in ("Replace", "Picture"):
        page.get_by_text(text, exact=True).first.click()
        settle(page)
    uploader = page.locator(".st-key-backdrop")
    give(uploader, settle, photo(tmp_path, "beach.png", (60, 40)))
    for title in ("Blur", "Replace"):
        page.get_by_text(title, exact=True).click()
        settle(page)
    visit(page, settle, "Models", "Compare")
    page.locator(".st-key-panel").get_by_text("Picture").click()
    expect(page.get_by_text("In use: beach.png")).to_be_visible(timeout=PATIENT)
    settle(page)
    page.get_by_role("slider", name="Left to right").press("ArrowRight")
    settle(page)
    expect(page.get_by_text("In use: beach.png")).to_be_visible()

    give(uploader, settle, photo(tmp_path, "wood.png", (60, 40)))
    take_away(uploader, settle, "wood.png")
    expect(page.get_by_text("No picture yet: white stands in for it.")).to_be_visible()


def test_a_phone_reads_out_what_its_icons_mean(open_page: Open, settle: Settle, url: str) -> None:
    page = open_page(url, mobile=True)
    page.get_by_role("button", name="Portrait", exact=True).click(timeout=PATIENT)
    settle(page)
    for name in ("Add photos", "Start over"):
        button = page.get_by_role("button", name=name, exact=True)
        box = button.bounding_box()
        assert box
        assert box["width"] < 60  # an icon's
