"""What results are called, so that no two meet."""

from collections.abc import Iterable

from photos.photo import stem_of

RESULTS = "results.json"


def folders_of(names: Iterable[str]) -> list[str]:
    """Name a folder for each photo: no two alike, and none in the place of RESULTS.

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
    return unique((RESULTS, *map(stem_of, names)))[1:]


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
