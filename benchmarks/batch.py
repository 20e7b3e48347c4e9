"""How fast a folder of photos is done, from start to end, beside rembg's own folder work.

    python -m benchmarks.batch                    # 24 photos of 12 megapixels
    python -m benchmarks.batch --photos 1000 --ours-only

Photos are scenes with a camera's noise, as JPEGs; the network is U²-Net-P on both sides. Whole
processes are measured: seconds on the clock, seconds of the processor, and the most memory, which
stays flat if it's the same for twice as many photos. Seconds on the clock mean something on a quiet
machine alone. rembg runs in an environment of its own, since its package and ours share a module's
name; it's given the file of weights, and brings its own programs from the package index.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import cv2
import numpy as np
import psutil
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from models.catalog import U2NETP
from models.hub import packaged
from photos.samples import SAMPLES

WIDTH, HEIGHT = 4000, 3000
NOISE = 3.0
"""Standard deviation of a camera's noise, in levels: of two neighbours it is partly the same."""
ROOT = Path(__file__).parents[1]
REMBG = ("uv", "run", "--isolated", "--no-project", "--with", "rembg[cpu,cli]", "rembg", "p")


@dataclass(frozen=True)
class Run:
    """One process and its children. seconds: on the clock; processor: in all threads; peak: bytes
    of resident memory."""

    name: str
    photos: int
    seconds: float
    processor: float
    peak: int

    def row(self) -> tuple[str, ...]:
        rate, each = self.photos / self.seconds, self.processor / self.photos
        return (
            self.name, str(self.photos), f"{self.seconds:.1f}", f"{rate:.2f}", f"{each:.2f}",
            f"{self.peak / 1e9:.2f} GB",
        )  # fmt: skip


def scene(number: int) -> NDArray[np.uint8]:
    """`uint8 (3000, 4000, 3)`, BGR: an enlarged sample photo with noise, no two alike."""
    chance = np.random.default_rng(number)
    small = SAMPLES[number % len(SAMPLES)].open().pixels()[..., ::-1]
    small = np.roll(small, int(chance.integers(-40, 40)), axis=1)
    large = cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    noise = chance.normal(0, NOISE * 1.6, large.shape).astype(np.float32)
    noise = cv2.GaussianBlur(noise, (0, 0), 0.6)  # demosaicing spreads it
    result: NDArray[np.uint8] = np.clip(large + noise, 0, 255).astype(np.uint8)
    return result


def measured(name: str, photos: int, line: Sequence[str], **environment: str) -> Run:
    """Run a command to its end. Raises CalledProcessError."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(
        line, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | environment
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        time.sleep(0.1)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, line)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Run(name, photos, time.perf_counter() - start, processor, peak)


def _resident(pid: int) -> int:
    try:
        process = psutil.Process(pid)
        return sum(each.memory_info().rss for each in (process, *process.children(recursive=True)))
    except psutil.Error:
        return 0


def ours(folder: Path, out: Path, photos: int, make: str) -> Run:
    line = [sys.executable, "cli.py", "batch", str(folder), str(out), "--make", make, "--quiet"]
    shutil.rmtree(out, ignore_errors=True)
    return measured(f"batch, {make}", photos, line)


def rembg(folder: Path, out: Path, photos: int) -> Run:
    """Its cutouts as PNGs, one photo after another, as its command works through a folder."""
    shutil.rmtree(out, ignore_errors=True)
    home = folder.parent / "u2net"
    home.mkdir(exist_ok=True)
    shutil.copy(packaged.file_of(U2NETP), home / "u2netp.onnx")
    words = ["-m", "u2netp", str(folder), str(out)]
    return measured("rembg, cutout", photos, [*REMBG, *words], U2NET_HOME=str(home))


def main(
    photos: Annotated[int, typer.Option(min=2, help="how many, of 12 megapixels")] = 24,
    ours_only: Annotated[bool, typer.Option("--ours-only", help="without rembg")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
) -> None:
    runs = []
    with TemporaryDirectory() as place:
        folder, half, out = Path(place, "in"), Path(place, "half"), Path(place, "out")
        folder.mkdir()
        half.mkdir()
        for number in range(photos):
            cv2.imwrite(
                str(folder / f"{number:04}.jpg"), scene(number), [cv2.IMWRITE_JPEG_QUALITY, 92]
            )
            if number < photos // 2:
                shutil.copy(folder / f"{number:04}.jpg", half)
        ours(half, out, photos // 2, "matte")  # loops are compiled, and files in memory
        for make in ("blur", "cutout"):
            runs += [ours(half, out, photos // 2, make), ours(folder, out, photos, make)]
        if not ours_only:
            rembg(half, out, photos // 2)
            runs.append(rembg(folder, out, photos))
    if as_json:
        print(json.dumps([vars(run) for run in runs], indent=2))
        return
    table = Table("", "photos", "seconds", "photos/s", "processor s/photo", "peak")
    for run in runs:
        table.add_row(*run.row())
    Console(width=100).print(table)


if __name__ == "__main__":
    typer.run(main)
