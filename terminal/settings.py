"""The environment, looked at once before a verb does anything."""

from typer import Exit, echo

from models.running.settings import check


def check_settings() -> None:
    """End the program with a sentence about each setting that can't be used, if there is one."""
    wrong = check()
    for sentence in wrong:
        echo(sentence, err=True)
    if wrong:
        raise Exit(2)
