"""What all visits share: the loaded models, the workers, and the pictures that are voted on."""

import threading
from collections.abc import Callable

import streamlit as st
from streamlit.runtime import exists, get_instance
from streamlit.runtime.runtime import RuntimeState
from streamlit.runtime.scriptrunner import get_script_run_ctx

import compositing
from evaluation.votes.pictures import Pictures
from models.interface import Cancelled
from models.running.lanes import Workers
from models.running.pool import Pool


@st.cache_resource(show_spinner=False)
def pool() -> Pool:
    return Pool()


@st.cache_resource(show_spinner=False)
def workers() -> Workers:
    """Made when the first page opens. What composes pictures is compiled then too, so that it is
    ready by the time that somebody has chosen a photo."""
    threading.Thread(target=compositing.warm_up, name="warm-up", daemon=True).start()
    return Workers()


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
