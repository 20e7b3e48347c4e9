"""Webhooks: an address that a client names is told that its job has ended, and nothing of the
picture.

Off, unless whoever runs this names the hosts. Signed as Standard Webhooks have it
(https://www.standardwebhooks.com), so that its libraries can check what came.
"""

import asyncio
import base64
import hashlib
import hmac
import ipaddress
import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from models.running.places import Place, is_loopback, named_loopback
from models.running.settings import WEBHOOK_HOSTS, WEBHOOK_SECRET
from photos.program import program
from serving.bodies import Body
from serving.errors import Refusal
from serving.pinning import PORTS, Address, Unreachable, answer_of, is_public

if TYPE_CHECKING:
    import httpx2

log = logging.getLogger(__name__)

FIELD = "webhook"
PAUSES = (0.0, 5.0, 30.0, 120.0)
"""Seconds before each try."""
SECONDS = 10.0
"""A try takes no longer."""
_GONE = 410
"""Who answers so wants no more."""


def hook_of(body: Body) -> str | None:
    """The address to be told, which is no longer among the body's words. Raises Refusal."""
    named = body.word(FIELD)
    body.words.pop(FIELD, None)
    if not named:
        return None
    places = WEBHOOK_HOSTS.value()
    if not places or not WEBHOOK_SECRET.value():
        told = f"{WEBHOOK_HOSTS.name} and {WEBHOOK_SECRET.name}"
        raise Refusal(501, f"Webhooks are off here. Whoever runs this sets {told}.")
    url = _url(named)
    if _place(url) not in places:
        raise Refusal(
            400,
            f"“{url.scheme}://{url.host}” is not among the hosts that may be told here. Whoever "
            f"runs this can add it to {WEBHOOK_HOSTS.name}.",
        )
    return str(url)


def _url(text: str) -> "httpx2.URL":
    import httpx2

    try:
        url = httpx2.URL(text.strip()).copy_with(fragment=None)
    except (httpx2.InvalidURL, ValueError) as error:
        raise Refusal(400, f"“{FIELD}” should be an address such as https://….") from error
    if url.scheme not in PORTS or not url.host or url.userinfo:
        raise Refusal(400, f"“{FIELD}” should begin with https:// and a host, with no name in it.")
    return url


def _place(url: "httpx2.URL") -> Place:
    return Place(url.scheme, url.raw_host.decode().lower(), url.port or PORTS[url.scheme])


def _allowed(host: str) -> Callable[[Address], bool]:
    """What a host's name may lead to. An address that whoever runs this has listed is as it is."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return is_loopback if named_loopback(host) else is_public
    return lambda _: True


async def deliver(address: str, told: Mapping[str, Any]) -> bool:
    """Tell of a job's end, a few times if need be. Returns whether it was heard."""
    url, now = _url(address), datetime.now(UTC)
    event = {"type": f"job.{told['state']}", "timestamp": now.isoformat(), "data": told}
    content = json.dumps(event).encode()
    for pause in PAUSES:
        await asyncio.sleep(pause)
        try:
            async with asyncio.timeout(SECONDS):
                status = await _post(url, str(told["id"]), content)
        except TimeoutError:
            failed = "It took too long."
        except Unreachable as error:
            failed = str(error)
        else:
            if 200 <= status < 300:
                return True
            failed = f"It answered {status}."
            if status == _GONE:
                break
        log.warning("“%s” could not be told of a job's end. %s", url.host, failed)
    return False


async def _post(url: "httpx2.URL", name: str, content: bytes) -> int:
    """The status that is answered."""
    stamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": program(),
        "webhook-id": name,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{signature(WEBHOOK_SECRET.value(), name, stamp, content)}",
    }
    async with answer_of("POST", url, _allowed(url.host), headers, content) as answer:
        return answer.status_code


def signature(secret: bytes, name: str, stamp: str, content: bytes) -> str:
    """HMAC-SHA256 of the id, the seconds since 1970 and the body, with dots between them."""
    signed = b".".join([name.encode(), stamp.encode(), content])
    return base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()
