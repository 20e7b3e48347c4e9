"""How long one person waits on the page: a click until the picture, a slider until the next one.

    python -m benchmarks.page --megapixels 12 --rounds 5

Starts its own server on this machine; the browser takes its share of the same processors. A wait
lasts until the browser has the whole picture. "first card": of a photo that is new to the page,
from the click on Run with U²-Net-P alone ticked; the very first also loads the model. A slider
moves by one step of an arrow key, and the wait begins with the press.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import typer
from PIL import Image
from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table

from benchmarks.people import BROWSER, SETTLED
from benchmarks.servers import PAGE, served
from photos.samples import SAMPLES

CARD = '.st-key-cards img[alt$="by U²-Net-P"]'
SHOWN = """([selector, before]) => {
    const image = document.querySelector(selector);
    return image && image.src !== before && image.complete && image.naturalWidth > 0;
}"""
METHODS = ("Natural", "Lens", "Portrait")
PATIENCE = 120_000  # milliseconds


def settle(page: Page) -> None:
    page.wait_for_function(SETTLED, timeout=PATIENCE)
    page.wait_for_timeout(300)
    page.wait_for_function(SETTLED, timeout=PATIENCE)


def wait_for_another(page: Page, before: str) -> float:
    """Seconds until the card has another picture than `before`."""
    start = time.perf_counter()
    page.wait_for_function(SHOWN, arg=[CARD, before], timeout=PATIENCE)
    return time.perf_counter() - start


def source(page: Page) -> str:
    return str(page.locator(CARD).first.evaluate("image => image.src"))


def first_cards(page: Page, photos: Iterator[Path], rounds: int) -> Iterator[float]:
    for number in range(rounds):
        if number:
            page.get_by_role("button", name="Start over").click()
            settle(page)
        page.locator("input[type=file]").first.set_input_files(next(photos))
        page.locator(".st-key-run button").wait_for(timeout=PATIENCE)
        settle(page)
        page.wait_for_timeout(1500)  # in which a person looks at the photo
        page.locator(".st-key-run button").click()
        yield wait_for_another(page, "")
        page.locator(".st-key-again button").wait_for(timeout=PATIENCE)
        settle(page)


def views(page: Page, rounds: int) -> Iterator[float]:
    for _ in range(rounds):
        for view in ("Matte", "Cutout", "Overlay"):
            before = source(page)
            page.locator(".st-key-kind").get_by_text(view, exact=True).click()
            yield wait_for_another(page, before)
            settle(page)


def slides(page: Page, name: str, rounds: int) -> Iterator[float]:
    slider = page.get_by_role("slider", name=name, exact=True).first
    for number in range(3 * rounds):
        before = source(page)
        slider.focus()
        page.keyboard.press("ArrowLeft" if number % 3 == 2 else "ArrowRight")
        yield wait_for_another(page, before)
        settle(page)


def enlarged(folder: Path, megapixels: float, rounds: int) -> Iterator[Path]:
    """Photos of that size, no two alike: the sample portrait with some noise."""
    portrait = Image.fromarray(SAMPLES[0].open().pixels()).crop((0, 0, 512, 384))
    width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    pixels = np.asarray(portrait.resize((width, width * 3 // 4)), np.int16)
    for number in range(rounds):
        noise = np.random.default_rng(number).integers(-3, 4, pixels.shape, np.int16)
        path = folder / f"{number}.jpg"
        Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8)).save(path, quality=90)
        yield path


def main(
    megapixels: Annotated[float, typer.Option(min=0.1)] = 12,
    rounds: Annotated[int, typer.Option(min=2)] = 5,
) -> None:
    table = Table("", "number", "median s", "worst s", title=f"{megapixels:g} megapixels")

    def row(name: str, seconds: list[float]) -> None:
        table.add_row(name, str(len(seconds)), f"{np.median(seconds):.2f}", f"{max(seconds):.2f}")

    with (
        TemporaryDirectory() as folder,
        served(PAGE, "/readyz") as (url, _),
        sync_playwright() as playwright,
    ):
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        settle(page)
        page.get_by_test_id("stSidebar").get_by_text("GrabCut", exact=True).click()
        settle(page)
        photos = enlarged(Path(folder), megapixels, rounds)
        first, *later = first_cards(page, photos, rounds)
        row("first card, model not loaded", [first])
        row("first card", later)
        row("another view", list(views(page, rounds)))
        page.locator(".st-key-kind").get_by_text("Blur", exact=True).click()
        settle(page)
        for method in METHODS:
            page.locator(".st-key-blur_method").get_by_text(method, exact=True).click()
            settle(page)
            row(f"blur strength, {method}", list(slides(page, "Blur strength", rounds)))
        browser.close()
    Console(width=100).print(table)


if __name__ == "__main__":
    typer.run(main)
