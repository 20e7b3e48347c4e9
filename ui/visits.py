"""A visit ends some time after its tab was closed, and all that it held goes with it. Until then a
tab that was only loaded anew has it back.

Streamlit keeps the session of a closed tab for two minutes, for a browser that lost the network,
but looks for expired sessions only when the next visitor comes.
"""

import asyncio
import gc
import secrets
from typing import Any

import streamlit as st
from streamlit.runtime import exists, get_instance
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.runtime import RuntimeState
from streamlit.runtime.scriptrunner import ScriptRunContext, get_script_run_ctx
from streamlit.runtime.state import SessionState

from models.running.jobs import Job
from models.running.pool import Pool
from ui.resources import browser_is_there, pool
from ui.state import Bench
from ui.watch import Watch

KEPT = 110.0
"""Seconds that a visit outlives its tab: less than Streamlit's own two minutes, after which it
neither gives the session back nor lets go of it."""

TOGETHER = 1.0
"""Seconds within which visits end together."""

_COLLECTION = "collection"
_ends: dict[str, asyncio.TimerHandle] = {}
_visits: dict[str, "Visit"] = {}
"""By the session, of which a browser that comes back has another visit."""


class Visit:
    """One tab's, from one connection to the loss of it. job: the last that it asked for. token:
    names it, to its tab alone. watch: what is told to that tab past the page's script. bench,
    chosen: what it holds, and how its controls are set. who: has logged in, where that's needed."""

    def __init__(self, context: ScriptRunContext, pool: Pool) -> None:
        self.job: Job | None = None
        self.token = secrets.token_urlsafe(24)
        self.watch: Watch | None = None
        self.bench: Bench | None = None
        self.chosen: dict[str, Any] = {}
        self.who = ""
        self.session, self._fragments = context.session_id, context.fragment_storage
        self._pool = pool

    @property
    def there(self) -> bool:
        """Whether its tab is open."""
        return exists() and get_instance().is_active_session(self.session)

    def closed(self) -> None:
        """The tab has gone: end the visit, unless its browser is back by then."""
        session = get_instance().get_app_session(self.session) if exists() else None
        if session is None:
            _visits.pop(self.session, None)
            return  # that was no tab: somebody cleared the cache, or the visit has ended
        if before := _ends.pop(self.session, None):
            before.cancel()
        loop = asyncio.get_running_loop()
        _ends[self.session] = loop.call_later(KEPT, self._end, session)

    def _end(self, session: AppSession) -> None:
        _ends.pop(self.session, None)
        server = get_instance()
        if server.is_active_session(self.session):
            return
        _visits.pop(self.session, None)
        if self.job:
            self.job.cancel()  # it may still wait for its turn, with photos in hand
        server.close_session(self.session)
        # Until the next visitor comes, the server's loop has the last session in a variable. Its
        # state has a `clear`, which leaves the callbacks and their arguments; this leaves nothing.
        SessionState.__init__(session.session_state)
        self._fragments.clear()
        for _ in range(2):  # files made for a download are only marked the first time
            server.media_file_mgr.remove_orphaned_files()
        alone = server.state is RuntimeState.NO_SESSIONS_CONNECTED
        self._pool.forget_photos(0 if alone else KEPT)
        _collect_soon()


def remember(held: Bench, chosen: dict[str, Any], who: str) -> str:
    """What this visit holds now, for its tab should it be loaded anew; the token to ask with."""
    this = visit()
    this.bench, this.chosen, this.who = held, chosen, who
    _visits[this.session] = this
    if this.watch and this.watch.held is not held:
        this.watch = None  # of a bench that was left with “Start over”
    return this.token


def with_token(token: str) -> Visit | None:
    """The visit that has this token, if there is one."""
    return next((each for each in [*_visits.values()] if each.token == token), None)


def come_back(token: str, who: str) -> Visit | None:
    """The visit that a tab had before it was loaded anew. None if it has ended, if it was another
    person's, and if its tab is still open: this one is then a copy of that."""
    left = with_token(token)
    if left is None or left.who != who or left.there or visit().bench is left.bench:
        return None
    del _visits[left.session]
    if left.job:
        left.job.alive = browser_is_there()
        left.job = None
    return left


def _collect_soon() -> None:
    """What is left of a session goes round in circles. The server stands still while they are
    looked for: once for all visits that end together."""
    if before := _ends.pop(_COLLECTION, None):
        before.cancel()
    _ends[_COLLECTION] = asyncio.get_running_loop().call_later(TOGETHER, gc.collect)


@st.cache_resource(scope="session", show_spinner=False, on_release=Visit.closed)
def visit() -> Visit:
    """This tab's; to be asked for in each run, since a browser that comes back has a new one."""
    context = get_script_run_ctx()
    assert context is not None
    return Visit(context, pool())
