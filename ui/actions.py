"""The row at the bottom of Compare: what can be run, and all results as files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import streamlit as st

from models.catalog import ModelSpec
from models.hub import weights
from models.hub.errors import readable
from models.running.extra import lacked_by
from photos.counts import counted
from photos.cut import Cut
from ui.packing import pack
from ui.sidebar import chosen_device, drawer, is_phone
from ui.standing import lacking, summary
from ui.state import Bench, bench
from ui.view import View
from ui.work import start


def actions(
    held: Bench, key: str, specs: list[ModelSpec], view: View, *, with_consensus: bool
) -> None:
    """Run the models on the photo with this key, or on all; take all there is. with_consensus: the
    files have what the models agree on, too."""
    tray, specs = held.trays[key], [spec for spec in specs if not lacked_by(spec)]
    ready = [spec for spec in specs if tray.can_run(spec)]
    todo = [spec for spec in ready if held.outcome(key, spec) is None]
    found = held.cuts(specs)
    cuts = [cut for _, cut in found]
    cuts += [cut for tray in held.trays.values() for cut in tray.brought]

    trays = list(held.trays.items()) if with_consensus else []

    def agreed() -> Iterator[Cut]:
        for key, tray in trays:
            mine = [cut for each, cut in found if each == key]
            if told := tray.agreement([*mine, *tray.mattes.values()]):
                yield tray.brushwork.over(told.cut)

    many = len(held.trays)
    # A phone has room for one line: of several photos' buttons the style shows what isn't bold.
    brief = is_phone() and many > 1
    told = summary(held, specs) if many > 1 else ""
    missing = sum(spec.download_bytes for spec in todo if weights.awaits_download(spec))
    if missing:
        st.caption(f":material/download: {readable(missing)} to download first")
    with st.container(horizontal=True, vertical_alignment="center", key="actions"):
        drawer()
        if not specs:
            st.markdown(":gray[Pick a model to begin.]", width="content")
        elif todo:
            models = counted(len(todo), "model")
            label = f"Run **{models}**" if brief else f"Run {models}"
            run_button(held, {key: todo}, view, label, "run")
            if not brief and any(tray.asked(spec) for spec in todo):
                st.markdown(":gray[with what you drew]", width="content")
        elif ready:
            run_button(held, {key: ready}, view, "Run again", "again")
        else:
            st.markdown(":gray[The models that are ticked need a box.]", width="content")
        if many > 1 and specs:
            lack = lacking(held, specs)
            able = [key for key, each in held.trays.items() if any(map(each.can_run, specs))]
            photos = "photos" if lack else "photos again"
            label = f"**Run** all {many} **{photos}**" if brief else f"Run all {many} {photos}"
            if able:
                run_button(held, lack or dict.fromkeys(able, specs), view, label, "run_all")
            if told and not brief:
                st.markdown(f":gray[{told}]", width="content")
        st.space("stretch")
        if cuts:
            choices = {tray.photo.key: tray.choice for tray in held.trays.values() if tray.choice}
            pack(cuts, agreed, view, many, told, choices)


def run_button(
    held: Bench, todo: Mapping[str, Sequence[ModelSpec]], view: View, label: str, key: str
) -> None:
    """A button that runs models. todo: which, by the keys of the photos that they run on."""
    rank: Literal["primary", "secondary"] = "primary" if key == "run" else "secondary"

    def run() -> None:
        # The click may have overtaken another: on Run, on a photo's removal, on Start over.
        there = {key: specs for key, specs in todo.items() if key in held.trays}
        if there and held is bench() and not held.running:
            st.session_state["runs"] = st.session_state.get("runs", 0) + 1
            start(held, there, chosen_device(), view, only_ready=True)

    st.button(
        label,
        icon=":material/playlist_play:" if key == "run_all" else ":material/play_arrow:",
        type=rank,
        key=key,
        on_click=run,
        wrap=True,  # a narrow card has no room for all of it in one line
    )
