"""Our actions as stock Rasa runs them: `rasa run actions --actions benchmarks.speed.stock_actions`.

DIET finds names that no example had, and EntitySynonymMapper then leaves the words as they are: no record's id. Whoever
writes actions for the stock pipeline has to pass such over; ours need not, as the lexicon gives ids of the book alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker

import actions.actions  # noqa: F401 - registered with this module
from actions.knowledge.store import store

from_dict = Tracker.from_dict


def known(entity: dict[str, Any]) -> bool:
    """Whether an entity's value is the id of a record of its kind."""
    book = store().current()
    records: dict[str, Mapping[str, object]] = {
        "policy": book.policies,
        "region": book.regions,
        "level": book.levels,
        "department": book.departments,
        "audience": book.audiences,
        "topic": book.topics,
        "attribute": book.attributes,
    }
    return entity.get("value") in records.get(entity.get("entity", ""), {})


def tracker_of(state: dict[str, Any]) -> Tracker:
    """A conversation whose latest message has entities of the book alone."""
    tracker = from_dict(state)
    message = tracker.latest_message
    message["entities"] = [entity for entity in message.get("entities") or () if known(entity)]
    return tracker


Tracker.from_dict = staticmethod(tracker_of)
