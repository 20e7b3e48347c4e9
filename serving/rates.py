"""How often each key may ask: at most so many times in any minute."""

import time
from collections import deque
from collections.abc import Callable

MINUTE = 60.0


class Rates:
    """Asked by the server's loop alone. clock: seconds that never go back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: dict[str, deque[float]] = {}

    def wait(self, name: str, most: int) -> float:
        """0.0 if it may ask now, which then counts; else the seconds until it may. What is refused
        doesn't count."""
        now = self._clock()
        asked = self._asked.setdefault(name, deque())
        while asked and asked[0] <= now - MINUTE:
            asked.popleft()
        if len(asked) >= most:
            return asked[len(asked) - most] + MINUTE - now
        asked.append(now)
        return 0.0


rates = Rates()
