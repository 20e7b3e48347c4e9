"""The main job in a real browser: photo in, cards side by side, files out."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Download, Locator, Page, expect

from models.catalog import MODELS
from photos.samples import SAMPLES

APP = Path(__file__).parents[2] / "app.py"
PATIENT = 60_000

type Open = Callable[..., Page]
type Settle = Callable[[Page], None]


@pytest.fixture
def url(serve: Callable[..., str]) -> str:
    return serve(APP)


def upload(page: Page, settle: Settle, *paths: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(list(paths))
    expect(page.get_by_role("button", name="Run 2 models")).to_be_visible(timeout=PATIENT)
    settle(page)


def run(page: Page, settle: Settle) -> None:
    page.get_by_role("button", name=re.compile("^Run ")).first.click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)


def sample(page: Page, settle: Settle, title: str = "Portrait") -> None:
    page.get_by_role("button", name=title, exact=True).click()
    settle(page)


def view(page: Page, settle: Settle, name: str) -> Locator:
    page.get_by_text(name, exact=True).click()
    settle(page)
    return picture(page, f"{name} by U²-Net-P")


def picture(page: Page, name: str) -> Locator:
    image = page.get_by_role("img", name=name)
    expect(image).to_be_visible(timeout=PATIENT)
    page.wait_for_function("e => e.complete && e.naturalWidth > 0", arg=image.element_handle())
    return image


def move_right(slider: Locator, settle: Settle, steps: int) -> None:
    slider.focus()
    for _ in range(steps):
        slider.page.keyboard.press("ArrowRight")
    settle(slider.page)


def opened(download: Download) -> Image.Image:
    return Image.open(io.BytesIO(download.path().read_bytes()))


def test_upload_run_look_and_download(
    open_page: Open, settle: Settle, url: str, large_photo: Path
) -> None:
    page = open_page(url)
    upload(page, settle, large_photo)
    expect(page.get_by_text("4000 × 3000, 12.0 MP")).to_be_visible()
    run(page, settle)
    sizes = "e => [e.naturalWidth, e.naturalHeight]"
    assert picture(page, "Overlay by U²-Net-P").evaluate(sizes) == [1280, 960]
    sources = {view(page, settle, name).get_attribute("src") for name in ("Matte", "Cutout")}
    sources.add(view(page, settle, "Replace").get_attribute("src"))
    blurred = view(page, settle, "Blur").get_attribute("src")
    assert len({*sources, blurred}) == 4

    with page.expect_download() as saved:
        page.locator(".st-key-save_u2netp button:visible").click()
    assert saved.value.suggested_filename == "large_u2netp_blurred.png"
    image = opened(saved.value)
    assert (image.size, image.mode) == ((4000, 3000), "RGB")

    with page.expect_download() as packed:
        page.get_by_role("button", name="All as ZIP").click()
    pack = zipfile.ZipFile(packed.value.path())
    assert set(pack.namelist()) == {
        *(
            f"large/{model}_{kind}"
            for model in ("u2netp", "grabcut")
            for kind in ("matte.png", "cutout.png", "blurred.jpg")
        ),
        "results.json",
    }
    results = json.loads(pack.read("results.json"))["results"]
    assert [result["model"] for result in results] == ["u2netp", "grabcut"]
    assert all(result["subject_found"] for result in results)
    with Image.open(io.BytesIO(pack.read("large/u2netp_cutout.png"))) as cutout:
        assert (cutout.size, cutout.mode) == ((4000, 3000), "RGBA")


def test_the_slider_changes_the_card_without_a_model(
    open_page: Open, settle: Settle, url: str
) -> None:
    page = open_page(url)
    sample(page, settle)
    run(page, settle)
    time = page.locator(".st-key-cards").get_by_text(re.compile(r"\d s$")).first.inner_text()
    before = view(page, settle, "Blur").get_attribute("src")
    slider = page.get_by_role("slider").first
    move_right(slider, settle, 8)
    card = picture(page, "Blur by U²-Net-P")
    expect(card).not_to_have_attribute("src", before or "")
    after = page.locator(".st-key-cards").get_by_text(re.compile(r"\d s$")).first.inner_text()
    assert after == time
    page.get_by_text("Lens", exact=True).click()
    settle(page)
    expect(page.get_by_role("button", name="Run again")).to_be_visible()


def test_edges_are_changed_beside_the_cards_and_stay_changed(
    open_page: Open, settle: Settle, url: str
) -> None:
    page = open_page(url)
    sample(page, settle)
    run(page, settle)
    before = view(page, settle, "Matte").get_attribute("src")
    edges = page.locator(".st-key-panel").get_by_role("radio", name="Edges")
    cards = page.locator(".st-key-cards").bounding_box()
    edges.click()
    slider = page.get_by_role("slider", name="Grow or shrink, pixels")
    move_right(slider, settle, 12)
    matte = picture(page, "Matte by U²-Net-P")
    expect(matte).not_to_have_attribute("src", before or "")
    assert page.locator(".st-key-cards").bounding_box() == cards  # nothing moved
    expect(page.locator(".st-key-edges")).to_be_in_viewport(ratio=1)

    grown = matte.get_attribute("src")
    edges.click()
    expect(slider).to_be_hidden()
    settle(page)
    expect(picture(page, "Matte by U²-Net-P")).to_have_attribute("src", grown or "")
    edges.click()
    expect(slider).to_have_value("12")


def test_three_clicks_from_a_card_to_two_models_at_100_percent(
    open_page: Open, settle: Settle, url: str, large_photo: Path
) -> None:
    page = open_page(url)
    upload(page, settle, large_photo)
    run(page, settle)
    dialog = page.get_by_role("dialog")
    page.evaluate("clicks = 0; addEventListener('click', () => clicks++, true)")

    page.locator(".st-key-zoom_u2netp button:visible").click()
    dialog.get_by_role("button", name="GrabCut on the left").click()
    frame = dialog.locator(".stage").bounding_box()
    assert frame
    page.mouse.click(frame["x"] + 0.43 * frame["width"], frame["y"] + 0.2 * frame["height"])

    expect(dialog.get_by_role("button", name="100%")).to_have_attribute("aria-pressed", "true")
    for side, name in enumerate(("GrabCut", "U²-Net-P")):
        image = dialog.locator("figure img").nth(side)
        expect(image).to_have_js_property("naturalWidth", 4000, timeout=PATIENT)
        expect(image).to_have_attribute("alt", name)
        width = image.evaluate("image => image.getBoundingClientRect().width")
        assert width == pytest.approx(4000, abs=0.1)
    assert page.evaluate("clicks") == 3
    dialog.get_by_role("button", name="Close", exact=True).click()
    expect(dialog).to_be_hidden()


def test_of_a_strip_of_a_photo_cards_show_the_part_with_the_subject_and_the_viewer_all(
    open_page: Open, settle: Settle, url: str, tmp_path: Path
) -> None:
    page = open_page(url)
    person = Image.fromarray(SAMPLES[0].open().pixels()).crop((0, 0, 512, 470)).resize((200, 200))
    for name, size, at in (("tall", (200, 3000), (0, 2300)), ("wide", (3000, 200), (2300, 0))):
        strip = Image.new("RGB", size, (190, 180, 170))
        strip.paste(person, at)
        strip.save(tmp_path / f"{name}.png")
    upload(page, settle, tmp_path / "wide.png", tmp_path / "tall.png")
    page.locator(".st-key-run_all button:visible").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)
    for name in ("Overlay by U²-Net-P", "Original of wide", "Where the models disagree"):
        assert picture(page, name).evaluate("e => e.naturalWidth / e.naturalHeight") == 2
    all_of_it = picture(page, "All of wide.png").bounding_box()
    assert all_of_it
    assert all_of_it["width"] > 14 * all_of_it["height"]
    expect(page.get_by_text("A part of the photo.")).to_have_count(2)
    page.locator(".st-key-zoom_u2netp button:visible").click()
    dialog = page.get_by_role("dialog")
    image = dialog.locator("figure img").nth(1)
    expect(image).to_have_js_property("naturalWidth", 1600)
    frame = dialog.locator(".stage").bounding_box()
    assert frame
    assert frame["width"] > 1000
    assert frame["height"] > 600
    last = dialog.get_by_role("button", name="WebP").bounding_box()
    assert last
    assert last["y"] + last["height"] < 900
    dialog.get_by_role("button", name="100%").click()
    box = image.bounding_box()
    assert box
    middle = frame["x"] + frame["width"] / 2 - box["x"]
    assert 2250 < middle < 2550
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_text("All photos at once").click()
    settle(page)
    cell = page.get_by_role("button", name="tall.png, a part: U²-Net-P").locator("img")
    assert cell.evaluate("e => e.naturalHeight / e.naturalWidth") == 2


def test_the_dialog_saves_what_it_shows_in_three_formats(
    open_page: Open, settle: Settle, url: str
) -> None:
    page = open_page(url)
    sample(page, settle, "Cat")
    run(page, settle)
    page.locator(".st-key-zoom_u2netp button:visible").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".viewer").get_by_role("slider")).to_be_attached(timeout=PATIENT)
    settle(page)
    dialog.get_by_role("button", name="Side by side").click()  # the card's own stays at hand
    expect(dialog.locator("figure:visible")).to_have_count(3)
    settle(page)
    for format_, mode in (("PNG", "RGBA"), ("JPEG", "RGB"), ("WebP", "RGBA")):
        with page.expect_download() as saved:
            dialog.get_by_role("button", name=format_, exact=True).click()
        assert saved.value.suggested_filename.startswith("cat_u2netp_cutout.")
        image = opened(saved.value)
        assert (image.size, image.mode) == ((451, 300), mode)
    page.keyboard.press("+")  # the button that was pressed has the focus; the key is the viewer's
    expect(dialog.get_by_role("button", name="Show the whole photo")).to_be_enabled()
    dialog.get_by_role("button", name="Replace", exact=True).click()
    settle(page)
    with page.expect_download() as saved:
        dialog.get_by_role("button", name="PNG", exact=True).click()
    assert saved.value.suggested_filename == "cat_u2netp_replaced.png"
    assert opened(saved.value).getpixel((448, 3)) == (255, 255, 255)
    settle(page)
    page.keyboard.press("Escape")  # the button that was pressed has lost the focus to nobody
    expect(dialog).to_be_hidden()


def test_a_background_picture_goes_behind(
    open_page: Open, settle: Settle, url: str, tmp_path: Path
) -> None:
    beach = tmp_path / "beach.png"
    Image.new("RGB", (300, 200), (10, 200, 90)).save(beach)
    page = open_page(url)
    sample(page, settle)
    run(page, settle)
    view(page, settle, "Replace")
    page.get_by_text("Picture", exact=True).click()
    settle(page)
    uploader = page.locator(".st-key-backdrop")
    uploader.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(beach)
    expect(uploader.get_by_text("beach.png")).to_be_visible(timeout=PATIENT)
    settle(page)
    with page.expect_download() as saved:
        page.locator(".st-key-save_u2netp button:visible").click()
    assert opened(saved.value).getpixel((3, 3)) == (10, 200, 90)


def test_a_broken_file_is_told_of_and_the_others_are_kept(
    open_page: Open, settle: Settle, url: str, tmp_path: Path
) -> None:
    good, broken = tmp_path / "good.png", tmp_path / "broken.jpg"
    Image.new("RGB", (64, 48), (200, 90, 20)).save(good)
    broken.write_bytes(b"\xff\xd8\xff\xe0 not really")
    page = open_page(url)
    upload(page, settle, good, broken)
    expect(page.get_by_text("“broken.jpg”")).to_be_visible()
    expect(page.get_by_text("64 × 48", exact=True).first).to_be_visible()
    run(page, settle)


def test_two_browsers_never_see_each_others_photos(
    open_page: Open, settle: Settle, url: str, tmp_path: Path
) -> None:
    pages = []
    for name, colour in (("red", (200, 20, 20)), ("blue", (20, 20, 200))):
        path = tmp_path / f"{name}.png"
        Image.new("RGB", (80, 60), colour).save(path)
        page = open_page(url)
        upload(page, settle, path)
        pages.append((page, name))
    for page, _ in pages:
        page.get_by_role("button", name="Run 2 models").click()
    for page, name in pages:
        expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
        settle(page)
        other = {"red": "blue", "blue": "red"}[name]
        expect(page.get_by_text(name, exact=True)).to_be_visible()
        expect(page.get_by_text(other, exact=True)).to_have_count(0)
        with page.expect_download() as saved:
            page.get_by_role("button", name="All as ZIP").click()
        names = zipfile.ZipFile(saved.value.path()).namelist()
        assert {entry.split("/")[0] for entry in names} == {name, "results.json"}


def test_a_server_that_stops_ends_its_jobs_without_a_word(
    open_page: Open,
    settle: Settle,
    short_lived: Callable[[Path], AbstractContextManager[str]],
    large_photo: Path,
) -> None:
    with short_lived(APP) as url:  # its log must show no traceback, and it must end
        page = open_page(url)
        upload(page, settle, large_photo)
        page.get_by_role("button", name="Run 2 models").first.click()
        expect(page.get_by_role("progressbar")).to_contain_text("U²-Net-P", timeout=PATIENT)
        page.context.close()


def test_a_phone_shows_the_same_without_sideways_scrolling(
    open_page: Open, settle: Settle, url: str
) -> None:
    page = open_page(url, mobile=True, dark=True)
    sample(page, settle)
    run(page, settle)
    picture(page, "Overlay by U²-Net-P")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_box_on_the_prompt_page_steers_the_model(
    open_page: Open, settle: Settle, url: str
) -> None:
    page = open_page(url)
    sample(page, settle)
    page.get_by_role("link", name="Prompt").click()
    stage = page.locator(".stage")
    expect(stage).to_be_visible(timeout=PATIENT)
    settle(page)
    frame = stage.bounding_box()
    assert frame
    page.mouse.move(frame["x"] + frame["width"] * 0.1, frame["y"] + frame["height"] * 0.05)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] * 0.9, frame["y"] + frame["height"] * 0.98, steps=5)
    page.mouse.up()
    expect(page.get_by_text("1 box")).to_be_visible(timeout=PATIENT)
    picture(page, "Cutout by U²-Net-P")
    page.get_by_role("link", name="Compare").click()
    settle(page)
    picture(page, "Overlay by U²-Net-P")
    page.get_by_role("button", name="Run 1 model").click()  # the other
    picture(page, "Overlay by GrabCut")
    expect(page.get_by_text("A first guess")).to_have_count(0)


def test_the_models_page_lists_the_catalogue(open_page: Open, settle: Settle, url: str) -> None:
    page = open_page(url)
    page.get_by_role("link", name="Models").click()
    settle(page)
    expect(page.get_by_role("heading", name="Models and licences")).to_be_visible()
    tables = page.get_by_role("table")
    expect(tables).to_have_count(3)
    silueta = tables.first.get_by_role("row", name="Silueta")
    for width in (1440, 720, 390):  # columns, and cards that are a table for assistive technology
        page.set_viewport_size({"width": width, "height": 800})
        expect(silueta.get_by_role("cell", name="unclear (see its page)")).to_be_visible()
        expect(tables.first.get_by_role("rowheader")).to_have_count(len(MODELS))
        cut_off = (
            "e => e.scrollWidth > e.clientWidth || e.getBoundingClientRect().right > innerWidth"
        )
        for cell in silueta.get_by_role("cell").all():
            assert not cell.evaluate(cut_off), width
