"""The environment, looked at once before the page shows anything."""

import streamlit as st

from models.running.settings import WrongSetting, check
from ui import login
from ui.photo_bar import plain


def stop_if_wrong() -> None:
    """Show a sentence about each setting that can't be used, instead of the page."""
    try:
        _check()
    except WrongSetting as error:
        for sentence in error.args:
            st.error(plain(sentence), icon=":material/settings:")
        st.stop()


@st.cache_resource(show_spinner=False)
def _check() -> None:
    """Raises WrongSetting with the sentences. Once nothing is wrong, nothing is looked at again for
    as long as the server runs."""
    if wrong := [*check(), *login.problems()]:
        raise WrongSetting(*wrong)
