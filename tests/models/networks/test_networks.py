"""Small networks of both kinds: sizes, batches, threads, number formats, and how weights get in."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from functools import partial
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from benchmarks import eager
from models.interface import LoadFailed
from models.networks import checkpoint
from models.networks.ben2 import BEN2
from models.networks.birefnet import BiRefNet
from models.networks.optimise import optimise
from models.networks.swin import SwinConfig
from tests.tolerances import NETWORK

SMALL = SwinConfig(8, (1, 2, 2, 1), (1, 2, 2, 4), 3)
PLAIN = (
    eager.Block, eager.Deformable, eager.Aspp, eager.DecoderBlock, eager.Lateral, eager.Decoder,
    eager.Swin, eager.Attention, eager.NormGelu, eager.Enlarging, eager.BEN2,
)  # fmt: skip
BUILD: dict[str, Callable[[], BiRefNet | BEN2]] = {
    "channel": partial(BiRefNet, SMALL, "channel", inner=8),
    "column": partial(BiRefNet, SMALL, "column", inner=8),
    "ben2": partial(BEN2, SMALL),
}
SIZES = [("channel", size) for size in [(32, 32), (96, 160), (288, 160)]] + [
    ("column", (64, 96)),
    ("ben2", (128, 128)),
    ("ben2", (256, 384)),
]


def drawn(build: Callable[[], nn.Module], seed: int = 0) -> dict[str, Tensor]:
    """Weights under which everything counts: offsets, biases and statistics among them."""
    torch.manual_seed(seed)
    network = build()
    for name, tensor in network.state_dict().items():
        if tensor.is_floating_point():
            tensor.normal_(0, tensor[0].numel() ** -0.5 if tensor.ndim > 1 else 0.1)
        if name.endswith("running_var") or (tensor.ndim == 1 and name.endswith("weight")):
            tensor.abs_().add_(1)
        if name.endswith("bias_table"):
            tensor.normal_()
    return network.state_dict()


def picture(height: int, width: int, batch: int = 1) -> Tensor:
    torch.manual_seed(height * width)
    return torch.randn(batch, 3, height, width)


@pytest.mark.parametrize("optimised", [False, True])
@pytest.mark.parametrize(("kind", "size"), SIZES)
def test_our_way_gives_what_the_usual_way_does(
    kind: str, size: tuple[int, int], optimised: bool
) -> None:
    network = checkpoint.load(BUILD[kind], drawn(BUILD[kind]))
    plain = deepcopy(network)
    eager.write_plainly(plain, *PLAIN)
    assert sum(type(module) in PLAIN for module in plain.modules()) > 10
    if optimised:
        optimise(network)
    image = picture(*size)
    result, expected = network(image), plain(image)
    assert result.shape == (1, 1, *size)
    assert result.is_contiguous()
    assert expected.std() > 1e-3
    torch.testing.assert_close(result, expected, atol=NETWORK, rtol=0)


@pytest.mark.parametrize("kind", BUILD)
def test_a_batch_is_its_images_one_by_one(kind: str) -> None:
    network = optimise(checkpoint.load(BUILD[kind], drawn(BUILD[kind])))
    images = picture(128, 256, batch=2)
    expected = torch.cat([network(image[None]) for image in images])
    torch.testing.assert_close(network(images), expected, atol=NETWORK, rtol=0)


@pytest.mark.parametrize("kind", BUILD)
def test_threads_share_a_network_and_leave_the_random_state(kind: str) -> None:
    network = optimise(checkpoint.load(BUILD[kind], drawn(BUILD[kind])))
    images = [picture(128, 128), picture(256, 128)] * 4
    state = torch.get_rng_state()
    expected = [network(image) for image in images]
    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(network, images))
    assert torch.equal(torch.get_rng_state(), state)
    # Not to the bit: libraries may sum in another order in another thread.
    for result, wanted in zip(results, expected, strict=True):
        torch.testing.assert_close(result, wanted, atol=NETWORK, rtol=0)


@pytest.mark.parametrize("kind", BUILD)
@pytest.mark.parametrize("autocast", [False, True])
def test_bfloat16_is_near(kind: str, autocast: bool) -> None:
    network = optimise(checkpoint.load(BUILD[kind], drawn(BUILD[kind])))
    image = picture(128, 128)
    matte = torch.nn.Identity() if kind == "ben2" else torch.nn.Sigmoid()
    expected = matte(network(image))
    if not autocast:
        network.to(torch.bfloat16)
        image = image.to(torch.bfloat16)
    with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
        result = network(image)
    assert result.dtype == torch.float32
    assert float((matte(result) - expected).abs().mean()) < 1 / 255


@pytest.mark.parametrize(
    ("kind", "size", "step"), [("channel", (64, 48), 32), ("ben2", (128, 192), 128)]
)
def test_sides_that_do_not_fit_are_refused(kind: str, size: tuple[int, int], step: int) -> None:
    with pytest.raises(ValueError, match=f"multiples of {step}, not {size[1]}x{size[0]}"):
        BUILD[kind]()(picture(*size))


@pytest.mark.parametrize("kind", BUILD)
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32])
def test_weights_from_a_file_run_in_float32(kind: str, dtype: torch.dtype, tmp_path: Path) -> None:
    weights = {
        name: tensor.to(dtype) if tensor.is_floating_point() else tensor
        for name, tensor in drawn(BUILD[kind]).items()
    }
    head = "sideout5.0.bias" if kind == "ben2" else "decoder.conv_ms_spvn_4.bias"
    save_file({**weights, head: torch.zeros(1)}, tmp_path / "model.safetensors")
    network = checkpoint.load(BUILD[kind], load_file(tmp_path / "model.safetensors"))
    tensors = [*network.parameters(), *network.buffers()]
    assert {tensor.dtype for tensor in tensors} == {torch.float32, torch.int64}
    assert {tensor.device.type for tensor in tensors} == {"cpu"}
    assert not any(tensor.requires_grad for tensor in tensors)
    assert not any(module.training for module in network.modules())
    assert network(picture(128, 128)).isfinite().all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w: w.pop("bb.norm0.bias"), r"not BiRefNet's: of its tensors, 1 missing \(bb.norm0"),
        (lambda w: w.update(odd=torch.zeros(1)), r"1 unknown \(odd\)"),
        (
            lambda w: w.update({"bb.norm1.bias": torch.zeros(3)}),
            r"1 of another shape \(bb.norm1.bias: 3 in place of 16\)",
        ),
        (lambda w: w.clear(), r"missing \(bb.layers.\S+, bb.layers.\S+, bb.layers.\S+, …\)"),
    ],
)
def test_weights_that_do_not_fit_are_refused(
    change: Callable[[dict[str, Tensor]], object], message: str
) -> None:
    weights = dict(drawn(BUILD["channel"]))
    change(weights)
    with pytest.raises(LoadFailed, match=message):
        checkpoint.load(BUILD["channel"], weights)


@pytest.mark.parametrize("kind", BUILD)
def test_optimising_twice_is_optimising_once(kind: str) -> None:
    network = optimise(checkpoint.load(BUILD[kind], drawn(BUILD[kind])))
    image = picture(128, 128)
    expected = network(image)
    assert torch.equal(optimise(network)(image), expected)
