"""One turn of a conversation, without Rasa: what was understood in, the reply and the new focus out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.focus import Focus
from actions.knowledge.lexicon import Mention
from actions.knowledge.query import Finding, Query
from actions.knowledge.resolution import resolve
from actions.knowledge.sums import Sum
from actions.replies import smalltalk
from actions.replies.answers import Answers
from actions.replies.message import Reply

# (evidence of the book, how sure the classifier must be that a message is outside the job), strongest first.
SURELY_OUTSIDE = ((0.95, 0.6), (0.85, 0.75), (0.75, 0.65), (0.6, 0.4), (0.0, 0.3))
NAMES_A_RECORD = frozenset(("policy", "region", "topic", "level", "department"))
# Below this share a message is only doubtfully small talk; a call for a person is always heard.
HARDLY = 0.5


def aspect_of(intent: str) -> Aspect | None:
    """ask_amount → AMOUNT; None for intents that ask for nothing of their own."""
    name = intent.removeprefix("ask_")
    return Aspect(name) if intent.startswith("ask_") and name in Aspect._value2member_map_ else None


def query_of(message: Mapping[str, Any], focus: Focus, aspect: Aspect | None) -> Query:
    """A query from the latest message of a tracker, whose text and entities come from the NLU pipeline."""
    mentions, sums = [], []
    for entity in message.get("entities") or ():
        start, end, value = entity.get("start"), entity.get("end"), entity.get("value")
        if start is None or end is None:
            continue
        if entity["entity"] in ("sum", "area"):
            sums.append(Sum(float(value), "yuan" if entity["entity"] == "sum" else "square_metre", start, end))
        else:
            ids = tuple(value) if isinstance(value, list) else (str(value),)
            mentions.append(Mention(entity["entity"], ids, str(entity.get("text", "")), start, end))
    return Query(message.get("text") or "", aspect, tuple(mentions), tuple(sums), focus)


def answer(book: PolicyBook, today: date, message: Mapping[str, Any], slot: Any) -> tuple[Reply, Focus]:
    """The reply to a message that asks for policies, and the focus after it."""
    focus = Focus.parse(slot).within(book)
    intent = message.get("intent") or {}
    name, confidence = str(intent.get("name")), float(intent.get("confidence") or 0.0)
    aspect = aspect_of(name)
    if name == "ask_rephrase" and focus.policies:
        aspect = Aspect.INTRODUCTION
        query = Query(message.get("text") or "", aspect, focus=focus)
    else:
        query = query_of(message, focus, aspect)
    finding = resolve(book, query)
    if name in ("out_of_scope", "nlu_fallback") and _outside(finding, name, confidence):
        return smalltalk.decline(book), focus
    return Answers(book, today).reply(query, finding), finding.focus


def _outside(finding: Finding, name: str, confidence: float) -> bool:
    """Whether a message is none of the assistant's business: the classifier against the evidence of the book."""
    if name == "nlu_fallback":
        return finding.evidence < 0.4
    return confidence >= next(limit for evidence, limit in SURELY_OUTSIDE if finding.evidence >= evidence)


def converse(book: PolicyBook, today: date, message: Mapping[str, Any], slot: Any) -> tuple[Reply, Focus]:
    """The reply to small talk. What also names a record, or is hardly small talk amid a topic, is a question."""
    intent = message.get("intent") or {}
    name, confidence = str(intent.get("name")), float(intent.get("confidence") or 0.0)
    focus = Focus.parse(slot).within(book)
    kinds = {entity["entity"] for entity in message.get("entities") or ()}
    doubtful = bool(focus.policies) and (confidence < HARDLY or kinds & {"sum", "attribute"})
    if kinds & NAMES_A_RECORD or (doubtful and name != "ask_human"):
        return answer(book, today, {**message, "intent": {"name": "inform", "confidence": 1.0}}, slot)
    return smalltalk.TALK.get(name, smalltalk.greet)(book), focus
