"""Who may work on a folder of results in a store: one run at a time, as it has no locks.

A lease is a small object with a number; the highest number holds. A new one is written by a
conditional write, of which a store lets one succeed. Its holder writes it anew all the time, so
that others see whether it lives: by its changing, as no two machines' clocks agree.
"""

import json
import os
import platform
import re
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

import psutil

from photos.batch.stores import objects
from photos.batch.stores.address import StoreFailed
from photos.photo import PhotoError

BEAT = 15.0
"""Seconds between two signs of life."""
SILENT = 60.0
"""Seconds without one after which a run on another machine counts as gone."""
_NAME = re.compile(r"(batch(?:-(\d+)-of-(\d+))?)\.(\d+)")


class _Other(NamedTuple):
    """Another run's lease. stem: the name of its manifest. number: of the lease."""

    address: str
    stem: str
    number: int


class Lease:
    """The right to work on a folder, or on a part of its photos.

    Parameters
    ----------
    out : str
        The folder's address.
    stem : str
        What the manifest is called: "batch", or "batch-3-of-16" of a part.
    tell : callable
        Told what takes a while, in a sentence.
    silent : float
        Seconds, as SILENT.

    Raises
    ------
    StoreFailed
        If another run is at work there; or the store can't be used.

    Examples
    --------
    >>> callable(Lease)  # it needs a store
    True
    """

    def __init__(
        self,
        out: str,
        stem: str,
        tell: Callable[[str], object] = lambda _: None,
        *,
        silent: float = SILENT,
    ) -> None:
        self._out, self._stem, self._tell, self._silent = out, stem, tell, silent
        self._folder = f"{out}/batch.leases"
        self._run = uuid.uuid4().hex
        self._beats = 0
        self._seen = time.monotonic()
        self._lost = ""
        self._taken = threading.Lock()
        self._dead: dict[str, dict[str, Any]] = {}
        self._address = self._take()

    def check(self) -> None:
        """Raises StoreFailed if it's held no longer: another run may then be at work."""
        if self._lost:
            raise StoreFailed(self._lost)
        if time.monotonic() - self._seen > self._silent * 0.75:
            raise StoreFailed(
                f"“{self._out}” hasn't answered for {self._silent * 0.75:.0f} s, and others may "
                "take this run for dead. The same command goes on from here."
            )

    def beat(self) -> None:
        """A sign of life. Raises StoreFailed."""
        with self._taken:
            others = [each for each in self._others() if each.stem == self._stem]
            mine = any(each.address == self._address for each in others)
            if not mine or any(each.number > self._number for each in others):
                self._lost = (
                    f"Another run has taken “{self._out}” over, as this one was silent for a while."
                )
                raise StoreFailed(self._lost)
            self._beats += 1
            objects.put(self._address, self._told())
            self._seen = time.monotonic()

    def release(self) -> None:
        """Another run may begin at once. Raises StoreFailed."""
        with self._taken:
            if not self._lost:
                objects.remove(self._address)

    def _take(self) -> str:
        while True:
            others = self._refused_by_living()
            same = [each for each in others if each.stem == self._stem]
            self._number = 1 + max((each.number for each in same), default=0)
            address = f"{self._folder}/{self._stem}.{self._number:06}"
            if objects.put(address, self._told(), new=True):
                break  # else somebody was quicker, and is looked at
        if objects.put(address, self._told(), new=True):
            self._tell(
                "This store knows no conditional writes: see to it yourself that only one run at a "
                "time works there."
            )
        try:
            left = self._refused_by_living(besides=address)
        except StoreFailed:  # parts that overlap, and began at the same moment
            objects.remove(address)
            raise
        for each in left:
            objects.remove(each.address)
        return address

    def _refused_by_living(self, besides: str = "") -> list[_Other]:
        """Those of runs that have ended. Raises StoreFailed if one lives."""
        others = [each for each in self._others() if each.address != besides]
        for each in others:
            if told := self._living(each):
                raise StoreFailed(
                    f"Another run is at work in “{self._out}”: process {told.get('pid')} on "
                    f"{told.get('host')}. Wait for its end, or give each run a part: --shard 1/2 "
                    "and --shard 2/2."
                )
        return others

    def _others(self) -> list[_Other]:
        """The leases that there are, of whoever would do the same photos."""
        found = []
        for entry in objects.listed(self._folder):
            named = _NAME.fullmatch(entry.name)
            if named and _overlap(self._stem, named[1]):
                address = f"{self._folder}/{entry.name}"
                found.append(_Other(address, named[1], int(named[4])))
        return found

    def _living(self, other: _Other) -> dict[str, Any] | None:
        """What another run tells of itself, if it lives; looked at for a while, unless it's on this
        machine."""
        first = _read(other.address)
        if first is None or first == self._dead.get(other.address):
            return None
        if first.get("host") == platform.node():
            return first if _process_lives(first) else None
        self._tell(
            f"A run on {first.get('host')} has left its mark in “{self._out}”: looking for "
            f"{self._silent:.0f} s whether it lives."
        )
        latest = time.monotonic() + self._silent
        while time.monotonic() < latest:
            time.sleep(min(5.0, self._silent / 12))
            now = _read(other.address)
            if now is None:
                return None
            if now != first:
                return now
        self._dead[other.address] = first  # looked at once
        return None

    def _told(self) -> bytes:
        pid = os.getpid()
        told = {
            "run": self._run,
            "host": platform.node(),
            "pid": pid,
            "born": psutil.Process(pid).create_time(),
            "beats": self._beats,
        }
        return json.dumps(told).encode()


def _overlap(one: str, other: str) -> bool:
    """Whether two manifests are of the same photos, or some: parts of one division aren't."""
    first, second = one.partition("-of-"), other.partition("-of-")
    return one == other or first[2] != second[2] or not first[2]


def _read(address: str) -> dict[str, Any] | None:
    """None if it's gone."""
    try:
        told = json.loads(objects.get(address))
    except PhotoError:
        return None
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _process_lives(told: dict[str, Any]) -> bool:
    with suppress(psutil.Error, KeyError, TypeError, ValueError):
        process = psutil.Process(int(told["pid"]))
        dead = process.status() == psutil.STATUS_ZOMBIE
        return not dead and abs(process.create_time() - float(told["born"])) < 1
    return False
