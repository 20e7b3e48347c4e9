"""The environment, looked at once before a verb does anything."""

from typer import Exit, echo

from models.running.settings import check


def check_settings(*, goes_on: bool) -> None:
    """Tell of each setting that can't be used, in a sentence; then end the program, unless it
    goes on."""
    wrong = check()
    for sentence in wrong:
        echo(sentence, err=True)
    if wrong and not goes_on:
        raise Exit(2)
