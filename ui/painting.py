"""Backgrounds from words: the panel in which the person asks for them and picks some."""

from dataclasses import replace

import streamlit as st

from models.catalog import PAINTERS, ModelSpec, find
from models.painter import GUIDANCE, LARGEST_SEED, STEPS, Habits, Wish, new_seed, variants
from models.running.placing import lane_of
from photos.cut import Cut
from photos.painting import Painting
from ui.cards import failure_card
from ui.render import cut_preview
from ui.sidebar import allowed, badges, chosen_device, commercial_use, picked
from ui.state import Bench
from ui.tray import Easel
from ui.view import View
from ui.work import start_painting

THUMBNAIL = 320


def painting_controls(held: Bench, view: View) -> None:
    """The panel."""
    key = held.current
    assert key is not None
    easel, cut = held.trays[key].easel, _subject(held)
    _form(held, key, cut, view)
    if easel.failure:
        failure_card(*easel.failure)
    if cut and easel.paintings:
        _choose(key, cut, easel, view)
    if easel.chosen:
        st.caption(_told(easel.chosen))


def _subject(held: Bench) -> Cut | None:
    """What is painted around: this photo's cut by the first model ticked that found a subject."""
    cuts = (cut for key, cut in held.cuts(picked()) if key == held.current and not cut.empty)
    return next(cuts, None)


def _form(held: Bench, key: str, cut: Cut | None, view: View) -> None:
    words = st.text_input(
        "What is behind the subject",
        placeholder="a quiet beach at sunset, soft light",
        key="painting_words",
        persist_state="session",
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        spec = _painter()
        negative, steps, guidance, seed, count = _options(spec.habits)
        pressed = st.button(
            "Paint again" if held.trays[key].easel.paintings else "Paint background",
            icon=":material/brush:",
            type="primary",
            key="paint",
            disabled=cut is None or held.running,
        )
    _facts(spec, cut)
    if pressed and cut is not None:
        first = new_seed() if seed is None else seed
        try:
            wishes = variants(Wish(words, negative, steps, guidance, first), count)
        except ValueError as error:
            st.info(str(error), icon=":material/edit:")
            return
        start_painting(held, key, cut, spec, wishes, chosen_device(), view.look)
        st.rerun()


def _painter() -> ModelSpec:
    painters = allowed(PAINTERS)
    labels = {spec.name: spec.label for spec in painters}
    name = st.selectbox(
        "Painter",
        list(labels),
        format_func=lambda name: labels[name],
        key="painter",
        width=210,
        help="\n\n".join(f"**{spec.label}**: {spec.summary}" for spec in painters),
        persist_state="session",
    )
    return find(name, PAINTERS)


def _options(habits: Habits) -> tuple[str, int, float | None, int | None, int]:
    """Negative prompt, steps, guidance, seed (None: a new one each time) and variants: what the
    painter can't be told isn't asked."""
    negative, guidance = "", None
    with st.popover("Options", icon=":material/tune:", key="painting_options"):
        if habits.guidance is not None:
            negative = st.text_input(
                "What must not be there",
                placeholder="text, people",
                key="painting_negative",
                persist_state="session",
            )
        steps = st.slider(
            "Steps",
            STEPS[0],
            60,
            habits.steps,
            # Its own for painters of other habits: 20 steps of one that needs 4 are wasted time.
            key=f"painting_steps_{habits.steps}",
            help="More take longer and add detail.",
            persist_state="session",
        )
        if habits.guidance is not None:
            guidance = st.slider(
                "Guidance",
                GUIDANCE[0],
                15.0,
                habits.guidance,
                0.5,
                key="painting_guidance",
                help="How closely the words are kept to.",
                persist_state="session",
            )
        count = st.slider("Variants", 1, 4, 2, key="painting_variants", persist_state="session")
        seed = st.number_input(
            "Seed",
            0,
            LARGEST_SEED - 4,
            None,
            placeholder="a new one each time",
            key="painting_seed",
            help="The same seed paints the same again.",
            persist_state="session",
        )
    return negative, steps, guidance, seed, count


def _facts(spec: ModelSpec, cut: Cut | None) -> None:
    """What a person must know before painting."""
    around = "Run a model first: the painting goes around its matte."
    if cut is not None:
        around = f"Painted around the matte of {cut.spec.label}, shown behind every model's cut."
    if lane_of([spec], chosen_device()) == "cpu":
        around += " Without a GPU a picture takes minutes; fewer steps are quicker."
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(badges(spec), width="content", help=commercial_use(spec))
        st.caption(around, width="content")


def _choose(key: str, cut: Cut, easel: Easel, view: View) -> None:
    """Thumbnails to pick from, newest first."""
    grid = st.grid("auto", min_column_width=92, key="paintings", gap="small")
    for painting in reversed(easel.paintings):
        chosen = painting is easel.chosen
        shown = _painted_view(view, (painting,))
        seed = painting.recipe.seed
        with grid.cell():
            image = cut_preview(key, cut, shown, THUMBNAIL)
            st.image(image, width="stretch", alt=f"Painted with seed {seed}")
            st.button(
                f"Seed {seed}",
                key=f"painting_{painting.key}",
                type="primary" if chosen else "secondary",
                icon=":material/check:" if chosen else None,
                width="stretch",
                help=painting.recipe.prompt,
                on_click=setattr,
                args=(easel, "chosen", painting),
            )


def _told(painting: Painting) -> str:
    recipe = painting.recipe
    painter = find(recipe.painter, PAINTERS).label
    guidance = "" if recipe.guidance is None else f"guidance {recipe.guidance:g} · "
    return (
        f"“{recipe.prompt}” · {painter} · seed {recipe.seed} · {recipe.steps} steps · "
        f"{guidance}{recipe.width} × {recipe.height}, enlarged · "
        f"{recipe.seconds:.0f} s on {recipe.device}, {recipe.dtype}"
    )


def with_paintings(held: Bench, view: View) -> View:
    """The view with what was picked for each photo behind its subject."""
    chosen = tuple(each for tray in held.trays.values() if (each := tray.easel.chosen))
    return _painted_view(view, chosen)


def _painted_view(view: View, paintings: tuple[Painting, ...]) -> View:
    return replace(view, replaced=replace(view.replaced, paintings=paintings))
