"""Who works on a batch's photos: processes, on this machine or others, and whether they live."""

import os
import platform
import sqlite3
import time
import uuid
from contextlib import suppress

import psutil

PULSE = 5.0
"""Seconds between two signs of life."""
_SILENT = 60.0
"""Seconds without one after which a process on another machine counts as gone."""


def enter(tables: sqlite3.Connection, asked: str) -> str:
    """Write down that this process works here.

    Parameters
    ----------
    tables : sqlite3.Connection
    asked : str
        What it makes of each photo, as a digest.

    Returns
    -------
    run : str
        By which what it works on is known.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from photos.batch.base import Base
    >>> with TemporaryDirectory() as folder:
    ...     base = Base(Path(folder) / "batch.sqlite")
    ...     with base.writing() as tables:
    ...         lives(tables, enter(tables, "")), lives(tables, "another")
    ...     base.close()
    (True, False)
    """
    run, pid = uuid.uuid4().hex, os.getpid()
    told = (run, platform.node(), pid, psutil.Process(pid).create_time(), time.time(), asked)
    tables.execute(
        "INSERT INTO runs (id, host, pid, born, seen, asked) VALUES (?, ?, ?, ?, ?, ?)", told
    )
    return run


def lives(tables: sqlite3.Connection, run: str) -> bool:
    """Tell whether the process of a run is still there.

    Parameters
    ----------
    tables : sqlite3.Connection
    run : str

    Returns
    -------
    lives : bool
        On this machine that is known; of another one it was heard within the last minute.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from photos.batch.base import Base
    >>> with TemporaryDirectory() as folder:
    ...     base = Base(Path(folder) / "batch.sqlite")
    ...     with base.writing() as tables:
    ...         run = enter(tables, "")
    ...         _ = tables.execute("UPDATE runs SET born = born - 1000")  # another's number then
    ...         lives(tables, run)
    ...     base.close()
    False
    """
    told = tables.execute("SELECT host, pid, born, seen FROM runs WHERE id = ?", (run,)).fetchone()
    if told is None:
        return False
    host, pid, born, seen = told
    if host != platform.node():
        return bool(time.time() - seen < _SILENT)
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        dead = process.status() == psutil.STATUS_ZOMBIE
        return not dead and abs(process.create_time() - born) < 1
    return False
