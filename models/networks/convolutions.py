"""BEN2's convolutions: most are followed by an InstanceNorm and a GELU, and some stand where the
map changes its size."""

from collections.abc import Iterable
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.networks.kernels import doubled

BAND = 1 << 22
"""Numbers to normalise at once: a copy of a whole map of the image's size would take 0.5 GB."""


class Convolution(nn.Sequential):
    """A 3x3 convolution, and what follows it."""

    def __init__(self, in_channels: int, out_channels: int, *then: nn.Module) -> None:
        super().__init__(nn.Conv2d(in_channels, out_channels, 3, padding=1), *then)

    @property
    def conv(self) -> nn.Conv2d:
        return cast(nn.Conv2d, self[0])


class Enlarging(Convolution):
    """Each pixel doubled both ways ("nearest"), then a 3x3 convolution: together one transposed
    convolution, with less than half the products. Then what follows."""

    def forward(self, features: Tensor) -> Tensor:
        """`(B, C, h, w)` -> `(B, C, 2h, 2w)`."""
        kernel = doubled(self.conv.weight.flip(2, 3)).transpose(0, 1)  # (in, out, 4, 4)
        bias = self.conv.bias
        enlarged = functional.conv_transpose2d(features, kernel, bias, stride=2, padding=1)
        _, *then = self
        for module in then:
            enlarged = module(enlarged)
        return enlarged


class Shallow(Convolution):
    """A convolution of the image, followed by bilinear reduction to a half or a quarter. That takes
    the means of 2x2 neighbours, so one convolution with a stride does both."""

    def reduced(self, image: Tensor, step: int) -> Tensor:
        """`(1, 3, H, W)` -> `(1, C, H / step, W / step)`, step 2 or 4."""
        kernel = doubled(self.conv.weight) / 4
        padding = 1 if step == 2 else 0  # the middle two of four need no neighbours
        return functional.conv2d(image, kernel, self.conv.bias, stride=step, padding=padding)


class NormGelu(nn.Module):
    """InstanceNorm without weights (the image's own statistics, always), then the exact GELU."""

    def forward(self, features: Tensor) -> Tensor:
        """features: `(B, C, h, w)`, changed in place and returned."""
        height, width = features.shape[-2:]
        rows = max(1, BAND * height // features.numel())
        bands = torch.split(features, rows, 2)
        mean = total(bands) / (height * width)
        variance = total((band - mean).square_() for band in bands) / (height * width)
        scale = (variance + 1e-5).rsqrt()
        for band in bands:
            band.copy_(functional.gelu((band - mean).mul_(scale)))
        return features


def total(bands: Iterable[Tensor]) -> Tensor:
    """The sum over a map given in bands of rows `(B, C, rows, w)`: `float32 (B, C, 1, 1)`. In
    steps, because one sum over a million numbers would lose digits."""
    sums = [band.sum(2, dtype=torch.float32).sum(2) for band in bands]
    return torch.stack(sums).sum(0)[..., None, None]
