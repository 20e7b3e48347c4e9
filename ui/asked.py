"""Where tabs ask how their jobs go, past the page's script.

A run of the script, which the browser then draws, takes a tenth of a second of a core; this answer
takes a thousandth. A crowd that waits asks all the time.
"""

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ui.visits import with_token


def address() -> str:
    """Where tabs ask: beside the page, below the path that the server is told."""
    base = st.config.get_option("server.baseUrlPath").strip("/")
    return f"/{base}/job" if base else "/job"


def route() -> Route:
    """GET, with the header Visit: a tab's token. 404 for one that isn't known."""
    return Route(address(), _answer)


def _answer(request: Request) -> Response:
    visit = with_token(request.headers.get("visit", ""))
    drawn = request.query_params.get("drawn", "")
    if visit is None or visit.watch is None or not drawn.isdecimal():
        return Response(status_code=404)
    return JSONResponse(visit.watch.tell(int(drawn)), headers={"Cache-Control": "no-store"})
