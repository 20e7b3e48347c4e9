"""Whether the server takes work."""

import threading

ready = threading.Event()
"""Set once what composes pictures is compiled, and the models that CUTOUT_PRELOAD names are there;
no longer once the server is about to stop."""

wrong: list[str] = []
"""Sentences about settings that can't be used; while there are some, nothing runs."""

missing: dict[str, str] = {}
"""Models that should be loaded and aren't, each with the reason in a sentence."""

short: dict[str, str] = {}
"""Models that ran out of memory when they were last asked, each with what was said of it."""

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
    there = ready.is_set()
    found = short if there else missing
    problems = [f"{name}: {reason}" for name, reason in found.copy().items()]
    status = "ready" if there else "starting"
    return {"status": status, **({"problems": problems} if problems else {})}
