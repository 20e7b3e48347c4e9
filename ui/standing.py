"""How the photos of a visit get on: waiting, running, done, nothing found or failed."""

from collections import Counter
from collections.abc import Sequence

from models.catalog import ModelSpec
from models.interface import Prompt, PromptMissing
from photos.cut import Cut
from ui.components.filmstrip import State
from ui.state import Bench
from ui.tray import Failure, Tray

_COUNTED: dict[State, str] = {
    "done": "done",
    "empty": "with nothing found",
    "waiting": "to be run again",
    "failed": "failed",
}


def states_of(held: Bench, specs: Sequence[ModelSpec]) -> dict[str, tuple[State, str]]:
    """By the photos' keys: the state of each with these models, and what there is to tell of it.
    Any thread may ask, while photos come and go."""
    return {key: _state(held, key, tray, specs) for key, tray in [*held.trays.items()]}


def _state(held: Bench, key: str, tray: Tray, specs: Sequence[ModelSpec]) -> tuple[State, str]:
    if any(held.awaits(key, spec) for spec in specs):
        job = held.job
        current = job.current if job else None
        return ("running" if current and current.key[0] == key else "waiting"), ""
    outcomes = [(spec, tray.outcome(spec, held.refiner)) for spec in specs]
    failed = [
        f"{spec.label}: {outcome.error}"
        for spec, outcome in outcomes
        if isinstance(outcome, Failure) and not isinstance(outcome.error, PromptMissing)
    ]
    if failed:
        return "failed", " ".join(failed)
    if any(tray.outdated(spec, held.refiner) for spec in specs):
        return "waiting", "to be run again"
    heard = [outcome for spec, outcome in outcomes if tray.can_run(spec)]
    if not heard or not all(heard):
        return "", ""
    found = any(not (isinstance(outcome, Cut) and outcome.empty) for outcome in heard)
    # What was painted may be a find, too; to look for it takes too long here.
    return ("done" if found or tray.brushwork.strokes else "empty"), ""


def summary(held: Bench, specs: Sequence[ModelSpec]) -> str:
    """Of photos that don't run: “11 done, 1 with nothing found, 1 failed”; empty before anything
    has run."""
    counts = Counter(state for state, _ in states_of(held, specs).values())
    told = [f"{counts[state]} {words}" for state, words in _COUNTED.items() if counts[state]]
    return ", ".join(told)


def lacking(held: Bench, specs: Sequence[ModelSpec]) -> dict[str, list[ModelSpec]]:
    """By the photos' keys: those of the models that can run on it, and have no cut of it or one
    that is outdated. Photos that lack none aren't there."""
    todo = {
        key: [
            spec
            for spec in specs
            if tray.can_run(spec) and not isinstance(tray.outcome(spec, held.refiner), Cut)
        ]
        for key, tray in held.trays.items()
    }
    return {key: mine for key, mine in todo.items() if mine}


def behind(outcome: Cut | Failure, asked: Prompt) -> tuple[str, str]:
    """What an outdated outcome lacks, in a sentence, and why it failed if it did; and what a button
    that runs its model again says. asked: what the model is asked now."""
    before, made, why = outcome.prompt, "Made", ""
    if isinstance(outcome, Failure):
        made = "Tried"
        why = "" if isinstance(outcome.error, PromptMissing) else f" {outcome.error}"
    for new, old, what in (
        (asked.boxes, before.boxes, "box"),
        (asked.points, before.points, "point"),
        (asked.text, before.text, "words"),
    ):
        if len(new) > len(old):
            return f"{made} without the new {what}.{why}", f"Run with the new {what}"
    if asked == before:
        return "Made with the other edges of hard masks.", "Run again"
    return f"{made} before you changed the prompt.{why}", "Run again"


def missing(held: Bench, key: str, spec: ModelSpec) -> str:
    """Why there is no cut by a model of the photo with this key, and what to do about it."""
    tray, label = held.trays[key], spec.label
    if held.awaits(key, spec):
        return f"{label} is still to come."
    if isinstance(outcome := tray.outcome(spec, held.refiner), Failure):
        return str(outcome.error)
    if old := tray.outdated(spec, held.refiner):
        return f"{behind(old, tray.asked(spec))[0]} Close this to run it again."
    if not tray.can_run(spec):
        return f"{label} must be told on the Prompt page what the subject is."
    return f"{label} hasn't run on this photo. Close this, then press Run."
