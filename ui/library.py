"""The Models page: everything in the catalogue, with what decides between models."""

from typing import Any

import pandas as pd
import streamlit as st

from models.catalog import DEPTHS, PAINTERS, ModelSpec, cutters
from models.catalog.licences import MEANINGS, WORDS
from models.hub import weights
from ui.sidebar import allowed, commercial_switch


def page() -> None:
    """The tables of the catalogue: models that cut out, and painters."""
    st.title("Models and licences", anchor=False)
    st.markdown(
        "The licence is the weights' own and, after a “+”, that of a package that they need. "
        "A model that isn't on this machine is downloaded when it's first run. What has an "
        "asterisk (\\*) is not verified against the published file: it should fit, and is refused "
        "with the reason if it doesn't. The edges of a hard matte are refined."
    )
    meanings = (f"**{WORDS[conditions]}**: {told}" for conditions, told in MEANINGS.items())
    st.caption("  \n".join(["What “Commercial” says:", *meanings]))
    commercial_switch()
    _table([_facts(spec) | _mattes(spec) | {"Page": spec.page} for spec in allowed(cutters())])
    st.header("Backgrounds from words", anchor=False)
    st.markdown("They paint what is put behind the subject: Compare, Replace, Words.")
    _table([_facts(spec) | {"Page": spec.page} for spec in allowed(PAINTERS)])
    st.header("Depth", anchor=False)
    st.markdown("They tell how far things are, for the blur by depth: Compare, Blur, Portrait.")
    _table([_facts(spec) | {"Page": spec.page} for spec in allowed(DEPTHS)])


def _facts(spec: ModelSpec) -> dict[str, Any]:
    return {
        "Model": f"{spec.label} *" if spec.caution else spec.label,
        "Name": spec.name,
        "Good at": spec.summary,
        "Licence": spec.licences,
        "Commercial": WORDS[spec.conditions],
        "Download": spec.download_bytes / 1e6 if spec.download_bytes else None,
        "Here": weights.cached(spec),
    }


def _mattes(spec: ModelSpec) -> dict[str, str]:
    return {
        "Can be told": spec.told or "–",
        "Matte": "soft" if spec.soft else "hard",
    }


def _table(rows: list[dict[str, Any]]) -> None:
    columns = {
        "Good at": st.column_config.TextColumn(width=404),
        "Licence": st.column_config.TextColumn(width=145),
        "Can be told": st.column_config.TextColumn(width=178),
        "Download": st.column_config.NumberColumn(format="%.0f MB"),
        "Page": st.column_config.LinkColumn(display_text="open"),
    }
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config=columns,
        height="content",
        placeholder="–",
    )
