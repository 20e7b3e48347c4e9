"""Painters with random weights and a few channels. Stable Diffusion is laid out as its publishers
do: halved weights; of the two older ones, the autoencoder's attention has its names of 2022.

Imports of diffusers and transformers take many seconds, so they stand in the functions that save.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch
from safetensors.torch import save_file

from models.catalog import PAINTERS, ModelSpec
from tests.tiny_klein import LAYERS, save_klein

WIDTH = 16
NAMES_OF_2022 = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
NOISE = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}


def tiny_painter(spec: ModelSpec, folder: Path, side: int = 64) -> ModelSpec:
    """Save random weights of `spec` in `folder/NAME`, unless they are there. Returns the row that
    paints with them, `side` pixels on the longer side, or as many as a square of it has."""
    home, klein = folder / spec.name, spec.family == "painting.flux2_klein"
    if not home.exists():
        torch.manual_seed(sum(spec.name.encode()))
        if klein:
            save_klein(home)
        else:
            _save(home, xl="text_encoder_2/config.json" in spec.files)
    if klein:
        options = {"area": side**2, "layers": LAYERS}
        return replace(spec, options=options, parameters=1000, reader_parameters=500)
    return replace(spec, options={**spec.options, "side": side}, parameters=1000)


def tiny_painters(folder: Path) -> tuple[ModelSpec, ...]:
    return tuple(tiny_painter(spec, folder) for spec in PAINTERS)


def _save(home: Path, *, xl: bool) -> None:
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    kind = f"StableDiffusion{'XL' * xl}InpaintPipeline"
    home.mkdir(parents=True)
    (home / "model_index.json").write_text(json.dumps({"_class_name": kind}))
    scheduler = _library().EulerDiscreteScheduler(steps_offset=1, **NOISE)
    if not xl:
        scheduler = _library().PNDMScheduler(skip_prk_steps=True, steps_offset=1, **NOISE)
    scheduler.save_pretrained(home / "scheduler")
    _save_network(_unet(xl), home / "unet")
    _save_network(_vae(), home / "vae", {} if xl else NAMES_OF_2022)
    _save_words(home, "", CLIPTextModel)
    if xl:
        _save_words(home, "_2", CLIPTextModelWithProjection)


def _library() -> Any:
    import diffusers

    return diffusers


def _unet(xl: bool) -> Any:
    more: dict[str, Any] = {"cross_attention_dim": WIDTH}
    if xl:
        more = {
            "cross_attention_dim": 2 * WIDTH,
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": 8,
            "projection_class_embeddings_input_dim": WIDTH + 6 * 8,
            "use_linear_projection": True,
        }
    return _library().UNet2DConditionModel(
        sample_size=8,
        in_channels=9,
        out_channels=4,
        block_out_channels=(16, 32),
        layers_per_block=1,
        norm_num_groups=8,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=8,
        **more,
    )


def _vae() -> Any:
    blocks = 4  # each but the last halves the sides: a cell is 8 × 8 pixels
    return _library().AutoencoderKL(
        block_out_channels=(8,) * blocks,
        down_block_types=("DownEncoderBlock2D",) * blocks,
        up_block_types=("UpDecoderBlock2D",) * blocks,
        latent_channels=4,
        norm_num_groups=4,
        sample_size=64,
    )


def _save_network(
    network: Any, folder: Path, renamed: Mapping[str, str] = MappingProxyType({})
) -> None:
    network.save_config(folder)
    tensors = network.state_dict()
    for new, old in renamed.items():
        tensors = {name.replace(f".{new}.", f".{old}."): each for name, each in tensors.items()}
    _save_tensors(tensors, folder / "diffusion_pytorch_model.fp16.safetensors")


def _save_words(home: Path, number: str, kind: Any) -> None:
    """A text encoder and its tokenizer."""
    from transformers import CLIPTextConfig

    from tests.tiny_sam import tiny_tokenizer

    tokenizer = tiny_tokenizer()
    model = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    folder = home / f"tokenizer{number}"
    folder.mkdir()
    (folder / "vocab.json").write_text(json.dumps(model["vocab"]))
    (folder / "merges.txt").write_text(
        "\n".join(["#version: 0.2", *(" ".join(pair) for pair in model["merges"])])
    )
    ends = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>"}
    (folder / "special_tokens_map.json").write_text(json.dumps(ends))
    facts = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, **ends}
    (folder / "tokenizer_config.json").write_text(json.dumps(facts))
    config = CLIPTextConfig(
        vocab_size=len(model["vocab"]),
        hidden_size=WIDTH,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        projection_dim=WIDTH,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.eos_token_id,
    )
    folder = home / f"text_encoder{number}"
    config.save_pretrained(folder)
    tensors = {
        name if name.startswith("text_") else f"text_model.{name}": tensor
        for name, tensor in kind(config).state_dict().items()
    }
    tensors["text_model.embeddings.position_ids"] = torch.arange(77)[None]
    _save_tensors(tensors, folder / "model.fp16.safetensors")


def _save_tensors(tensors: dict[str, torch.Tensor], path: Path) -> None:
    half = {
        name: tensor.half() if tensor.is_floating_point() else tensor
        for name, tensor in tensors.items()
    }
    save_file(half, path, {"format": "pt"})
