"""A conversation with the assistant inside this process, without a server: for the shell, one question, tests."""

from __future__ import annotations

import copy
import uuid
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore

from actions.knowledge.store import store
from bot import project
from bot.channels.guard import guarded_text
from bot.runtime.actions import InProcessActions
from bot.runtime.lazy_model import read_models_lazily
from bot.runtime.shortcuts import take_shortcuts


def load_agent(model: str = str(project.MODEL)) -> Agent:
    """The trained assistant with its actions in process and its conversations in memory."""
    take_shortcuts()
    read_models_lazily()
    return Agent.load(model, action_endpoint=InProcessActions())


async def warm_up(agent: Agent) -> None:
    """Answer a question of the book's, so that all tables are made and the first one asked is answered as fast as any.

    Nothing of it is kept: the conversation lies in a store of its own.
    """
    processor = copy.copy(agent.processor)
    processor.tracker_store = InMemoryTrackerStore(agent.domain)
    for question in store().current().examples[:1]:
        await processor.handle_message(UserMessage(question, CollectingOutputChannel(), "warm-up"))


class Conversation:
    """One person's conversation. `sender` is its id in the tracker store."""

    def __init__(self, agent: Agent | None = None):
        self._agent = agent or load_agent()
        self.sender = uuid.uuid4().hex

    async def say(self, text: str) -> list[dict[str, Any]]:
        """The messages that answer a text, in the form of the REST channel."""
        channel = CollectingOutputChannel()
        await self._agent.handle_message(UserMessage(guarded_text(text), channel, self.sender))
        return list(channel.messages)
