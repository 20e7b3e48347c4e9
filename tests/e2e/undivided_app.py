"""A page of which a part asks by itself; what was pressed is counted, in a while."""

import time
from functools import partial

import streamlit as st


def count(name: str, seconds: float = 0) -> None:
    time.sleep(seconds)
    st.session_state[name] = st.session_state.get(name, 0) + 1


def button(name: str, seconds: float = 0) -> bool:
    return st.button(name, on_click=partial(count, name, seconds))


def pages() -> None:
    st.navigation(
        [st.Page(page, title="First", default=True), st.Page(counts, title="Other")]
    ).run()


def page() -> None:
    slow = button("Draw slowly")
    for name, seconds in (("Press", 0), ("Press long", 0.5)):
        button(name, seconds)
    st.fragment(partial(button, "Ask"))()
    st.text_input("Field", on_change=partial(count, "Field"))
    if slow:
        time.sleep(1)
    counts()


def counts() -> None:
    for pressed, times in st.session_state.items():
        if isinstance(times, int):
            st.text(f"{pressed}: {times}")


if __name__ == "__main__":
    pages()
else:
    from starlette.middleware import Middleware

    from ui.callbacks import call_back_all
    from ui.undivided import Undivided

    call_back_all()
    app = st.App(__file__, middleware=[Middleware(Undivided)])
