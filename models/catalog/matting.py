"""Networks that find the subject by themselves and draw its matte, hair included.

The file sizes are those of the published safetensors. patch_order: see the adapter; where it is
"ask", the weights are older than the code that their repository ships, and know better.
"""

from types import MappingProxyType
from typing import Any

from models.catalog.row import ModelSpec

_LARGE = {"parameters": 220_176_498, "files": ("model.safetensors",)}
_FP32, _FP16 = 884_878_856, 444_473_596


def _birefnet(
    name: str, label: str, summary: str, repo: str, size: int, options: dict[str, Any], **more: Any
) -> ModelSpec:
    facts: dict[str, Any] = {"licence": "MIT", "commercial": True, **_LARGE, **more}
    return ModelSpec(
        name=name,
        label=label,
        family="matting.birefnet",
        group="Mattes by themselves",
        summary=summary,
        page=f"https://huggingface.co/{repo}",
        repo=repo,
        download_bytes=size,
        soft=True,
        half_on_cpu=True,
        options=MappingProxyType({"backbone": "swin_l"} | options),
        **facts,
    )


MATTING: tuple[ModelSpec, ...] = (
    _birefnet(
        "birefnet-lite",
        "BiRefNet lite",
        "The quick one: clean edges from a fifth of the weights.",
        "ZhengPeng7/BiRefNet_lite",
        177_634_392,
        {"backbone": "swin_t", "patch_order": "ask"},
        parameters=44_313_720,
    ),
    _birefnet(
        "birefnet-portrait",
        "BiRefNet portrait",
        "Trained on people: hair, hands, clothes.",
        "ZhengPeng7/BiRefNet-portrait",
        _FP32,
        {"patch_order": "ask"},
    ),
    _birefnet(
        "birefnet-matting",
        "BiRefNet matting",
        "Soft mattes of anything: hair, fur, glass, nets.",
        "ZhengPeng7/BiRefNet-matting",
        _FP32,
        {"patch_order": "ask"},
    ),
    _birefnet(
        "birefnet-hr-matting",
        "BiRefNet HR matting",
        "The finest hair: sees the photo at 2048 × 2048. Slow without a GPU.",
        "ZhengPeng7/BiRefNet_HR-matting",
        _FP16,
        {"patch_order": "channel", "side": 2048},
    ),
    _birefnet(
        "birefnet-dynamic",
        "BiRefNet dynamic",
        "Sees the photo in its own proportions; for wide and tall ones.",
        "ZhengPeng7/BiRefNet_dynamic",
        _FP16,
        {"patch_order": "channel", "side": None},
    ),
    _birefnet(
        "birefnet-dynamic-matting",
        "BiRefNet dynamic matting",
        "Soft mattes in the photo's own proportions.",
        "ZhengPeng7/BiRefNet_dynamic-matting",
        _FP16,
        {"patch_order": "channel", "side": None},
    ),
    _birefnet(
        "rmbg-2.0",
        "RMBG 2.0",
        "Products and stock photos; a dependable all-rounder.",
        "briaai/RMBG-2.0",
        _FP32,
        {"patch_order": "column"},
        licence="CC BY-NC 4.0",
        commercial=False,
        gated=True,
    ),
    ModelSpec(
        name="ben2",
        label="BEN2",
        family="matting.ben2",
        group="Mattes by themselves",
        summary="Crisp mattes of people and things, in half the size of the large ones.",
        licence="MIT",
        commercial=True,
        page="https://huggingface.co/PramaLLC/BEN2",
        soft=True,
        repo="PramaLLC/BEN2",
        files=("model.safetensors",),
        download_bytes=380_577_976,
        parameters=94_134_658,
    ),
)
