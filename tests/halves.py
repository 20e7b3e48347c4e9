"""Two models that aren't in the catalogue: they answer at once, and can be made to fail."""

import types
from dataclasses import replace

import numpy as np

from compositing.arrays import Photo
from models.catalog import ModelSpec
from models.interface import Matte, Prompt

HALVES = ModelSpec(
    name="halves",
    label="Halves",
    family="halves",
    group="Tests",
    summary="The left half is the subject.",
    licence="MIT",
    commercial=True,
    page="https://hub.example/halves",
    soft=True,
    prompts=frozenset({"boxes", "text"}),
)
SHY = replace(HALVES, name="shy", label="Shy", needs_prompt=True)


class Halves:
    def __init__(self, told: types.SimpleNamespace) -> None:
        self.told = told

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:
        self.told.prompts.append(prompt)
        if self.told.run_error:
            raise self.told.run_error
        alpha = np.zeros(photo.shape[:2], np.float32)
        alpha[:, : photo.shape[1] // 2] = self.told.opacity
        return Matte(alpha, soft=True, notes=self.told.notes)
