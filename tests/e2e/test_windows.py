"""The page in windows of every size: its pages, its panels and its pictures are in sight, and no
picture moves when another view or a panel is chosen."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

APP = Path(__file__).parents[2] / "app.py"
PATIENT = 60_000
PAGES = {"Prompt": "prompt", "Best": "best", "Models": "models", "Compare": ""}
ZOOMED = (720, 450)
"""What is left of 1440 × 900 at 200%."""

type Open = Callable[..., Page]
type Settle = Callable[[Page], None]


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve(APP)


def run(page: Page, settle: Settle) -> None:
    page.get_by_role("button", name="Portrait", exact=True).click()
    settle(page)
    expect(page.get_by_role("button", name="Run 2 models")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Run 2 models").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)


def press(page: Page, settle: Settle, name: str) -> None:
    page.locator(".st-key-panel").get_by_role("radio", name=name).click()
    settle(page)


def apart(one: Locator, other: Locator) -> bool:
    """Whether neither covers a part of the other."""
    a, b = one.bounding_box(), other.bounding_box()
    assert a
    assert b
    beside = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
    return beside or a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]


def test_all_pages_are_in_sight_however_the_window_is_resized(
    open_page: Open, settle: Settle, url: str
) -> None:
    page = open_page(url, ZOOMED)
    tabs = page.get_by_role("navigation", name="Pages")
    for size in (ZOOMED, (500, 800), (844, 390), (1440, 900), ZOOMED):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        places = set()
        for name, path in PAGES.items():
            link = tabs.get_by_role("link", name=name, exact=True)
            expect(link).to_be_in_viewport(ratio=1)
            address = link.evaluate("e => e.href")
            link.click()
            settle(page)
            expect(page).to_have_url(address)
            expect(page).to_have_url(re.compile(f"/{path}$"))
            expect(tabs.locator("[aria-current]")).to_have_text(re.compile(f"{name}$"))
            places.add(tabs.evaluate("e => e.getBoundingClientRect().left"))
        assert len(places) == 1 or size == (844, 390), (size, places)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_role("button", name="Choose models", exact=True)).to_be_visible()


VIEWS = [("Overlay",), ("Matte",), ("Cutout",), ("Blur", "Portrait"), ("Blur", "Lens")]
FILLS = ("Colour", "Gradient", "Picture", "Words", "Transparent")


def choose(page: Page, settle: Settle, *names: str) -> None:
    for name in names:
        page.get_by_role("radio", name=name, exact=True).click()
        settle(page)


@pytest.mark.parametrize("mobile", [False, True])
def test_the_picture_stays_where_it_is_whatever_the_view(
    open_page: Open, settle: Settle, url: str, mobile: bool
) -> None:
    page = open_page(url, mobile=mobile)
    sizes = [(390, 844)] if mobile else [(1440, 900), (1024, 768)]
    tops: dict[tuple[int, int], dict[str, float]] = {size: {} for size in sizes}

    def look(when: str) -> None:
        for size in sizes:
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.wait_for_timeout(300)  # a card's width is measured; a page that scrolls has begun
            box = page.locator(".st-key-cards img").first.bounding_box()
            assert box
            tops[size][when] = box["y"]

    def look_at_all(when: str) -> None:
        for view in VIEWS:
            choose(page, settle, *view)
            look(f"{when} {view}")
        choose(page, settle, "Replace")
        for fill in FILLS:
            choose(page, settle, fill)
            look(f"{when} {fill}")

    page.get_by_role("button", name="Portrait", exact=True).click()
    settle(page)
    look_at_all("before")
    page.set_viewport_size({"width": sizes[0][0], "height": sizes[0][1]})
    page.get_by_role("button", name="Run 2 models").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)
    look_at_all("after")
    for measured in tops.values():
        assert max(measured.values()) - min(measured.values()) <= 2, measured
        assert max(measured.values()) <= (233 if mobile else 333)


@pytest.mark.parametrize("size", [ZOOMED, (600, 800)])
def test_in_a_small_window_a_panel_leaves_the_pictures_in_sight_and_escape_closes_it(
    open_page: Open, settle: Settle, url: str, size: tuple[int, int]
) -> None:
    page = open_page(url, size)
    run(page, settle)
    page.locator(".stMain").evaluate("e => e.scrollTo(0, 0)")
    picture, sidebar = (
        page.get_by_role("img", name="Overlay by U²-Net-P"),
        page.get_by_test_id("stSidebar"),
    )
    first = page.locator(".st-key-cards img").first.bounding_box()
    assert first
    assert first["y"] < size[1] / 2
    for name in ("Edges", "Frame"):
        press(page, settle, name)
        expect(sidebar.get_by_role("heading", name=name)).to_be_in_viewport(ratio=1)
        page.wait_for_timeout(700)  # the page scrolls where that's needed
        expect(picture).to_be_in_viewport(ratio=0.99)
        assert apart(picture, sidebar)
        page.keyboard.press("Escape")
        settle(page)
        expect(page.locator(".st-key-panel_open")).to_have_count(0)
        expect(page.locator(".st-key-panel").get_by_role("radio", name=name)).to_be_focused()
        expect(sidebar).to_have_attribute("data-collapsed", "true")
    press(page, settle, "Edges")
    tint, choices = page.get_by_role("combobox", name="Overlay colour"), page.get_by_role("listbox")
    for _ in range(10):  # a list that is open closes when the page scrolls
        page.wait_for_timeout(700)
        if choices.is_visible():
            break
        tint.focus()
        page.keyboard.press("ArrowDown")
    expect(choices).to_be_visible()
    page.keyboard.press("Escape")
    settle(page)
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(page.locator(".st-key-panel_open")).to_be_visible()  # what lies over it closes first
    page.get_by_role("button", name="Collapse sidebar").click()
    settle(page)
    expect(page.locator(".st-key-panel_open")).to_have_count(0)
    press(page, settle, "Edges")
    expect(sidebar).to_have_attribute("data-collapsed", "false")
    page.mouse.click(size[0] - 100, 22)  # Streamlit folds it at a press beside it
    expect(sidebar).to_have_attribute("data-collapsed", "true")
    expect(page.locator(".st-key-panel_open")).to_have_count(0)
    settle(page)
    press(page, settle, "Edges")
    expect(sidebar).to_have_attribute("data-collapsed", "false")
    page.get_by_role("link", name="Prompt", exact=True).click()  # though a press beside it folds it
    expect(page.locator(".canvas")).to_be_visible(timeout=PATIENT)
    settle(page)
    expect(sidebar).to_have_attribute("data-collapsed", "true")
    page.get_by_test_id("stExpandSidebarButton").click()  # by the person: it stays so
    page.get_by_role("link", name="Compare", exact=True).press("Enter")
    settle(page)
    expect(page.locator(".st-key-cards")).to_be_visible()
    expect(sidebar).to_have_attribute("data-collapsed", "false")


@pytest.mark.parametrize("size", [(1440, 900), (844, 390)])
def test_no_panel_moves_or_covers_a_picture(
    open_page: Open, settle: Settle, url: str, size: tuple[int, int]
) -> None:
    page = open_page(url, size)
    run(page, settle)
    panel = page.locator(".st-key-panel_open")
    for kind, panels in {
        "Overlay": ("Frame", "Edges", "Recipe"),
        "Blur": ("Depth", "Frame"),
        "Replace": ("Blend in", "Placement"),
    }.items():
        page.get_by_role("radio", name=kind, exact=True).click()
        settle(page)
        if kind == "Blur":
            page.get_by_role("radio", name="Portrait", exact=True).click()
            settle(page)
            press(page, settle, "Depth")  # it opened by itself
        picture = page.get_by_role("img", name=f"{kind} by U²-Net-P")
        picture.scroll_into_view_if_needed()
        place = "e => e.getBoundingClientRect().top + document.querySelector('.stMain').scrollTop"
        before = picture.evaluate(place)
        for name in panels:
            press(page, settle, name)
            if name == "Frame":
                page.get_by_role("combobox", name="Frame").click()
                page.get_by_role("option", name="ID photo, Germany").click()
                settle(page)
                picture = page.get_by_role("img", name=f"{kind} by U²-Net-P")
            expect(panel.get_by_role("heading", name=name, level=2)).to_be_in_viewport(ratio=1)
            assert picture.evaluate(place) == before, name
            picture.scroll_into_view_if_needed()
            expect(picture).to_be_in_viewport(ratio=0.99)
            assert apart(picture, panel), name
        press(page, settle, panels[-1])
        expect(panel).to_have_count(0)
        page.get_by_role("radio", name=kind, exact=True).scroll_into_view_if_needed()


def test_a_panel_is_in_sight_at_once_where_the_sidebar_is_folded_or_scrolled(
    open_page: Open, settle: Settle, url: str
) -> None:
    page = open_page(url)
    run(page, settle)
    page.get_by_test_id("stSidebarContent").evaluate("e => e.scrollTo(0, e.scrollHeight)")
    press(page, settle, "Edges")
    expect(page.locator(".st-key-feather")).to_be_in_viewport()
    press(page, settle, "Edges")
    page.get_by_test_id("stSidebar").hover()
    page.get_by_role("button", name="Collapse sidebar").click()
    press(page, settle, "Edges")
    expect(page.locator(".st-key-feather")).to_be_in_viewport()
    press(page, settle, "Edges")
    page.set_viewport_size({"width": ZOOMED[0], "height": ZOOMED[1]})
    press(page, settle, "Edges")
    expect(page.locator(".st-key-feather")).to_be_in_viewport()
