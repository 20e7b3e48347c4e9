"""Honest timings, side by side: what a photo takes, as bars and in numbers."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from evaluation.report.writing import memory
from models.running.stages import STAGES
from photos.cut import Cut

COLOURS = {
    "preprocess": "#a5b4fc",
    "network": "#4f46e5",
    "postprocess": "#22a6b3",
    "edges": "#f0a13a",
    "composite": "#e0567b",
}
"""Of the stages that each photo goes through, which the bars show."""


def seconds(cut: Cut) -> str:
    """What the model took for the photo; a dash where it looked for nothing, as a note tells."""
    return f"{cut.inference:.2f} s" if cut.inference >= 0.005 else "–"


def timings(cuts: Sequence[Cut]) -> None:
    """A table of the cuts of one photo, quickest first, with a bar for each."""
    cuts = sorted(cuts, key=lambda cut: cut.inference)
    st.header("Timings", anchor=False)
    st.html(_table(cuts))
    st.caption(
        "Inference is what a photo takes once the model is loaded: preprocess, network, "
        "postprocess and edges. The composite is timed at the photo's full size. Memory is what a "
        "run takes on top of what was in use, at the worst moment; a dash where nothing more was "
        "needed. Kept is the share of the photo that is subject."
    )


def _table(cuts: Sequence[Cut]) -> str:
    """HTML. A chart of a library's and a table of Streamlit's take the browser a second of a core
    for the first of them, and a fifth of each redraw."""
    stages = [stage for stage in STAGES if any(stage in cut.seconds for cut in cuts)]
    longest = max(sum(cut.seconds.get(stage, 0.0) for stage in COLOURS) for cut in cuts)
    facts = [_facts(cut, stages) for cut in cuts]
    heads = "".join(f'<th scope="col"><span{_coloured(n)}>{n}</span></th>' for n in facts[0])
    rows = "".join(_row(cut, told, longest) for cut, told in zip(cuts, facts, strict=True))
    return (
        '<div class="timings"><table><thead><tr>'
        f'<th scope="col">Model</th><th scope="col">Seconds a photo</th>{heads}'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _facts(cut: Cut, stages: Sequence[str]) -> dict[str, str]:
    """What the columns with numbers say of a cut, by their names."""
    took = {"Inference": cut.inference or None}
    took |= {stage.capitalize(): cut.seconds.get(stage) for stage in stages}
    return {
        **{name: "–" if each is None else f"{each:.3f} s" for name, each in took.items()},
        "Device": f"{cut.device} · {cut.dtype}",
        "Memory": memory(cut.peak_bytes),
        "Kept": f"{100 * cut.share:.0f} %",
    }


def _row(cut: Cut, facts: Mapping[str, str], longest: float) -> str:
    """Where there is no room for columns, each cell says what it is."""
    shown = {stage: cut.seconds[stage] for stage in COLOURS if stage in cut.seconds}
    parts = "".join(
        f'<i{_coloured(stage)} title="{stage} {each:.3f} s"></i>' for stage, each in shown.items()
    )
    shares = " ".join(f"{100 * each / longest:.2f}%" for each in shown.values())
    bar = f'<div style="grid-template-columns: {shares}" aria-hidden="true">{parts}</div>'
    told = "".join(
        f'<td data-fact="{name}"{_coloured(name)}>{escape(fact)}</td>'
        for name, fact in facts.items()
    )
    return f'<tr><th scope="row">{escape(cut.spec.label)}</th><td>{bar}</td>{told}</tr>'


def _coloured(stage: str) -> str:
    """The colour of a stage, whose name may be a column's; nothing for another column."""
    colour = COLOURS.get(stage.lower())
    return f' style="--stage: {colour}"' if colour else ""
