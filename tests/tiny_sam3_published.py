"""SAM 3's weights under their publisher's names, for the network that `tiny_sam.save_sam3` saves.

Each line of the tables is a tensor's name and its shape. `0-1` stands for both numbers. A name that
ends with `*` or `^` stands for a weight of that shape and a bias, which is as long as the weight's
first dimension (`*`) or its second (`^`).
"""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

SIZES = {
    "V": 32,  # the vision transformer
    "M": 48,  # between its layers
    "T": 32,  # words
    "P": 24,  # words, projected
    "L": 32,  # layers of all else
    "C": 16,  # all else
}

VISION = """
trunk.pos_embed 1 5 V
trunk.patch_embed.proj.weight V 3 14 14
trunk.ln_pre.* V
trunk.blocks.0-1.norm1.* V
trunk.blocks.0-1.attn.qkv.* 3V V
trunk.blocks.0-1.attn.freqs_cis 4 8
trunk.blocks.0-1.attn.proj.* V V
trunk.blocks.0-1.norm2.* V
trunk.blocks.0-1.mlp.fc1.* M V
trunk.blocks.0-1.mlp.fc2.* V M
"""

NECK = """
0.dconv_2x2_0.^ V 16 2 2
0.dconv_2x2_1.^ 16 8 2 2
0.conv_1x1.* C 8 1 1
1.dconv_2x2.^ V 16 2 2
1.conv_1x1.* C 16 1 1
2-3.conv_1x1.* C V 1 1
0-3.conv_3x3.* C C 3 3
"""

LANGUAGE = """
encoder.positional_embedding 32 T
encoder.text_projection T P
encoder.token_embedding.weight WORDS T
encoder.transformer.resblocks.0-0.attn.in_proj_weight 3T T
encoder.transformer.resblocks.0-0.attn.in_proj_bias 3T
encoder.transformer.resblocks.0-0.attn.out_proj.* T T
encoder.transformer.resblocks.0-0.ln_1.* T
encoder.transformer.resblocks.0-0.ln_2.* T
encoder.transformer.resblocks.0-0.mlp.c_fc.* M T
encoder.transformer.resblocks.0-0.mlp.c_proj.* T M
encoder.ln_final.* T
resizer.* C T
"""

ATTENTION = """
in_proj_weight 3C C
in_proj_bias 3C
out_proj.* C C
"""

ENCODER_LAYER = """
linear1.* L C
linear2.* C L
norm1.* C
norm2.* C
norm3.* C
"""

GEOMETRY = """
label_embed.weight 2 C
cls_embed.weight 1 C
boxes_direct_project.* C 4
boxes_pool_project.* C C 3 3
boxes_pos_enc_project.* C 18
final_proj.* C C
norm.* C
img_pre_norm.* C
encode_norm.* C
"""

DECODER = """
layers.0-1.norm1.* C
layers.0-1.catext_norm.* C
layers.0-1.norm2.* C
layers.0-1.linear1.* L C
layers.0-1.linear2.* C L
layers.0-1.norm3.* C
norm.* C
bbox_embed.layers.0-1.* C C
bbox_embed.layers.2.* 4 C
query_embed.weight 8 C
reference_points.weight 8 4
boxRPB_embed_x.layers.0.* C 2
boxRPB_embed_x.layers.1.* 2 C
boxRPB_embed_y.layers.0.* C 2
boxRPB_embed_y.layers.1.* 2 C
presence_token.weight 1 C
presence_token_head.layers.0-1.* C C
presence_token_head.layers.2.* 1 C
presence_token_out_norm.* C
ref_point_head.layers.0.* C 2C
ref_point_head.layers.1.* C C
"""

SCORING = """
prompt_mlp.layers.0.* L C
prompt_mlp.layers.1.* C L
prompt_mlp.out_norm.* C
prompt_proj.* C C
hs_proj.* C C
"""

SEGMENTATION = """
pixel_decoder.conv_layers.0-2.* C C 3 3
pixel_decoder.norms.0-2.* C
mask_predictor.mask_embed.layers.0-2.* C C
cross_attn_norm.* C
semantic_seg_head.* 1 C 1 1
instance_seg_head.* C C 1 1
"""

TRACKER = """
maskmem_tpos_enc 7 1 1 8
no_mem_embed 1 1 C
no_obj_ptr 1 C
mask_downsample.* 1 1 4 4
obj_ptr_proj.layers.0-2.* C C
sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix 2 8
sam_prompt_encoder.point_embeddings.0-3.weight 1 C
sam_prompt_encoder.not_a_point_embed.weight 1 C
sam_prompt_encoder.no_mask_embed.weight 1 C
sam_prompt_encoder.mask_downscaling.0.* 1 1 2 2
sam_prompt_encoder.mask_downscaling.1.* 1
sam_prompt_encoder.mask_downscaling.3.* 4 1 2 2
sam_prompt_encoder.mask_downscaling.4.* 4
sam_prompt_encoder.mask_downscaling.6.* C 4 1 1
sam_mask_decoder.iou_token.weight 1 C
sam_mask_decoder.mask_tokens.weight 4 C
sam_mask_decoder.obj_score_token.weight 1 C
sam_mask_decoder.transformer.layers.0-0.norm1.* C
sam_mask_decoder.transformer.layers.0-0.norm2.* C
sam_mask_decoder.transformer.layers.0-0.norm3.* C
sam_mask_decoder.transformer.layers.0-0.norm4.* C
sam_mask_decoder.transformer.layers.0-0.mlp.layers.0.* L C
sam_mask_decoder.transformer.layers.0-0.mlp.layers.1.* C L
sam_mask_decoder.transformer.norm_final_attn.* C
sam_mask_decoder.output_upscaling.0.^ C 4 2 2
sam_mask_decoder.output_upscaling.1.* 4
sam_mask_decoder.output_upscaling.3.^ 4 2 2 2
sam_mask_decoder.conv_s0.* 2 C 1 1
sam_mask_decoder.conv_s1.* 4 C 1 1
sam_mask_decoder.output_hypernetworks_mlps.0-3.layers.0-1.* C C
sam_mask_decoder.output_hypernetworks_mlps.0-3.layers.2.* 2 C
sam_mask_decoder.iou_prediction_head.layers.0-1.* C C
sam_mask_decoder.iou_prediction_head.layers.2.* 4 C
sam_mask_decoder.pred_obj_score_head.layers.0-1.* C C
sam_mask_decoder.pred_obj_score_head.layers.2.* 1 C
"""

HALF_ATTENTION = """
q_proj.* 8 C
k_proj.* 8 C
v_proj.* 8 C
out_proj.* C 8
"""

WHOLE_ATTENTION = HALF_ATTENTION.replace("8", "C")

TABLES = {
    "detector.backbone.vision_backbone.": VISION,
    "detector.backbone.vision_backbone.convs.": NECK,
    "detector.backbone.vision_backbone.sam2_convs.": NECK,
    "detector.backbone.language_backbone.": LANGUAGE,
    "detector.geometry_encoder.": GEOMETRY,
    "detector.geometry_encoder.encode.0-0.": ENCODER_LAYER,
    "detector.geometry_encoder.encode.0-0.self_attn.": ATTENTION,
    "detector.geometry_encoder.encode.0-0.cross_attn_image.": ATTENTION,
    "detector.transformer.encoder.layers.0-0.": ENCODER_LAYER,
    "detector.transformer.encoder.layers.0-0.self_attn.": ATTENTION,
    "detector.transformer.encoder.layers.0-0.cross_attn_image.": ATTENTION,
    "detector.transformer.decoder.": DECODER,
    "detector.transformer.decoder.layers.0-1.self_attn.": ATTENTION,
    "detector.transformer.decoder.layers.0-1.cross_attn.": ATTENTION,
    "detector.transformer.decoder.layers.0-1.ca_text.": ATTENTION,
    "detector.dot_prod_scoring.": SCORING,
    "detector.segmentation_head.": SEGMENTATION,
    "detector.segmentation_head.cross_attend_prompt.": ATTENTION,
    "tracker.": TRACKER,
    "tracker.sam_mask_decoder.transformer.layers.0-0.self_attn.": WHOLE_ATTENTION,
    "tracker.sam_mask_decoder.transformer.layers.0-0.cross_attn_token_to_image.": HALF_ATTENTION,
    "tracker.sam_mask_decoder.transformer.layers.0-0.cross_attn_image_to_token.": HALF_ATTENTION,
    "tracker.sam_mask_decoder.transformer.final_attn_token_to_image.": HALF_ATTENTION,
}


def published(words: int) -> dict[str, Tensor]:
    """Random weights. words: the tokens that there are."""
    random = torch.Generator().manual_seed(0)
    return {
        name: torch.randn(shape, generator=random) * 0.3
        for prefix, table in TABLES.items()
        for line in table.strip().splitlines()
        for name, shape in _tensors(prefix + line, SIZES | {"WORDS": words})
    }


def save_mirror(folder: Path, original: Path) -> None:
    """A mirror's file beside a tokenizer, as people put them together.

    original: where the network was saved. Its config.json is copied too, for the network is smaller
    than the published one.
    """
    for name in ("config.json", "tokenizer.json"):
        shutil.copy(original / name, folder)
    config = json.loads((folder / "config.json").read_text())
    words = config["detector_config"]["text_config"]["vocab_size"]
    save_file(published(words), folder / "sam3.safetensors")


def _tensors(line: str, sizes: dict[str, int]) -> Iterator[tuple[str, tuple[int, ...]]]:
    template, *numbers = line.split()
    shape = tuple(_size(number, sizes) for number in numbers)
    for name in _numbered(template):
        if name[-1] in "*^":
            yield f"{name[:-1]}weight", shape
            yield f"{name[:-1]}bias", shape[:1] if name[-1] == "*" else shape[1:2]
        else:
            yield name, shape


def _size(written: str, sizes: dict[str, int]) -> int:
    """ "3V" is three times V."""
    times, letters = re.fullmatch(r"(\d*)(\D*)", written).groups()  # type: ignore[union-attr]
    return int(times or 1) * sizes.get(letters, 1)


def _numbered(name: str) -> list[str]:
    found = re.search(r"(\d)-(\d)", name)
    if not found:
        return [name]
    return [
        rest
        for number in range(int(found[1]), int(found[2]) + 1)
        for rest in _numbered(name[: found.start()] + str(number) + name[found.end() :])
    ]
