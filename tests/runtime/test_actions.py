"""The actions in process against what they see and give over HTTP."""

from __future__ import annotations

import asyncio
import json
from types import MappingProxyType
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import EventVerbosity
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionNotFoundException

from bot.runtime.actions import CalledTracker, InProcessActions
from bot.runtime.shortcuts import take_shortcuts, without_shortcuts
from bot.runtime.tracker import LiveTracker
from tests.runtime.events import begin, conversation


@pytest.fixture(scope="module")
def endpoint() -> InProcessActions:
    take_shortcuts()
    return InProcessActions()


@pytest.fixture
def tracker(domain: Domain) -> LiveTracker:
    found = LiveTracker("u", domain.slots)
    for event in [event for step in conversation(2, 20) for event in step]:
        found.update(event)
    return found


def test_an_action_sees_what_it_would_see_over_http(tracker: LiveTracker) -> None:
    sent = json.loads(json.dumps(tracker.current_state(EventVerbosity.ALL)))
    theirs, ours = Tracker.from_dict(sent), CalledTracker(tracker)
    for name in ("sender_id", "slots", "latest_message", "events", "followup_action", "active_loop", "latest_action_name"):
        assert getattr(ours, name) == getattr(theirs, name), name
    assert ours.current_state() == theirs.current_state()
    assert ours.applied_events() == theirs.applied_events()


def test_what_an_action_does_to_its_copy_stays_there(tracker: LiveTracker) -> None:
    before = json.dumps(tracker.current_state(EventVerbosity.ALL))
    ours = CalledTracker(tracker)
    ours.slots["focus"] = {"policies": ["x"]}
    ours.latest_message["intent"]["name"] = "deny"
    ours.events[-1]["name"] = "x"
    assert json.dumps(tracker.current_state(EventVerbosity.ALL)) == before


def test_it_gives_what_it_would_give_over_http(
    endpoint: InProcessActions, tracker: LiveTracker, domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def action(dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=f"{tracker.get_slot('focus')} {sorted(domain['forms'])}")
        return [{"event": "slot", "name": "focus", "value": {"levels": ("市级", "省级")}}, {"name": "不是事件"}]

    monkeypatch.setitem(endpoint._executor.actions, "action_answer", action)
    remote = RemoteAction("action_answer", endpoint)
    ours = asyncio.run(endpoint.request(json=remote._action_call_format(tracker, domain)))
    with without_shortcuts():
        theirs = asyncio.run(endpoint.request(json=remote._action_call_format(tracker, domain)))
    assert ours == json.loads(json.dumps(theirs))
    assert ours["events"] == [{"event": "slot", "name": "focus", "value": {"levels": ["市级", "省级"]}}]


def test_the_domain_is_made_once_and_cannot_be_changed(endpoint: InProcessActions, domain: Domain) -> None:
    found = endpoint._plain_domain(domain)
    assert found is endpoint._plain_domain(domain)
    assert isinstance(found, MappingProxyType)
    assert dict(found) == domain.as_dict()
    assert endpoint._plain_domain(Domain.empty()) != found


def test_a_name_without_an_action(endpoint: InProcessActions, domain: Domain) -> None:
    tracker = LiveTracker("u", domain.slots)
    tracker.update_with_events(begin(), domain)
    with pytest.raises(ActionNotFoundException):
        asyncio.run(endpoint.request(json=RemoteAction("action_none", endpoint)._action_call_format(tracker, domain)))
