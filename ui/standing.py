"""How the photos of a visit get on: waiting, running, done or failed."""

from collections import Counter
from collections.abc import Sequence

from models.catalog import ModelSpec
from models.interface import PromptMissing
from ui.components.filmstrip import State
from ui.state import Bench, Failure


def states_of(held: Bench, specs: Sequence[ModelSpec]) -> dict[str, tuple[State, str]]:
    """By the photos' keys: the state of each with these models, and what there is to tell of it."""
    return {key: _state(held, key, specs) for key in [*held.trays]}


def _state(held: Bench, key: str, specs: Sequence[ModelSpec]) -> tuple[State, str]:
    if any(held.awaits(key, spec) for spec in specs):
        current = held.job.current if held.job else None
        return ("running" if current and current.key[0] == key else "waiting"), ""
    outcomes = [(spec, held.outcome(key, spec)) for spec in specs]
    failed = [
        f"{spec.label}: {outcome.error}"
        for spec, outcome in outcomes
        if isinstance(outcome, Failure) and not isinstance(outcome.error, PromptMissing)
    ]
    if failed:
        return "failed", " ".join(failed)
    heard = [outcome for spec, outcome in outcomes if held.trays[key].can_run(spec)]
    return ("done" if heard and all(heard) else ""), ""


def summary(held: Bench, specs: Sequence[ModelSpec]) -> str:
    """“12 done, 1 failed”; empty before anything has run."""
    counts = Counter(state for state, _ in states_of(held, specs).values())
    return ", ".join(f"{counts[state]} {state}" for state in ("done", "failed") if counts[state])
