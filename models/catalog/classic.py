"""Small networks of 2020 to 2022 that most tools of this field offer, in the ONNX format.

Nobody here has seen these files yet, so `verified` is false: addresses, sizes and checksums are
their publishers', preprocessing is that of the networks' own code.
"""

from types import MappingProxyType
from typing import Any

from models.catalog.row import UNCLEAR, ModelSpec

_RELEASE = "https://github.com/danielgatis/rembg/releases/download/v0.0.0"


def _classic(name: str, label: str, summary: str, **facts: Any) -> ModelSpec:
    size = facts["download_bytes"]
    facts = {"licence": "Apache-2.0", "commercial": True, "parameters": size // 4, **facts}
    return ModelSpec(
        name=name,
        label=label,
        family="onnx",
        group="Classic networks",
        summary=summary,
        soft=True,
        prompts=frozenset({"boxes", "points"}),
        engine="onnxruntime",
        verified=False,
        **facts,
    )


def _released(file: str, md5: str) -> dict[str, Any]:
    return {"url": f"{_RELEASE}/{file}", "files": (file,), "checksum": f"md5:{md5}"}


_U2NET = MappingProxyType({"scale": "brightest", "resampling": "lanczos"})

CLASSIC: tuple[ModelSpec, ...] = (
    _classic(
        "u2net",
        "U²-Net",
        "Anything that stands out, at 320 pixels; forty times U²-Net-P's weights.",
        page="https://github.com/xuebinqin/U-2-Net",
        download_bytes=176_000_000,
        options=_U2NET,
        **_released("u2net.onnx", "60024c5c889badc19c04ad937298a77b"),
    ),
    _classic(
        "u2net-human",
        "U²-Net human",
        "U²-Net trained on people.",
        page="https://github.com/xuebinqin/U-2-Net",
        download_bytes=176_000_000,
        options=_U2NET,
        **_released("u2net_human_seg.onnx", "c09ddc2e0104f800e3e1bb4652583d1f"),
    ),
    _classic(
        "silueta",
        "Silueta",
        "U²-Net in a quarter of the download.",
        page="https://github.com/danielgatis/rembg",
        licence=f"{UNCLEAR} (see its page)",
        commercial=False,
        download_bytes=44_200_000,
        options=_U2NET,
        **_released("silueta.onnx", "55e59e0d8062d2f5d013f4725ee84782"),
    ),
    _classic(
        "isnet-general",
        "IS-Net general",
        "Fine outlines of anything, at 1024 pixels.",
        page="https://github.com/xuebinqin/DIS",
        download_bytes=179_000_000,
        options=MappingProxyType(
            {
                "scale": "brightest",
                "mean": (0.5, 0.5, 0.5),
                "deviation": (1.0, 1.0, 1.0),
                "resampling": "lanczos",
            }
        ),
        **_released("isnet-general-use.onnx", "fc16ebd8b0c10d971d3513d564d01e29"),
    ),
    _classic(
        "isnet-anime",
        "IS-Net anime",
        "Drawn figures, at 1024 pixels.",
        page="https://github.com/SkyTNT/anime-segmentation",
        download_bytes=176_000_000,
        options=MappingProxyType(
            {"scale": "brightest", "deviation": (1.0, 1.0, 1.0), "resampling": "lanczos"}
        ),
        **_released("isnet-anime.onnx", "6f184e756bb3bd901c8849220a83e38e"),
    ),
    _classic(
        "modnet",
        "MODNet",
        "Portraits, quickly, in the photo's own proportions.",
        page="https://huggingface.co/Xenova/modnet",
        repo="Xenova/modnet",
        files=("onnx/model.onnx",),
        download_bytes=25_900_000,
        options=MappingProxyType(
            {
                "side": 512,
                "step": 32,
                "mean": (0.5, 0.5, 0.5),
                "deviation": (0.5, 0.5, 0.5),
                "resampling": "bicubic",
            }
        ),
    ),
)
