"""Which signed requests are let in: of now, and not played back."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable

from bot.channels.guard import RefusedError

# How far the platform's clock and ours may be apart, in seconds.
WINDOW = 600
# The platform delivers a message at most three times.
DELIVERIES = 3
_MOST = 20_000


class Gate:
    """Remembers the signatures of `window` seconds.

    A signature covers timestamp and nonce, in plain mode nothing more. So it is good for one body, which may come again as
    often as the platform repeats a message: the turn is the same, and so is its answer.
    """

    def __init__(self, window: float = WINDOW, clock: Callable[[], float] = time.time):
        self._window, self._clock = window, clock
        self._seen: OrderedDict[str, tuple[float, bytes, int]] = OrderedDict()

    def check(self, timestamp: str, signature: str, body: bytes) -> None:
        """Count a request whose signature is right. Raises RefusedError for one that is old or was played back."""
        self.check_time(timestamp)
        now = self._clock()
        self._drop(now)
        digest = hashlib.sha256(body).digest()
        first, known, count = self._seen.get(signature, (now, digest, 0))
        if known != digest or count >= DELIVERIES:
            raise RefusedError(403, "这个请求已经收到过")
        self._seen[signature] = (first, digest, count + 1)

    def check_time(self, timestamp: str) -> None:
        """Raises RefusedError when a request is not of now."""
        written = int(timestamp) if timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12 else None
        if written is None or abs(self._clock() - written) > self._window:
            raise RefusedError(403, "请求的时间与本机相差太多，请核对服务器的时钟")

    def _drop(self, now: float) -> None:
        # A timestamp may lie a window ahead and stay good for a window after it.
        while self._seen:
            signature, (first, _, _) = next(iter(self._seen.items()))
            if len(self._seen) <= _MOST and now - first <= 2 * self._window:
                break
            del self._seen[signature]
