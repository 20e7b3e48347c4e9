"""Numbers of things, lists of them and spans of time, in words."""

from collections.abc import Sequence


def counted(number: int, noun: str) -> str:
    """A number and what it counts, whose plural ends in s.

    >>> counted(1, "photo"), counted(12, "photo")
    ('1 photo', '12 photos')
    """
    return f"{number} {noun}{'s' * (number != 1)}"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them.

    >>> listed(["hair"]), listed(["hair", "hands", "feet"])
    ('hair', 'hair, hands and feet')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def duration(seconds: float) -> str:
    """In the unit that fits: "40 s", "5 min", "3.2 h".

    >>> duration(40), duration(300), duration(11520)
    ('40 s', '5 min', '3.2 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
