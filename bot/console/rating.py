"""What is thought of an answer, in the terms of bot/feedback.py."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.channels.messages import Message
    from bot.console.said import Said

_BETWEEN = re.compile(r"[\s、，,;；]+")


def reasons_of(note: str) -> tuple[str, ...]:
    """The reasons that a note names, by their ids or by what people read. Raises LookupError for others."""
    from bot.feedback import REASONS  # noqa: PLC0415 - brings a part of Rasa

    ids = {name: id for id, name in REASONS.items()} | {id: id for id in REASONS}
    words = [word for word in _BETWEEN.split(note) if word]
    unknown = [word for word in words if word not in ids]
    if unknown:
        raise LookupError(f"原因只收这几种：{'、'.join(REASONS.values())}；没有“{'、'.join(unknown)}”。")
    return tuple(dict.fromkeys(ids[word] for word in words))


def rated_message(said: Said) -> Message:
    """The message that a rating of a turn means: the first that tells of a policy, else the first."""
    if not said.messages:
        raise LookupError("这一轮没有回答，没有可以评价的。")
    return next((message for message in said.messages if (message.get("custom") or {}).get("policies")), said.messages[0])
