"""With truth: models measured on photos of which somebody knows what is right."""

import streamlit as st

from evaluation.sets.held import Held, TruthFile, pair
from models.catalog import ModelSpec
from models.hub import weights
from models.hub.errors import readable
from photos.counts import counted
from ui.leaving import of_this_page
from ui.measured import results
from ui.measuring import Pairs, mattes_of, outcomes_of, start_measuring, unmeasured
from ui.photo_bar import plain, refusals, upload_limit, uploader
from ui.sidebar import chosen_device, drawer, picked, sidebar
from ui.state import Bench, bench

_NAMED = 6
"""How many photos are named."""

_ROWS = 4
"""How many truths that the uploader doesn't show any more are seen without scrolling."""

EXAMPLE = "uv run cli.py evaluate --cutouts PNGS --backgrounds PHOTOS"


def part() -> None:
    """Photos and truths in, the chosen models measured, what came of it."""
    sidebar()
    held, specs, device = bench(), picked(), chosen_device()
    st.title("Which model is best, measured", anchor=False)
    pairs = _given(held)
    known = outcomes_of(held, pairs, specs, device)
    results(held, known)
    if held.job is None:
        with st.bottom:
            _actions(held, pairs, specs, device)


def _given(held: Bench) -> list[Held]:
    """The uploaders, and the photos that have a truth."""
    known = held.truths.outcomes
    with st.expander("Photos and truths", icon=":material/photo_library:", expanded=not known):
        st.markdown(
            "A truth is a mask in the photo's size, white where the subject is, or a finished "
            "cutout with transparency. It is called as its photo is: `cat.jpg` and `cat.png` or "
            "`cat_mask.png`. Photos of this visit serve too. Nothing is kept on the disk."
        )
        photos, truths = st.columns(2)
        with photos:
            uploader(held)
        with truths:
            _truths(held)
        st.caption(f"Cutouts but no photos with truths? They make some: `{EXAMPLE}`.")
    refusals(held)
    photos_by_key = {key: tray.photo for key, tray in held.trays.items()}
    pairs, told = pair(photos_by_key, held.truths.files)
    for sentence in told:
        st.info(plain(sentence), icon=":material/info:")
    if pairs:
        names = " · ".join(each.name for each in pairs[:_NAMED])
        more = f" and {len(pairs) - _NAMED} more" if len(pairs) > _NAMED else ""
        st.caption(f"{counted(len(pairs), 'photo')} with a truth: {plain(names)}{more}")
    return pairs


def _truths(held: Bench) -> None:
    truths, key = held.truths, f"truths_{held.visit}"

    @of_this_page
    def take() -> None:
        given = {
            file.file_id: truths.files.get(file.file_id) or TruthFile(file.name, file.getvalue())
            for file in st.session_state[key]
        }
        for gone in truths.shown - given.keys():
            truths.files.pop(gone, None)
        truths.files.update(given)

    st.file_uploader(
        "Truths",
        help="PNG, TIFF, WebP or JPEG.",
        accept_multiple_files=True,
        max_upload_size=upload_limit(),
        key=key,
        on_change=take,
    )
    # After a visit to another page the uploader is empty, and the truths stay, as photos do.
    truths.shown = frozenset(file.file_id for file in st.session_state[key])
    _from_before({key: each for key, each in truths.files.items() if key not in truths.shown}, held)


def _from_before(files: dict[str, TruthFile], held: Bench) -> None:
    """Each of the truths that the uploader has forgotten, by its id, with a way to remove it."""
    if not files:
        return

    def remove(key: str) -> None:
        held.truths.files.pop(key, None)

    st.caption(f"In use from before: {counted(len(files), 'truth')}")
    with st.container(height=160 if len(files) > _ROWS else "content", border=False, gap="xsmall"):
        for key, file in files.items():
            st.button(
                f"Remove {plain(file.name)}",
                icon=":material/close:",
                key=f"remove_truth_{key}",
                type="tertiary",
                on_click=remove,
                args=(key,),
            )


def _actions(held: Bench, pairs: list[Held], specs: list[ModelSpec], device: str) -> None:
    todo = unmeasured(held, pairs, specs, device)
    missing = {spec.name: spec.download_bytes for _, spec in todo if weights.awaits_download(spec)}
    pace = held.truths.pace_on(device, held.refiner)
    if told := pace.words(spec.name for _, spec in todo):
        st.caption(f":material/schedule: {told.capitalize()}, by what was measured so far")
    if missing:
        st.caption(f":material/download: {readable(sum(missing.values()))} to download first")
    with st.container(horizontal=True, vertical_alignment="center"):
        drawer()
        theirs = [(each, cut.spec) for each in pairs for cut in mattes_of(held, each).values()]
        if not specs and not theirs:
            st.markdown(":gray[Pick a model to begin.]", width="content")
        elif not pairs:
            st.markdown(":gray[Add photos and their truths to begin.]", width="content")
        elif todo:
            _measure(held, todo, device, "Measure")
        else:
            again = [(each, spec) for each in pairs for spec in specs]
            _measure(held, [*again, *theirs], device, "Again:")


def _measure(held: Bench, todo: Pairs, device: str, verb: str) -> None:
    models = counted(len({spec.name for _, spec in todo}), "model")
    photos = counted(len({each.key for each, _ in todo}), "photo")

    def run() -> None:
        if held is bench() and not held.running:  # the click may have overtaken another
            start_measuring(held, todo, device)

    st.button(
        f"{verb} {models} on {photos}",
        icon=":material/play_arrow:",
        type="primary" if verb == "Measure" else "secondary",
        key="measure",
        on_click=run,
    )
