"""A press on a download button while its page is drawn anew."""

import threading
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.scriptrunner_utils.script_run_context_attr import (
    SCRIPT_RUN_CONTEXT_ATTR_NAME,
)

from ui import pressed

type Draw = Callable[..., str]


@pytest.fixture
def drawn() -> threading.Event:
    """Set while nothing is being drawn."""
    event = threading.Event()
    event.set()
    return event


@pytest.fixture
def files(drawn: threading.Event) -> MediaFileManager:
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    pressed.wait_for(manager, lambda session: drawn.is_set())
    return manager


@pytest.fixture
def draw(files: MediaFileManager) -> Draw:
    """draw(session, **what each button makes) -> the name of the last button's file; what was drawn
    for the session before is forgotten, as Streamlit does it."""

    def page(session: str, **buttons: bytes) -> str:
        names: list[str] = []

        def script() -> None:
            files.clear_session_refs(session)
            for number, (button, made) in enumerate(buttons.items()):
                name = files.add_deferred(
                    partial(bytes, made), "text/plain", f"{number}", f"{button}.txt",
                    element_id=button,
                )  # fmt: skip
                names.append(name)
            files.remove_orphaned_files()

        thread = threading.Thread(target=script)
        setattr(thread, SCRIPT_RUN_CONTEXT_ATTR_NAME, SimpleNamespace(session_id=session))
        thread.start()
        thread.join()
        return names[-1]

    return page


def content(files: MediaFileManager, url: str) -> bytes:
    storage = files._storage
    assert isinstance(storage, MemoryMediaFileStorage)
    return storage.get_file(url.rpartition("/")[2]).content


def test_a_press_gets_the_file_of_the_page_as_it_is_now(
    files: MediaFileManager, draw: Draw
) -> None:
    old = draw("ann", other=b"other", zip=b"PNG")
    draw("bob", zip=b"of another visit")
    draw("ann", new=b"new", other=b"other", zip=b"WebP")
    assert content(files, files.execute_deferred(old)) == b"WebP"


def test_a_press_waits_until_the_page_is_drawn(
    files: MediaFileManager, draw: Draw, drawn: threading.Event
) -> None:
    old = draw("ann", zip=b"PNG")
    drawn.clear()
    urls: list[str] = []
    press = threading.Thread(target=lambda: urls.append(files.execute_deferred(old)))
    press.start()
    draw("ann", zip=b"WebP")
    assert urls == []
    drawn.set()
    press.join(20)
    assert content(files, urls[0]) == b"WebP"


def test_a_page_that_never_ends_doesn_t_keep_its_files(
    files: MediaFileManager, draw: Draw, drawn: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pressed, "PATIENCE", 0.05)
    old = draw("ann", zip=b"PNG")
    drawn.clear()
    assert content(files, files.execute_deferred(old)) == b"PNG"


def test_names_of_long_ago_are_forgotten(
    files: MediaFileManager, draw: Draw, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pressed, "NAMES", 2)
    old = draw("ann", zip=b"PNG")
    for number in range(3):
        new = draw("ann", zip=b"%d" % number)
    assert content(files, files.execute_deferred(new)) == b"2"
    with pytest.raises(Exception, match="not found"):
        files.execute_deferred(old)
