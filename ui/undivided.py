"""What a person does is heard by the whole page, also when a part of it asks something just then;
and a page that was left stays left.

A browser sends what happens within a moment in one message, and if something in a fragment is among
that, Streamlit runs the fragment alone: the callback of a button elsewhere is called, or a choice
is taken, and the page doesn't show it. Parts that ask by themselves, such as the film strip, make
that likely. So a message for a fragment that tells of two things becomes one for the whole page.

Until the browser has heard of the page that was asked for, what it sends is for the page before:
the server would go back to that, where what the widgets said is forgotten. So that isn't heard.
"""

import time

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

LATE = 10.0
"""Seconds after which it's the server that has led back to the page before."""


class Undivided:
    """Pure ASGI, around the page's server: looks at what browsers send by their websockets."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            receive = _Ear(receive)
        await self._app(scope, receive, send)


class _Ear:
    """What one browser sends. _before: the widgets' last values. _page: the one last asked for.
    _left: those before, until the browser has heard that they were left."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._before: dict[str, WidgetState] = {}
        self._put_off: dict[str, WidgetState] | None = None
        self._page = ""
        self._left: frozenset[str] = frozenset()
        self._late_until = 0.0

    async def __call__(self) -> Message:
        while True:
            message = await self._receive()
            if not message.get("bytes"):
                return message
            heard = self._heard(message["bytes"])
            if heard is not None:
                return {**message, "bytes": heard}

    def _heard(self, sent: bytes) -> bytes | None:
        """What the server is to hear; None if it comes again at once, or comes too late."""
        try:
            told = BackMsg.FromString(sent)
        except DecodeError:
            return sent  # not ours to judge
        if told.WhichOneof("type") != "rerun_script":
            return sent
        rerun = told.rerun_script
        states = {state.id: state for state in rerun.widget_states.widgets}
        pressed, page = any(map(_pressed, states.values())), rerun.page_script_hash
        only_page = not rerun.fragment_id and not pressed and states.items() <= self._before.items()
        if only_page and (page != self._page or self._left):  # a link may be pressed twice
            self._left, self._page = (self._left | {self._page}) - {page}, page
            self._late_until = time.monotonic() + LATE
            return sent
        if page in self._left and time.monotonic() < self._late_until:
            return None
        self._left, self._page = frozenset(), page
        changed, by_clock = self._changed(states), rerun.fragment_id and rerun.is_auto_rerun
        if by_clock and changed and (pressed or states != self._put_off):
            # What has changed is about to be sent for its own sake, and counts as a change then; a
            # press must not be heard twice. Where nothing has come since, the clock is heard.
            self._put_off = states
            return None
        self._before = states
        if not rerun.fragment_id or by_clock or len(changed) < 2:
            return sent
        rerun.fragment_id = ""
        heard: bytes = told.SerializeToString()
        return heard

    def _changed(self, states: dict[str, WidgetState]) -> set[str]:
        """Widgets that were pressed, or have another value than in the message before. One that is
        heard of for the first time has the value that it began with."""
        before = self._before
        return {
            name
            for name, state in states.items()
            if _pressed(state) or (name in before and before[name] != state)
        }


def _pressed(state: WidgetState) -> bool:
    return (state.WhichOneof("value") or "").endswith("trigger_value")
