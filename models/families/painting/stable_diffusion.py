"""Stable Diffusion inpainting: a background painted from words, around the subject.

Rombach et al., "High-Resolution Image Synthesis with Latent Diffusion Models", 2022; the networks
are those of the diffusers library. Its text encoders stay loaded with the rest: they are an eighth
of its weights, 0.2 GB, and of XL's a quarter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diffusers import (
    AutoencoderKL,
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    StableDiffusionInpaintPipeline,
    StableDiffusionXLInpaintPipeline,
    UNet2DConditionModel,
)
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from compositing.arrays import Alpha, Photo
from models.catalog import ModelSpec
from models.families.common.pretrained import pretrained
from models.families.common.tensors import read_tensors
from models.families.painting.canvas import canvas_of
from models.families.painting.pipelines import (
    check_length,
    described,
    network,
    painted,
    quiet,
    scheduler,
)
from models.painter import Step, Wish
from models.running.devices import Device
from models.running.stages import stage

VARIANT = "fp16"
CELL = 8  # pixels that the autoencoder makes one of

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
        tokenizer = self.pipeline.tokenizer
        for words in (wish.prompt, wish.negative):
            check_length(words, len(tokenizer(words).input_ids), tokenizer.model_max_length)
        with stage("preprocess"):
            canvas = canvas_of(photo, alpha, self.settings.side, CELL)
        height, width = canvas.hole.shape
        with stage("network"):
            return painted(
                self.pipeline,
                canvas,
                wish,
                step,
                prompt=wish.prompt,
                negative_prompt=wish.negative or None,
                height=height,
                width=width,
                strength=self.settings.strength,
                guidance_scale=wish.guidance,
            )


def load(spec: ModelSpec, folder: Path, device: Device) -> Diffusion:
    """The row's networks from `folder`, laid out as diffusers does. Raises LoadFailed."""
    makers: dict[str, Callable[[Path, Device], Any]] = {
        StableDiffusionInpaintPipeline.__name__: _plain,
        StableDiffusionXLInpaintPipeline.__name__: _xl,
    }
    make = makers[described(folder, makers)["_class_name"]]
    return Diffusion(quiet(make(folder, device)), Settings(**spec.options))


def _plain(folder: Path, device: Device) -> Any:
    return StableDiffusionInpaintPipeline(
        **_networks(folder, device),
        # DPM-Solver++ (Lu et al., 2022): as good in 20 steps as the published PNDM in 50.
        scheduler=scheduler(DPMSolverMultistepScheduler, folder),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def _xl(folder: Path, device: Device) -> Any:
    return StableDiffusionXLInpaintPipeline(
        **_networks(folder, device),
        text_encoder_2=_encoder(CLIPTextModelWithProjection, folder / "text_encoder_2", device),
        tokenizer_2=_tokenizer(folder / "tokenizer_2"),
        scheduler=scheduler(EulerDiscreteScheduler, folder),
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
    tensors = read_tensors(folder / f"diffusion_pytorch_model.{VARIANT}.safetensors")
    named = {_renamed(name): tensor for name, tensor in tensors.items()}
    return network(kind, folder, named, device)


def _renamed(name: str) -> str:
    for old, new in OLD_NAMES.items():
        name = name.replace(f".{old}.", f".{new}.")
    return name


def _encoder(kind: Any, folder: Path, device: Device) -> Any:
    return pretrained(kind, folder, device, variant=VARIANT)


def _tokenizer(folder: Path) -> Any:
    return CLIPTokenizer.from_pretrained(folder, local_files_only=True)
