"""A number of the question against the thresholds of a record: which ones it has passed, and which not yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from actions.knowledge.aspect import Aspect
from actions.knowledge.benefits import Fixed
from actions.knowledge.counts import monthly
from actions.knowledge.inputs import asked_aspect, implausible
from actions.knowledge.models import Policy, Rule, Scope
from actions.knowledge.money import exact
from actions.knowledge.query import Query
from actions.knowledge.sums import Sum, find_sums
from actions.knowledge.text import features, fold

STRICT = ("超", "超过", "大于")
_PAY = "年薪|薪|工资|收入"
_GROWN = re.compile("(涨|增|升|提高|变|长)(到|至|加到|长到|成)了?$")
_OVER = re.compile("(超过?|突破|过|大于|多于|高于|破)了?$")
_CLAIM = re.compile("([给奖补拿领得发](到|了|我们?|公司|企业|个人)*|最高|上限|封顶)$")


@dataclass(frozen=True)
class Crossing:
    """Where `value` stands: thresholds `passed` and those `ahead`; `earlier` is where it came from (从4.8亿涨到5.3亿)."""

    name: str
    value: Decimal
    passed: tuple[Decimal, ...]
    ahead: tuple[Decimal, ...]
    strict: bool
    months: int = 1
    earlier: Decimal | None = None

    @property
    def new(self) -> tuple[Decimal, ...]:
        """The thresholds between the earlier number and this one."""
        return tuple(item for item in self.passed if self.earlier is not None and item >= self.earlier)


def thresholds(policy: Policy, rule: Rule) -> tuple[Decimal, ...]:
    """All steps of a threshold: its own sum, and those that a condition lists beside it."""
    assert isinstance(rule.benefit, Fixed)
    own = exact(rule.benefit.amount)
    listed = [{exact(item.value) for item in find_sums(_whole(fold(other.condition)))} for other in policy.rules]
    return tuple(sorted({own}.union(*(sums for sums in listed if own in sums))))


def _whole(text: str) -> str:
    """5 亿、10 亿或 50 亿元 without blanks, as numbers are read."""
    return re.sub(r"(?<=\d)\s+(?=[万亿])", "", text)


def find_crossings(query: Query, policy: Policy) -> list[Crossing]:
    """The question's numbers that speak of a threshold of the policy. A figure that is merely repeated is none."""
    found: list[Crossing] = []
    for rule in policy.rules:
        if rule.scope is not Scope.THRESHOLD or not isinstance(rule.benefit, Fixed) or rule.benefit.currency != "CNY":
            continue
        tiers, strict = thresholds(policy, rule), rule.benefit.qualifier in STRICT
        name = re.split("[门（(]", rule.benefit.name)[0]
        sums = [item for item in query.sums if item.unit == "yuan" and _speaks_of(query, policy, name, item, tiers)]
        for index, item in enumerate(sums):
            before, after = query.text[: item.start], query.text[item.end :]
            value = exact(item.value)
            months = 12 if monthly(before, after) and "年" in name else 1
            value *= months
            if implausible(value, "yuan"):
                continue
            over = bool(_OVER.search(before.rstrip()) or re.search("[多余]", query.text[item.start : item.end]))
            passed = tuple(tier for tier in tiers if value > tier or (value == tier and (over or not strict)))
            ahead = tuple(tier for tier in tiers if tier not in passed)
            grown = exact(sums[index - 1].value) if index and _GROWN.search(before.rstrip()) else None
            if grown is not None and found:
                found.pop()
            found.append(Crossing(name, value, passed, ahead, strict, months, grown))
    return found


def _speaks_of(query: Query, policy: Policy, name: str, item: Sum, tiers: tuple[Decimal, ...]) -> bool:
    """Whether a number is one of what the threshold measures, not one of money hoped for."""
    value, before = exact(item.value), query.text[: item.start]
    figures = {exact(yuan) for other in policy.rules if other.receivable for yuan in other.yuan}
    if value in figures or _CLAIM.search(before.rstrip()):
        return False
    if value in tiers and asked_aspect(query) is not Aspect.CALCULATE and not _OVER.search(before.rstrip()):
        return False
    spans = [mention for mention in query.mentions if mention.kind == "policy" and mention.end <= item.start]
    begin = max((mention.end for mention in spans), default=0)  # 年税收首次突破奖励 is a name
    beside = re.split("[。;；?？!！]", query.text[max(begin, item.start - 14) : item.start])[-1] + query.text[item.end :][:4]
    named = bool(set(features(name)) & set(features(beside)))
    if not named and "薪" in name:
        named = bool(re.search(_PAY, beside))
    in_hand = policy.id in query.focus.policies or asked_aspect(query) is Aspect.CALCULATE
    return named or (in_hand and value * 10 >= tiers[0])
