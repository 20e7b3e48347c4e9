"""A table of models and what is known of them, each fact to be read whole in any window."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

import streamlit as st

from models.catalog import ModelSpec
from models.catalog.licences import MEANINGS, WORDS
from models.hub import weights
from models.hub.errors import download_size
from models.running.extra import installed

type Facts = Mapping[str, Callable[[ModelSpec], str]]
"""By columns' names: what stands there for a model."""

DECIDING: Facts = {
    "Commercial": lambda spec: WORDS[spec.conditions],
    "Licence": lambda spec: spec.licences,
    "Download": lambda spec: _download(spec),
}
"""Of any model."""

CUTTING: Facts = {
    "Can be told": lambda spec: spec.told or "–",
    "Matte": lambda spec: "soft" if spec.soft else "hard",
}
"""Of those that cut out."""


def facts_table(label: str, specs: Sequence[ModelSpec], facts: Facts) -> None:
    """label: what the table is called. A row for each model: its label, its name on the command
    line, these facts, and what it's good at. Where the table is narrow, each is a card: roles say
    that it's a table all the same."""
    heads = "".join(
        f'<th role="columnheader" scope="col">{escape(name)}</th>'
        for name in ("Model", *facts, "Good at")
    )
    rows = "".join(_row(spec, facts) for spec in specs)
    st.html(
        f'<div class="facts"><table role="table" aria-label="{escape(label)}">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{rows}</tbody></table></div>'
    )


def legend() -> None:
    """What the words in these tables mean, folded."""
    commercial = (f"**{WORDS[conditions]}**: {told}" for conditions, told in MEANINGS.items())
    with st.expander("What the words mean"):
        st.markdown(
            "\n".join(
                (
                    "- Commercial",
                    *(f"    - {told}" for told in commercial),
                    "- Licence: the weights' own and, after a “+”, that of a package that they "
                    "need.",
                    "- Download: what isn't here, on this machine, is downloaded when it's first "
                    "run, some only by those who asked its publisher for access. “Needs” names a "
                    "package that isn't installed.",
                    "- Can be told: how you say what the subject is. With a dash it finds "
                    "that by itself.",
                    "- Matte",
                    "    - **soft**: partly transparent where hair and glass are.",
                    "    - **hard**: each pixel is subject or it isn't. The edges are refined.",
                    "- not verified: never held against the published file. It should fit, and is "
                    "refused with the reason if it doesn't.",
                )
            )
        )


def _row(spec: ModelSpec, facts: Facts) -> str:
    label = escape(spec.label)
    if spec.page:
        label = f'<a href="{escape(spec.page)}" target="_blank">{label}</a>'
    unsure = " <small>not verified</small>" if spec.caution else ""
    cells = "".join(
        f'<td role="cell" data-fact="{escape(name)}">{escape(fact(spec))}</td>'
        for name, fact in facts.items()
    )
    return (
        f'<tr role="row" data-model="{escape(spec.name)}">'
        f'<th role="rowheader" scope="row">{label}{unsure}<code>{escape(spec.name)}</code></th>'
        f'{cells}<td role="cell" data-fact="Good at">{escape(spec.summary)}</td></tr>'
    )


def _download(spec: ModelSpec) -> str:
    if spec.built_in:
        return "built in"
    told = [download_size(spec)]
    told += ["here"] * (not weights.awaits_download(spec))
    told += ["ask for access"] * spec.gated
    told += [f"needs {spec.package}"] * (not installed(spec))
    return ", ".join(told)
