"""What a worker sees of the manifest."""

from types import TracebackType
from typing import Any, Self

from photos.batch.doing import Done
from photos.batch.found import Found
from photos.batch.manifest import Claim
from photos.batch.pieces import Piece
from photos.batch.standing import State


class Shared:
    """A parcel's part of the manifest, asked of the process that keeps it.

    Parameters
    ----------
    keeper : ray.actor.ActorHandle
        Of a `Keeper`.
    pieces : tuple of Piece
    parcel : int

    Raises
    ------
    What the keeper's methods raise, as they raise it.

    Examples
    --------
    >>> callable(Shared.claim)  # it needs a cluster
    True
    """

    def __init__(self, keeper: Any, pieces: tuple[Piece, ...], parcel: int) -> None:
        self._keeper, self.pieces, self._parcel = keeper, pieces, parcel

    def __enter__(self) -> Self:
        self._opening = asked(self._keeper.open, self._parcel)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asked(self._keeper.close, self._opening)

    def state(self, found: Found) -> State:
        state: State = asked(self._keeper.state, self._opening, found)
        return state

    def claim(self, found: Found, *, alone: bool = False) -> Claim | None:
        claim: Claim | None = asked(self._keeper.claim, self._opening, found, alone=alone)
        return claim

    def end(self, claim: Claim, done: Done) -> None:
        asked(self._keeper.end, self._opening, claim, done)

    def release(self, claim: Claim) -> None:
        asked(self._keeper.release, self._opening, claim)

    def pulse(self, _photos: int, _seconds: float) -> None:
        asked(self._keeper.pulse, self._opening)


def asked(method: Any, *words: Any, **named: Any) -> Any:
    """An actor's answer; or its own error, without the traceback that Ray puts into the sentence.

    Parameters
    ----------
    method : ray.actor.ActorMethod
    *words, **named

    Examples
    --------
    >>> callable(asked)  # it needs a cluster
    True
    """
    import ray
    from ray.exceptions import RayTaskError

    try:
        return ray.get(method.remote(*words, **named))
    except RayTaskError as error:
        raise error.cause from None
