"""What all visits share, with each other and with the API: the loaded models, the workers, and the
pictures that are voted on."""

import threading
from collections.abc import Callable
from functools import cache

import streamlit as st
from streamlit.runtime import exists, get_instance
from streamlit.runtime.runtime import RuntimeState
from streamlit.runtime.scriptrunner import get_script_run_ctx

import compositing
from evaluation.votes.pictures import Pictures
from models.interface import Cancelled
from models.running.lanes import Workers, shared_workers
from models.running.pool import shared_pool as pool

__all__ = ["ballot_pictures", "browser_is_there", "pool", "workers"]


def workers() -> Workers:
    """When they are first asked for, what composes pictures is compiled too, so that it is ready by
    the time that somebody has chosen a photo."""
    _warm_up()
    return shared_workers()


@cache
def _warm_up() -> None:
    threading.Thread(target=compositing.warm_up, name="warm-up", daemon=True).start()


@st.cache_resource(show_spinner=False)
def ballot_pictures() -> Pictures:
    """Of what is voted on."""
    return Pictures()


def browser_is_there() -> Callable[[], bool]:
    """A question that a worker may ask: is the tab that this script runs for still open?

    The connection tells, not a timer in the page: browsers slow those down in hidden tabs. While
    the server stops, the question raises Cancelled: no browser will come back to it.
    """
    context = get_script_run_ctx()
    session = context.session_id if context else ""

    def there() -> bool:
        if not exists():  # without a server, as in tests, there is no browser to lose
            return True
        server = get_instance()
        if server.state in (RuntimeState.STOPPING, RuntimeState.STOPPED):
            raise Cancelled
        return server.is_active_session(session)

    return there
