"""A visit with two photos, of 600 × 400 pixels and of 512 × 512; the second is at hand."""

from streamlit.testing.v1 import AppTest

from photos.samples import SAMPLES
from ui import state


def begin() -> state.Bench:
    """For a script: what the visit holds, from its first run on."""
    held = state.bench()
    if not held.trays:
        for sample in (SAMPLES[0], SAMPLES[2]):
            photo = sample.open()
            held.add(photo.data, photo.name)
    return held


def bench(at: AppTest) -> state.Bench:
    """For a test: the same."""
    held: object = at.session_state["bench"]
    assert isinstance(held, state.Bench)
    return held
