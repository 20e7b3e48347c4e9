"""How far things are in the visit's photos: what is set by hand, found, or told by a network."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from compositing.background import Portrait
from compositing.floor import LONGEST, Floor
from models.catalog import DEPTHS, ModelSpec
from models.interface import ModelError
from photos.cut import Cut
from photos.depth import Seen
from photos.look import Scene
from photos.previews import shrink
from ui.sidebar import allowed
from ui.state import bench
from ui.tray import Tray
from ui.view import View

FLOOR = "floor"


def offered() -> dict[str, ModelSpec]:
    """The models that may tell the depth, by name."""
    return {spec.name: spec for spec in allowed(DEPTHS)}


def chosen_teller() -> ModelSpec | None:
    """The model that tells the depth; None: the floor does."""
    return offered().get(st.session_state.get("depth_from", FLOOR))


def scenes() -> Mapping[str, Scene]:
    """What a blur by depth has of each photo. One whose depth isn't told yet has its floor; `lacks`
    tells of it."""
    spec = chosen_teller()
    return {tray.photo.key: _scene(tray, spec) for tray in bench().trays.values()}


def _scene(tray: Tray, spec: ModelSpec | None) -> Scene:
    seen = tray.depths.get(spec.name) if spec else None
    return Scene(seen if isinstance(seen, Seen) else _floor_of_tray(tray), tray.focus)


def lacks(key: str) -> bool:
    """Whether a model is chosen to tell the depth, and has told none of the photo of this key."""
    spec = chosen_teller()
    return spec is not None and not isinstance(bench().trays[key].depths.get(spec.name), Seen)


def notes(key: str, view: View) -> tuple[str, ...]:
    """What a person should know of how a photo's results are blurred, a sentence each."""
    if view.kind != "Blur" or not isinstance(view.look.background, Portrait) or not lacks(key):
        return ()
    return ("Blurred by the floor: the depth of this photo isn't seen yet.",)


def trouble() -> ModelError | None:
    """Why the chosen model told nothing of the photo at hand."""
    spec, tray = chosen_teller(), bench().tray
    told = tray.depths.get(spec.name) if spec and tray else None
    return told if isinstance(told, ModelError) else None


def own_floor() -> Floor:
    """The floor of the photo at hand: as far as it's set by hand."""
    tray = bench().tray
    return _floor_of_tray(tray) if tray else bench().floor


def set_floor(floor: Floor) -> None:
    """Of the photo at hand; of none yet, of all that come."""
    if tray := bench().tray:
        tray.floor = floor
    else:
        bench().floor = floor


def share_floor() -> None:
    """All photos of the visit, and those that come, get the floor of the one at hand."""
    held = bench()
    held.floor = own_floor()
    for tray in held.trays.values():
        tray.floor = None


def found_floor() -> Floor | None:
    """The floor by the matte of the first cut of the photo at hand that has a subject."""
    cut = subject()
    return _floor_of(cut.key, cut) if cut else None


def subject() -> Cut | None:
    """The first cut of the photo at hand that has a subject."""
    tray = bench().tray
    cuts = [cut for cut in tray.latest.values() if not cut.empty] if tray else []
    return cuts[0] if cuts else None


def _floor_of_tray(tray: Tray) -> Floor:
    return bench().floor if tray.floor is None else tray.floor


@st.cache_data(scope="session", max_entries=50, show_spinner=False)
def _floor_of(key: str, _cut: Cut) -> Floor:  # noqa: ARG001
    return Floor().settled(shrink(_cut.levels(), LONGEST) * np.float32(1 / 255))


@st.cache_data(scope="session", max_entries=50, show_spinner=False)
def middle_of(key: str, _cut: Cut) -> tuple[float, float]:  # noqa: ARG001
    """Where a cut's subject is, in parts of the width and the height."""
    alpha = shrink(_cut.levels(), LONGEST).astype(np.float64)
    height, width = alpha.shape
    across = float((alpha.sum(0) @ (np.arange(width) + 0.5)) / alpha.sum() / width)
    return across, float((alpha.sum(1) @ (np.arange(height) + 0.5)) / alpha.sum() / height)
