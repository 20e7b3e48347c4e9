"""Time and memory of the matting networks: written the usual way, then step by step our way.

    python -m benchmarks.networks --network birefnet --size 1024 --rounds 3

Weights are random, of full size; every step has the same ones. All steps run in one process, in
turns, so that a busy machine slows them alike; CPU seconds are those of all cores together. Memory
is the peak above the weights (on a CPU: of the process, Linux only). The difference is that of the
matte to the first step's, in levels of 255.

TFLOP/s are those of the work that ours has, whatever else a step does; "of limit" is their part of
what the device reaches with a product of large matrices in the step's number format, in this very
process.
"""

import copy
import ctypes
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Annotated, Literal

import torch
import typer
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn

from benchmarks import eager
from benchmarks.work import limit, work
from models.networks.ben2 import BEN2
from models.networks.birefnet import BiRefNet
from models.networks.optimise import optimise
from models.running.devices import Device

type Name = Literal["birefnet", "birefnet-lite", "ben2"]
type Half = Literal["bfloat16", "float16"]

BUILD: dict[Name, Callable[[], BiRefNet | BEN2]] = {
    "birefnet": lambda: BiRefNet("swin_l"),
    "birefnet-lite": lambda: BiRefNet("swin_t"),
    "ben2": BEN2,
}
WINDOWS = ("windows attended a few at a time", (eager.Block,))
BIREFNET = (
    ("deformable convolutions gathered", (eager.Deformable,)),
    WINDOWS,
    ("nothing concatenated", (eager.Aspp, eager.DecoderBlock, eager.Lateral)),
    ("one channel enlarged, channels last", (eager.Decoder, eager.Swin)),
)
BEN = (
    ("views attend without their scores in memory", (eager.Attention,)),
    WINDOWS,
    ("norms in place, channels last", (eager.NormGelu, eager.Swin)),
    ("enlarged within the convolution, shallow branch reduced", (eager.Enlarging, eager.BEN2)),
)
COLUMNS = (
    "step", "s", "× faster", "CPU s", "× less", "extra MB", "part", "mean diff.", "largest",
    "TFLOP/s", "of limit",
)  # fmt: skip


@dataclass
class Step:
    """A network in one of its forms. plain: its modules that run the usual way."""

    name: str
    network: nn.Module
    plain: tuple[type[nn.Module], ...] = ()
    dtype: torch.dtype = torch.float32
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: float = math.nan
    matte: Tensor = field(default_factory=lambda: torch.empty(0))

    def run(self, image: Tensor, device: Device) -> None:
        eager.write_plainly(self.network, *self.plain)
        image = image.to(self.dtype)
        peak = Peak(device)
        device.synchronise()
        wall, cpu = time.perf_counter(), time.process_time()
        result = self.network(image)
        device.synchronise()
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.process_time() - cpu)
        self.memory = peak.megabytes()
        self.matte = (result if isinstance(self.network, BEN2) else result.sigmoid()).cpu()


class Peak:
    """How far memory in use has risen, at its peak, since this was made."""

    status = Path("/proc/self/status")

    def __init__(self, device: Device) -> None:
        self.on_card = device.kind == "cuda"
        if self.on_card:
            torch.cuda.reset_peak_memory_stats()
            self.before = torch.cuda.memory_allocated() / 2**20
        elif self.status.exists():
            ctypes.CDLL(None).malloc_trim(0)
            Path("/proc/self/clear_refs").write_text("5")
            self.before = self._of_process("VmRSS")

    def megabytes(self) -> float:
        if self.on_card:
            return torch.cuda.max_memory_allocated() / 2**20 - self.before
        return self._of_process("VmHWM") - self.before if self.status.exists() else math.nan

    def _of_process(self, name: str) -> float:
        return int(self.status.read_text().split(f"{name}:")[1].split()[0]) / 1024


def steps(network: Name, device: Device, half: Half | None) -> list[Step]:
    plain = BUILD[network]().eval().requires_grad_(False).to(device.name)
    best = optimise(copy.deepcopy(plain))
    left = dict(BEN if network == "ben2" else BIREFNET)
    found = [Step("as usually written", plain, sum(left.values(), ()))]
    for name in list(left):
        del left[name]
        found.append(Step(name, plain, sum(left.values(), ())))
    found.append(Step("optimised after loading: ours", best))
    if half:
        dtype: torch.dtype = getattr(torch, half)
        found.append(Step(f"ours in {half}", copy.deepcopy(best).to(dtype), dtype=dtype))
    return found


def main(
    network: Name = "birefnet",
    size: Annotated[int, typer.Option(help="Side of the image.")] = 1024,
    rounds: Annotated[int, typer.Option(help="Runs of each step, after one to warm up.")] = 3,
    device: Annotated[str, typer.Option(help="cpu, cuda or mps.")] = "cpu",
    half: Annotated[Half | None, typer.Option(help="Also run ours in this format.")] = None,
    ends: Annotated[bool, typer.Option(help="Only the usual way and ours.")] = False,
) -> None:
    torch.manual_seed(0)
    where = Device(device)
    found = steps(network, where, half)
    if ends:
        found = [step for step in found if step.name.startswith(("as usually", "opt", "ours"))]
    image = torch.randn(1, 3, size, size).to(device)
    for step in found:
        step.run(image[..., :256, :256], where)
        step.wall.clear()
        step.cpu.clear()
    limits = dict.fromkeys((step.dtype for step in found), 0.0)
    for _ in range(rounds):
        for step in found:
            step.run(image, where)
        for dtype, most in limits.items():
            limits[dtype] = max(most, limit(where, dtype) / 1e12)
    flops = work(BUILD[network], size) / 1e12
    title = f"{network}, {size} × {size}, {device}, {torch.get_num_threads()} threads"
    title += f", {flops:.2f} TFLOP: medians of {rounds} rounds"
    Console(width=140).print(table(title, found, flops, limits))


def table(title: str, found: list[Step], flops: float, limits: dict[torch.dtype, float]) -> Table:
    """flops: in all, in units of 10¹². limits: of the device, by format, in as many a second."""
    reached = ", ".join(f"{most:.3g} TFLOP/s in {dtype}" for dtype, most in limits.items())
    result = Table(title=title, caption=f"The device's limit: {reached}")
    for column in COLUMNS:
        result.add_column(column, justify="left" if column == "step" else "right")
    first = found[0]
    for step in found:
        wall, cpu = median(step.wall), median(step.cpu)
        difference = (step.matte - first.matte).abs() * 255
        result.add_row(
            step.name, f"{wall:.2f}", f"{median(first.wall) / wall:.2f}",
            f"{cpu:.1f}", f"{median(first.cpu) / cpu:.2f}",
            f"{step.memory:.0f}", f"{step.memory / first.memory:.2f}",
            f"{difference.mean():.1g}", f"{difference.max():.1g}",
            f"{flops / wall:.3g}", f"{flops / wall / limits[step.dtype]:.0%}",
        )  # fmt: skip
    return result


if __name__ == "__main__":
    typer.run(main)
