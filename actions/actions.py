"""The rasa_sdk actions: tracker in, book asked, reply out."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import turns
from actions.knowledge.book import PolicyBook
from actions.knowledge.focus import Focus
from actions.knowledge.store import store
from actions.replies.message import Reply

Turn = Callable[[PolicyBook, date, Any, Any], tuple[Reply, Focus]]


def today() -> date:
    """The day on which answers are given: $HUIQI_TODAY (YYYY-MM-DD) for replays, else the clock's."""
    fixed = os.environ.get("HUIQI_TODAY")
    return date.fromisoformat(fixed) if fixed else date.today()


def respond(turn: Turn, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Run a turn on a tracker's latest message, utter its reply, keep its focus."""
    reply, focus = turn(store().current(), today(), tracker.latest_message, tracker.get_slot("focus"))
    buttons = [{"title": button.title, "payload": button.question} for button in reply.buttons]
    dispatcher.utter_message(text=reply.text, buttons=buttons or None)
    dispatcher.utter_message(json_message=reply.custom)
    return [SlotSet("focus", focus.plain())]


class ActionAnswer(Action):
    """Answers questions on policies, and declines what is none."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        """Answer the latest message."""
        return respond(turns.answer, dispatcher, tracker)


class ActionConverse(Action):
    """Small talk."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_converse"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[dict[str, Any]]:
        """Answer the latest message."""
        return respond(turns.converse, dispatcher, tracker)
