"""How long measuring will take, by what it took so far. Nothing is foretold before that."""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable
from statistics import median

from evaluation.measuring import Outcome
from photos.counts import duration


class Pace:
    """Seconds that a photo took, of each model on one device, by the model's name; one of another
    tool's mattes counts as a model."""

    def __init__(self) -> None:
        self._took: defaultdict[str, list[float]] = defaultdict(list)
        self._worked: set[str] = set()
        self._idle: set[str] = set()

    def learn(self, model: str, took: float | None) -> None:
        """took: as `Measured` has it; None where it isn't known."""
        if took is not None:
            insort(self._took[model], took)  # a median is asked for with each photo

    def learn_of(self, outcome: Outcome) -> None:
        """From what became of a photo. A model that so far only failed, or whose results were all
        on record, isn't waited for. What was on record took its time in another run."""
        if not outcome.spec:
            return
        if outcome.measured and outcome.new:
            self._worked.add(outcome.spec.name)
            self.learn(outcome.spec.name, outcome.measured.took)
        else:
            self._idle.add(outcome.spec.name)

    def seconds(self, models: Iterable[str]) -> float | None:
        """What is left takes so long: a photo for each of these names, or as many as a mapping of
        names tells. None as long as nothing is known of one of them. A model's load or download
        isn't in it."""
        left = 0.0
        skipped = self._idle - self._worked
        for model, photos in Counter(models).items():
            if model in skipped:
                continue
            took = self._took.get(model)
            if not took:
                return None
            left += photos * median(took)
        return left

    def words(self, models: Iterable[str]) -> str:
        """Such as "about 5 min"; empty if there is nothing to tell."""
        seconds = self.seconds(models)
        return f"about {duration(seconds)}" if seconds and seconds >= 1 else ""
