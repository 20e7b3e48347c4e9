"""What is gone from the page lets go of its photo.

Streamlit keeps the callbacks of all widgets that a tab ever showed, with their arguments, until the
tab closes. Theirs here hold photos and their cuts, as large as these are.
"""

from dataclasses import replace

from streamlit.runtime.scriptrunner import get_script_run_ctx


def forget_callbacks() -> None:
    """Those of widgets that aren't on the page. To be called in each run of it, last. Their values
    stay, as far as Streamlit keeps them."""
    context = get_script_run_ctx()
    assert context is not None
    known = context.session_state._state._new_widget_state.widget_metadata
    for name in known.keys() - context.shared.widget_ids_this_run.snapshot():
        known[name] = replace(
            known[name], callback=None, callbacks=None, callback_args=None, callback_kwargs=None
        )
