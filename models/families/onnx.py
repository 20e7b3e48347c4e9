"""Networks in the ONNX format that draw one matte of one photo, run by ONNX Runtime.

What a file can't say of itself, how its photo is to be prepared and which output is the matte, the
row says as data. Nothing but a file's own operators is ever run: no custom ones are registered, and
tensors outside its folder are refused by the runtime.
"""

import contextvars
import threading
from dataclasses import dataclass
from math import ceil, floor
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from PIL import Image

from compositing.alpha import enlarge
from compositing.arrays import Alpha, Photo
from models.catalog import ModelSpec
from models.families.common.files import one_file
from models.families.grabcut.steering import steer
from models.hub import packaged
from models.interface import Box, Cancelled, LoadFailed, Matte, Prompt, PromptMissing, RunFailed
from models.running.devices import Device, threads
from models.running.stages import check, stage

AROUND = 0.25
"""How much is shown to the network around a box: part of the box's longer side."""

TOLERANCE = 0.01
"""How far beyond 0 and 1 the rounding of a last sigmoid may lead."""

TICK = 0.02
"""Seconds between two questions whether the work was stopped."""

RESAMPLING = {name.lower(): Image.Resampling[name] for name in ("BILINEAR", "BICUBIC", "LANCZOS")}

type Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Settings:
    """How the network wants its photo, (rgb / scale - mean) / deviation, and what it answers.

    side: of the square that it sees; None: the sides that the file asks for. scale: "brightest" is
    the photo's own largest value. output: the number of the one that is the matte, `(1, 1, h, w)`.
    activation: what turns that into opacities, where the file doesn't.
    """

    side: int | None = None
    scale: float | Literal["brightest"] = 255
    mean: Colour = (0.485, 0.456, 0.406)
    deviation: Colour = (0.229, 0.224, 0.225)
    resampling: Literal["bilinear", "bicubic", "lanczos"] = "bilinear"
    output: int = 0
    activation: Literal["none", "sigmoid"] = "none"


def load(spec: ModelSpec, folder: Path | None, device: Device) -> "Onnx":
    """folder: the row's file, or the folder that holds it; None: the file comes with a package.
    Raises LoadFailed."""
    path = packaged.file_of(spec) if folder is None else one_file(spec, folder)
    settings = Settings(**spec.options)
    session = session_of(path, device)
    return Onnx(spec.label, session, settings, sides_of(session, settings))


def session_of(path: Path, device: Device) -> ort.InferenceSession:
    """The file's network on that device and no other. Raises LoadFailed."""
    options = ort.SessionOptions()
    options.log_severity_level = 3  # what it would warn of is an error here, or nobody's business
    options.intra_op_num_threads = threads()
    options.inter_op_num_threads = 1
    # Threads that wait awake would burn what torch and the page could use.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    wanted = providers(device)
    try:
        session = ort.InferenceSession(str(path), options, providers=wanted)
    except Exception as error:  # the runtime has a class of its own for each kind of fault
        raise LoadFailed(
            f"{path.name} is not a network that ONNX Runtime can run ({first_line(error)}). "
            "Choose another file, or download it again."
        ) from error
    first = wanted[0] if isinstance(wanted[0], str) else wanted[0][0]
    if session.get_providers()[0] != first:
        raise LoadFailed(
            f"ONNX Runtime could not start its {first} for {device.name}: its CUDA libraries are "
            "missing or of another version. Install those, or choose the device cpu."
        )
    return session


def providers(device: Device) -> list[Any]:
    """What the runtime is told to run on. The CPU does what a GPU's provider lacks."""
    if device.kind == "cuda":
        number = int(device.name.partition(":")[2] or 0)
        return [("CUDAExecutionProvider", {"device_id": number}), "CPUExecutionProvider"]
    return ["CPUExecutionProvider"]


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
    if settings.output >= len(session.get_outputs()):
        raise LoadFailed(
            f"The network has {len(session.get_outputs())} outputs; number {settings.output} is "
            "not among them. Say `output` in its row, counted from 0."
        )
    return rows, columns


@dataclass(frozen=True, eq=False)
class Onnx:
    """A segmenter. title: the model's name in sentences; sides: (height, width) of what the network
    sees. Several photos may be worked on at once."""

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
        """The network looks at each box and what is around it; nothing outside of it is kept."""
        alpha = np.zeros(photo.shape[:2], np.float32)
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
            matte = self._matte(np.ascontiguousarray(photo[shown]))
            above, left = rows.start - shown[0].start, columns.start - shown[1].start
            kept = alpha[rows, columns]
            part = matte[above : above + kept.shape[0], left : left + kept.shape[1]]
            np.maximum(kept, part, out=kept)
        return alpha

    def _matte(self, photo: Photo) -> Alpha:
        with stage("preprocess"):
            values = network_input(photo, *self.sides, self.settings)
            given = self.session.get_inputs()[0]
            kind = np.float16 if given.type == "tensor(float16)" else np.float32
            output = self.session.get_outputs()[self.settings.output].name
        with stage("network"):
            (told,) = stoppable(self.session, [output], {given.name: values.astype(kind)})
        with stage("postprocess"):
            return enlarge(opacities(told, self.title, self.settings), photo)


def network_input(photo: Photo, height: int, width: int, settings: Settings) -> NDArray[np.float32]:
    """`float32 (1, 3, height, width)`: the photo, resized as bytes, as the settings want it."""
    how = RESAMPLING[settings.resampling]
    small = np.asarray(Image.fromarray(photo).resize((width, height), how), np.float32)
    scale = max(float(small.max()), 1e-6) if settings.scale == "brightest" else settings.scale
    mean, deviation = np.array([settings.mean, settings.deviation], np.float32)
    values = (small / np.float32(scale) - mean) / deviation
    return np.ascontiguousarray(values.transpose(2, 0, 1)[None])


def opacities(told: Any, title: str, settings: Settings) -> Alpha:
    """What the network told as `float32 (h, w)` in [0, 1]. Raises RunFailed for anything else."""
    values = np.asarray(told, np.float32)
    if values.ndim < 2 or values.size != values.shape[-2] * values.shape[-1]:
        raise RunFailed(f"{title} answered with {values.shape}, not with one matte (1, 1, h, w).")
    levels = values.reshape(values.shape[-2:])
    if settings.activation == "sigmoid":
        levels = 0.5 + 0.5 * np.tanh(levels / 2)
    if not np.isfinite(levels).all():
        raise RunFailed(f"{title} gave no numbers for this photo. Try another device or model.")
    if levels.min() < -TOLERANCE or levels.max() > 1 + TOLERANCE:
        raise RunFailed(
            f"{title} answered from {levels.min():.2f} to {levels.max():.2f}, and a matte lies "
            "between 0 and 1. Its row should say another `activation` or `output`."
        )
    return np.clip(levels, 0, 1)


def stoppable(
    session: ort.InferenceSession, outputs: list[str], feed: dict[str, NDArray[Any]]
) -> Any:
    """One run of the network, which ends as soon as `models.running.stages.check` says so."""
    options = ort.RunOptions()  # one a run: a terminated one would end all later runs at once
    done, stopped = threading.Event(), list[BaseException]()
    here = contextvars.copy_context()  # the recording that `check` asks belongs to this thread

    def watch() -> None:
        while not done.wait(TICK):
            try:
                here.run(check)
            except Cancelled as error:
                stopped.append(error)
                options.terminate = True
                return

    watcher = threading.Thread(target=watch, name="onnx-stop", daemon=True)
    watcher.start()
    try:
        return session.run(outputs, feed, options)
    except Exception:
        if stopped:
            raise stopped[0] from None
        raise
    finally:
        done.set()
        watcher.join()


def inside(photo: Photo, box: Box, margin: float) -> tuple[slice, slice]:
    """Rows and columns of the photo in the box and `margin` pixels around it."""
    height, width = photo.shape[:2]
    return (
        slice(max(0, floor(box.y0 - margin)), min(height, ceil(box.y1 + margin))),
        slice(max(0, floor(box.x0 - margin)), min(width, ceil(box.x1 + margin))),
    )


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]
