"""Keys of the API: a file with a line for each: its name, the SHA-256 of the key, and how many
requests a minute it may make, if that is limited.

A key has 256 random bits, so that no slow hash is needed, and is shown once, when it's made.
"""

import functools
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_config_path

from models.running.settings import KEYS
from photos.saving import write

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

MOST = 100_000
"""Requests a minute: the highest limit."""

_LINE = re.compile(r"([\w.@-]{1,64}) ([0-9a-f]{64})(?: ([1-9][0-9]{0,5}))?", re.ASCII)


class WrongKeys(ValueError):
    """The keys can't be read, or not be changed in that way; in a sentence."""


class Key(NamedTuple):
    """per_minute: requests; None: as many as there are."""

    name: str
    digest: str
    per_minute: int | None = None


def keys_file() -> Path:
    """What CUTOUT_KEYS names, or a file in the person's own settings."""
    named = os.environ.get(KEYS.name, "").strip()  # `add` makes one that isn't there yet
    return Path(named).expanduser() if named else user_config_path("cutout-compare") / "keys"


def known() -> tuple[Key, ...]:
    """All keys, as the file has them now. Raises WrongKeys: a file that can't be read never counts
    as one with no keys, nor does one that is named and isn't there."""
    path = keys_file()
    try:
        changed = path.stat().st_mtime_ns
        return _read(path, changed, path.stat().st_size)
    except FileNotFoundError as error:
        if KEYS.given:
            told = (
                f"There is no “{path}”, which {KEYS.name} names. `cli.py keys add NAME` makes it."
            )
            raise WrongKeys(told) from error
        return ()
    except OSError as error:
        raise WrongKeys(f"The keys in “{path}” can't be read: {error.strerror}.") from error


@functools.lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _size: int) -> tuple[Key, ...]:
    lines = path.read_text("utf-8", errors="replace").splitlines()
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if not match:
            raise WrongKeys(f"Line {number} of “{path}” is no key. Remove it.")
        found.append(Key(match[1], match[2], int(match[3]) if match[3] else None))
    return tuple(found)


def add(name: str, per_minute: int | None = None) -> str:
    """A new key. Raises WrongKeys or WriteFailed."""
    if not re.fullmatch(r"[\w.@-]{1,64}", name, re.ASCII):
        raise WrongKeys(f"“{name}” should be letters, digits, or one of . _ @ -, up to 64.")
    with _alone():
        keys = known() if keys_file().exists() else ()
        if any(key.name == name for key in keys):
            told = f"There is a key called “{name}”. Revoke it first, or choose another name."
            raise WrongKeys(told)
        made = f"cc_{secrets.token_urlsafe(32)}"
        _save([*keys, Key(name, _digest(made), per_minute)])
    return made


def revoke(name: str) -> None:
    """From the next request on it's no key. Raises WrongKeys or WriteFailed."""
    with _alone():
        keys = known()
        left = [key for key in keys if key.name != name]
        if len(left) == len(keys):
            there = ", ".join(key.name for key in keys) or "none"
            raise WrongKeys(f"There is no key called “{name}”. There are: {there}.")
        _save(left)


@contextmanager
def _alone() -> Iterator[None]:
    """Nobody else changes the keys meanwhile, in no other process either where that can be.
    Raises WrongKeys."""
    path = keys_file()
    path = path.with_name(f".{path.name}.lock")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        lock = path.open("a")
    except OSError as error:
        raise WrongKeys(f"“{path}” can't be written: {error.strerror}.") from error
    with lock:
        if fcntl:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def owner(sent: str, keys: Iterable[Key]) -> Key | None:
    """The key that was sent; None if it's none. All are compared, each in constant time."""
    digest, found = _digest(sent), None
    for key in keys:
        if hmac.compare_digest(key.digest, digest):
            found = key
    return found


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()


def _save(keys: Iterable[Key]) -> None:
    path = keys_file()
    lines = [" ".join(str(part) for part in key if part is not None) + "\n" for key in keys]
    title = "# Keys of the API: name, SHA-256, requests a minute if that is limited.\n"
    write(path, "".join([title, *lines]).encode(), private=True)
