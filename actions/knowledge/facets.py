"""Which policies have what: the answers to everything that ranking asks of all policies, worked out once a book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from actions.knowledge.benefits import Discount, Matching, Rate
from actions.knowledge.models import Policy, Rule, Status
from actions.knowledge.text import fold

Numbers = NDArray[np.integer[Any]]
Value = TypeVar("Value", bound=Hashable)

NONE: Numbers = np.zeros(0, np.intp)


class Facets:
    """Sets of policies by what they have in common. A policy goes by its number: its place in `policies`."""

    def __init__(self, policies: Sequence[Policy]):
        self.policies = tuple(policies)
        self.number = {policy.id: number for number, policy in enumerate(self.policies)}
        names = [fold(policy.name) + "\n" for policy in self.policies]
        self._names, self._begin = "".join(names), np.cumsum([0, *map(len, names)])
        self.region = self._group(lambda policy: (policy.region,))
        self.main_topic = self._group(lambda policy: policy.topics[:1])
        self.other_topic = self._group(lambda policy: set(policy.topics) - set(policy.topics[:1]))
        self.audience = self._group(lambda policy: {*policy.audiences, *(a for rule in policy.rules for a in rule.audiences)})
        self.department = self._group(lambda policy: filter(None, (policy.contact.department,)))
        self.level = self._group(lambda policy: {level for rule in policy.rules for level in rule.levels})
        self.sum = self._group(lambda policy: {yuan for rule in policy.rules for yuan in rule.yuan})
        self.base_word = self._group(lambda policy: {word for words in map(_base_words, policy.rules) for word in words})
        # What a company's facts are checked for, where something can still be received.
        self.fact = self._group(_facts_tested)
        self.in_force = np.array([policy.status is Status.IN_FORCE for policy in self.policies], bool)
        self.result = np.array([policy.kind == "achievement" for policy in self.policies], bool)
        self.receivable = np.array([policy.receivable for policy in self.policies], bool)

    def _group(self, values: Callable[[Policy], Iterable[Value]]) -> dict[Value, Numbers]:
        found: dict[Value, list[int]] = defaultdict(list)
        for number, policy in enumerate(self.policies):
            for value in values(policy):
                found[value].append(number)
        return {value: np.array(numbers, np.intp) for value, numbers in found.items()}

    def named(self, part: str) -> Numbers:
        """The policies in whose names a folded text stands."""
        found, at = [], self._names.find(part)
        while at >= 0:
            found.append(at)
            at = self._names.find(part, at + 1)
        return np.unique(np.searchsorted(self._begin, found, side="right") - 1)

    def within(self, places: Iterable[str]) -> Numbers:
        """The policies of some regions (their ids), in order."""
        return union(self.region, places)


def union(facet: Mapping[Value, Numbers], values: Iterable[Value]) -> Numbers:
    """The policies that have one of several values, each once."""
    sets = [facet[value] for value in values if value in facet]
    if not sets:
        return NONE
    return sets[0] if len(sets) == 1 else np.unique(np.concatenate(sets))


def _facts_tested(policy: Policy) -> Iterable[str]:
    return {fact for need in policy.eligibility for fact in need.test.facts} if policy.usable else ()


def _base_words(rule: Rule) -> Iterable[str]:
    return rule.benefit.base_words if isinstance(rule.benefit, (Rate, Matching, Discount)) else ()
