"""Modulated deformable convolution ("v2", Zhu et al. 2019, arXiv:1811.11168): each tap of the
kernel reads the map where it wants, with a weight of its own."""

from collections.abc import Iterator

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn import functional
from torchvision.ops import deform_conv2d

SAMPLES_AT_ONCE = 1 << 16
"""Bilinear samples per step on the CPU: 16 MB of 64 channels, which stay near the cache."""


class DeformableConv(nn.Module):
    """A k x k convolution, stride 1, same size, whose taps are moved and weighed by two ordinary
    convolutions of the same input."""

    def __init__(self, channels: int, out_channels: int, kernel_size: int) -> None:
        super().__init__()
        padding, taps = kernel_size // 2, kernel_size**2
        self.offset_conv = nn.Conv2d(channels, 2 * taps, kernel_size, padding=padding)
        self.modulator_conv = nn.Conv2d(channels, taps, kernel_size, padding=padding)
        self.regular_conv = nn.Conv2d(
            channels, out_channels, kernel_size, padding=padding, bias=False
        )

    def forward(self, features: Tensor) -> Tensor:
        """features: `(B, C, h, w)`. Returns `(B, out, h, w)`."""
        offset = self.offset_conv(features)  # (B, 2k², h, w): down and right, tap by tap
        modulation = 2 * self.modulator_conv(features).sigmoid()  # (B, k², h, w)
        convolve = gathered if features.device.type == "cpu" else library
        return convolve(features, offset, modulation, self.regular_conv)


def library(features: Tensor, offset: Tensor, modulation: Tensor, conv: nn.Conv2d) -> Tensor:
    """torchvision's kernel. It knows float32 and float16 alone: bfloat16 goes through float32."""
    kind = torch.float32 if features.dtype == torch.bfloat16 else features.dtype
    padding = conv.kernel_size[0] // 2
    bias = None if conv.bias is None else conv.bias.to(kind)
    result: Tensor = deform_conv2d(
        features.to(kind), offset.to(kind), conv.weight.to(kind), bias,
        padding=padding, mask=modulation.to(kind),
    )  # fmt: skip
    return result.to(features.dtype)


def gathered(features: Tensor, offset: Tensor, modulation: Tensor, conv: nn.Conv2d) -> Tensor:
    """The same as weighted sums of the map's four rows around each sample, then a matrix product:
    for a CPU, where the library's kernel is many times slower and knows no bfloat16."""
    images = zip(features, offset, modulation, strict=True)
    rows = torch.cat([band for image in images for band in _bands(*image, conv)])
    return rearrange(rows, "(b h w) o -> b o h w", b=len(features), w=features.shape[-1])


def _bands(
    features: Tensor, offset: Tensor, modulation: Tensor, conv: nn.Conv2d
) -> Iterator[Tensor]:
    """`(C, h, w)`, `(2T, h, w)`, `(T, h, w)`, T = k² -> `(pixels, out)`, some rows at a time."""
    _, height, width = features.shape
    side = conv.kernel_size[0]
    # A border of zeros: samples further out are moved onto it.
    table = functional.pad(rearrange(features, "c h w -> h w c"), (0, 0, 1, 2, 1, 2))
    table = table.flatten(0, 1)  # ((h + 3) * (w + 3), C)
    kernel = rearrange(conv.weight, "o c y x -> o (y x c)")
    rows = max(1, SAMPLES_AT_ONCE // (width * side * side))
    for top in range(0, height, rows):
        band = slice(top, top + rows)
        index, weight = _corners(offset[:, band], modulation[:, band], top, side, height, width)
        samples = functional.embedding_bag(
            index, table, mode="sum", per_sample_weights=weight.to(table.dtype)
        )  # (pixels * T, C)
        columns = samples.view(-1, kernel.shape[1])  # (pixels, T * C)
        yield functional.linear(columns, kernel, conv.bias)


def _corners(
    offset: Tensor, modulation: Tensor, top: int, side: int, height: int, width: int
) -> tuple[Tensor, Tensor]:
    """Where to read for each pixel of a band that starts at row `top`, and for each tap: rows of
    the bordered map, `int64 (pixels * T, 4)`, and what they count, `float32 (pixels * T, 4)`."""
    device = offset.device
    offset = rearrange(offset, "(t two) h w -> two h w t", two=2).float().contiguous()
    modulation = rearrange(modulation, "t h w -> h w t").float().contiguous()
    tap = torch.arange(side * side, device=device)
    down = torch.arange(top, top + offset.shape[1], device=device)[:, None, None] + tap // side
    right = torch.arange(width, device=device)[:, None] + tap % side
    y = (offset[0] + (down - side // 2)).clamp_(-1, height)  # (h, w, T)
    x = (offset[1] + (right - side // 2)).clamp_(-1, width)
    y0, x0 = y.floor(), x.floor()
    lower, righter = y - y0, x - x0
    first = (y0.long() + 1) * (width + 3) + x0.long() + 1
    below, above = modulation * lower, modulation * (1 - lower)
    weights = (above * (1 - righter), above * righter, below * (1 - righter), below * righter)
    index = (first, first + 1, first + width + 3, first + width + 4)
    by_sample = "four h w t -> (h w t) four"
    return rearrange(torch.stack(index), by_sample), rearrange(torch.stack(weights), by_sample)
