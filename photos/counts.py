"""Numbers of things, in words."""


def counted(number: int, noun: str) -> str:
    """A number and what it counts, whose plural ends in s.

    >>> counted(1, "photo"), counted(12, "photo")
    ('1 photo', '12 photos')
    """
    return f"{number} {noun}{'s' * (number != 1)}"
