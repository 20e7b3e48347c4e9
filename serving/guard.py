"""Who may ask, and how much may be sent: pure ASGI, around each part of the API.

Without a key only programs on this machine may ask, and no web page may make a browser ask for it:
not from another site (`Sec-Fetch-Site`, `Origin`), nor under a name that it made to point here (DNS
rebinding, by `Host`). What comes through a proxy isn't from this machine. Beside a page with a
login everybody needs a key.
"""

import asyncio
import math
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.running.places import named_loopback
from models.running.settings import OPEN, WrongSetting
from serving import keys, state
from serving.bodies import largest_body
from serving.errors import Refusal, Shape, note, refusal_of
from serving.rates import rates
from serving.work import Arrival

PATIENCE = 60.0
"""Seconds that the next piece of a body may take."""
TOGETHER = 4
"""How many of the largest bodies there may be in memory at once."""

_KEY = "key "
_SAFE = ("GET", "HEAD", "OPTIONS")
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


class Guard:
    """free: paths, as the part of the API calls them, that anybody may ask for. working: methods
    that ask for work, and count where a key may make so many requests a minute."""

    def __init__(
        self,
        app: ASGIApp,
        shape: Shape,
        free: Collection[str] = (),
        working: Collection[str] = ("POST",),
    ) -> None:
        self._app, self._shape, self._free, self._working = app, shape, free, working

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        arrival = None
        try:
            try:
                arrival = self._let_in(scope)
            except Exception as error:
                return await self._shape(note(scope, refusal_of(error)))(scope, receive, send)
            return await self._app(scope, receive, send)
        finally:
            if arrival:
                arrival.over()

    def _let_in(self, scope: Scope) -> Arrival | None:
        """What is known of a request for work from now on. Raises Refusal, or Full."""
        if scope["path"].removeprefix(scope.get("root_path", "")) in self._free:
            return None
        key, scope["caller"] = _caller(Request(scope))
        if scope["method"] not in self._working:
            return None
        scope["arrival"] = arrival = Arrival(scope["caller"])
        try:
            _keep_to_rate(key)
        except Refusal:
            arrival.over()
            raise
        return arrival


def _caller(request: Request) -> tuple[keys.Key | None, str]:
    """The key, and what the caller is called: by its name, or else by the client's address. Raises
    Refusal."""
    if state.wrong:
        raise Refusal(503, " ".join([*state.wrong, "Then start the server again."]))
    try:
        known, is_open = keys.known(), OPEN.value() and not state.needs_keys
    except (keys.WrongKeys, WrongSetting) as error:
        raise Refusal(503, str(error)) from error
    headers = request.headers
    scheme, _, bearer = headers.get("authorization", "").partition(" ")
    sent = headers.get("x-api-key") or (bearer.strip() if scheme.lower() == "bearer" else "")
    if sent:
        key = keys.owner(sent, known)
        if key is not None:
            return key, f"{_KEY}{key.name}"
        if not is_open:  # else it's as none: some clients can't send none
            raise Refusal(403, "This key isn't known here. Ask whoever runs this for one.")
    if not is_open and (known or state.needs_keys or not _from_here(request)):
        raise Refusal(
            401,
            "A key is needed. Whoever runs this makes one by `cli.py keys add NAME`; send it as "
            "X-Api-Key.",
            {"WWW-Authenticate": "Bearer"},
        )
    if request.method not in _SAFE and other_site(headers):
        raise Refusal(403, "Pages of other sites can't use this without a key.")
    return None, request.client.host if request.client else ""


def has_key(request: Request) -> bool:
    """Whether who asks, and got past the guard, has shown a key that is known here."""
    return str(request.scope.get("caller", "")).startswith(_KEY)


def _keep_to_rate(key: keys.Key | None) -> None:
    if key is None or key.per_minute is None:
        return
    if wait := rates.wait(key.name, key.per_minute):
        raise Refusal(
            429,
            f"This key may make {key.per_minute} requests a minute. Try again in "
            f"{math.ceil(wait)} seconds.",
            {"Retry-After": str(math.ceil(wait))},
            reason="rate",
        )


def _from_here(request: Request) -> bool:
    """Whether a program on this machine asks, by a name that can only mean this machine. Proxies
    tell of themselves by a header, or else by HTTP/1.0, which old ones speak."""
    headers = request.headers
    if request.scope.get("http_version") == "1.0" or any(name in headers for name in _FORWARDED):
        return False
    named = _split(f"//{headers.get('host', '')}")
    names = [named and named.hostname, request.client and request.client.host]
    return all(name and named_loopback(name) for name in names)


def other_site(headers: Headers) -> bool:
    """Whether a page of another site made a browser ask. Browsers tell by Sec-Fetch-Site, old ones
    by Origin; programs have neither. Another port of this machine is another site, too."""
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return False
    there = _split(origin)
    return there is None or there.netloc != headers.get("host")


def _split(address: str) -> SplitResult | None:
    """None for one that is no address."""
    try:
        return urlsplit(address)
    except ValueError:
        return None


class BodyLimit:
    """Bodies count while they come in; one that is too large is refused before it's read."""

    _held = 0  # bytes, of all requests together

    def __init__(self, app: ASGIApp, shape: Shape) -> None:
        self._app, self._shape = app, shape

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        told = Headers(scope=scope).get("content-length", "0")
        held, come, whole = 0, 0, False

        def hold(size: int) -> None:
            nonlocal held
            most = largest_body()
            if size > most:
                told = f"The body is too large: {most / 1e6:.0f} MB are the limit here."
                raise Refusal(413, told, {"Connection": "close"})
            if BodyLimit._held + size - held > TOGETHER * most:
                told = "Too much is being sent at once. Try again."
                headers = {"Retry-After": "5", "Connection": "close"}
                raise Refusal(429, told, headers, reason="too_much_at_once")
            BodyLimit._held += size - held
            held = size

        async def counted() -> Message:
            nonlocal come, whole
            if whole:
                return await receive()
            try:
                async with asyncio.timeout(PATIENCE):
                    message = await receive()
            except TimeoutError:
                told = "The rest of the body didn't come. Send it again."
                raise Refusal(408, told, {"Connection": "close"}) from None
            come += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if come > held:  # sent in pieces, with no length told
                hold(come)
            return message

        # What is fetched because of a body counts as if it had been in it.
        scope["hold"] = lambda size: hold(held + size)
        try:
            try:
                hold(int(told) if told.isdecimal() else 0)
            except Exception as error:
                return await self._shape(note(scope, refusal_of(error)))(scope, receive, send)
            await self._app(scope, counted, send)
        finally:
            BodyLimit._held -= held
