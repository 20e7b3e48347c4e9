"""Cutout Compare: `uv run streamlit run app.py`, or `uvicorn app:app`.

The server imports this file, and serves what is called `app` there; each visit runs it.
"""

from pathlib import Path
from typing import Any

import streamlit as st

HERE = Path(__file__).parent


def page() -> None:
    from ui import best, compare, library, login, prompt, returning, settings, to_prompt
    from ui.components.names import names
    from ui.dialogs import close_those_of_other_pages
    from ui.sidebar import tabs
    from ui.visits import visit

    visit()
    st.set_page_config("Cutout Compare", str(HERE / "ui" / "favicon.png"), layout="wide")
    sheets = (HERE / "ui" / name for name in ("style.css", "tables.css", "compare.css"))
    st.html(f"<style>{''.join(sheet.read_text('utf-8') for sheet in sheets)}</style>")
    settings.stop_if_wrong()
    login.stop_if_unknown()
    pages = [
        st.Page(compare.page, title="Compare", icon=":material/compare:", default=True),
        st.Page(prompt.page, title="Prompt", icon=":material/ads_click:", url_path="prompt"),
        st.Page(best.page, title="Best", icon=":material/trophy:", url_path="best"),
        st.Page(library.page, title="Models", icon=":material/license:", url_path="models"),
    ]
    to_prompt.remember(pages[1])
    if best.vote_only():
        pages = [st.Page(best.vote_page, title="Vote", icon=":material/how_to_vote:", default=True)]
    pages += login.pages()
    shown = st.navigation(pages, position="hidden")
    tabs(pages)
    close_those_of_other_pages(shown.url_path)
    shown.run()
    returning.watch()
    names()


def around() -> dict[str, Any]:
    """What the server has around the page, as `st.App` takes it: the API, and where tabs ask."""
    from starlette.middleware import Middleware

    from serving import server
    from serving.lingering import Lingering
    from ui import asked, callbacks, login
    from ui.undivided import Undivided

    base = st.config.get_option("server.baseUrlPath")
    asked.keep_out_of_log()
    callbacks.call_back_all()
    return {
        "routes": [asked.route(), *server.routes(base, needs_keys=login.wanted())],
        "lifespan": server.lifespan,
        "middleware": [Middleware(Lingering), Middleware(Undivided)],
    }


if __name__ == "__main__":
    page()
else:
    app = st.App(__file__, **around())
