"""Which settings of a login can be used, and who is let in by them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.secrets import Secrets

from models.running.settings import LOGIN_ALLOW, WrongSetting
from ui import login

RIGHT = f"""
[auth]
redirect_uri = "https://cutout.example/oauth2callback"
cookie_secret = "{"s" * 48}"
client_id = "cutout"
client_secret = "hidden words"
server_metadata_url = "https://issuer.example/.well-known/openid-configuration"
"""


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., list[str]]:
    """told(secrets, **settings) -> the sentences about them."""
    usual = st.config.get_option

    def sentences(secrets: str | None, **settings: str) -> list[str]:
        for name in ("CUTOUT_LOGIN_ALLOW", "CUTOUT_OPEN"):
            monkeypatch.delenv(name, raising=False)
        for name, value in settings.items():
            monkeypatch.setenv(f"CUTOUT_{name.upper()}", value)
        file = tmp_path / "secrets.toml"
        if secrets is not None:
            file.write_text(secrets)
        files = [str(file)]
        monkeypatch.setattr(
            st.config, "get_option", lambda name: files if name == "secrets.files" else usual(name)
        )
        monkeypatch.setattr(st, "secrets", Secrets())
        return login.problems()

    return sentences


def test_without_secrets_there_is_no_login(told: Callable[..., list[str]]) -> None:
    assert told(None) == []
    assert not login.wanted()
    assert told("[other]\nword = 1") == []
    assert not login.wanted()


def test_what_is_complete_can_be_used(told: Callable[..., list[str]]) -> None:
    assert told(RIGHT, login_allow="@team.example") == []
    assert login.wanted()
    head, issuer = RIGHT[: RIGHT.index("client_id")], RIGHT[RIGHT.index("client_id") :]
    assert told(f"{head}[auth.google]\n{issuer}", login_allow="*") == []
    assert list(login._issuers(st.secrets["auth"])) == ["google"]


@pytest.mark.parametrize(
    ("secrets", "settings", "sentence"),
    [
        (RIGHT, {}, "Say who may log in: set CUTOUT_LOGIN_ALLOW"),
        (RIGHT, {"login_allow": "*", "open": "1"}, "CUTOUT_OPEN lets everybody use the API"),
        (None, {"login_allow": "*"}, "secrets.toml has no [auth]"),
        ("[auth", {"login_allow": "*"}, "secrets.toml can't be read"),
        ("auth = 1", {"login_allow": "*"}, "should be a table"),
        ("[auth]", {"login_allow": "*"}, "lacks redirect_uri, cookie_secret, client_id"),
        (RIGHT.replace("client_id", "id"), {"login_allow": "*"}, "lacks client_id."),
        (RIGHT.replace("s" * 48, "short"), {"login_allow": "*"}, "cookie_secret"),
    ],
)
def test_what_cannot_be_used_is_told(
    told: Callable[..., list[str]], secrets: str, settings: dict[str, str], sentence: str
) -> None:
    sentences = told(secrets, **settings)
    assert len(sentences) == 1
    assert sentence in sentences[0]
    assert "hidden words" not in sentences[0]
    assert login.wanted()  # so that the API is closed all the same


@pytest.mark.parametrize("secrets", ["[auth", "auth = 1"])
def test_a_mistake_opens_nothing(told: Callable[..., list[str]], secrets: str) -> None:
    told(secrets)
    with pytest.raises(WrongSetting):
        login.stop_if_unknown()


@pytest.mark.parametrize(
    ("user", "allowed", "why"),
    [
        ({"email": "Ann@Shop.Example", "email_verified": True}, "ANN@shop.example", ""),
        (
            {"email": "ann@b.example", "email_verified": "true"},
            "a@x.example, @b.example",
            "",
        ),
        ({}, "*", ""),
        ({"email": "eve@shop.example", "email_verified": True}, "ann@shop.example", "isn't let in"),
        ({"email": "eve@notshop.example", "email_verified": True}, "@shop.example", "isn't let in"),
        ({"email": "eve@a.shop.example", "email_verified": True}, "@shop.example", "isn't let in"),
        ({"email": "@shop.example@evil.example", "email_verified": True}, "@shop.example", "isn't"),
        ({"email": "ann@shop.example\u212a", "email_verified": True}, "@shop.examplek", "isn't"),
        ({"email": "ann@shop.example", "email_verified": False}, "@shop.example", "verified"),
        ({"email": "ann@shop.example"}, "@shop.example", "verified"),
        ({"email": None, "email_verified": True}, "@shop.example", "no e-mail address"),
    ],
)
def test_the_list_decides(
    monkeypatch: pytest.MonkeyPatch, user: dict[str, Any], allowed: str, why: str
) -> None:
    monkeypatch.setenv(LOGIN_ALLOW.name, allowed)
    refused = login._refused(user, LOGIN_ALLOW.value())
    assert why in refused if why else refused == ""


@pytest.mark.parametrize("text", [",", "shop.example", "@", "a@*", "*@shop.example", "ä@b.example"])
def test_what_is_no_list_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(LOGIN_ALLOW.name, text)
    with pytest.raises(WrongSetting, match="who may log in") as told:
        LOGIN_ALLOW.value()
    assert f"“{text}”" not in str(told.value)  # whoever comes sees it, and whose address it is
