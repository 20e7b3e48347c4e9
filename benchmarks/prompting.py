"""What a second prompt costs, compared with the first, for which the photo is encoded.

    python -m benchmarks.prompting --megapixels 12 --rounds 3

Networks have full size and random weights: they take as long as the published ones. All run in one
process, in turns, so that a busy machine slows all alike. Times are medians. "kept" is the memory
of an encoded photo. MobileSAM takes part if its optional package is installed.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import Annotated, Any

import numpy as np
import torch
import typer
from rich.console import Console
from rich.table import Table
from transformers import Sam2Config, Sam2Model, SamConfig, SamModel

from compositing.arrays import Photo
from models.catalog import find
from models.families.common.tensors import dtype_of
from models.families.sam.mobile import MobileSam, build
from models.families.sam.segmenter import Sam
from models.interface import Box, Encoded, Point, Prompt
from models.running.devices import Device, PeakMemory, resolve
from models.running.extra import installed

NETWORKS: dict[str, Callable[[], Any]] = {
    # With its own initial weights numbers become subnormal, and a CPU is very slow at those.
    "sam-vit-base": lambda: SamModel(SamConfig(vision_config={"initializer_range": 0.02})),
    "sam2.1-tiny": lambda: Sam2Model(Sam2Config()),
    "mobile-sam": lambda: MobileSam(build(), find("mobile-sam").options["side"]),
}
COLUMNS = ("model", "M weights", "first s", "next s", "× faster", "box s", "kept MB", "extra MB")


def seconds(work: Callable[[], Any], device: Device) -> tuple[float, Any]:
    device.synchronise()
    start = time.perf_counter()
    result = work()
    device.synchronise()
    return time.perf_counter() - start, result


class Course:
    """One network's times, one value a round: for the first prompt, for the next one, and for each
    further box in a prompt of five."""

    def __init__(self, network: Any, device: Device) -> None:
        self.weights = sum(each.numel() for each in network.parameters())
        self.sam = Sam("It", network.eval().to(device.name, dtype_of(device)))
        self.device = device
        self.first: list[float] = []
        self.next: list[float] = []
        self.box: list[float] = []
        self.kept = self.extra = 0

    def round(self, photo: Photo) -> None:
        height, width = photo.shape[:2]
        box = Box(width * 0.2, height * 0.2, width * 0.7, height * 0.9)
        refined = Prompt((box,), (Point(width * 0.4, height * 0.5),))
        with PeakMemory(self.device) as peak:
            encoding, encoded = seconds(lambda: self.sam.encode(photo), self.device)
            decoding = self._decode(encoded, Prompt((box,)))
        self.first.append(encoding + decoding)
        self.next.append(self._decode(encoded, refined))
        self.box.append((self._decode(encoded, Prompt((box,) * 5)) - decoding) / 4)
        self.kept, self.extra = encoded.nbytes, max(self.extra, peak.bytes)

    def row(self, name: str) -> tuple[str, ...]:
        first, following = median(self.first), median(self.next)
        return (
            name,
            f"{self.weights / 1e6:.1f}",
            f"{first:.2f}",
            f"{following:.3f}",
            f"{first / following:.0f}",
            f"{median(self.box):.3f}",
            f"{self.kept / 1e6:.1f}",
            f"{self.extra / 1e6:.0f}",
        )

    def _decode(self, encoded: Encoded, prompt: Prompt) -> float:
        return seconds(lambda: self.sam.decode(encoded, prompt), self.device)[0]


def main(
    megapixels: Annotated[float, typer.Option(help="of the photo, 4:3")] = 12,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
    device: Annotated[str, typer.Option(help="auto, cuda, mps or cpu")] = "cpu",
) -> None:
    torch.manual_seed(0)
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    size = height, height * 4 // 3, 3
    photo = np.random.default_rng(0).integers(0, 256, size, dtype=np.uint8)
    courses = {
        name: Course(network(), resolve(device))
        for name, network in NETWORKS.items()
        if installed(find(name))
    }
    for _ in range(rounds):
        for course in courses.values():
            course.round(photo)
    table = Table(*COLUMNS, title=f"{megapixels:g} megapixels, {device}")
    for name, course in courses.items():
        table.add_row(*course.row(name))
    Console(width=100).print(table)


if __name__ == "__main__":
    typer.run(main)
