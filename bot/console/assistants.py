"""Who answers in the console: an assistant in this process (local.py), or a running server (remote.py)."""

from __future__ import annotations

from typing import Protocol

from bot.console.local import InProcess
from bot.console.remote import Remote
from bot.console.said import Said, Unreachable

__all__ = ["Assistant", "InProcess", "Remote", "Said", "Unreachable"]


class Assistant(Protocol):
    """Who answers; one conversation at a time."""

    name: str  # what the toolbar shows
    local: bool  # in this process: it can be asked as of another day, and for another company
    session: str  # the conversation's id

    async def say(self, text: str) -> Said:
        """Ask. Raises RefusedError for what no channel passes on, Unreachable when no answer comes."""

    async def reset(self) -> None:
        """Begin a new conversation; the old one is forgotten. Raises Unreachable."""

    async def rate(self, said: Said, good: bool, note: str = "") -> None:
        """Keep what is thought of an answer; `note` names reasons. Raises LookupError with a sentence when it cannot."""

    async def close(self) -> None:
        """Let go of what is open."""
