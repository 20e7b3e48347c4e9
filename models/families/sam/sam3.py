"""SAM 3: told with words, boxes and points what to cut out.

Carion et al., "SAM 3: Segment Anything with Concepts", ICLR 2026. Words go to its detector, which
finds each thing they name; boxes and points go to its tracker. One vision transformer serves both.
The networks are the transformers library's.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from transformers import Sam3ImageProcessor

from compositing.arrays import Photo
from models.catalog import ModelSpec
from models.families.common.tensors import chosen, masks_of
from models.families.objects.segmenter import Finding
from models.families.sam.decoder import MaskDecoder
from models.families.sam.frame import Frame, nbytes, prepared
from models.families.sam.prompts import subjects
from models.families.sam.sam3_loading import networks, tokenizer
from models.families.sam.words import Answers, phrases
from models.interface import Encoded, Encoder, Matte, Prompt
from models.running.devices import Device
from models.running.stages import check, stage

PERSON = "person"
"""What is looked for when nothing was said."""


def load(spec: ModelSpec, folder: Path, device: Device) -> Encoder:
    """folder: config.json, model.safetensors and tokenizer.json as transformers saves them of
    Sam3VideoModel; or sam3.safetensors under its publisher's names, with tokenizer.json.

    spec.options: threshold, the score (0 to 1) from which a thing counts as found. Raises
    LoadFailed.
    """
    detector, tracker = networks(folder, device)
    return Sam3(spec.label, detector, tracker, tokenizer(folder), spec.options["threshold"])


@dataclass(frozen=True, eq=False)
class Embedded:
    """What the vision transformer made of a photo: `seen` is the detector's, `tracked` the
    tracker's, from fine to coarse."""

    seen: Any
    tracked: list[Tensor]
    frame: Frame


class Sam3:
    def __init__(
        self, label: str, detector: Any, tracker: Any, tokenizer: Any, threshold: float
    ) -> None:
        self._detector = detector
        self._tracker = tracker
        self._tokenizer = tokenizer
        self._threshold = threshold
        self._answers = Answers(label, threshold)
        self._decoder = MaskDecoder(tracker, label)
        self._side: int = tracker.config.prompt_encoder_config.image_size
        self._processor = Sam3ImageProcessor(size={"height": self._side, "width": self._side})

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:
        return self.decode(self.encode(photo), prompt)

    @torch.inference_mode()
    def encode(self, photo: Photo) -> Encoded:
        with stage("preprocess"):
            pixels, frame = prepared(
                photo, self._processor, self._detector.vision_encoder, self._side
            )
        with stage("network"):
            seen = self._detector.get_vision_features(pixels)
            tracked = self._for_tracker(seen.last_hidden_state)
        seen.last_hidden_state = None
        # The position encodings are the same for every photo, and shared.
        size = nbytes((*seen.fpn_hidden_states, *tracked))
        return Encoded(Embedded(seen, tracked, frame), size, frame.height, frame.width)

    @torch.inference_mode()
    def decode(self, encoded: Encoded, prompt: Prompt) -> Matte:
        """What boxes and points mark, and what the words name, as `words.Answers` puts it
        together. Raises PromptMissing when none of the picked objects is in the photo."""
        value: Embedded = encoded.value
        frame = value.frame
        told = subjects(prompt)
        words = phrases(prompt) or (() if told else (PERSON,))
        with stage("network"):
            marked = self._decoder.masks(value.tracked, frame, told)
            findings = [each for word in words for each in self._find(value.seen, word)]
        with stage("postprocess"):
            return self._answers.matte(prompt, frame, marked, words, findings)

    def _for_tracker(self, hidden: Tensor) -> list[Tensor]:
        """The tracker's features (1, channels, h, w), from fine to coarse: the shared vision
        transformer's (1, patches, channels) after its neck and its mask decoder's first layers."""
        tracker = self._tracker
        sizes = tracker.backbone_feature_sizes
        grid = hidden.transpose(1, 2).reshape(1, -1, *sizes[-1])
        # The neck's coarsest level isn't used. The last used one takes the "no memory" embedding.
        fine, middle, coarse = tracker.vision_encoder.neck(grid)[0][: len(sizes)]
        coarse = coarse + tracker.no_memory_embedding.view(1, -1, 1, 1)
        return [tracker.mask_decoder.conv_s0(fine), tracker.mask_decoder.conv_s1(middle), coarse]

    def _find(self, seen: Any, word: str) -> list[Finding]:
        """What `word` names."""
        check()
        tokens = self._tokenizer(
            word,
            padding="max_length",
            truncation=True,
            max_length=self._detector.config.text_config.max_position_embeddings,
            return_tensors="pt",
        ).to(self._detector.device)
        told = self._detector(vision_embeds=seen, **tokens)
        scores = told.pred_logits[0].float().sigmoid() * told.presence_logits[0].float().sigmoid()
        # Both by the query, (Q,) and (Q, h, w).
        scores, masks = chosen(scores >= self._threshold, scores, told.pred_masks[0])
        each = zip(scores.tolist(), masks_of(masks.float().sigmoid()), strict=True)
        return [Finding(word, score, mask) for score, mask in each]
