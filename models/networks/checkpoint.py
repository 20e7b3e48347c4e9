"""Published weights into a network, strictly and without filling it with random numbers first."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from models.interface import LoadFailed


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
    with torch.device("meta"):
        network = build()
    unused: tuple[str, ...] = getattr(network, "training_only", ())
    named = {name: tensor for name, tensor in tensors.items() if not name.startswith(unused)}
    _check(type(network).__name__, network.state_dict(), named)
    cast = {name: tensor.to(dtype) if tensor.is_floating_point() else tensor
            for name, tensor in named.items()}  # fmt: skip
    network.load_state_dict(cast, assign=True)
    return network.eval().requires_grad_(False)


def _check(title: str, wanted: Mapping[str, Tensor], given: Mapping[str, Tensor]) -> None:
    misfits = {
        "missing": sorted(wanted.keys() - given.keys()),
        "unknown": sorted(given.keys() - wanted.keys()),
        "of another shape": sorted(
            name for name in wanted.keys() & given.keys() if wanted[name].shape != given[name].shape
        ),
    }
    found = [f"{len(names)} {how} ({names[0]}{', …' * (len(names) > 1)})"
             for how, names in misfits.items() if names]  # fmt: skip
    if found:
        raise LoadFailed(
            f"These weights are not {title}'s: of its tensors, {'; '.join(found)}. "
            "Choose the file that belongs to this model, or download it again."
        )
