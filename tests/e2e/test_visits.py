"""What stays on the server when a tab was closed and nobody else comes: nothing."""

import json
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

type Open = Callable[..., Page]
type Settle = Callable[[Page], None]


def test_a_closed_tab_leaves_nothing_behind(
    open_page: Open, settle: Settle, serve: Callable[..., str], tmp_path: Path, large_photo: Path
) -> None:
    counts = tmp_path / "counts.json"
    url = serve(Path(__file__).with_name("counted_app.py"), {"COUNTS": str(counts)})

    def there() -> dict[str, int]:
        told: dict[str, int] = json.loads(counts.read_text())
        return told

    pages = [open_page(url) for _ in range(2)]
    for page in pages:
        page.locator("input[type=file]").first.set_input_files(large_photo)
        settle(page)
        page.get_by_role("button", name="Run 2 models").click()
        page.locator(".st-key-again button").wait_for(timeout=60_000)
        settle(page)
        with page.expect_download():
            page.get_by_role("button", name="Download GrabCut", exact=True).click()
    before = there()
    assert before["Bench"] == len(pages)
    assert before["Cut"] == 2 * len(pages)
    assert before["media"] > 0
    pages[0].get_by_role("button", name="Run again").click()  # and it's closed with a job
    for page in pages:
        page.close()
    last = time.monotonic() + 60
    while any(there().values()):
        assert time.monotonic() < last, there()
        time.sleep(0.2)
