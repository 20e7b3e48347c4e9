"""What browsers send: a message for a fragment that tells of two things is for the whole page; one
of a page that was left isn't heard."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from ui.undivided import Undivided

PRESSED = WidgetState(id="run", trigger_value=True)
ASKED = WidgetState(id="photos", json_trigger_value='["again"]')
MATTE = WidgetState(id="view", string_value="Matte")
BLUR = WidgetState(id="view", string_value="Blur")


def rerun(
    *states: WidgetState, fragment: str = "", auto: bool = False, page: str = "compare"
) -> bytes:
    message = BackMsg()
    message.rerun_script.page_script_hash = page
    message.rerun_script.widget_states.widgets.extend(states)
    message.rerun_script.fragment_id = fragment
    message.rerun_script.is_auto_rerun = auto
    return bytes(message.SerializeToString())


def heard(*sent: bytes | str) -> list[bytes | str]:
    """What the server hears of it."""
    waiting = [{"type": "websocket.receive", _kind(each): each} for each in sent]
    waiting.append({"type": "websocket.disconnect"})
    got: list[bytes | str] = []

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(_: Message) -> None: ...

    async def server(_: Scope, receive: Receive, __: Send) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            got.append(message.get("bytes") or message["text"])

    async def visit() -> None:
        await Undivided(server)({"type": "websocket"}, receive, send)

    with ThreadPoolExecutor(1) as thread:  # in this one Playwright's loop may run
        thread.submit(lambda: asyncio.run(visit())).result()
    return got


def _kind(sent: bytes | str) -> str:
    return "bytes" if isinstance(sent, bytes) else "text"


@pytest.mark.parametrize(
    "told",
    [(PRESSED, ASKED), (BLUR, ASKED), (BLUR, PRESSED)],
    ids=["press", "choice", "choice and press"],
)
def test_two_things_at_once_are_for_the_whole_page(told: tuple[WidgetState, ...]) -> None:
    first = rerun(MATTE)
    assert heard(first, rerun(*told, fragment="job"))[1] == rerun(*told)


@pytest.mark.parametrize("told", [(MATTE, ASKED), (BLUR,), (MATTE,)], ids=["ask", "choice", "none"])
def test_one_thing_stays_in_its_fragment(told: tuple[WidgetState, ...]) -> None:
    sent = [rerun(MATTE), rerun(*told, fragment="job")]
    assert heard(*sent) == sent


def test_a_widget_that_has_just_come_has_the_value_that_it_began_with() -> None:
    sent = [rerun(), rerun(MATTE, ASKED, fragment="job")]
    assert heard(*sent) == sent


def test_a_press_is_not_heard_twice_when_the_clock_asks_meanwhile() -> None:
    sent = [rerun(MATTE), rerun(BLUR, PRESSED, fragment="undo", auto=True), rerun(BLUR, PRESSED)]
    assert heard(*sent) == [sent[0], sent[2]]


def test_a_choice_that_the_clock_came_with_first_is_for_the_whole_page() -> None:
    early = rerun(BLUR, fragment="undo", auto=True)
    assert heard(rerun(MATTE), early, rerun(BLUR, ASKED, fragment="job"))[1:] == [
        rerun(BLUR, ASKED)
    ]


def test_the_clock_is_heard_at_last_where_nothing_else_comes() -> None:
    early = rerun(BLUR, fragment="undo", auto=True)
    assert heard(rerun(MATTE), early, early, early) == [rerun(MATTE), early, early]


def test_the_clock_is_heard_when_nothing_has_changed() -> None:
    sent = [rerun(MATTE), rerun(MATTE, fragment="undo", auto=True)]
    assert heard(*sent) == sent


@pytest.mark.parametrize(
    "late",
    [rerun(BLUR), rerun(MATTE, PRESSED), rerun(MATTE, ASKED), rerun(MATTE, fragment="undo")],
    ids=["choice", "press", "ask", "clock"],
)
def test_a_page_that_was_left_is_not_gone_back_to_by_what_was_on_its_way(late: bytes) -> None:
    before, away, there = rerun(MATTE), rerun(page="prompt"), rerun(PRESSED, page="prompt")
    assert heard(before, away, late, late, there) == [before, away, there]


def test_one_may_go_back_to_a_page_also_before_the_other_has_come() -> None:
    sent = [rerun(MATTE), rerun(page="prompt"), rerun(page="compare"), rerun(MATTE, PRESSED)]
    assert heard(*sent) == sent


@pytest.mark.parametrize("again", ["prompt", "best"], ids=["twice", "on to a third"])
def test_nor_is_it_when_the_way_was_asked_for_once_more(again: str) -> None:
    asked = [rerun(MATTE), rerun(page="prompt"), rerun(page=again)]
    late = [rerun(MATTE, fragment="undo", auto=True), rerun(MATTE, PRESSED)]
    there = rerun(PRESSED, page=again)
    assert heard(*asked, *late, there) == [*asked, there]


def test_the_same_press_again_is_no_way_back() -> None:
    pressed, away = rerun(MATTE, PRESSED), rerun(page="prompt")
    assert heard(pressed, away, pressed) == [pressed, away]


def test_the_server_may_lead_back_to_the_page_that_was_left() -> None:
    there = rerun(PRESSED, page="prompt")
    sent = [rerun(MATTE), rerun(page="prompt"), there, rerun(MATTE, PRESSED)]
    assert heard(*sent) == sent


def test_where_the_server_keeps_to_a_page_that_one_is_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ui.undivided.LATE", 0.0)
    sent = [rerun(MATTE), rerun(page="gone"), rerun(MATTE, PRESSED)]
    assert heard(*sent) == sent


@pytest.mark.parametrize(
    "sent", [b"\xff\xff", "words", BackMsg(clear_cache=True).SerializeToString()]
)
def test_what_is_something_else_passes(sent: Any) -> None:
    assert heard(sent) == [sent]
