"""The assistant as channels see it: a message in, what it answers out; and what is kept of a conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rasa.core.channels.channel import UserMessage
from sanic import Sanic

from bot.channels.messages import Message, TurnOutput, history
from bot.feedback import Feedback, FeedbackStore, beside, told
from bot.forgetting import forget

if TYPE_CHECKING:
    from rasa.core.agent import Agent  # takes seconds, as it brings TensorFlow

Give = Callable[[Message], Awaitable[None]]
OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

# What the assistant hears when somebody comes in without a word; it answers with its greeting.
OPENING = "你好"


class FailedError(Exception):
    """A turn that gave no answer."""


class Conversations:
    """The conversations of one assistant on one channel. `sender` is a conversation's id in the tracker store."""

    def __init__(self, channel: str, on_new_message: OnNewMessage, agent: Callable[[], Agent] | None = None):
        self._channel, self._on_new_message, self._agent = channel, on_new_message, agent or _agent
        self._feedback: FeedbackStore | None = None
        self._door = asyncio.Lock()

    async def turn(
        self, sender: str, text: str, id: str, metadata: Mapping[str, Any] | None = None, give: Give | None = None
    ) -> list[Message]:
        """What is answered to a text; each message goes to `give` as soon as it is whole. `id` names the turn in the tracker.

        Raises FailedError when nothing is answered, as when an action server is away.
        """
        output = TurnOutput(id, give)
        # A turn is some 40 ms of work in one piece. Were all that wait begun in one pass of the event loop, nothing else
        # would be served for as long as they take together: no timer, no word to a platform that waits no longer.
        async with self._door:
            await asyncio.sleep(0)
        await self._on_new_message(UserMessage(text, output, sender, None, self._channel, id, dict(metadata or {})))
        await output.finish()
        if not output.messages:
            raise FailedError("no message was uttered")
        return output.messages

    async def exists(self, sender: str) -> bool:
        """Whether anything was said."""
        return bool(await self._agent().tracker_store.exists(sender))

    async def history(self, sender: str) -> list[Message]:
        """All messages, the oldest first."""
        tracker = await self._agent().tracker_store.retrieve_full_tracker(sender)
        return history(tracker.events) if tracker else []

    async def rate(self, sender: str, good: bool, is_meant: Callable[[Message], bool], reasons: Sequence[str] = ()) -> None:
        """Keep what somebody says of the first answer that is meant. Raises LookupError when there is none."""
        messages = await self.history(sender)
        answer = next((message for message in messages if message["who"] == "bot" and is_meant(message)), None)
        if answer is None:
            raise LookupError("no such answer")
        asked = next(
            (message["text"] for message in messages if message["who"] == "user" and message["turn"] == answer["turn"]), None
        )
        policies, rules = told(answer.get("custom") or {})
        self._ratings().save(Feedback(sender, answer["id"], good, tuple(dict.fromkeys(reasons)), asked, policies, rules))

    async def forget(self, sender: str) -> None:
        """Delete a conversation; its ratings stay without who gave them. Raises CannotForgetError."""
        agent = self._agent()
        async with agent.lock_store.lock(sender):  # not while a turn is being saved
            forget(agent.tracker_store, sender)
        self._ratings().forget(sender)

    def _ratings(self) -> FeedbackStore:
        if self._feedback is None:
            self._feedback = beside(self._agent().tracker_store)
        return self._feedback


def _agent() -> Agent:
    """The assistant of the running server: it is loaded after the channels are made."""
    agent: Agent = Sanic.get_app().ctx.agent
    return agent
