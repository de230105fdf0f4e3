"""The sides of a comparison: how each policy is called in it, and which of its rules are told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Policy, Rule
from actions.knowledge.query import Query
from actions.replies import parts


@dataclass(frozen=True)
class Side:
    """One of the compared policies: how it is called, and the rules that are told of it."""

    policy: Policy
    label: str
    rules: tuple[Rule, ...]
    silent: str  # what the source does not state of what was asked

    @property
    def receivable(self) -> list[Rule]:
        """The told rules whose figure is something that an applicant can receive."""
        return [rule for rule in self.rules if rule.receivable]


def sides(book: PolicyBook, query: Query, policies: Sequence[Policy], silent: Sequence[str]) -> list[Side]:
    """The sides in the order of the policies; `silent` says for each what its source does not state of what was asked."""
    labels = _labels(book, query, policies)
    return [
        Side(policy, label, _telling(policy, query), quiet) for policy, label, quiet in zip(policies, labels, silent, strict=True)
    ]


def _labels(book: PolicyBook, query: Query, policies: Sequence[Policy]) -> list[str]:
    """Names short enough to stand before every line: the places where they tell the policies apart, else the names."""
    places = [place_alias(book, policy) for policy in policies]
    of_one_kind = len({policy.topics[0] for policy in policies}) == 1
    if len(set(places)) == len(policies) and (len(query.ids("region")) > 1 or of_one_kind):
        return places
    for names in (
        [_tail(book, policy) for policy in policies],
        list(map(parts.label, policies)),
        list(map(parts.short_name, policies)),
    ):
        if len(set(names)) == len(names):
            return names
    return [f"第{number}项" for number in range(1, len(policies) + 1)]


def _telling(policy: Policy, query: Query) -> tuple[Rule, ...]:
    """The rules to compare: results and single cases only where there is nothing else, or where they are asked for."""
    rules, asked = parts.telling_rules(policy, query), {item.value for item in query.sums}
    return tuple(rule for rule in rules if rule.scope not in parts.ASIDE or asked & set(rule.yuan)) or rules


def place_alias(book: PolicyBook, policy: Policy) -> str:
    """The short other name of a policy's place where it has one, else its name."""
    region = book.regions[policy.region]
    return next((alias for alias in region.aliases if len(alias) < len(region.name)), region.name)


def _tail(book: PolicyBook, policy: Policy) -> str:
    """The part of a name that people use: after the dash, in quotation marks at the end, or without the place."""
    name = parts.short_name(policy)
    if "—" in name:
        return name.rsplit("—", 1)[1]
    quoted = re.search(r"“([^“”]{3,})”$", name)
    if quoted:
        return quoted[1]
    tail = name.removeprefix(book.region_name(policy))
    return tail if 4 <= len(tail) <= parts.LABEL else parts.label(policy)
