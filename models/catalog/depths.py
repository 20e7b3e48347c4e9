"""The rows of models that tell depth."""

from types import MappingProxyType

from models.catalog.row import ModelSpec

DEPTHS: tuple[ModelSpec, ...] = (
    ModelSpec(
        name="depth-anything-v2-small",
        label="Depth Anything V2 (small)",
        family="depth_anything",
        group="Depth, for the blur by depth",
        summary="How far things are, for a blur as a lens draws it.",
        licence="Apache-2.0",
        commercial=True,
        page="https://huggingface.co/depth-anything/Depth-Anything-V2-Small-hf",
        soft=False,
        repo="depth-anything/Depth-Anything-V2-Small-hf",
        files=("config.json", "model.safetensors"),
        download_bytes=99_200_000,
        parameters=24_785_089,
        verified=False,
        options=MappingProxyType({"side": 518}),
    ),
)
