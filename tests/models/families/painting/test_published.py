"""The painters' networks at full size against the names and shapes in their publishers' files.

No weights: every tensor is one zero, seen as often as its shape asks.
"""

import json
from math import prod
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from models.catalog import PAINTERS
from models.families.common.pretrained import pretrained
from models.families.painting import stable_diffusion
from models.interface import LoadFailed
from models.running.devices import Device
from tests.tiny_diffusion import NAMES_OF_2022

DATA = Path(__file__).parents[3] / "data" / "painters"
DEVICE = Device("cpu", "float16")

SD: dict[str, Any] = {
    "sample_size": 64,
    "in_channels": 9,
    "out_channels": 4,
    "block_out_channels": [320, 640, 1280, 1280],
    "down_block_types": [*["CrossAttnDownBlock2D"] * 3, "DownBlock2D"],
    "up_block_types": ["UpBlock2D", *["CrossAttnUpBlock2D"] * 3],
}
UNETS: dict[str, dict[str, Any]] = {
    "sd_1.5_unet": SD | {"cross_attention_dim": 768, "attention_head_dim": 8},
    "sd_2_unet": SD
    | {
        "cross_attention_dim": 1024,
        "attention_head_dim": [5, 10, 20, 20],
        "use_linear_projection": True,
    },
    "sdxl_unet": {
        "sample_size": 128,
        "in_channels": 9,
        "out_channels": 4,
        "block_out_channels": [320, 640, 1280],
        "down_block_types": ["DownBlock2D", *["CrossAttnDownBlock2D"] * 2],
        "up_block_types": [*["CrossAttnUpBlock2D"] * 2, "UpBlock2D"],
        "transformer_layers_per_block": [1, 2, 10],
        "cross_attention_dim": 2048,
        "attention_head_dim": [5, 10, 20],
        "use_linear_projection": True,
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 256,
        "projection_class_embeddings_input_dim": 2816,
    },
}
VAE: dict[str, Any] = {
    "sample_size": 512,
    "block_out_channels": [128, 256, 512, 512],
    "layers_per_block": 2,
    "down_block_types": ["DownEncoderBlock2D"] * 4,
    "up_block_types": ["UpDecoderBlock2D"] * 4,
    "latent_channels": 4,
}
NETWORKS: dict[str, tuple[Any, dict[str, Any]]] = {
    **{name: (UNet2DConditionModel, config) for name, config in UNETS.items()},
    "vae": (AutoencoderKL, VAE),
}


def encoder(layers: int, width: int, heads: int, projection: int) -> CLIPTextConfig:
    return CLIPTextConfig(
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        projection_dim=projection,
    )


ENCODERS: dict[str, tuple[Any, CLIPTextConfig]] = {
    "clip_l": (CLIPTextModel, encoder(12, 768, 12, 768)),
    "clip_h": (CLIPTextModel, encoder(23, 1024, 16, 512)),
    "clip_bigg": (CLIPTextModelWithProjection, encoder(32, 1280, 20, 1280)),
}
ROWS = {
    "sd-1.5-inpainting": ("sd_1.5_unet", "vae", "clip_l"),
    "sd-2-inpainting": ("sd_2_unet", "vae", "clip_h"),
    "sdxl-inpainting": ("sdxl_unet", "vae", "clip_l", "clip_bigg"),
}
POSITIONS = "text_model.embeddings.position_ids"
"""In the files of those who published before mid-2023; counted, not learned."""


def shapes(name: str) -> dict[str, list[int]]:
    """Every tensor in a publisher's file, the autoencoder's under its names of today."""
    found: dict[str, list[int]] = json.loads((DATA / f"{name}_keys.json").read_text())
    return found


def tensors(name: str) -> dict[str, Tensor]:
    zero = torch.zeros((), dtype=torch.float16)
    positions = {POSITIONS: torch.arange(77)[None]}
    named = {key: zero.expand(shape) for key, shape in shapes(name).items()}
    return named | positions if POSITIONS in named else named


def of_2022(name: str) -> str:
    for new, old in NAMES_OF_2022.items():
        name = name.replace(f".{new}.", f".{old}.") if ".attentions." in name else name
    return name


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The painters' own way from a folder with config.json and a file of these tensors."""

    def load(name: str, given: dict[str, Tensor]) -> Any:
        kind, config = NETWORKS[name]
        (tmp_path / "config.json").write_text(json.dumps(config))
        monkeypatch.setattr(stable_diffusion, "read_tensors", lambda path: given)
        return stable_diffusion._network(kind, tmp_path, DEVICE)

    return load


def test_together_they_have_the_weights_that_the_catalogue_tells_of() -> None:
    def total(names: tuple[str, ...]) -> int:
        sizes = (prod(shape) for name in names for shape in shapes(name).values())
        return sum(sizes) - sum(77 for name in names if POSITIONS in shapes(name))

    assert {name: total(parts) for name, parts in ROWS.items()} == {
        spec.name: spec.parameters
        for spec in PAINTERS
        if spec.family == "painting.stable_diffusion"
    }


@pytest.mark.parametrize("name", NETWORKS)
def test_names_and_shapes_are_the_published_ones(name: str) -> None:
    kind, config = NETWORKS[name]
    with torch.device("meta"):
        network = kind(**config)
    assert {key: list(each.shape) for key, each in network.state_dict().items()} == shapes(name)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_published_file_loads(name: str, load: Any) -> None:
    network = load(name, tensors(name))
    assert network.state_dict().keys() == shapes(name).keys()
    assert {each.dtype for each in network.parameters()} == {torch.float16}


def test_an_autoencoder_with_its_names_of_2022_loads(load: Any) -> None:
    numbered = {
        of_2022(key): torch.full((), number, dtype=torch.float16).expand(shape)
        for number, (key, shape) in enumerate(shapes("vae").items())
    }
    assert len(numbered.keys() - shapes("vae").keys()) == 16
    network = load("vae", numbered)
    values = [float(each.flatten()[0]) for each in map(network.state_dict().get, shapes("vae"))]
    assert values == list(range(len(values)))  # each in its own place


@pytest.mark.parametrize(
    ("name", "other", "told"),
    [
        ("sd_1.5_unet", "sd_2_unet", "of another shape"),
        ("sd_2_unet", "sdxl_unet", "missing"),
        ("sdxl_unet", "sd_1.5_unet", "missing"),
        ("vae", "clip_l", "missing"),
    ],
)
def test_another_networks_file_is_refused(name: str, other: str, told: str, load: Any) -> None:
    with pytest.raises(LoadFailed, match=rf"These weights are not .*'s: .*{told}.* Choose"):
        load(name, tensors(other))


def test_a_network_that_sees_no_hole_is_refused(load: Any) -> None:
    """Of those that paint whole pictures, all but the first convolution is the same."""
    seen = torch.zeros((), dtype=torch.float16).expand(320, 4, 3, 3)
    with pytest.raises(LoadFailed, match=r"1 of another shape \(conv_in\.weight: 320×4"):
        load("sd_1.5_unet", tensors("sd_1.5_unet") | {"conv_in.weight": seen})


@pytest.mark.parametrize("wrong", ["encoder.mid_block.attentions.0.query", "query"])
def test_a_half_renamed_autoencoder_is_refused(wrong: str, load: Any) -> None:
    given = tensors("vae")
    given[f"{wrong}.weight"] = given.pop("encoder.mid_block.attentions.0.to_k.weight")
    with pytest.raises(LoadFailed, match=r"to_k\.weight"):
        load("vae", given)


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize("name", ENCODERS)
def test_a_published_text_encoder_loads(name: str, counted: bool) -> None:
    kind, config = ENCODERS[name]
    given = tensors(name)
    if not counted:
        del given[POSITIONS]
    network = pretrained(kind, None, DEVICE, config=config, state_dict=given)
    learned = sum(each.numel() for each in network.parameters())
    assert learned == sum(prod(shape) for key, shape in shapes(name).items() if key != POSITIONS)


@pytest.mark.parametrize("name", ENCODERS)
def test_a_text_encoder_with_a_layer_of_another_is_refused(name: str) -> None:
    kind, config = ENCODERS[name]
    given = tensors(name)
    given["text_model.encoder.layers.3.mlp.fc1.bias"] = torch.zeros(7, dtype=torch.float16)
    with pytest.raises(LoadFailed, match=r"1 of its tensors .* \(.*layers\.3\.mlp\.fc1\.bias\)"):
        pretrained(kind, None, DEVICE, config=config, state_dict=given)
