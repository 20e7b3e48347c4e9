"""Networks that find the subject by themselves and draw its matte, hair included.

The file sizes are those of the published files. patch_order, side: see the adapter; where the order
is "ask", the weights are older than the code that their repository ships, and know better.
"""

from types import MappingProxyType
from typing import Any

from models.catalog.row import ModelSpec

_FILE, _PTH = "model.safetensors", "model.pth"
_LARGE = {"parameters": 220_176_498, "files": (_FILE,), "instead": (_PTH,)}
_LITE = {"parameters": 44_313_720, "files": (_FILE,), "instead": (_PTH,)}
_FP32, _FP16, _LITE_FP32 = 884_878_856, 444_473_596, 177_634_392


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
        _LITE_FP32,
        {"backbone": "swin_t", "patch_order": "ask"},
        **_LITE,
    ),
    _birefnet(
        "birefnet-lite-2k",
        "BiRefNet lite 2K",
        "The quick one at 2560 × 1440: finer edges in large photos.",
        "ZhengPeng7/BiRefNet_lite-2K",
        _LITE_FP32,
        {"backbone": "swin_t", "patch_order": "ask", "side": (1440, 2560)},
        **_LITE,
    ),
    _birefnet(
        "birefnet",
        "BiRefNet",
        "The all-rounder: clear outlines of people, animals and things.",
        "ZhengPeng7/BiRefNet",
        _FP16,
        {"patch_order": "ask"},
        verified=False,
    ),
    _birefnet(
        "birefnet-512",
        "BiRefNet 512",
        "The all-rounder at 512 × 512: quicker; for small pictures.",
        "ZhengPeng7/BiRefNet_512x512",
        _FP16,
        {"patch_order": "ask", "side": 512},
        verified=False,
    ),
    _birefnet(
        "birefnet-hr",
        "BiRefNet HR",
        "The all-rounder at 2048 × 2048: fine parts. Slow without a GPU.",
        "ZhengPeng7/BiRefNet_HR",
        _FP16,
        {"patch_order": "channel", "side": 2048},
        verified=False,
    ),
    _birefnet(
        "birefnet-dis",
        "BiRefNet DIS",
        "Thin and intricate things: bicycles, fences, chairs, cranes.",
        "ZhengPeng7/BiRefNet-DIS5K",
        _FP32,
        {"patch_order": "ask"},
        verified=False,
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
        "lucida",
        "Lucida",
        "BiRefNet HR, trained further: hair, glass, glow, lettering, drawings.",
        "egeorcun/lucida",
        _FP32,
        {"patch_order": "channel"},
        verified=False,
    ),
    _birefnet(
        "toonout",
        "ToonOut",
        "BiRefNet, trained further on cartoons and anime.",
        "joelseytre/toonout",
        # As torch.save writes it, which takes a bit more than safetensors.
        885_000_000,
        {"patch_order": "ask"},
        files=("birefnet_finetuned_toonout.pth",),
        instead=(_FILE,),
        verified=False,
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
        files=(_FILE,),
        instead=(_PTH,),
        download_bytes=380_577_976,
        parameters=94_134_658,
    ),
)
