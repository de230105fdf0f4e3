"""What policies see of a conversation, kept up as events are added: Rasa works it out anew from all events, five times a turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

Thing = TypeVar("Thing")


def copied(thing: Thing) -> Thing:
    """As copy.copy, which takes ten times as long to find out how."""
    found = object.__new__(type(thing))
    found.__dict__.update(thing.__dict__)
    return found


def is_kind(event: Event, *kinds: type[Event]) -> bool:
    """As isinstance, which takes long with Rasa's events: they are abstract base classes."""
    return _is_subclass(event.__class__, kinds)


@cache
def _is_subclass(kind: type[Event], kinds: tuple[type[Event], ...]) -> bool:
    return issubclass(kind, kinds)


class Applied:
    """`DialogueStateTracker.applied_events`: the events without what was taken back, brought up to date event by event."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._heard = 0
        self._loops: set[str] = set()

    def copy(self) -> Applied:
        """The same, to go on differently."""
        found = Applied()
        found.events, found._heard, found._loops = list(self.events), self._heard, self._loops
        return found

    def hear(self, events: Sequence[Event], tracker: DialogueStateTracker) -> None:
        """Bring up to date with all of a tracker's events."""
        new = list(islice(reversed(events), max(len(events) - self._heard, 0)))[::-1]
        loops = {event.name for event in new if is_kind(event, ActiveLoop) and event.name} - self._loops
        if loops or len(events) < self._heard:
            # Rasa undoes what a loop has run before even where the loop was made known only later.
            self.events, new, self._loops = [], list(events), self._loops | loops
        self._heard = len(events)
        for event in new:
            self._apply(event, tracker)

    def forget(self, first: int) -> None:
        """The first events are taken away from a tracker; a session began after them, so none of them is applied."""
        self._heard -= first

    def _apply(self, event: Event, tracker: DialogueStateTracker) -> None:
        """One step of Rasa's own method."""
        if is_kind(event, Restarted, SessionStarted):
            self.events = []
        elif is_kind(event, ActionReverted):
            tracker._undo_till_previous(ActionExecuted, self.events)
        elif is_kind(event, UserUtteranceReverted):
            tracker._undo_till_previous(UserUttered, self.events)
            tracker._undo_till_previous(ActionExecuted, self.events)
        elif (
            self._loops
            and isinstance(event, ActionExecuted)
            and event.action_name in self._loops
            and not tracker._first_loop_execution_or_unhappy_path(event.action_name, self.events)
        ):
            tracker._undo_till_previous_loop_execution(event.action_name, self.events)
        else:
            self.events.append(event)


class Seen(NamedTuple):
    """A state, and those before it."""

    state: State
    before: Seen | None


class Step(NamedTuple):
    """A conversation after one of its applied events, as far as the states depend on it."""

    message: UserUttered
    action: Any
    loop: Any
    followup: str | None
    states: Seen | None = None


class Replay(DialogueStateTracker):
    """A tracker without slots that is put at a step and moved on by events. Only where no slot sways a policy."""

    def __init__(self) -> None:
        super().__init__("", [])

    def _set_slot(self, key: str, value: Any) -> None:
        """No slot."""

    def put_at(self, step: Step) -> None:
        """Go back to a step."""
        self.latest_message, self.latest_action, self.active_loop, self.followup_action = step[:4]

    def step(self, before: Step | None = None) -> Step:
        """Where it is now, with the states seen before."""
        here = self.latest_message, self.latest_action, self.active_loop, self.followup_action
        return Step(*here, before.states if before else None)


@cache
def _replay() -> Replay:
    """The one tracker that is put at a step before each use: making one takes longer than what it is for."""
    return Replay()


@cache
def _unmoved() -> Step:
    return Replay().step()


def _beginning() -> Step:
    """A conversation before its first event; with a message of its own, in which events may note something."""
    return _unmoved()._replace(message=UserUttered.empty())


class States:
    """`Domain.states_for_tracker_history`, step by step.

    With `need_slots` they cannot be had here: a slot of the domain sways the policies, and a replay keeps no slots.
    """

    def __init__(self, domain: Domain):
        self.domain = domain
        self.need_slots = any(slot.influence_conversation for slot in domain.slots)
        self._steps: list[tuple[Event, Step]] = []
        self._last: Seen | None = None

    def copy(self) -> States:
        """The same, to go on differently."""
        found = copied(self)
        found._steps = list(self._steps)
        return found

    def latest(self, events: Sequence[Event], most: int) -> list[State]:
        """The latest states after all applied events, the oldest first; the caller may change them."""
        if not self._steps or len(events) != len(self._steps) or events[-1] is not self._steps[-1][0]:
            self._follow(events)
        return _copies(reversed(list(islice(_backwards(self._last), most))))

    def _follow(self, events: Sequence[Event]) -> None:
        self._forget_what_was_taken_back(events)
        replay = _replay()
        step = self._steps[-1][1] if self._steps else _beginning()
        replay.put_at(step)
        for event in islice(events, len(self._steps), None):
            step = self._after(step, event, replay)
            self._steps.append((event, step))
        self._last = self._seen(step, replay).states

    def _forget_what_was_taken_back(self, events: Sequence[Event]) -> None:
        """Events are only added at the end or taken away: one that is in its place has all in place before it."""
        kept = min(len(events), len(self._steps))
        while kept and self._steps[kept - 1][0] is not events[kept - 1]:
            kept -= 1
        del self._steps[kept:]

    def _after(self, step: Step, event: Event, replay: Replay) -> Step:
        if is_kind(event, BotUttered, SlotSet):
            return step
        if is_kind(event, ActionExecuted):
            step = self._seen(step, replay)
        event.apply_to(replay)
        return replay.step(step)

    def _seen(self, step: Step, replay: Replay) -> Step:
        """The step with one more state: one round of Rasa's own loop."""
        state = self.domain._clean_state(self.domain.get_active_state(replay))
        return step._replace(states=Seen(state, step.states))


def _backwards(seen: Seen | None) -> Iterator[State]:
    while seen:
        yield seen.state
        seen = seen.before


def _copies(states: Iterable[State]) -> list[State]:
    """Copies two levels deep. What was one and the same part of two states is so in the copies: policies change it in one."""
    parts: dict[int, Any] = {}
    return [{name: parts.setdefault(id(part), dict(part)) for name, part in state.items()} for state in states]
