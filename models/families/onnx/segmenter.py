"""The segmenter: a photo, or what is in each box, through the network and back to its size."""

from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path

import numpy as np
import onnxruntime as ort

from compositing.alpha import enlarge
from compositing.arrays import Alpha, Photo
from models.catalog import ModelSpec
from models.families.common.files import one_file
from models.families.common.sides import fitted
from models.families.grabcut.steering import steer
from models.families.onnx import trial
from models.families.onnx.preparing import Settings, network_input, opacities
from models.families.onnx.session import session_of, stoppable
from models.hub import packaged
from models.interface import Box, LoadFailed, Matte, Prompt, PromptMissing
from models.running.devices import Device
from models.running.stages import stage

AROUND = 0.125
"""How much is shown to the network around a box: part of the box's longer side. With more, what
stands beside the subject draws the eye away from it."""

AGREEMENT = 0.8
"""How alike the mattes of a box and of the whole photo are, as an IoU in the box, if both show the
same subject. Farther apart, the whole photo's is of something else, or too coarse."""

LONGEST = 4
"""Of free sides, how many times as long as the shorter one the longer may be."""


def load(spec: ModelSpec, folder: Path | None, device: Device) -> "Onnx":
    """folder: the row's file, or the folder that holds it; None: the file comes with a package.
    Raises LoadFailed."""
    path = packaged.file_of(spec) if folder is None else one_file(spec, folder)
    settings = Settings(**spec.options)
    if trial.is_strange(spec):
        # The largest photo that it may have to see.
        longest = (settings.side or 0) * (LONGEST if settings.step else 1)
        trial.passed(path, (settings.side, longest) if settings.side else None)
    session = session_of(path, device)
    return Onnx(spec.label, session, settings, sides_of(session, settings))


def sides_of(session: ort.InferenceSession, settings: Settings) -> tuple[int, int]:
    """(height, width) of what the network sees. Raises LoadFailed for a network of another kind."""
    given = session.get_inputs()
    kinds = [each.type for each in given]
    shape = list(given[0].shape) if given else []
    pictures = len(shape) == 4 and shape[1] in (3, "channels", "c")
    if kinds not in (["tensor(float)"], ["tensor(float16)"]) or not pictures:
        raise LoadFailed(
            f"This network takes {', '.join(kinds) or 'nothing'} of shape {shape}; one photo, "
            "tensor(float) of (1, 3, height, width), is what can be given to it."
        )
    rows, columns = (side if isinstance(side, int) else settings.side for side in shape[2:])
    if rows is None or columns is None:
        raise LoadFailed("The file leaves the sides of its photo open: say `side` in its row.")
    if settings.step and any(isinstance(side, int) for side in shape[2:]):
        raise LoadFailed(f"The file wants {shape[2]} × {shape[3]}: leave `step` out of its row.")
    if settings.output >= len(session.get_outputs()):
        raise LoadFailed(
            f"The network has {len(session.get_outputs())} outputs; number {settings.output} is "
            "not among them. Say `output` in its row, counted from 0."
        )
    return rows, columns


@dataclass(frozen=True, eq=False)
class Onnx:
    """A segmenter. title: the model's name in sentences; sides: (height, width) of what the network
    sees, of a square photo where they are free. Several photos may be worked on at once."""

    title: str
    session: ort.InferenceSession
    settings: Settings
    sides: tuple[int, int]

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:
        """The matte of the photo, or of what is in the boxes; a click on what it lacks adds that,
        one to exclude takes away.

        The matte isn't stretched to span 0 to 1: a photo without a subject stays empty.
        """
        alpha = self._boxed(photo, prompt.boxes) if prompt.boxes else self._matte(photo)
        with stage("postprocess"):
            return Matte(steer(photo, alpha, prompt.points), soft=True)

    def _boxed(self, photo: Photo, boxes: tuple[Box, ...]) -> Alpha:
        """The network looks at each box and what is around it, and once at the whole photo; nothing
        outside of the boxes is kept."""
        alpha = np.zeros(photo.shape[:2], np.float32)
        whole: Alpha | None = None
        for box in boxes:
            margin = AROUND * max(box.x1 - box.x0, box.y1 - box.y0)
            rows, columns = inside(photo, box, 0)
            if not (rows.stop > rows.start and columns.stop > columns.start):
                height, width = photo.shape[:2]
                raise PromptMissing(
                    f"The box {box.x0:g},{box.y0:g},{box.x1:g},{box.y1:g} lies outside the photo, "
                    f"which is {width} × {height} pixels. Draw it around the subject."
                )
            shown = inside(photo, box, margin)
            close = self._matte(np.ascontiguousarray(photo[shown]))
            above, left = rows.start - shown[0].start, columns.start - shown[1].start
            kept = alpha[rows, columns]
            part = close[above : above + kept.shape[0], left : left + kept.shape[1]]
            if close.shape != alpha.shape:
                whole = self._matte(photo) if whole is None else whole
                part = agreed(part, whole[rows, columns])
            np.maximum(kept, part, out=kept)
        return alpha

    def _seen(self, photo: Photo) -> tuple[int, int]:
        """(height, width) at which the network sees the photo."""
        shorter, step = self.sides[0], self.settings.step
        return fitted(photo, shorter, LONGEST * shorter, step) if step else self.sides

    def _matte(self, photo: Photo) -> Alpha:
        with stage("preprocess"):
            values = network_input(photo, *self._seen(photo), self.settings)
            given = self.session.get_inputs()[0]
            kind = np.float16 if given.type == "tensor(float16)" else np.float32
            output = self.session.get_outputs()[self.settings.output].name
        with stage("network"):
            (told,) = stoppable(self.session, [output], {given.name: values.astype(kind)})
        with stage("postprocess"):
            return enlarge(opacities(told, self.title, self.settings), photo)


def agreed(close: Alpha, whole: Alpha) -> Alpha:
    """What is in a box by two mattes of one size: the closer look's, and the whole photo's.

    The closer look draws finer, and finds what the whole photo makes nothing of; but it takes in
    what stands against the subject. If both show the same subject, what one of them lacks isn't
    part of it.
    """
    one, other = close > 0.5, whole > 0.5
    both, either = np.count_nonzero(one & other), np.count_nonzero(one | other)
    return np.minimum(close, whole) if both > AGREEMENT * either else close


def inside(photo: Photo, box: Box, margin: float) -> tuple[slice, slice]:
    """Rows and columns of the photo in the box and `margin` pixels around it."""
    height, width = photo.shape[:2]
    return (
        slice(max(0, floor(box.y0 - margin)), min(height, ceil(box.y1 + margin))),
        slice(max(0, floor(box.x0 - margin)), min(width, ceil(box.x1 + margin))),
    )
