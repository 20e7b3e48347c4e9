"""Addresses in object stores, and what is wrong when one can't be used, in sentences."""

import functools
import logging
import re
from typing import Any

from models.running.extra import lacking

PACKAGES = {"s3": "s3fs", "gs": "gcsfs"}
"""By how addresses begin, the package of fsspec's family that reaches them."""
_ADDRESS = re.compile(r"(s3|gs)://[^/]")
_STALE = ("ExpiredToken", "InvalidAccessKeyId", "SignatureDoesNotMatch", "RequestTimeTooSkewed")
"""Answers that have nothing to do with what was asked for."""
_CREDENTIALS = {
    "s3": "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a "
    "role that may use it.",
    "gs": "Set GOOGLE_APPLICATION_CREDENTIALS to a key's file, or run `gcloud auth "
    "application-default login`.",
}


class StoreFailed(Exception):
    """A store that can't be used, in sentences that say what to do. No photo is to blame.

    Examples
    --------
    >>> str(failed("s3://shop/in", "read", PermissionError("Access Denied")))[:50]
    "“s3://shop/in” can't be read: the store forbids it"
    """


def is_address(place: str) -> bool:
    """Tell whether a place is in a store.

    Parameters
    ----------
    place : str

    Returns
    -------
    is_address : bool

    Examples
    --------
    >>> is_address("s3://shop/june"), is_address("/shop/june"), is_address("az://shop")
    (True, False, False)
    """
    return _ADDRESS.match(place) is not None


@functools.cache
def store_of(kind: str) -> Any:
    """The file system of a kind of store, for all threads of a process.

    It finds its credentials as its maker's own programs do: in variables, files, or the machine's
    role. AWS_ENDPOINT_URL leads to another store that speaks S3.

    Parameters
    ----------
    kind : {"s3", "gs"}

    Returns
    -------
    store : fsspec.AbstractFileSystem

    Raises
    ------
    StoreFailed
        If the package isn't here.

    Examples
    --------
    >>> callable(store_of)  # it needs a package
    True
    """
    if told := lacking(PACKAGES[kind]):
        raise StoreFailed(f"{kind}:// {told}")
    import fsspec

    # They log whole tracebacks of what they raise as well.
    logging.getLogger(PACKAGES[kind]).setLevel(logging.CRITICAL)
    return fsspec.filesystem(kind, use_listings_cache=False)


def split(address: str) -> tuple[Any, str]:
    """An address's store, and the path there.

    Parameters
    ----------
    address : str

    Returns
    -------
    store : fsspec.AbstractFileSystem
    path : str
        The bucket and the name in it.

    Raises
    ------
    StoreFailed

    Examples
    --------
    >>> callable(split)  # it needs a package
    True
    """
    kind, _, path = address.partition("://")
    return store_of(kind), path.rstrip("/")


def failed(address: str, doing: str, error: Exception) -> StoreFailed:
    """What to raise for an error of a store's.

    Parameters
    ----------
    address : str
    doing : str
        What can't be done: "read", "written", "listed".
    error : Exception
        Whatever came from the store's package.

    Returns
    -------
    failed : StoreFailed

    Examples
    --------
    >>> print(failed("gs://shop/out", "written", FileNotFoundError("shop")))
    “gs://shop/out” can't be written: there is no bucket “shop”. Check its name, or make it.
    """
    kind, _, path = address.partition("://")
    code, name = code_of(error), type(error).__name__
    first = " ".join(str(error).split())[:200].rstrip(".")
    advice = f"{first}. The same command goes on from here once that is mended."
    if "Credential" in name or "Anonymous" in first:
        advice = f"there are no credentials for {kind}://. {_CREDENTIALS[kind]}"
    elif code in _STALE:
        advice = f"the store doesn't take these credentials ({code}). {_CREDENTIALS[kind]}"
    elif isinstance(error, FileNotFoundError):
        bucket = path.partition("/")[0]
        advice = f"there is no bucket “{bucket}”. Check its name, or make it."
    elif isinstance(error, PermissionError) or "Forbidden" in first:
        advice = (
            "the store forbids it. These credentials need the right to list, read, write and "
            "delete there."
        )
    elif _unreached(error):
        setting = "AWS_ENDPOINT_URL" if kind == "s3" else "STORAGE_EMULATOR_HOST"
        advice = (
            f"the store doesn't answer. Look at the network, and at {setting} if that is set; the "
            "same command goes on from here."
        )
    return StoreFailed(f"“{address}” can't be {doing}: {advice}")


def code_of(error: Exception) -> str:
    """What S3 calls an error; empty if it's none of S3's.

    Parameters
    ----------
    error : Exception

    Returns
    -------
    code : str

    Examples
    --------
    >>> code_of(OSError())
    ''
    """
    response = getattr(error.__cause__, "response", None) or getattr(error, "response", None)
    if not isinstance(response, dict):
        return ""
    return str(response.get("Error", {}).get("Code", ""))


def blames_nobody(error: Exception) -> bool:
    """Tell whether an error has nothing to do with the object that was asked for.

    Parameters
    ----------
    error : Exception

    Returns
    -------
    blames_nobody : bool

    Examples
    --------
    >>> blames_nobody(PermissionError("Access Denied")), blames_nobody(TimeoutError())
    (False, True)
    """
    if code_of(error) in _STALE:
        return True
    return not isinstance(error, FileNotFoundError | PermissionError)


def _unreached(error: Exception) -> bool:
    words = ("Connect", "Timeout", "Endpoint", "SSL", "Network")
    return any(word in type(error).__name__ for word in words)
