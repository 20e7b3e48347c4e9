"""The command line: `uv run cli.py blur photo.jpg`. `uv run cli.py --help` tells the rest."""

import os
import sys


def main() -> None:
    """Ctrl-C ends it without a word, with exit code 130, whenever it comes."""
    try:
        import signal  # here, as even this can be interrupted

        obeyed = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if obeyed:
            signal.signal(signal.SIGINT, _leave)
        # No library that they import can swallow the interruption.
        from serving.verbs import app as keys
        from terminal.verbs import app

        app.add_typer(keys, name="keys")

        try:
            if obeyed:
                signal.signal(signal.SIGINT, signal.default_int_handler)
            app()  # what is half done is tidied up
        finally:
            if obeyed:
                signal.signal(signal.SIGINT, _leave)
    except KeyboardInterrupt:
        sys.exit(130)


def _leave(*_: object) -> None:
    os._exit(130)


if __name__ == "__main__":
    main()
