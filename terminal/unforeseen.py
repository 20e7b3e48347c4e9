"""The last resort: errors that nobody foresaw."""

import traceback


def sentence(error: Exception, about: object = None, *, debug: bool) -> str:
    """What went wrong, and with what; without debug also how to see where."""
    what = " ".join(traceback.format_exception_only(error)[-1].split())
    start = f"“{about}”: something" if about else "Something"
    told = f"{start} went wrong that nobody foresaw: {what}"
    return told if debug else f"{told.removesuffix('.')}. Add --debug to see where."


def traced(error: Exception) -> str:
    """The traceback, for --debug."""
    return "".join(traceback.format_exception(error)).rstrip()
