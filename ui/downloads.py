"""A file that was made for a download stays until the browser has fetched it.

Streamlit takes such a file for one that nobody needs, and drops it when pages were drawn twice
since, anybody's: on a slow machine before the browser has asked for it.
"""

import threading
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Literal

import streamlit as st
from streamlit.runtime import exists, get_instance
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.scriptrunner_utils.script_run_context_attr import (
    SCRIPT_RUN_CONTEXT_ATTR_NAME,
)

from ui.pressed import wait_for_pages

HELD = 60.0
"""Seconds in which a browser, however slow, begins to fetch a file."""


def file_button(
    label: str,
    make: Callable[[], bytes],
    name: str,
    mime: str,
    *,
    key: str,
    icon: str | None = ":material/download:",
    told: str | None = None,
    width: Literal["content", "stretch"] = "content",
) -> None:
    """A button whose file `make` makes once it's pressed. name: the file's; told: what a mouse that
    rests on the button is told."""
    st.download_button(
        label,
        data=lasting(make, name, mime),
        file_name=name,
        mime=mime,
        on_click="ignore",
        icon=icon,
        key=key,
        help=told,
        width=width,
    )


def lasting(make: Callable[[], bytes], name: str, mime: str) -> Callable[[], bytes]:
    """`make`, for a download button with the same name and MIME type."""
    if exists():
        wait_for_pages(get_instance().media_file_mgr)

    def made() -> bytes:
        data = make()
        if exists():
            _hold(get_instance().media_file_mgr, data, name, mime)
        return data

    return made


def _hold(files: MediaFileManager, data: bytes, name: str, mime: str) -> None:
    """Keep a file as if somebody's page showed it; Streamlit's own of the same bytes is the same.
    Whose page that is, Streamlit reads from the thread."""
    holder = f"download-{uuid.uuid4().hex}"

    def hold() -> None:
        files.add(data, mime, "file", file_name=name, is_for_static_download=True)

    def release() -> None:
        files.clear_session_refs(holder)
        for _ in range(2):  # it's only marked the first time
            files.remove_orphaned_files()

    thread = threading.Thread(target=hold)
    setattr(thread, SCRIPT_RUN_CONTEXT_ATTR_NAME, SimpleNamespace(session_id=holder))
    thread.start()
    thread.join()
    timer = threading.Timer(HELD, release)
    timer.daemon = True
    timer.start()
