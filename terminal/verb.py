"""What makes a command of a verb: its options, spread from their groups, and its end."""

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import is_dataclass
from inspect import Parameter, Signature
from typing import Any

from typer import Abort, Context, Exit, TyperException, echo

from photos.saving import WriteFailed
from terminal.recipe_places import tell_places
from terminal.unforeseen import sentence, traced
from terminal.work import NoResult


def verb(work: Callable[..., Sequence[NoResult]]) -> Callable[..., None]:
    """`work` for Typer: of a parameter whose type is a dataclass, each field is an option.

    One of the fields is called debug. The exit code is 1 if anything failed; what nobody foresaw is
    told in a sentence, and with debug its traceback before.
    """
    parameters = inspect.signature(work).parameters
    groups: dict[str, Any] = {
        name: parameter.annotation
        for name, parameter in parameters.items()
        if is_dataclass(parameter.annotation)
    }

    @functools.wraps(work)
    def command(context: Context, **words: Any) -> None:
        tell_places(context)
        debug = words["debug"]
        for name, group in groups.items():
            fields = inspect.signature(group).parameters
            words[name] = group(**{field: words.pop(field) for field in fields})
        try:
            failures = work(**words)
        except (Exit, Abort, TyperException, BrokenPipeError):
            raise
        except WriteFailed as error:
            echo(str(error), err=True)
            raise Exit(1) from error
        except Exception as error:
            if debug:
                echo(traced(error), err=True)
            echo(sentence(error, debug=debug), err=True)
            raise Exit(1) from error
        if failures:
            raise Exit(1)

    command.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter("context", Parameter.KEYWORD_ONLY, annotation=Context),
            *(
                each.replace(kind=Parameter.KEYWORD_ONLY)
                for name, parameter in parameters.items()
                for each in _spread(parameter, groups.get(name))
            ),
        ]
    )
    return command


def _spread(parameter: Parameter, group: Any) -> Sequence[Parameter]:
    return list(inspect.signature(group).parameters.values()) if group else [parameter]
