"""All results as a ZIP, and what is to be in it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

import streamlit as st

from photos.contents import Contents
from photos.counts import counted, listed
from photos.cut import Cut
from photos.encoding import FORMATS, Format
from photos.export import archive
from photos.framing import Kind
from ui.downloads import file_button
from ui.files import limited
from ui.sidebar import is_phone
from ui.view import View

KINDS: dict[Kind, str] = {"matte": "Mattes", "cutout": "Cutouts", "composite": "Pictures"}
ALL, CHOSEN, EACH = "All", "The chosen ones", "One of each photo"
"""Whose results, beside those of one model."""
_AS_FITS: Literal["As fits each"] = "As fits each"


def pack(
    cuts: list[Cut],
    more: Callable[[], Iterable[Cut]],
    view: View,
    photos: int,
    told: str,
    choices: Mapping[str, str],
) -> None:
    """The button that gets all results as a ZIP, and one that opens what is to be in it.

    more: cuts that are made once it's pressed, such as a consensus. photos: how many there are, of
    which not all may have results. told: how they got on, which is said here where there is no room
    beside. choices: by the photos' own keys, the model whose result was chosen for it.
    """

    def button(label: str, results: str, contents: Contents) -> None:
        wanted = taken(cuts, results, choices)
        done = len({cut.photo.key for cut in wanted})
        part = f" ({done} of {photos} photos)" if done < photos else ""
        if not contents.kinds:
            st.caption("Nothing is chosen for the ZIP.", width="content")
            return
        file_button(
            label + part,
            lambda: archive(
                [*wanted, *(more() if results == ALL else ())], view.look_of,
                contents=contents, lacking_all=True,
            ),
            "cutouts.zip", "application/zip", key="zip", icon=":material/folder_zip:",
        )  # fmt: skip

    if is_phone():  # one button's room
        with st.popover("ZIP", icon=":material/folder_zip:"):
            button("Download ZIP", *_choose(cuts, choices, view.look.max_kb))
            if told:
                st.caption(told)
        return
    with st.container(horizontal=True, vertical_alignment="center", width="content", key="pack"):
        with st.popover("What is in the ZIP", icon=":material/checklist:"):
            results, contents = _choose(cuts, choices, view.look.max_kb)
        whose = {**_labels(cuts), ALL: ALL, CHOSEN: "Chosen", EACH: EACH}[results]
        button(f"{whose} as ZIP", results, contents)


def pack_chosen() -> None:
    """From now on, unless something else is chosen for the ZIP: who begins to choose results wants
    those."""
    st.session_state["packed_results"] = CHOSEN


def taken(cuts: Sequence[Cut], results: str, choices: Mapping[str, str]) -> list[Cut]:
    """Those of the cuts that are wanted. results: ALL, CHOSEN, EACH or a model's name. choices: as
    `pack` takes them. With EACH, of a photo for which none was chosen, or one that isn't there, the
    model that was chosen most stands in, or else the first that is there."""
    if results == ALL:
        return [*cuts]
    if results == CHOSEN:
        return [cut for cut in cuts if _is_chosen(cut, choices)]
    if results != EACH:
        return [cut for cut in cuts if cut.spec.name == results]
    by_photo: dict[str, dict[str, Cut]] = {}
    for cut in cuts:
        by_photo.setdefault(cut.photo.key, {})[cut.spec.name] = cut
    names = [name for name, _ in Counter(choices.values()).most_common()]
    found = []
    for photo, mine in by_photo.items():
        order = [choices.get(photo), *names, *mine]
        found.append(next(mine[name] for name in order if name in mine))
    return found


def _results(cuts: Sequence[Cut], choices: Mapping[str, str]) -> str:
    """Whose results are in the ZIP, where there are several to choose from."""
    labels = _labels(cuts)
    if len(labels) < 2:
        return ALL
    chosen = any(_is_chosen(cut, choices) for cut in cuts)
    options = [ALL, CHOSEN, EACH, *labels] if chosen else [ALL, *labels]
    if st.session_state.get("packed_results") not in options:
        st.session_state["packed_results"] = ALL
    results: str = st.selectbox(
        "Results",
        options,
        format_func=lambda name: labels.get(name, name),
        key="packed_results",
        help="A result is chosen for a photo by the star on its card.",
        persist_state="session",
    )
    if results in (CHOSEN, EACH):
        each = taken(cuts, EACH, choices)
        others = [cut for cut in each if not _is_chosen(cut, choices)]
        st.caption(_told(len(each), others, left_out=results == CHOSEN))
    return results


def _is_chosen(cut: Cut, choices: Mapping[str, str]) -> bool:
    return choices.get(cut.photo.key) == cut.spec.name


def _labels(cuts: Sequence[Cut]) -> dict[str, str]:
    """The models' labels by their names."""
    return {cut.spec.name: cut.spec.label for cut in cuts}


def _told(photos: int, others: Sequence[Cut], *, left_out: bool) -> str:
    """others: what stands in for the photos for which nothing was chosen."""
    chosen = f"Chosen for {photos - len(others)} of {counted(photos, 'photo')}"
    if not others:
        return f"{chosen}."
    labels = listed(list(_labels(others).values()))
    return f"{chosen}; the others are {'left out' if left_out else f'by {labels}'}."


def _choose(
    cuts: Sequence[Cut], choices: Mapping[str, str], max_kb: int | None
) -> tuple[str, Contents]:
    """Whose results are in the ZIP, and what of each. max_kb: of a file, as a look has it."""
    results = _results(cuts, choices)
    kinds: list[Kind] = st.pills(
        "In the ZIP",
        list(KINDS),
        default=list(KINDS),
        selection_mode="multi",
        format_func=lambda kind: KINDS[kind],
        key="packed_kinds",
        help="Pictures are blurred or on the new background, as the view or its settings say. "
        "results.json is always there: models, seconds and settings.",
        persist_state="session",
    )
    # None would be shown as nothing chosen, once the person has been on another page.
    format_: Format | Literal["As fits each"] = st.selectbox(
        "Format",
        [_AS_FITS, *FORMATS],
        key="packed_format",
        help="As fits each: PNG for what is transparent, JPEG for what isn't. Mattes are PNGs in "
        "any case, and so are cutouts where the format has no transparency. A JPEG or WebP: "
        f"{limited(max_kb)}.",
        persist_state="session",
    )
    return results, Contents(frozenset(kinds), None if format_ == _AS_FITS else format_)
