"""The tracker store against Rasa's: the same rows, the same trackers, and nothing half-done in memory."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.forgetting import forget
from bot.runtime import trackers
from bot.runtime.tracker import LiveTracker
from bot.runtime.trackers import LiveTrackerStore
from tests.runtime.events import begin, conversation

Answer = TypeVar("Answer")
# The address of an empty PostgreSQL database, as postgresql://user:password@host/name, to try that, too.
POSTGRESQL = os.environ.get("HUIQI_TEST_POSTGRESQL")


def run(work: Coroutine[Any, Any, Answer]) -> Answer:
    return asyncio.run(work)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.skipif(not POSTGRESQL, reason="none named"))])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """What names an empty database to a store."""
    if request.param == "sqlite":
        yield {"dialect": "sqlite", "db": str(tmp_path / "t.db")}
        return
    yield {"host": POSTGRESQL}
    with sa.create_engine(POSTGRESQL).begin() as connection:
        connection.execute(sa.text("DROP TABLE events"))


def store_of(domain: Domain, database: dict[str, Any]) -> LiveTrackerStore:
    return LiveTrackerStore(domain=domain, **database)


def rows(store: SQLTrackerStore) -> list[tuple[Any, ...]]:
    """Everything in the table but the ids."""
    with store.engine.connect() as connection:
        found = connection.execute(sa.select(store.SQLEvent.__table__).order_by(store.SQLEvent.id))
        return [tuple(row)[1:] for row in found]


def state(tracker: DialogueStateTracker | None) -> Any:
    """A tracker as it comes out of JSON: a pair is a list there."""
    return tracker and json.loads(json.dumps(tracker.current_state(EventVerbosity.ALL)))


def played(tracker: DialogueStateTracker, events: list[Event]) -> DialogueStateTracker:
    for event in events:
        tracker.update(event)
    return tracker


async def turn(store: SQLTrackerStore, sender: str, events: list[Event]) -> None:
    """A turn as Rasa runs it."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    tracker.model_id, tracker.assistant_id = "model", "huiqi"
    await store.save(played(tracker, events))


@pytest.mark.parametrize("seed", [2])
def test_rows_and_trackers_are_those_of_rasas_store(domain: Domain, database: dict[str, Any], tmp_path: Path, seed: int) -> None:
    ours, theirs = store_of(domain, database), SQLTrackerStore(domain, db=str(tmp_path / "theirs.db"))
    for step in conversation(seed, 20):
        run(turn(ours, "u", step))
        run(turn(theirs, "u", step))
        assert rows(ours) == rows(theirs)
        fresh = store_of(domain, database)
        for read in (SQLTrackerStore.retrieve, SQLTrackerStore.retrieve_full_tracker):
            name = read.__name__
            expected = state(run(getattr(theirs, name)("u")))
            assert state(run(getattr(ours, name)("u"))) == expected
            assert state(run(getattr(fresh, name)("u"))) == expected
        fresh.engine.dispose()


def test_a_stranger_has_no_tracker(domain: Domain, database: dict[str, Any]) -> None:
    store = store_of(domain, database)
    assert run(store.retrieve("nobody")) is None
    assert not run(store.exists("nobody"))
    run(turn(store, "u", begin()))
    assert run(store.exists("u"))
    assert run(store.retrieve("nobody")) is None


def test_a_conversation_of_late_is_not_read_again(
    domain: Domain, database: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(domain, database)
    run(turn(store, "u", begin()))
    monkeypatch.setattr(trackers, "_events", None)
    assert len(run(store.retrieve("u")).events) == 2  # type: ignore[union-attr] # from the session's begin on


def test_the_latest_session_is_looked_for_once_a_session(
    domain: Domain, database: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, looked, begin_with = store_of(domain, database), list[int](), LiveTracker.begin_with

    def counted(tracker: LiveTracker, events: list[Event]) -> bool:
        looked.append(len(events))
        return begin_with(tracker, events)

    monkeypatch.setattr(LiveTracker, "begin_with", counted)
    run(turn(store, "u", begin()))
    for _ in range(3):
        run(turn(store, "u", [UserUttered("问"), SlotSet("failures", 0), ActionExecuted("action_listen")]))
    assert looked == [2]
    run(turn(store, "u", begin()))
    assert looked == [2, 2]


def test_a_turn_that_fails_leaves_nothing(domain: Domain, database: dict[str, Any]) -> None:
    store = store_of(domain, database)
    run(turn(store, "u", begin()))
    before = state(run(store.retrieve("u")))
    broken = run(store.retrieve("u"))
    assert broken
    played(broken, [UserUttered("一半"), SlotSet("failures", 5)])
    assert state(run(store.retrieve("u"))) == before


def test_what_cannot_be_written_is_not_remembered(
    domain: Domain, database: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_of(domain, database)
    run(turn(store, "u", begin()))
    before, kept = state(run(store.retrieve("u"))), rows(store)
    with monkeypatch.context() as patch:
        patch.setattr(trackers, "INSERT", "INSERT INTO nowhere (a, b, c, d, e, f) VALUES")
        with pytest.raises(Exception, match="nowhere"):
            run(turn(store, "u", [UserUttered("不会存下")]))
    assert (state(run(store.retrieve("u"))), rows(store)) == (before, kept)


def test_who_goes_on_with_a_saved_tracker_changes_nothing_kept(domain: Domain, database: dict[str, Any]) -> None:
    store = store_of(domain, database)
    made = played(store.init_tracker("u"), begin())
    run(store.save(made))
    run(store.save(played(made, [UserUttered("你好")])))
    assert len(rows(store)) == 4
    read = run(store.retrieve("u"))
    assert read
    run(store.save(played(read, [SlotSet("failures", 1)])))
    kept = state(run(store.retrieve("u")))
    for tracker in (made, read):
        tracker.update(UserUttered("没有存"))
        assert state(run(store.retrieve("u"))) == kept
    assert run(store.retrieve("u")) is not run(store.retrieve("u"))


def test_what_another_process_wrote_is_seen(domain: Domain, database: dict[str, Any]) -> None:
    here, there = store_of(domain, database), store_of(domain, database)
    steps = [*conversation(4, 12), [*begin(), UserUttered("新的会话")], [UserUttered("接着问")]]
    for number, step in enumerate(steps):
        run(turn((here, there)[number % 2], "u", step))
        assert state(run(here.retrieve("u"))) == state(run(SQLTrackerStore.retrieve(there, "u")))
        assert len(rows(here)) == sum(map(len, steps[: number + 1]))
    there.engine.dispose()


def test_what_another_process_deleted_is_not_told(domain: Domain, database: dict[str, Any]) -> None:
    here, there = store_of(domain, database), store_of(domain, database)
    for new in (begin(), [*begin(), UserUttered("新的对话"), SlotSet("failures", 0)]):
        there.forget("u")
        assert run(here.retrieve("u")) is None
        run(turn(here, "u", [*begin()[:2], UserUttered("旧的对话")]))
        there.forget("u")
        run(turn(there, "u", new))  # SQLite gives the same ids again
        assert state(run(here.retrieve("u"))) == state(run(there.retrieve("u")))
    there.engine.dispose()


def test_a_new_session_begins_without_the_old_one(domain: Domain, database: dict[str, Any]) -> None:
    store = store_of(domain, database)
    run(turn(store, "u", [*begin(), SlotSet("failures", 3), UserUttered("旧")]))
    run(turn(store, "u", [*begin(), UserUttered("新")]))
    tracker = run(store.retrieve("u"))
    assert tracker
    assert [type(event) for event in tracker.events] == [SessionStarted, ActionExecuted, UserUttered]
    assert tracker.get_slot("failures") is None
    full = run(store.retrieve_full_tracker("u"))
    assert full
    assert len(full.events) == 9


def test_a_tracker_of_rasas_own_is_written_as_rasa_does(domain: Domain, database: dict[str, Any]) -> None:
    store = store_of(domain, database)
    run(turn(store, "u", begin()))
    plain = DialogueStateTracker.from_events("u", [SessionStarted(timestamp=0.0), *begin()[1:], UserUttered("你好")])
    run(store.save(plain))
    assert len(rows(store)) > 3
    assert state(run(store.retrieve("u"))) == state(run(SQLTrackerStore.retrieve(store, "u")))


def test_a_forgotten_conversation_is_gone(domain: Domain, database: dict[str, Any]) -> None:
    store = store_of(domain, database)
    for sender in ("u", "v"):
        run(turn(store, sender, begin()))
    forget(store, "u")
    assert run(store.retrieve("u")) is None
    assert {row[0] for row in rows(store)} == {"v"}
    assert run(store.exists("v"))


def test_only_so_many_are_kept(domain: Domain, database: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trackers, "MOST_LIVE", 2)
    store = store_of(domain, database)
    for sender in ("a", "b", "c"):
        run(turn(store, sender, begin()))
    assert list(store._live) == ["b", "c"]
    run(store.retrieve("b"))
    run(store.retrieve("a"))
    assert list(store._live) == ["b", "a"]


def test_another_domain_makes_new_trackers(domain: Domain, database: dict[str, Any]) -> None:
    store = store_of(domain, database)
    run(turn(store, "u", begin()))
    slots = {"colour": {"type": "any", "mappings": [{"type": "custom"}]}}
    store.domain = Domain.from_dict({"slots": slots})
    tracker = run(store.retrieve("u"))
    assert tracker
    assert "colour" in tracker.slots
    assert "failures" not in tracker.slots


def test_sqlite_writes_without_waiting_for_the_disk(domain: Domain, tmp_path: Path) -> None:
    store = store_of(domain, {"db": str(tmp_path / "t.db")})
    run(turn(store, "u", begin()))
    with sqlite3.connect(tmp_path / "t.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_store_in_memory_works_too(domain: Domain) -> None:
    store = store_of(domain, {"db": ""})
    run(turn(store, "u", begin()))
    assert run(store.retrieve("u"))


def test_with_another_rasa_it_is_rasas_store(domain: Domain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trackers, "known_rasa", lambda: False)
    store = store_of(domain, {"db": str(tmp_path / "t.db")})
    run(turn(store, "u", begin()))
    assert run(store.exists("u"))
    assert not isinstance(run(store.retrieve("u")), LiveTracker)
    assert not store._live
    forget(store, "u")
    assert run(store.retrieve("u")) is None
