"""Where the server may send something, as whoever runs it writes that."""

import base64
import ipaddress
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple
from urllib.parse import urlsplit


class Place(NamedTuple):
    """Where something may be sent."""

    scheme: str
    host: str
    port: int


def named_loopback(host: str) -> bool:
    """Whether a name or an address can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    with suppress(ValueError):
        return is_loopback(ipaddress.ip_address(host))
    return False


def is_loopback(address: IPv4Address | IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def places(text: str) -> frozenset[Place]:
    """Hosts for https, or for http where they are this machine, with commas between them. Raises
    ValueError."""
    return frozenset(_place(each.strip()) for each in text.split(",") if each.strip())


def _place(text: str) -> Place:
    parts = urlsplit(text if "://" in text else f"https://{text}")
    host = (parts.hostname or "").encode("idna").decode()
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    known = parts.scheme == "https" or (parts.scheme == "http" and named_loopback(host))
    if not (host and port and known) or parts.path or parts.query or "@" in parts.netloc:
        raise ValueError
    return Place(parts.scheme, host, port)


def signing_secret(text: str) -> bytes:
    """24 to 64 bytes, as base64 behind “whsec_”. Raises ValueError."""
    kind, _, coded = text.partition("_")
    secret = base64.b64decode(coded, validate=True)
    if kind != "whsec" or not 24 <= len(secret) <= 64:
        raise ValueError
    return secret
