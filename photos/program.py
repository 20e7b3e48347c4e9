"""Which program this is."""

import functools
from pathlib import Path


@functools.cache
def program() -> str:
    """Tell the program's name and version.

    Returns
    -------
    program : str

    Examples
    --------
    >>> program().split(" ")[0]
    'cutout-compare'
    """
    import tomllib  # slow to import

    with Path(__file__).parents[1].joinpath("pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    return f"{project['name']} {project['version']}"
