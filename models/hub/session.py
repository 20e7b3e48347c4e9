"""The HTTP client that huggingface_hub and this project share: with the proxies and certificates
of the environment, each looked at first and named when it fails.

Slow to import: only what downloads does.
"""

import os
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.request import getproxies

import httpx2  # what huggingface_hub speaks HTTP with
from huggingface_hub import constants, errors, get_session, set_client_factory

from models.hub.presence import is_folder
from models.hub.reasons import reason, tls_error
from models.interface import LoadFailed

AUTHENTICATE = 407
_HOST = re.compile(r"[\w.:-]+")
_PORTS = range(1, 1 << 16)


class ProxyFailed(httpx2.ProxyError):
    """A proxy didn't lead to where it should, in a sentence. lasting: it refuses to."""

    def __init__(self, sentence: str, *, lasting: bool) -> None:
        super().__init__(sentence)
        self.lasting = lasting


@dataclass(frozen=True)
class Proxy:
    """setting: where it's named. scheme: of the addresses that it's for, or "all"."""

    setting: str
    scheme: str
    url: str

    def __str__(self) -> str:
        return f"the proxy {without_password(self.url)} ({self.setting})"


class Through(httpx2.HTTPTransport):
    """The way through a proxy."""

    def __init__(self, proxy: Proxy, certificates: ssl.SSLContext) -> None:
        super().__init__(verify=certificates, proxy=proxy.url)
        self._proxy = proxy

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.host
        try:
            response = super().handle_request(request)
        except Exception as error:  # of what isn't a proxy at all, these are of many kinds
            if tls_error(error):
                raise
            raise self._failed(host, reason(error)) from error
        if response.status_code == AUTHENTICATE:
            response.close()
            raise self._failed(host, f"{AUTHENTICATE} {response.reason_phrase}")
        return response

    def _failed(self, host: str, why: str) -> ProxyFailed:
        remedy = "Check it and the network, or unset it"
        if why.startswith(str(AUTHENTICATE)):
            remedy = "Write it as http://NAME:PASSWORD@HOST:PORT"
        return ProxyFailed(
            f"{host} can't be reached through {self._proxy}: {why}. {remedy}; what has come is "
            "kept.",
            lasting=bool(re.match(r"4\d\d\b", why)),
        )


def session() -> httpx2.Client:
    """The client, made at its first use. Raises LoadFailed for settings that can't be used."""
    return get_session()


def _client() -> httpx2.Client:
    trusted = certificates()
    return httpx2.Client(
        verify=trusted,
        # In place of those that the library makes of the same settings; NO_PROXY is left to it.
        mounts={f"{proxy.scheme}://": Through(proxy, trusted) for proxy in proxies()},
        event_hooks={"request": [_heed_offline_mode]},
        follow_redirects=True,
        timeout=None,
    )


set_client_factory(_client)


def _heed_offline_mode(request: httpx2.Request) -> None:
    if constants.is_offline_mode():
        raise errors.OfflineModeIsEnabled(str(request.url))


def certificates() -> ssl.SSLContext:
    """Those that are trusted. Raises LoadFailed for settings that can't be used."""
    try:
        context = httpx2.create_ssl_context()
    except OSError as error:
        path = os.environ.get("SSL_CERT_FILE", "")
        raise LoadFailed(
            f"SSL_CERT_FILE names {path}, and no certificates can be read there "
            f"({reason(error)}). Correct it, or unset it."
        ) from error
    folders = os.environ.get("SSL_CERT_DIR", "")
    heeded = folders and not os.environ.get("SSL_CERT_FILE")
    if heeded and not any(is_folder(Path(each)) for each in folders.split(os.pathsep)):
        raise LoadFailed(
            f"SSL_CERT_DIR names {folders}, which isn't a folder. Correct or unset it."
        )
    return context


def proxies() -> list[Proxy]:
    """Those that the environment names. Raises LoadFailed for one that can't be used."""
    named = getproxies()
    if "*" in (host.strip() for host in named.get("no", "").split(",")):
        return []
    return [_proxy(scheme, named[scheme]) for scheme in ("http", "https", "all") if scheme in named]


def _proxy(scheme: str, text: str) -> Proxy:
    names = (f"{scheme}_proxy", f"{scheme}_proxy".upper())
    setting = next((name for name in names if os.environ.get(name)), "the system's settings")
    url = text if "://" in text else f"http://{text}"
    try:
        address = httpx2.Proxy(url).url
        usable = _HOST.fullmatch(address.host) and (address.port or 1) in _PORTS
    except (ValueError, httpx2.InvalidURL):
        usable = None
    if not usable:
        raise LoadFailed(
            f"{setting} names “{without_password(text)}”, which can't be used as a proxy. "
            "Write http://HOST:PORT or socks5://HOST:PORT, or unset it."
        )
    return Proxy(setting, scheme, url)


def without_password(url: str) -> str:
    return re.sub(r"^(\w+://)?.*@", r"\1…@", url)
