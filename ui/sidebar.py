"""The models to choose from, with what a person must know of each before choosing."""

from collections.abc import Sequence
from itertools import groupby

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from models.catalog import GRABCUT, ModelSpec, cutters
from models.catalog.licences import MEANINGS, usable
from models.hub import weights
from models.hub.errors import download_size
from models.running.default import default_model
from models.running.devices import offered
from models.running.extra import installed
from photos.cut import Refiner
from ui.leaving import of_this_page
from ui.state import bench

DEVICES = {"auto": "Automatic", "cuda": "NVIDIA GPU", "mps": "Apple GPU", "cpu": "CPU"}
"""By name; of several cards each has its number behind it."""
REFINERS: dict[Refiner, str] = {"quick": "Quick", "closed-form": "Closed-form"}


def is_phone() -> bool:
    """Phones get the models in a drawer, not in a sidebar that covers the page."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def tabs(pages: Sequence[StreamlitPage]) -> None:
    """The pages, side by side at the top; Streamlit's own hide in a narrow window."""
    if len(pages) > 1:
        with st.container(horizontal=True, gap=None, key="tabs"):
            for page in pages:
                st.page_link(page, icon=page.icon)


def sidebar() -> None:
    """The models beside every page; phones open them from a button at the bottom."""
    if is_phone():
        return
    with st.sidebar:
        st.header("Models", anchor=False)
        model_list()


def drawer() -> None:
    """On a phone, the button that opens the models, and they until the person closes them: each
    run of the page has to draw them."""
    if not is_phone():
        return
    st.button("Models", icon=":material/checklist:", key="drawer", on_click=_open_drawer)
    if st.session_state.get("drawer_open"):
        st.dialog("Models", position="left", on_dismiss=close_drawer)(model_list)()


def _open_drawer() -> None:
    st.session_state["drawer_open"] = True


def close_drawer() -> None:
    """Have it drawn no more."""
    st.session_state.pop("drawer_open", None)


def allowed(specs: Sequence[ModelSpec]) -> list[ModelSpec]:
    """Those that may be chosen: with “Commercial use only”, the ones that are free for it."""
    return usable(specs, commercial_only=st.session_state.get("commercial_only", False))


def picked() -> list[ModelSpec]:
    """The models ticked, in the catalogue's order."""
    begun, rows = _ticked_at_first(), allowed(cutters())
    return [spec for spec in rows if st.session_state.get(tick_key(spec), spec.name in begun)]


def _ticked_at_first() -> set[str]:
    """Names of two, so that the very first click compares."""
    return {default_model().spec.name, GRABCUT.name}


def tick(names: Sequence[str]) -> None:
    """Tick the models with these names, and no others; before the list is drawn."""
    for spec in cutters():
        st.session_state[tick_key(spec)] = spec.name in names


def model_list() -> None:
    """A tick box and the facts for each model, by group."""
    begun = _ticked_at_first()
    for spec in cutters():
        st.session_state.setdefault(tick_key(spec), spec.name in begun)
    if len(cutters()) > 1:
        st.pills(
            "Quick picks",
            ("All", "None", "On this machine"),
            key="preset",
            on_change=of_this_page(_apply_preset),
            label_visibility="collapsed",
        )
    commercial_switch()
    with st.container(key="models"):
        for group, specs in groupby(allowed(cutters()), key=lambda spec: spec.group):
            st.subheader(group, anchor=False)
            for spec in specs:
                # One element, with the facts in its label: dozens are sent with each redraw.
                label = f"**{spec.label}** {badges(spec)}"
                st.checkbox(label, key=tick_key(spec), help=_help(spec), persist_state="session")
    if not all(spec.soft for spec in picked()):
        _refiner()
    _device()


def commercial_switch() -> None:
    """The switch that `allowed` heeds, on every page the same."""
    hidden = len(cutters()) - len(usable(cutters(), commercial_only=True))
    st.toggle(
        "Commercial use only",
        key="commercial_only",
        help=f"Hides {hidden} models and doesn't run them.\n\n"
        f"**non-commercial**: {MEANINGS['non-commercial']}\n\n"
        f"**conditions apply**: {MEANINGS['conditions apply']}\n\n"
        f"**neither word**: {MEANINGS['']}",
        persist_state="session",
    )


def commercial_use(spec: ModelSpec) -> str:
    """What the licence in its badge means, in a sentence."""
    return f"For commercial use: {spec.meaning}."


def chosen_device() -> str:
    """The device to run on, by its name on the command line."""
    device: str = st.session_state.get("device", "auto")
    return device


def _refiner() -> None:
    bench().refiner = st.segmented_control(
        "Edges of hard masks",
        list(REFINERS),
        default="quick",
        required=True,
        format_func=lambda name: REFINERS[name],
        key="refiner",
        help="Quick serves masks that are right to a few pixels; closed-form matting takes a "
        "second or two and serves those that are off by more.",
        persist_state="session",
    )


def _device() -> None:
    names = offered()
    if set(names) == {"auto", "cpu"}:
        return
    st.selectbox(
        "Device",
        names,
        format_func=_device_label,
        key="device",
        persist_state="session",
    )


def _device_label(name: str) -> str:
    kind, _, number = name.partition(":")
    return f"{DEVICES[kind]} {number}".strip()


def badges(spec: ModelSpec) -> str:
    """A line of Markdown: licence, size, whether it is here, and what it can be told."""
    colour = "orange" if spec.conditions else "green"
    parts = [f":{colour}-badge[{spec.terms}]"]
    if spec.built_in:
        parts.append(":gray-badge[:material/check: built in]")
    else:
        here = not weights.awaits_download(spec)
        size = download_size(spec)
        icon, tone = ("check", "gray") if here else ("download", "blue")
        parts.append(f":{tone}-badge[:material/{icon}: {size}]")
    if not installed(spec):
        parts.append(f":orange-badge[:material/extension: needs {spec.package}]")
    if spec.gated:
        parts.append(":orange-badge[:material/lock: ask for access]")
    if spec.caution:
        parts.append(":gray-badge[:material/help: not verified]")
    if spec.told:
        parts.append(f":gray-badge[:material/ads_click: {spec.told}]")
    return " ".join(parts)


def _help(spec: ModelSpec) -> str:
    caution = f" It is {spec.caution}." if spec.caution else ""
    return f"{spec.summary}{caution} {commercial_use(spec)}"


def tick_key(spec: ModelSpec) -> str:
    """Of a model's tick box."""
    return f"model_{spec.name}"


def _apply_preset() -> None:
    preset = st.session_state["preset"]
    st.session_state["preset"] = None
    for spec in allowed(cutters()):
        here = weights.cached(spec) and installed(spec)
        chosen = {"All": True, "None": False, "On this machine": here}.get(preset)
        if chosen is not None:
            st.session_state[tick_key(spec)] = chosen
