"""Who opens a new file while another is at it waits for that."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest

from evaluation.records import Records
from evaluation.votes.base import Base as Votes
from photos.batch.base import BadManifest
from photos.batch.base import Base as Batch


@pytest.mark.parametrize(
    "open_it",
    [lambda path: Batch(path).close(), Records, lambda path: Votes(path).create("hair")],
    ids=["a batch", "measurements", "votes"],
)
def test_a_new_file_that_another_writes_to_is_waited_for(
    tmp_path: Path, open_it: Callable[[Path], object]
) -> None:
    """SQLite itself doesn't, when the journal's kind is to change: it says at once “locked”."""
    file = tmp_path / "new.sqlite"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    done = Timer(0.3, other.execute, ["COMMIT"])
    done.start()
    open_it(file)
    done.join()
    other.close()
    with closing(sqlite3.connect(file)) as base:
        assert base.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_it_is_not_waited_for_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("photos.write_ahead.WAIT", 0.1)
    with closing(sqlite3.connect(tmp_path / "new.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(BadManifest, match="can't be used: database is locked"):
            Batch(tmp_path / "new.sqlite")
