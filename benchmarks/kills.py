"""A batch that is killed again and again, beside one that nobody disturbs; and its memory.

    python -m benchmarks.kills                    # 1,000 photos, three kills
    python -m benchmarks.kills --photos 200 --seed 3

Photos are small and made here; the model answers at once, so that what is measured is the batch.
The run is killed, as by a power cut, after a number of results that chance chooses. Afterwards each
result has to be there once, with the bytes of the undisturbed run. Memory is the most that the
undisturbed run holds when 250, 500 and 1,000 photos are done: flat, if nothing piles up.
"""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import psutil
import typer
from PIL import Image
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
CLI = ROOT / "tests" / "batch_cli.py"
"""The command line with a model that answers at once."""
KILLS = 3


def photos(folder: Path, count: int) -> None:
    """Noise of 40 × 30 pixels, no two alike, in ten folders."""
    chance = np.random.default_rng(1)
    for number in range(count):
        path = folder / str(number % 10) / f"p{number:05}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(chance.integers(0, 256, (30, 40, 3), np.uint8)).save(path)


def begun(source: Path, out: Path, *words: str) -> subprocess.Popen[bytes]:
    line = [sys.executable, str(CLI), "batch", str(source), str(out), "--models", "halves", "-q"]
    return subprocess.Popen([*line, *words], cwd=ROOT)


def written(out: Path) -> dict[Path, int]:
    """When each result was, in nanoseconds."""
    return {path: (out / path).stat().st_mtime_ns for path in results(out)}


def results(out: Path) -> set[Path]:
    return {path.relative_to(out) for path in out.rglob("*.png")}


def followed(process: subprocess.Popen[bytes], out: Path, marks: Sequence[int]) -> list[int]:
    """Wait for its end. Returns the most bytes that it held at each count of results."""
    held, peaks = 0, list[int]()
    told = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            held = max(held, told.memory_info().rss)
        except psutil.Error:
            break
        if len(peaks) < len(marks) and len(results(out)) >= marks[len(peaks)]:
            peaks.append(held)
        time.sleep(0.05)
    process.wait()
    return [*peaks, *[held] * (len(marks) - len(peaks))]


def killed(source: Path, out: Path, after: int) -> int:
    """Begin a run, and kill it once there are so many results. Returns how many there are."""
    process = begun(source, out)
    while process.poll() is None and len(results(out)) < after:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return len(results(out))


def main(
    photos_: Annotated[int, typer.Option("--photos", min=20)] = 1000,
    seed: Annotated[int, typer.Option(help="Of the moments.")] = 0,
) -> None:
    chance, console = random.Random(seed), Console()
    marks = [photos_ // 4, photos_ // 2, photos_]
    with TemporaryDirectory() as folder:
        source, calm, rough = (Path(folder, name) for name in ("in", "calm", "rough"))
        photos(source, photos_)
        start = time.perf_counter()
        peaks = followed(begun(source, calm), calm, marks)
        seconds = time.perf_counter() - start
        table = Table("photos done", "most memory, MB", title=f"undisturbed: {seconds:.0f} s")
        for mark, peak in zip(marks, peaks, strict=True):
            table.add_row(str(mark), f"{peak / 1e6:.0f}")
        console.print(table)
        moments = sorted(chance.sample(range(1, photos_), KILLS))
        stood = [killed(source, rough, moment) for moment in moments]
        console.print(f"killed with {', '.join(map(str, stood))} results there")
        before = written(rough)
        # A photo that two kills met counts as what ended the process, and would be a failure.
        followed(begun(source, rough, "--retry-failed"), rough, [])
        after, expected = written(rough), results(calm)
        again = sum(after[path] != then for path, then in before.items())
        made = set(after)
        same = sum(
            (calm / path).read_bytes() == (rough / path).read_bytes() for path in expected & made
        )
        left = sum(1 for path in rough.rglob("*") if path.name.endswith(".part"))
        console.print(
            f"{len(made)} results of {photos_}, {same} with the undisturbed bytes, "
            f"{again} of the last run's made anew, {left} parts left"
        )
        if made != expected or same != photos_ or left:
            raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
