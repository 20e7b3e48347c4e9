"""A page of which a part asks by itself; what was pressed outside of that is counted."""

import streamlit as st


def count() -> None:
    st.session_state["pressed"] = st.session_state.get("pressed", 0) + 1


def page() -> None:
    st.button("Press", on_click=count)
    st.text(f"Pressed {st.session_state.get('pressed', 0)} times")
    st.fragment(lambda: st.button("Ask"))()


if __name__ == "__main__":
    page()
else:
    from starlette.middleware import Middleware

    from ui.undivided import Undivided

    app = st.App(__file__, middleware=[Middleware(Undivided)])
