"""A conversation with the assistant inside this process, without a server: for the shell, one question, tests."""

from __future__ import annotations

import uuid
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot import project
from bot.channels.guard import guarded_text
from bot.inprocess import InProcessActions
from bot.shortcuts import take_shortcuts


def load_agent(model: str = str(project.MODEL)) -> Agent:
    """The trained assistant with its actions in process and its conversations in memory."""
    take_shortcuts()
    return Agent.load(model, action_endpoint=InProcessActions())


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
