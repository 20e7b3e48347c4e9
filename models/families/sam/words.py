"""What words say: the phrases to look for, and the matte of what was found by them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from torch import Tensor

from compositing.masks import mask_to_alpha
from models.families.objects.segmenter import Finding, named, pick, union
from models.families.sam.frame import Frame
from models.families.sam.prompts import excluded_everywhere
from models.interface import Box, DetectedObject, Matte, Prompt


def phrases(prompt: Prompt) -> tuple[str, ...]:
    """What to look for, each once in whatever case: the words, else what the picked objects are
    called."""
    words = _once(word for text in prompt.text for word in text.split(","))
    return words or _once(re.sub(r" \d+$", "", name) for name in prompt.objects)


@dataclass(frozen=True)
class Answers:
    """How a model that hears words answers. title: its name in sentences. threshold: the score, 0
    to 1, from which a thing counts as found."""

    title: str
    threshold: float

    def matte(
        self,
        prompt: Prompt,
        frame: Frame,
        marked: tuple[Sequence[Tensor], Sequence[str]],
        wanted: Sequence[str],
        findings: Iterable[Finding],
    ) -> Matte:
        """What boxes and points marked, and what was found by words.

        marked: masks of the whole square, log-odds float32 (h, w), and notes, as a MaskDecoder
        gives them. wanted: the phrases; findings: what they name, with masks of the whole square.
        Of the findings, only the picked objects are kept, if any are picked; and nothing that an
        exclude point lies in. Raises PromptMissing when none of the picked objects is there.
        """
        masks, notes = marked
        found = named(findings, frame.height, frame.width).objects
        chosen, absent = list(found), list[str]()
        if prompt.objects:
            chosen, absent = pick(prompt.objects, found, self.title)
        alpha = frame.union(masks)
        if kept := _kept(chosen, prompt, frame):
            alpha = np.maximum(alpha, mask_to_alpha(union(kept), frame.height, frame.width))
        told = (*notes, *self._missing(wanted, found), *absent)
        return Matte(alpha, soft=False, objects=found, notes=told)

    def _missing(self, wanted: Iterable[str], found: Sequence[DetectedObject]) -> list[str]:
        there = {each.label for each in found}
        return [
            f"No “{phrase}” was found with a score of {self.threshold:g} or more."
            for phrase in wanted
            if phrase not in there
        ]


def _once(words: Iterable[str]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for word in filter(None, (" ".join(word.split()) for word in words)):
        bare = word.strip(" .?") or word
        first.setdefault(bare.casefold(), bare)
    return tuple(first.values())


def _kept(found: Iterable[DetectedObject], prompt: Prompt, frame: Frame) -> list[DetectedObject]:
    """Those that no exclude point lies in."""
    pixels = [Box(p.x, p.y, p.x + 1, p.y + 1) for p in excluded_everywhere(prompt)]
    return [
        each
        for each in found
        if not any((frame.part(each.mask, pixel) > 127).any() for pixel in pixels)
    ]
