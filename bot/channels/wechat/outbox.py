"""What could not be said yet: an answer that came too late to be sent, or the rest of a long one."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

# After that the question is as good as forgotten.
KEPT_SECONDS = 3600
_MOST, _LONGEST = 2_000, 10_000


@dataclass(frozen=True)
class Waiting:
    """A text for somebody's next word. `late`: nothing of it was said yet, so it goes before anything else."""

    text: str
    late: bool
    at: float


class Outbox:
    """The texts that wait, by sender. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = _MOST):
        self._clock, self._most = clock, most
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()

    def put(self, sender: str, text: str, *, late: bool) -> None:
        """Keep a text for a sender's next word; late answers add up, a rest gives way."""
        before = self.take(sender)
        if before and before.late:
            text, late = f"{before.text}\n\n{text}"[-_LONGEST:], True
        self._waiting[sender] = Waiting(text, late, self._clock())
        while len(self._waiting) > self._most:
            self._waiting.popitem(last=False)

    def take(self, sender: str) -> Waiting | None:
        """What waits for a sender, if it is not too old; it waits no longer."""
        found = self._waiting.pop(sender, None)
        return found if found and self._clock() - found.at <= KEPT_SECONDS else None
