"""Models with small random weights, next to the built-in one, in a real browser."""

import json
import re
import zipfile
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.e2e.components.driver import choose_model

PATIENT = 240_000

type Open = Callable[..., Page]
type Settle = Callable[[Page], None]


def begin(page: Page, settle: Settle, *labels: str) -> None:
    """The sample portrait, and the models called `labels` ticked, no others."""
    page.get_by_role("button", name="Portrait", exact=True).click()
    settle(page)
    tick(page, settle, *labels)


def tick(page: Page, settle: Settle, *labels: str) -> None:
    page.locator(".st-key-preset").get_by_text("None", exact=True).click()
    settle(page)
    for label in labels:
        page.get_by_test_id("stSidebar").get_by_text(label, exact=True).click()
        settle(page)


def picture(page: Page, name: str) -> Locator:
    image = page.get_by_role("img", name=name, exact=True)
    expect(image).to_be_visible(timeout=PATIENT)
    return image


def go_to_prompt(page: Page, settle: Settle, model: str) -> Locator:
    page.get_by_role("link", name="Prompt").click()
    settle(page)
    choose_model(page, model)
    settle(page)
    stage = page.locator(".stage")
    expect(stage).to_be_visible(timeout=PATIENT)
    return stage


def draw_box(page: Page, stage: Locator) -> None:
    frame = stage.bounding_box()
    assert frame
    page.mouse.move(frame["x"] + frame["width"] * 0.1, frame["y"] + frame["height"] * 0.1)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] * 0.8, frame["y"] + frame["height"] * 0.9, steps=5)
    page.mouse.up()
    expect(page.get_by_text("1 box", exact=True)).to_be_visible(timeout=PATIENT)


def test_matting_networks_run_beside_the_built_in_model(
    open_page: Open, settle: Settle, tiny_url: str
) -> None:
    page = open_page(tiny_url)
    begin(page, settle, "GrabCut", "BiRefNet lite", "RMBG 2.0", "BEN2")
    page.get_by_role("button", name="Run 4 models").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)
    for label in ("GrabCut", "BiRefNet lite", "RMBG 2.0", "BEN2"):
        picture(page, f"Overlay by {label}")
    expect(page.get_by_text("non-commercial").first).to_be_visible()
    told = "e => `${e.className}${e.textContent.slice(0, 40)} ${e.scrollWidth} ${e.clientWidth}`"
    cut_off = "e => e.scrollWidth > e.clientWidth || e.getBoundingClientRect().right > innerWidth"
    parts = page.locator(".timings, .timings :is(th, td)").all()
    assert [part.evaluate(told) for part in parts if part.evaluate(cut_off)] == []
    page.set_viewport_size({"width": 390, "height": 844})
    parts = page.locator(".timings, .timings tbody :is(th, td)").all()
    assert [part.evaluate(told) for part in parts if part.evaluate(cut_off)] == []
    page.set_viewport_size({"width": 1440, "height": 900})
    settle(page)
    whole = picture(page, "Where the models disagree").get_attribute("src")
    tick(page, settle, "BiRefNet lite", "BEN2")
    part = picture(page, "Where the models disagree")
    assert whole
    expect(part).not_to_have_attribute("src", whole)
    page.locator(".st-key-kind").get_by_text("Blur", exact=True).click()
    picture(page, "Blur by BEN2")
    expect(part).to_have_count(0)


def test_a_model_that_must_be_told_says_so_and_the_others_go_on(
    open_page: Open, settle: Settle, tiny_url: str
) -> None:
    page = open_page(tiny_url)
    begin(page, settle, "GrabCut", "SAM 2.1 (tiny)")
    page.get_by_role("button", name="Run 1 model", exact=True).click()
    picture(page, "Overlay by GrabCut")
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)
    page.locator("[class*=st-key-tell_] button:visible").click()  # the other card is no dead end
    expect(page).to_have_url(re.compile("/prompt$"), timeout=PATIENT)


def test_a_box_reaches_every_model_that_can_be_told(
    open_page: Open, settle: Settle, tiny_url: str
) -> None:
    page = open_page(tiny_url)
    begin(page, settle, "SAM (base)", "BiRefNet lite")
    stage = go_to_prompt(page, settle, "SAM (base)")
    draw_box(page, stage)
    page.get_by_role("button", name="Run SAM (base)").click()
    picture(page, "Cutout by SAM (base)")
    page.get_by_role("link", name="Compare").click()
    settle(page)
    page.get_by_role("button", name=re.compile("^Run ")).first.click()
    alone = picture(page, "Overlay by BiRefNet lite").get_attribute("src")
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)
    page.locator(".st-key-panel").get_by_role("radio", name="Edges").click()
    settle(page)
    page.get_by_text("Only the prompted subject").click()
    settle(page)
    kept = picture(page, "Overlay by BiRefNet lite")
    assert alone
    expect(kept).not_to_have_attribute("src", alone)


def test_a_background_is_painted_from_words(open_page: Open, settle: Settle, tiny_url: str) -> None:
    page = open_page(tiny_url)
    begin(page, settle, "GrabCut", "BiRefNet lite")
    page.get_by_role("button", name="Run 2 models").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENT)
    settle(page)
    page.locator(".st-key-kind").get_by_text("Replace", exact=True).click()
    settle(page)
    page.locator(".st-key-fill").get_by_text("Words", exact=True).click()
    settle(page)
    bare = picture(page, "Replace by BiRefNet lite").get_attribute("src")
    expect(page.get_by_text("Painted around the matte of GrabCut")).to_be_visible()
    page.get_by_role("textbox", name="What is behind the subject").fill("a unicorn")
    page.get_by_role("button", name="Paint background").click()
    expect(page.get_by_role("button", name="Paint again")).to_be_enabled(timeout=PATIENT)
    settle(page)
    first = picture(page, "Replace by BiRefNet lite").get_attribute("src")
    assert first != bare
    variants = page.get_by_role("button", name=re.compile("^Seed "))
    expect(variants).to_have_count(2)
    seed = variants.first.inner_text().removeprefix("Seed ")
    variants.first.click()
    settle(page)
    expect(picture(page, "Replace by BiRefNet lite")).not_to_have_attribute("src", first or "")
    expect(page.get_by_text(f"“a unicorn” · Stable Diffusion 1.5 · seed {seed}")).to_be_visible()
    with page.expect_download() as packed:
        page.get_by_role("button", name="All as ZIP").click()
    with zipfile.ZipFile(packed.value.path()) as pack:
        results = json.loads(pack.read("results.json"))["results"]
    told = [result["settings"]["background"] for result in results]
    assert [(each["kind"], each["prompt"], str(each["seed"])) for each in told] == [
        ("painting", "a unicorn", seed)
    ] * 2


def test_cancel_ends_a_run_and_the_page_goes_on(
    open_page: Open, settle: Settle, tiny_url: str
) -> None:
    page = open_page(tiny_url)
    begin(page, settle)
    page.locator(".st-key-preset").get_by_text("All", exact=True).click()
    settle(page)
    page.get_by_role("button", name=re.compile("^Run ")).first.click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name=re.compile("^Run ")).first).to_be_visible(
        timeout=PATIENT
    )
    settle(page)
    tick(page, settle, "GrabCut")
    page.get_by_role("button", name=re.compile("^Run ")).first.click()
    picture(page, "Overlay by GrabCut")
