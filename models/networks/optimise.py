"""The last step before a loaded network runs: its weights in the form that runs fastest."""

from typing import Protocol, runtime_checkable

import torch
from torch import nn


@runtime_checkable
class Optimisable(Protocol):
    """A module that can trade its weights for others that give the same numbers sooner."""

    def optimise(self) -> None: ...


def optimise[Network: nn.Module](network: Network) -> Network:
    """Fold norms into convolutions, work out position biases and lay kernels out with the channels
    last, in place; returns the network. Results stay the same but for rounding.

    Do this after loading the weights (their names no longer fit afterwards) and before making them
    half precision.
    """
    for module in list(network.modules()):
        if isinstance(module, Optimisable):
            module.optimise()
    return network.to(memory_format=torch.channels_last)
