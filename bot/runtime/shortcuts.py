"""What Rasa works out anew at every turn and that always comes out the same, worked out once or not at all.

Each shortcut replaces one name of Rasa's; tests/runtime compares what comes out with and without them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace
from typing import Any

import jsonschema
import rasa.core.actions.action
import rasa.core.actions.forms
import rasa.core.policies.rule_policy
import rasa.core.processor
from jsonschema.validators import validator_for
from rasa.core.actions.action import Action, ActionExtractSlots, RemoteAction
from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.constants import (
    ACTION_VALIDATE_SLOT_MAPPINGS,
    DEFAULT_SLOT_NAMES,
    MAPPING_TYPE,
    SlotMappingType,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from bot.runtime import policies
from bot.runtime.graph import PlainGraphRunner
from bot.runtime.version import known_rasa

_replaced: list[tuple[Any, str, Any]] = []


@cache
def take_shortcuts() -> None:
    """Replace the slow ways, once; what they give stays the same. None is taken with a version of Rasa that is not known."""
    if not known_rasa():
        return
    compile_action_validation()
    remember_event_classes()
    call_in_process_actions_directly()
    log_without_preparation()
    begin_trackers_in_the_store()
    make_the_empty_domain_once()
    make_default_actions_once()
    leave_slots_to_actions()
    _replace(rasa.core.processor, "DaskGraphRunner", PlainGraphRunner)
    _replace(Policy, "_prediction_states", policies.prediction_states(Policy._prediction_states))
    _replace(RulePolicy, "_find_action_from_rules", policies.find_action_from_rules(RulePolicy._find_action_from_rules))
    _replace(RulePolicy, "_get_possible_keys", policies.possible_keys(RulePolicy._get_possible_keys))


@contextmanager
def without_shortcuts() -> Iterator[None]:
    """Rasa as it is, inside the block: to compare."""
    taken = [(owner, name, vars(owner)[name]) for owner, name, _ in _replaced]
    for owner, name, original in _replaced:
        setattr(owner, name, original)
    try:
        yield
    finally:
        for owner, name, shortcut in taken:
            setattr(owner, name, shortcut)


def _replace(owner: Any, name: str, shortcut: Any) -> None:
    """`vars` and not `getattr`: a static method is to be put back as one."""
    _replaced.append((owner, name, vars(owner)[name]))
    setattr(owner, name, shortcut)


def compile_action_validation() -> None:
    """Check the results of actions by one compiled validator, and only those that come from another process.

    Rasa checks the schema itself each time, too: three quarters of a turn.
    """
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    compiled = kind(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        if getattr(self.action_endpoint, "in_process", False):
            return True
        error = jsonschema.exceptions.best_match(compiled.iter_errors(result))
        if error is not None:
            error.message += "（动作服务器返回的内容不合格式）"
            raise error
        return True

    _replace(RemoteAction, "_validate_action_result", validate)


def remember_event_classes() -> None:
    """Find the class of an event by its name without walking through all classes, for each of a conversation's events."""
    known: dict[str, type[Event]] = {}
    for kind in all_subclasses(Event):
        known.setdefault(getattr(kind, "type_name", ""), kind)

    search = Event.resolve_by_type

    def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
        found: type[Event] | None = known.get(type_name) or search(type_name, default)
        return found

    _replace(Event, "resolve_by_type", staticmethod(resolve_by_type))


def call_in_process_actions_directly() -> None:
    """Hand tracker and domain to actions in this process as they are, not all of their parts as data."""
    written = RemoteAction._action_call_format

    def call_format(self: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        if not getattr(self.action_endpoint, "in_process", False):
            found: dict[str, Any] = written(self, tracker, domain)
            return found
        return {"next_action": self.name(), "sender_id": tracker.sender_id, "tracker": tracker, "domain": domain}

    _replace(RemoteAction, "_action_call_format", call_format)


def log_without_preparation() -> None:
    """Rasa prepares what it logs, also where nobody logs it: copies of all events, all slots as text, a logger each time."""
    as_it_is = SimpleNamespace(deepcopy=lambda value: value)  # a line is written before anything can change
    for module in (
        rasa.core.processor,
        rasa.core.policies.rule_policy,
        rasa.core.actions.forms,
    ):
        _replace(module, "copy", as_it_is)  # they copy nothing else
        _replace(module, "structlogger", module.structlogger.bind())
    _replace(MessageProcessor, "_log_slots", staticmethod(lambda tracker: None))


def begin_trackers_in_the_store() -> None:
    """A new conversation's tracker is made by the store that will keep it, not by Rasa's wrapper around that."""

    def init_tracker(self: FailSafeTrackerStore, sender_id: str) -> DialogueStateTracker:
        self._tracker_store.max_event_history = self.max_event_history
        return self._tracker_store.init_tracker(sender_id)

    _replaced.append((FailSafeTrackerStore, "init_tracker", FailSafeTrackerStore.init_tracker))  # inherited until now
    FailSafeTrackerStore.init_tracker = init_tracker


def make_default_actions_once() -> None:
    """Rasa makes all its own actions anew to look up one by its name, four times a turn. They keep nothing of a conversation."""
    make, find = rasa.core.actions.action.default_actions, rasa.core.actions.action.action_for_name_or_text
    made: dict[int, tuple[EndpointConfig | None, dict[str, Action]]] = {}

    def default_actions(action_endpoint: EndpointConfig | None) -> dict[str, Action]:
        if id(action_endpoint) not in made:  # kept with what it made, so that no other gets its id
            made[id(action_endpoint)] = action_endpoint, {action.name(): action for action in make(action_endpoint)}
        return made[id(action_endpoint)][1]

    def action_for_name_or_text(name: str, domain: Domain, action_endpoint: EndpointConfig | None) -> Action:
        found = default_actions(action_endpoint).get(name)
        if found is None or name not in domain.action_names_or_texts or name in domain.user_actions_and_forms:
            found = find(name, domain, action_endpoint)
        return found

    _replace(rasa.core.actions.action, "action_for_name_or_text", action_for_name_or_text)


def leave_slots_to_actions() -> None:
    """Rasa asks every mapping of every slot at each message; where only actions set slots, none ever has anything."""
    extract = ActionExtractSlots.run
    asked: dict[int, tuple[Domain, bool]] = {}

    async def run(self: ActionExtractSlots, output_channel: Any, nlg: Any, tracker: Any, domain: Domain) -> list[Event]:
        if id(domain) not in asked:  # kept with what was found, so that no other gets its id
            asked[id(domain)] = domain, slots_are_set_by_actions(domain)
        if asked[id(domain)][1]:
            return []
        found: list[Event] = await extract(self, output_channel, nlg, tracker, domain)
        return found

    _replace(ActionExtractSlots, "run", run)


def slots_are_set_by_actions(domain: Domain) -> bool:
    """Whether no slot is filled from messages, nor by an action that is run for that alone."""
    mappings = [mapping for slot in domain.slots if slot.name not in DEFAULT_SLOT_NAMES for mapping in slot.mappings]
    custom = str(SlotMappingType.CUSTOM)
    return ACTION_VALIDATE_SLOT_MAPPINGS not in domain.user_actions and all(
        mapping.get(MAPPING_TYPE) == custom and not mapping.get("action") for mapping in mappings
    )


def make_the_empty_domain_once() -> None:
    """Rasa makes a domain without anything at each message, only to see that its own is another."""
    empty = Domain.empty().as_dict()
    _replace(Domain, "is_empty", lambda self: self.as_dict() == empty)
