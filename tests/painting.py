"""A painter that isn't in the catalogue: it paints at once, and can be made to fail."""

import threading
import types
from dataclasses import replace

import numpy as np
import pytest

from compositing.arrays import Alpha, Photo
from models.catalog import PAINTERS
from models.painter import Habits, Step, Wish
from models.running.stages import stage
from tests.families import pretend

BRUSH = replace(
    PAINTERS[0], name="brush", label="Brush", family="brush", repo=None, files=(), download_bytes=0
)
PEN = replace(BRUSH, name="pen", label="Pen", habits=Habits(steps=4, guidance=None))
"""As a painter distilled to four steps: it hears neither guidance nor negative words."""
SIZE = 32


def install(monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """Makes the brush loadable; returns what it's told, how it is to fail, and the gate that it
    waits for, open at first."""
    gate = threading.Event()
    gate.set()
    told = types.SimpleNamespace(wishes=[], paint_error=None, load_error=None, gate=gate)

    def load(*_: object) -> Brush:
        if told.load_error:
            raise told.load_error
        return Brush(told)

    pretend(monkeypatch, BRUSH.family, load)
    return told


class Brush:
    """Paints everything in the grey of the seed, but the subject red."""

    def __init__(self, told: types.SimpleNamespace) -> None:
        self.told = told

    def paint(self, photo: Photo, alpha: Alpha, wish: Wish, step: Step) -> Photo:
        self.told.wishes.append(wish)
        assert self.told.gate.wait(60)
        if self.told.paint_error:
            raise self.told.paint_error
        assert wish.steps
        with stage("network"):
            for number in range(wish.steps):
                step(number + 1, wish.steps)
        height, width = (max(1, SIZE * side // max(alpha.shape)) for side in alpha.shape)
        painted = np.full((height, width, 3), wish.seed % 256, np.uint8)
        rows = np.arange(height) * alpha.shape[0] // height
        columns = np.arange(width) * alpha.shape[1] // width
        painted[alpha[np.ix_(rows, columns)] == 1] = (255, 0, 0)
        return painted
