"""What policies see of a conversation, kept up as events are added: Rasa works it out anew from all events, five times a turn."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from rasa.shared.core.constants import PREVIOUS_ACTION
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
        loops = {event.name for event in new if isinstance(event, ActiveLoop) and event.name} - self._loops
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
        if isinstance(event, (Restarted, SessionStarted)):
            self.events = []
        elif isinstance(event, ActionReverted):
            tracker._undo_till_previous(ActionExecuted, self.events)
        elif isinstance(event, UserUtteranceReverted):
            tracker._undo_till_previous(UserUttered, self.events)
            tracker._undo_till_previous(ActionExecuted, self.events)
        elif (
            isinstance(event, ActionExecuted)
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
    learned_action: Any = None  # the action before the last turn that is not hidden
    hidden: bool = False


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
        return Step(*here, before.states, before.learned_action, before.hidden) if before else Step(*here)


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
    """`Domain.states_for_tracker_history`, step by step; `learned`: of policies that pass over the turns that only rules have.

    With `need_slots` they cannot be had here: a slot of the domain sways the policies, and a replay keeps no slots.
    """

    def __init__(self, domain: Domain, learned: bool, rule_only_data: dict[str, Any] | None):
        self._domain, self._learned, self._rule_only_data = domain, learned, rule_only_data
        self.need_slots = any(slot.influence_conversation for slot in domain.slots)
        self._steps: list[tuple[Event, Step]] = []
        self._last: Seen | None = None

    def are_for(self, domain: Domain, learned: bool, rule_only_data: dict[str, Any] | None) -> bool:
        """Whether these states are the ones asked for."""
        return self._domain is domain and self._learned == learned and self._rule_only_data == rule_only_data

    def copy(self) -> States:
        """The same, to go on differently."""
        found = copy.copy(self)
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
        self._last = self._seen(step, replay, hide=False).states

    def _forget_what_was_taken_back(self, events: Sequence[Event]) -> None:
        """Events are only added at the end or taken away: one that is in its place has all in place before it."""
        kept = min(len(events), len(self._steps))
        while kept and self._steps[kept - 1][0] is not events[kept - 1]:
            kept -= 1
        del self._steps[kept:]

    def _after(self, step: Step, event: Event, replay: Replay) -> Step:
        if isinstance(event, (BotUttered, SlotSet)):
            return step
        if isinstance(event, ActionExecuted):
            step = self._seen(step, replay, event.hide_rule_turn)
        event.apply_to(replay)
        return replay.step(step)

    def _seen(self, step: Step, replay: Replay, hide: bool) -> Step:
        """The step with one more state, or with none where the turn is hidden: one round of Rasa's own loop."""
        domain = self._domain
        if not self._learned:
            return step._replace(states=Seen(domain._clean_state(domain.get_active_state(replay)), step.states))
        action = step.learned_action if step.hidden else domain._get_prev_action_sub_state(replay)
        # What is followed up, or a loop that goes on, does not change whether the turn is hidden.
        goes_on = replay.followup_action or replay.latest_action_name == replay.active_loop_name
        hidden = step.hidden if goes_on else hide
        step = step._replace(learned_action=action, hidden=hidden)
        if hidden:
            return step
        state = domain.get_active_state(replay)
        domain._remove_rule_only_features(state, self._rule_only_data)
        if step.states:
            domain._substitute_rule_only_user_input(state, step.states.state)
        if action:
            state[PREVIOUS_ACTION] = action
        return step._replace(states=Seen(domain._clean_state(state), step.states))


def _backwards(seen: Seen | None) -> Iterator[State]:
    while seen:
        yield seen.state
        seen = seen.before


def _copies(states: Iterable[State]) -> list[State]:
    """Copies two levels deep. What was one and the same part of two states is so in the copies: policies change it in one."""
    parts: dict[int, Any] = {}
    return [{name: parts.setdefault(id(part), dict(part)) for name, part in state.items()} for state in states]
