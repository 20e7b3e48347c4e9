"""Numbers of things, and lists of them, in words."""

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
