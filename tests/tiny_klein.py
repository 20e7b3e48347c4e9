"""FLUX.2 klein with random weights and a few channels, laid out as its publisher does: bfloat16,
the text encoder in two files with an index, and no head of a language model.

Imports of diffusers and transformers take many seconds, so they stand in the functions that save.
"""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

MARKS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
CHAT = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}{% endif %}"
)
AROUND = 38
"""Tokens that the chat puts around the words."""
PIPELINE = {
    "_class_name": "Flux2KleinPipeline",
    "is_distilled": True,
    "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
    "text_encoder": ["transformers", "Qwen3ForCausalLM"],
    "tokenizer": ["transformers", "Qwen2TokenizerFast"],
    "transformer": ["diffusers", "Flux2Transformer2DModel"],
    "vae": ["diffusers", "AutoencoderKLFlux2"],
}
WIDTH = 16
LAYERS = (1, 2, 3)
"""Of the tiny text encoder's four, those that the network is told."""


def save_klein(home: Path) -> None:
    from diffusers import (
        AutoencoderKLFlux2,
        FlowMatchEulerDiscreteScheduler,
        Flux2Transformer2DModel,
    )

    home.mkdir(parents=True)
    (home / "model_index.json").write_text(json.dumps(PIPELINE))
    FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True).save_pretrained(home / "scheduler")
    transformer = Flux2Transformer2DModel(
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=8,
        num_attention_heads=2,
        joint_attention_dim=len(LAYERS) * WIDTH,
        axes_dims_rope=(2, 2, 2, 2),
        guidance_embeds=False,
    )
    vae = AutoencoderKLFlux2(
        block_out_channels=(8,) * 4,  # each but the last halves the sides
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=4,
        sample_size=64,
    )
    for name, network in (("transformer", transformer), ("vae", vae)):
        network.save_config(home / name)
        _save(network.state_dict(), home / name / "diffusion_pytorch_model.safetensors")
    _save_words(home)


def _save_words(home: Path) -> None:
    from transformers import Qwen3Config, Qwen3ForCausalLM

    tokenizer = _tokenizer()
    tokenizer.save_pretrained(home / "tokenizer")
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=32,
        num_hidden_layers=4,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        tie_word_embeddings=True,
    )
    folder = home / "text_encoder"
    config.save_pretrained(folder)
    tensors = Qwen3ForCausalLM(config).state_dict()
    del tensors["lm_head.weight"]
    index: dict[str, str] = {}
    for number in (1, 2):
        file = f"model-0000{number}-of-00002.safetensors"
        names = list(tensors)[number - 1 :: 2]
        _save({name: tensors[name] for name in names}, folder / file)
        index |= dict.fromkeys(names, file)
    told = {"metadata": {}, "weight_map": index}
    (folder / "model.safetensors.index.json").write_text(json.dumps(told))


def _tokenizer() -> Any:
    """A token for each byte, and one for each mark."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import Qwen2TokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    core = Tokenizer(models.BPE({each: k for k, each in enumerate(letters)}, []))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    return Qwen2TokenizerFast(
        tokenizer_object=core,
        pad_token=MARKS[0],
        eos_token=MARKS[2],
        additional_special_tokens=list(MARKS),
        chat_template=CHAT,
        model_max_length=131072,
    )


def _save(tensors: dict[str, torch.Tensor], path: Path) -> None:
    half = {
        name: tensor.bfloat16() if tensor.is_floating_point() else tensor
        for name, tensor in tensors.items()
    }
    save_file(half, path, {"format": "pt"})
