"""A checkpoint of Sapiens2's matting network with random weights, small enough for tests."""

from pathlib import Path

import torch


def save_sapiens2(folder: Path) -> None:
    from transformers import Sapiens2Config, Sapiens2ForImageMatting

    torch.manual_seed(0)
    config = Sapiens2Config(
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_attention_heads=2,
        num_first_full_attention_layers=1,
        num_last_full_attention_layers=1,
        image_size=[64, 48],
        num_register_tokens=2,
        num_labels=4,
        head_config={
            "use_pixel_shuffle": True,
            "upsample_out_channels": [16, 16, 8, 8],  # each doubles: 16 times, a patch's side
            "upsample_kernel_size": 3,
            "conv_out_channels": [8, 8],
            "conv_kernel_size": 3,
        },
    )
    Sapiens2ForImageMatting(config).save_pretrained(folder)
