"""A conversation through the real actions without Rasa: slots, events and the form as Rasa handles them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import actions
from actions.replies.smalltalk import TALK
from actions.turns import REMEMBERING

CONVERSE = frozenset((*TALK, *REMEMBERING))


class Talk:
    """One person's conversation; `message` is what the NLU made of a text."""

    def __init__(self) -> None:
        self.slots: dict[str, Any] = {}
        self.form = False
        self.loop = asyncio.new_event_loop()

    def say(self, message: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The messages that answer, as the REST channel gives them."""
        said: list[dict[str, Any]] = []
        if self.form:
            events = self._run(actions.ValidateMatchForm(), message, said)
            if events:
                if self.slots.get(actions.ANSWER):
                    self.form = False
                    self._run(actions.ActionMatchResult(), message, said)
                else:
                    self._run(actions.AskMatchAnswer(), message, said)
                return said
        converses = message["intent"]["name"] in CONVERSE
        events = self._run(actions.ActionConverse() if converses else actions.ActionAnswer(), message, said)
        for event in events:
            if event["event"] == "active_loop":
                self.form = event["name"] is not None
            elif event["event"] == "followup":
                self.form = True
                self._run(actions.AskMatchAnswer(), message, said)
        return said

    def _run(self, action: Action, message: Mapping[str, Any], said: list[dict[str, Any]]) -> list[dict[str, Any]]:
        loop = {"name": actions.FORM} if self.form else {}
        tracker = Tracker("walker", dict(self.slots), dict(message), [], False, None, loop, None)
        dispatcher = CollectingDispatcher()
        events: list[dict[str, Any]] = self.loop.run_until_complete(action.run(dispatcher, tracker, {})) or []
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
        said += dispatcher.messages
        return events
