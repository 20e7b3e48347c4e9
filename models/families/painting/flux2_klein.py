"""FLUX.2 klein inpainting, distilled to four steps: a background painted from words, around the
subject.

Black Forest Labs, "FLUX.2 [klein]: Towards Interactive Visual Intelligence", 2026; the networks are
those of the diffusers and transformers libraries. It hears neither guidance nor negative words.

Not tried with the published weights. Above all this is untried: the canvas, the subject on grey, is
also what the network is told to work from, so it sees the grey as if it were a colour that is
wanted. Grey was chosen as for Stable Diffusion, since nothing can be seen in it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diffusers import (
    AutoencoderKLFlux2,
    FlowMatchEulerDiscreteScheduler,
    Flux2KleinInpaintPipeline,
    Flux2KleinPipeline,
    Flux2Transformer2DModel,
)
from transformers import Qwen2TokenizerFast, Qwen3Config, Qwen3Model
from transformers.models.qwen3.modeling_qwen3 import Qwen3RotaryEmbedding

from compositing.arrays import Alpha, Photo
from models.catalog import ModelSpec
from models.families.common.tensors import dtype_of, read_shards, read_tensors
from models.families.painting.canvas import canvas_of, longest_side
from models.families.painting.pipelines import (
    check_length,
    described,
    network,
    painted,
    quiet,
    scheduler,
)
from models.interface import LoadFailed
from models.networks.checkpoint import load as load_network
from models.painter import Step, Wish, Words
from models.running.devices import Device
from models.running.stages import stage

CELL = 16  # pixels that the network makes one of: 8 by the autoencoder, and 2 of those
LONGEST = 512
"""Tokens that are read, with those of the chat that the words are wrapped in."""
TIED = "lm_head.weight"
"""Not of use here: it would say how the words go on."""


@dataclass(frozen=True)
class Settings:
    """area: the most pixels that are painted; beyond a megapixel the library shrinks the canvas.
    layers: of the text encoder, those whose numbers the network is told."""

    area: int
    layers: tuple[int, ...] = (9, 18, 27)


@dataclass(frozen=True, eq=False)
class KleinReader:
    """The text encoder, in a pipeline of its own."""

    pipeline: Any
    settings: Settings
    device: Device

    def read(self, prompt: str) -> Words:
        """See `models.painter.Reader`. The value is `(1, 512, layers x width)`."""
        check_length(prompt, self._count(prompt), LONGEST)
        embeds, _ = self.pipeline.encode_prompt(
            prompt,
            device=self.device.name,
            max_sequence_length=LONGEST,
            text_encoder_out_layers=self.settings.layers,
        )
        return Words(embeds, embeds.nbytes)

    def _count(self, prompt: str) -> int:
        """Tokens of the words, wrapped as the pipeline wraps them."""
        tokenizer = self.pipeline.tokenizer
        chat = tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}],
            tokenize=False,
            add_generation_prompt=True,
            enable_thinking=False,
        )
        return len(tokenizer(chat).input_ids)


@dataclass(frozen=True, eq=False)
class Klein:
    """All but the text encoder."""

    pipeline: Any
    settings: Settings

    def paint(self, photo: Photo, alpha: Alpha, wish: Wish, step: Step, words: Words) -> Photo:
        """See `models.painter.Painter`."""
        with stage("preprocess"):
            side = longest_side(alpha.shape, self.settings.area, CELL)
            canvas = canvas_of(photo, alpha, side, CELL)
        with stage("network"):
            return painted(
                self.pipeline,
                canvas,
                wish,
                step,
                prompt_embeds=words.value,
                strength=1.0,  # by its default a fifth of the steps would be left out
                guidance_scale=1.0,
            )


def load(spec: ModelSpec, folder: Path, device: Device) -> Klein:
    """All of the row's networks but the text encoder, laid out as diffusers does. Raises
    LoadFailed."""
    _check(folder)
    pipeline = _pipeline(
        transformer=_network(Flux2Transformer2DModel, folder / "transformer", device),
        vae=_network(AutoencoderKLFlux2, folder / "vae", device),
        scheduler=scheduler(FlowMatchEulerDiscreteScheduler, folder),
    )
    return Klein(pipeline, Settings(**spec.options))


def load_reader(spec: ModelSpec, folder: Path, device: Device) -> KleinReader:
    """The row's text encoder. Raises LoadFailed."""
    _check(folder)
    pipeline = _pipeline(
        text_encoder=_encoder(folder / "text_encoder", device),
        tokenizer=Qwen2TokenizerFast.from_pretrained(folder / "tokenizer", local_files_only=True),
    )
    return KleinReader(pipeline, Settings(**spec.options), device)


def _check(folder: Path) -> None:
    kinds = (Flux2KleinPipeline.__name__, Flux2KleinInpaintPipeline.__name__)
    if not described(folder, kinds).get("is_distilled"):
        raise LoadFailed(
            f"{folder} holds a klein that isn't distilled, which paints by guidance and in fifty "
            "steps. Choose a folder of the distilled one."
        )


def _pipeline(**parts: Any) -> Any:
    absent = ("transformer", "vae", "scheduler", "text_encoder", "tokenizer")
    none = dict.fromkeys(absent)
    return quiet(Flux2KleinInpaintPipeline(**(none | parts), is_distilled=True))


def _network(kind: Any, folder: Path, device: Device) -> Any:
    tensors = read_tensors(folder / "diffusion_pytorch_model.safetensors")
    return network(kind, folder, tensors, device)


def _encoder(folder: Path, device: Device) -> Any:
    """Not by the library's own loader, by which it would take twice its memory on the way."""
    tensors = read_shards(folder / "model.safetensors.index.json")
    tensors.pop(TIED, None)
    named = {name.removeprefix("model."): tensor for name, tensor in tensors.items()}
    config = Qwen3Config.from_pretrained(folder, local_files_only=True)
    encoder = load_network(lambda: Qwen3Model(config), named, dtype_of(device))
    # No weights, so the file doesn't have it: the frequencies of positions, exact in any format.
    encoder.rotary_emb = Qwen3RotaryEmbedding(config)
    return encoder.to(device.name)
