"""The benchmark's count of what a network has to compute."""

from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode
from torchvision.ops import deform_conv2d

from benchmarks import work
from models.networks.ben2 import BEN2
from models.networks.birefnet import BiRefNet
from models.running.devices import Device
from tests.tiny import BACKBONE


@pytest.mark.parametrize(
    ("build", "tera"),
    [
        (lambda: BiRefNet("swin_l"), 2.29),  # 0.18 of it in deformable convolutions
        (lambda: BiRefNet("swin_t"), 0.58),
        (BEN2, 1.85),
    ],
)
def test_the_published_networks_at_their_size(build: Callable[[], nn.Module], tera: float) -> None:
    assert work.work(build, 1024) / 1e12 == pytest.approx(tera, abs=0.01)


def test_a_deformable_convolution_is_an_ordinary_one_and_its_samples() -> None:
    features, kernel = torch.zeros(2, 4, 10, 12), torch.zeros(8, 4, 3, 3)
    offset = torch.zeros(2, 18, 10, 12)
    counter = FlopCounterMode(
        display=False, custom_mapping={torch.ops.torchvision.deform_conv2d: work.deformable}
    )
    with counter:
        deform_conv2d(features, offset, kernel, padding=1)
    deformed = counter.get_total_flops()
    with FlopCounterMode(display=False) as counter:
        torch.conv2d(features, kernel, padding=1)
    samples = 2 * 10 * 12 * 4 * 9
    assert deformed - counter.get_total_flops() == 8 * samples


def test_the_work_grows_with_the_area() -> None:
    small, large = (work.work(lambda: BiRefNet(BACKBONE, inner=8), side) for side in (128, 256))
    assert large == pytest.approx(4 * small, rel=0.05)


def test_a_device_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(work.SIDES, "cpu", 64)
    assert 0 < work.limit(Device(), torch.float32, rounds=2) < float("inf")
