"""SQLite's write-ahead log: several processes read and write one file at once."""

import sqlite3
import time

WAIT = 30
"""Seconds that one connection waits for another's write."""


def write_ahead(base: sqlite3.Connection) -> None:
    """Keep a database with a write-ahead log (sqlite.org/wal.html) from now on.

    While another connection makes that of a new file, or writes to it, SQLite says at once that it
    is locked, whatever the connection's timeout: so this waits by itself.

    Parameters
    ----------
    base : sqlite3.Connection
        No transaction is open in it.

    Raises
    ------
    sqlite3.Error
        If the file can't be written, or is locked for longer than `WAIT`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     base = sqlite3.connect(Path(folder) / "new.sqlite")
    ...     write_ahead(base)
    ...     print(base.execute("PRAGMA journal_mode").fetchone())
    ...     base.close()
    ('wal',)
    """
    until = time.monotonic() + WAIT
    while True:
        try:
            base.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(0.02)
