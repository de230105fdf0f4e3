"""Watches a turn run: its NLU, its actions and its looks into the book are called as always, and written down.

Nothing is watched, and nothing costs anything, outside `watched`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING, Any, cast

from actions import turns
from actions.knowledge.book import PolicyBook
from actions.knowledge.focus import Focus
from actions.knowledge.profile import Profile
from actions.knowledge.query import Finding, Query
from actions.knowledge.subject import Subject
from actions.replies.figures import rule_line
from bot.console.tracing import Hit, Search, Trace

if TYPE_CHECKING:
    from rasa.core.agent import Agent
    from rasa.shared.core.events import Event
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.channels.messages import Message

# How many policies that were considered a trace tells of, beside those that the answer used.
MOST_HITS = 6
# What the trace shows on its own, and what is only Rasa's own bookkeeping.
_OWN_SLOTS = frozenset(("focus", "profile", "session_started_metadata"))


@dataclass
class Seen:
    """What was seen of a turn; times in seconds."""

    nlu: float = 0.0
    called: list[tuple[str, float]] = field(default_factory=list)
    searched: list[tuple[PolicyBook, Query, Finding]] = field(default_factory=list)


@contextmanager
def watched(agent: Agent) -> Iterator[Seen]:
    """Write down what an agent does inside the block. One turn at a time."""
    seen, searching = Seen(), cast(Any, turns)  # Any: the name is put back below
    processor, endpoint = agent.processor, agent.processor.action_endpoint
    parse, request, resolve = processor.parse_message, endpoint.request, searching.resolve

    async def timed_parse(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return await parse(*args, **kwargs)
        finally:
            seen.nlu += time.perf_counter() - began

    async def timed_request(*args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return await request(*args, **kwargs)
        finally:
            seen.called.append((str(kwargs["json"]["next_action"]), time.perf_counter() - began))

    def noted_resolve(book: PolicyBook, query: Query) -> Finding:
        finding: Finding = resolve(book, query)
        seen.searched.append((book, query, finding))
        return finding

    processor.parse_message, endpoint.request, searching.resolve = timed_parse, timed_request, noted_resolve
    try:
        yield seen
    finally:
        searching.resolve = resolve
        del processor.parse_message, endpoint.request  # the classes' own are there again


def trace_of(
    before: DialogueStateTracker | None, after: DialogueStateTracker, messages: Sequence[Message], seen: Seen, seconds: float
) -> Trace:
    """The trace of a turn from the conversation before and after it, what it answered, and what was seen of it."""
    parsed = _parsed(after)
    old, new = before.current_slot_values() if before else {}, after.current_slot_values()
    answers = [answer for message in messages for answer in _answers(message.get("custom") or {})]
    told = {policy["id"] for answer in answers for policy in answer.get("policies") or ()}
    acting = sum(spent for _, spent in seen.called)
    return Trace(
        text=parsed["text"],
        tokens=[parsed["text"][start:end] for start, end in parsed.get("text_tokens") or ()],
        intents=[(intent["name"], intent["confidence"]) for intent in parsed.get("intent_ranking") or ()],
        entities=[_entity(entity) for entity in parsed.get("entities") or ()],
        focus_before=Focus.parse(old.get("focus")).plain(),
        focus_after=Focus.parse(new.get("focus")).plain(),
        profile=Profile.parse(new.get("profile")).plain(),
        slots={name: value for name, value in new.items() if name not in _OWN_SLOTS and value != old.get(name)},
        loop_before=before.active_loop_name if before else None,
        loop_after=after.active_loop_name,
        actions=list(_actions(after)),
        searches=[_search(*each, told) for each in seen.searched],
        rules=list(_rules(seen, told, messages)),
        calculations=[
            {"policy": answer["policies"][0]["id"], **item} for answer in answers for item in answer.get("calculations") or ()
        ],
        nlu_ms=1000 * seen.nlu,
        dialogue_ms=1000 * (seconds - seen.nlu - acting),
        action_ms=1000 * acting,
        total_ms=1000 * seconds,
        called=[(name, 1000 * spent) for name, spent in seen.called],
    )


def _parsed(tracker: DialogueStateTracker) -> Mapping[str, Any]:
    """What the NLU made of the latest message. Rasa's own `latest_message` passes over those that a form has heard."""
    return next(plain["parse_data"] for plain in map(_plain, reversed(tracker.events)) if plain["event"] == "user")


def _plain(event: Event) -> Mapping[str, Any]:
    plain: Mapping[str, Any] = event.as_dict()
    return plain


def _answers(custom: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The data of the answers in a message: several, where it asked several things."""
    return list(custom.get("answers") or [custom])


def _entity(entity: Mapping[str, Any]) -> dict[str, Any]:
    value = entity["value"]
    found = {"kind": entity["entity"], "text": entity.get("text", ""), "values": value if isinstance(value, list) else [value]}
    return found | {key: entity.get(key) for key in ("start", "end", "extractor")}


def _actions(tracker: DialogueStateTracker) -> Iterator[tuple[str, str, float]]:
    """The actions since the latest message, with the policy that chose each."""
    since = list(takewhile(lambda plain: plain["event"] != "user", map(_plain, reversed(tracker.events))))
    for plain in reversed(since):
        if plain["event"] == "action" and plain["name"] != "action_listen":
            yield plain["name"], plain["policy"] or "", plain["confidence"] or 0.0


def _search(book: PolicyBook, query: Query, finding: Finding, told: set[str]) -> Search:
    """What a query found, with the candidates as the same query ranks them."""
    subject = Subject(book, query)
    hits = [
        Hit(
            candidate.policy.id,
            candidate.policy.name,
            candidate.score,
            candidate.coverage,
            candidate.named,
            candidate.topical,
            candidate.figured,
            candidate.remembered,
            candidate.policy in finding.policies and candidate.policy.id in told,
        )
        for candidate in subject.ranking.candidates(subject.inside)
    ]
    kept = tuple(hit for place, hit in enumerate(hits) if hit.used or place < MOST_HITS)
    found = tuple(policy.id for policy in finding.policies)
    return Search(query.text, finding.aspect.value, finding.outcome.value, finding.evidence, found, kept)


def _rules(seen: Seen, told: set[str], messages: Sequence[Message]) -> Iterator[str]:
    """policy/rule of the rules that stand in the answer word for word."""
    if not seen.searched:
        return
    book = seen.searched[-1][0]
    said = "\n".join(message["text"] for message in messages)
    for id in sorted(told):
        for rule in book.policies[id].rules:
            if rule_line(rule) in said:
                yield f"{id}/{rule.id}"
