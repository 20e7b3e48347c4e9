"""The pretended card itself: what it must catch, and what it must let pass."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.ops import deform_conv2d

from tests.pretended_cuda import OnCard, pretended_cuda

ROWS = torch.arange(12.0).view(3, 4)


class Scaled(nn.Module):
    """Sound: all that it needs goes to the device with it."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 2)
        self.register_buffer("scale", torch.full((2,), 3.0))
        self.shift = torch.ones(2)  # no buffer: left behind

    def forward(self, rows: Tensor) -> Tensor:
        scaled: Tensor = self.linear(rows) * self.scale
        return scaled


class Shifted(Scaled):
    def forward(self, rows: Tensor) -> Tensor:
        return super().forward(rows) + self.shift


@pytest.mark.parametrize("guard", [torch.no_grad, torch.inference_mode])
def test_numbers_are_the_cpus_and_nothing_waits_but_what_crosses(
    guard: Callable[[], torch.no_grad],
) -> None:
    torch.manual_seed(0)
    network = Scaled().requires_grad_(False)
    expected = network(ROWS).relu().numpy()
    with pretended_cuda() as card, guard():
        network.to("cuda")
        rows = ROWS.to("cuda")
        card.waits.clear()
        result = network(rows).relu_()
        assert isinstance(result, OnCard)
        assert result.is_cuda
        assert not card.waits
        np.testing.assert_allclose(result.cpu().numpy(), expected, rtol=1e-6)
    assert list(card.waits) == [(__name__, "result.cpu()")]


@pytest.mark.parametrize("guard", [torch.no_grad, torch.inference_mode])
def test_a_tensor_that_was_left_on_the_cpu_is_an_error(
    guard: Callable[[], torch.no_grad],
) -> None:
    network = Shifted().requires_grad_(False)
    with pretended_cuda(), guard(), pytest.raises(RuntimeError, match=r"cuda:0 and cpu"):
        network.to("cuda")(ROWS.to("cuda"))


WAITS: dict[str, Callable[[Tensor], object]] = {
    "rows.max().item()": lambda rows: rows.max().item(),
    "int(rows.argmax())": lambda rows: int(rows.argmax()),
    "rows[0].tolist()": lambda rows: rows[0].tolist(),
    "bool(rows.any())": lambda rows: bool(rows.any()),
    "rows[rows > 3]": lambda rows: rows[rows > 3],
    "rows.nonzero()": lambda rows: rows.nonzero(),
    "torch.unique(rows)": lambda rows: torch.unique(rows),
    "torch.equal(rows, rows)": lambda rows: torch.equal(rows, rows),
    "rows.to('cpu')": lambda rows: rows.to("cpu"),
    "rows.new_tensor([1.0, 2.0])": lambda rows: rows.new_tensor([1.0, 2.0]),
    "torch.tensor(1.0, device='cuda')": lambda rows: torch.tensor(1.0, device="cuda"),
    "torch.tensor([rows[0, 0], 1.0])": lambda rows: torch.tensor([rows[0, 0], 1.0]),
    "rows.copy_(ROWS)": lambda rows: rows.copy_(ROWS),
    "rows.masked_select(rows > 3)": lambda rows: rows.masked_select(rows > 3),
    "rows[:, [0, 2]]": lambda rows: rows[:, [0, 2]],
    "torch.ops.torchvision.nms(rows, rows[:, 0], 0.5)": lambda rows: torch.ops.torchvision.nms(
        rows, rows[:, 0], 0.5
    ),
    "rows.index_put_((rows > 3,), rows[0, :1].expand(8))": lambda rows: rows.index_put_(
        (rows > 3,), rows[0, :1].expand(8)
    ),
    "torch.linalg.inv(rows[:, :3] + torch.eye(3, device='cuda'))": lambda rows: torch.linalg.inv(
        rows[:, :3] + torch.eye(3, device="cuda")
    ),
}


@pytest.mark.parametrize("guard", [torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("code", WAITS)
def test_what_waits_is_told_with_its_code(code: str, guard: Callable[[], torch.no_grad]) -> None:
    with pretended_cuda() as card, guard():
        rows = ROWS.to("cuda")
        card.waits.clear()
        WAITS[code](rows)
    ((module, told),) = card.waits
    assert module == __name__
    assert told.replace('"', "'").replace("( ", "(").replace(" )", ")") == code


FREE: dict[str, Callable[[Tensor], object]] = {
    "masked filling": lambda rows: rows.masked_fill_(rows > 3, 0.0),
    "the same by an index": lambda rows: rows.__setitem__(rows > 3, 0.0),
    "choosing": lambda rows: torch.where(rows > 3, rows, 0.0),
    "rows by number": lambda rows: rows[torch.arange(2, device="cuda")],
    "a plain number": lambda rows: rows * 3.5,
    "a number of the CPU": lambda rows: rows * torch.tensor(3.5),
    "what is made there": lambda rows: torch.full((2,), 3.0, device="cuda"),
    "not waited for": lambda rows: ROWS.to("cuda", non_blocking=True),
}


@pytest.mark.parametrize("guard", [torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("name", FREE)
def test_what_needs_no_numbers_waits_for_nothing(
    name: str, guard: Callable[[], torch.no_grad]
) -> None:
    with pretended_cuda() as card, guard():
        rows = ROWS.to("cuda")
        card.waits.clear()
        FREE[name](rows)
    assert not card.waits


def deformed(rows: Tensor) -> Tensor:
    image = rows.new_zeros(1, 1, 4, 4, dtype=torch.bfloat16)
    offset = image.new_zeros(1, 18, 4, 4)
    result: Tensor = deform_conv2d(image, offset, image.new_ones(1, 1, 3, 3), padding=1)
    return result


def shrunk_as_bytes(rows: Tensor) -> Tensor:
    photo = rows.to(torch.uint8).expand(1, 3, 3, 4)
    return functional.interpolate(photo, (2, 2), mode="bilinear", antialias=True)


REFUSED: dict[str, Callable[[Tensor], object]] = {
    "a matrix of float64": lambda rows: functional.linear(rows, rows.double()),
    "a matrix of float16": lambda rows: rows.half() @ rows.T,
    "an index of float32": lambda rows: rows[0][rows[1]],
    "attention of two formats": lambda rows: functional.scaled_dot_product_attention(
        rows[None, None], rows[None, None].half(), rows[None, None]
    ),
    "a convolution of two formats": lambda rows: functional.conv1d(
        rows[None].half(), rows[:, None, :3].expand(3, 3, 3)
    ),
    "an inverse of float16": lambda rows: torch.linalg.inv(rows[:, :3].half()),
    "a deformable convolution of bfloat16": deformed,
    "a photo's bytes": shrunk_as_bytes,
    "the CPU's, indexed by the card's": lambda rows: ROWS[rows[0].long() * 0],
}


@pytest.mark.parametrize("guard", [torch.no_grad, torch.inference_mode])
@pytest.mark.parametrize("name", REFUSED)
def test_what_a_card_refuses_is_refused(name: str, guard: Callable[[], torch.no_grad]) -> None:
    with pretended_cuda(), guard():
        rows = ROWS.to("cuda")
        with pytest.raises((RuntimeError, IndexError)):
            REFUSED[name](rows)


def test_outside_there_is_no_card() -> None:
    with pretended_cuda():
        rows = ROWS.to("cuda")
    with pytest.raises(RuntimeError, match="outside of it"):
        rows + 1
