"""Asks the trained assistant in this process: every question begins a conversation of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.channels.guard import RefusedError
from bot.evaluation.questions import Question

if TYPE_CHECKING:
    from rasa.core.agent import Agent

FALLBACK = "nlu_fallback"
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Asked:
    """A question and what came of it: messages, intents with the surest first, entities, milliseconds on the clock."""

    question: Question
    messages: list[dict[str, Any]] = field(default_factory=list)
    ranking: list[tuple[str, float]] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(default_factory=list)
    milliseconds: float = 0.0
    # Refused before it was read (empty, too long): nothing was understood, and the refusal is the reply.
    refused: bool = False
    error: str = ""

    @property
    def data(self) -> list[dict[str, Any]]:
        """The data that the messages carry beside their texts."""
        return [message["custom"] for message in self.messages if message.get("custom")]

    @property
    def intent(self) -> tuple[str, float]:
        """The surest intent; a fallback is counted under the intent that it stands before."""
        return next((pair for pair in self.ranking if pair[0] != FALLBACK), ("", 0.0))


def ask(questions: Sequence[Question], model: str, progress: Progress = lambda count: None) -> list[Asked]:
    """Ask every question."""
    return asyncio.run(_ask_all(questions, model, progress))


async def _ask_all(questions: Sequence[Question], model: str, progress: Progress) -> list[Asked]:
    from bot.conversation import Conversation, load_agent

    agent = load_agent(model)
    await Conversation(agent).say("你好")  # what is loaded at the first use is no part of a question's time
    asked = []
    for count, question in enumerate(questions, 1):
        asked.append(await ask_one(agent, question))
        progress(count)
    return asked


async def ask_one(agent: Agent, question: Question) -> Asked:
    """Ask one question. What goes wrong in the assistant is an answer that is missing, not the end of the evaluation."""
    from bot.conversation import Conversation

    conversation = Conversation(agent)
    began = time.perf_counter()
    try:
        messages = await conversation.say(question.text)
    except RefusedError as refusal:
        return Asked(question, [{"text": str(refusal)}], milliseconds=_since(began), refused=True)
    except Exception as error:
        return Asked(question, milliseconds=_since(began), error=repr(error))
    milliseconds = _since(began)
    tracker = await agent.tracker_store.retrieve(conversation.sender)
    parsed = tracker.latest_message.parse_data
    ranking = [(intent["name"], float(intent["confidence"])) for intent in parsed.get("intent_ranking", ())]
    return Asked(question, messages, ranking, list(parsed.get("entities", ())), milliseconds)


def _since(began: float) -> float:
    return 1000 * (time.perf_counter() - began)
