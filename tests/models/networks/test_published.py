"""The networks against the publishers' code: names, shapes and results."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.networks import checkpoint
from models.networks.ben2 import BEN2
from models.networks.birefnet import BiRefNet
from models.networks.optimise import optimise
from tests.models.networks import published
from tests.tolerances import NETWORK

NETWORKS: dict[str, Callable[..., BiRefNet | BEN2]] = {
    "birefnet": BiRefNet,
    "birefnet_lite": partial(BiRefNet, "swin_t"),
    "ben2": BEN2,
}


def test_the_weights_are_drawn_as_they_were_for_the_expected_results() -> None:
    recorded = json.loads((published.DATA / "fingerprint.json").read_text())

    for name, told in recorded.items():
        kind, _, rest = name.partition(":")
        if kind in ("image", "input"):
            picture = published.photo if kind == "image" else published.image
            drawn = np.asarray(picture(*map(int, rest.split("x"))))
            assert published.fingerprint(drawn) == told, name
        else:
            drawn = published.tensor(rest, published.shapes(kind)[rest])
            # But for the last bits: exp and log1p are the machine's own.
            same = pytest.approx(np.array(told), rel=1e-6, abs=1e-7)
            assert published.sample(drawn) == same, name


@pytest.mark.parametrize("name", NETWORKS)
def test_names_and_shapes_are_the_published_ones_but_for_training_heads(name: str) -> None:
    with torch.device("meta"):
        network = NETWORKS[name]()
    heads = network.training_only
    theirs = {k: tuple(s) for k, s in published.shapes(name).items() if not k.startswith(heads)}
    assert {k: tuple(v.shape) for k, v in network.state_dict().items()} == theirs
    assert len(theirs) == len(published.shapes(name)) - (10 if name == "ben2" else 12)


@pytest.mark.parametrize("optimised", [False, True])
@pytest.mark.parametrize(
    ("name", "size"),
    [
        pytest.param("birefnet_lite", "256x256"),
        pytest.param("birefnet_lite", "384x256", marks=pytest.mark.slow),
        pytest.param("birefnet_lite", "352x224", marks=pytest.mark.slow),
        pytest.param("birefnet", "256x256", marks=pytest.mark.slow),
        pytest.param("birefnet", "384x256", marks=pytest.mark.slow),
        pytest.param("birefnet", "352x224", marks=pytest.mark.slow),
        pytest.param("birefnet", "256x256-legacy", marks=pytest.mark.slow),
        pytest.param("ben2", "512x384", marks=pytest.mark.slow),
    ],
)
def test_results_are_the_publishers(name: str, size: str, optimised: bool) -> None:
    network = loaded(name, optimised, "column" if size.endswith("-legacy") else "channel")
    vectors = published.expected(name)
    with taps(network, vectors, size) as differences:
        result = run(network, size)
    wanted = vectors[f"{size}/{'mask' if name == 'ben2' else 'logits'}"]
    assert np.abs(result - wanted).max() < NETWORK
    assert max(differences.values(), default=0.0) < NETWORK, differences
    assert differences or size not in ("256x256", "512x384")


@pytest.mark.slow
def test_ben2_at_the_size_it_was_trained_for() -> None:
    result = run(loaded("ben2", True, "channel"), "1024x1024")
    vectors = published.expected("ben2")
    assert np.abs(result[::4, ::4] - vectors["1024x1024/mask_stride4"]).max() < NETWORK
    middle = result[448:576, 448:576]
    assert np.abs(middle - vectors["1024x1024/mask_crop"]).max() < NETWORK


@lru_cache(maxsize=1)
def weights(name: str) -> dict[str, Tensor]:
    return published.weights(name)


@lru_cache(maxsize=1)
def loaded(name: str, optimised: bool, patch_order: str) -> nn.Module:
    build = NETWORKS[name]
    if patch_order == "column":
        build = partial(build, patch_order="column")
    network = checkpoint.load(build, weights(name))
    return optimise(network) if optimised else network


def run(network: nn.Module, size: str) -> NDArray[np.float32]:
    height, width = map(int, size.removesuffix("-legacy").split("x"))
    result = network(published.image(height, width))
    assert result.shape == (1, 1, height, width)
    assert result.dtype == torch.float32
    logits: NDArray[np.float32] = result[0, 0].numpy()
    return logits


@contextmanager
def taps(
    network: nn.Module, vectors: dict[str, NDArray[np.float32]], size: str
) -> Iterator[dict[str, float]]:
    """Fills the dictionary with the largest difference at each tap while the network runs."""
    differences: dict[str, float] = {}
    calls: Counter[str] = Counter()
    prefix = f"{size}/tap/"
    paths = {key.removeprefix(prefix).split("#")[0] for key in vectors if key.startswith(prefix)}

    def watch(path: str, output: Tensor) -> None:
        key = f"{path}#{calls[path]}"
        calls[path] += 1
        flat = output.flatten()
        at = torch.arange(64) * (flat.numel() - 1) // 63
        differences[key] = float(np.abs(flat[at].numpy() - vectors[prefix + key]).max())

    hooks = [
        network.get_submodule(path).register_forward_hook(
            lambda module, inputs, output, path=path: watch(path, output)
        )
        for path in paths
    ]
    yield differences
    for hook in hooks:
        hook.remove()
