"""Pictures that take long, made in threads: the page's script never waits for one."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

import streamlit as st

KEPT = 8
"""For each visit; the JPEG of a 12-megapixel photo takes some 5 MB."""

log = logging.getLogger(__name__)


class Sharp:
    """A visit's full-size pictures."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads, self._lock = threads, threading.Lock()
        self._kept = OrderedDict[str, Future[bytes]]()

    def want(self, wanted: Mapping[str, Callable[[], bytes]]) -> dict[str, Future[bytes]]:
        """By their keys, pictures that are made or being made. What was wanted before, isn't now
        and hasn't begun is given up."""
        with self._lock:
            for key in [key for key in self._kept if key not in wanted]:
                if self._kept[key].cancel():
                    del self._kept[key]
            for key, make in wanted.items():
                if key not in self._kept:
                    self._kept[key] = self._threads.submit(_told, make)
                self._kept.move_to_end(key)
            while len(self._kept) > max(KEPT, len(wanted)):
                self._kept.popitem(last=False)
            return {key: self._kept[key] for key in wanted}


def _told(make: Callable[[], bytes]) -> bytes:
    try:
        return make()
    except Exception:
        log.exception("A full-size picture could not be made.")
        raise


@cache
def threads() -> ThreadPoolExecutor:
    """All visits': two at a time, so that what else the processor has to do gets its turn."""
    return ThreadPoolExecutor(2, "sharp")


@st.cache_resource(scope="session", show_spinner=False)
def sharp() -> Sharp:
    """This visit's."""
    return Sharp(threads())
