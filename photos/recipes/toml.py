"""Values as TOML has them; Python reads TOML, and doesn't write it."""

import json
from collections.abc import Mapping
from typing import Any


def toml_value(value: Any) -> str:
    """Write a value.

    Parameters
    ----------
    value
        A text, number or switch, a list or tuple of values, or a mapping of texts to values.

    Returns
    -------
    toml : str
        In one line.

    Examples
    --------
    >>> toml_value({"a": [1, True], "b": "c"})
    '{ a = [1, true], b = "c" }'
    """
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {toml_value(each)}' for key, each in value.items())} }}"
    # Of these, JSON is TOML but for one letter that TOML wants written otherwise.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
