"""What is asked again after it failed, how often, and how long after."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from models.hub.reasons import tls_error

RETRIES = 4
"""Further attempts, as long as none brings anything."""
PAUSE = 1.0
"""Seconds before the first of them; before each one after it twice as many."""
LONGEST = 60.0
"""Seconds that a server may ask to wait; one that asks for more is not asked again."""


def pause_after(error: Exception, attempts: int) -> float:
    """Seconds to wait for another attempt, after so many in a row that brought nothing, the last
    of which ended with `error`. Raises it where another can't help: a file that isn't there stays
    away, unlike a server that is busy or a connection that broke."""
    from huggingface_hub.errors import HfHubHTTPError

    answer = error.response if isinstance(error, HfHubHTTPError) else None
    asked = asked_to_wait(answer.headers) if answer is not None else 0.0
    passes = _passes(answer.status_code) if answer is not None else _connects(error)
    if attempts > RETRIES or asked > LONGEST or not passes:
        raise error
    return max(asked, PAUSE * (1 << attempts - 1))


def asked_to_wait(headers: Mapping[str, str]) -> float:
    """Seconds, from Retry-After (RFC 9110: a number, or a date) or the hub's RateLimit; 0 if not
    told."""
    told = headers.get("Retry-After", "").strip()
    if told.isdecimal():
        return float(told)
    if reset := re.search(r";\s*r=0\s*;\s*t=(\d+)", headers.get("RateLimit", "")):
        return float(reset[1])
    try:
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # no date, or one without a zone
        return 0.0


def _passes(status: int) -> bool:
    """Whether an answer with this status may be another one soon."""
    busy = status in (408, 425, 429)
    return busy or (status >= 500 and status not in (501, 505))


def _connects(error: Exception) -> bool:
    """Whether a connection that ended so may be better the next time."""
    import httpx2

    from models.hub.session import ProxyFailed

    if isinstance(error, ProxyFailed):
        return not error.lasting
    never = (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, httpx2.TooManyRedirects)
    return not isinstance(error, never) and tls_error(error) is None
