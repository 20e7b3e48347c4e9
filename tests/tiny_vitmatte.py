"""A checkpoint of ViTMatte with random weights, small enough for tests."""

from pathlib import Path

import torch


def save_vitmatte(folder: Path) -> None:
    from transformers import VitDetConfig, VitMatteConfig, VitMatteForImageMatting

    torch.manual_seed(0)
    backbone = VitDetConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_channels=4,
        image_size=64,
        pretrain_image_size=32,
        window_size=4,
        window_block_indices=[0],
        residual_block_indices=[1],
        out_features=["stage2"],
    )
    config = VitMatteConfig(
        backbone_config=backbone,
        hidden_size=32,
        convstream_hidden_sizes=[8, 8, 8],
        fusion_hidden_sizes=[16, 16, 8, 8],
    )
    network = VitMatteForImageMatting(config)
    with torch.no_grad():
        network.decoder.matting_head.matting_convs[-1].weight.mul_(300)
    network.save_pretrained(folder)
