"""Mouse and fingers for the widgets' tests. Places are the photo's pixels, put on the screen."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Locator, Page, expect

type Place = tuple[float, float]


@dataclass
class Canvas:
    page: Page
    size: tuple[int, int] = (4000, 3000)

    @property
    def stage(self) -> Locator:
        return self.page.locator(".stage")

    def on_screen(self, at: Place) -> Place:
        """The whole pixel of the screen that is nearest to a place on the photo."""
        frame = box_of(self.stage)
        return (
            round(frame["x"] + at[0] / self.size[0] * frame["width"]),
            round(frame["y"] + at[1] / self.size[1] * frame["height"]),
        )

    def button(self, name: str) -> Locator:
        return self.page.locator(".canvas").get_by_role("button", name=name, exact=True)

    def tool(self, name: str) -> None:
        self.button(name).click()

    def click(self, at: Place, **how: Any) -> None:
        self.page.mouse.click(*self.on_screen(at), **how)

    def drag(self, start: Place, end: Place) -> tuple[Place, Place]:
        """Drag from one place on the photo to another. Returns both places on the screen."""
        screen = self.on_screen(start), self.on_screen(end)
        self.page.mouse.move(*screen[0])
        self.page.mouse.down()
        self.page.mouse.move(*screen[1], steps=4)
        self.page.mouse.up()
        return screen

    def answer(self) -> dict[str, Any]:
        """What the script got from the canvas."""
        answer: dict[str, Any] = json.loads(self.page.locator(".st-key-answer").inner_text())
        return answer

    def boxes(self, count: int) -> list[list[int]]:
        """The boxes that the script got, once there are `count` of them."""
        boxes: list[list[int]] = self._once("boxes", "value.length === wanted", count)
        return boxes

    def points(self, count: int) -> list[list[int]]:
        points: list[list[int]] = self._once("points", "value.length === wanted", count)
        return points

    def strokes(self, count: int) -> list[dict[str, Any]]:
        strokes: list[dict[str, Any]] = self._once("strokes", "value.length === wanted", count)
        return strokes

    def wait_for(self, name: str, wanted: Any) -> None:
        """Wait until this part of the script's answer is as wanted."""
        self._once(name, "JSON.stringify(value) === JSON.stringify(wanted)", wanted)

    def _once(self, name: str, condition: str, wanted: Any) -> Any:
        script = f"""([name, wanted]) => {{
            const answer = document.querySelector('.st-key-answer').innerText;
            const value = JSON.parse(answer)[name];
            return {condition};
        }}"""
        self.page.wait_for_function(script, arg=[name, wanted], timeout=10_000)
        return self.answer()[name]


def box_of(locator: Locator) -> dict[str, float]:
    box = locator.bounding_box()
    assert box, "not on the screen"
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}


@contextmanager
def fingers(page: Page) -> Iterator[Callable[[str, Sequence[Place]], None]]:
    """touch("Start" | "Move" | "End", a place on the screen for each finger)."""
    session: CDPSession = page.context.new_cdp_session(page)

    def touch(kind: str, places: Sequence[Place]) -> None:
        points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})

    yield touch
    session.detach()


def choose_model(page: Page, model: str) -> None:
    """On the Prompt page."""
    box, options = page.get_by_role("combobox", name="Model"), page.get_by_role("listbox")
    box.click()
    box.press_sequentially(model)  # of a long list, only a part is there
    option = page.get_by_role("option", name=model, exact=True)
    option.click()
    try:
        expect(options).to_have_count(0)
    except AssertionError:
        option.click()  # the list was drawn anew under the first
        expect(options).to_have_count(0)
    expect(box).to_have_value(model)


def slide(canvas: Canvas, start: Place, end: Place) -> None:
    """One finger, from a place on the photo to another."""
    (ax, ay), (bx, by) = canvas.on_screen(start), canvas.on_screen(end)
    with fingers(canvas.page) as touch:
        touch("Start", [(ax, ay)])
        for step in range(1, 6):
            touch("Move", [(ax + (bx - ax) * step / 5, ay + (by - ay) * step / 5)])
        touch("End", [])


def zoomed(page: Page, times: float) -> None:
    """Wait until the photo is so many times as large as where all of it is in view."""
    told = f"{times:g}× as large as the whole photo in view"
    expect(page.locator(".readout")).to_have_attribute("title", told)
