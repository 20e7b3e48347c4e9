"""Published weights into a network, strictly and without filling it with random numbers first."""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

from models.interface import LoadFailed

FIRST = 3
"""How many names of each kind are told when weights don't fit."""


def load[Network: nn.Module](
    build: Callable[[], Network],
    tensors: Mapping[str, Tensor],
    dtype: torch.dtype = torch.float32,
) -> Network:
    """The network that `build` makes, with the weights `tensors` (name -> tensor), ready to run.

    Floating tensors are cast to `dtype`; those that share it already are used, not copied. Tensors
    that the network's `training_only` names are left out. Raises LoadFailed when any other tensor
    is missing, unknown or of another shape.
    """
    network, named = held_against(build, tensors)
    cast = {name: tensor.to(dtype) if tensor.is_floating_point() else tensor
            for name, tensor in named.items()}  # fmt: skip
    network.load_state_dict(cast, assign=True)
    return network.eval().requires_grad_(False)


def held_against[Network: nn.Module](
    build: Callable[[], Network], tensors: Mapping[str, Tensor]
) -> tuple[Network, dict[str, Tensor]]:
    """The network that `build` makes, on the meta device, and the tensors that it takes. Raises
    LoadFailed as `load` does."""
    with torch.device("meta"):
        network = build()
    unused: tuple[str, ...] = getattr(network, "training_only", ())
    named = {name: tensor for name, tensor in tensors.items() if not name.startswith(unused)}
    _check(type(network).__name__, network.state_dict(), named)
    return network, named


def some(names: Sequence[str]) -> str:
    """The first few of these, for a sentence."""
    return ", ".join(names[:FIRST]) + ", …" * (len(names) > FIRST)


def _check(title: str, wanted: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> None:
    misfits = {
        "missing": sorted(wanted.keys() - given.keys()),
        "unknown": sorted(given.keys() - wanted.keys()),
        "of another shape": [
            f"{name}: {_shape(given[name])} in place of {_shape(wanted[name])}"
            for name in sorted(wanted.keys() & given.keys())
            if wanted[name].shape != given[name].shape
        ],
    }
    found = [f"{len(names)} {how} ({some(names)})" for how, names in misfits.items() if names]
    if found:
        raise LoadFailed(
            f"These weights are not {title}'s: of its tensors, {'; '.join(found)}. "
            "Choose the file that belongs to this model, or download it again."
        )


def _shape(tensor: Tensor) -> str:
    return "×".join(map(str, tensor.shape)) or "a number"
