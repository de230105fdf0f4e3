"""What a turn answers, as channels are given it: Rasa's form, with ids, and text and data of one reply together."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from itertools import count
from typing import Any

from rasa.core.channels.channel import OutputChannel
from rasa.shared.core.events import BotUttered, Event, UserUttered

Message = dict[str, Any]

# How the metadata of a user's message are called in the tracker.
SAID, HIDDEN = "said", "hidden"


class Replies:
    """Puts the text and the data of a reply together: Rasa sends them one after the other."""

    def __init__(self, turn: str):
        self._turn, self._count = turn, 0
        self._waiting: Message | None = None

    def take(self, text: str | None, buttons: Iterable[Message], custom: Message | None, at: float) -> list[Message]:
        """The messages that are complete, now that this one has come; `at` in seconds since the epoch."""
        done = []
        if text or buttons:
            done = self.rest()
            self._waiting = self._message(text or "", list(buttons), at)
        if custom:
            message = self._waiting or self._message("", [], at)
            message["custom"] = _numbered(custom, message["id"])
            self._waiting = None
            done.append(message)
        return done

    def rest(self) -> list[Message]:
        """The message that still waits for data; none will come."""
        done = [self._waiting] if self._waiting else []
        self._waiting = None
        return done

    def _message(self, text: str, buttons: list[Message], at: float) -> Message:
        id = f"{self._turn}.{self._count}"
        self._count += 1
        replies = [
            {"content_type": "text", "title": button["title"], "payload": button["payload"], "id": f"{id}.{number}"}
            for number, button in enumerate(buttons)
        ]
        when = int(at * 1000)
        return {"id": id, "turn": self._turn, "who": "bot", "at": when, "text": text, "quick_replies": replies}


def _numbered(custom: Message, id: str) -> Message:
    """The data with an id at everything that can be chosen."""
    numbers = count()

    def named(item: Message) -> Message:
        return {**item, "id": f"{id}.b{next(numbers)}"}

    blocks = []
    for block in custom.get("blocks") or ():
        groups = [
            {**group, "questions": [named(question) for question in group["questions"]]} for group in block.get("groups", ())
        ]
        found = named(block) if "question" in block else block
        blocks.append({**found, "groups": groups} if groups else found)
    return {**custom, "blocks": blocks} if blocks else custom


def choices_of(message: Message) -> Iterator[tuple[str, str]]:
    """(id, what choosing it asks) of everything in a message that can be chosen."""
    for button in message.get("quick_replies") or ():
        yield button["id"], button["payload"]
    for block in (message.get("custom") or {}).get("blocks") or ():
        if "question" in block:
            yield block["id"], block["question"]
        for group in block.get("groups") or ():
            for question in group["questions"]:
                yield question["id"], question["text"]


def user_message(turn: str, text: str, at: float) -> Message:
    """What the user said; `at` in seconds since the epoch."""
    return {"id": turn, "turn": turn, "who": "user", "at": int(at * 1000), "text": text}


def history(events: Iterable[Event]) -> list[Message]:
    """The messages that a tracker's events tell of, the oldest first."""
    found: list[Message] = []
    replies: Replies | None = None
    for event in events:
        if isinstance(event, UserUttered) and event.message_id:
            found += replies.rest() if replies else []
            replies = Replies(event.message_id)
            if not event.metadata.get(HIDDEN):
                found.append(user_message(event.message_id, event.metadata.get(SAID) or event.text or "", event.timestamp))
        elif isinstance(event, BotUttered) and replies:
            data = event.data
            found += replies.take(event.text, data.get("buttons") or (), data.get("custom"), event.timestamp)
    return [*found, *(replies.rest() if replies else ())]


class TurnOutput(OutputChannel):
    """Gives every reply of a turn to `give` as soon as it is whole, and keeps them."""

    def __init__(self, turn: str, give: Callable[[Message], Awaitable[None]] | None = None):
        self.messages: list[Message] = []
        self._replies, self._give = Replies(turn), give

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take what an action uttered."""
        buttons = message.get("buttons") or ()
        await self._take(self._replies.take(message.get("text"), buttons, message.get("custom"), time.time()))

    async def finish(self) -> None:
        """Take what still waited for data."""
        await self._take(self._replies.rest())

    async def _take(self, messages: list[Message]) -> None:
        for message in messages:
            self.messages.append(message)
            if self._give:
                await self._give(message)
