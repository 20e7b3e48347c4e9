"""The main page: photos in, cards side by side, files out."""

from dataclasses import replace
from functools import partial

import streamlit as st
from streamlit.elements.lib.grid_container import GridContainer

from evaluation.agreement import Agreement, no_consensus
from models.catalog import ModelSpec
from models.running.extra import lacked_by
from photos.cut import Cut
from ui.actions import actions, run_button
from ui.backgrounds import PAINT, from_words
from ui.cards import (
    cut_card,
    disagreement_card,
    failure_card,
    lacking_card,
    original_card,
    outdated_card,
    prompt_card,
    waiting_card,
)
from ui.closer import COLOURS, CONSENSUS, CROPS, Closer, below, chosen_closer
from ui.components.results import results
from ui.floors import depth_handles
from ui.looks import choose_view, controls
from ui.mattes import matte_uploader
from ui.overview import overview
from ui.painting import painting_controls, with_paintings
from ui.panels import opened, panel_frame, panel_place
from ui.parts import Part
from ui.photo_bar import overlooks, photo_bar, welcome
from ui.progress import follow, job_place, notice, of_photo, of_photos
from ui.resources import workers
from ui.sidebar import is_phone, picked, sidebar
from ui.standing import behind
from ui.state import Bench, bench
from ui.timings import timings
from ui.tray import Failure
from ui.view import View
from ui.worst import worst_places
from ui.zoom import zoomed
from ui.zoom_places import told_while_held


def page() -> None:
    """Compare models on the photo at hand."""
    workers()
    held = bench()
    panel_at = panel_place()
    sidebar()
    key, photo = held.current, held.photo
    if key is None or photo is None:
        welcome(held)
        return
    standing = of_photos if overlooks(held) else of_photo
    shown, specs = notice(held, standing), picked()
    photo_bar(held, specs, overview=True)
    with controls():
        view = choose_view(photo, _subjects(held), panel_at)
        if opened() == PAINT:
            with panel_frame(PAINT, panel_at):
                painting_controls(held, view)
    with st.bottom:
        place = job_place()
    if from_words():
        view = with_paintings(held, view)
    if overlooks(held):
        zoomed(held, specs, lambda key: _compared(held, key, _cuts(held, key, specs)), view)
        overview(held, specs, view)
        with st.bottom:
            if held.job is None:
                actions(held, key, specs, view, with_consensus=False)
    else:
        _one_photo(held, key, specs, view)
    results(st.session_state.get("runs", 0), opened(), told_while_held(view))
    follow(held, shown, place, standing)


def _one_photo(held: Bench, key: str, specs: list[ModelSpec], view: View) -> None:
    """The photo at hand: its cards, and what is told of them."""
    cuts = _cuts(held, key, specs)
    compared = _compared(held, key, cuts)
    chosen = chosen_closer() if cuts else ()
    heard = CONSENSUS in chosen and not any(held.awaits(key, spec) for spec in specs)
    agreed = _agreed(held, key, cuts) if heard else None

    def zoomed_in(key: str) -> list[Cut]:
        cuts = _cuts(held, key, specs)
        found = _agreed(held, key, cuts) if heard else None
        return _compared(held, key, cuts) + ([found.cut] if found else [])

    zoomed(held, specs, zoomed_in, view)  # before the cards, which take longer
    _cards(held, key, specs, view, Closer(chosen, agreed))
    if heard and not agreed:
        mattes = [cut.spec for cut in held.trays[key].mattes.values()]
        none = "A consensus needs models of two families that found a subject."
        st.caption(no_consensus([*specs, *mattes]) or none)
    with st.bottom:
        if held.job is None:
            actions(held, key, specs, view, with_consensus=CONSENSUS in chosen)
    if cuts and held.job is None:
        if CROPS in chosen:
            worst_places(key, compared, view)
        timings(cuts)


def _cuts(held: Bench, key: str, specs: list[ModelSpec]) -> list[Cut]:
    """What the models cut out of the photo."""
    return [cut for each, cut in held.cuts(specs) if each == key]


def _compared(held: Bench, key: str, cuts: list[Cut]) -> list[Cut]:
    """The same, and mattes that no model made."""
    return [*cuts, *held.trays[key].brought]


def _agreed(held: Bench, key: str, cuts: list[Cut]) -> Agreement | None:
    """What the models agree on, all of which were heard."""
    tray = held.trays[key]
    agreed = tray.agreement([*cuts, *tray.mattes.values()])
    return agreed and replace(agreed, cut=tray.brushwork.over(agreed.cut))


def _subjects(held: Bench) -> tuple[Cut, ...]:
    """For each photo, the cut that a prompt made, by the first model in the list that heard it."""
    told = [(key, cut) for key, cut in held.cuts(picked()) if cut.prompt and not cut.empty]
    return tuple(dict(reversed(told)).values())


def _cards(held: Bench, key: str, specs: list[ModelSpec], view: View, closer: Closer) -> None:
    outcomes = {spec.name: held.outcome(key, spec) for spec in specs}
    shown = [
        spec
        for spec in specs
        if outcomes[spec.name]
        or held.awaits(key, spec)
        or held.trays[key].outdated(spec, held.refiner)
    ]
    lacking = [spec for spec in specs if spec not in shown and lacked_by(spec)]
    specs = [spec for spec in specs if spec not in lacking]
    untold = [spec for spec in specs if spec not in shown and not held.trays[key].can_run(spec)]
    cuts = [outcome for outcome in outcomes.values() if isinstance(outcome, Cut)]
    found = [cut for cut in cuts if not cut.empty]
    fastest = min((cut.inference for cut in found), default=0.0)
    brought = held.trays[key].brought
    columns = len(shown) + len(lacking) + len(untold) + len(brought) + (closer.agreed is not None)
    hard, choosable = COLOURS in closer.chosen, len(cuts) + len(brought) > 1
    width = _width(columns)
    grid = st.grid("auto", min_column_width=width, key="cards", border=True)
    over_all = opened() in ("Depth", "Placement")  # which have their handles on all of the photo
    part = None if over_all else view.part_of(held.trays[key].photo, [*cuts, *brought])
    original = partial(_original, held, key, grid, part)
    results_first = is_phone() and bool(shown or brought)
    if not results_first:
        original()
    for spec in shown:
        with grid.cell():
            outcome = outcomes[spec.name]
            if outcome is None and not held.awaits(key, spec):
                _outdated(held, key, spec, view, width, part)
            elif outcome is None:
                waiting_card(key, spec, held.job)
            elif isinstance(outcome, Failure):
                failure_card(spec, outcome)
            else:
                first = len(found) > 1 and not outcome.empty and outcome.inference == fastest
                cut_card(
                    key, outcome, view, width,
                    fastest=first, hard=hard, choosable=choosable, part=part,
                )  # fmt: skip
                below(held, key, outcome, closer)
    for spec in lacking:
        with grid.cell():
            lacking_card(spec)
    for spec in untold:
        with grid.cell():
            prompt_card(spec)
    for cut in [*brought, *([closer.agreed.cut] if closer.agreed else [])]:
        with grid.cell():
            cut_card(key, cut, view, width, hard=hard, choosable=choosable, part=part)
            if cut.spec.foreign:
                below(held, key, cut, closer)
    cuts += brought
    if len(cuts) > 1 and view.kind in ("Overlay", "Matte"):
        with grid.cell():
            disagreement_card(cuts, view, part)
    if results_first:
        original("Hold a result to see this in its place.")


def _outdated(
    held: Bench, key: str, spec: ModelSpec, view: View, width: int, part: Part | None
) -> None:
    tray = held.trays[key]
    outcome = tray.outdated(spec, held.refiner)
    if outcome is None:  # it has come this moment: the page is about to be drawn anew
        return
    told, label = behind(outcome, tray.asked(spec))
    cut = tray.brushwork.over(outcome) if isinstance(outcome, Cut) else None

    def again() -> None:
        if held.job is None:
            run_button(held, {key: [spec]}, view, label, f"again_{spec.name}")

    outdated_card(key, spec, cut, view, width, told, again, part)


def _original(
    held: Bench, key: str, grid: GridContainer, part: Part | None, hint: str | None = None
) -> None:
    with grid.cell():
        over = depth_handles if opened() == "Depth" and not is_phone() else None
        original_card(key, held.trays[key].photo, hint, over, part)
        matte_uploader(held, key)


def _width(models: int) -> int:
    """The least width of a card, in pixels: few models get large cards."""
    if is_phone():
        # A subject is put into place on a picture as large as there is room for.
        return 140 if models > 1 and opened() != "Placement" else 300
    return {0: 460, 1: 460, 2: 300}.get(models, 250)
