"""What only a browser proves of the bar: who has the keyboard, and what the uploader forgets when
it's out of sight."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

APP = Path(__file__).parents[2] / "app.py"
PATIENT = 60_000

TOGETHER = """window.together = 0;
requestAnimationFrame(function look() {
    const parts = [".st-key-samples img", ".st-key-photo_name"];
    const seen = (part) => document.querySelector(part)?.getClientRects().length;
    window.together += parts.every(seen);
    requestAnimationFrame(look);
})"""
"""Counts the frames in which both are there."""

TITLE = "Which model cuts it out best?"

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


def strip(page: Page) -> Locator:
    return page.locator(".strip")


def choices(page: Page) -> list[str]:
    """The photos' names, without what is told of their states; of two photos at least."""
    expect(strip(page).locator(".pick").nth(1)).to_be_visible(timeout=PATIENT)
    labels = [pick.get_attribute("aria-label") or "" for pick in strip(page).locator(".pick").all()]
    return [label.split(",")[0] for label in labels]


def test_arrow_keys_walk_the_strip_and_the_keyboard_stays_there(
    open_page: Open, settle: Settle, url: str, tmp_path: Path
) -> None:
    page = open_page(url)
    sizes = {"a": (60, 40), "b": (40, 60), "c as long as a sentence": (50, 50)}
    begin(page, settle, *(photo(tmp_path, f"{name}.png", size) for name, size in sizes.items()))
    expect(page.get_by_text("60 × 40", exact=True).first).to_be_visible()
    strip(page).get_by_role("button", name="a.png").first.focus()
    place, long = strip(page).bounding_box(), list(sizes)[-1]
    for key, name in (("ArrowRight", "b"), ("ArrowRight", long), ("ArrowLeft", "b")):
        page.keyboard.press(key)
        width, height = sizes[name]
        expect(page.get_by_text(f"{width} × {height}", exact=True).first).to_be_visible()
        settle(page)
        chosen = strip(page).locator("[aria-current=true]")
        expect(chosen).to_be_focused()
        expect(chosen).to_have_attribute("aria-label", f"{name}.png")
        assert strip(page).bounding_box() == place
    visit(page, settle, "Prompt")
    strip(page).get_by_role("button", name="Remove b.png").click()
    settle(page)
    assert choices(page) == ["a.png", f"{long}.png"]
    visit(page, settle, "Compare")
    assert choices(page) == ["a.png", f"{long}.png"]


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
    take_away(uploader, settle, "c.png")
    assert choices(page) == ["a.png", "b.png"]
    expect(strip(page).locator("[aria-current=true]")).to_have_attribute("aria-label", "b.png")


def test_the_first_page_goes_as_soon_as_a_photo_s_comes(
    open_page: Open, settle: Settle, url: str
) -> None:
    page = open_page(url)
    page.on("dialog", lambda dialog: dialog.accept())  # whether it's to be loaded anew
    page.add_init_script(TOGETHER)
    page.reload()
    settle(page)
    page.get_by_role("button", name="Coffee", exact=True).click()
    expect(page.get_by_role("button", name="Start over")).to_be_visible(timeout=PATIENT)
    settle(page)
    assert page.evaluate("window.together") == 0
    page.reload()
    expect(page.get_by_role("button", name="Start over")).to_be_visible(timeout=PATIENT)
    settle(page)
    assert page.evaluate("window.together") == 0
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_role("button", name="Coffee", exact=True)).to_be_visible(timeout=PATIENT)


class Slow:
    """A connection by which the page gets nothing from some words on, once it `waits`."""

    def __init__(self, page: Page, words: bytes) -> None:
        self.waits = False
        self._words = words
        self._later: list[str | bytes] = []
        self._browser: WebSocketRoute | None = None
        page.route_web_socket("**/_stcore/stream", self._connect)

    def _connect(self, browser: WebSocketRoute) -> None:
        self._browser = browser

        def pass_on(message: str | bytes) -> None:
            assert isinstance(message, bytes)
            if self._later or (self.waits and self._words in message):
                self._later.append(message)
            else:
                browser.send(message)

        browser.connect_to_server().on_message(pass_on)

    def go_on(self) -> None:
        assert self._browser
        assert self._later
        self.waits, later, self._later = False, self._later, []
        for message in later:
            self._browser.send(message)


@pytest.mark.parametrize("mobile", [False, True])
def test_nothing_is_left_of_the_results_below_the_first_page(
    open_page: Open, settle: Settle, url: str, mobile: bool
) -> None:
    page = open_page(url, mobile=mobile)
    page.on("dialog", lambda dialog: dialog.accept())
    slow = Slow(page, b"Or start with a sample")
    page.reload()
    settle(page)
    page.get_by_role("button", name="Coffee", exact=True).click()
    page.get_by_role("button", name="Run 2 models").click()
    expect(page.get_by_role("heading", name="Timings")).to_be_visible(timeout=PATIENT)
    settle(page)
    slow.waits = True
    page.get_by_role("button", name="Start over").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible(timeout=PATIENT)
    for left in (page.get_by_test_id("stBottom"), page.get_by_text("Inference is what a")):
        expect(left).to_be_hidden()
    expect(page.get_by_test_id("stFileUploader")).to_be_visible()
    slow.go_on()
    expect(page.get_by_role("button", name="Coffee", exact=True)).to_be_visible(timeout=PATIENT)
    settle(page)
    expect(page.get_by_role("heading", name="Or start with a sample")).to_be_visible()


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
    page.locator(".st-key-panel").get_by_text("Placement").click()
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
