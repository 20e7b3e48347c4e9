"""What every browser test needs: servers, one Chromium, and pages that fail on any error."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    WebSocket,
    sync_playwright,
)

from photos.samples import SAMPLES
from tests.e2e.settled import LISTEN, wait_until_idle

ROOT = Path(__file__).parents[2]
DESKTOP = (1440, 900)
PHONE = (390, 844)
PHONE_AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148"

CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A deep link first asks for <page>/_stcore/..., finds nothing there and then takes the base path.
PROBE_OF_A_DEEP_LINK = re.compile(r"/[^/]+/_stcore/(health|host-config)\b")

# While a slider moves, Streamlit drops each picture as soon as the next takes its place. A slow
# browser may still be asking for it. Pictures that stay are checked one by one in the end.
OVERTAKEN_PICTURE = re.compile(r"/media/[0-9a-f]+\.\w+")

BROKEN_PICTURES = """() => [...document.images]
    .filter(image => image.complete && !image.naturalWidth && image.src)
    .map(image => `broken picture: ${image.alt} ${image.src}`)"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests run last: Playwright keeps an event loop in the main thread until the end, and
    no other test should meet it.
    """
    items.sort(key=lambda item: Path(__file__).parent in item.path.parents)


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """serve(script, env={}) -> the address of a server that runs `script`.

    There is one for each script and environment. A traceback in its log fails the run.
    """
    servers: dict[object, str] = {}
    with ExitStack() as running:

        def address(script: Path, env: Mapping[str, str] | None = None) -> str:
            wanted = (script, tuple(sorted((env or {}).items())))
            if wanted not in servers:
                log = tmp_path_factory.mktemp("server") / "log.txt"
                servers[wanted] = running.enter_context(streamlit_server(script, env or {}, log))
            return servers[wanted]

        yield address


@pytest.fixture
def short_lived(tmp_path: Path) -> Callable[[Path], AbstractContextManager[str]]:
    """short_lived(script) -> a context with the address of a server that ends with it."""
    return lambda script: streamlit_server(script, {}, tmp_path / "server.txt")


@contextmanager
def streamlit_server(script: Path, env: Mapping[str, str], log: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.address=127.0.0.1", f"--server.port={port}", "--server.headless=true"]
    command += ["--server.fileWatcherType=none", "--browser.gatherUsageStats=false"]
    with (
        log.open("w") as written,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **env},
            stdout=written,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop(server)
    if "Traceback" in log.read_text():
        pytest.fail(f"The server met an exception:\n{log.read_text()}", pytrace=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
                # Any other path answers 200 as well: only the body tells.
                if answer.read() == b"ok":
                    return
        except OSError:
            pass
        time.sleep(0.1)
    pytest.fail(f"The server did not start:\n{log.read_text()}")


def stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(60)
    except subprocess.TimeoutExpired:
        server.kill()
        pytest.fail("The server did not stop.", pytrace=False)


@pytest.fixture(scope="session")
def tiny_url(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The app with small random weights in place of the published ones."""
    from tests.tiny import tiny_rows
    from tests.tiny_diffusion import tiny_painters

    weights = tmp_path_factory.mktemp("tiny")
    tiny_rows(weights)
    tiny_painters(weights)
    script = Path(__file__).with_name("tiny_app.py")
    return serve(script, {"CUTOUT_WEIGHTS": str(weights), "HF_HUB_OFFLINE": "1"})


@pytest.fixture(scope="session")
def large_photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve megapixels: the sample portrait, enlarged."""
    path = tmp_path_factory.mktemp("photos") / "large.jpg"
    portrait = Image.fromarray(SAMPLES[0].open().pixels()).crop((0, 0, 512, 384))
    portrait.resize((4000, 3000)).save(path, quality=90)
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=CHROMIUM_ARGS
        )
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """open_page(url, viewport=None, mobile=False, dark=False) -> a settled page.

    The test fails on a console error, an uncaught exception, a request to anywhere but the app, a
    picture that stays broken, or Streamlit's box for exceptions. `mobile` is a phone: it
    says so, has touch and, by default, a phone's size.
    """
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def visit(
        url: str,
        viewport: tuple[int, int] | None = None,
        mobile: bool = False,
        dark: bool = False,
    ) -> Page:
        width, height = viewport or (PHONE if mobile else DESKTOP)
        context = browser.new_context(
            viewport={"width": width, "height": height},
            user_agent=PHONE_AGENT if mobile else None,
            is_mobile=mobile,
            has_touch=mobile,
            device_scale_factor=2 if mobile else 1,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        context.add_init_script(LISTEN)
        page = context.new_page()
        listen(page, url, complaints)
        page.goto(url)
        wait_until_idle(page)
        return page

    yield visit
    for context in contexts:
        for page in context.pages:
            complaints += page.get_by_test_id("stException").all_inner_texts()
            complaints += page.evaluate(BROKEN_PICTURES)
        context.close()
    if complaints:
        pytest.fail("\n".join(complaints), pytrace=False)


def listen(page: Page, url: str, complaints: list[str]) -> None:
    host = re.match(r"https?://([^/]+)", url)
    assert host, url
    own = (f"http://{host[1]}/", f"ws://{host[1]}/", "data:", "blob:")

    def console(message: ConsoleMessage) -> None:
        where = str(message.location.get("url", ""))
        forgiven = PROBE_OF_A_DEEP_LINK.search(where.split("//", 1)[-1])
        if message.type == "error" and not forgiven and not overtaken(message.text, where):
            complaints.append(f"console: {message.text} {where}")

    def contacted(address: str) -> None:
        if not address.startswith(own):
            complaints.append(f"request to elsewhere: {address}")

    def connected(socket: WebSocket) -> None:
        contacted(socket.url)

    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
    page.on("request", lambda request: contacted(request.url))
    page.on("websocket", connected)


def overtaken(text: str, where: str) -> bool:
    """Whether a console line is about such a picture. The browser's own line has its address in
    `where`, Streamlit's in `text`."""
    missing = "404" in text and OVERTAKEN_PICTURE.search(where)
    return bool(missing or ("Image source error" in text and OVERTAKEN_PICTURE.search(text)))


@pytest.fixture(scope="session")
def settle() -> Callable[[Page], None]:
    """settle(page) waits until the page is connected and no script is running."""
    return wait_until_idle
