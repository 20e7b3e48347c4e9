"""What a person can do with the cards while a model is still running."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, WebSocketRoute, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENT = 60_000
OF_A_DIALOG = re.compile("#$")

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


def test_a_page_that_waits_draws_nothing_without_end(
    open_page: Open, settle: Settle, server: tuple[str, Path], gate: Path
) -> None:
    """What moves all the time keeps a computer busy that others' pages need."""
    page = open_page(server[0])
    run_both(page, settle)
    endless = "e => e.getAnimations({subtree: true}).length"
    expect(page.locator(".stSkeleton")).to_be_visible(timeout=PATIENT)
    assert page.locator(".st-key-cards").evaluate(endless) == 0
    gate.touch()
    finished(page, settle)


def test_a_page_that_waits_runs_no_script(
    open_page: Open, settle: Settle, server: tuple[str, Path], gate: Path
) -> None:
    page = open_page(server[0])
    run_both(page, settle)
    settle(page)  # from the news of the first model, which it runs for
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    runs = page.evaluate("""() => new Promise(resolve => {
        let runs = 0;
        const app = document.querySelector('[data-testid=stApp]');
        new MutationObserver(() => runs++).observe(
            app, {attributes: true, attributeFilter: ['data-test-script-state']});
        setTimeout(() => resolve(runs), 2500);
    })""")
    assert runs <= 2  # begun and ended once, where news of the second model was late
    assert len([url for url in asked if "/job?" in url]) >= 2
    gate.touch()
    finished(page, settle)


@pytest.mark.parametrize("answered", [True, False])
def test_a_page_whose_questions_come_to_nothing_hears_all_the_same(
    open_page: Open, settle: Settle, server: tuple[str, Path], gate: Path, answered: bool
) -> None:
    """A proxy may pass on what it knows alone, and answer the rest itself; a filter drops it."""
    page = open_page(server[0])
    if answered:
        page.route("**/job?*", lambda route: route.fulfill(body="<p>Welcome</p>"))
    else:
        page.evaluate("""() => {
            const all = window.fetch;
            window.fetch = (url, ...told) => String(url).includes("/job?")
                ? Promise.reject(new TypeError("Failed to fetch")) : all(url, ...told);
        }""")
    run_both(page, settle)
    gate.touch()
    finished(page, settle)
    expect(page.get_by_role("img", name="Overlay by Gated")).to_be_visible(timeout=PATIENT)


def finished(page: Page, settle: Settle) -> None:
    expect(page.locator(".st-key-again button")).to_be_visible(timeout=PATIENT)
    settle(page)


class Forgetful:
    """A connection that loses what the server says of the page's next `times` drawings, but for
    their beginning: as Streamlit's own server does when somebody asks for more too early."""

    def __init__(self, page: Page) -> None:
        self.times = 0
        self.lost = 0
        self._losing = False
        page.route_web_socket("**/_stcore/stream", self._connect)
        page.reload()

    def _connect(self, browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            assert isinstance(message, bytes)
            said = ForwardMsg.FromString(message)
            if said.WhichOneof("type") == "new_session":
                self._losing = self.times > 0 and not said.metadata.run.fragment_ids
                self.times -= self._losing
            elif self._losing:
                self.lost += 1
                return
            browser.send(message)

        server.on_message(pass_on)


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
    chosen = dialog.get_by_role("button", name="Blur", exact=True)
    chosen.click()
    expect(chosen).to_have_attribute("aria-pressed", "true", timeout=PATIENT)
    gate.touch()
    finished(page, settle)
    expect(chosen).to_have_attribute("aria-pressed", "true")

    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    settle(page)
    page.locator(".st-key-kind").get_by_text("Matte", exact=True).click()
    expect(page.get_by_role("img", name="Matte by GrabCut")).to_be_visible(timeout=PATIENT)
    settle(page)
    expect(dialog).to_have_count(0)


def test_back_closes_a_dialog_and_one_that_another_page_closed_stays_closed(
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
    dialog, canvas = zoomed(page, "GrabCut"), page.locator(".stage")
    settle(page)  # what is closed while the page still draws it may flash up once more
    page.go_back()
    expect(dialog).to_have_count(0)
    settle(page)
    page.go_forward()  # what Back closed doesn't come again
    settle(page)
    expect(page.get_by_role("img", name="Overlay by GrabCut")).to_be_visible()
    zoomed(page, "GrabCut")
    settle(page)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page).not_to_have_url(OF_A_DIALOG)  # a browser that goes back can't be told to at once
    page.go_back()  # the dialog left nothing behind that would have to be gone back over
    expect(canvas).to_be_visible(timeout=PATIENT)
    settle(page)
    page.get_by_role("link", name="Compare").click()
    finished(page, settle)
    zoomed(page, "GrabCut")
    settle(page)
    page.evaluate("history.go(-2)")  # a long press on Back
    expect(canvas).to_be_visible(timeout=PATIENT)
    settle(page)
    page.get_by_role("link", name="Compare").click()
    finished(page, settle)
    expect(dialog).to_have_count(0)


@pytest.mark.parametrize("by", ["Escape", "Back"])
def test_a_dialog_that_is_closed_draws_the_page_once(
    open_page: Open, settle: Settle, server: tuple[str, Path], gate: Path, by: str
) -> None:
    page = open_page(server[0])
    asked: list[ClientState] = []

    def hear(sent: str | bytes) -> None:
        if isinstance(sent, bytes) and (told := BackMsg.FromString(sent)).HasField("rerun_script"):
            asked.append(told.rerun_script)

    page.on("websocket", lambda socket: socket.on("framesent", hear))
    page.reload()
    settle(page)
    run_both(page, settle)
    gate.touch()
    finished(page, settle)
    address = page.url
    dialog = zoomed(page, "GrabCut")
    settle(page)
    asked.clear()
    if by == "Back":
        page.go_back()
    else:
        page.keyboard.press(by)
    expect(dialog).to_have_count(0)
    settle(page)
    assert [run.is_history_navigation for run in asked if not run.fragment_id] == [False]
    assert page.url == address


def test_a_page_that_missed_how_a_job_ended_asks_once_more(
    open_page: Open, settle: Settle, server: tuple[str, Path], gate: Path
) -> None:
    page = open_page(server[0])
    connection = Forgetful(page)
    settle(page)
    run_both(page, settle)
    connection.times = 2
    gate.touch()
    finished(page, settle)
    expect(page.get_by_role("img", name="Overlay by Gated")).to_be_visible(timeout=PATIENT)
    assert connection.lost
    page.wait_for_timeout(1500)
    settle(page)
    expect(page.get_by_text("Running…")).to_have_count(0)


def test_every_page_hears_of_the_end_of_its_own_job(
    open_page: Open, settle: Settle, server: tuple[str, Path], gate: Path
) -> None:
    pages = [open_page(server[0]) for _ in range(4)]
    for page in pages:
        page.get_by_role("button", name="Portrait", exact=True).click()
        settle(page)
        page.get_by_test_id("stSidebar").get_by_text("Gated", exact=True).click()
        settle(page)
    for page in pages:
        page.get_by_role("button", name="Run 2 models").click()
        # Each in its turn: four pages that press at once are queued in any order.
        expect(page.get_by_text(re.compile("Running…|In the queue"))).to_be_visible(timeout=PATIENT)
    expect(pages[-1].get_by_text("In the queue, 3 ahead of you")).to_be_visible(timeout=PATIENT)
    pages[1].locator(".st-key-cancel button").click()
    expect(pages[1].locator(".st-key-run button")).to_be_visible(timeout=PATIENT)
    expect(pages[-1].get_by_text("In the queue, 2 ahead of you")).to_be_visible(timeout=PATIENT)
    gate.touch()
    for page in (pages[0], *pages[2:]):
        finished(page, settle)
        expect(page.get_by_role("img", name="Overlay by Gated")).to_be_visible(timeout=PATIENT)


def test_a_file_waits_for_a_slow_browser_while_others_run(
    open_page: Open, settle: Settle, server: tuple[str, Path], gate: Path
) -> None:
    page = open_page(server[0])
    run_both(page, settle)

    with page.expect_download() as saved:
        page.get_by_role("button", name="Download GrabCut", exact=True).click()
    assert saved.value.suggested_filename == "portrait_grabcut_cutout.png"
    page.wait_for_timeout(4000)  # in which the bar is drawn some times
    answer = page.request.get(saved.value.url)
    assert answer.ok
    with Image.open(io.BytesIO(answer.body())) as picture:
        assert picture.size == (512, 512)
