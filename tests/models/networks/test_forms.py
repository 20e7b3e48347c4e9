"""The networks' parts against their definitions, small enough to be written out plainly."""

import pytest
import torch
from einops import rearrange
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional

from models.networks.birefnet import PatchOrder, TwoConvs, image_tiles
from models.networks.convolutions import Enlarging, NormGelu, Shallow
from models.networks.deformable import DeformableConv, gathered, library
from models.networks.kernels import convolve_concatenated, fold, then_pointwise
from models.networks.patch_order import patch_order_of
from models.networks.swin import Block, PatchMerging
from models.networks.windows import chunks
from tests.tolerances import SUMS

SIDES = st.integers(1, 17)


@given(
    st.integers(1, 3), SIDES, SIDES, st.sampled_from([(3, 0), (3, 1), (4, 2)]), st.integers(1, 99)
)
def test_every_token_is_in_one_window(
    batch: int, height: int, width: int, cut: tuple[int, int], limit: int
) -> None:
    pieces = chunks(batch, height, width, *cut, limit, torch.device("cpu"))
    rows = torch.cat([piece.rows for piece in pieces])
    assert sorted(rows.tolist()) == list(range(batch * height * width))
    assert all(piece.runs[-1].stop == piece.windows for piece in pieces)
    assert all(piece.windows * cut[0] ** 2 <= max(limit, cut[0] ** 2) for piece in pieces)


@pytest.mark.parametrize("shift", [0, 1])
@pytest.mark.parametrize("size", [(3, 3), (6, 9), (5, 7), (2, 4), (1, 1)])
def test_a_block_attends_within_windows_of_the_padded_and_rolled_map(
    size: tuple[int, int], shift: int
) -> None:
    torch.manual_seed(0)
    block = Block(8, heads=2, window=3, shift=shift).eval().requires_grad_(False)
    nn.init.normal_(block.attn.relative_position_bias_table)
    tokens = torch.randn(2, *size, 8)
    expected = textbook(block, tokens)
    block(tokens)
    torch.testing.assert_close(tokens, expected, atol=SUMS, rtol=SUMS)


def textbook(block: Block, tokens: Tensor) -> Tensor:
    """Token by token: who shares its window, on the same side of the roll's seam?"""
    attn, window, shift = block.attn, block.window, block.shift
    batch, height, width, channels = tokens.shape
    down, right = -(-height // window) * window, -(-width // window) * window
    padded = torch.zeros(batch, down, right, channels)
    padded[:, :height, :width] = block.norm1(tokens)
    query, key, value = attn.qkv(padded).chunk(3, -1)
    result = torch.zeros_like(tokens)

    def home(y: int, x: int) -> tuple[int, ...]:
        y, x = (y - shift) % down, (x - shift) % right
        seam = (y >= down - shift, x >= right - shift)
        return y // window, x // window, *seam

    def inside(y: int, x: int) -> tuple[int, int]:
        return (y - shift) % down % window, (x - shift) % right % window

    places = [(y, x) for y in range(down) for x in range(right)]
    for y, x in places:
        if y >= height or x >= width:
            continue
        seen = [place for place in places if home(*place) == home(y, x)]
        for head in range(attn.heads):
            part = slice(4 * head, 4 * head + 4)
            scores = []
            for place in seen:
                dy, dx = (
                    a - b + window - 1 for a, b in zip(inside(y, x), inside(*place), strict=True)
                )
                bias = attn.relative_position_bias_table[dy * (2 * window - 1) + dx, head]
                alike = (query[:, y, x, part] * key[:, *place, part]).sum(-1)
                scores.append(alike / 2 + bias)
            share = torch.stack(scores, -1).softmax(-1)  # (batch, seen)
            values = torch.stack([value[:, *place, part] for place in seen], 1)
            result[:, y, x, part] = (share[..., None] * values).sum(1)
    tokens = tokens + attn.proj(result)
    return tokens + block.mlp(block.norm2(tokens))  # type: ignore[no-any-return]


def test_merging_takes_the_cells_column_by_column() -> None:
    merging = PatchMerging(1).eval().requires_grad_(False)
    merging.norm = nn.Identity()  # type: ignore[assignment]
    merging.reduction.weight = nn.Parameter(torch.eye(4)[:2] + 10 * torch.eye(4)[2:])
    tokens = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]])[None, :, :, None]
    merged = merging(tokens)[0]
    assert merged.tolist() == [[[21, 54], [3, 6]], [[87, 0], [9, 0]]]


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 3, 7]), st.sampled_from([0.5, 30]))
def test_gathered_deformable_convolution_is_the_librarys(
    height: int, width: int, size: int, reach: float
) -> None:
    torch.manual_seed(height * 10 + width)
    conv = nn.Conv2d(4, 5, size, padding=size // 2).requires_grad_(False)
    features = torch.randn(2, 4, height, width)
    offset = reach * torch.randn(2, 2 * size**2, height, width)
    modulation = torch.rand(2, size**2, height, width)
    expected = library(features, offset, modulation, conv)
    result = gathered(features, offset, modulation, conv)
    torch.testing.assert_close(result, expected, atol=SUMS, rtol=SUMS)


def test_deformable_convolution_in_several_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.networks.deformable.SAMPLES_AT_ONCE", 9 * 5 * 2)
    torch.manual_seed(0)
    conv = DeformableConv(4, 6, 3).requires_grad_(False)
    features = torch.randn(1, 4, 7, 5)
    modulation = 2 * conv.modulator_conv(features).sigmoid()
    expected = library(features, conv.offset_conv(features), modulation, conv.regular_conv)
    torch.testing.assert_close(conv(features), expected, atol=SUMS, rtol=SUMS)


@pytest.mark.parametrize("size", [(3, 3), (8, 5)])
def test_two_convolutions_and_a_pointwise_one_in_a_single_one(size: tuple[int, int]) -> None:
    torch.manual_seed(0)
    both = TwoConvs(3, 6).requires_grad_(False)
    pointwise = nn.Conv2d(6, 1, 1, bias=False).requires_grad_(False)
    image = torch.randn(2, 3, *size)
    result = both.then(image, pointwise.weight)
    torch.testing.assert_close(result, pointwise(both(image)), atol=SUMS, rtol=SUMS)


def test_a_pointwise_convolution_joins_the_one_before() -> None:
    conv, pointwise = nn.Conv2d(3, 6, 3, padding=1), nn.Conv2d(6, 1, 1, bias=False)
    assert conv.bias is not None
    features = torch.randn(1, 3, 5, 4)
    kernel, bias = then_pointwise(conv.weight, conv.bias, pointwise.weight)
    result = functional.conv2d(features, kernel, bias, padding=1)
    torch.testing.assert_close(result, pointwise(conv(features)), atol=SUMS, rtol=SUMS)


@pytest.mark.parametrize("bias", [False, True])
def test_a_folded_norm_leaves_the_result(bias: bool) -> None:
    torch.manual_seed(0)
    conv, norm = nn.Conv2d(3, 4, 3, bias=bias), nn.BatchNorm2d(4)
    for values in (norm.weight, norm.bias, norm.running_mean, norm.running_var):
        assert values is not None
        nn.init.uniform_(values, 0.5, 2)
    norm.eps = 0.1  # so that it counts
    norm.eval()
    features = torch.randn(1, 3, 6, 6)
    expected = norm(conv(features))
    nothing = fold(conv, norm)
    torch.testing.assert_close(nothing(conv(features)), expected, atol=SUMS, rtol=SUMS)


def test_a_convolution_of_parts_is_that_of_their_concatenation() -> None:
    conv = nn.Conv2d(7, 4, 3, padding=1)
    parts = [torch.randn(2, channels, 5, 6) for channels in (1, 4, 2)]
    result = convolve_concatenated(conv, *parts)
    torch.testing.assert_close(result, conv(torch.cat(parts, 1)), atol=SUMS, rtol=SUMS)


@pytest.mark.parametrize("size", [(1, 1), (4, 5)])
def test_enlarging_is_nearest_and_then_the_convolution(size: tuple[int, int]) -> None:
    torch.manual_seed(0)
    enlarging = Enlarging(3, 4).requires_grad_(False)
    features = torch.randn(1, 3, *size)
    expected = enlarging.conv(functional.interpolate(features, scale_factor=2.0))
    torch.testing.assert_close(enlarging(features), expected, atol=SUMS, rtol=SUMS)


@pytest.mark.parametrize("step", [2, 4])
def test_the_shallow_branch_is_the_convolution_made_smaller(step: int) -> None:
    torch.manual_seed(0)
    shallow = Shallow(3, 4).requires_grad_(False)
    image = torch.randn(1, 3, 8, 12)
    expected = functional.interpolate(shallow.conv(image), scale_factor=1 / step, mode="bilinear")
    torch.testing.assert_close(shallow.reduced(image, step), expected, atol=SUMS, rtol=SUMS)


def test_norm_and_gelu_in_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.networks.convolutions.BAND", 60)
    torch.manual_seed(0)
    features = 3 * torch.randn(2, 4, 7, 5) + 10
    features[:, 0] = 0.01 * torch.randn(2, 7, 5)  # so small that eps counts
    expected = functional.gelu(functional.instance_norm(features))
    torch.testing.assert_close(NormGelu()(features), expected, atol=SUMS, rtol=SUMS)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        # Tiles in reading order hold 0 and 1 above, 2 and 3 below; colours count in tens.
        ("channel", [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]),
        ("column", [0, 10, 20, 2, 12, 22, 1, 11, 21, 3, 13, 23]),
    ],
)
def test_tiles_become_channels_in_the_order_asked_for(
    order: PatchOrder, expected: list[int]
) -> None:
    tiles = torch.arange(4.0).view(2, 2).repeat_interleave(3, 0).repeat_interleave(2, 1)
    image = torch.stack([tiles, tiles + 10, tiles + 20])[None]  # (1, 3, 6, 4)
    result = image_tiles(image, (3, 2), order)
    assert result.shape == (1, 12, 3, 2)
    assert result[0, :, 0, 0].tolist() == expected
    assert (result == result[:, :, :1, :1]).all()


@pytest.mark.parametrize("order", ["channel", "column"])
def test_filters_tell_the_order_that_they_were_trained_with(order: str) -> None:
    """Each tile has a filter of its own, which its three colours share but for some noise."""
    torch.manual_seed(0)
    shared = torch.randn(64, 16, 1, 3, 3) + 0.7 * torch.randn(64, 16, 3, 3, 3)
    layout = {"channel": "o t c y x -> o (c t) y x", "column": "o t c y x -> o (t c) y x"}[order]
    verdict = patch_order_of(rearrange(shared, layout))
    scores = {"column": verdict.column_score, "channel": verdict.channel_score}
    assert verdict.order == order
    assert scores.pop(order) > 0.5
    assert max(scores.values()) < 0.1


@pytest.mark.parametrize("shape", [(64, 48), (64, 3, 3, 3), (64, 49, 3, 3)])
def test_other_tensors_dont_tell_an_order(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="ipt_blk2"):
        patch_order_of(torch.zeros(shape))
