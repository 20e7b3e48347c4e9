"""Voting in a browser: by keys, by thumb, two people at once, and with a server that is killed."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from evaluation.votes import Collection
from tests.e2e.axe import barriers
from tests.e2e.components.driver import box_of, fingers
from tests.e2e.conftest import ROOT, free_port, wait_until_healthy
from tests.shops import filled

APP = ROOT / "app.py"

PATIENT = 60_000

type Open = Callable[..., Page]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one server, with a collection for each test."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def collection(data: Path, request: pytest.FixtureRequest) -> Collection:
    return filled(data, request.node.name)


@pytest.fixture
def url(serve: Callable[..., str], collection: Collection) -> str:
    server = serve(APP, {"CUTOUT_DATA": str(collection.base.path.parent)})
    return f"{server}/best?collection={collection.name}"


def verdict(page: Page, name: str) -> Locator:
    return page.locator(".verdicts").get_by_role("button", name=name)


def voted(page: Page, mine: int) -> None:
    """Wait until the server has kept so many of this visit's votes, and there is a next ballot."""
    expect(page.locator(".count")).to_contain_text(f"{mine} by you now", timeout=PATIENT)
    expect(verdict(page, "Both good")).to_be_enabled(timeout=PATIENT)


def shown(page: Page) -> list[str]:
    sources = "images => images.map(image => image.src)"
    found: list[str] = page.locator(".pair img").evaluate_all(sources)
    return found


def test_two_people_vote_at_once(open_page: Open, url: str, collection: Collection) -> None:
    ann, ben = open_page(url), open_page(url, mobile=True, dark=True)
    ann.get_by_placeholder("Your name, if you like").fill("Ann")
    ann.keyboard.press("Enter")
    voted(ann, 0)
    voted(ben, 0)
    assert barriers(ann) + barriers(ben) == []
    for number in range(1, 4):
        verdict(ann, "Left").click()
        ben.locator(".verdicts button").nth(1).tap()
        voted(ann, number)
        voted(ben, number)
    before = shown(ben)
    swiped = box_of(ben.locator("figure").nth(1))
    x, y = swiped["x"] + swiped["width"] / 2, swiped["y"] + swiped["height"] / 2
    with fingers(ben) as touch:
        touch("Start", [(x, y)])
        touch("Move", [(x + 30, y)])
        touch("Move", [(x, y)])
        touch("End", [])  # put back: no vote
        touch("Start", [(x, y)])
        for step in (20, 50, 80):
            touch("Move", [(x - step, y)])
        touch("End", [])
    voted(ben, 4)
    assert shown(ben) != before
    assert ben.evaluate("document.documentElement.scrollWidth <= innerWidth")
    kept = [(cast.voter, cast.verdict) for cast in collection.votes()]
    assert Counter(kept) == {("Ann", "left"): 3, ("", "both good"): 3, ("", "right"): 1}


def test_keys_alone_vote_and_take_back(open_page: Open, url: str, collection: Collection) -> None:
    page = open_page(url)
    voted(page, 0)
    first = shown(page)
    for number, key in enumerate(("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"), 1):
        page.keyboard.press(key)
        voted(page, number)
    page.keyboard.press("Shift+ArrowLeft")  # moves the pictures, where they are zoomed
    said = ["left", "right", "both good", "both bad"]
    assert [cast.verdict for cast in collection.votes()] == said
    for number in (3, 2, 1, 0):
        page.keyboard.press("z")
        voted(page, number)
    assert collection.votes() == []
    assert shown(page) == first
    page.get_by_text("Name the models after a vote").click()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight"):  # faster than the server answers
        page.keyboard.press(key)
    expect(page.locator(".last")).to_contain_text("was better than")
    expect(verdict(page, "Right")).to_be_enabled()
    assert 2 <= len(collection.votes()) <= 3


def test_zooming_moves_both_pictures_together(open_page: Open, url: str) -> None:
    page = open_page(url)
    voted(page, 0)
    left = box_of(page.locator("figure").first)
    page.mouse.move(left["x"] + left["width"] * 0.7, left["y"] + left["height"] * 0.4)
    page.mouse.wheel(0, -400)
    page.mouse.down()
    page.mouse.move(left["x"] + left["width"] * 0.5, left["y"] + left["height"] * 0.5, steps=3)
    page.mouse.up()
    transforms = "images => images.map(image => image.style.transform)"
    one, other = page.locator(".pair img").evaluate_all(transforms)
    assert one == other
    assert "scale(1)" not in one

    # The photo itself, in both places, for as long as the button or its key is held.
    results, seen = shown(page), page.locator(".pair img, .verdicts, .count")
    places = [box_of(each) for each in seen.all()]
    page.get_by_role("button", name="Hold: photo").focus()
    keys, mouse = page.keyboard, page.mouse
    page.get_by_role("button", name="Hold: photo").hover()
    ways: list[tuple[Callable[[], None], Callable[[], None]]] = [
        (mouse.down, mouse.up),
        (partial(keys.down, "Space"), partial(keys.up, "Space")),
        (partial(keys.down, "o"), partial(keys.up, "o")),
    ]
    for hold, release in ways:
        hold()
        photo, same = shown(page)
        assert photo == same
        assert photo not in results
        assert [box_of(each) for each in seen.all()] == places
        assert page.get_by_alt_text("The photo itself").count() == 2
        release()
        assert shown(page) == results
    verdict(page, "Both bad").click()
    voted(page, 1)
    assert page.locator(".pair img").first.evaluate("e => e.style.transform").endswith("scale(1)")


@pytest.mark.parametrize(("size", "mobile"), [((720, 450), False), ((844, 390), True)])
def test_in_a_low_window_results_and_buttons_are_in_sight_together(
    open_page: Open, url: str, size: tuple[int, int], mobile: bool
) -> None:
    page = open_page(url, size, mobile=mobile)
    expect(verdict(page, "Both good")).to_be_enabled(timeout=PATIENT)
    for each in page.locator("figure, .verdicts button").all():
        expect(each).to_be_in_viewport(ratio=1)
    page.locator("[data-testid=stMain]").evaluate("main => main.scrollTo(0, 0)")
    verdict(page, "Both good").dispatch_event("click")
    voted(page, 1)
    expect(page.get_by_text("Recommend")).to_be_in_viewport()  # no vote takes a person away


@contextmanager
def voting_server(data: Path, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """What `cli.py vote` serves, until the end or until it's killed."""
    words = [sys.executable, "cli.py", "vote", "--port", str(port), "--address", "127.0.0.1"]
    with (
        log.open("w") as written,
        subprocess.Popen(
            words,
            cwd=ROOT,
            env={**os.environ, "CUTOUT_DATA": str(data)},
            stdout=written,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", server, log)
            yield server
        finally:
            server.kill()


def test_a_killed_server_loses_no_vote_that_was_counted(browser: Browser, tmp_path: Path) -> None:
    collection = filled(tmp_path)
    port, log = free_port(), tmp_path / "log.txt"
    page = browser.new_page()
    try:
        with voting_server(tmp_path, port, log) as server:
            page.goto(f"http://127.0.0.1:{port}")
            voted(page, 0)
            for number in range(1, 4):
                page.keyboard.press("ArrowLeft")
                voted(page, number)
            page.keyboard.press("ArrowLeft")
            server.send_signal(signal.SIGKILL)
            server.wait()
        assert 3 <= len(collection.votes()) <= 4
        assert "Vote on “Shop” at http://127.0.0.1" in log.read_text()
        kept = len(collection.votes())
        with voting_server(tmp_path, port, log):  # the page finds it again by itself
            again = re.compile(f"0 by you now, {kept} in all")
            # The list says that there is one: for a moment the ballot of before stands beside it.
            expect(page.locator(".count")).to_have_text([again], timeout=PATIENT)
            expect(verdict(page, "Right")).to_be_enabled()
            verdict(page, "Right").click()
            voted(page, 1)
        assert len(collection.votes()) == kept + 1
    finally:
        page.close()
