"""A conversation in memory that costs the same at its hundredth turn as at its first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from rasa.shared.constants import DEFAULT_SENDER_ID
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.history import Applied, States, copied, is_kind


class LiveTracker(DialogueStateTracker):
    """Rasa's tracker with all its events; what is worked out of them is kept and brought up to date, not worked out anew.

    `stored` is how many of the events, from the first, the database has; `one_session` whether it would give these alone.
    """

    def __init__(self, sender_id: str, slots: Iterable[Slot] | None, *args: Any, **kwargs: Any) -> None:
        self.stored, self.one_session = 0, False
        self._applied = Applied()
        self._states: States | None = None
        super().__init__(sender_id, None, *args, **kwargs)
        if slots is not None:
            self.slots = {slot.name: copied(slot) for slot in slots}
            self._reset_slots()

    def applied_events(self) -> list[Event]:
        """The events without what was taken back."""
        self._applied.hear(self.events, self)
        return list(self._applied.events)

    def init_copy(self) -> LiveTracker:
        """A tracker of the same sender without events."""
        return LiveTracker(
            self.sender_id or DEFAULT_SENDER_ID, self.slots.values(), self._max_event_history, None, self.is_rule_tracker
        )

    def copy(self) -> LiveTracker:
        """A tracker with the same events that goes on by itself. Rasa replays all events for one."""
        followup = self._followup_by_events()
        if followup is None:
            replayed: LiveTracker = super().copy()
            replayed.stored, replayed.one_session = self.stored, self.one_session
            return replayed
        found = copied(self)
        found.events = deque(self.events, self._max_event_history)
        found.slots = {name: copied(slot) for name, slot in self.slots.items()}
        found.active_loop = replace(self.active_loop) if self.active_loop else None
        found._applied, found._states = self._applied.copy(), self._states.copy() if self._states else None
        # As after a replay, which does not know what came from outside the events.
        (found.followup_action,) = followup
        found.model_id = found.assistant_id = found.sender_source = None
        return found

    def _followup_by_events(self) -> tuple[str | None] | None:
        """The action to be followed up if the events alone are asked; None where only a replay tells."""
        for event in reversed(self.events):
            if is_kind(event, ActionExecuted, UserUttered):
                return (None,)
            if isinstance(event, FollowupAction):
                return (event.action_name,)
            if is_kind(event, Restarted):
                return (ACTION_SESSION_START_NAME,)
            if is_kind(event, SessionStarted):
                break
            if is_kind(event, UserUtteranceReverted, ActionReverted):
                return None
        return (ACTION_LISTEN_NAME,)

    def begin_with(self, events: Sequence[Event]) -> bool:
        """Drop the events before these, its last, which begin with a session: that took nothing over from before.

        False, and nothing done, where these are not what it ends with, or begin with no session.
        """
        dropped = len(self.events) - len(events)
        if not events or not isinstance(events[0], SessionStarted) or self.events[dropped] is not events[0]:
            return False
        self._applied.hear(self.events, self)
        for _ in range(dropped):
            self.events.popleft()
        self._applied.forget(dropped)
        self.stored = max(self.stored - dropped, 0)
        return True

    def latest_states(self, domain: Domain, most: int) -> list[State]:
        """The latest of `past_states`, the oldest first."""
        if self._states is None or self._states.domain is not domain:
            self._states = States(domain)
        if self._states.need_slots:
            return list(self.past_states(domain)[-most:])
        self._applied.hear(self.events, self)
        return self._states.latest(self._applied.events, most)
