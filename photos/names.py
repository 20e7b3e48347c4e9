"""What results are called, so that no two meet."""

import re
from collections.abc import Collection, Iterable

from photos.photo import stem_of

RESULTS, FAILURES = "results.json", "failures.csv"
ENDINGS = ("blurred", "replaced", "cutout", "generated", "matte", "trimap")
"""What results beside a photo are called after its name."""


def folders_of(names: Iterable[str]) -> list[str]:
    """Name a folder for each photo: no two alike, and none in the place of RESULTS or FAILURES.

    Parameters
    ----------
    names : iterable of str
        The photos' file names.

    Returns
    -------
    folders : list of str
        In the same order.

    Examples
    --------
    >>> folders_of(["Cat.jpg", "cat.png", "results.json.jpg"])
    ['Cat', 'cat-2', 'results.json-2']
    """
    return unique((RESULTS, FAILURES, *map(stem_of, names)))[2:]


def unique(names: Iterable[str]) -> list[str]:
    """Number names that are alike.

    Upper and lower case count as alike: on many people's disks they are the same file.

    Parameters
    ----------
    names : iterable of str

    Returns
    -------
    unique : list of str
        In the same order.

    Examples
    --------
    >>> unique(["portrait", "Portrait", "beach", "portrait"])
    ['portrait', 'Portrait-2', 'beach', 'portrait-3']
    """
    taken: set[str] = set()
    result = []
    for name in names:
        choice, number = name, 2
        while choice.casefold() in taken:
            choice, number = f"{name}-{number}", number + 1
        taken.add(choice.casefold())
        result.append(choice)
    return result


def natural(name: str) -> tuple[list[str | int], str]:
    """Make the key by which people sort names: p2 before p10, letters without their case.

    Parameters
    ----------
    name : str

    Returns
    -------
    key
        Digits in a row are one number in it.

    Examples
    --------
    >>> sorted(["p10", "P2", "p1"], key=natural)
    ['p1', 'P2', 'p10']
    """
    parts = re.split("([0-9]+)", name.casefold())  # every second one is digits
    return [int(part) if number % 2 else part for number, part in enumerate(parts)], name


def is_result(stem: str, stems: Collection[str]) -> bool:
    """Tell whether a file is what an earlier run put beside a photo.

    Parameters
    ----------
    stem : str
        Its name without ending.
    stems : collection of str
        Those of all photos in the folder.

    Returns
    -------
    is_result : bool

    Examples
    --------
    >>> is_result("cat_blurred-2", {"cat"}), is_result("cat_blurred", {"dog"})
    (True, False)
    """
    match = re.fullmatch(rf"(.+)_({'|'.join(ENDINGS)})(-\d+)?", stem)
    return match is not None and match[1] in stems
