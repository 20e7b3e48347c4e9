"""The environment, looked at once before the page shows anything."""

import streamlit as st

from models.running.settings import WrongSetting, check
from ui.photo_bar import plain


def stop_if_wrong() -> None:
    """In the page's place, a sentence about each setting that can't be used."""
    try:
        _check()
    except WrongSetting as error:
        for sentence in error.args:
            st.error(plain(sentence), icon=":material/settings:")
        st.stop()


@st.cache_resource(show_spinner=False)
def _check() -> None:
    """Once it has passed, it has for as long as the server runs; until then, each visit asks anew.
    Raises WrongSetting with the sentences."""
    if wrong := check():
        raise WrongSetting(*wrong)
