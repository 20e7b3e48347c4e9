"""A press on a download button means the button as it will be drawn.

Each time that a page is drawn, Streamlit gives its buttons new names for the files that they make
once they're pressed. A press while the page is drawn anew, as just after another format was chosen,
comes under the old name: it would get the file of before, or none.
"""

import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from streamlit.runtime import get_instance
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

NAMES = 10_000
"""How many names are known: those of all pages in the last minutes."""

PATIENCE = 60.0
"""Seconds that a press waits for a page that is being drawn."""


@lru_cache(maxsize=1)
def wait_for_pages(files: MediaFileManager) -> None:
    """From now on, presses that `files` is told of wait until their page is drawn."""
    wait_for(files, is_drawn)


def wait_for(files: MediaFileManager, drawn: Callable[[str], bool]) -> None:
    """As `wait_for_pages`. drawn: whether nothing is being drawn for the session with that name."""
    add, make = files.add_deferred, files.execute_deferred
    buttons: dict[str, tuple[str, str]] = {}  # session and button, by the names of files
    lock = threading.Lock()

    def added(*told: Any, element_id: str = "", **named: Any) -> str:
        name = add(*told, element_id=element_id, **named)
        if element_id and (context := get_script_run_ctx()):
            with lock:
                buttons[name] = (context.session_id, element_id)
                while len(buttons) > NAMES:
                    del buttons[next(iter(buttons))]
        return name

    def pressed(file_id: str) -> str:
        if button := buttons.get(file_id):
            last = time.monotonic() + PATIENCE
            while not drawn(button[0]) and time.monotonic() < last:
                time.sleep(0.02)
            with lock:
                file_id = next(name for name in reversed(buttons) if buttons[name] == button)
        return make(file_id)

    files.add_deferred, files.execute_deferred = added, pressed  # type: ignore[method-assign]


def is_drawn(session: str) -> bool:
    there = get_instance().get_app_session(session)
    return there is None or there._scriptrunner is None
