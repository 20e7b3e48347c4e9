"""Who may see the page: whoever logs in at an OpenID Connect issuer, and is let in here.

Streamlit speaks with the issuer; `[auth]` in its `secrets.toml` says which one. It guards what the
page shows. The API has keys (`serving.guard`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st

from models.running.settings import LOGIN_ALLOW, OPEN, WrongSetting
from ui.photo_bar import plain

_SHORTEST_SECRET = 32
_OF_ALL = ("redirect_uri", "cookie_secret")
_OF_AN_ISSUER = ("client_id", "client_secret", "server_metadata_url")


def wanted() -> bool:
    """Whether the page is meant to need a login, even if its settings are wrong."""
    try:
        return _section() is not None or LOGIN_ALLOW.given
    except WrongSetting:
        return True


def problems() -> list[str]:
    """Sentences about settings of the login that can't be used, without what is secret."""
    try:
        section = _section()
    except WrongSetting as error:
        return [str(error)]
    if section is None:
        if not LOGIN_ALLOW.given:
            return []
        return [
            f"{LOGIN_ALLOW.name} is set, but secrets.toml has no [auth], and so there is no login. "
            f"Add it, or take {LOGIN_ALLOW.name} away."
        ]
    wrong = [*_missing(section), *_unsafe(section)]
    if not LOGIN_ALLOW.given:
        wrong.append(
            f"Say who may log in: set {LOGIN_ALLOW.name} to {LOGIN_ALLOW.wanted} (* lets in all "
            "whom the issuer knows: with Google, everybody)."
        )
    if _open():
        wrong.append(
            f"{OPEN.name} lets everybody use the API, although the page needs a login. Take it "
            "away, and give programs keys: `cli.py keys add NAME`."
        )
    return wrong


def stop_if_unknown() -> None:
    """Unless the visitor has logged in and is let in, show the way to do so, and nothing else."""
    if _section() is None:
        return
    if not st.user.is_logged_in:
        _ask()
    if refused := _refused(st.user.to_dict(), LOGIN_ALLOW.value()):
        _turn_away(refused)


def pages() -> list[Any]:
    """What the navigation has for those who have logged in."""
    if _section() is None:
        return []
    return [st.Page(st.logout, title="Log out", icon=":material/logout:", url_path="log-out")]


def _section() -> Mapping[str, Any] | None:
    """`[auth]` of secrets.toml; None if there is none. Raises WrongSetting: a file that is there
    and can't be read never counts as one without it."""
    try:
        section = st.secrets.get("auth")
    except (OSError, ValueError) as error:
        files = [Path(name).expanduser() for name in st.config.get_option("secrets.files")]
        if not isinstance(error, PermissionError) and not any(file.exists() for file in files):
            return None
        raise WrongSetting("secrets.toml can't be read. Mend it, then start again.") from error
    if section is None or isinstance(section, Mapping):
        return section
    raise WrongSetting("auth in secrets.toml should be a table: [auth].")


def _issuers(section: Mapping[str, Any]) -> dict[str | None, Mapping[str, Any]]:
    """By the name that `st.login` takes; None is the one that needs none."""
    if any(name in section for name in _OF_AN_ISSUER):
        return {None: section}
    return {name: table for name, table in section.items() if "client_id" in _table(table)}


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _missing(section: Mapping[str, Any]) -> list[str]:
    issuers = _issuers(section) or {None: section}
    names = [name for name in _OF_ALL if not section.get(name)]
    names += [
        f"{issuer}.{name}" if issuer else name
        for issuer, table in issuers.items()
        for name in _OF_AN_ISSUER
        if not table.get(name)
    ]
    return [f"[auth] in secrets.toml lacks {', '.join(names)}."] if names else []


def _unsafe(section: Mapping[str, Any]) -> list[str]:
    secret = str(section.get("cookie_secret", ""))
    if not secret or len(secret) >= _SHORTEST_SECRET:
        return []
    return [
        "cookie_secret in secrets.toml can be guessed. Make one: "
        "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`."
    ]


def _open() -> bool:
    try:
        return OPEN.value()
    except WrongSetting:
        return False  # told elsewhere


def _refused(user: Mapping[str, Any], allowed: frozenset[str]) -> str:
    """Why this visitor isn't let in, in a sentence; empty for one who is."""
    if "*" in allowed:
        return ""
    address = str(user.get("email") or "")
    if address.isascii():  # other letters may become the same as these
        address = address.lower()
    if not address:
        return "Your login tells no e-mail address."
    if str(user.get("email_verified")).lower() != "true":
        return f"Your login doesn't say that {address} is verified as yours."
    if address in allowed or f"@{address.rpartition('@')[2]}" in allowed:
        return ""
    return f"{address} isn't let in here."


def _ask() -> NoReturn:
    section = _section() or {}
    with st.container(horizontal_alignment="center"):
        st.title("Cutout Compare", anchor=False, width="content")
        st.markdown("Log in to cut out photos and compare models.", width="content")
        for name in _issuers(section):
            label = f"Log in with {name.capitalize()}" if name else "Log in"
            if st.button(label, type="primary", icon=":material/login:", key=f"log_in_{name}"):
                st.login(name)
    st.stop()


def _turn_away(why: str) -> NoReturn:
    with st.container(horizontal_alignment="center"):
        st.title("Cutout Compare", anchor=False, width="content")
        st.error(plain(f"{why} Ask whoever runs this server."), icon=":material/block:", width=480)
        if st.button("Log out", icon=":material/logout:"):
            st.logout()
    st.stop()
