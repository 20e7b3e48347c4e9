"""Stable Diffusion inpainting: a background painted from words, around the subject.

Rombach et al., "High-Resolution Image Synthesis with Latent Diffusion Models", 2022; the networks
are those of the diffusers library.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
import torch
from diffusers import (
    AutoencoderKL,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    StableDiffusionInpaintPipeline,
    StableDiffusionXLInpaintPipeline,
    UNet2DConditionModel,
)
from diffusers.utils import logging
from numpy.typing import NDArray
from PIL import Image
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from compositing.arrays import Alpha, Photo
from models.catalog import ModelSpec
from models.families.common.pretrained import pretrained
from models.families.common.tensors import dtype_of, read_tensors
from models.interface import LoadFailed, RunFailed
from models.networks.checkpoint import load as load_network
from models.painter import Step, Wish
from models.running.devices import Device
from models.running.stages import check, stage

# The page and the command line have their own progress, and what it would warn of is an error here.
logging.set_verbosity_error()

VARIANT = "fp16"
CELL = 8  # pixels that the autoencoder makes one of
GREY = 128  # what the networks are shown where they are to paint
SOLID = 0.99
"""Less opaque than this is background, seen through the subject's edge."""
RIM = 128
"""The hole grows by the longest side / RIM: nothing of the edge shall tell of the old colours."""

OLD_NAMES = {"query": "to_q", "key": "to_k", "value": "to_v", "proj_attn": "to_out.0"}
"""Of an autoencoder's attention, in checkpoints of 2022."""


@dataclass(frozen=True)
class Settings:
    """side: the longest side of what is painted, in pixels. strength: how much of the noise's
    schedule is gone through, 0 to 1."""

    side: int
    strength: float = 1.0


@dataclass(frozen=True, eq=False)
class Diffusion:
    """A pipeline of diffusers, and how it's used."""

    pipeline: Any
    settings: Settings

    def paint(self, photo: Photo, alpha: Alpha, wish: Wish, step: Step) -> Photo:
        """See `models.painter.Painter`."""
        self._check_length(wish.prompt)
        self._check_length(wish.negative)
        with stage("preprocess"):
            canvas = canvas_of(photo, alpha, self.settings.side)
        with stage("network"):
            painted = self._run(canvas, wish, step)
        if not np.isfinite(painted).all():
            raise RunFailed("What was painted holds no colours. Try another seed or device.")
        levels = np.rint(255 * painted[: canvas.height, : canvas.width])
        return levels.astype(np.uint8, order="C")

    def _run(self, canvas: "Canvas", wish: Wish, step: Step) -> NDArray[np.float32]:
        def after(pipeline: Any, number: int, _: Any, values: dict[str, Any]) -> dict[str, Any]:
            step(number + 1, pipeline.num_timesteps)
            check()
            return values

        height, width = canvas.hole.shape
        painted: NDArray[np.float32] = self.pipeline(
            prompt=wish.prompt,
            negative_prompt=wish.negative or None,
            image=Image.fromarray(canvas.image),
            mask_image=Image.fromarray(255 * canvas.hole),
            height=height,
            width=width,
            strength=self.settings.strength,
            num_inference_steps=wish.steps,
            guidance_scale=wish.guidance,
            # Of the CPU: the same noise on every device, and nobody else's random numbers change.
            generator=torch.Generator("cpu").manual_seed(wish.seed),
            output_type="np",
            callback_on_step_end=after,
        ).images[0]
        return painted

    def _check_length(self, words: str) -> None:
        """The library would leave out what is too long, and say nothing."""
        tokenizer = self.pipeline.tokenizer
        excess = len(tokenizer(words).input_ids) - tokenizer.model_max_length
        if excess > 0:
            raise RunFailed(
                f"“{words[:40]}…” is too long for this model by about {excess} words or signs. "
                "Say it shorter."
            )


class Canvas(NamedTuple):
    """What the networks see. image: `uint8 (h, w, 3)`, the subject on grey. hole: `uint8 (h, w)`,
    1 where they are to paint. Both sides are multiples of 8; of them, height and width are the
    photo's, what lies beyond is painted and cut off."""

    image: Photo
    hole: NDArray[np.uint8]
    height: int
    width: int


def canvas_of(photo: Photo, alpha: Alpha, side: int) -> Canvas:
    """The photo with its longest side at `side`, in its own proportions, and only what is surely
    subject left of it: neither soft edges nor the old background are shown to the networks."""
    scale = side / max(alpha.shape)
    height, width = (max(1, round(length * scale)) for length in alpha.shape)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    solid = cv2.resize(alpha, (width, height), interpolation=how) >= SOLID
    reach = 2 * round(side / RIM) + 1
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    hole = 1 - cv2.erode(solid.astype(np.uint8), ellipse)
    image = cv2.resize(photo, (width, height), interpolation=how)
    image[hole == 1] = GREY
    beyond = 0, -height % CELL, 0, -width % CELL
    return Canvas(
        cv2.copyMakeBorder(image, *beyond, cv2.BORDER_CONSTANT, value=(GREY, GREY, GREY)),
        cv2.copyMakeBorder(hole, *beyond, cv2.BORDER_CONSTANT, value=1),
        height,
        width,
    )


def load(spec: ModelSpec, folder: Path, device: Device) -> Diffusion:
    """The row's networks from `folder`, laid out as diffusers does. Raises LoadFailed."""
    kind = json.loads((folder / "model_index.json").read_text()).get("_class_name")
    makers: dict[str, Callable[[Path, Device], Any]] = {
        StableDiffusionInpaintPipeline.__name__: _plain,
        StableDiffusionXLInpaintPipeline.__name__: _xl,
    }
    if kind not in makers:
        raise LoadFailed(
            f"{folder} holds a {kind}, which doesn't paint into photos. "
            f"Choose a folder of {' or '.join(makers)}."
        )
    pipeline = makers[kind](folder, device)
    pipeline.set_progress_bar_config(disable=True)
    return Diffusion(pipeline, Settings(**spec.options))


def _plain(folder: Path, device: Device) -> Any:
    return StableDiffusionInpaintPipeline(
        **_networks(folder, device),
        # DPM-Solver++ (Lu et al., 2022): as good in 20 steps as the published PNDM in 50.
        scheduler=_scheduler(DPMSolverMultistepScheduler, folder),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def _xl(folder: Path, device: Device) -> Any:
    return StableDiffusionXLInpaintPipeline(
        **_networks(folder, device),
        text_encoder_2=_encoder(CLIPTextModelWithProjection, folder / "text_encoder_2", device),
        tokenizer_2=_tokenizer(folder / "tokenizer_2"),
        scheduler=_scheduler(EulerDiscreteScheduler, folder),
        add_watermarker=False,
    )


def _networks(folder: Path, device: Device) -> dict[str, Any]:
    return {
        "unet": _network(UNet2DConditionModel, folder / "unet", device),
        "vae": _network(AutoencoderKL, folder / "vae", device),
        "text_encoder": _encoder(CLIPTextModel, folder / "text_encoder", device),
        "tokenizer": _tokenizer(folder / "tokenizer"),
    }


def _network(kind: Any, folder: Path, device: Device) -> Any:
    """Not by the library's own loader, which fills the network with random numbers first."""
    tensors = read_tensors(folder / f"diffusion_pytorch_model.{VARIANT}.safetensors")
    named = {_renamed(name): tensor for name, tensor in tensors.items()}
    config = kind.load_config(folder, local_files_only=True)
    network = load_network(partial(kind.from_config, config), named, dtype_of(device))
    return network.to(device.name)


def _renamed(name: str) -> str:
    for old, new in OLD_NAMES.items():
        name = name.replace(f".{old}.", f".{new}.")
    return name


def _encoder(kind: Any, folder: Path, device: Device) -> Any:
    return pretrained(kind, folder, device, variant=VARIANT)


def _tokenizer(folder: Path) -> Any:
    return CLIPTokenizer.from_pretrained(folder, local_files_only=True)


def _scheduler(kind: Any, folder: Path) -> Any:
    return kind.from_pretrained(folder / "scheduler", local_files_only=True)
