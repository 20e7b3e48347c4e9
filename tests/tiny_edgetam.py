"""EdgeTAM with random weights and a few channels, saved as it is published. It needs timm."""

from pathlib import Path

import torch
from transformers import EdgeTamVideoConfig, EdgeTamVideoModel

from tests.tiny_sam import CHANNELS, HEAD, enliven, memory, prompt_encoder, sure_of_masks


def save_edgetam(folder: Path) -> None:
    """EdgeTamVideoModel, as EdgeTAM is published, with a narrow RepViT of the package timm."""
    torch.manual_seed(0)
    shape = {"embed_dim": [8, 16, 32, 64], "depth": [1, 1, 2, 1]}
    shown = {"in_chans": 3, "features_only": True, "out_indices": [0, 1, 2, 3]}
    model = EdgeTamVideoModel(
        EdgeTamVideoConfig(
            image_size=64,
            vision_config={
                "model_type": "edgetam_vision_model",
                "backbone_config": {
                    "model_type": "timm_wrapper",
                    "architecture": "repvit_m1.dist_in1k",
                    "do_pooling": False,
                    "label_names": [],
                    "num_classes": 0,
                    "model_args": {**shown, **shape},
                },
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
