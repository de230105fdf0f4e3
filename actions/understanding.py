"""What the NLU made of a message, as the library takes it: intent, aspect, query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.knowledge.aspect import Aspect
from actions.knowledge.focus import Focus
from actions.knowledge.lexicon import Mention
from actions.knowledge.query import Query
from actions.knowledge.sentences import LONG, kept, questions, sentences
from actions.knowledge.sums import Sum

# The latest message of a tracker: text, intent, entities, and `parts` where it asks several things.
Message = Mapping[str, Any]

# What a sentence of a story must name to belong to its question.
_PLACING = frozenset(("policy", "region", "level", "department"))


def intent_of(message: Message) -> tuple[str, float]:
    """The intent of a message and how sure it is (0 to 1)."""
    intent = message.get("intent") or {}
    return str(intent.get("name")), float(intent.get("confidence") or 0.0)


def aspect_of(intent: str) -> Aspect | None:
    """ask_amount → AMOUNT; None for intents that ask for nothing of their own."""
    name = intent.removeprefix("ask_")
    return Aspect(name) if intent.startswith("ask_") and name in Aspect._value2member_map_ else None


def query_of(message: Message, focus: Focus, aspect: Aspect | None) -> Query:
    """A query from a message."""
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


def gist(query: Query) -> Query | None:
    """What a story asks: its questions and the sentences that name a policy or a place. None where it is no story."""
    asked = questions(query.text) if len(query.text) > LONG else []
    if not asked:
        return None
    spans = [
        (start, end)
        for start, end in sentences(query.text)
        if (start, end) in asked or any(m.kind in _PLACING and start <= m.start < end for m in query.mentions)
    ]
    inside = [any(start <= m.start < end for start, end in spans) for m in query.mentions]
    mentions = tuple(mention for mention, here in zip(query.mentions, inside, strict=True) if here)
    sums = tuple(item for item in query.sums if any(start <= item.start < end for start, end in spans))
    return replace(query, text=kept(query.text, spans), mentions=mentions, sums=sums)
