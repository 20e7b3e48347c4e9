"""The page behind a login: an issuer on loopback, the real server, a real browser."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx2 as httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from serving import keys
from tests.e2e.conftest import ROOT, free_port, stop, wait_until_healthy
from tests.e2e.issuer import CLIENT, SECRET, Issuer, issuer
from tests.e2e.settled import wait_until_idle

ANN = {"email": "Ann@Team.example", "email_verified": True, "name": "Ann"}


class Guarded(NamedTuple):
    address: str
    issuer: Issuer
    key: str


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CUTOUT_KEYS", str(home / "keys"))
        key = keys.add("shop")
    port = free_port()
    with issuer() as here:
        (home / ".streamlit").mkdir()
        (home / ".streamlit" / "secrets.toml").write_text(
            f"""
            [auth]
            redirect_uri = "http://127.0.0.1:{port}/oauth2callback"
            cookie_secret = "{"secret " * 8}"
            client_id = "{CLIENT}"
            client_secret = "{SECRET}"
            server_metadata_url = "{here.address}/.well-known/openid-configuration"
            """
        )
        with served(port, home) as address:
            yield Guarded(address, here, key)


@contextmanager
def served(port: int, home: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("CUTOUT_")}
    env |= {
        "HOME": str(home),
        "CUTOUT_KEYS": str(home / "keys"),
        "CUTOUT_LOGIN_ALLOW": "@team.example",
    }
    log, address = home / "log.txt", f"http://127.0.0.1:{port}"
    with (
        log.open("w") as written,
        subprocess.Popen(
            [*command, "--server.headless=true"], cwd=ROOT, env=env,
            stdout=written, stderr=subprocess.STDOUT,
        ) as server,
    ):  # fmt: skip
        try:
            wait_until_healthy(address, server, log)
            yield address
        finally:
            stop(server)
    assert "Traceback" not in log.read_text()


@pytest.fixture
def page(browser: Browser, guarded: Guarded) -> Iterator[Page]:
    guarded.issuer.claims = ANN
    with browser.new_context(viewport={"width": 1440, "height": 900}) as context:
        page = context.new_page()
        page.goto(guarded.address)
        wait_until_idle(page)
        yield page


def log_in(page: Page) -> None:
    page.get_by_role("button", name="Log in").click()
    page.wait_for_timeout(500)
    page.wait_for_url(re.compile(r"/$"))
    wait_until_idle(page)


def test_the_page_is_for_those_who_logged_in(page: Page, guarded: Guarded) -> None:
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    assert page.get_by_role("checkbox", name="GrabCut").count() == 0
    assert page.locator("input[type=file]").count() == 0
    page.goto(f"{guarded.address}/prompt")  # no page by its address, either
    wait_until_idle(page)
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    assert page.locator("input[type=file]").count() == 0

    log_in(page)
    expect(page.get_by_role("checkbox", name="GrabCut").first).to_be_attached()
    assert page.locator("input[type=file]").count() == 1
    expect(page.get_by_role("button", name="Log in")).to_have_count(0)
    the_api_is_closed(page, guarded)

    page.get_by_role("link", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible(timeout=30_000)
    assert page.locator("input[type=file]").count() == 0
    assert guarded.issuer.logged_out == 1


def the_api_is_closed(page: Page, guarded: Guarded) -> None:
    """To the page's session, and to programs without a key."""
    address = f"{guarded.address}/api/v1/models"
    assert page.context.request.get(address).status == 401
    assert httpx.get(address).status_code == 401
    assert httpx.get(address, headers={"X-Api-Key": guarded.key}).status_code == 200
    assert httpx.get(f"{guarded.address}/api/v1/health").status_code == 200


def test_who_is_not_let_in_sees_nothing(page: Page, guarded: Guarded) -> None:
    guarded.issuer.claims = None  # the visitor declines
    log_in(page)
    expect(page.get_by_role("button", name="Log in")).to_be_visible()

    guarded.issuer.claims = {"email": "eve@evil.example", "email_verified": True}
    log_in(page)
    expect(page.get_by_text("eve@evil.example isn't let in here.")).to_be_visible()
    assert page.locator("input[type=file]").count() == 0
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible(timeout=30_000)
