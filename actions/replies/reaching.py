"""What has to be put in to get a sum, in words: 达到上限需要：10 万元 ÷ 30% ≈ 33.34 万元."""

from __future__ import annotations

from actions.knowledge.applying import rules_for
from actions.knowledge.benefits import PerUnit, Rate
from actions.knowledge.models import Policy
from actions.knowledge.money import number_text, yuan_text
from actions.knowledge.query import Query
from actions.knowledge.reaching import Reach, reach
from actions.knowledge.wanting import asks_needed
from actions.replies.figures import percent
from actions.replies.tracing import basis_line


def reaching_lines(query: Query, policy: Policy) -> list[str]:
    """A line a rule on what the wanted sum, or the most, takes; nothing where that is not asked."""
    if not asks_needed(query.text, query.sums):
        return []
    rules = rules_for(query, policy)
    found = [item for rule in rules if (item := reach(query, rule))]
    lines = [_line(item, f"{item.rule.condition}：" if item.rule.audiences or len(rules) > 1 else "") for item in found]
    return list(dict.fromkeys([*lines, *(line for item in found if item.target and (line := basis_line(item.rule)))]))


def _line(item: Reach, label: str) -> str:
    benefit = item.rule.benefit
    if item.target is None:
        return f"{label}报道没有写上限，没有“拿满”的说法，按比例或单价算多少是多少。"
    start = "达到上限需要" if item.at_cap else f"要得到 {yuan_text(item.target)}，需要"
    if item.beyond and isinstance(benefit, Rate) and item.wanted:
        start = f"{benefit.per}最高 {yuan_text(item.target)}，得不到 {yuan_text(item.wanted)}；{start}"
    divisor = f"{number_text(item.factor)} 元" if isinstance(benefit, PerUnit) else percent(item.factor)
    needed = f"{number_text(item.needed)} {benefit.unit}" if isinstance(benefit, PerUnit) else yuan_text(item.needed)
    remark = "推算" if item.even else "推算，约数，已向上取"
    remark += "；再多也按上限计" if item.at_cap else ""
    return f"{label}{start}：{yuan_text(item.target)} ÷ {divisor} {'=' if item.even else '≈'} {needed}（{remark}）。"
