"""How many photos a minute the server does for programs, and what people at its page feel of it.

    python -m benchmarks.serving                     # 1, 4, 16 and 64 clients, ten seconds each
    python -m benchmarks.serving --memory 1000       # and memory over a thousand requests
    python -m benchmarks.serving --rembg             # side by side with `rembg s`, by the same file

Starts its own server on this machine. Clients post one photo of two megapixels, a sample enlarged
with noise of its own, again and again; U²-Net-P cuts it out. A client that is told to wait (429)
tries again after a second. Meanwhile a person in a browser goes through the views of a finished
run. CPU seconds are the server's, its children's among them: on a shared machine they tell more
than the clock. rembg runs in an environment of its own, which uv makes; U2NET_HOME names a folder
with our file of U²-Net-P, so that nothing is downloaded.
"""

import asyncio
import io
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx2 as httpx
import numpy as np
import psutil
import typer
from PIL import Image
from playwright.async_api import Page, async_playwright
from rich.console import Console
from rich.table import Table

from benchmarks.people import BROWSER, VIEWS, seconds_to, settle
from benchmarks.servers import PAGE, PORT, cpu, memory_of, served
from models.catalog import U2NETP
from models.hub import packaged
from photos.samples import SAMPLES

MEGAPIXELS = 2.0
JPEG = "/api/v1/replace?model=u2netp&background=%23ffffff&format=jpeg"
AS_REMBG = "/api/remove"
PATIENCE = 300.0
PARTS = (0.1, 0.25, 0.5, 1.0)
LOST = 0
"""Stands for the status of what was never answered."""
REMBG = (
    "uv", "run", "--isolated", "--no-project", "--with", "rembg[cpu,cli]",
    "rembg", "s", "--no-ui", "--host", "localhost", "--port", PORT,
)  # fmt: skip


@dataclass
class Load:
    """Seconds of each answer by its status, of clicks, and what the server spent meanwhile."""

    seconds: dict[int, list[float]] = field(default_factory=dict)
    clicks: list[float] = field(default_factory=list)
    wall: float = 0.0
    cpu: float = 0.0
    peak: int = 0

    @property
    def done(self) -> int:
        return len(self.seconds.get(200, []))

    @property
    def rate(self) -> float:
        return self.done / self.wall


def photo() -> bytes:
    """A JPEG of a photo, not of a smooth enlargement, which would be quick to read and write."""
    sample = Image.fromarray(SAMPLES[0].open().pixels())
    scale = (MEGAPIXELS * 1e6 / (sample.width * sample.height)) ** 0.5
    size = round(sample.width * scale), round(sample.height * scale)
    pixels = np.asarray(sample.resize(size, Image.Resampling.LANCZOS), np.float32)
    noise = np.random.default_rng(0).normal(0, 4, pixels.shape)
    file = io.BytesIO()
    Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8)).save(file, "JPEG", quality=90)
    return file.getvalue()


def ours() -> AbstractContextManager[tuple[str, psutil.Process]]:
    return served(PAGE, "/readyz", CUTOUT_PRELOAD=U2NETP.name, CUTOUT_OPEN="1")


async def post(
    address: str, process: psutil.Process, clients: int, enough: Callable[[Load], bool],
    words: dict[str, str] | None = None, page: Page | None = None,
) -> Load:  # fmt: skip
    """What comes of that many clients, until there is enough. words: a form's, for rembg's
    address; else the photo is the body. page: the person's."""
    load, data, start, spent = Load(), photo(), time.perf_counter(), cpu(process)
    limits = httpx.Limits(max_connections=clients)

    def over() -> bool:
        load.wall = time.perf_counter() - start
        return enough(load)

    async def client(connection: httpx.AsyncClient) -> None:
        while not over():
            begun = time.perf_counter()
            if words is None:
                sent: dict[str, Any] = {"content": data, "headers": {"Content-Type": "image/jpeg"}}
            else:
                sent = {"data": words, "files": {"file": ("photo.jpg", data, "image/jpeg")}}
            try:
                status = (await connection.post(address, **sent)).status_code
            except httpx.TransportError:
                status = LOST
            load.seconds.setdefault(status, []).append(time.perf_counter() - begun)
            if status != 200:
                await asyncio.sleep(1)

    async def watch() -> None:
        while not over():
            load.peak = max(load.peak, memory_of(process))
            await asyncio.sleep(0.2)

    async def click() -> None:
        turn = 0
        while page and not over():
            load.clicks.append(await seconds_to(page, VIEWS[turn % len(VIEWS)]))
            turn += 1
            await asyncio.sleep(0.5)

    async with httpx.AsyncClient(timeout=PATIENCE, limits=limits) as connection:
        await asyncio.gather(watch(), click(), *(client(connection) for _ in range(clients)))
    load.wall, load.cpu = time.perf_counter() - start, cpu(process) - spent
    return load


async def under_load(
    address: str, process: psutil.Process, clients: list[int], seconds: float
) -> list[Load]:
    async with async_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = await playwright.chromium.launch(executable_path=chromium, args=BROWSER)
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await page.goto(address)
        await settle(page)
        file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        await page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]
        await settle(page)
        await page.locator(".st-key-run button").click()
        await page.locator(".st-key-again button").wait_for(timeout=PATIENCE * 1000)
        await settle(page)
        await post(address + JPEG, process, 1, lambda load: load.wall > 2)  # warm
        loads = [
            await post(address + JPEG, process, number, lambda load: load.wall > seconds, page=page)
            for number in (0, *clients)
        ]
        await browser.close()
    return loads


def told(seconds: list[float], unit: float = 1.0) -> str:
    """p50 and p95."""
    if not seconds:
        return "–"
    return ", ".join(f"{value * unit:.2f}" for value in np.percentile(seconds, (50, 95)))


def table_of(clients: list[int], loads: list[Load]) -> Table:
    table = Table(
        "clients", "requests/s", "p50, p95 s", "CPU s each", "peak MB", "429", "429 p50, p95 ms",
        "lost", "click p50, p95 s",
    )  # fmt: skip
    for number, load in zip((0, *clients), loads, strict=True):
        lost = sum(len(each) for status, each in load.seconds.items() if status not in (200, 429))
        refused = load.seconds.get(429, [])
        table.add_row(
            str(number), f"{load.rate:.2f}", told(load.seconds.get(200, [])),
            f"{load.cpu / max(1, load.done):.3f}", f"{load.peak / 1e6:.0f}", str(len(refused)),
            told(refused, 1000), str(lost), told(load.clicks),
        )  # fmt: skip
    return table


def flat(address: str, process: psutil.Process, requests: int) -> Table:
    """Memory after a tenth, a quarter, half and all of the requests; growth is since the tenth."""
    table, done, first = Table("requests", "MB", "growth"), 0, 0

    def some(number: int) -> int:
        asyncio.run(post(address + JPEG, process, 4, lambda load: load.done >= number))
        return memory_of(process)

    for part in PARTS:
        wanted = round(part * requests) - done
        done, now = done + wanted, some(wanted)
        first = first or now
        table.add_row(str(done), f"{now / 1e6:.0f}", f"{now / first - 1:+.1%}")
    return table


def side_by_side(seconds: float) -> Table:
    """Both by rembg's address, a plain cutout and one whose edges are mended, as PNG. Ours are
    always un-mixed, so both of its columns are one figure."""
    table = Table("", "plain: requests/s", "CPU s each", "mended: requests/s", "CPU s each")
    with tempfile.TemporaryDirectory() as home:
        shutil.copy(packaged.file_of(U2NETP), Path(home) / "u2netp.onnx")
        theirs = served(
            [*REMBG, "--no-ui", "-h", "127.0.0.1", "-p", "PORT"], "/api", U2NET_HOME=home
        )
        for name, context in (("this server", ours()), ("rembg s", theirs)):
            row = []
            with context as (address, process):
                for words in ({"model": "u2netp"}, {"model": "u2netp", "a": "true"}):
                    if name == "this server":
                        words.pop("a", None)
                    to = address + AS_REMBG
                    asyncio.run(post(to, process, 1, lambda load: load.done >= 1, words))  # warm
                    enough: Callable[[Load], bool] = lambda load: load.wall > seconds  # noqa: E731
                    load = asyncio.run(post(to, process, 4, enough, words))
                    row += [f"{load.rate:.2f}", f"{load.cpu / max(1, load.done):.3f}"]
            table.add_row(name, *row)
    return table


def main(
    clients: Annotated[str, typer.Option(help="How many at once, with commas.")] = "1,4,16,64",
    seconds: Annotated[float, typer.Option(min=1, max=120)] = 10.0,
    memory: Annotated[int, typer.Option(min=0, max=5000, help="Requests.")] = 0,
    rembg: Annotated[bool, typer.Option("--rembg", help="Compare with `rembg s`.")] = False,
) -> None:
    console, numbers = Console(width=140), [int(each) for each in clients.split(",") if each]
    with ours() as (address, process):
        if numbers:
            loads = asyncio.run(under_load(address, process, numbers, seconds))
            console.print(table_of(numbers, loads))
        if memory:
            console.print(flat(address, process, memory))
    if rembg:
        console.print(side_by_side(seconds))


if __name__ == "__main__":
    typer.run(main)
