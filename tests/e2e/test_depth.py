"""The floor and the focus are dragged on the photo itself, and a network tells the depth."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from benchmarks.thin_lens import rooms
from models.catalog import DEPTHS
from tests.tiny_depth import save_depth_anything

APP = Path(__file__).parents[2] / "app.py"
PATIENT = 60_000

type Settle = Callable[[Page], None]


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("photos")
    for name, size in (("upright", (1200, 900)), ("wide", (900, 1200))):
        Image.fromarray(next(rooms(*size)).photo).save(folder / f"{name}.png")
    return [folder / "upright.png", folder / "wide.png"]


@pytest.fixture(scope="module")
def url(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The app with a small network with random weights for the depth."""
    weights = tmp_path_factory.mktemp("weights")
    save_depth_anything(weights / DEPTHS[0].name)
    return serve(APP, {"CUTOUT_WEIGHTS": str(weights), "HF_HUB_OFFLINE": "1"})


def portrait(page: Page, settle: Settle, photos: list[Path]) -> None:
    """Blurred by depth, with the panel open."""
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(photos)
    settle(page)
    page.get_by_role("button", name=re.compile("^Run 2 models")).click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)
    page.get_by_text("Blur", exact=True).click()
    settle(page)
    page.get_by_text("Portrait", exact=True).first.click()
    settle(page)


def result(page: Page) -> str:
    card = page.get_by_role("img", name="Blur by U²-Net-P")
    expect(card).to_be_visible(timeout=PATIENT)
    return card.get_attribute("src") or ""


def line(page: Page, name: str) -> Locator:
    return page.locator(".over").get_by_role("slider", name=name)


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_lines_follow_mouse_and_keys_and_a_press_sets_the_focus(
    open_page: Callable[..., Page], settle: Settle, url: str, photos: list[Path]
) -> None:
    page = open_page(url)
    portrait(page, settle, photos[1:])
    photo, horizon, feet = page.locator(".over .photo"), line(page, "Horizon"), line(page, "Feet")
    original = page.locator(".st-key-original img").bounding_box()
    over = photo.bounding_box()
    assert original
    assert over
    assert abs(over["y"] - original["y"]) < 1
    assert abs(over["height"] - original["height"]) < 1  # all of the photo, and nothing moved
    expect(photo).not_to_have_attribute("data-by-hand", "")
    found = result(page)

    x, y = middle(horizon)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, over["y"] + 0.2 * over["height"], steps=4)
    expect(horizon).to_have_attribute("aria-valuetext", "20% from the top")
    assert result(page) == found  # the server hears of it at the end
    page.mouse.up()
    settle(page)
    dragged = result(page)
    assert dragged != found
    expect(page.locator(".st-key-floor").get_by_role("slider").first).to_have_attribute(
        "aria-valuetext", "20%"
    )
    expect(page.get_by_role("switch", name="Set the floor")).to_be_checked()

    feet.focus()
    before = float(feet.get_attribute("aria-valuenow") or 0)
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    expect(feet).to_have_attribute("aria-valuenow", f"{before + 3:g}")
    page.wait_for_timeout(500)
    settle(page)
    by_keys = result(page)
    assert by_keys not in (found, dragged)

    photo.click(position={"x": 12, "y": 12})
    settle(page)
    focus = page.locator(".over .focus")
    expect(focus).to_have_attribute("aria-label", re.compile("from the left"))
    focused = result(page)
    assert focused != by_keys
    focus.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(500)
    settle(page)
    page.locator(".st-key-focus_back button:visible").click()
    settle(page)
    expect(focus).to_have_attribute("aria-label", re.compile("the subject"))
    assert result(page) == by_keys


def test_a_finger_drags_a_line_with_the_result_in_sight_and_scrolls_beside_it(
    open_page: Callable[..., Page], settle: Settle, url: str, photos: list[Path]
) -> None:
    page = open_page(url, mobile=True)
    portrait(page, settle, photos[:1])
    found = result(page)
    expect(page.get_by_role("img", name="Blur by U²-Net-P")).to_be_in_viewport(ratio=1)
    finger = page.context.new_cdp_session(page)

    def swipe(x: float, start: float, end: float) -> None:
        touch = "Input.dispatchTouchEvent"
        finger.send(touch, {"type": "touchStart", "touchPoints": [{"x": x, "y": start}]})
        for part in (0.2, 0.4, 0.6, 0.8, 1):
            at = {"x": x, "y": start + part * (end - start)}
            finger.send(touch, {"type": "touchMove", "touchPoints": [at]})
        finger.send(touch, {"type": "touchEnd", "touchPoints": []})

    x, y = middle(line(page, "Feet"))
    swipe(x, y, y + 14)
    settle(page)
    assert result(page) != found
    expect(page.locator(".over .photo")).to_have_attribute("data-by-hand", "")
    panel = "document.querySelector('.st-key-panel_open').scrollTop"
    before = page.evaluate(panel)
    place = page.locator(".over .photo").bounding_box()
    assert place
    swipe(x, place["y"] + 10, place["y"] - 80)
    page.wait_for_function(f"{panel} > {before} + 20")
    settle(page)
    expect(page.locator(".over .focus")).to_have_attribute("aria-label", re.compile("the subject"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_floor_is_one_photo_s_until_it_is_used_for_all(
    open_page: Callable[..., Page], settle: Settle, url: str, photos: list[Path]
) -> None:
    page = open_page(url)
    portrait(page, settle, photos)

    def turn_to(number: int) -> None:
        page.locator(".st-key-strip .photo").nth(number).click()
        settle(page)

    turn_to(0)
    line(page, "Horizon").focus()
    page.keyboard.press("Home")
    page.wait_for_timeout(500)
    settle(page)
    told = line(page, "Horizon").get_attribute("aria-valuetext")
    turn_to(1)
    expect(page.locator(".over .photo")).not_to_have_attribute("data-by-hand", "")
    turn_to(0)
    expect(page.locator(".over .photo")).to_have_attribute("data-by-hand", "")
    page.locator(".st-key-floor_shared button:visible").click()
    settle(page)
    turn_to(1)
    expect(line(page, "Horizon")).to_have_attribute("aria-valuetext", told or "")


def test_a_network_tells_the_depth_in_the_lane(
    open_page: Callable[..., Page], settle: Settle, url: str, photos: list[Path]
) -> None:
    page = open_page(url)
    portrait(page, settle, photos[1:])
    by_floor = result(page)
    tellers = page.locator(".st-key-depth_from").get_by_role("radio")
    lefts = {
        teller.evaluate("e => e.closest('label').getBoundingClientRect().left")
        for teller in tellers.all()
    }
    assert len(lefts) == 1  # one below the other: their names are long
    page.locator(".st-key-depth_from").get_by_text(DEPTHS[0].label).click()
    settle(page)
    expect(page.get_by_text("the depth of this photo isn't seen yet").first).to_be_visible()
    assert result(page) == by_floor
    expect(page.locator(".over .line").first).to_be_hidden()
    page.locator(".st-key-see_depth button:visible").click()
    expect(page.get_by_text("of which the network took")).to_be_visible(timeout=PATIENT)
    settle(page)
    by_network = result(page)
    assert by_network != by_floor
    expect(page.get_by_text("the depth of this photo isn't seen yet")).to_have_count(0)
    page.locator(".over .photo").click(position={"x": 12, "y": 12})
    settle(page)
    assert result(page) not in (by_network, by_floor)
