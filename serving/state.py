"""Whether the server takes work."""

import threading

ready = threading.Event()
"""Set once what composes pictures is compiled, and the models that CUTOUT_PRELOAD names are there;
no longer once the server is about to stop."""

wrong: list[str] = []
"""Sentences about settings that can't be used; while there are some, nothing runs."""

missing: dict[str, str] = {}
"""Models that should be loaded and aren't, each with the reason in a sentence."""

stopping = False
"""Whether the server was told to end: what runs is finished, what is new is refused."""

cut_off = False
"""Whether what still runs then is ended, too."""

needs_keys = False
"""Whether nobody may ask without a key, not even programs on this machine."""


def takes_work() -> bool:
    return told()["status"] == "ready"


def told() -> dict[str, object]:
    """What programs are told: a word, and sentences if something is wrong."""
    if wrong:
        return {"status": "wrong", "problems": list(wrong)}
    if stopping:
        return {"status": "stopping"}
    if ready.is_set():
        return {"status": "ready"}
    problems = [f"{name}: {reason}" for name, reason in missing.items()]
    return {"status": "starting", **({"problems": problems} if problems else {})}
