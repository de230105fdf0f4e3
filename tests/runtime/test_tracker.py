"""The live tracker against Rasa's, on conversations of all kinds of events."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, FollowupAction, LoopInterrupted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.runtime.tracker import LiveTracker
from tests.runtime.events import begin, conversation


def both(domain: Domain, name: str = "u") -> tuple[LiveTracker, DialogueStateTracker]:
    return LiveTracker(name, domain.slots), DialogueStateTracker(name, domain.slots)


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """All that a tracker tells, and what it does not tell."""
    found: dict[str, Any] = tracker.current_state(EventVerbosity.ALL)
    set_before = {name: slot.has_been_set for name, slot in tracker.slots.items()}
    return found | {"set": set_before, "model": tracker.model_id, "source": tracker.sender_source}


@pytest.mark.parametrize("seed", range(8))
def test_all_that_is_asked_of_a_tracker_is_as_rasa_has_it(domain: Domain, seed: int) -> None:
    ours, theirs = both(domain)
    for step in conversation(seed, 40):
        for event in step:
            ours.update(event)
            # A copy, as the featurisation of a message is noted in the event itself.
            theirs.update(copy.copy(event))
        assert state(ours) == state(theirs)
        assert [event.as_dict() for event in ours.applied_events()] == [event.as_dict() for event in theirs.applied_events()]
        assert ours.latest_states(domain, 4) == theirs.past_states(domain)[-4:]
        assert state(ours.copy()) == state(theirs.copy())


def test_a_copy_and_what_it_was_made_of_go_their_own_ways(domain: Domain) -> None:
    ours, theirs = both(domain)
    for event in [*begin(), ActionExecuted("match_form"), ActiveLoop("match_form")]:
        ours.update(event)
        theirs.update(event)
    other = ours.copy()
    other.update(LoopInterrupted(True))
    assert state(ours) == state(theirs)
    for event in [event for step in conversation(5, 2)[1:] for event in step]:
        other.update(event)
    other.latest_states(domain, 3)
    for event in [event for step in conversation(6, 8)[1:] for event in step]:
        assert state(ours) == state(theirs)
        ours.update(event)
        theirs.update(event)
    assert ours.applied_events() == theirs.applied_events()
    assert ours.latest_states(domain, 3) == theirs.past_states(domain)[-3:]


def test_a_copy_knows_what_the_events_tell_to_follow_up(domain: Domain) -> None:
    for tracker in both(domain):
        tracker.update_with_events([*begin(), FollowupAction("match_form"), SlotSet("failures", 0)], domain)
        tracker.clear_followup_action()  # as Rasa does before the action runs
        assert tracker.copy().followup_action == "match_form"
        tracker.update(ActionExecuted("match_form"))
        assert tracker.copy().followup_action is None


def test_states_may_be_changed_by_who_gets_them(domain: Domain) -> None:
    ours, _ = both(domain)
    for event in [event for step in conversation(1, 8) for event in step]:
        ours.update(event)
    given = ours.latest_states(domain, 3)
    kept = copy.deepcopy(given)
    for found in given:
        for part in found.values():
            part.clear()
    assert ours.latest_states(domain, 3) == kept


def test_states_of_a_domain_whose_slots_sway_policies_are_rasas_own() -> None:
    domain = Domain.from_dict(
        {
            "intents": ["ask_amount"],
            "actions": ["action_answer"],
            "slots": {"flag": {"type": "bool", "influence_conversation": True, "mappings": [{"type": "custom"}]}},
        }
    )
    ours, theirs = both(domain)
    for event in [*begin(), SlotSet("flag", True), ActionExecuted("action_answer")]:
        ours.update(event)
        theirs.update(event)
    assert "slots" in theirs.past_states(domain)[-1]
    assert ours.latest_states(domain, 2) == theirs.past_states(domain)[-2:]


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("steps", [0, 4])
def test_a_conversation_can_begin_with_its_latest_session(domain: Domain, steps: int, stored: bool) -> None:
    earlier = [event for step in conversation(3, 4)[:steps] for event in step]
    session = [event for step in conversation(4, 3) for event in step][1:]
    ours: LiveTracker = LiveTracker.from_events("u", [*earlier, begin()[0], *session], domain.slots)
    ours.stored = len(ours.events) if stored else 0
    assert ours.begin_with(session)
    assert (list(ours.events), ours.stored) == (session, len(session) if stored else 0)
    after = [event for step in conversation(5, 2)[1:] for event in step]
    for event in after:
        ours.update(event)
    theirs: DialogueStateTracker = DialogueStateTracker.from_events("u", [*map(copy.copy, (*session, *after))], domain.slots)
    assert [event.as_dict() for event in ours.applied_events()] == [event.as_dict() for event in theirs.applied_events()]
    assert state(ours) == state(theirs)
    assert ours.latest_states(domain, 4) == theirs.past_states(domain)[-4:]


def test_a_conversation_cannot_begin_without_a_session_or_with_what_it_does_not_end_with(domain: Domain) -> None:
    events = [event for step in conversation(3, 4) for event in step]
    ours: LiveTracker = LiveTracker.from_events("u", events, domain.slots)
    assert not ours.begin_with([])
    assert not ours.begin_with(events[2:])
    assert not ours.begin_with([event for step in conversation(3, 2) for event in step][1:])
    assert list(ours.events) == events
