"""How the page holds out when several people use it at once, each in a browser of their own.

    python -m benchmarks.people --people 8 --rounds 3

Starts its own server on this machine. Everybody uploads a photo of 12 megapixels with a disc of a
colour of their own, runs the built-in model, and goes through the views while others work. A click
lasts until the page has settled; the browsers take their share of the same processors. "stuck":
pages that did not hear within four minutes that their run had ended. "mixed up": pictures on which
the disc has another person's colour.
"""

import asyncio
import io
import os
import time
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
import typer
from PIL import Image, ImageColor, ImageDraw
from playwright.async_api import Browser, Page, async_playwright
from playwright.async_api import TimeoutError as TookTooLong
from rich.console import Console
from rich.table import Table

from benchmarks.servers import PAGE, served

BROWSER = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
COLOURS = ["#dc2828", "#28c828", "#283cdc", "#dcc828", "#c828c8", "#28c8c8", "#f08214", "#787878"]
VIEWS = ("Matte", "Cutout", "Blur", "Overlay")
PATIENCE = 60_000  # milliseconds
LONGEST_RUN = 240_000  # milliseconds, the others' runs before it among them
LOOK = 50  # milliseconds between two looks at a page: eight that wait look all the time
PAUSE = 150  # milliseconds, in which a click reaches the server
SETTLED = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    return app?.dataset.testConnectionState === 'CONNECTED'
        && app.dataset.testScriptState === 'notRunning';
}"""
PICTURES = "() => [...document.images].map((image) => [image.src, image.naturalWidth])"


@dataclass
class Report:
    """Seconds of each click and of each run, and who waited in vain or saw another's photo."""

    clicks: list[float] = field(default_factory=list)
    runs: list[float] = field(default_factory=list)
    stuck: list[int] = field(default_factory=list)
    mixed_up: list[int] = field(default_factory=list)


def photo(number: int) -> bytes:
    noise = np.random.default_rng(number).normal(235, 6, (3000, 4000, 3))
    image = Image.fromarray(noise.clip(0, 255).astype(np.uint8))
    left = 1000 + 100 * number
    ImageDraw.Draw(image).ellipse((left, 600, left + 1800, 2500), fill=COLOURS[number])
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()


async def settle(page: Page) -> None:
    await page.wait_for_function(SETTLED, timeout=2 * PATIENCE, polling=LOOK)
    await page.wait_for_timeout(PAUSE)
    await page.wait_for_function(SETTLED, timeout=2 * PATIENCE, polling=LOOK)


async def wait_for(page: Page, selector: str, patience: int) -> None:
    """As the library does, which looks with each frame, and has the page draw frames for that."""
    there = f"() => document.querySelector({selector!r})"
    await page.wait_for_function(there, timeout=patience, polling=LOOK)


async def person(browser: Browser, url: str, number: int, rounds: int, report: Report) -> None:
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    await page.goto(url)
    await settle(page)
    file = {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": photo(number)}
    await page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]
    await settle(page)
    for turn in range(rounds):
        start = time.perf_counter()
        try:
            run = page.locator(".st-key-again button" if turn else ".st-key-run button")
            await run.click(timeout=PATIENCE)
            await wait_for(page, ".st-key-cancel", PATIENCE)
            await wait_for(page, ".st-key-again button", LONGEST_RUN)
        except TookTooLong:
            report.stuck.append(number)
            break
        report.runs.append(time.perf_counter() - start)
        await settle(page)
        for view in VIEWS:
            report.clicks.append(await seconds_to(page, view))
        await seconds_to(page, "Cutout")
        if not await own(page, number):
            report.mixed_up.append(number)
    await context.close()


async def seconds_to(page: Page, view: str) -> float:
    start = time.perf_counter()
    await page.locator(".st-key-kind").get_by_text(view, exact=True).click()
    await settle(page)
    return time.perf_counter() - start - PAUSE / 1000


async def own(page: Page, number: int) -> bool:
    """Whether all large pictures on the page show this person's disc, in its own colour."""
    colour = ImageColor.getrgb(COLOURS[number])
    for source, width in await page.evaluate(PICTURES):
        answer = await page.request.get(source) if width >= 600 else None
        if answer is None or not answer.ok:  # a small one, or one that another has replaced
            continue
        shown = np.asarray(Image.open(io.BytesIO(await answer.body())).convert("RGB"), int)
        y, x = shown.shape[0] // 2, round(shown.shape[1] * (1900 + 100 * number) / 4000)
        middle = shown[y - 5 : y + 5, x - 5 : x + 5].mean((0, 1))
        if np.abs(middle - colour).max() > 30:
            return False
    return True


async def crowd(url: str, people: int, rounds: int, report: Report) -> None:
    async with async_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = await playwright.chromium.launch(executable_path=chromium, args=BROWSER)
        visits = (person(browser, url, number, rounds, report) for number in range(people))
        await asyncio.gather(*visits)
        await browser.close()


def main(
    people: Annotated[int, typer.Option(min=1, max=len(COLOURS))] = 8,
    rounds: Annotated[int, typer.Option(min=1)] = 3,
) -> None:
    report = Report()
    with served(PAGE, "/_stcore/health") as (url, _):
        asyncio.run(crowd(url, people, rounds, report))
    table = Table("", "number", "median s", "p95 s", title=f"{people} people, {rounds} rounds")
    for name, seconds in (("clicks", report.clicks), ("runs", report.runs)):
        at = [f"{value:.2f}" for value in np.percentile(seconds, (50, 95))] if seconds else ["", ""]
        table.add_row(name, str(len(seconds)), *at)
    Console(width=100).print(table)
    print(f"stuck: {len(report.stuck)}; mixed up: {len(report.mixed_up)}")
    raise typer.Exit(bool(report.stuck or report.mixed_up))


if __name__ == "__main__":
    typer.run(main)
