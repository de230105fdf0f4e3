"""Amounts for the asker's own numbers, by the book's rules. A result always says how it came about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actions.knowledge.models import Discount, Fixed, Matching, PerUnit, Policy, Rate, Rule
from actions.knowledge.sums import Sum

EACH = ("每家", "每人", "每座", "每个")


@dataclass(frozen=True)
class Calculation:
    """One rule applied to `base` (yuan, or units for PerUnit): `raw` before and `result` after the cap, in yuan."""

    rule: Rule
    base: float
    raw: float
    result: float

    @property
    def capped(self) -> bool:
        """Whether the rule's cap cut the result."""
        return self.result < self.raw


def calculate(policy: Policy, sums: Iterable[Sum], audiences: Iterable[str] = ()) -> list[Calculation]:
    """Apply the policy's receivable rules that compute something to the first fitting number of the question.

    Rules for one audience are left out when the question names another. Returns nothing when nothing can be computed.
    """
    found, wanted = [], set(audiences)
    rules = [rule for rule in policy.rules if rule.receivable]
    if wanted and any(wanted & set(rule.audiences) for rule in rules):
        rules = [rule for rule in rules if wanted & set(rule.audiences)]
    money = [item.value for item in sums if item.unit == "yuan"]
    areas = [item.value for item in sums if item.unit == "square_metre"]
    for rule in rules:
        benefit = rule.benefit
        if isinstance(benefit, Rate) and money:
            raw = round(money[0] * benefit.rate, 2)
            result = min(raw, benefit.cap) if benefit.cap is not None else raw
            found.append(Calculation(rule, money[0], raw, result))
        elif isinstance(benefit, Matching) and money:
            raw = round(money[0] * benefit.ratio, 2)
            found.append(Calculation(rule, money[0], raw, raw))
        elif isinstance(benefit, Discount) and money:
            raw = round(money[0] * benefit.factor, 2)
            found.append(Calculation(rule, money[0], raw, raw))
        elif isinstance(benefit, PerUnit) and areas:
            raw = round(areas[0] * benefit.amount, 2)
            found.append(Calculation(rule, areas[0], raw, raw))
    return found


def for_several(policy: Policy, count: int) -> list[Calculation]:
    """What `count` applicants receive together under the rules that give each (每家, 每人) a fixed sum."""
    return [
        Calculation(rule, float(count), rule.benefit.amount * count, rule.benefit.amount * count)
        for rule in policy.rules
        if rule.receivable and isinstance(rule.benefit, Fixed) and rule.benefit.per in EACH
    ]


def over_years(rule: Rule) -> float | None:
    """The most that a yearly cap comes to over all its years, in yuan; None where the rule has no such cap."""
    benefit = rule.benefit
    if isinstance(benefit, Rate) and benefit.cap is not None and benefit.years:
        return benefit.cap * benefit.years
    return None
