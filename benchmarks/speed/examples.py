"""Our examples as stock Rasa would learn from them: the texts as typed, the entities annotated in each."""

from __future__ import annotations

import json
from typing import Any

from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data

from actions.knowledge.book import PolicyBook
from actions.knowledge.reading import entities
from actions.knowledge.store import store
from actions.knowledge.text import fold
from bot import project

# No value of these can be learnt: a sum is a number, not one of a list of names.
UNLEARNABLE = ("sum", "area")


def as_rasa() -> str:
    """The examples of data/nlu in Rasa's JSON form, in which brackets within a text mean nothing."""
    book = store().current()
    found = load_data(str(project.TRAINING_DATA[0])).intent_examples
    examples = [
        {"text": message.get(TEXT), "intent": message.get(INTENT), "entities": annotated(book, message.get(TEXT))}
        for message in found
    ]
    return json.dumps({"rasa_nlu_data": {"common_examples": examples}}, ensure_ascii=False, indent=1)


def annotated(book: PolicyBook, text: str) -> list[dict[str, Any]]:
    """The entities that a person would mark in a text: names of the book, the longest where several overlap.

    The value is the record's id, of several the first: that is what DIET and EntitySynonymMapper hand to the actions.
    """
    folded = fold(text)
    if len(folded) != len(text):  # the places of the one are not those of the other
        return []
    taken: list[dict[str, Any]] = []
    named = [found for found in entities(book, folded) if found["entity"] not in UNLEARNABLE]
    for found in sorted(named, key=lambda one: one["start"] - one["end"]):
        start, end = found["start"], found["end"]
        if any(start < other["end"] and other["start"] < end for other in taken):
            continue
        value = found["value"] if isinstance(found["value"], str) else found["value"][0]
        taken.append({"start": start, "end": end, "entity": found["entity"], "value": value})
    return sorted(taken, key=lambda one: one["start"])
