"""A subject is put into place on its card: by mouse, fingers, keys and sliders."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Download, Locator, Page, expect

from models.catalog import INPUT_ALPHA
from tests.e2e.axe import barriers
from tests.e2e.components.driver import Place, box_of, fingers

APP = Path(__file__).parents[2] / "app.py"
PATIENT = 60_000
RED = (200, 20, 20)
BOX = (150, 100, 250, 300)
"""The block in the photo, 600 × 400 pixels."""

type Settle = Callable[[Page], None]


@dataclass
class Card:
    """The card of the photo's own transparency, on which its subject can be dragged."""

    page: Page
    settle: Settle

    @property
    def root(self) -> Locator:
        return self.page.locator(f".st-key-place_{INPUT_ALPHA.name} .placer")

    @property
    def subject(self) -> Locator:
        return self.root.locator(".subject")

    @property
    def image(self) -> Locator:
        return self.page.get_by_role("img", name=re.compile("^Replace by"))

    @property
    def pixel(self) -> float:
        """How many CSS pixels one of the photo's has."""
        return box_of(self.root)["width"] / 600

    def middle(self) -> Place:
        box = box_of(self.subject)
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, by: Place, start: Place | None = None) -> None:
        """With the mouse, by pixels of the photo; the button stays down."""
        x, y = start or self.middle()
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + by[0] * self.pixel, y + by[1] * self.pixel, steps=4)

    def drop(self) -> None:
        self.page.mouse.up()
        self.rest()

    def rest(self) -> None:
        """Wait until the server's picture has taken the layers' place."""
        expect(self.root).not_to_have_attribute("data-shown", "", timeout=PATIENT)
        self.settle(self.page)

    def reds(self) -> tuple[int, int, int, int]:
        """Where the block is in the file: left, top, right and bottom."""
        with self.page.expect_download(timeout=PATIENT) as download:
            self.page.locator(f".st-key-save_{INPUT_ALPHA.name} button:visible").click()
        return reds(download.value)

    def slider(self, name: str) -> Locator:
        return self.page.get_by_role("slider", name=name)


def reds(download: Download) -> tuple[int, int, int, int]:
    return reds_in(download.path().read_bytes())


def reds_in(file: bytes) -> tuple[int, int, int, int]:
    pixels = np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))
    near = np.abs(pixels.astype(int) - RED).max(2) < 40
    rows, columns = np.flatnonzero(near.any(1)), np.flatnonzero(near.any(0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def moved(across: float, down: float) -> tuple[int, int, int, int]:
    left, top, right, bottom = BOX
    places = left + across, top + down, right + across, bottom + down
    return tuple(map(round, places))  # type: ignore[return-value]


@pytest.fixture
def photo(tmp_path: Path) -> Callable[..., Path]:
    """photo(box=BOX) -> the path of a picture with a red block there, on nothing."""

    def made(box: tuple[int, int, int, int] = BOX) -> Path:
        picture = Image.new("RGBA", (600, 400))
        picture.paste((*RED, 255), box)
        path = tmp_path / "block.png"
        picture.save(path)
        return path

    return made


@pytest.fixture
def card(
    open_page: Callable[..., Page],
    settle: Settle,
    serve: Callable[..., str],
    photo: Callable[..., Path],
) -> Callable[..., Card]:
    """card(box=BOX, **as open_page) -> the card, with the panel open."""

    def opened(box: tuple[int, int, int, int] = BOX, **how: object) -> Card:
        page = open_page(serve(APP), **how)
        page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(photo(box))
        expect(page.get_by_role("button", name="Run 2 models")).to_be_visible(timeout=PATIENT)
        settle(page)
        page.get_by_role("radio", name="Replace", exact=True).click()
        settle(page)
        page.locator(".st-key-panel").get_by_role("radio", name="Placement").click()
        settle(page)
        there = Card(page, settle)
        expect(there.subject).to_be_visible(timeout=PATIENT)
        page.wait_for_timeout(600)  # the page scrolls to the cards
        return there

    return opened


@contextmanager
def nothing_moves(card: Card) -> Iterator[None]:
    before = box_of(card.image)
    yield
    assert box_of(card.image) == before


def test_a_subject_is_dragged_and_the_file_has_it_there(card: Callable[..., Card]) -> None:
    there = card()
    assert there.reds() == pytest.approx(BOX, abs=2)
    with nothing_moves(there):
        there.drag((130, -40))
        expect(there.root).to_have_attribute("data-shown", "")
        there.drop()
    assert there.reds() == pytest.approx(moved(130, -40), abs=3)
    expect(there.slider("Subject, to the right")).to_have_value(re.compile(r"^0\.2[12]"))
    there.page.get_by_role("button", name="Put back").click()
    there.settle(there.page)
    assert there.reds() == pytest.approx(BOX, abs=2)


def test_it_snaps_to_the_middle_and_to_the_ground_but_not_with_alt(
    card: Callable[..., Card],
) -> None:
    there = card()
    near = 4 / there.pixel  # within the reach of what snaps
    there.drag((100 - near, near))  # its middle is at 200: nearly half the width is 300
    expect(there.root.locator(".guide.across")).to_be_visible()
    expect(there.root.locator(".guide.down")).to_be_visible()
    there.drop()
    expect(there.root.locator(".guide.across")).to_be_hidden()
    assert there.reds() == pytest.approx(moved(100, 0), abs=2)
    there.page.keyboard.down("Alt")
    there.drag((near, near))
    expect(there.root.locator(".guide.across")).to_be_hidden()
    there.drop()
    there.page.keyboard.up("Alt")
    assert there.reds() == pytest.approx(moved(100 + near, near), abs=2)
    there.drag((0, 100 - 2 * near))
    expect(there.root.locator(".guide.down")).to_be_visible()  # the lower edge
    there.drop()
    assert there.reds()[3] == pytest.approx(400, abs=2)


def test_held_still_it_lets_go_of_what_it_has_snapped_to(card: Callable[..., Card]) -> None:
    there = card()
    near = 5 / there.pixel
    there.drag((100 - near, -60))
    guide = there.root.locator(".guide.across")
    expect(guide).to_be_visible()
    expect(guide).to_be_hidden()
    there.drop()
    assert there.reds() == pytest.approx(moved(100 - near, -60), abs=2)


def test_a_corner_and_the_wheel_scale_it_about_its_foot(card: Callable[..., Card]) -> None:
    there = card()
    corner = box_of(there.root.locator("[data-corner]").first)
    start = corner["x"] + corner["width"] / 2, corner["y"] + corner["height"] / 2
    there.drag((25, 100), start)
    there.drop()
    assert there.reds() == pytest.approx((175, 200, 225, 300), abs=3)
    there.page.mouse.click(*there.middle())  # without the focus, the wheel is the page's
    for _ in range(3):
        there.page.mouse.wheel(0, -40)
    there.rest()
    left, top, right, bottom = there.reds()
    assert (left + right) / 2 == pytest.approx(200, abs=2)
    assert bottom == pytest.approx(300, abs=2)
    assert bottom - top > 120


def test_keys_move_and_scale_it(card: Callable[..., Card]) -> None:
    there = card()
    there.subject.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Shift+ArrowRight"):
        there.page.keyboard.press(key)
    expect(there.root.locator(".status")).to_have_text(
        "Subject 2% to the right, -1% down, 100% in size"
    )
    there.rest()
    expect(there.subject).to_be_focused()
    assert there.reds() == pytest.approx(moved(12.6, -4), abs=2)
    there.subject.focus()
    for _ in range(3):
        there.page.keyboard.press("-")
    there.rest()
    _, top, _, bottom = there.reds()
    assert bottom - top == pytest.approx(200 / 1.05**3, abs=3)
    there.subject.focus()
    there.page.keyboard.press("ArrowLeft")
    there.page.keyboard.press("Escape")
    expect(there.root).not_to_have_attribute("data-shown", "")
    there.page.wait_for_timeout(700)
    assert there.reds()[1] == pytest.approx(top, abs=1)


def test_what_the_photo_s_edge_cuts_off_is_held_there_and_told_of_elsewhere(
    card: Callable[..., Card],
) -> None:
    there = card((150, 100, 250, 400))
    there.drag((60, -80))
    there.drop()
    assert there.reds() == pytest.approx((210, 100, 310, 400), abs=3)
    told = there.page.get_by_text("The photo's lower edge cuts the subject off").first
    expect(told).to_be_hidden()
    there.page.keyboard.down("Alt")
    there.drag((0, -80))
    there.drop()
    there.page.keyboard.up("Alt")
    expect(told).to_be_visible()
    assert there.reds()[3] == pytest.approx(320, abs=3)


def test_a_subject_that_its_photo_s_edge_holds_says_why_it_stays(card: Callable[..., Card]) -> None:
    there = card((0, 100, 600, 400))
    picture = box_of(there.root)
    for corner in map(box_of, there.root.locator("[data-corner]").all()):  # none is clipped
        for at, side in (("x", "width"), ("y", "height")):
            middle = corner[at] + corner[side] / 2 - picture[at]
            assert 6 <= middle <= picture[side] - 6
    why = there.root.locator(".held")
    expect(why).to_have_css("opacity", "0")
    there.drag((120, -60))
    expect(why).to_have_css("opacity", "1")
    expect(there.root.locator(".status")).to_have_text(re.compile("held where the photo's edge"))
    there.drop()
    expect(why).to_have_css("opacity", "0", timeout=PATIENT)
    there.page.keyboard.down("Alt")
    there.drag((120, -60))
    expect(there.root).not_to_have_attribute("data-held", "")
    expect(there.root.locator(".status")).not_to_have_text(re.compile("held"))
    there.drop()
    there.page.keyboard.up("Alt")


def test_a_picture_behind_is_dragged_zoomed_and_dead_where_it_fits(
    card: Callable[..., Card], tmp_path: Path
) -> None:
    there = card()
    page = there.page
    sea = tmp_path / "sea.png"
    waves = np.random.default_rng(0).integers(0, 90, (400, 900, 3), np.uint8)
    Image.fromarray(waves).save(sea)
    page.locator(".st-key-fill").get_by_role("radio", name="Picture").click()
    there.settle(page)
    page.get_by_test_id("stFileUploaderDropzoneInput").last.set_input_files(sea)
    across, down = there.slider("Picture, left to right"), there.slider("Picture, top to bottom")
    expect(across).to_be_enabled(timeout=PATIENT)
    there.settle(page)
    expect(down).to_be_disabled()
    expect(page.get_by_text("fits exactly from top to bottom: zoom in to move it")).to_be_visible()
    page.locator(".st-key-cards").evaluate("e => e.scrollIntoView()")
    ground = box_of(there.root)
    start = ground["x"] + 0.8 * ground["width"], ground["y"] + 0.3 * ground["height"]
    before = there.image.get_attribute("src")
    there.drag((90, 50), start)
    there.drop()
    expect(there.image).not_to_have_attribute("src", before or "", timeout=PATIENT)
    # 300 of its 900 pixels stick out: 90 are 30% of that.
    expect(across).to_have_value(re.compile(r"^0\.(19|2)"))
    expect(there.slider("Subject, to the right")).to_have_value("0")
    grip = there.root.locator(".grip")
    grip.focus()
    for _ in range(3):
        page.keyboard.press("+")
    page.keyboard.press("ArrowUp")
    there.rest()
    expect(down).to_be_enabled()
    expect(there.slider("Picture's zoom")).to_have_value(re.compile(r"^1\.1[56]"))


def test_a_frame_that_follows_the_subject_leaves_nothing_to_drag(
    card: Callable[..., Card],
) -> None:
    there = card()
    page = there.page
    panels = page.locator(".st-key-panel")
    panels.get_by_role("radio", name="Frame").click()
    there.settle(page)
    page.locator(".st-key-frame_crop").get_by_text("Subject", exact=True).click()
    there.settle(page)
    panels.get_by_role("radio", name="Placement").click()
    there.settle(page)
    expect(there.slider("Subject, to the right")).to_be_disabled()
    why = page.get_by_text("show all of the photo under Frame")
    expect(why).to_be_visible()
    assert box_of(why)["y"] < box_of(there.slider("Subject, to the right"))["y"]
    expect(there.subject).to_have_count(0)


def test_each_photo_has_its_own_place_and_a_page_loaded_anew_keeps_it(
    card: Callable[..., Card], tmp_path: Path
) -> None:
    there = card()
    there.drag((90, -30))
    there.drop()
    page = there.page
    page.reload()
    expect(page.get_by_role("button", name="Run 2 models")).to_be_visible(timeout=PATIENT)
    there.settle(page)
    assert there.reds() == pytest.approx(moved(90, -30), abs=3)


def test_on_a_phone_fingers_drag_and_scale_it_in_sight(card: Callable[..., Card]) -> None:
    there = card(mobile=True)
    expect(there.image).to_be_in_viewport(ratio=1)
    scrolled = "document.querySelector('.stMain').scrollTop"
    before = there.page.evaluate(scrolled)
    (x, y), by = there.middle(), 20.0
    with fingers(there.page) as touch, nothing_moves(there):
        touch("Start", [(x, y)])
        for step in range(1, 5):
            touch("Move", [(x + by * step / 4, y - by * step / 4)])
        expect(there.root).to_have_attribute("data-shown", "")
        touch("End", [])
        there.rest()
    assert there.page.evaluate(scrolled) == before
    left, top, _, bottom = there.reds()
    assert left == pytest.approx(150 + by / there.pixel, abs=5)
    assert top == pytest.approx(100 - by / there.pixel, abs=5)
    x, y = there.middle()
    with fingers(there.page) as touch:
        touch("Start", [(x, y - 20)])
        touch("Start", [(x, y - 20), (x, y + 20)])
        for spread in (22, 25):
            touch("Move", [(x, y - spread), (x, y + spread)])
        touch("End", [])
        there.rest()
    _, after_top, _, after_bottom = there.reds()
    assert after_bottom - after_top == pytest.approx(1.25 * (bottom - top), abs=12)


def test_on_a_phone_a_finger_beside_the_subject_scrolls_the_page(
    card: Callable[..., Card],
) -> None:
    there = card(mobile=True)
    scrolled = "document.querySelector('.stMain').scrollTop"
    box = box_of(there.root)
    x, y = box["x"] + 0.9 * box["width"], box["y"] + 0.8 * box["height"]
    before = there.page.evaluate(scrolled)
    with fingers(there.page) as touch:
        touch("Start", [(x, y)])
        for step in range(1, 6):
            touch("Move", [(x, y - 20 * step)])
        touch("End", [])
    there.page.wait_for_function(f"before => {scrolled} > before", arg=before)
    expect(there.root).not_to_have_attribute("data-shown", "")


@pytest.mark.parametrize("mobile", [False, True])
def test_the_open_panel_has_no_grave_barrier(
    card: Callable[..., Card], tmp_path: Path, mobile: bool
) -> None:
    there = card((200, 20, 600, 400), mobile=mobile)  # to the lower right corner
    there.page.locator(".st-key-fill").get_by_role("radio", name="Picture").click()
    there.settle(there.page)
    behind = there.page.get_by_test_id("stFileUploaderDropzoneInput").last
    behind.set_input_files(tmp_path / "block.png")
    expect(there.root.locator(".grip")).to_be_visible(timeout=PATIENT)
    there.settle(there.page)
    grip = box_of(there.root.locator(".grip"))
    for corner in there.root.locator("[data-corner]").all():
        at = box_of(corner)
        beside = [abs(at[axis] - grip[axis]) >= 43.5 for axis in ("x", "y")]
        assert any(beside), (at, grip)
    assert barriers(there.page) == []


def test_the_original_over_a_held_card_says_that_its_subject_was_put_elsewhere(
    card: Callable[..., Card],
) -> None:
    there = card()
    there.drag((130, -40))
    there.drop()
    page = there.page
    page.locator(".st-key-panel").get_by_role("radio", name="Placement").click()  # closes it
    there.settle(page)
    place = box_of(there.image)
    page.mouse.move(place["x"] + 20, place["y"] + 20)
    page.mouse.down()
    told = page.locator(".held-original").get_by_text("not where it is in the Original")
    expect(told).to_be_in_viewport(ratio=1)
    page.mouse.up()
    expect(told).to_have_count(0)


def test_the_zoom_lies_place_for_place_and_shows_the_subject_where_it_was_put_too(
    card: Callable[..., Card],
) -> None:
    there = card()
    there.drag((130, -40))
    there.drop()
    page, dialog = there.page, there.page.get_by_role("dialog")
    page.locator(f".st-key-zoom_{INPUT_ALPHA.name} button:visible").click()

    def seen(name: str) -> tuple[int, int, int, int]:
        image = dialog.locator("figure").get_by_role("img", name=name, exact=True)
        expect(image).to_be_visible(timeout=PATIENT)
        return reds_in(page.request.get(image.evaluate("e => e.src")).body())

    assert seen("Original") == pytest.approx(BOX, abs=2)
    assert seen(INPUT_ALPHA.label) == pytest.approx(BOX, abs=2)
    told = dialog.get_by_text("Placed shows it where you put it")
    expect(told).to_be_in_viewport(ratio=1)
    expect(dialog.get_by_role("button", name="Next edge")).to_be_enabled()
    dialog.get_by_role("button", name="Placed", exact=True).click()
    expect(dialog.get_by_text("not where it is in the Original")).to_be_visible(timeout=PATIENT)
    there.settle(page)
    assert seen(INPUT_ALPHA.label) == pytest.approx(moved(130, -40), abs=3)
    expect(dialog.get_by_role("button", name="Next edge")).to_be_disabled()
    page.keyboard.press("Escape")
    there.settle(page)
    page.get_by_role("button", name="Put back").click()
    there.settle(page)
    page.locator(f".st-key-zoom_{INPUT_ALPHA.name} button:visible").click()
    expect(dialog.get_by_role("button", name="Replace", exact=True)).to_be_visible(timeout=PATIENT)
    expect(dialog.get_by_role("button", name="Placed", exact=True)).to_have_count(0)
