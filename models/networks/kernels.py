"""Kernels worked out from other kernels, which give the same numbers in fewer steps."""

from itertools import pairwise, product

import torch
from torch import Tensor, nn
from torch.nn import functional


def kernel_and_bias(conv: nn.Conv2d, norm: nn.Module | None = None) -> tuple[Tensor, Tensor]:
    """`(O, C, k, k)` and `(O,)` of `conv` followed by `norm`: a BatchNorm with fixed statistics, or
    nothing (also the Identity that `fold` leaves)."""
    bias = conv.weight.new_zeros(conv.out_channels) if conv.bias is None else conv.bias
    if not isinstance(norm, nn.BatchNorm2d):
        return conv.weight, bias
    mean, variance = norm.running_mean, norm.running_var
    assert mean is not None
    assert variance is not None
    scale = norm.weight * (variance + norm.eps).rsqrt()
    return conv.weight * scale[:, None, None, None], (bias - mean) * scale + norm.bias


def fold(conv: nn.Conv2d, norm: nn.Module) -> nn.Identity:
    """Take the BatchNorm that follows `conv` into it. Returns what stands in its place."""
    kernel, bias = kernel_and_bias(conv, norm)
    conv.weight = nn.Parameter(kernel.detach(), requires_grad=False)
    conv.bias = nn.Parameter(bias.detach(), requires_grad=False)
    return nn.Identity()


def fold_all(sequence: nn.Sequential) -> None:
    """Take every BatchNorm that follows a convolution in `sequence` into it."""
    for place, (conv, norm) in enumerate(pairwise(sequence), 1):
        if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            sequence[place] = fold(conv, norm)


def then_pointwise(kernel: Tensor, bias: Tensor, pointwise: Tensor) -> tuple[Tensor, Tensor]:
    """Kernel `(1, C, k, k)` and bias `(1,)` of a convolution `(M, C, k, k)`, `(M,)`, followed by
    the 1x1 convolution `pointwise` `(1, M, 1, 1)` without bias."""
    weight = pointwise.flatten()
    mixed = (weight[:, None, None, None] * kernel).sum(0, keepdim=True)
    return mixed, (weight * bias).sum(0, keepdim=True)


def composed(first: Tensor, second: Tensor) -> Tensor:
    """The kernel `(1, C, 5, 5)` of the kernel `first` `(M, C, 3, 3)` and then `second`
    `(1, M, 3, 3)`, away from the border."""
    kernel = first.new_zeros(1, first.shape[1], 5, 5)
    for y, x in product(range(3), range(3)):
        kernel[0, :, y : y + 3, x : x + 3] += (second[0, :, y, x, None, None, None] * first).sum(0)
    return kernel


def doubled(kernel: Tensor) -> Tensor:
    """`(O, C, k, k)` -> `(O, C, k + 1, k + 1)`: the sum of the kernel laid down at each place of a
    2x2 cell."""
    kernel = functional.pad(kernel, (0, 1)) + functional.pad(kernel, (1, 0))
    return functional.pad(kernel, (0, 0, 0, 1)) + functional.pad(kernel, (0, 0, 1, 0))


def convolve_concatenated(conv: nn.Conv2d, *parts: Tensor) -> Tensor:
    """`conv(torch.cat(parts, 1))` without the concatenation: each part `(B, c, h, w)` meets its own
    input channels of the kernel."""
    kernels = torch.split(conv.weight, [part.shape[1] for part in parts], 1)
    result = functional.conv2d(parts[0], kernels[0], conv.bias, padding=conv.padding)
    for part, kernel in zip(parts[1:], kernels[1:], strict=True):
        result += functional.conv2d(part, kernel, padding=conv.padding)
    return result
