"""The way to the hub: token, gates, proxy, certificates, and that nobody waits long."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from models import catalog
from models.catalog import GRABCUT
from terminal.doctor import network
from terminal.doctor.finding import Finding
from tests.cutter import REPO, SPEC
from tests.hub import Hub

GATED = replace(SPEC, name="gate", label="Gate", repo="studio/gate", gated=True)


@pytest.fixture
def gate(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Hub:
    """A gated row beside the public one."""
    hub.repos["studio/gate"] = hub.repos[REPO]
    hub.gated["studio/gate"] = "secret"
    monkeypatch.setattr(catalog, "MODELS", (GRABCUT, SPEC, GATED))
    return hub


def states(found: list[Finding]) -> list[tuple[str, str]]:
    return [(each.about, each.state) for each in found]


def test_without_a_token_gated_models_are_named_and_not_asked_for(gate: Hub) -> None:
    token, hub = network.hub()
    assert (token.state, hub.state) == ("warning", "ok")
    assert "Gate can't be downloaded" in token.told
    assert GATED.page in token.told
    assert all(REPO in request.path for request in gate.requests)


def test_without_gated_models_no_token_is_needed(hub: Hub) -> None:
    assert states(network.hub()) == [("token", "ok"), ("hub", "ok")]


@pytest.mark.parametrize(("token", "state"), [("secret", "ok"), ("another", "warning")])
def test_with_a_token_each_gate_is_tried(
    token: str, state: str, gate: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    found = network.hub()
    assert states(found) == [("token", "ok"), ("hub", "ok"), ("gate", state)]
    assert ("accept its licence" in found[-1].told) == (state == "warning")
    assert {request.method for request in gate.requests} == {"HEAD"}
    assert all(token not in each.told for each in found)


def test_a_token_that_the_hub_does_not_know_is_a_problem(
    gate: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "mistyped")

    def refuse(self: object, status: int, code: str = "") -> None:
        told = "Invalid credentials in Authorization header"
        self._answer(401, b"", {"X-Error-Message": told})  # type: ignore[attr-defined]

    monkeypatch.setattr("tests.hub._Handler._refuse", refuse)
    gate.status = 401
    _, hub = network.hub()
    assert (hub.about, hub.state) == ("hub", "problem")
    assert "doesn't accept the access token. Correct HF_TOKEN" in hub.told


def test_a_hub_that_is_not_there_is_a_warning_and_no_gate_is_tried(
    gate: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    gate.status = 503
    found = network.hub()
    assert states(found) == [("token", "ok"), ("hub", "warning")]


def test_offline_nothing_is_asked(gate: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    found = network.hub()
    assert states(found) == [("token", "ok"), ("hub", "ok")]
    assert "HF_HUB_OFFLINE" in found[-1].told
    assert gate.requests == []


def test_nobody_waits_for_what_hangs() -> None:
    forever = threading.Event()

    def hang() -> Finding:
        forever.wait()
        return Finding("slow", "ok", "")

    def fail() -> NoReturn:
        raise RuntimeError("no such thing\nat all")

    fine = Finding("quick", "ok", "It answers.")
    slow, broken, quick = network.together(
        {"slow": hang, "broken": fail, "quick": lambda: fine}, seconds=0.1
    )
    forever.set()
    assert (slow.state, "Not reached within 0.1 seconds" in slow.told) == ("warning", True)
    assert (broken.state, "(no such thing)" in broken.told) == ("warning", True)
    assert quick == fine


def test_proxies_are_told_without_their_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert network.proxies() == [Finding("proxy", "ok", "None is set.")]
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@proxy.example:3128")
    (finding,) = network.proxies()
    assert finding.state == "ok"
    assert "proxy.example:3128 (HTTPS_PROXY)" in finding.told
    assert "secret" not in finding.told
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@proxy.example:port")
    (finding,) = network.proxies()
    assert (finding.state, "secret" in finding.told) == ("problem", False)
    assert "Write http://HOST:PORT" in finding.told


@pytest.mark.parametrize("wrong", ["gone.pem", "words.pem"])
def test_certificates_that_cannot_be_read_are_a_problem(
    wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = Path(__file__).parents[2] / "data" / "tls" / "localhost.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(right))
    assert network.certificates() == [Finding("certificate", "ok", f"Trusted: {right}.")]
    (tmp_path / "words.pem").write_text("no certificate")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / wrong))
    (finding,) = network.certificates()
    assert (finding.state, "Correct it, or unset it" in finding.told) == ("problem", True)
