"""What a comparison tells of models where no truth is known: agreement and steadiness."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from typer import BadParameter, Option

from evaluation.agreement import CAVEAT, no_consensus
from evaluation.steadiness import Steadiness
from terminal.request import Request

_JUDGING = "Which is right, without a truth"


@dataclass(frozen=True)
class Judging:
    consensus: Annotated[
        bool,
        Option(
            "--consensus",
            help="One more result: the median of the models' mattes; and how far each is from what "
            f"the others agree on. {CAVEAT}",
            rich_help_panel=_JUDGING,
        ),
    ] = False
    steadiness: Annotated[
        bool,
        Option(
            "--steadiness",
            help="Run each model four more times, on the photo mirrored, darker, turned and "
            "compressed: how much does its matte change? A steady model can still be wrong.",
            rich_help_panel=_JUDGING,
        ),
    ] = False

    def check(self, request: Request) -> None:
        """Raises BadParameter."""
        if self.consensus and (why := no_consensus(request.rows)):
            raise BadParameter(why, param_hint="--consensus")


def told(steady: Steadiness) -> Mapping[str, Any]:
    """As results.json has it: 0 is perfectly steady."""
    changes = {name: round(value, 5) for name, value in steady.by_change.items()}
    return {"mean": round(steady.mean, 5), **changes}
