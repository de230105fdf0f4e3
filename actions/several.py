"""Several questions in one message: each is answered on its own, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.replies.message import Reply
from actions.understanding import Message, aspect_of, intent_of

# A question of which the classifier is less sure is no question of its own.
SURE = 0.5
# Kinds of reply that answer nothing: then the message is better taken as a whole.
FAILED = frozenset(("decline", "nothing", "unclear", "uncovered", "exhausted"))
MOST_BUTTONS = 6
# Shorter lines may well stand in two answers.
LONG_LINE = 12
# What may stand between two questions.
_BORDER = " ,，"
_ROW = "【"  # how a row of a comparison begins
_NAMES = ("policy", "topic", "region", "level", "attribute")


def questions_of(message: Message) -> list[dict[str, Any]]:
    """The questions of a message as messages of their own, where they ask different things; else none.

    What stands before a question and asks nothing goes with it.
    """
    parts = message.get("parts") or []
    if not all(aspect_of(intent_of(part)[0]) and intent_of(part)[1] >= SURE for part in parts):
        return []
    found, start = [], 0
    for part in parts:
        found.append(_part(message, start, part["end"], part["intent"]))
        start = part["end"]
    about = {(each["intent"]["name"], frozenset(_named(each))) for each in found}
    return found if len(found) > 1 and len(about) == len(found) else []


def _part(message: Message, start: int, end: int, intent: Mapping[str, Any]) -> dict[str, Any]:
    text = message["text"][start:end]
    start += len(text) - len(text.lstrip(_BORDER))
    entities = [
        {**entity, "start": entity["start"] - start, "end": entity["end"] - start}
        for entity in message.get("entities") or ()
        if start <= entity["start"] and entity["end"] <= end
    ]
    return {"text": text.strip(_BORDER), "intent": intent, "entities": entities}


def _named(message: Message) -> list[str]:
    return [f"{entity['entity']} {entity['value']}" for entity in message["entities"] if entity["entity"] in _NAMES]


def _new(told: Sequence[str], said: Sequence[str]) -> list[str]:
    """The lines of a reply without the long ones that were said, and without rows of a comparison that this leaves empty."""
    new = [line for line in told if len(line) < LONG_LINE or line not in said]
    return [line for line, after in zip(new, [*new[1:], _ROW], strict=True) if not (_heads(line) and after.startswith(_ROW))]


def _heads(line: str) -> bool:
    return line.startswith(_ROW) and line.endswith("】")


def joined(replies: list[Reply]) -> Reply:
    """The replies as one: no long line twice, the buttons of all, the facts of all."""
    lines: list[str] = []
    for reply in replies:
        new = _new(reply.text.split("\n"), lines)
        lines += ["", *new] if lines else new
    buttons = dict.fromkeys(button for reply in reversed(replies) for button in reply.buttons)
    policies = {policy["id"]: policy for reply in replies for policy in reply.custom.get("policies", ())}
    related = {policy["id"]: policy for reply in replies for policy in reply.custom.get("related", ())}
    custom = {
        "type": "several",
        "policies": list(policies.values()),
        "related": [policy for id, policy in related.items() if id not in policies],
        "answers": [reply.custom for reply in replies],
    }
    return Reply("\n".join(lines), tuple(buttons)[:MOST_BUTTONS], custom)
