"""The network that comes with the program, from the first click to the file, on real photos."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect

from photos.samples import SAMPLES, Sample
from tests.e2e.components.driver import Canvas
from tests.mattes import overlap, reference

APP = Path(__file__).parents[2] / "app.py"
PATIENT = 60_000
NAME = "U²-Net-P"

type Open = Callable[..., Page]
type Settle = Callable[[Page], None]


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve(APP)


def upload(page: Page, settle: Settle, sample: Sample) -> None:
    file: Any = {"name": sample.file, "mimeType": "image/png", "buffer": sample.open().data}
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(file)
    expect(page.get_by_role("button", name="Run 2 models")).to_be_visible(timeout=PATIENT)
    settle(page)


def show(page: Page, settle: Settle, kind: str, among: str) -> str:
    """The address of the network's picture of this kind."""
    page.locator(f".st-key-{among}").get_by_text(kind, exact=True).click()
    settle(page)
    picture = page.get_by_role("img", name=f"{kind} by {NAME}", exact=True)
    expect(picture).to_be_visible(timeout=PATIENT)
    return picture.get_attribute("src") or ""


def downloaded(page: Page, mode: str) -> NDArray[np.uint8]:
    with page.expect_download() as saved:
        page.get_by_role("button", name=f"Download {NAME}", exact=True).click()
    with Image.open(io.BytesIO(saved.value.path().read_bytes())) as image:
        assert image.mode == mode
        return np.array(image)


def sharpness(picture: NDArray[Any], where: NDArray[np.bool_]) -> float:
    """The mean step from one pixel to the next."""
    steps = np.abs(np.diff(picture.astype(int), axis=1)).mean(axis=2)
    return float(steps[where[:, 1:] & where[:, :-1]].mean())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.title)
def test_the_first_click_compares_and_the_file_holds_the_subject(
    open_page: Open, settle: Settle, url: str, sample: Sample
) -> None:
    page = open_page(url)
    upload(page, settle, sample)
    page.get_by_role("button", name="Run 2 models").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)
    cards = page.locator(".st-key-cards").get_by_role("img", name="Overlay by")
    assert [card.get_attribute("alt") for card in cards.all()] == [
        f"Overlay by {NAME}",
        "Overlay by GrabCut",
    ]
    expect(page.get_by_text("A first guess")).to_have_count(1)  # GrabCut's
    show(page, settle, "Cutout", "kind")
    cutout, photo, matte = downloaded(page, "RGBA"), sample.open().pixels(), reference(sample)
    assert cutout.shape[:2] == photo.shape[:2]
    assert overlap(cutout[..., 3] / 255, matte) > 0.99
    whole = cutout[..., 3] == 255
    np.testing.assert_array_equal(cutout[whole][:, :3], photo[whole])

    show(page, settle, "Blur", "kind")
    blurred, surely, nowhere = downloaded(page, "RGB"), matte > 0.999, matte < 0.001
    change = np.abs(blurred.astype(int) - photo)
    assert change[surely].mean() < 1
    assert change[nowhere].mean() > 3
    assert sharpness(blurred, nowhere) < 0.7 * sharpness(photo, nowhere)


def test_a_box_and_a_click_change_what_is_downloaded(
    open_page: Open, settle: Settle, url: str
) -> None:
    sample = SAMPLES[0]  # an astronaut, her helmet beside her, a model of a rocket behind
    box, helmet = ((20, 10), (500, 505)), (400, 440)
    page = open_page(url)
    upload(page, settle, sample)
    page.get_by_role("link", name="Prompt").click()
    settle(page)
    canvas = Canvas(page, (512, 512))
    canvas.drag(*box)
    expect(page.get_by_text("1 box", exact=True)).to_be_visible(timeout=PATIENT)
    boxed = show(page, settle, "Cutout", "prompt_view")
    before = downloaded(page, "RGBA")[..., 3] / 255
    canvas.tool("Exclude")
    canvas.click(helmet)
    expect(page.get_by_text("1 exclude", exact=True)).to_be_visible(timeout=PATIENT)
    picture = page.get_by_role("img", name=f"Cutout by {NAME}", exact=True)
    expect(picture).not_to_have_attribute("src", boxed, timeout=PATIENT)
    settle(page)
    after = downloaded(page, "RGBA")[..., 3] / 255

    assert overlap(before, reference(sample)) > 0.9
    assert before[:8].max() == before[:, 504:].max() == 0
    there = np.s_[430:450, 390:410]
    assert before[there].min() > 0.9 > 0.1 > after[there].max()
    face = np.s_[60:160, 190:260]
    np.testing.assert_array_equal(before[face], after[face])

    show(page, settle, "Blur", "prompt_view")
    change = np.abs(downloaded(page, "RGB").astype(int) - sample.open().pixels())
    assert change[face].mean() < 1
    assert change[there].mean() > 3
