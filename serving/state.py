"""Whether the server takes work."""

import threading

ready = threading.Event()
"""Set once what composes pictures is compiled."""

wrong: list[str] = []
"""Sentences about settings that can't be used; while there are some, nothing runs."""

needs_keys = False
"""Whether nobody may ask without a key, not even programs on this machine."""
