"""Deleting a conversation for good. Rasa's tracker stores have no such call, so each is told in its own way."""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore, MongoTrackerStore, RedisTrackerStore, SQLTrackerStore

from bot.runtime.trackers import LiveTrackerStore


class CannotForgetError(Exception):
    """The tracker store in use has no known way to delete."""


def inner(store: Any) -> Any:
    """The tracker store itself, out of the wrappers that Rasa puts around it."""
    while hasattr(store, "_tracker_store"):
        store = store._tracker_store
    return store


def forget(store: Any, sender: str) -> None:
    """Delete everything that a tracker store keeps of a sender.

    Raises CannotForgetError for a store of another kind.
    """
    store = inner(store)
    if isinstance(store, LiveTrackerStore):
        store.forget(sender)
    elif isinstance(store, SQLTrackerStore):
        with store.session_scope() as session:
            session.query(store.SQLEvent).filter_by(sender_id=sender).delete()
            session.commit()
    elif isinstance(store, RedisTrackerStore):
        store.red.delete(store.key_prefix + sender)
    elif isinstance(store, MongoTrackerStore):
        store.conversations.delete_one({"sender_id": sender})
    elif isinstance(store, InMemoryTrackerStore):
        store.store.pop(sender, None)
    else:
        raise CannotForgetError(type(store).__name__)
