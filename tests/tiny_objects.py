"""Checkpoints with random weights, small enough for tests, of the models that find objects.

Random networks find nothing, so their class heads are biased: each query sees the class `sees`, or
nothing at all if that is None.
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch

from compositing.arrays import Photo
from models.catalog.row import ModelSpec
from models.families.common.tensors import network_input
from models.running.devices import Device

LABELS = {0: "person", 1: "dog", 2: "sky-other-merged"}
NAMED: dict[str, Any] = {
    "id2label": LABELS,
    "label2id": {label: number for number, label in LABELS.items()},
}
STAGES = ["stage1", "stage2", "stage3", "stage4"]
DETR: dict[str, Any] = {
    "d_model": 32,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 8,
    "decoder_attention_heads": 8,
    "encoder_ffn_dim": 32,
    "decoder_ffn_dim": 32,
    "num_queries": 6,
    **NAMED,
}


def patches(height: int, width: int) -> Photo:
    """A photo with something in it: soft patches of random colours."""
    small = np.random.default_rng(0).integers(0, 256, (6, 8, 3), np.uint8)
    return np.asarray(cv2.resize(small, (width, height)), np.uint8)


def save_detr(folder: Path, sees: int | None = 0) -> None:
    from transformers import ResNetConfig

    backbone = ResNetConfig(
        embedding_size=8,
        hidden_sizes=[8, 16, 16, 32],
        depths=[1] * 4,
        layer_type="basic",
        out_features=STAGES,
    )
    _detr(backbone, sees).save_pretrained(folder)


def save_detr_of_2021(folder: Path) -> None:
    """DETR as the hub has it: with timm's ResNet-50, named but not described, in torch.save's
    format."""
    from torchvision.models import resnet50
    from transformers import ResNetConfig

    network = _detr(ResNetConfig(out_features=STAGES), 0)
    network.save_pretrained(folder)
    from safetensors.torch import load_file

    saved = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    start = next(name for name in saved if ".embedder." in name).partition("embedder.")[0]
    tensors = {name: tensor for name, tensor in saved.items() if not name.startswith(start)}
    timm_s = resnet50(weights=None).state_dict()  # torchvision's names are timm's
    for name, tensor in timm_s.items():
        if not name.startswith("fc.") and not name.endswith("num_batches_tracked"):
            tensors[start + name] = tensor
    torch.save(tensors, folder / "pytorch_model.bin")
    settings = {"model_type": "detr", "backbone": "resnet50", "dilation": False, **DETR}
    (folder / "config.json").write_text(json.dumps(settings))


def _detr(backbone: Any, sees: int | None) -> Any:
    from transformers import DetrConfig, DetrForSegmentation

    torch.manual_seed(0)
    network = DetrForSegmentation(DetrConfig(backbone_config=backbone, **DETR))
    _see(network.detr.class_labels_classifier, sees, nothing=len(LABELS))
    with torch.no_grad():
        network.mask_head.output_conv.weight.mul_(10)
    return network


def save_mask2former(folder: Path, sees: int | None = 0) -> None:
    from transformers import Mask2FormerConfig, Mask2FormerForUniversalSegmentation, SwinConfig

    torch.manual_seed(0)
    backbone = SwinConfig(
        image_size=64,
        patch_size=4,
        embed_dim=8,
        depths=[1] * 4,
        num_heads=[1, 1, 2, 2],
        window_size=4,
        out_features=STAGES,
    )
    config = Mask2FormerConfig(
        backbone_config=backbone,
        feature_size=32,
        mask_feature_size=32,
        hidden_dim=32,
        encoder_feedforward_dim=32,
        encoder_layers=1,
        decoder_layers=2,
        num_attention_heads=2,
        dim_feedforward=32,
        num_queries=6,
        **NAMED,
    )
    network = Mask2FormerForUniversalSegmentation(config)
    _see(network.class_predictor, sees, nothing=len(LABELS))
    with torch.no_grad():
        network.model.pixel_level_module.decoder.mask_projection.weight.mul_(50)
    network.save_pretrained(folder)


def save_eomt(folder: Path, sees: int | None = 0, masked: bool = True, **settings: Any) -> None:
    """EoMT on DINOv2's architecture, which sees 64 × 64 pixels. masked: whether what a query looks
    at is restricted to its mask, as it is while the network is trained."""
    from transformers import EomtConfig, EomtForUniversalSegmentation

    torch.manual_seed(0)
    config = EomtConfig(
        hidden_size=32,
        num_hidden_layers=3,
        num_attention_heads=2,
        mlp_ratio=2,
        num_blocks=2,
        num_queries=6,
        num_register_tokens=1,
        image_size=64,
        patch_size=16,
        **(NAMED | settings),
    )
    network = EomtForUniversalSegmentation(config)
    _see(network.class_predictor, sees, nothing=config.num_labels)
    with torch.no_grad():
        network.attn_mask_probs.fill_(float(masked))
        network.mask_head.fc3.weight.mul_(500)
    network.save_pretrained(folder)


def save_rf_detr(folder: Path, sees: int | None = 1, **settings: Any) -> None:
    """RF-DETR as the hub has it: COCO's 91 classes by number; 1 is a person."""
    from transformers import RfDetrConfig, RfDetrDinov2Config, RfDetrForInstanceSegmentation

    torch.manual_seed(0)
    backbone = RfDetrDinov2Config(
        hidden_size=32,
        num_hidden_layers=4,
        num_attention_heads=2,
        image_size=48,
        patch_size=12,
        num_windows=2,
        out_features=STAGES,
    )
    config = RfDetrConfig(
        backbone_config=backbone,
        d_model=32,
        decoder_layers=2,
        decoder_ffn_dim=32,
        decoder_n_points=2,
        decoder_self_attention_heads=2,
        decoder_cross_attention_heads=2,
        num_queries=6,
        **({"num_labels": 91} | settings),
    )
    network = RfDetrForInstanceSegmentation(config)
    _see(network.model.class_embed, sees)
    with torch.no_grad():
        network.query_features_proj.weight.mul_(50)
    network.save_pretrained(folder)


def save_deeplab(spec: ModelSpec, folder: Path, sees: int, other: int | None = None) -> Path:
    """DeepLab at full size, for it can't be shrunk. Of the 21 classes it sees one everywhere, or
    two, each in about half of `patches`."""
    from torchvision.models import get_model

    torch.manual_seed(0)
    network = get_model(
        spec.options["builder"],
        weights=None,
        weights_backbone=None,
        num_classes=21,
        aux_loss=True,
    ).eval()
    *before, last = network.classifier
    with torch.no_grad():
        weight, last.bias[:] = last.weight[sees].clone(), -1000
        last.weight[:], last.bias[sees] = 0, 0
        if other is not None:
            features = network.backbone(network_input(patches(50, 70), 64, 88, Device()))["out"]
            for layer in before:
                features = layer(features)
            along = (weight[None] * features).sum(1)
            weight *= 5 / along.std()
            offset = 5 * along.mean() / along.std()
            last.weight[sees], last.bias[sees] = weight, -offset
            last.weight[other], last.bias[other] = -weight, offset
    path = folder / spec.files[0]
    torch.save(network.state_dict(), path)
    return path


def save_yolo(spec: ModelSpec, folder: Path) -> None:
    """YOLO as Ultralytics saves it: a pickled module in half precision. It sees people
    everywhere."""
    from models.families.objects.coco import THINGS
    from models.running.extra import restrained

    with restrained():
        torch.manual_seed(0)
        tasks = import_module("ultralytics.nn.tasks")
        network = tasks.SegmentationModel(spec.options["network"], nc=len(THINGS), verbose=False)
        for scores in network.model[-1].cv3:
            _see(scores[-1], 0)
        for weights in network.model[-1].cv4:
            torch.nn.init.normal_(weights[-1].weight, std=3)
        torch.save({"epoch": -1, "model": network.half()}, folder / spec.files[0])


def _see(classifier: Any, sees: int | None, nothing: int | None = None) -> None:
    """Bias a class head. nothing: the class that stands for no object, if there is one."""
    with torch.no_grad():
        classifier.weight.mul_(0.1)
        classifier.bias.fill_(-5)
        if sees is not None:
            classifier.bias[sees] = 5
        elif nothing is not None:
            classifier.bias[nothing] = 5
