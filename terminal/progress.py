"""What is said while work goes on: bars and sentences, on stderr."""

import sys
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)


class Bar:
    """A bar for `total` pieces of work, one for a download, and one for the steps of a painter.
    total: None if it isn't known yet. foretold: who has the bar tells itself how long it takes, as
    where pieces take very different times.

    They are drawn on stderr, and only if that is a terminal. Sentences go above the bars.
    """

    def __init__(self, total: int | None, *, foretold: bool = False) -> None:
        self.console = Console(stderr=True)
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            *(() if foretold else (TimeRemainingColumn(),)),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
            # What is printed into a pipe or a file must get there.
            redirect_stdout=sys.stdout.isatty(),
        )
        self._work = self._bars.add_task("", total=total)
        self._download = self._bars.add_task("Downloading", visible=False)
        self._steps = self._bars.add_task("Painting", visible=False)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def doing(self, what: str) -> None:
        self._bars.update(self._work, description=what)

    def done(self, pieces: int = 1) -> None:
        for task in (self._download, self._steps):
            self._bars.update(task, visible=False)
        self._bars.advance(self._work, pieces)

    def reached(self, pieces: int, total: int | None, what: str) -> None:
        """So many pieces of work are done, of so many if that is known."""
        self._bars.update(self._work, completed=pieces, total=total, description=what)

    def downloaded(self, done: int, total: int) -> None:
        """The bytes of a download: here, and in all."""
        self._show(self._download, done, total)

    def painted(self, done: int, total: int) -> None:
        """The steps of a painter: done, and in all."""
        self._show(self._steps, done, total)

    def _show(self, task: TaskID, done: int, total: int) -> None:
        self._bars.update(task, completed=done, total=total, visible=done < total)

    def tell(self, sentence: str) -> None:
        self.console.print(sentence, markup=False, highlight=False, soft_wrap=True)
