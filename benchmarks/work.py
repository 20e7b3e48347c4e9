"""How much a network has to compute, and how much a device can: from both follows how near a run
comes to the device's limit.

A FLOP is a multiplication or an addition. Counted are matrix products, convolutions and attention;
norms, activations and enlargements are little beside them, and wait for memory instead.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from math import prod
from typing import Any
from unittest.mock import patch

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from models.networks.optimise import optimise
from models.running.devices import Device

SIDES = {"cpu": 2048}
"""Of the matrices whose product takes long enough for a clock: a GPU wants larger ones."""
SIDE_ELSEWHERE = 8192


def work(build: Callable[[], nn.Module], size: int) -> int:
    """FLOPs of the optimised network that `build` makes, at `size` × `size` pixels. Nothing is
    computed: torch's meta device knows shapes alone."""
    with torch.device("meta"):
        network = optimise(build().eval().requires_grad_(False))
        image = torch.empty(1, 3, size, size)
    counter = FlopCounterMode(
        display=False, custom_mapping={torch.ops.torchvision.deform_conv2d: deformable}
    )
    without = patch.object(torch, "autocast", lambda *_, **__: nullcontext())  # meta has none
    with without, counter:
        network(image)
    return int(counter.get_total_flops())


def deformable(
    _: Sequence[int], kernel: Sequence[int], *__: Any, out_shape: Sequence[int], **___: Any
) -> int:
    """FLOPs of a deformable convolution with `kernel` `(O, C, k, k)` that gives `out_shape`
    `(B, O, h, w)`: those of an ordinary one, and 8 a sample, four neighbours weighed and added and
    the sum weighed."""
    batch, out, height, width = out_shape
    samples = batch * height * width * prod(kernel[1:])
    return 2 * samples * out + 8 * samples


def limit(device: Device, dtype: torch.dtype, rounds: int = 3) -> float:
    """FLOP/s of the device at what it does best, the product of two large matrices in `dtype`."""
    side = SIDES.get(device.kind, SIDE_ELSEWHERE)
    left, right = (torch.randn(side, side, device=device.name).to(dtype) for _ in range(2))
    best = float("inf")
    for _ in range(rounds):
        device.synchronise()
        start = time.perf_counter()
        torch.mm(left, right)
        device.synchronise()
        best = min(best, time.perf_counter() - start)
    return 2 * side**3 / best
