"""One collection: what is in it, and who voted how."""

import csv
import io
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, fields

from evaluation.encoding import jpeg
from evaluation.votes.base import BadBase, Base, now
from evaluation.votes.kinds import Ballot, Cast, Entry, Shown, Verdict
from photos.cut import Cut
from photos.photo import PhotoFile

QUALITY = 95
"""Of the JPEG that a photo is kept as."""

_ENTRIES = (
    "SELECT model, label, family, revision, seconds, peak_bytes, png FROM entries WHERE photo = ?"
)


class Collection:
    """The collection called `name` in a base. Raises BadBase if there is none."""

    def __init__(self, base: Base, name: str) -> None:
        self.base = base
        self.number, self.name = base.find(name)

    def add(self, cut: Cut, tags: Sequence[str] = ()) -> None:
        """Keep a model's own matte and its photo: as a JPEG of its full size, without any metadata.
        An earlier matte by the model is replaced and, if it was another, its votes are dropped. The
        photo's name and tags are kept with it; tags are added to those that it has. Raises BadBase
        if the collection was deleted."""
        cut, name = cut.own, cut.spec.name
        try:
            with self.base.opened() as base:
                base.execute("BEGIN IMMEDIATE")
                photo = self._photo(base, cut.photo, tags)
                base.execute(
                    "DELETE FROM votes WHERE photo = ? AND ? IN (left_model, right_model)"
                    " AND EXISTS"
                    " (SELECT 1 FROM entries WHERE photo = ? AND model = ? AND png <> ?)",
                    (photo, name, photo, name, cut.png()),
                )
                base.execute(
                    "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        photo, name, cut.spec.label, cut.spec.family, cut.revision,
                        cut.inference, cut.peak_bytes, cut.png(),
                    ),
                )  # fmt: skip
        except sqlite3.IntegrityError as error:
            raise BadBase(f"“{self.name}” was deleted meanwhile. Begin it anew.") from error

    def _photo(self, base: sqlite3.Connection, photo: PhotoFile, tags: Sequence[str]) -> int:
        """Its number: it's added if it isn't there, else tagged."""
        row = base.execute(
            "SELECT id, tags FROM photos WHERE collection = ? AND key = ?", (self.number, photo.key)
        ).fetchone()
        if row:
            told = json.dumps(list(dict.fromkeys((*json.loads(row[1]), *tags))))
            base.execute("UPDATE photos SET tags = ? WHERE id = ?", (told, row[0]))
            return int(row[0])
        added = base.execute(
            "INSERT INTO photos (collection, key, name, tags, width, height, jpeg)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                self.number, photo.key, photo.name, json.dumps(list(tags)), photo.width,
                photo.height, jpeg(photo.pixels(), QUALITY, fine=True),
            ),
        )  # fmt: skip
        return int(added.lastrowid or 0)

    def photos(self) -> list[Shown]:
        """In the order in which they came."""
        with self.base.opened() as base:
            rows = base.execute(
                "SELECT id, key, name, tags, width, height FROM photos WHERE collection = ?"
                " ORDER BY id",
                (self.number,),
            ).fetchall()
        return [
            Shown(number, key, name, tuple(json.loads(tags)), width, height)
            for number, key, name, tags, width, height in rows
        ]

    def picture(self, photo: Shown) -> bytes:
        """The photo's JPEG."""
        with self.base.opened() as base:
            row = base.execute("SELECT jpeg FROM photos WHERE id = ?", (photo.number,)).fetchone()
        if row is None:
            raise _gone(photo)
        return bytes(row[0])

    def entries(self, photo: Shown) -> dict[str, Entry]:
        """By models' names."""
        with self.base.opened() as base:
            rows = base.execute(f"{_ENTRIES} ORDER BY model", (photo.number,)).fetchall()
        return {row[0]: Entry(*row) for row in rows}

    def contents(self) -> list[tuple[Shown, list[str]]]:
        """Every photo with the names of the models that have a matte of it, in order."""
        with self.base.opened() as base:
            rows = base.execute(
                "SELECT photo, model FROM entries JOIN photos ON photos.id = photo"
                " WHERE collection = ? ORDER BY model",
                (self.number,),
            ).fetchall()
        held: dict[int, list[str]] = {}
        for number, model in rows:
            held.setdefault(number, []).append(model)
        return [(photo, held.get(photo.number, [])) for photo in self.photos()]

    def entry(self, photo: Shown, model: str) -> Entry:
        """That model's. Raises BadBase if it isn't there any more."""
        with self.base.opened() as base:
            row = base.execute(f"{_ENTRIES} AND model = ?", (photo.number, model)).fetchone()
        if row is None:
            raise _gone(photo)
        return Entry(*row)

    def spent(self) -> dict[str, list[tuple[float, int]]]:
        """Seconds and most bytes of memory of each of a model's cuts, by models' names."""
        with self.base.opened() as base:
            rows = base.execute(
                "SELECT model, seconds, peak_bytes FROM entries JOIN photos ON photos.id = photo"
                " WHERE collection = ?",
                (self.number,),
            ).fetchall()
        found: dict[str, list[tuple[float, int]]] = {}
        for model, *each in rows:
            found.setdefault(model, []).append((each[0], each[1]))
        return found

    def models(self) -> dict[str, str]:
        """The labels of all models that have a matte here, by their names."""
        with self.base.opened() as base:
            rows = base.execute(
                "SELECT DISTINCT model, label FROM entries JOIN photos ON photos.id = photo"
                " WHERE collection = ? ORDER BY model",
                (self.number,),
            ).fetchall()
        return dict(rows)

    def vote(
        self,
        ballot: Ballot,
        verdict: Verdict,
        voter: str = "",
        backdrop: str = "",
        *,
        visit: str = "",
    ) -> int:
        """Keep a vote; returns its number. voter, visit: as `Cast` has them. Raises BadBase if the
        photo isn't there any more."""
        photo = ballot.photo
        told = (
            photo.number, ballot.left, ballot.right, verdict, voter.strip(), visit, backdrop, now(),
        )  # fmt: skip
        try:
            with self.base.opened() as base:
                row = base.execute(
                    "INSERT INTO votes"
                    " (photo, left_model, right_model, verdict, voter, visit, backdrop, at)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                    told,
                ).fetchone()
        except sqlite3.IntegrityError as error:
            raise _gone(photo) from error
        return int(row[0])

    def take_back(self, number: int) -> None:
        """Undo the vote with that number."""
        with self.base.opened() as base:
            base.execute("DELETE FROM votes WHERE id = ?", (number,))

    def votes(self) -> list[Cast]:
        """All votes, the oldest first."""
        with self.base.opened() as base:
            rows = base.execute(
                "SELECT key, name, tags, left_model, right_model, verdict, voter, visit, backdrop,"
                " at FROM votes JOIN photos ON photos.id = photo WHERE collection = ?"
                " ORDER BY votes.id",
                (self.number,),
            ).fetchall()
        return [Cast(row[0], row[1], tuple(json.loads(row[2])), *row[3:]) for row in rows]

    def as_csv(self) -> bytes:
        """The votes as a table, UTF-8. A text that a spreadsheet would take for a formula begins
        with an apostrophe."""
        file = io.StringIO()
        table = csv.writer(file)
        table.writerow(field.name for field in fields(Cast))
        for cast in self.votes():
            told = asdict(cast) | {"tags": ";".join(cast.tags)}
            table.writerow(
                f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
                for text in told.values()
            )
        return file.getvalue().encode(errors="backslashreplace")

    def as_json(self) -> bytes:
        """The votes, and what was voted on, without pictures."""
        told = {
            "collection": self.name,
            "photos": [
                asdict(photo)
                | {
                    "entries": [
                        {key: value for key, value in asdict(entry).items() if key != "png"}
                        for entry in self.entries(photo).values()
                    ]
                }
                for photo in self.photos()
            ],
            "votes": [asdict(cast) for cast in self.votes()],
        }
        return json.dumps(told, indent=1, ensure_ascii=False).encode(errors="backslashreplace")


def _gone(photo: Shown) -> BadBase:
    return BadBase(f"“{photo.name}” isn't in the collection any more. Reload the page.")
