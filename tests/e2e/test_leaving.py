"""A page is left: what was on its way from it neither undoes that nor is taken for a change."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from photos.samples import SAMPLES

REFUSED = "words.txt” is not a photo"
LEAVE_AND_TICK = """() => {
    [...document.querySelectorAll("a")].find((link) => link.innerText.includes("Prompt")).click();
    document.querySelector(".st-key-models input").click();
}"""

APP = Path(__file__).parents[2] / "app.py"

type Open = Callable[..., Page]
type Settle = Callable[[Page], None]


class LateBrowser:
    """A browser that still tells, on the page that came, what the widgets of the first one said."""

    def __init__(self, page: Page) -> None:
        self.page = ""
        self.said: dict[str, WidgetState] = {}
        self.repeated = False
        page.route_web_socket("**/_stcore/stream", self._between)

    def _between(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda sent: server.send(self._late(sent)))

    def _late(self, sent: str | bytes) -> str | bytes:
        if isinstance(sent, str):
            return sent
        told = BackMsg.FromString(sent)
        if told.WhichOneof("type") != "rerun_script":
            return sent
        rerun = told.rerun_script
        states = {state.id: state for state in rerun.widget_states.widgets}
        self.page = self.page or rerun.page_script_hash
        if rerun.page_script_hash == self.page:
            self.said |= states
        elif states:
            rerun.widget_states.widgets.extend(
                state for name, state in self.said.items() if name not in states
            )
            self.repeated = True
        late: bytes = told.SerializeToString()
        return late


def test_what_was_pressed_just_then_does_not_undo_the_way_to_another_page(
    open_page: Open, settle: Settle, serve: Callable[..., str], tmp_path: Path
) -> None:
    page = with_photo(open_page(serve(APP)), settle, tmp_path)
    page.evaluate(LEAVE_AND_TICK)
    expect(page.locator(".canvas")).to_be_visible(timeout=60_000)
    settle(page)
    expect(page.get_by_role("heading", name="a photo", level=1)).to_have_count(1)
    expect(page.locator(".canvas")).to_be_visible()


def test_a_browser_that_is_late_uploads_nothing_again(
    open_page: Open, settle: Settle, serve: Callable[..., str], tmp_path: Path
) -> None:
    page = open_page(serve(APP))
    late = LateBrowser(page)
    page.goto(serve(APP))
    settle(page)
    with_photo(page, settle, tmp_path)
    page.get_by_role("link", name="Prompt").click()
    expect(page.locator(".canvas")).to_be_visible(timeout=60_000)
    settle(page)
    page.get_by_text("Commercial use only").first.click()
    settle(page)
    assert late.repeated
    expect(page.get_by_role("heading", name="a photo", level=1)).to_have_count(1)
    expect(page.get_by_text(REFUSED)).to_be_visible()  # until it's closed, or more are uploaded


def with_photo(page: Page, settle: Settle, folder: Path) -> Page:
    photo, words = folder / "a photo.jpg", folder / "words.txt"
    photo.write_bytes(SAMPLES[0].open().data)
    words.write_text("no photo")
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files([photo, words])
    expect(page.get_by_role("heading", name="a photo", level=1)).to_be_visible(timeout=60_000)
    settle(page)
    return page
