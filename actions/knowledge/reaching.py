"""A rule the other way round: what has to be put in to get a sum, or the most that it gives."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from actions.knowledge.benefits import Matching, PerUnit, Rate
from actions.knowledge.calculation import Calculation, over_years
from actions.knowledge.counts import find_years
from actions.knowledge.inputs import implausible, unit_of
from actions.knowledge.models import Rule
from actions.knowledge.money import exact
from actions.knowledge.query import Query
from actions.knowledge.wanting import wanted_sum

_STEP = {"yuan": Decimal(100), "square_metre": Decimal(1)}  # what is needed is rounded up to 0.01 万元, to whole metres


@dataclass(frozen=True)
class Reach:
    """To get `target` by a rule takes `needed`: target ÷ factor, rounded up where that does not come out even."""

    rule: Rule
    wanted: Decimal | None  # the sum that was asked for; None: the most
    target: Decimal | None  # what can be had of it; None: the most, where the rule names none
    needed: Decimal = Decimal(0)
    even: bool = True

    @property
    def at_cap(self) -> bool:
        """Whether the target is the rule's cap."""
        return self.target is not None and self.target == Calculation(self.rule, ()).cap

    @property
    def beyond(self) -> bool:
        """Whether more is wanted than the rule gives."""
        return self.wanted is not None and self.target is not None and self.wanted > self.target

    @property
    def factor(self) -> Decimal:
        """What the target is divided by."""
        return Calculation(self.rule, ()).factor


def reach(query: Query, rule: Rule) -> Reach | None:
    """What a rule takes for the wanted sum, or for the most; None where it computes nothing that can be turned round."""
    if not isinstance(rule.benefit, (Rate, Matching, PerUnit)):
        return None
    cap, item = Calculation(rule, ()).cap, wanted_sum(query.text, query.sums)
    wanted = exact(item.value) if item else None
    if wanted is not None and implausible(wanted, "yuan"):
        return None
    if wanted is not None and wanted == over_years(rule) and find_years(query.text):
        wanted = None  # 三年拿满30万 is the cap of each year
    target = cap if wanted is None else wanted if cap is None else min(wanted, cap)
    if target is None:
        return Reach(rule, wanted, None)
    factor, step = Calculation(rule, ()).factor, _STEP[unit_of(rule.benefit)]
    needed = target / factor
    even = needed == needed.quantize(Decimal("0.01")) and needed.quantize(Decimal("0.01")) * factor == target
    if not even:
        needed = (needed / step).to_integral_value(ROUND_CEILING) * step
    return Reach(rule, wanted, target, needed, even)
