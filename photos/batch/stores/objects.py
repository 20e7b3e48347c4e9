"""Objects of a store: listed, read and written, whole or not at all."""

import errno
import functools
import hashlib
import mimetypes
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from photos.batch.stores.address import blames_nobody, failed, split
from photos.photo import PhotoError
from photos.saving import WriteFailed

_HEAD = 1 << 18
"""Bytes in which a picture's file tells its size, but for few."""


class Entry(NamedTuple):
    """What lies in a folder of a store. changed: a number that is another one when the object is.

    Examples
    --------
    >>> Entry("a.jpg", False, 9, 1).name
    'a.jpg'
    """

    name: str
    folder: bool
    size: int
    changed: int


def listed(address: str) -> Iterator[Entry]:
    """Go over a folder; nothing is there if there is no such folder.

    Parameters
    ----------
    address : str

    Yields
    ------
    entry : Entry

    Raises
    ------
    StoreFailed

    Examples
    --------
    >>> callable(listed)  # it needs a store
    True
    """
    store, path = split(address)
    try:
        there = store.ls(path, detail=True)
    except FileNotFoundError as error:
        if _has_bucket(store, path):
            return
        raise failed(address, "listed", error) from error
    except Exception as error:
        raise failed(address, "listed", error) from error
    for each in there:
        name = each["name"].rstrip("/").removeprefix(f"{path}/")
        if "/" not in name and each["name"].rstrip("/") != path:
            folder = each["type"] == "directory"
            yield Entry(name, folder, *((-1, 0) if folder else _stamp(each)))


def stamp_of(address: str) -> tuple[int, int]:
    """An object's size in bytes, and a number that is another one when it was changed; -1 and 0 if
    it isn't there.

    The number is of its entity tag, which a store gives to what was written: no object is read. One
    that is written anew with the same bytes mostly has the same.

    Parameters
    ----------
    address : str

    Returns
    -------
    size, changed : int

    Raises
    ------
    StoreFailed

    Examples
    --------
    >>> callable(stamp_of)  # it needs a store
    True
    """
    found = _info(address)
    return _stamp(found) if found else (-1, 0)


def tag_of(address: str) -> str:
    """An object's entity tag; empty if it isn't there. Raises StoreFailed.

    Parameters
    ----------
    address : str

    Returns
    -------
    tag : str

    Examples
    --------
    >>> callable(tag_of)  # it needs a store
    True
    """
    found = _info(address)
    return _tag(found) if found else ""


def get(address: str, most: int | None = None) -> bytes:
    """Read an object, or its first bytes.

    Parameters
    ----------
    address : str
    most : int, optional
        Bytes. None: all.

    Returns
    -------
    data : bytes

    Raises
    ------
    PhotoError
        If it isn't there, or may not be read.
    StoreFailed
        If that is nothing of this object's.

    Examples
    --------
    >>> callable(get)  # it needs a store
    True
    """
    store, path = split(address)
    try:
        data: bytes = store.cat_file(path, start=None if most is None else 0, end=most)
    except Exception as error:
        if blames_nobody(error):
            raise failed(address, "read", error) from error
        gone = isinstance(error, FileNotFoundError)
        why = "it isn't there any more" if gone else "the store forbids it"
        raise PhotoError(f"“{address}” can't be read: {why}. Check the address.") from error
    return data


def head_of(address: str) -> bytes:
    """The first bytes of an object, as many as a picture needs to tell its size. Raises as `get`.

    Parameters
    ----------
    address : str

    Returns
    -------
    head : bytes

    Examples
    --------
    >>> callable(head_of)  # it needs a store
    True
    """
    return get(address, _HEAD)


def put(address: str, data: bytes, *, new: bool = False) -> bool:
    """Write an object: the old one stays until the new one is complete.

    Parameters
    ----------
    address : str
    data : bytes
    new : bool
        Whether there must be none of that name yet. The store decides it: of two that ask at once,
        one gets it.

    Returns
    -------
    put : bool
        False if it had to be new, and isn't.

    Raises
    ------
    WriteFailed
        If its name is too long.
    StoreFailed

    Examples
    --------
    >>> callable(put)  # it needs a store
    True
    """
    store, path = split(address)
    mime = mimetypes.guess_type(path)[0] or "application/octet-stream"
    told = {"ContentType" if address.startswith("s3") else "content_type": mime}
    try:
        store.pipe_file(path, data, mode="create" if new else "overwrite", **told)
    except Exception as error:
        if new and _there_already(error):
            return False
        if getattr(error, "errno", None) == errno.ENAMETOOLONG:
            told_why = "its name is too long for the store. Give the photo a shorter name."
            raise WriteFailed(f"“{address}” can't be written: {told_why}") from error
        raise failed(address, "written", error) from error
    return True


def remove(address: str) -> None:
    """Remove an object, if it's there. Raises StoreFailed.

    Parameters
    ----------
    address : str

    Examples
    --------
    >>> callable(remove)  # it needs a store
    True
    """
    store, path = split(address)
    try:
        with suppress(FileNotFoundError):
            store.rm_file(path)
    except Exception as error:
        raise failed(address, "removed", error) from error


def holds(folder: str, name: str, size: int) -> bool:
    """Tell whether an object of this name and size is in a folder.

    All that is there is listed once a process, which for many is far quicker than to ask for each;
    what came later is asked for.

    Parameters
    ----------
    folder : str
        An address.
    name : str
        With the folders in it.
    size : int
        Bytes.

    Returns
    -------
    holds : bool

    Raises
    ------
    StoreFailed

    Examples
    --------
    >>> callable(holds)  # it needs a store
    True
    """
    return _inventory(folder).get(name) == size or stamp_of(f"{folder}/{name}")[0] == size


@functools.lru_cache(maxsize=2)
def _inventory(folder: str) -> dict[str, int]:
    store, path = split(folder)
    try:
        there = store.find(path, detail=True)
    except FileNotFoundError:
        return {}
    except Exception as error:
        raise failed(folder, "listed", error) from error
    return {name.removeprefix(f"{path}/"): int(each["size"]) for name, each in there.items()}


def _info(address: str) -> dict[str, Any] | None:
    store, path = split(address)
    try:
        found: dict[str, Any] = store.info(path)
    except FileNotFoundError:
        return None
    except Exception as error:
        raise failed(address, "read", error) from error
    return found if found["type"] == "file" else None


def _has_bucket(store: Any, path: str) -> bool:
    bucket, _, name = path.partition("/")
    try:
        return bool(name) and bool(store.exists(bucket))
    except Exception:
        return False


def _there_already(error: Exception) -> bool:
    if isinstance(error, FileExistsError):
        return True
    told = f"{getattr(error, '__cause__', '')} {error}"
    return any(word in told for word in ("PreconditionFailed", "ConditionalRequestConflict", "412"))


def _stamp(found: dict[str, Any]) -> tuple[int, int]:
    digest = hashlib.sha256(_tag(found).encode()).digest()
    return int(found["size"]), int.from_bytes(digest[:6], "big")


def _tag(found: dict[str, Any]) -> str:
    tag = found.get("ETag") or found.get("etag") or found.get("md5Hash")
    return str(tag or f"{found['size']} {found.get('LastModified') or found.get('updated')}")
