"""The address that a client names is told of its job's end: signed, and without the picture."""

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.running.settings import check
from serving import pinning
from serving.native import webhooks
from tests.serving.elsewhere import Elsewhere, elsewhere, status
from tests.serving.test_jobs import ended, message, start
from tests.serving.test_refusals import until

SECRET = bytes(range(32))
WRITTEN = f"whsec_{base64.b64encode(SECRET).decode()}"
TLS = Path(__file__).parents[1] / "data" / "tls"


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    with elsewhere() as server:
        hosts = f"shop.example, http://localhost:{server.port},http://127.0.0.1:{server.port}"
        monkeypatch.setenv("CUTOUT_WEBHOOK_HOSTS", hosts)
        monkeypatch.setenv("CUTOUT_WEBHOOK_SECRET", WRITTEN)
        monkeypatch.setattr(webhooks, "PAUSES", (0.0, 0.01, 0.01))
        server.answers["/told"] = status(204)
        yield server


def told(client: TestClient, url: str) -> Any:
    """The job's state, once it's known what became of its webhook."""
    until(lambda: client.get(url).json()["webhook"] != "waiting")
    return client.get(url).json()


def test_they_are_off_at_first(lasting: TestClient) -> None:
    answer = start(lasting, webhook="https://shop.example/told")
    assert answer.status_code == 501
    assert "CUTOUT_WEBHOOK_HOSTS" in message(answer)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_end_is_told_and_signed(lasting: TestClient, there: Elsewhere, host: str) -> None:
    answer = start(lasting, webhook=there.url("/told?order=7", host))
    there.answers["/told?order=7"] = status(200)
    assert answer.json()["webhook"] == "waiting"
    job = told(lasting, answer.json()["url"])
    assert job["webhook"] == "delivered"
    ((method, path, headers, body),) = there.asked
    assert (method, path) == ("POST", "/told?order=7")
    event = json.loads(body)
    assert event["type"] == "job.done"
    assert event["data"]["id"] == headers["webhook-id"] == job["id"]
    assert "result" not in event["data"]
    assert len(body) < 1000
    signed = b".".join([job["id"].encode(), headers["webhook-timestamp"].encode(), body])
    digest = hmac.new(SECRET, signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"


def test_a_signature_is_the_standard_s() -> None:
    """The example of its libraries' own tests."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    name, stamp, body = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}'
    assert webhooks.signature(secret, name, stamp, body) == (
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


@pytest.mark.parametrize("url", [
    "https://evil.example/", "http://shop.example/", "https://shop.example:8443/",
    "https://shop.example.evil.example/", "https://evil.example/#@shop.example",
    "https://me@shop.example/", "http://localhost/", "http://[::1]:{port}/",
    "https://localhost:{port}/", "ftp://shop.example/", "shop.example", "https://", "http://[::1",
])  # fmt: skip
def test_no_other_host_is_told(lasting: TestClient, there: Elsewhere, url: str) -> None:
    answer = start(lasting, webhook=url.format(port=there.port))
    assert answer.status_code == 400, answer.text
    assert there.asked == []


def test_one_that_fails_is_tried_again_a_few_times(lasting: TestClient, there: Elsewhere) -> None:
    there.answers["/told"] = status(503)
    url = start(lasting, webhook=there.url("/told", "localhost")).json()["url"]
    job = told(lasting, url)
    assert (job["state"], job["webhook"]) == ("done", "failed")
    assert len(there.asked) == 3
    assert len({headers["webhook-id"] for _, _, headers, _ in there.asked}) == 1


def test_who_wants_no_more_is_told_no_more(lasting: TestClient, there: Elsewhere) -> None:
    there.answers["/told"] = status(410)
    told(lasting, start(lasting, webhook=there.url("/told", "localhost")).json()["url"])
    assert len(there.asked) == 1


def test_redirects_are_not_followed(lasting: TestClient, there: Elsewhere) -> None:
    there.answers["/on"] = status(307, Location="/told")
    url = start(lasting, webhook=there.url("/on", "localhost")).json()["url"]
    assert told(lasting, url)["webhook"] == "failed"
    assert {path for _, path, *_ in there.asked} == {"/on"}


def test_one_that_hangs_is_given_up(
    lasting: TestClient, there: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "SECONDS", 0.1)
    there.answers["/told"] = lambda _: (there.over.wait(20), None)[1]
    url = start(lasting, webhook=there.url("/told", "localhost")).json()["url"]
    assert told(lasting, url)["webhook"] == "failed"


@pytest.mark.parametrize(
    ("host", "leads_to"),
    [("localhost", "10.0.0.1"), ("shop.example", "127.0.0.1"), ("shop.example", "10.0.0.1")],
)
def test_a_listed_name_that_leads_elsewhere_is_not_told(
    lasting: TestClient, there: Elsewhere, monkeypatch: pytest.MonkeyPatch, host: str, leads_to: str
) -> None:
    async def looked_up(*_: object) -> list[str]:
        return [leads_to]

    monkeypatch.setattr(pinning, "_looked_up", looked_up)
    monkeypatch.setenv(
        "CUTOUT_WEBHOOK_HOSTS", f"https://shop.example:{there.port},http://localhost:{there.port}"
    )
    scheme = "http" if host == "localhost" else "https"
    connected: list[object] = []
    monkeypatch.setattr(socket.socket, "connect", lambda *told: connected.append(told))
    url = start(lasting, webhook=there.url("/told", host, scheme)).json()["url"]
    assert told(lasting, url)["webhook"] == "failed"
    assert there.asked == connected == []


def test_https_is_checked_by_the_name(
    lasting: TestClient, there: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "localhost.pem"))
    pinning._trusted.cache_clear()
    try:
        for certificate, heard in (("localhost", "delivered"), ("elsewhere", "failed")):
            with elsewhere(TLS / f"{certificate}.pem") as server:
                server.answers["/told"] = status(200)
                monkeypatch.setenv("CUTOUT_WEBHOOK_HOSTS", f"localhost:{server.port}")
                hook = server.url("/told", "localhost", "https")
                url = start(lasting, webhook=hook).json()["url"]
                assert told(lasting, url)["webhook"] == heard
    finally:
        pinning._trusted.cache_clear()


def test_a_job_that_fails_or_is_ended_is_told_too(
    lasting: TestClient, there: Elsewhere, halves: Any
) -> None:
    halves.gate.clear()
    hook = there.url("/told", "localhost")
    url = start(lasting, webhook=hook).json()["url"]
    lasting.delete(url)
    halves.gate.set()
    assert ended(lasting, url)["state"] == "cancelled"
    told(lasting, url)
    assert json.loads(there.asked[0][3])["type"] == "job.cancelled"


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ("HOSTS", "http://shop.example"), ("HOSTS", "https://shop.example/path"),
        ("HOSTS", "ftp://shop.example"), ("HOSTS", "me@shop.example"), ("HOSTS", "a b:c"),
        ("SECRET", "short"), ("SECRET", "whsec_c2hvcnQ="), ("SECRET", "whsec_%%%"),
    ],
)  # fmt: skip
def test_settings_that_can_t_be_used(
    monkeypatch: pytest.MonkeyPatch, setting: str, text: str
) -> None:
    monkeypatch.setenv("CUTOUT_WEBHOOK_HOSTS", "shop.example")
    monkeypatch.setenv("CUTOUT_WEBHOOK_SECRET", WRITTEN)
    assert check() == []
    monkeypatch.setenv(f"CUTOUT_WEBHOOK_{setting}", text)
    (sentence,) = check()
    assert f"CUTOUT_WEBHOOK_{setting}" in sentence
    assert (text in sentence) is (setting == "HOSTS")


def test_hosts_without_a_secret_are_told_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUTOUT_WEBHOOK_HOSTS", "shop.example")
    (sentence,) = check()
    assert "needs CUTOUT_WEBHOOK_SECRET" in sentence
