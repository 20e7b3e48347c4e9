"""Pictures that requests name by their address: off, unless whoever runs this sets CUTOUT_FETCH.

Only public addresses are asked, at the usual ports. Redirects are followed by hand, each looked at
anew. What comes is never unpacked, and is judged as every photo is, not by what its server says.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.requests import Request

from models.running.settings import FETCH
from photos.program import program
from photos.reading import max_bytes
from serving.bodies import FILES, Body, File
from serving.errors import Refusal
from serving.guard import has_key, other_site
from serving.pinning import PORTS, Unreachable, answer_of, is_public
from serving.work import while_wanted

if TYPE_CHECKING:
    import httpx2

REDIRECTS = 3
SECONDS = 30.0
"""All pictures of a request take no longer together."""
TOGETHER = 16
"""How many requests may be fetching at once; of one caller half as many."""

_MOVED = (301, 302, 303, 307, 308)
_fetching: Counter[str] = Counter()


async def fetched(request: Request, body: Body, places: Mapping[str, str]) -> None:
    """What fields name by its address is among the body's files from now on. places: what the
    picture of each field is called there. The request's body must have been read. Raises Refusal,
    or Cancelled once the client has gone."""
    named = [(place, url) for field, place in places.items() for url in body.words.get(field, [])]
    if not named:
        return
    _check_allowed(request)
    if len(named) + sum(map(len, body.files.values())) > FILES:
        raise Refusal(400, f"Too many pictures: {FILES} are the limit here.")
    caller = str(request.scope["caller"])
    if _fetching.total() >= TOGETHER or _fetching[caller] >= TOGETHER // 2:
        seconds = {"Retry-After": f"{SECONDS:.0f}"}
        raise Refusal(429, "Too much is being fetched at once. Try again.", seconds)
    _fetching[caller] += 1
    try:
        async with asyncio.timeout(SECONDS):
            for place, url in named:
                file = await while_wanted(request, fetch(url, request.scope["hold"]))
                body.files.setdefault(place, []).append(file)
    except TimeoutError:
        raise Refusal(400, f"“{url}” took more than {SECONDS:.0f} seconds.") from None
    finally:
        _fetching[caller] -= 1
        if not _fetching[caller]:
            del _fetching[caller]
    for field in places:
        body.words.pop(field, None)


def _check_allowed(request: Request) -> None:
    if not FETCH.value():
        raise Refusal(
            501,
            "Pictures aren't fetched by their address here: send them as files. Whoever runs this "
            f"can change it by {FETCH.name}=1.",
        )
    if not has_key(request) and other_site(request.headers):  # a picture's tag makes a GET
        raise Refusal(403, "Pages of other sites can't use this without a key.")


async def fetch(url: str, hold: Callable[[int], None]) -> File:
    """The file at an address. hold: called with the bytes of each piece, and may raise Refusal.
    Raises Refusal with a sentence; nothing in it tells what is in this network."""
    try:
        for _ in range(REDIRECTS + 1):
            target = _target(url)
            file = await _asked(target, hold)
            if isinstance(file, File):
                return file
            url = file
    except Unreachable as error:
        raise Refusal(400, f"A picture can't be fetched: {error}") from error
    raise Refusal(400, f"A picture can't be fetched: it's behind more than {REDIRECTS} redirects.")


def _target(url: str) -> "httpx2.URL":
    """Raises Unreachable."""
    import httpx2

    try:
        target = httpx2.URL(url.strip())
    except (httpx2.InvalidURL, ValueError) as error:
        raise Unreachable(f"“{url[:200]}” is no address.") from error
    if target.scheme not in PORTS or not target.host:
        raise Unreachable("The address should begin with https:// or http:// and a host.")
    if target.userinfo:
        raise Unreachable("The address should have no name and no password in it.")
    if target.port not in (None, PORTS[target.scheme]):
        raise Unreachable("The address should have no port but the usual one.")
    return target


async def _asked(target: "httpx2.URL", hold: Callable[[int], None]) -> File | str:
    """The file, or the address to which the answer leads on. Raises Unreachable or Refusal."""
    import httpx2

    headers = {"Accept": "image/*", "Accept-Encoding": "identity", "User-Agent": program()}
    async with answer_of("GET", target, is_public, headers) as answer:
        if answer.status_code in _MOVED:
            try:
                return str(target.join(answer.headers.get("location", "")))
            except (httpx2.InvalidURL, ValueError) as error:
                raise Unreachable(f"“{target.host}” leads on to no address.") from error
        if answer.status_code != 200:
            raise Unreachable(f"“{target.host}” answered {answer.status_code}.")
        most, data = max_bytes(), bytearray()
        told = answer.headers.get("content-length", "")
        if told.isdecimal() and int(told) > most:
            raise _too_large(most)
        async for piece in answer.aiter_raw():
            if len(data) + len(piece) > most:
                raise _too_large(most)
            hold(len(piece))
            data += piece
    return File(unquote(target.path).rpartition("/")[2][:100] or "photo", bytes(data))


def _too_large(most: int) -> Refusal:
    return Refusal(413, f"The picture at that address has more than {most / 1e6:g} MB.")
