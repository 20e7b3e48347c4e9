"""A checkpoint of Depth Anything with random weights, small enough for tests."""

from pathlib import Path

import torch


def save_depth_anything(folder: Path) -> None:
    from transformers import DepthAnythingConfig, DepthAnythingForDepthEstimation, Dinov2Config

    torch.manual_seed(0)
    backbone = Dinov2Config(
        hidden_size=32,
        num_hidden_layers=4,
        num_attention_heads=2,
        image_size=70,
        patch_size=14,
        out_features=["stage1", "stage2", "stage3", "stage4"],
        reshape_hidden_states=False,
    )
    config = DepthAnythingConfig(
        backbone_config=backbone,
        reassemble_hidden_size=32,
        neck_hidden_sizes=[8, 12, 16, 16],
        fusion_hidden_size=8,
        head_hidden_size=8,
    )
    network = DepthAnythingForDepthEstimation(config)
    for module in (*network.neck.modules(), *network.head.modules()):
        if isinstance(module, torch.nn.Conv2d | torch.nn.ConvTranspose2d):
            torch.nn.init.kaiming_normal_(module.weight)  # else it tells the same everywhere
    with torch.no_grad():
        network.head.conv3.bias.fill_(3)  # below 0 it would tell 0
    network.save_pretrained(folder)
