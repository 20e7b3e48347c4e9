"""The page that tells people of our own API: all of it, and nothing from elsewhere."""

import html
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Route, sync_playwright
from starlette.applications import Starlette
from starlette.testclient import TestClient

from serving import keys, server
from serving.native.orders import VERBS
from tests.e2e.axe import barriers
from tests.e2e.conftest import CHROMIUM_ARGS, PHONE

DOCS = "/api/v1/docs"


@pytest.fixture
def below() -> TestClient:
    """A server whose page is at /tools."""
    app = Starlette(routes=server.routes("tools"))
    return TestClient(app, base_url="http://localhost:8501", client=("127.0.0.1", 50000))


def shown(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return html.unescape(answer.text)


def test_it_shows_each_address_with_its_fields_and_answers(below: TestClient) -> None:
    page = shown(below, f"/tools{DOCS}")
    description = below.get("/tools/api/v1/openapi.json").json()
    assert description["servers"] == [{"url": "/tools/api"}]  # after the page was shown, too
    described = description["paths"]
    for path, methods in described.items():
        for method, told in methods.items():
            (part,) = re.findall(rf'<details id="{told["operationId"]}">.*?</details>', page, re.S)
            assert f"<b>{method.upper()}</b><code>/tools/api{path}</code>" in part
            assert told["summary"] in part
            assert f"http://localhost:8501/tools/api{path.replace('{name}', 'ID')}" in part
            assert all(f"<code>{status}</code>" in part for status in told["responses"])
    assert len(described) > len(VERBS) + 5
    for verb in VERBS:
        (part,) = re.findall(rf'<details id="{verb.name}">.*?</details>', page, re.S)
        for word in verb.words():
            assert f"<code>{word.name}</code>" in part
            assert word.schema()["description"] in part
    assert re.findall("<h2>(.*?)</h2>", page) == ["In short", "Pictures", "Jobs", "The server"]


def test_kinds_defaults_and_what_is_needed_are_told(client: TestClient) -> None:
    page = shown(client, DOCS)
    (blur,) = re.findall(r'<details id="blur">.*?</details>', page, re.S)
    assert "unmix | inpaint | lens | portrait; default <code>unmix</code>" in blur
    assert "number from 0 to 10" in blur
    assert "text: X0,Y0,X1,Y1; several are allowed" in blur
    assert "whole number from 1 to 1000000" in blur
    assert blur.count("either photo or url") == 2
    assert "took_too_long" in blur
    (replace,) = re.findall(r'<details id="replace">.*?</details>', page, re.S)
    assert '<code>background</code> <span class="quiet">required</span>' in replace
    assert "-F 'background=#ffffff'" in replace


def test_it_needs_a_key_where_the_description_does(connect: Callable[..., TestClient]) -> None:
    elsewhere = connect("192.0.2.7", "box.example")
    for address in (DOCS, "/api/v1/openapi.json"):
        assert elsewhere.get(address).status_code == 401
    with_key = {"X-Api-Key": keys.add("shop")}
    for address in (DOCS, "/api/v1/openapi.json"):
        assert elsewhere.get(address, headers=with_key).status_code == 200


def test_a_name_from_outside_stays_text(
    connect: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUTOUT_OPEN", "1")
    for host in ("[", "x><script>alert(1)</script>"):
        answer = connect().get(DOCS, headers={"Host": host})
        assert answer.status_code == 200
        assert "<script" not in answer.text


def test_a_browser_shows_it_and_asks_for_nothing_else(below: TestClient) -> None:
    answer = below.get(f"/tools{DOCS}")
    asked, said = [], []

    def serve(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=answer.text, headers=dict(answer.headers))

    def look() -> list[str]:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=CHROMIUM_ARGS
            )
            width, height = PHONE
            page = browser.new_page(viewport={"width": width, "height": height})
            page.on("console", lambda message: said.append(message.text))
            page.route("**", serve)
            page.goto(f"http://localhost:8501/tools{DOCS}", wait_until="networkidle")
            page.get_by_text("/tools/api/v1/cutout").first.click()
            assert page.get_by_text("curl -F photo=@photo.jpg").first.is_visible()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            found = barriers(page)
            browser.close()
            return found

    # In a thread: Playwright has a loop of its own, of which a thread can have only one.
    with ThreadPoolExecutor(1) as aside:
        assert aside.submit(look).result() == []
    assert asked == [f"http://localhost:8501/tools{DOCS}"]
    assert said == []
    addresses = re.findall(r"""(?:src|href|action)=["']([^"']+)|url\(|@import""", answer.text)
    assert sorted(addresses) == ["/tools/api/v1/openapi.json", "data:,"]
