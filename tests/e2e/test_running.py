"""What a person can do with the cards while a model is still running."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

PATIENT = 60_000

type Open = Callable[..., Page]
type Settle = Callable[[Page], None]


@pytest.fixture(scope="module")
def server(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """Its address and the gate that the second model waits for."""
    gate = tmp_path_factory.mktemp("gate") / "open"
    return serve(Path(__file__).with_name("gated_app.py"), {"GATE": str(gate)}), gate


@pytest.fixture
def gate(server: tuple[str, Path]) -> Iterator[Path]:
    """Shut at first, and open in the end, so that no model is left waiting."""
    server[1].unlink(missing_ok=True)
    yield server[1]
    server[1].touch()


def run_both(page: Page, settle: Settle) -> None:
    """Until one is done and the other waits at the gate."""
    page.get_by_role("button", name="Portrait", exact=True).click()
    settle(page)
    page.get_by_test_id("stSidebar").get_by_text("Gated", exact=True).click()
    settle(page)
    page.get_by_role("button", name="Run 2 models").click()
    expect(page.get_by_role("img", name="Overlay by GrabCut")).to_be_visible(timeout=PATIENT)
    expect(page.get_by_text("Running…")).to_be_visible(timeout=PATIENT)


def finished(page: Page, settle: Settle) -> None:
    expect(page.locator(".st-key-again button")).to_be_visible(timeout=PATIENT)
    settle(page)


def zoomed(page: Page, label: str) -> Locator:
    page.get_by_role("button", name=f"Zoom {label}", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("slider")).to_be_attached(timeout=PATIENT)
    return dialog


def test_a_dialog_outlives_the_job_but_not_the_person_s_wish(
    open_page: Open, settle: Settle, server: tuple[str, Path], gate: Path
) -> None:
    page = open_page(server[0])
    run_both(page, settle)
    dialog = zoomed(page, "GrabCut")
    dialog.get_by_text("Blur", exact=True).click()
    chosen = dialog.get_by_role("radio", name="Blur", exact=True)
    expect(chosen).to_be_checked(timeout=PATIENT)
    gate.touch()
    finished(page, settle)
    expect(chosen).to_be_checked()

    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    settle(page)
    page.locator(".st-key-kind").get_by_text("Matte", exact=True).click()
    expect(page.get_by_role("img", name="Matte by GrabCut")).to_be_visible(timeout=PATIENT)
    settle(page)
    expect(dialog).to_have_count(0)


def test_a_dialog_that_another_page_closed_stays_closed(
    open_page: Open, settle: Settle, server: tuple[str, Path], gate: Path
) -> None:
    gate.touch()
    page = open_page(server[0])
    for title in ("Prompt", "Compare"):
        page.get_by_role("link", name=title).click()
        settle(page)
    page.get_by_role("button", name="Portrait", exact=True).click()
    settle(page)
    page.get_by_role("button", name="Run 1 model").click()
    finished(page, settle)
    dialog = zoomed(page, "GrabCut")
    page.go_back()
    expect(page.locator(".stage")).to_be_visible(timeout=PATIENT)
    settle(page)
    page.get_by_role("link", name="Compare").click()
    finished(page, settle)
    expect(dialog).to_have_count(0)
