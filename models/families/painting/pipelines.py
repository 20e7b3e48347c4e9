"""What all pipelines of the diffusers library share: how they are read, used and stopped."""

import json
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers.utils import logging
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from compositing.arrays import Photo
from models.families.common.tensors import dtype_of
from models.families.painting.canvas import Canvas
from models.interface import LoadFailed, RunFailed
from models.networks.checkpoint import load as load_network
from models.painter import Step, Wish
from models.running.devices import Device
from models.running.stages import check

# The page and the command line have their own progress, and what it would warn of is an error here.
logging.set_verbosity_error()


def painted(pipeline: Any, canvas: Canvas, wish: Wish, step: Step, **more: Any) -> Photo:
    """What an inpainting pipeline paints, `uint8`, of the canvas's height and width.

    more: what only this kind of pipeline is told. Raises RunFailed, or Cancelled after a step.
    """

    def after(pipeline: Any, number: int, _: Any, values: dict[str, Any]) -> dict[str, Any]:
        step(number + 1, pipeline.num_timesteps)
        check()
        return values

    colours: NDArray[np.float32] = pipeline(
        image=Image.fromarray(canvas.image),
        mask_image=Image.fromarray(255 * canvas.hole),
        num_inference_steps=wish.steps,
        # Of the CPU: the same noise on every device, and nobody else's random numbers change.
        generator=torch.Generator("cpu").manual_seed(wish.seed),
        output_type="np",
        callback_on_step_end=after,
        **more,
    ).images[0]
    if not np.isfinite(colours).all():
        raise RunFailed("What was painted holds no colours. Try another seed or device.")
    levels = np.rint(255 * colours[: canvas.height, : canvas.width])
    return levels.astype(np.uint8, order="C")


def check_length(words: str, count: int, limit: int) -> None:
    """The library would leave out what is too long, and say nothing. count: of the words, in the
    encoder's own tokens. Raises RunFailed."""
    if count > limit:
        raise RunFailed(
            f"“{words[:40]}…” is too long for this model by about {count - limit} words or signs. "
            "Say it shorter."
        )


def described(folder: Path, kinds: Collection[str]) -> dict[str, Any]:
    """What model_index.json says. Raises LoadFailed if it's none of the `kinds` of pipelines."""
    told: dict[str, Any] = json.loads((folder / "model_index.json").read_text())
    kind = str(told.get("_class_name"))
    if kind not in kinds:
        raise LoadFailed(
            f"{folder} holds a {kind}, which doesn't paint into photos. "
            f"Choose a folder of {' or '.join(kinds)}."
        )
    return told


def quiet(pipeline: Any) -> Any:
    """The pipeline, without a progress bar of its own."""
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def network(kind: Any, folder: Path, tensors: Mapping[str, Tensor], device: Device) -> Any:
    """A network of the library with `tensors`, by the config.json in `folder`. Not by the library's
    own loader, which fills the network with random numbers first. Raises LoadFailed."""
    config = kind.load_config(folder, local_files_only=True)
    build: Callable[[], Any] = partial(kind.from_config, config)
    return load_network(build, tensors, dtype_of(device)).to(device.name)


def scheduler(kind: Any, folder: Path) -> Any:
    """The noise's schedule, by `folder`/scheduler."""
    return kind.from_pretrained(folder / "scheduler", local_files_only=True)
