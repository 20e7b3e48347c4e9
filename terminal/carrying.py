"""What the verbs that make pictures have in common once they know what is wanted."""

import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext, redirect_stdout
from pathlib import Path

from typer import echo

from terminal.files import Target
from terminal.gathering import gather
from terminal.objects import tell_objects
from terminal.request import Request
from terminal.work import NoResult


def carry_out(
    photos: Sequence[Path],
    request: Request,
    work: Callable[[list[Path]], list[NoResult]],
    target: Target | None = None,
    spared: Sequence[Path] = (),
) -> list[NoResult]:
    """A verb's own work on the photos, or only the list of the objects in them. spared: files that
    are no photos."""
    mattes = {file.resolve() for each in request.tools for file in each.files}
    mattes |= {file.resolve() for file in spared}
    found = gather(photos, lambda sentence: echo(sentence, err=True))
    found = [photo for photo in found if photo.resolve() not in mattes]
    if request.listing:
        return tell_objects(found, request)
    # Whatever else is printed must not get into a picture that is piped out.
    with redirect_stdout(sys.stderr) if target and target.pipe else nullcontext():
        return work(found)
