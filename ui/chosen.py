"""What is chosen on the page: the values of its controls, which a tab that was loaded anew has
again."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import streamlit as st

from compositing.shadow import Shadow
from models.catalog import PAINTERS, cutters
from ui import backgrounds, edges, frame, kernels
from ui.parts_of_best import PART
from ui.sidebar import tick_key
from ui.state import Bench

CONTROLS = (
    "overview", "kind", "tint", "overlay_style", "only_subject", "unfolded", "closer",
    *edges.UNTOUCHED, *frame.UNTOUCHED,
    "blur_method", "depth_from", "blades", "bloom",
    "fill", *backgrounds.COLOURS, "fit",
    *(slider.strength_key for slider in (kernels.OWN, kernels.PICTURE)),
    "light", "shadow", *(f"shadow_{part.name}" for part in fields(Shadow)),
    "painter", "painting_words", "painting_negative", "painting_guidance", "painting_variants",
    "painting_seed", *{f"painting_steps_{spec.habits.steps}" for spec in PAINTERS},
    "commercial_only", "refiner", "device", "packed_results", "packed_kinds", "packed_format",
    "matte_tool", "prompt_model", "prompt_view",
    PART, "metric", "limit_seconds", "limit_gb", "limit_download_mb", "limit_hears",
    "collection", "voter", "vote_backdrop", "vote_names",
)  # fmt: skip
"""Keys of the controls that keep their values from page to page; never of a button or an uploader,
which can't be set. Which models are ticked, and a photo's words, have keys of their own."""


def chosen(held: Bench) -> dict[str, Any]:
    """The values by their controls' keys; those that nobody has seen yet are left out."""
    keys = [*CONTROLS, *map(tick_key, cutters()), *(f"words_{key}" for key in held.trays)]
    return {key: st.session_state[key] for key in keys if key in st.session_state}


def choose_again(values: Mapping[str, Any]) -> None:
    """Set the controls, before they are drawn. values: of `chosen`."""
    st.session_state.update(values)
