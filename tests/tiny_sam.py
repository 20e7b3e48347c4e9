"""SAM, SAM 2 and SAM 3 with random weights and a few channels, saved as their publishers save them.

Every function fills an existing folder. Heads are set so that the networks are sure of what they
see: with random heads they would find nothing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from tokenizers import pre_tokenizers
from torch import nn
from transformers import (
    CLIPTokenizer,
    Sam2VideoConfig,
    Sam2VideoModel,
    Sam3VideoConfig,
    Sam3VideoModel,
    SamConfig,
    SamModel,
)

from models.catalog import ModelSpec

CHANNELS = 16
HEAD = {
    "hidden_size": CHANNELS,
    "mlp_dim": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "iou_head_hidden_dim": 16,
    "iou_head_depth": 3,
}
WORDS = ("person", "dog", "hair", "unicorn")


def save_sam(folder: Path, overlap: float = 0.9) -> None:
    """SamModel, which looks at 64 × 64 pixels and draws masks of 16 × 16.

    overlap: the IoU that it predicts for its best mask, whatever the prompt.
    """
    torch.manual_seed(0)
    vision = {
        "hidden_size": 32,
        "output_channels": CHANNELS,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": 64,
        "patch_size": 16,
        "window_size": 2,
        "global_attn_indexes": [1],
        "num_pos_feats": CHANNELS // 2,
        "mlp_dim": 32,
    }
    model = SamModel(
        SamConfig(
            vision_config=vision,
            prompt_encoder_config=prompt_encoder(64, 16),
            mask_decoder_config=HEAD,
        )
    )
    enliven(model)
    sure_of_masks(model.mask_decoder.iou_prediction_head.proj_out, overlap)
    model.save_pretrained(folder)


def save_mobile_sam(spec: ModelSpec, folder: Path, overlap: float = 0.9) -> None:
    """MobileSAM as its authors save it: a state dict. The network has full size; its input needn't
    have."""
    from models.families.sam.mobile import build

    torch.manual_seed(0)
    network: Any = build()
    enliven(network)
    sure_of_masks(network.mask_decoder.iou_prediction_head.layers[-1], overlap)
    torch.save(network.state_dict(), folder / spec.files[0])


def save_sam2(folder: Path) -> None:
    """Sam2VideoModel, as SAM 2 is published. For photos, only its Sam2Model is needed."""
    torch.manual_seed(0)
    backbone = {
        "model_type": "sam2_hiera_det_model",
        "hidden_size": 8,
        "num_attention_heads": 1,
        "image_size": [64, 64],
        "blocks_per_stage": [1, 1, 2, 1],
        "embed_dim_per_stage": [8, 16, 32, 64],
        "num_attention_heads_per_stage": [1, 1, 2, 2],
        "window_size_per_stage": [8, 4, 4, 2],
        "global_attention_blocks": [3],
        "window_positional_embedding_background_size": [4, 4],
    }
    model = Sam2VideoModel(
        Sam2VideoConfig(
            image_size=64,
            vision_config={
                "backbone_config": backbone,
                "backbone_channel_list": [64, 32, 16, 8],
                "backbone_feature_sizes": [[16, 16], [8, 8], [4, 4]],
                "fpn_hidden_size": CHANNELS,
            },
            prompt_encoder_config=prompt_encoder(64, 16),
            mask_decoder_config=HEAD,
            **memory(4),
        )
    )
    enliven(model)
    sure_of_masks(model.mask_decoder.iou_prediction_head.proj_out, 3.0)
    model.save_pretrained(folder)


def save_sam3(folder: Path) -> None:
    """Sam3VideoModel, as SAM 3 is published, with its tokenizer: 56 × 56 pixels, masks 16 × 16."""
    model, tokenizer = _sam3()
    # Not by save_pretrained, which gives the tracker's tensors another prefix than published.
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()},
              folder / "model.safetensors", {"format": "pt"})  # fmt: skip
    model.config.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


SAVERS: dict[str, Callable[[Path], None]] = {
    "sam-vit-base": save_sam,
    "sam-vit-huge": save_sam,
    "sam2.1-tiny": save_sam2,
    "sam2.1-large": save_sam2,
    "sam3": save_sam3,
}
"""By the name of the catalogue's row."""


def tiny_tokenizer() -> CLIPTokenizer:
    """CLIP's tokenizer of byte pairs, in which each of `WORDS` is a token."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = [*alphabet, *(f"{letter}</w>" for letter in alphabet)]
    merges = []
    for word in WORDS:
        rest = [*word[:-1], f"{word[-1]}</w>"]
        while len(rest) > 1:
            pair, joined = (rest[0], rest[1]), rest[0] + rest[1]
            if pair not in merges:
                merges.append(pair)
            if joined not in tokens:
                tokens.append(joined)
            rest = [joined, *rest[2:]]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {token: number for number, token in enumerate(tokens)}
    return CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=32)


def _sam3() -> tuple[Sam3VideoModel, CLIPTokenizer]:
    torch.manual_seed(0)
    tokenizer = tiny_tokenizer()
    small = {"hidden_size": CHANNELS, "num_attention_heads": 2, "intermediate_size": 32}
    backbone = {
        "model_type": "sam3_vit_model",
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "image_size": 56,
        "patch_size": 14,
        "window_size": 2,
        "global_attn_indexes": [1],
        "pretrain_image_size": 28,
    }
    vision = {
        "model_type": "sam3_vision_model",
        "backbone_config": backbone,
        "fpn_hidden_size": CHANNELS,
        "backbone_feature_sizes": [[16, 16], [8, 8], [4, 4]],
    }
    text = {
        "model_type": "clip_text_model",
        "vocab_size": len(tokenizer),
        "hidden_size": 32,
        "intermediate_size": 48,
        "projection_dim": 24,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "max_position_embeddings": 32,
        "hidden_act": "gelu",
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    detector = {
        "model_type": "sam3",
        "vision_config": vision,
        "text_config": text,
        "geometry_encoder_config": {"num_layers": 1, "roi_size": 3, **small},
        "detr_encoder_config": {"num_layers": 1, **small},
        "detr_decoder_config": {"num_layers": 2, "num_queries": 8, **small},
        "mask_decoder_config": {"hidden_size": CHANNELS, "num_attention_heads": 2},
    }
    tracker = {
        "model_type": "sam3_tracker_video",
        "image_size": 56,
        "vision_config": vision,
        "prompt_encoder_config": prompt_encoder(56, 14),
        "mask_decoder_config": HEAD,
        **memory(4),
    }
    model = Sam3VideoModel(Sam3VideoConfig(detector_config=detector, tracker_config=tracker))
    enliven(model)
    sure_of_masks(model.tracker_model.mask_decoder.iou_prediction_head.proj_out, 3.0)
    with torch.no_grad():
        model.detector_model.detr_decoder.presence_head.layer3.bias.fill_(5)
    return model, tokenizer


def prompt_encoder(side: int, patch: int) -> dict[str, int]:
    return {
        "hidden_size": CHANNELS,
        "image_size": side,
        "patch_size": patch,
        "mask_input_channels": 4,
    }


def memory(grid: int) -> dict[str, Any]:
    """Settings of the parts that only videos need, made small."""
    return {
        "memory_attention_hidden_size": CHANNELS,
        "memory_attention_num_layers": 1,
        "memory_attention_feed_forward_hidden_size": 16,
        "memory_attention_rope_feat_sizes": [grid, grid],
        "memory_encoder_hidden_size": CHANNELS,
        "memory_encoder_output_channels": 8,
        "mask_downsampler_embed_dim": CHANNELS,
        "memory_fuser_num_layers": 1,
        "memory_fuser_embed_dim": CHANNELS,
        "memory_fuser_intermediate_dim": 16,
    }


def enliven(model: nn.Module) -> None:
    """Make weights so large that the result depends on the photo and on the prompt."""
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if weights.dim() > 1 or "embed" in name:
                weights.normal_(std=(2 / weights[0].numel()) ** 0.5 if weights.dim() > 1 else 1)


def sure_of_masks(head: Any, overlap: float) -> None:
    """Make the IoU head's last layer predict `overlap`, a bit more for the second mask drawn."""
    with torch.no_grad():
        head.weight.zero_()
        head.bias.fill_(overlap)
        head.bias[2] += 0.05
