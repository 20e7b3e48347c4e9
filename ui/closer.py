"""The panel Differences: what helps to choose between models where nobody knows the truth."""

from collections.abc import Collection
from typing import NamedTuple

import streamlit as st

from evaluation.agreement import Agreement
from models.interface import ModelError
from photos.cut import Cut
from ui.sidebar import picked
from ui.state import Bench, bench
from ui.tray import Steady
from ui.work import start_steadiness

CONSENSUS, COLOURS, STEADY, CROPS = "Consensus", "Hard colours", "How steady?", "Worst places"

ICONS = {
    CONSENSUS: ":material/group_work:",
    COLOURS: ":material/palette:",
    STEADY: ":material/vibration:",
    CROPS: ":material/crop_free:",
}
HELP = (
    f"**{CONSENSUS}**: the median of the models' mattes, as one more card, and how far each model "
    "is from the others. A mistake that most share wins.\n\n"
    f"**{COLOURS}**: each subject on white, black, magenta and green.\n\n"
    f"**{STEADY}** How much a matte changes when the photo is mirrored, darker, turned and "
    "compressed: four more runs of each model that you ask about.\n\n"
    f"**{CROPS}**: where the models differ most, pixel by pixel."
)


class Closer(NamedTuple):
    """What was chosen, and what the models agree on if that was."""

    chosen: Collection[str]
    agreed: Agreement | None


def closer_controls() -> None:
    """The panel."""
    held = bench()
    if not any(key == held.current for key, _ in held.cuts(picked())):
        st.caption("Run models first: this helps to choose between their results.")
        return
    st.pills(
        "Beside the results",
        list(ICONS),
        selection_mode="multi",
        format_func=lambda name: f"{ICONS[name]} {name}",
        key="closer",
        wrap=True,
        help=HELP,
        persist_state="session",
    )


def chosen_closer() -> Collection[str]:
    """What was chosen there, even while the panel is closed."""
    chosen: Collection[str] = st.session_state.get("closer", ())
    return chosen


def below(held: Bench, key: str, cut: Cut, closer: Closer) -> None:
    """What a card tells of its model: how far from the others, and how steady it is."""
    apart = closer.agreed.apart.get(cut.own.key) if closer.agreed else None
    if apart is not None:
        st.caption(f":material/group_work: {apart:.1%} from what the others agree on")
    if STEADY in closer.chosen and not cut.spec.foreign:  # which can't be run again
        _steadiness(held, key, cut)


def _steadiness(held: Bench, key: str, cut: Cut) -> None:
    name, label = cut.spec.name, cut.spec.label
    whose, found = held.trays[key].steady.get(name, ("", None))
    if whose != cut.own.key or found is None:
        st.button(
            "How steady?",
            icon=ICONS[STEADY],
            key=f"steady_{name}",
            help=f"Runs {label} four more times",
            disabled=held.running,
            on_click=lambda: _start(held, key, cut),
        )
    elif isinstance(found, ModelError):
        st.caption(f":material/error: How steady {label} is can't be told. {found}")
    else:
        _tell(label, found, numbered=bool(cut.prompt.objects))


def _start(held: Bench, key: str, cut: Cut) -> None:
    if key in held.trays and not held.running:  # the click may have overtaken another
        start_steadiness(held, key, cut)


def _tell(label: str, steady: Steady, *, numbered: bool) -> None:
    st.image(steady.jpeg, width="stretch", alt=f"Where the matte of {label} changes")
    each = ", ".join(f"{name} {value:.1%}" for name, value in steady.by_change.items())
    st.caption(
        f":material/vibration: Its matte changes by **{steady.mean:.1%}**: {each}. Brighter where "
        "it changes more. A steady model can still be wrong."
    )
    if numbered:
        st.caption("Objects may be numbered in another order in a changed photo.")
