"""Grounded SAM 2's two networks with random weights and a few channels."""

from pathlib import Path

import torch
from transformers import (
    AutoConfig,
    BertTokenizer,
    MMGroundingDinoConfig,
    MMGroundingDinoForObjectDetection,
)

from tests.tiny_sam import WORDS, save_sam2

PLACES = {0: "[PAD]", 100: "[UNK]", 101: "[CLS]", 102: "[SEP]", 103: "[MASK]", 1012: ".", 1029: "?"}
"""As in BERT's own vocabulary: the network knows by these numbers where a phrase ends."""
SMALL = {"shorter": 64, "longer": 96}
"""The sides at which the small detector looks at a photo."""
MORE = ("red", "##s", "cafe", "of", "the")


def save_grounded_sam2(folder: Path) -> None:
    for name in ("detector", "segmenter"):
        (folder / name).mkdir()
    save_detector(folder / "detector")
    save_sam2(folder / "segmenter")


def save_detector(folder: Path, bias: float = 0.0) -> None:
    """MMGroundingDinoForObjectDetection, of 16 queries.

    bias: of its log-odds, which are at about 0 without.
    """
    torch.manual_seed(0)
    tokenizer = tiny_bert()
    text = {
        "model_type": "bert",
        "vocab_size": len(tokenizer),
        "hidden_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 32,
    }
    swin = AutoConfig.for_model(
        "swin",
        image_size=64,
        embed_dim=8,
        depths=[1] * 4,
        num_heads=[1, 1, 2, 2],
        window_size=4,
        out_features=["stage2", "stage3", "stage4"],
    )
    config = MMGroundingDinoConfig(
        backbone_config=swin,
        text_config=text,
        d_model=64,  # the library's normalisation wants two channels a group
        encoder_layers=1,
        decoder_layers=2,  # with one, heads that are shared among layers can't be saved
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_n_points=2,
        decoder_n_points=2,
        num_queries=16,
        max_text_len=32,
        decoder_bbox_embed_share=False,
        decoder_cls_embed_share=False,
    )
    network = MMGroundingDinoForObjectDetection(config)
    with torch.no_grad():
        for name, weights in network.named_parameters():
            if "bbox_embed" in name and weights.dim() > 1:
                weights.normal_(std=0.3)
            if name.endswith("bbox_embed.layers.2.bias"):  # of the encoder, whose boxes are tiny
                weights.copy_(torch.tensor([0.0, 0, 2, 2]))
            if "class_embed" in name:
                weights.fill_(bias)
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def tiny_bert() -> BertTokenizer:
    """BERT's tokenizer, which knows `WORDS`, `MORE` and no others."""
    names = [PLACES.get(number, f"[unused{number}]") for number in range(1030)]
    names += [*WORDS, *MORE]
    return BertTokenizer(vocab={name: number for number, name in enumerate(names)})
