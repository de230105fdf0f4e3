"""Access tokens as the platform gives them out.

A token lives 7200 s. Five minutes before its end the next one is given, and until then both are good. A forced renewal ends
the former token at once; it is done at most 20 times a day, and not within 30 s of the last one
(developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from bot.wechatsim import errors

LIFE, EARLY, FORCE_APART, FORCE_A_DAY = 7200, 300, 30, 20


class Tokens:
    """The tokens of one account. `clock` gives seconds since the epoch."""

    def __init__(self, clock: Callable[[], float]):
        self._clock = clock
        self._current = ""
        self._ends: dict[str, float] = {}  # of every token ever given; 0 for one that a forced renewal ended
        self._forced: list[float] = []

    def get(self, force: bool = False) -> dict[str, object]:
        """The answer to a request for the token."""
        now = self._clock()
        if force:
            today = [at for at in self._forced if now - at < 86_400]
            if len(today) >= FORCE_A_DAY:
                return errors.answer(errors.DAILY)
            if not today or now - today[-1] >= FORCE_APART:
                self._forced = [*today, now]
                self._ends[self._current] = 0
                self._current = ""
        if self._ends.get(self._current, 0) - now <= EARLY:
            self._current = secrets.token_urlsafe(96)
            self._ends[self._current] = now + LIFE
        return {"access_token": self._current, "expires_in": int(self._ends[self._current] - now)}

    def fault(self, token: str) -> int:
        """Why a token is refused; 0 when it is good."""
        if token not in self._ends or not self._ends[token]:
            return errors.BAD_CREDENTIAL
        return errors.EXPIRED if self._clock() >= self._ends[token] else errors.OK

    def expire(self) -> None:
        """Let every token have come to its end."""
        now = self._clock()
        self._ends = {token: min(end, now) for token, end in self._ends.items()}
