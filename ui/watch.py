"""What of a job a tab's page showed when it was drawn last, and what there is to tell since."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from models.catalog import ModelSpec
from models.running.jobs import Job
from photos.names import unique
from ui.standing import states_of
from ui.state import Bench

type Standing = Callable[[Bench], object]
"""What of the job a page shows: the page is drawn anew when that is another."""


@dataclass(frozen=True, eq=False)
class Watch:
    """To be asked by any thread.

    drawn: the number of that. shown: what `standing` gave then. specs: the models whose progress is
    told of each photo.
    """

    held: Bench
    drawn: int
    shown: object
    standing: Standing
    specs: Sequence[ModelSpec]

    def news(self, drawn: int) -> bool:
        """Whether the page should be drawn anew, as it is where the browser missed what was `drawn`
        since."""
        return drawn != self.drawn or self.standing(self.held) != self.shown

    def tell(self, drawn: int) -> dict[str, Any]:
        """Ready for JSON. bar: the job's text and share, 0 to 1, None without a job; states: of the
        photos by their keys."""
        job = self.held.job
        return {
            "news": self.news(drawn),
            "bar": job and {"text": _words(self.held, job), "share": _share(job)},
            "states": states_of(self.held, self.specs),
        }


def _words(held: Bench, job: Job) -> str:
    if job.stopping:
        return "Stopping…"
    if job.state == "queued":
        return f"In the queue, {job.ahead} ahead of you"
    current = job.current
    step = current or next(iter(job.left), None)  # between two, the next
    told = []
    if step:
        told += [_name(held, step.key[0])] if len(held.trays) > 1 else []
        told += [f"{step.label} {job.detail}" if current else step.label]
    runs = " · ".join(filter(None, told))
    if job.total <= 1:
        return runs
    done = ", ".join(filter(None, [f"{job.done} of {job.total} done", held.truths.time_left(job)]))
    return f"{done}, {'now' if current else 'next'} {runs}" if runs else done


def _name(held: Bench, key: str) -> str:
    """Of a photo, as the strip tells it; empty for what is about none of them."""
    trays = {**held.trays}
    names = unique(tray.photo.name for tray in trays.values())
    return dict(zip(trays, names, strict=True)).get(key, "")


def _share(job: Job) -> float:
    return min((job.done + job.part) / max(job.total, 1), 1.0)
