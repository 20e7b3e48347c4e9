"""Whether the server takes work."""

import threading

ready = threading.Event()
"""Set once what composes pictures is compiled."""

wrong: list[str] = []
"""Sentences about settings that can't be used; while there are some, nothing runs."""
