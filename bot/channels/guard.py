"""What every public channel does to a message before anything reads it: limits, and no typed commands."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_CHARACTERS = 4000
SORRY = "抱歉，系统出了点问题，暂时无法回答，请稍后再试。"
# How the ids begin that channels give to conversations themselves: nobody may name one of those.
WEB, WECHAT = "web-", "wechat-"
OWN_SENDERS = (WEB, WECHAT)
_SENDER = re.compile(r"[\w.@:-]{1,128}", re.ASCII)


class RefusedError(Exception):
    """A message that is not passed on: the HTTP status, why in Chinese, and after how many seconds it may pass."""

    def __init__(self, status: int, why: str, retry_after: float | None = None):
        self.status, self.retry_after = status, retry_after
        super().__init__(why)


def guarded_text(value: object) -> str:
    """The text of a message. A leading slash becomes a full-width one: /intent payloads are for Rasa's own tools.

    Raises RefusedError when it is no text, empty or too long.
    """
    if not isinstance(value, str):
        raise RefusedError(400, "message 应当是一段文字。")
    text = value.strip(" \t\r\n\ufeff")
    if text.startswith("/"):
        text = "／" + text[1:]
    if not text:
        raise RefusedError(400, "message 是空的。")
    if len(text) > MOST_CHARACTERS:
        raise RefusedError(413, f"消息太长，请控制在 {MOST_CHARACTERS} 个字以内。")
    return text


def guarded_sender(value: object) -> str:
    """The id of a conversation. Raises RefusedError when it could not be one."""
    if not isinstance(value, str) or not _SENDER.fullmatch(value):
        raise RefusedError(400, "sender 应当是 1 到 128 个字母、数字或 . _ @ : - 组成的编号。")
    return value


class RateLimiter:
    """At most `count` messages in `seconds` for every key; the keys unused longest are forgotten."""

    def __init__(self, count: int, seconds: float, clock: Callable[[], float] = time.monotonic, keys: int = 20_000):
        self._count, self._seconds, self._clock, self._keys = count, seconds, clock, keys
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, key: str) -> None:
        """Count a message of a key. Raises RefusedError when there are too many."""
        now = self._clock()
        tokens, then = self._buckets.pop(key, (float(self._count), now))
        tokens = min(self._count, tokens + (now - then) * self._count / self._seconds)
        allowed = tokens >= 1
        self._buckets[key] = (tokens - 1 if allowed else tokens, now)
        while len(self._buckets) > self._keys:
            self._buckets.popitem(last=False)
        if not allowed:
            wait = (1 - tokens) * self._seconds / self._count
            raise RefusedError(429, "消息太频繁，请稍等几秒再发。", round(wait + 0.05, 1))
