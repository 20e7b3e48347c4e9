"""Masks by boxes and points, from what SAM, SAM 2 or SAM 3 made of a photo."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from models.families.sam.frame import Frame
from models.families.sam.prompts import Subject
from models.running.stages import check

NOTHING = 0.1
"""A mask shows nothing if its predicted overlap (IoU) with a thing is below this."""


class MaskDecoder:
    """model: SamModel of transformers, or another with its prompts and outputs. label: how the
    person knows it."""

    def __init__(self, model: Any, label: str) -> None:
        """Make what reads prompts and draws masks compute in float32, whatever the encoder uses.

        It is small, and bfloat16 can't tell apart pixels that lie up to four from each other.
        """
        self._model = model
        self._label = label
        encoding = next(model.vision_encoder.parameters()).dtype
        for part in (model.prompt_encoder, model.mask_decoder, model.shared_image_embedding):
            part.float()
        for end_of_encoder in ("conv_s0", "conv_s1"):  # of SAM 2 and later
            if hasattr(model.mask_decoder, end_of_encoder):
                getattr(model.mask_decoder, end_of_encoder).to(encoding)

    def masks(
        self, embeddings: Tensor | Sequence[Tensor], frame: Frame, subjects: Sequence[Subject]
    ) -> tuple[list[Tensor], list[str]]:
        """One mask for each subject, log-odds float32 (h, w) of the whole square. A subject that is
        not in the photo gets a sentence instead.

        Subjects go one by one: padding one to another's number of points would change its mask.
        """
        embeddings = _float32(embeddings)
        masks, notes = [], []
        for subject in subjects:
            check()
            mask, overlap = self._best(embeddings, frame, subject)
            inside = frame.part(mask, subject.box) if subject.box else mask
            if overlap < NOTHING or not bool((inside > 0).any()):
                notes.append(
                    f"{subject.name} holds nothing that {self._label} can find: "
                    "draw a box close around one subject."
                )
            else:
                masks.append(mask)
        return masks, notes

    def _best(self, embeddings: Any, frame: Frame, subject: Subject) -> tuple[Tensor, float]:
        """The best of the masks drawn for a subject (whole, part, part of a part), and its overlap
        with the thing; both by the network's own prediction."""
        prompt: dict[str, Tensor] = {}
        if subject.box:
            box = subject.box
            corners = (*frame.place(box.x0, box.y0), *frame.place(box.x1, box.y1))
            prompt["input_boxes"] = self._tensor([[corners]])  # (1, 1, 4)
        if subject.points:
            places = [frame.place(point.x, point.y) for point in subject.points]
            prompt["input_points"] = self._tensor([[places]])  # (1, 1, points, 2)
            included = [[[int(point.include) for point in subject.points]]]
            prompt["input_labels"] = self._tensor(included, torch.int64)
        drawn = self._model(image_embeddings=embeddings, multimask_output=True, **prompt)
        overlaps = drawn.iou_scores[0, 0].tolist()  # of three
        best = max(range(len(overlaps)), key=overlaps.__getitem__)
        return drawn.pred_masks[0, 0, best].float(), overlaps[best]

    def _tensor(self, numbers: object, dtype: torch.dtype = torch.float32) -> Tensor:
        return torch.tensor(numbers, dtype=dtype, device=self._model.device)


def _float32(embeddings: Tensor | Sequence[Tensor]) -> Tensor | list[Tensor]:
    if isinstance(embeddings, Tensor):
        return embeddings.float()
    return [level.float() for level in embeddings]
