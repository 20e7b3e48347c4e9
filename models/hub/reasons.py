"""Why a connection failed: what lies beneath the errors of HTTP libraries."""

import ssl
from collections.abc import Iterator

_BROKEN_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and those that it was raised from."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def tls_error(error: BaseException) -> ssl.SSLError | None:
    """Why no encrypted connection could begin: a certificate, or an answer that isn't TLS."""
    import httpx2

    found = next((each for each in causes(error) if isinstance(each, ssl.SSLError)), None)
    begun = not isinstance(error, httpx2.ConnectError) or isinstance(found, _BROKEN_OFF)
    return None if begun else found


def reason(error: BaseException) -> str:
    """In a few words, such as “Connection refused”."""
    for each in causes(error):
        if isinstance(each, OSError) and each.strerror:
            return each.strerror
    return str(error).rstrip(".") or type(error).__name__
