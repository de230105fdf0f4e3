"""Amounts for the asker's own numbers, by the book's rules. Every result is a trace of exact steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import add

from actions.knowledge.benefits import Discount, Fixed, Matching, PerUnit, Rate
from actions.knowledge.inputs import unit_of
from actions.knowledge.models import Policy, Rule
from actions.knowledge.money import cents, exact

EACH = ("每家", "每人", "每座", "每个")
WHO = (("person", "人名位"), ("company", "家企业公司单位"), ("building", "座栋楼"))


@dataclass(frozen=True)
class Step:
    """One step: the operands and what they come to. All but these multiply: together +, cap the least, saved −."""

    name: str  # together, months, parts, rate, cap, count, years, saved
    operands: tuple[Decimal, ...]
    result: Decimal


@dataclass(frozen=True)
class Calculation:
    """A rule applied to what was given: numbers × months × parts = base; base × factor, at most cap; × count × years."""

    rule: Rule
    given: tuple[Decimal, ...]
    unit: str = "yuan"
    months: int = 1
    parts: int = 1
    count: int = 1
    years: int = 1
    recalled: bool = field(default=False, compare=False)

    @property
    def factor(self) -> Decimal:
        """What the base is multiplied with."""
        benefit = self.rule.benefit
        if isinstance(benefit, Rate):
            return exact(benefit.rate)
        if isinstance(benefit, Matching):
            return exact(benefit.ratio)
        if isinstance(benefit, Discount):
            return exact(benefit.factor)
        return exact(benefit.amount) if isinstance(benefit, PerUnit) else Decimal(1)

    @property
    def cap(self) -> Decimal | None:
        """The most that a year and an applicant can have, where the rule says so."""
        benefit = self.rule.benefit
        return exact(benefit.cap) if isinstance(benefit, Rate) and benefit.cap is not None else None

    @property
    def base(self) -> Decimal:
        """What the factor is applied to."""
        return reduce(add, self.given) * self.months * self.parts

    @property
    def raw(self) -> Decimal:
        """Before the cap."""
        return cents(self.base * self.factor)

    @property
    def each(self) -> Decimal:
        """After the cap: for one applicant and one year."""
        return self.raw if self.cap is None else min(self.raw, self.cap)

    @property
    def capped(self) -> bool:
        """Whether the rule's cap cut the result."""
        return self.each < self.raw

    @property
    def result(self) -> Decimal:
        """For all applicants and years."""
        return self.each * self.count * self.years

    @property
    def steps(self) -> tuple[Step, ...]:
        """The way to the result, step by step, without those that change nothing."""
        found, value = [], reduce(add, self.given)
        if len(self.given) > 1:
            found.append(Step("together", self.given, value))
        for name, number in (("months", self.months), ("parts", self.parts)):
            if number != 1:
                found.append(Step(name, (value, Decimal(number)), value * number))
                value *= number
        if not isinstance(self.rule.benefit, Fixed):
            found.append(Step("rate", (value, self.factor), self.raw))
        if self.cap is not None:
            found.append(Step("cap", (self.raw, self.cap), self.each))
        if isinstance(self.rule.benefit, Discount):
            found.append(Step("saved", (value, self.raw), value - self.raw))
        value = self.each
        for name, number in (("count", self.count), ("years", self.years)):
            if number != 1:
                found.append(Step(name, (value, Decimal(number)), value * number))
                value *= number
        return tuple(found)


def who_of(per: str) -> str:
    """Whom a figure is counted by (每人每年, 每家企业每年): person, company, building, or empty."""
    return next((who for who, signs in WHO if any(sign in per for sign in signs)), "")


def computing(rules: Iterable[Rule]) -> list[Rule]:
    """The rules that an applicant's own number can be put into."""
    return [rule for rule in rules if rule.receivable and unit_of(rule.benefit)]


def for_several(policy: Policy, count: int, who: str = "") -> list[Calculation]:
    """What `count` applicants receive together under the rules that give each (每家, 每人) a fixed sum."""
    return [
        Calculation(rule, (exact(rule.benefit.amount),), count=count)
        for rule in policy.rules
        if rule.receivable
        and isinstance(rule.benefit, Fixed)
        and rule.benefit.per in EACH
        and who in ("", who_of(rule.benefit.per) or who)
    ]


def over_years(rule: Rule) -> Decimal | None:
    """The most that a yearly cap comes to over all its years, in yuan; None where the rule has no such cap."""
    benefit = rule.benefit
    if isinstance(benefit, Rate) and benefit.cap is not None and benefit.years:
        return exact(benefit.cap) * benefit.years
    return None
