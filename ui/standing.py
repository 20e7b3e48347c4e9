"""How the photos of a visit get on: waiting, running, done or failed."""

from collections import Counter
from collections.abc import Sequence

from models.catalog import ModelSpec
from models.interface import PromptMissing
from ui.components.filmstrip import State
from ui.state import Bench, Failure, Tray


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
    heard = [outcome for spec, outcome in outcomes if tray.can_run(spec)]
    return ("done" if heard and all(heard) else ""), ""


def summary(held: Bench, specs: Sequence[ModelSpec]) -> str:
    """“12 done, 1 failed”; empty before anything has run."""
    counts = Counter(state for state, _ in states_of(held, specs).values())
    return ", ".join(f"{counts[state]} {state}" for state in ("done", "failed") if counts[state])
