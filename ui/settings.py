"""The environment, looked at once before the page shows anything."""

import streamlit as st

from models.running.settings import WrongSetting, check
from ui import login
from ui.photo_bar import plain


def stop_if_wrong() -> None:
    """Show a sentence about each setting that can't be used, instead of the page. Those of the
    login are looked at each time: secrets.toml is read anew when it changes, and a login that is
    gone from there opens nothing."""
    wrong = login.problems()
    try:
        _check()
    except WrongSetting as error:
        wrong = [*error.args, *wrong]
    for sentence in wrong:
        st.error(plain(sentence), icon=":material/settings:")
    if wrong:
        st.stop()


@st.cache_resource(show_spinner=False)
def _check() -> None:
    """Raises WrongSetting with the sentences. Once nothing is wrong, nothing is looked at again for
    as long as the server runs."""
    if wrong := check():
        raise WrongSetting(*wrong)
