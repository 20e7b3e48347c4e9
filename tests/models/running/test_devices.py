"""Which device and number format a name stands for."""

import pytest
import torch

from models.interface import DeviceMissing
from models.running.devices import Device, resolve


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Turing card and an Ampere card."""
    capabilities = [(7, 5), (8, 6)]
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: len(capabilities))
    monkeypatch.setattr(torch.cuda, "get_device_capability", capabilities.__getitem__)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("auto", Device("cuda", "float16")),
        ("cuda", Device("cuda", "float16")),
        ("cuda:0", Device("cuda:0", "float16")),
        ("cuda:1", Device("cuda:1", "bfloat16")),
        ("cpu", Device("cpu", "float32")),
    ],
)
def test_each_card_gets_the_half_precision_that_it_computes_in(
    wanted: str, expected: Device, cards: None
) -> None:
    assert resolve(wanted) == expected


@pytest.mark.parametrize("wanted", ["cuda:2", "cuda:", "cuda:x", "gpu", ""])
def test_a_card_that_is_not_there_is_an_error(wanted: str, cards: None) -> None:
    with pytest.raises(DeviceMissing, match="Choose"):
        resolve(wanted)
