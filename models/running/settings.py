"""Numbers that whoever runs this may set in the environment."""

import math
import os


def number(name: str, default: float) -> float:
    """The setting called `name`; the default if there is none. Raises ValueError, in a sentence
    for whoever set it, if it's no number above 0."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise ValueError(f"The setting {name} should be a number such as 8; it is “{text}”.")
    return value
