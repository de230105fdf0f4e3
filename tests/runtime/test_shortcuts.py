"""The assistant with and without the shortcuts: the same answers, the same rows in the database, the same trackers."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import rasa
import sqlalchemy as sa
import yaml
from rasa.core.actions.action import ActionExtractSlots, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.core.tracker_store import SQLTrackerStore
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import ActionNotFoundException, Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import EventVerbosity
from rasa.utils.endpoints import EndpointConfig

import bot.runtime.shortcuts as shortcuts_module
from bot import project
from bot.runtime import version
from bot.runtime.actions import InProcessActions
from bot.runtime.graph import PlainGraphRunner
from bot.runtime.policies import RuleIndex
from bot.runtime.shortcuts import slots_are_set_by_actions, take_shortcuts, without_shortcuts
from bot.runtime.tracker import LiveTracker
from bot.runtime.trackers import LiveTrackerStore

pytestmark = pytest.mark.agent

# Enough to find a day's pause in, and each kind of turn: forms begun, passed over and left, questions offered again.
FORM = [
    "我们能申请什么补贴",
    "是",
    "高企奖励多少？",
    "不是",
    "不清楚",
    "等等，人才公寓怎么申请",
    "今天天气怎么样",
    "算了",
    "谢谢",
]
SHORT = ["你好", "高新贷最高多少", "找谁办", "重新开始", "清除我的信息", "/restart", "你好"]


def dialogues() -> Iterator[list[str]]:
    """What people say in some of the conversations that the answers are tested with."""
    yield FORM
    yield SHORT
    told = yaml.safe_load((project.ROOT / "tests" / "conversations" / "dialogue.yml").read_text(encoding="utf-8"))
    for dialogue in told[::30]:
        yield [turn["user"] for turn in dialogue["turns"]]


class Side:
    """One of the two assistants, with its own database."""

    def __init__(self, store: SQLTrackerStore, block: Any):
        self._block = block
        with self._block():
            self.agent: Any = Agent.load(str(project.MODEL), tracker_store=store, action_endpoint=InProcessActions())
        self.store = store

    async def say(self, sender: str, text: str) -> Any:
        """What is answered, what is then in the database, and what Rasa then knows; without times."""
        output = CollectingOutputChannel()
        block: AbstractContextManager[None] = self._block()
        with block:
            await self.agent.handle_message(UserMessage(text, output, sender, input_channel="rest", message_id="m"))
            tracker = await self.agent.tracker_store.retrieve(sender)
        with self.store.engine.connect() as connection:
            table = self.store.SQLEvent.__table__
            rows = connection.execute(sa.select(table).where(table.c.sender_id == sender).order_by(table.c.id)).all()
        plain = [(row.type_name, row.intent_name, row.action_name, json.loads(row.data)) for row in rows]
        return without_times(json.loads(json.dumps([output.messages, plain, tracker.current_state(EventVerbosity.ALL)])))


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_times(item) for key, item in value.items() if key not in ("timestamp", "latest_event_time")}
    if isinstance(value, list):
        return [without_times(item) for item in value]
    return value


@pytest.fixture(scope="module")
def sides(agent: Agent, tmp_path_factory: pytest.TempPathFactory) -> tuple[Side, Side]:
    folder: Path = tmp_path_factory.mktemp("sides")
    take_shortcuts()
    theirs = Side(SQLTrackerStore(db=str(folder / "theirs.db")), without_shortcuts)
    return Side(LiveTrackerStore(db=str(folder / "ours.db")), nullcontext), theirs


def test_everything_is_as_without_shortcuts(sides: tuple[Side, Side]) -> None:
    ours, theirs = sides
    assert type(ours.agent.processor.graph_runner) is PlainGraphRunner
    assert type(theirs.agent.processor.graph_runner) is DaskGraphRunner

    async def compare() -> None:
        for number, texts in enumerate(dialogues()):
            for text in texts:
                assert await ours.say(f"u{number}", text) == await theirs.say(f"u{number}", text), text

    asyncio.run(compare())
    assert isinstance(asyncio.run(ours.store.retrieve("u1")), LiveTracker)


def test_a_session_that_is_over_begins_anew_on_both(sides: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = sides

    async def scenario(side: Side) -> Any:
        await side.say("later", "高新贷最高多少")
        with monkeypatch.context() as patch:
            real = time.time
            patch.setattr(time, "time", lambda: real() + 3700)
            return await side.say("later", "找谁办")

    assert asyncio.run(scenario(ours)) == asyncio.run(scenario(theirs))
    tracker = asyncio.run(ours.store.retrieve("later"))
    assert tracker
    assert sum(event.type_name == "user" for event in tracker.events) == 1


def test_the_rules_that_apply_are_those_that_rasa_finds(sides: tuple[Side, Side]) -> None:
    nodes = sides[0].agent.processor.graph_runner._instantiated_nodes.values()
    policy = next(node._component for node in nodes if isinstance(node._component, RulePolicy))
    rules = [json.loads(key) for key in policy.lookup[RULES]]
    turns = [turn for rule in rules for turn in rule]
    start: dict[str, Any] = {"user": {"intent": "greet"}}
    for states in (
        [[turn] for turn in turns] + [[first, second] for first in turns[::7] for second in [*turns[::5], start]] + [[start]]
    ):
        found = policy._get_possible_keys(policy.lookup[RULES], states)
        with without_shortcuts():
            assert policy._get_possible_keys(policy.lookup[RULES], states) == found
    assert policy._get_possible_keys(policy.lookup[RULES], turns[:1])


def test_texts_are_asked_for_only_where_a_rule_may_go_by_one() -> None:
    listen = {"prev_action": {"action_name": "action_listen"}}

    def heeds(*latest: dict[str, Any]) -> bool:
        return RuleIndex({json.dumps([listen, turn]): "action_answer" for turn in latest}).heeds_texts

    by_intent = listen | {"user": {"intent": "greet"}}
    assert not heeds(by_intent, {"prev_action": {"action_name": "match_form"}})
    assert heeds(by_intent, listen | {"user": {"text": "你好"}})
    assert heeds(by_intent, {"active_loop": {"name": "match_form"}})


def test_an_action_is_found_by_its_name_as_rasa_finds_it(domain: Domain) -> None:
    take_shortcuts()
    endpoint = EndpointConfig("http://127.0.0.1:1")
    overridden = Domain.from_dict({"actions": ["action_listen"]})
    for name in ("action_listen", "action_restart", "action_answer", "match_form"):
        for asked in (domain, overridden) if name == "action_listen" else (domain,):
            found = rasa.core.actions.action.action_for_name_or_text(name, asked, endpoint)
            with without_shortcuts():
                theirs = rasa.core.actions.action.action_for_name_or_text(name, asked, endpoint)
            assert (type(found), found.name()) == (type(theirs), theirs.name())
    with pytest.raises(ActionNotFoundException):
        rasa.core.actions.action.action_for_name_or_text("action_nobody_has", domain, endpoint)


@pytest.mark.parametrize(
    ("mapping", "actions", "alone"),
    [
        ({"type": "custom"}, [], True),
        ({"type": "custom", "conditions": [{"active_loop": None}]}, [], True),
        ({"type": "custom", "action": "action_fill"}, ["action_fill"], False),
        ({"type": "custom"}, ["action_validate_slot_mappings"], False),
        ({"type": "from_text"}, [], False),
        ({"type": "from_intent", "value": 1}, [], False),
    ],
)
def test_slots_are_left_to_actions_only_where_nothing_else_fills_them(
    mapping: dict[str, Any], actions: list[str], alone: bool
) -> None:
    slots = {"own": {"type": "any", "mappings": [{"type": "custom"}]}, "other": {"type": "any", "mappings": [mapping]}}
    assert slots_are_set_by_actions(Domain.from_dict({"slots": slots, "actions": actions})) is alone


def test_slots_that_messages_fill_are_still_filled() -> None:
    take_shortcuts()
    for kind, filled in (("custom", []), ("from_text", [SlotSet("own", "你好")])):
        domain = Domain.from_dict({"slots": {"own": {"type": "any", "mappings": [{"type": kind}]}}})
        tracker = LiveTracker.from_events("u", [UserUttered("你好", {"name": "greet"})], domain.slots)
        run = ActionExtractSlots(None).run(CollectingOutputChannel(), None, tracker, domain)
        assert asyncio.run(run) == filled


def test_results_of_an_action_server_are_still_checked() -> None:
    take_shortcuts()
    action = RemoteAction("action_answer", EndpointConfig("http://127.0.0.1:1"))
    assert action._validate_action_result({"events": [{"event": "slot", "name": "focus", "value": 1}], "responses": []})
    for result in ({"events": [{"name": "focus"}]}, {"responses": "x"}):
        with pytest.raises(jsonschema.ValidationError):
            action._validate_action_result(result)
        with without_shortcuts(), pytest.raises(jsonschema.ValidationError):
            action._validate_action_result(result)


def test_events_are_found_by_their_names() -> None:
    take_shortcuts()
    assert Event.resolve_by_type("slot") is SlotSet
    for name, default in (("slot", None), ("user", None), ("none", SlotSet)):
        found = Event.resolve_by_type(name, default)
        with without_shortcuts():
            assert Event.resolve_by_type(name, default) is found
    with pytest.raises(ValueError, match="none"):
        Event.resolve_by_type("none")


def test_with_another_rasa_no_shortcut_is_taken(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(rasa, "__version__", "3.7.0")
    monkeypatch.setattr(shortcuts_module, "_replaced", [])
    version.known_rasa.cache_clear()
    try:
        with caplog.at_level(logging.WARNING):
            take_shortcuts.__wrapped__()
            take_shortcuts.__wrapped__()
        assert not shortcuts_module._replaced
        assert [record.message for record in caplog.records] == [
            "当前的 Rasa 是 3.7.0，提速只适用于 3.6.21：照常运行，但不提速。"
        ]
    finally:
        version.known_rasa.cache_clear()
