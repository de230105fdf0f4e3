"""One turn of the console: what was asked and answered; and why there may be no answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.channels.messages import Message
    from bot.console.tracing import Trace


class Unreachable(Exception):  # noqa: N818 - a state of things, not a mistake
    """No answer can be had; the text says why and what to do, in Chinese."""


@dataclass(frozen=True)
class Said:
    """What was asked, the messages that answer it (bot/channels/messages.py), and after how many seconds."""

    question: str
    messages: list[Message]
    seconds: float
    trace: Trace | None = None  # None from a server
