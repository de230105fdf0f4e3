"""The conversations in a SQL database, with those of late also in memory: a turn reads one row and writes its own."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain, islice
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.history import is_kind
from bot.runtime.tracker import LiveTracker
from bot.runtime.version import known_rasa

Answer = TypeVar("Answer")

NEWEST = "SELECT id, timestamp FROM events WHERE sender_id = ? ORDER BY id DESC LIMIT 1"
SINCE = "SELECT id, timestamp, data FROM events WHERE sender_id = ? AND id >= ? ORDER BY id"
# As Rasa's own query: all that is not older than the latest session's begin, or all where no session has one.
SESSION = """SELECT id, timestamp, data FROM events,
    (SELECT max(timestamp) AS begun FROM events WHERE sender_id = ? AND type_name = 'session_started') AS session
    WHERE sender_id = ? AND (begun IS NULL OR timestamp >= begun) ORDER BY id"""
INSERT = "INSERT INTO events (sender_id, type_name, timestamp, intent_name, action_name, data) VALUES"

# How many conversations are kept in memory: each takes about 0.2 MB after 20 turns.
MOST_LIVE = 200


class Place(NamedTuple):
    """The newest event that the database has of a sender. The id alone may come again after a deletion."""

    id: int
    timestamp: float


class Live(NamedTuple):
    """A conversation as the database has it up to a place. Only copies of the tracker are given away."""

    tracker: LiveTracker
    place: Place


class LiveTrackerStore(SQLTrackerStore):
    """Rasa's SQL tracker store: the same table and rows, read and written with less work.

    Several processes may use one database as long as they share their locks: what another one wrote is noticed.
    With a version of Rasa that is not known, or a database that is neither SQLite nor PostgreSQL, it is Rasa's store.
    """

    engine: sa.engine.Engine

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._live: OrderedDict[str, Live] = OrderedDict()
        self._kept: Any = None  # the connection to a SQLite file: to fetch it from the pool takes as long as a statement
        super().__init__(*args, **kwargs)
        # SQLite answers sooner than a thread starts; a database on the network is waited for in one.
        self._waits = self.engine.dialect.name != "sqlite"
        self._known = known_rasa() and self.engine.dialect.name in ("sqlite", "postgresql")
        if not self._known:
            return
        if self._waits:
            _index_places(self.engine)
        elif self.engine.url.database not in (None, "", ":memory:"):
            self.engine = _lasting_connections(self.engine)
            self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)
            self._kept = self.engine.raw_connection()

    @property
    def domain(self) -> Domain:
        """The domain of the trackers."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._live.clear()  # their slots are those of the domain before
        self._domain = domain or Domain.empty()

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """A tracker without events."""
        if not self._known:
            return super().init_tracker(sender_id)
        return LiveTracker(sender_id, self.domain.slots, max_event_history=self.max_event_history)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The latest session of a conversation; None for a sender without one."""
        if not self._known:
            return await super().retrieve(sender_id)
        live = self._live.get(sender_id)
        if live and len(live.tracker.events) != live.tracker.stored:
            live = None  # who saved it went on with it
        live = await self._in_a_thread(self._brought_up_to_date, sender_id, live)
        self._keep(sender_id, live)
        return live.tracker.copy() if live else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that the database does not have, all or none."""
        if not self._known or not isinstance(tracker, LiveTracker):
            return await super().save(tracker)
        events = list(islice(tracker.events, tracker.stored, None))
        if not events:
            return
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, events, tracker.sender_id)
        rows = [_row(tracker.sender_id, event) for event in events]
        place = await self._in_a_thread(self._write, tracker.sender_id, rows)
        tracker.stored = len(tracker.events)
        self._keep(tracker.sender_id, Live(self._latest_session(tracker, events), place))

    async def exists(self, conversation_id: str) -> bool:
        """Whether anything was said."""
        if not self._known:
            return await super().exists(conversation_id)
        return await self._in_a_thread(self._place, conversation_id) is not None

    def forget(self, sender_id: str) -> None:
        """Delete all of a conversation, in the database and in memory."""
        self._live.pop(sender_id, None)
        with self._cursor() as cursor:
            cursor.execute(self._sql("DELETE FROM events WHERE sender_id = ?"), (sender_id,))

    def _keep(self, sender_id: str, live: Live | None) -> None:
        self._live.pop(sender_id, None)
        if live:
            self._live[sender_id] = live
        if len(self._live) > MOST_LIVE:
            self._live.popitem(last=False)

    def _latest_session(self, tracker: LiveTracker, new: Sequence[Event]) -> LiveTracker:
        """What the database would give of a tracker that was just written."""
        if not tracker.one_session or any(is_kind(event, SessionStarted) for event in new):
            begun = max((event.timestamp for event in tracker.events if is_kind(event, SessionStarted)), default=0.0)
            events = [event for event in tracker.events if event.timestamp >= begun]
            if not tracker.begin_with(events):
                return self._stored_tracker(tracker.sender_id, events)
            tracker.one_session = True
        return tracker

    def _stored_tracker(self, sender_id: str, events: list[Event]) -> LiveTracker:
        tracker: LiveTracker = LiveTracker.from_events(sender_id, events, self.domain.slots)
        tracker.stored, tracker.one_session = len(events), True
        return tracker

    # -- the database --

    async def _in_a_thread(self, work: Callable[..., Answer], *args: Any) -> Answer:
        """Do what may wait for the network away from the event loop."""
        return await asyncio.to_thread(work, *args) if self._waits else work(*args)

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        """A cursor of the database's own driver, in a transaction: SQLAlchemy's statements cost three times as much."""
        if self._kept is not None:
            with self._kept.connection as connection:  # ends in a commit, or in a rollback
                yield connection.cursor()
            return
        with closing(self.engine.raw_connection()) as connection:
            yield connection.cursor()
            connection.commit()

    def _place(self, sender_id: str) -> Place | None:
        with self._cursor() as cursor:
            return self._newest(cursor, sender_id)

    def _newest(self, cursor: Any, sender_id: str) -> Place | None:
        cursor.execute(self._sql(NEWEST), (sender_id,))
        row = cursor.fetchone()
        return Place(*row) if row else None

    def _brought_up_to_date(self, sender_id: str, live: Live | None) -> Live | None:
        """A conversation as the database has it now: what is in memory, with what another process has written since."""
        with self._cursor() as cursor:
            place = self._newest(cursor, sender_id)
            if place is None or (live and live.place == place):
                return live if place else None
            if live:
                cursor.execute(self._sql(SINCE), (sender_id, live.place.id))
                rows = cursor.fetchall()
                new = _events(rows[1:])
                if Place(*rows[0][:2]) == live.place and not any(isinstance(event, SessionStarted) for event in new):
                    tracker = live.tracker.copy()
                    tracker.update_with_events(new, self.domain, override_timestamp=False)
                    tracker.stored = len(tracker.events)
                    return Live(tracker, place)
            cursor.execute(self._sql(SESSION), (sender_id, sender_id))
            rows = cursor.fetchall()
        return Live(self._stored_tracker(sender_id, _events(rows)), place)

    def _write(self, sender_id: str, rows: Sequence[tuple[Any, ...]]) -> Place:
        marks = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(rows))
        with self._cursor() as cursor:
            cursor.execute(self._sql(f"{INSERT} {marks}"), tuple(chain.from_iterable(rows)))
            place = self._newest(cursor, sender_id)
        assert place is not None
        return place

    def _sql(self, text: str) -> str:
        """A statement with the marks of the driver."""
        return text.replace("?", "%s") if self._waits else text


def _row(sender_id: str, event: Event) -> tuple[Any, ...]:
    """An event as a row of Rasa's table."""
    data = event.as_dict()
    intent = data.get("parse_data", {}).get("intent", {}).get("name")
    return sender_id, event.type_name, data.get("timestamp"), intent, data.get("name"), json.dumps(data)


def _events(rows: Sequence[Any]) -> list[Event]:
    found: list[Event] = deserialise_events([json.loads(data) for _, _, data in rows])
    return found


def _lasting_connections(engine: sa.engine.Engine) -> sa.engine.Engine:
    """The same SQLite file through connections that stay open, with a log that is written without waiting for the disk.

    A crash of the process loses nothing; a power failure may lose the last turns, but leaves the file whole.
    """
    engine.dispose()
    lasting = sa.create_engine(engine.url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False})

    def set_up(connection: Any, _: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

    sa.event.listen(lasting, "connect", set_up)
    return lasting


def _index_places(engine: sa.engine.Engine) -> None:
    """Let PostgreSQL find a sender's newest event without a look at all of them, as SQLite does by the index of senders."""
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE INDEX IF NOT EXISTS ix_events_sender_id_id ON events (sender_id, id)"))
