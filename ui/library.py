"""The Models page: everything in the catalogue, with what decides between models."""

import pandas as pd
import streamlit as st

from models import weights
from models.catalog import MODELS
from ui.sidebar import TOLD


def page() -> None:
    """A table of the catalogue."""
    st.title("Models and licences", anchor=False)
    st.markdown(
        "The licence is the weights' own. A model that isn't on this machine is downloaded when "
        "it's first run."
    )
    rows = [
        {
            "Model": spec.label,
            "Name": spec.name,
            "Good at": spec.summary,
            "Licence": spec.licence,
            "Commercial use": spec.commercial,
            "Download": None if spec.built_in else spec.download_bytes / 1e6,
            "On this machine": weights.cached(spec),
            "Can be told": ", ".join(TOLD[kind] for kind in TOLD if kind in spec.prompts) or "–",
            "Matte": "soft" if spec.soft else "hard, refined",
            "Page": spec.page,
        }
        for spec in MODELS
    ]
    columns = {
        "Good at": st.column_config.TextColumn(width="large"),
        "Download": st.column_config.NumberColumn(format="%.0f MB"),
        "Page": st.column_config.LinkColumn(display_text="open"),
    }
    st.dataframe(pd.DataFrame(rows), hide_index=True, column_config=columns, height="content")
