"""What a person pressed is called back, whatever the page is asked right after.

Streamlit gives a run of the page up as soon as a newer one is wanted: also while it's about to call
the callbacks of what was pressed, or is calling one. The newer run knows nothing of that press. So
callbacks are called first, and whole. A run that has yet to begin is joined with the newer one,
with what was pressed, as `runner.fastReruns` is off.
"""

from typing import Any

from streamlit.runtime import app_session
from streamlit.runtime.scriptrunner import ScriptRunner


class Attentive(ScriptRunner):
    def __init__(self, *told: Any, **named: Any) -> None:
        super().__init__(*told, **named)
        self._calling_back = False
        begin = self._session_state.on_script_will_rerun

        def called_back(*told: Any, **named: Any) -> None:
            self._calling_back = True
            try:
                begin(*told, **named)
            finally:
                self._calling_back = False

        # As an attribute of the state it would be the page's.
        object.__setattr__(self._session_state, "on_script_will_rerun", called_back)

    def _maybe_handle_execution_control_request(self) -> None:
        if not self._calling_back:
            super()._maybe_handle_execution_control_request()


def call_back_all() -> None:
    """From now on, in all sessions of this process."""
    vars(app_session)["ScriptRunner"] = Attentive
