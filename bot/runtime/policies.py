"""What RulePolicy works out at every turn, from no more of the conversation than it can tell apart.

Each function takes Rasa's own method and gives one that comes to the same by less work.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any
from weakref import WeakKeyDictionary

from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import ACTION_LISTEN_NAME, PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

from bot.runtime.tracker import LiveTracker

Method = Callable[..., Any]


def prediction_states(original: Method) -> Method:
    """`Policy._prediction_states`, without a replay of all events where the policy needs only the latest states."""
    needed: WeakKeyDictionary[Policy, int] = WeakKeyDictionary()

    def shortcut(
        self: Policy,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        if self not in needed:
            needed[self] = states_needed(self)
        if not needed[self] or not isinstance(tracker, LiveTracker):
            found: list[State] = original(self, tracker, domain, use_text_for_last_user_input, rule_only_data)
            return found
        states = tracker.latest_states(domain, needed[self])
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
        return states

    return shortcut


def states_needed(policy: Policy) -> int:
    """How many of the latest states a policy's prediction depends on; 0: all, or nobody knows."""
    if type(policy) is RulePolicy:
        # One more than the longest rule has: a conversation must not seem to begin where the states do.
        keys = [*policy.lookup.get(RULES, ()), *policy.lookup.get(RULES_FOR_LOOP_UNHAPPY_PATH, ())]
        return 1 + max((len(json.loads(key)) for key in keys), default=1)
    return 0


def possible_keys(original: Method) -> Method:
    """`RulePolicy._get_possible_keys`, with only those rules looked at whose latest turn may be the conversation's."""
    indexes: WeakKeyDictionary[RulePolicy, dict[int, RuleIndex]] = WeakKeyDictionary()

    def shortcut(self: RulePolicy, lookup: dict[str, str], states: Sequence[State]) -> set[str]:
        if not states or not lookup:
            return set(lookup)
        of_policy = indexes.setdefault(self, {})
        index = of_policy.get(id(lookup))
        if index is None or not index.is_of(lookup):
            index = of_policy[id(lookup)] = RuleIndex(lookup)
        found: set[str] = original(self, dict.fromkeys(index.candidates(states[-1])), states)
        return found

    return shortcut


def find_action_from_rules(original: Method) -> Method:
    """`RulePolicy._find_action_from_rules`, not asked by the text of a message where no rule goes by a text."""
    indexes: WeakKeyDictionary[RulePolicy, RuleIndex] = WeakKeyDictionary()

    def shortcut(
        self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        # Within a loop a text may also tell that the loop goes on after something else.
        if use_text_for_last_user_input and not tracker.active_loop_name:
            index = indexes.get(self)
            if index is None or not index.is_of(self.lookup[RULES]):
                index = indexes[self] = RuleIndex(self.lookup[RULES])
            if not index.heeds_texts:
                return None, None, False
        found: tuple[str | None, str | None, bool] = original(self, tracker, domain, use_text_for_last_user_input)
        return found

    return shortcut


class RuleIndex:
    """The rules by the action and the intent of their latest turn: by these alone most do not apply."""

    def __init__(self, lookup: Mapping[str, str]):
        self._lookup, self._size = lookup, len(lookup)
        self._keys: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
        for key in lookup:
            self._keys[_turn(json.loads(key)[-1])].append(key)
        # A text is asked for after action_listen, and hides the intent: only these rules can apply.
        self.heeds_texts = (ACTION_LISTEN_NAME, None) in self._keys or (None, None) in self._keys

    def is_of(self, lookup: Mapping[str, str]) -> bool:
        """Whether these are the rules of a lookup as it is now: while Rasa trains, it grows."""
        return self._lookup is lookup and self._size == len(lookup)

    def candidates(self, state: State) -> Iterable[str]:
        """The rules that may apply to a conversation in a state, among them all that do."""
        action, intent = _turn(state)
        if not state.get(PREVIOUS_ACTION):  # a conversation's begin is taken for any rule's begin
            return self._lookup
        turns = {(action, intent), (action, None), (None, intent), (None, None)}
        return chain.from_iterable(self._keys.get(turn, ()) for turn in turns)


def _turn(state: State) -> tuple[str | None, str | None]:
    """The action and the intent of a rule's state that a conversation must have as well; None where it may have any."""
    action, intent = state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME), state.get(USER, {}).get(INTENT)
    return (
        action if action and action != SHOULD_NOT_BE_SET else None,
        intent if intent and intent != SHOULD_NOT_BE_SET else None,
    )
