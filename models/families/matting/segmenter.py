"""What the matting networks have in common: a photo shrunk to a size that suits them, one pass,
and the small matte brought back to the photo's size with the photo as its guide."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from einops import rearrange
from PIL import Image
from torch import Tensor, nn

from compositing.alpha import enlarge
from compositing.arrays import Photo
from models.families.common.tensors import dtype_of, network_input
from models.interface import Matte, Prompt
from models.networks.optimise import optimise
from models.networks.windows import chunks
from models.running.devices import Device, compiled
from models.running.stages import stage

type Fit = Callable[[int, int], tuple[int, int]]
"""From a photo's (height, width) to the network's."""


@dataclass(frozen=True, eq=False)
class Matting:
    """A network that gives mattes in [0, 1], `(1, 1, h, w)`, of photos `(1, 3, h, w)`.

    The matte isn't stretched to span 0 to 1, as some publishers do: a photo without a subject
    stays empty.
    """

    network: nn.Module
    device: Device
    fit: Fit
    resample: Image.Resampling
    activate: Callable[[Tensor], Tensor]

    def segment(self, photo: Photo, prompt: Prompt) -> Matte:  # noqa: ARG002
        with stage("preprocess"):
            height, width = self.fit(*photo.shape[:2])
            small = Image.fromarray(photo).resize((width, height), self.resample)
            values = network_input(np.array(small), height, width, self.device)
        with stage("network"):
            levels = self.run(values)
        with stage("postprocess"):
            alpha = enlarge(levels[0, 0].cpu().numpy(), photo)
        return Matte(alpha, soft=True)

    def run(self, values: Tensor) -> Tensor:
        """`(1, 3, h, w)`, normalised -> `float32 (1, 1, h, w)` in [0, 1]."""
        with torch.inference_mode():
            return self.activate(self.network(values).float())

    def warm_up(self) -> None:
        """One pass over zeros, on devices that choose their kernels in the first pass."""
        if self.device.kind != "cpu":
            height, width = self.fit(1024, 1024)
            black = torch.zeros(1, 3, height, width, device=self.device.name)
            self.run(black.to(dtype_of(self.device)))


def square(side: int) -> Fit:
    """Always `side` × `side`, whatever the photo's proportions: what most were trained with."""
    return oblong(side, side)


def oblong(shorter: int, longer: int) -> Fit:
    """Always these two sides, the longer one along the photo's longer side."""
    return lambda height, width: (shorter, longer) if width >= height else (longer, shorter)


def ready[Network: nn.Module](network: Network, device: Device) -> Network:
    """The loaded network in the form that runs fastest on `device`, in its number format.

    With CUTOUT_COMPILE=1 torch compiles it as well. That takes minutes for each new size, so it is
    for servers whose networks always see the same size.
    """
    network = optimise(network).to(device.name, dtype_of(device))
    if compiled():
        _compile(network)
    return network


def _compile(network: nn.Module) -> None:
    """Compile it in one piece, with hints for what torch can't follow, or only slowly."""
    torch.compiler.assume_constant_result(chunks)  # type: ignore[no-untyped-call]
    torch.compiler.allow_in_graph(rearrange)  # type: ignore[no-untyped-call]
    network.compile(dynamic=False)
