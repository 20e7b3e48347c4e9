"""Grounded SAM 2: MM-Grounding-DINO finds what words name, SAM 2 cuts it out.

Ren et al., "Grounded SAM: Assembling Open-World Models for Diverse Visual Tasks", 2024. Boxes and
points go to SAM 2 as they are.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from transformers import Sam2Model

from compositing.arrays import Photo
from models.catalog import ModelSpec
from models.families.common.pretrained import pretrained
from models.families.common.tensors import masks_of
from models.families.objects.segmenter import Finding
from models.families.sam.mm_grounding_dino import Detector, Settings
from models.families.sam.prompts import Subject, subjects
from models.families.sam.segmenter import Embedded, Sam
from models.families.sam.words import Answers, phrases
from models.hub.folder import Folder
from models.interface import Encoded, Encoder, Matte, Prompt, untold
from models.running.devices import Device
from models.running.stages import stage


def load(spec: ModelSpec, folder: Folder, device: Device) -> Encoder:
    """folder: `detector`, as `Detector` reads it, and `segmenter`, with SAM 2's config.json and
    model.safetensors. spec.options: those of `mm_grounding_dino.Settings`. Raises LoadFailed."""
    settings = Settings(**spec.options)
    detector = Detector(folder / "detector", device, settings)
    sam = Sam(spec.label, pretrained(Sam2Model, folder / "segmenter", device))
    return GroundedSam(sam, detector, Answers(spec.label, settings.threshold))


class Heard(NamedTuple):
    """What came of `phrases`. unread: those that the detector can't read."""

    phrases: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    unread: tuple[str, ...] = ()


NOTHING = Heard(())


@dataclass(eq=False)
class Seen:
    """What is known of a photo. embedded: by SAM 2. pixels: as the detector wants them. heard: of
    the last words, so that clicks and picks don't wait for the detector again."""

    embedded: Embedded
    pixels: Tensor
    heard: Heard = NOTHING


@dataclass(frozen=True)
class GroundedSam:
    """The detector looks at the photo and the words at once, in its costliest layers: only SAM 2
    and its part of the photo are encoded."""

    sam: Sam
    detector: Detector
    answers: Answers

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:
        self._asked(prompt)  # may raise, and that before the costly part
        return self.decode(self.encode(photo), prompt)

    @torch.inference_mode()
    def encode(self, photo: Photo) -> Encoded:
        encoded = self.sam.encode(photo)
        with stage("preprocess"):
            pixels = self.detector.pixels(photo)
        seen = Seen(encoded.value, pixels)
        return Encoded(seen, encoded.nbytes + pixels.nbytes, encoded.height, encoded.width)

    @torch.inference_mode()
    def decode(self, encoded: Encoded, prompt: Prompt) -> Matte:
        """What boxes and points mark, and what the words name, as `words.Answers` puts it
        together. Raises PromptMissing when nothing was said or none of the picked objects is in
        the photo, RunFailed when there are more words than the detector reads."""
        seen: Seen = encoded.value
        told, wanted = self._asked(prompt)
        with stage("network"):
            masks, notes = self.sam.decoder.masks(
                seen.embedded.embeddings, seen.embedded.frame, told
            )
            if wanted and seen.heard.phrases != wanted:
                seen.heard = self._look(seen, wanted)
        heard = seen.heard if wanted else NOTHING
        notes += [
            f"“{each}” holds no word that {self.answers.title} knows: say it in English."
            for each in heard.unread
        ]
        read = [each for each in wanted if each not in heard.unread]
        with stage("postprocess"):
            return self.answers.matte(
                prompt, seen.embedded.frame, (masks, notes), read, heard.findings
            )

    def _asked(self, prompt: Prompt) -> tuple[list[Subject], tuple[str, ...]]:
        told, wanted = subjects(prompt), phrases(prompt)
        if not (told or wanted):
            raise untold(self.answers.title, by_words=True)
        return told, wanted

    def _look(self, seen: Seen, wanted: tuple[str, ...]) -> Heard:
        """Each thing's box goes to SAM 2; what it draws nothing in isn't found."""
        said = self.detector.sentence(wanted)
        embeddings, frame = seen.embedded.embeddings, seen.embedded.frame
        named, drawn = [], []
        for phrase, score, box in self.detector.find(seen.pixels, said, frame.height, frame.width):
            masks, _ = self.sam.decoder.masks(embeddings, frame, [Subject(phrase, box, ())])
            named += [(phrase, score)] * len(masks)
            drawn += masks
        levels = masks_of(torch.stack(drawn).sigmoid()) if drawn else []
        findings = (Finding(*each, mask) for each, mask in zip(named, levels, strict=True))
        return Heard(wanted, tuple(findings), said.unread)
