"""SAM 3's weights under their publisher's names, renamed for the transformers library.

`sam3.safetensors`, as mirrors offer it, holds the detector, with the vision encoder and both necks,
and the tracker. Some tensors differ too: the publisher stacks queries, keys and values into one,
keeps a position for a class token that SAM 3 doesn't have, transposes a projection, and keeps the
points' embeddings one by one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

type Weights = Mapping[str, Tensor]


@dataclass(frozen=True)
class Part:
    """Names that begin with `there` begin with `here`; what follows is changed by `rules`, each a
    regular expression and its replacement, in turn."""

    there: str
    here: str
    rules: tuple[tuple[str, str], ...] = ()


LAYERS = (
    (r"^encode\.", "layers."),
    (r"\.cross_attn_image\.", ".cross_attn."),
    (r"\.linear(\d)\.", r".mlp.fc\1."),
    (r"\.norm(\d)\.", r".layer_norm\1."),
    (r"\.out_proj\.", ".o_proj."),
)
NECK = (
    (r"\.dconv_2x2_1\.", ".scale_layers.2."),
    (r"\.dconv_2x2(?:_0)?\.", ".scale_layers.0."),
    (r"\.conv_1x1\.", ".proj1."),
    (r"\.conv_3x3\.", ".proj2."),
)
VISION = "detector.backbone.vision_backbone."
TRUNK = Part(
    f"{VISION}trunk.",
    "vision_encoder.backbone.",
    (
        (r"^pos_embed$", "embeddings.position_embeddings"),
        (r"^patch_embed\.proj\.", "embeddings.patch_embeddings.projection."),
        (r"^ln_pre\.", "layer_norm."),
        (r"^blocks\.", "layers."),
        (r"\.norm(\d)\.", r".layer_norm\1."),
        (r"\.attn\.qkv\.", ".attention.in_proj_"),
        (r"\.attn\.proj\.", ".attention.o_proj."),
    ),
)

DETECTOR = (
    TRUNK,
    Part(f"{VISION}convs.", "vision_encoder.neck.fpn_layers.", NECK),
    Part("detector.backbone.language_backbone.resizer.", "text_projection."),
    Part(
        "detector.backbone.language_backbone.encoder.",
        "text_encoder.",
        (
            (r"^token_embedding\.", "text_model.embeddings.token_embedding."),
            (r"^positional_embedding$", "text_model.embeddings.position_embedding.weight"),
            (r"^ln_final\.", "text_model.final_layer_norm."),
            (r"^text_projection$", "text_projection.weight"),
            (r"^transformer\.resblocks\.", "text_model.encoder.layers."),
            (r"\.attn\.", ".self_attn."),
            (r"\.ln_(\d)\.", r".layer_norm\1."),
            (r"\.c_fc\.", ".fc1."),
            (r"\.c_proj\.", ".fc2."),
        ),
    ),
    Part(
        "detector.geometry_encoder.",
        "geometry_encoder.",
        (
            (r"^img_pre_norm\.", "vision_layer_norm."),
            (r"^norm\.", "prompt_layer_norm."),
            (r"^encode_norm\.", "output_layer_norm."),
            *LAYERS,
        ),
    ),
    Part("detector.transformer.encoder.", "detr_encoder.", LAYERS),
    Part(
        "detector.transformer.decoder.",
        "detr_decoder.",
        (
            (r"^norm\.", "output_layer_norm."),
            (r"^presence_token_head\.", "presence_head."),
            (r"^presence_token_out_norm\.", "presence_layer_norm."),
            (r"^bbox_embed\.", "box_head."),
            (r"^boxRPB_embed_", "box_rpb_embed_"),
            (r"^(\w+)\.layers\.0\.(?=weight|bias)", r"\1.layer1."),
            (r"^(\w+)\.layers\.1\.(?=weight|bias)", r"\1.layer2."),
            (r"^(\w+)\.layers\.2\.(?=weight|bias)", r"\1.layer3."),
            (r"\.cross_attn\.", ".vision_cross_attn."),
            (r"\.norm1\.", ".vision_cross_attn_layer_norm."),
            (r"\.ca_text\.", ".text_cross_attn."),
            (r"\.catext_norm\.", ".text_cross_attn_layer_norm."),
            (r"\.norm2\.", ".self_attn_layer_norm."),
            (r"\.norm3\.", ".mlp_layer_norm."),
            *LAYERS,
        ),
    ),
    Part(
        "detector.dot_prod_scoring.",
        "dot_product_scoring.",
        (
            (r"^prompt_mlp\.layers\.0\.", "text_mlp.layer1."),
            (r"^prompt_mlp\.layers\.1\.", "text_mlp.layer2."),
            (r"^prompt_mlp\.out_norm\.", "text_mlp_out_norm."),
            (r"^prompt_proj\.", "text_proj."),
            (r"^hs_proj\.", "query_proj."),
        ),
    ),
    Part(
        "detector.segmentation_head.",
        "mask_decoder.",
        (
            (r"^mask_predictor\.mask_embed\.", "mask_embedder."),
            (r"^instance_seg_head\.", "instance_projection."),
            (r"^semantic_seg_head\.", "semantic_projection."),
            (r"^cross_attend_prompt\.", "prompt_cross_attn."),
            (r"^cross_attn_norm\.", "prompt_cross_attn_norm."),
            *LAYERS,
        ),
    ),
)

TRACKER = (
    TRUNK,
    Part(f"{VISION}sam2_convs.", "vision_encoder.neck.fpn_layers.", NECK),
    Part("tracker.no_mem_embed", "no_memory_embedding"),
    Part(
        "tracker.sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix",
        "shared_image_embedding.positional_embedding",
    ),
    Part(
        "tracker.sam_prompt_encoder.",
        "prompt_encoder.",
        (
            (r"^pe_layer\..+", "shared_embedding.positional_embedding"),
            (r"^mask_downscaling\.0\.", "mask_embed.conv1."),
            (r"^mask_downscaling\.1\.", "mask_embed.layer_norm1."),
            (r"^mask_downscaling\.3\.", "mask_embed.conv2."),
            (r"^mask_downscaling\.4\.", "mask_embed.layer_norm2."),
            (r"^mask_downscaling\.6\.", "mask_embed.conv3."),
        ),
    ),
    Part(
        "tracker.sam_mask_decoder.",
        "mask_decoder.",
        (
            (r"\.norm_final_attn\.", ".layer_norm_final_attn."),
            (r"\.mlp\.(?:lin1|layers\.0)\.", ".mlp.proj_in."),
            (r"\.mlp\.(?:lin2|layers\.1)\.", ".mlp.proj_out."),
            (r"(head|mlps\.\d)\.layers\.0\.", r"\1.proj_in."),
            (r"(head|mlps\.\d)\.layers\.1\.", r"\1.layers.0."),
            (r"(head|mlps\.\d)\.layers\.2\.", r"\1.proj_out."),
            (r"^output_upscaling\.0\.", "upscale_conv1."),
            (r"^output_upscaling\.1\.", "upscale_layer_norm."),
            (r"^output_upscaling\.3\.", "upscale_conv2."),
            (r"\.norm(\d)\.", r".layer_norm\1."),
            (r"\.out_proj\.", ".o_proj."),
        ),
    ),
)


def detector_weights(published: Weights) -> dict[str, Tensor]:
    """`published` (name -> tensor), as far as it is Sam3Model's, under its names."""
    return dict(_converted(published, DETECTOR))


def tracker_weights(published: Weights) -> dict[str, Tensor]:
    """`published` (name -> tensor), as far as it is Sam3TrackerModel's, under its names."""
    converted = dict(_converted(published, TRACKER))
    points = [converted.pop(f"prompt_encoder.point_embeddings.{kind}.weight") for kind in range(4)]
    converted["prompt_encoder.point_embed.weight"] = torch.cat(points)
    return converted


def _converted(published: Weights, parts: tuple[Part, ...]) -> Iterator[tuple[str, Tensor]]:
    for name, tensor in published.items():
        if "freqs_cis" in name:  # computed, not learned
            continue
        for part in parts:
            if name.startswith(part.there):
                rest = name.removeprefix(part.there)
                for pattern, replacement in part.rules:
                    rest = re.sub(pattern, replacement, rest)
                yield from _reshaped(part.here + rest, tensor)


def _reshaped(name: str, tensor: Tensor) -> Iterator[tuple[str, Tensor]]:
    if stacked := re.fullmatch(r"(.+\.)in_proj_(weight|bias)", name):
        for letter, part in zip("qkv", tensor.chunk(3), strict=True):
            yield f"{stacked[1]}{letter}_proj.{stacked[2]}", part
    elif name.endswith("embeddings.position_embeddings"):
        yield name, tensor[:, 1:]
    elif name == "text_encoder.text_projection.weight":
        yield name, tensor.T
    else:
        yield name, tensor
