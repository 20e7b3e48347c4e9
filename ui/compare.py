"""The main page: photos in, cards side by side, files out."""

import streamlit as st

from models.catalog import ModelSpec
from photos.export import archive
from photos.reading import SUFFIXES, max_bytes
from photos.samples import SAMPLES
from ui.cards import cut_card, failure_card, original_card, waiting_card
from ui.looks import choose_view
from ui.render import View, photo_preview
from ui.resources import workers
from ui.sidebar import device, is_phone, model_list, picked
from ui.state import Bench, Failure, bench, start_over
from ui.timings import timings
from ui.work import start

CARD_WIDTHS = {"S": 150, "M": 280, "L": 460}


def page() -> None:
    """Compare models on the current photo."""
    workers()
    held = bench()
    if not is_phone():
        with st.sidebar:
            st.header("Models", anchor=False)
            model_list()
            device()
    if held.photo is None:
        _welcome(held)
        return
    _photo_bar(held)
    _refusals(held)
    view = choose_view(held.photo)
    polling = 0.5 if held.running else None
    st.fragment(_results, run_every=polling)(held, view)
    if not held.running:
        _timings(held)


def _welcome(held: Bench) -> None:
    st.title("Which model cuts it out best?", anchor=False)
    st.markdown(
        "Upload photos, pick models, and see mattes, blurred and replaced backgrounds side by "
        "side. Photos stay on this server and are dropped when you close the tab."
    )
    _uploader(held)
    _refusals(held)
    st.header("Or start with a sample", anchor=False)
    grid = st.grid("auto", min_column_width=150, key="samples")
    for sample in SAMPLES:
        with grid.cell():
            photo = sample.open()
            st.image(photo_preview(sample.file, photo, 480), width="stretch", alt=sample.title)
            st.button(
                sample.title,
                key=f"sample_{sample.title}",
                on_click=lambda photo=photo: held.add(photo.data, photo.name),
                width="stretch",
            )
            st.caption(sample.credit)


def _uploader(held: Bench) -> None:
    key = f"uploads_{held.visit}"

    def take() -> None:
        held.refused.clear()
        for file in st.session_state[key] or []:
            held.add(file.getvalue(), file.name)

    st.file_uploader(
        "Photos",
        SUFFIXES,
        accept_multiple_files=True,
        max_upload_size=max_bytes() // 1_000_000,
        key=key,
        on_change=take,
    )


def _refusals(held: Bench) -> None:
    for sentence in held.refused:
        st.error(sentence, icon=":material/broken_image:")


def _photo_bar(held: Bench) -> None:
    photo, key = held.photo, held.current
    assert photo is not None
    assert key is not None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(key="thumb", width=64):
            st.image(photo_preview(key, photo, 128), width=64, alt="")
        st.markdown(
            f"**{photo.stem}**  \n:gray[{photo.width} × {photo.height}, {photo.megapixels:.1f} MP]",
            width="content",
        )
        st.space("stretch")
        if len(held.photos) > 1:
            keys = list(held.photos)
            chosen = st.selectbox(
                "Photo",
                keys,
                index=keys.index(key),
                format_func=lambda k: held.photos[k].name,
                label_visibility="collapsed",
                width=220,
            )
            if chosen != key:
                held.current = chosen
                st.rerun()
        with st.popover("Add photos", icon=":material/add_photo_alternate:"):
            _uploader(held)
        st.button("Start over", icon=":material/restart_alt:", on_click=start_over)


def _results(held: Bench, view: View) -> None:
    """Cards and the bar below them; while a job runs this alone is drawn anew."""
    key, specs = held.current, picked()
    assert key is not None
    photo = held.photos[key]
    running = held.running
    size = "S" if is_phone() else "M"
    cuts = {cut.spec.name: cut for photo_key, cut in held.cuts(specs) if photo_key == key}
    fastest = min((cut.inference for cut in cuts.values()), default=0.0)
    grid = st.grid("auto", min_column_width=CARD_WIDTHS[size], key="cards", border=True)
    with grid.cell():
        original_card(key, photo)
    for spec in specs:
        outcome = held.outcome(key, spec)
        if outcome is None and not _awaited(held, key, spec):
            continue
        with grid.cell():
            if outcome is None:
                waiting_card(spec, _detail(held, key, spec))
            elif isinstance(outcome, Failure):
                failure_card(spec, outcome)
            else:
                cut_card(key, outcome, view, fastest=outcome.inference == fastest)
    with st.bottom:
        if running:
            _progress(held)
        else:
            _actions(held, specs, view)
    if not running and held.job is not None:
        # The job has just ended: the page around the cards wants to know.
        held.job = None
        st.rerun()


def _awaited(held: Bench, key: str, spec: ModelSpec) -> bool:
    job = held.job
    return job is not None and job.active and any(s.key == (key, spec.name) for s in job.steps)


def _detail(held: Bench, key: str, spec: ModelSpec) -> str:
    job = held.job
    if job and job.current and job.current.key == (key, spec.name):
        return f"Running… {job.detail}"
    return "Waiting…"


def _progress(held: Bench) -> None:
    job = held.job
    assert job is not None
    ahead = workers().ahead(job)
    if job.stopping:
        text = "Stopping after the present stage…"
    elif job.state == "queued":
        text = f"In the queue, {ahead} ahead of you"
    else:
        label = job.current.label if job.current else ""
        text = f"{job.done} of {len(job.steps)} · {label} {job.detail}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(job.done / len(job.steps), text=text)
        st.button(
            "Cancel",
            icon=":material/close:",
            key="cancel",
            on_click=job.cancel,
            disabled=job.stopping,
        )


def _actions(held: Bench, specs: list[ModelSpec], view: View) -> None:
    key = held.current
    assert key is not None
    todo = [spec for spec in specs if held.outcome(key, spec) is None]
    cuts = [cut for _, cut in held.cuts(specs)]
    with st.container(horizontal=True, vertical_alignment="center"):
        if is_phone() and st.button(f"{len(specs)} models", icon=":material/tune:", key="drawer"):
            st.dialog("Models", position="left", on_dismiss="rerun")(model_list)()
        if not specs:
            st.markdown(":gray[Pick a model to begin.]", width="content")
        elif todo:
            plural = "s" * (len(todo) != 1)
            _run_button(held, [key], todo, view, f"Run {len(todo)} model{plural}", "primary")
        else:
            _run_button(held, [key], specs, view, "Run again", "secondary")
        if len(held.photos) > 1 and specs:
            label = f"Run all {len(held.photos)} photos"
            _run_button(held, list(held.photos), specs, view, label, "secondary")
        st.space("stretch")
        if cuts:
            st.download_button(
                "ZIP" if is_phone() else "All as ZIP",
                data=lambda: archive(cuts, view.look),
                file_name="cutouts.zip",
                mime="application/zip",
                on_click="ignore",
                icon=":material/folder_zip:",
                key="zip",
            )


def _run_button(
    held: Bench, keys: list[str], specs: list[ModelSpec], view: View, label: str, type_: str
) -> None:
    def run() -> None:
        for key in keys:
            for spec in specs:
                held.outcomes.pop((key, spec.name), None)
        start(held, keys, specs, st.session_state.get("device", "auto"), view.look)

    if st.button(label, icon=":material/play_arrow:", type=type_, key=f"run_{type_}_{len(keys)}"):
        run()
        st.rerun()


def _timings(held: Bench) -> None:
    cuts = [cut for key, cut in held.cuts(picked()) if key == held.current]
    if cuts:
        timings(cuts)
