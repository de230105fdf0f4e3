"""The rasa_sdk actions: tracker in, book asked, reply out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import interview, turns
from actions.clock import today
from actions.knowledge.book import PolicyBook
from actions.knowledge.focus import Focus
from actions.knowledge.profile import Profile
from actions.knowledge.store import store
from actions.replies.layout import blocks, phones
from actions.replies.message import Reply
from actions.turns import Memory, Turn
from actions.understanding import query_of

Events = list[dict[str, Any]]
TurnOf = Callable[[PolicyBook, date, Mapping[str, Any], Memory], Turn]

FORM = "match_form"
ANSWER = "match_answer"  # the form's slot; filled only when there is nothing more to ask
# A question asked again after it was passed over twice would be a nuisance.
MOST_INTERRUPTIONS = 2


def memory_of(book: PolicyBook, tracker: Tracker) -> Memory:
    """What the tracker's slots remember, without what the book no longer has."""
    focus, profile = Focus.parse(tracker.get_slot("focus")), Profile.parse(tracker.get_slot("profile"))
    return Memory(focus.within(book), profile.within(book), int(tracker.get_slot("failures") or 0), tracker.get_slot("offered"))


def slots_of(memory: Memory) -> dict[str, Any]:
    """A memory as the slots that keep it."""
    return {
        "focus": memory.focus.plain(),
        "profile": memory.profile.plain(),
        "failures": memory.failures,
        "offered": memory.offered,
    }


NOTHING = slots_of(Memory())


def remember(memory: Memory, tracker: Tracker) -> Events:
    """The events that keep a memory: of the slots that it changes."""
    before = {name: NOTHING[name] if tracker.get_slot(name) is None else tracker.get_slot(name) for name in NOTHING}
    return [SlotSet(name, value) for name, value in slots_of(memory).items() if value != before[name]]


def utter(dispatcher: CollectingDispatcher, book: PolicyBook, reply: Reply) -> None:
    """Send a reply: its text with buttons, then the same facts as data, with the text laid out for cards."""
    buttons = [{"title": button.title, "payload": button.question} for button in reply.buttons]
    dispatcher.utter_message(text=reply.text, buttons=buttons or None)
    laid_out = {"blocks": blocks(book, today(), reply), "phones": phones(book, reply.text)}
    dispatcher.utter_message(json_message=reply.custom | laid_out)


def respond(turn_of: TurnOf, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Run a turn on a tracker's latest message, utter its reply, keep its memory, begin or end the interview."""
    book = store().current()
    turn = turn_of(book, today(), tracker.latest_message, memory_of(book, tracker))
    utter(dispatcher, book, turn.reply)
    events = remember(turn.memory, tracker)
    in_form = (tracker.active_loop or {}).get("name") == FORM
    if turn.interview is False:
        return [*events, *(_leave() if in_form else ())]
    if turn.interview or in_form:
        return [*events, *_interrupt(tracker, restart=bool(turn.interview))]
    return events


def _leave() -> Events:
    return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet(ANSWER, None), SlotSet("interruptions", 0)]


def _interrupt(tracker: Tracker, *, restart: bool) -> Events:
    """Go on with the form after another question was answered, unless it was passed over too often."""
    count = 0 if restart else int(tracker.get_slot("interruptions") or 0) + 1
    if count >= MOST_INTERRUPTIONS:
        return _leave()
    return [SlotSet("interruptions", count), FollowupAction(FORM)]


class ActionAnswer(Action):
    """Answers questions on policies, and declines what is none."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Answer the latest message."""
        return respond(turns.answer, dispatcher, tracker)


class ActionConverse(Action):
    """Small talk, and what the conversation remembers."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_converse"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Answer the latest message."""
        return respond(turns.converse, dispatcher, tracker)


class ValidateMatchForm(Action):
    """Hears the answer to the form's question; says nothing where the message is something else."""

    def name(self) -> str:
        """The action's name in the domain."""
        return f"validate_{FORM}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """No event makes Rasa leave the message to the rules; an answered last question fills the form."""
        book = store().current()
        memory = memory_of(book, tracker)
        message = tracker.latest_message
        query = query_of(message, memory.focus, None)
        if interview.stops(query.text):
            return [SlotSet(ANSWER, "stopped")]
        profile = interview.heard(book, query, message.get("intent") or {}, memory.profile)
        if profile is None:
            return []
        events = [SlotSet("profile", profile.plain()), SlotSet("interruptions", 0)]
        if interview.ask(book, profile) is None:
            return [*events, SlotSet(ANSWER, "complete")]
        decided = interview.decided(book, memory.profile, profile)
        if decided:
            dispatcher.utter_message(text=decided)
        return events


class AskMatchAnswer(Action):
    """Asks the form's next question: the missing fact that decides most."""

    def name(self) -> str:
        """The action's name in the domain."""
        return f"action_ask_{FORM}_{ANSWER}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Ask, and keep what was asked."""
        book = store().current()
        asked = interview.ask(book, memory_of(book, tracker).profile)
        if asked is None:
            return []
        reply, profile = asked
        utter(dispatcher, book, reply)
        return [SlotSet("profile", profile.plain())]


class ActionMatchResult(Action):
    """Tells what fits, once nothing more is to be asked."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_match_result"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        """Tell the result and clear the form for another time."""
        book = store().current()
        memory = memory_of(book, tracker)
        reply, focus = interview.result(book, memory.focus, memory.profile)
        utter(dispatcher, book, reply)
        return [*remember(Memory(focus, memory.profile), tracker), SlotSet(ANSWER, None), SlotSet("interruptions", 0)]
