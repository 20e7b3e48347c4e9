"""What a person pressed is called back, whatever the page is asked right after.

Streamlit stops a run of the page as soon as a newer one is wanted: also one that is about to call
the callbacks of what was pressed, or is calling one, and one that waits behind another. The newer
run knows nothing of that press. So a run calls back first, and whole; the newer one waits for that,
and calls back what still waited.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime import app_session
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import (
    ScriptRequestType,
    _coalesce_widget_states,
)

PATIENCE = 10.0
"""Seconds that a run waits for the callbacks of the one before."""


class Attentive(ScriptRunner):
    """One or more runs for a session. _heard: set once all is called back. _stopping: a newer one
    has been asked for meanwhile. _waiting: what was pressed for a run that never began."""

    def __init__(self, *, session_id: str, initial_rerun_data: RerunData, **named: Any) -> None:
        self._heard, self._stopping = threading.Event(), False
        self._waiting: WidgetStates | None = None
        before = _latest.get(session_id)
        self._before = before._heard if before else None
        if before and before._waiting:
            states = _coalesce_widget_states(before._waiting, initial_rerun_data.widget_states)
            initial_rerun_data = replace(initial_rerun_data, widget_states=states)
        if initial_rerun_data.widget_states is None:
            self._heard.set()
        _latest[session_id] = self
        super().__init__(session_id=session_id, initial_rerun_data=initial_rerun_data, **named)
        # As an attribute of this object alone: `setattr` would make it the page's own.
        call_back = self._session_state.on_script_will_rerun
        object.__setattr__(
            self._session_state,
            "on_script_will_rerun",
            lambda *told, **how: self._call_back(partial(call_back, *told, **how)),
        )

    def request_stop(self) -> None:
        if not self._heard.is_set():
            self._stopping = True  # of its own accord, after that
            return
        if self._requests._state is ScriptRequestType.RERUN:
            self._waiting = self._requests._rerun_data.widget_states
        super().request_stop()

    def _call_back(self, call: Callable[[], None]) -> None:
        if self._before:
            self._before.wait(PATIENCE)
        self._heard.clear()
        try:
            call()
        finally:
            self._heard.set()

    def _maybe_handle_execution_control_request(self) -> None:
        if self._heard.is_set():
            if self._stopping:
                super().request_stop()
            super()._maybe_handle_execution_control_request()

    def _run_script_thread(self) -> None:
        try:
            super()._run_script_thread()
        finally:
            self._heard.set()


_latest: WeakValueDictionary[str, Attentive] = WeakValueDictionary()
"""By the session."""


def call_back_all() -> None:
    """From now on, in all sessions of this process."""
    vars(app_session)["ScriptRunner"] = Attentive
