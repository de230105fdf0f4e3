"""The levels of one policy side by side, and by how much they differ."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.knowledge.aspect import Aspect
from actions.knowledge.benefits import Fixed
from actions.knowledge.models import Policy, Rule
from actions.knowledge.query import Query
from actions.replies import parts
from actions.replies.figures import benefit_text, measure, rule_line, sum_text

DIFFERENCE = re.compile(r"差多少|差几|差距|相差|(多|高|少|低)(多少|几)|多出|差[了是]?\d")


def levels_compared(policy: Policy, query: Query) -> tuple[Rule, ...]:
    """The rules of the levels in question: those named, with those of before where fewer than two are (和国家级差多少)."""
    asked = parts.asked_rules(policy, query)
    if len(asked) < 2 and policy.id in query.focus.policies:
        before = (rule for rule in policy.rules if set(query.focus.levels) & set(rule.levels) and rule not in asked)
        asked = (*asked, *before)
    return asked


def difference_line(policy: Policy, query: Query) -> str:
    """By how much two levels of one policy differ, with its trace; empty unless both give a fixed sum of the same name."""
    compared = levels_compared(policy, query)
    asks = query.aspect is Aspect.COMPARE or DIFFERENCE.search(query.text)
    if len(compared) != 2 or not asks or not all(rule.receivable for rule in compared):
        return ""
    one, two = (rule.benefit for rule in compared)
    if not (isinstance(one, Fixed) and isinstance(two, Fixed)) or (one.name, one.qualifier) != (two.name, two.qualifier):
        return ""
    if measure(compared[0]) != measure(compared[1]) or one.qualifier:
        return ""
    more, less = max(one.amount, two.amount), min(one.amount, two.amount)
    if more == less:
        return "两者一样多。"
    return f"相差 {sum_text(more - less)}（推算：{sum_text(more)} － {sum_text(less)}）。"


def level_lines(policy: Policy, query: Query) -> list[str]:
    """The levels of one policy side by side, with the difference; empty where fewer than two are in question."""
    compared = levels_compared(policy, query)
    rules = compared if len(compared) > 1 else parts.telling_rules(policy, query)
    rules = tuple(rule for rule in rules if rule.levels)
    if len(rules) < 2:
        return []
    common = common_condition(rules)
    lines = [f"· {'、'.join(rule.levels)}：{benefit_text(rule) if common else rule_line(rule)}" for rule in rules]
    return [line for line in [*lines, difference_line(policy, query), f"条件：{common}。" if common else ""] if line]


def common_condition(rules: Sequence[Rule]) -> str:
    """The one condition of rules that differ only in their level and their sum; empty where they differ in more."""
    if len(rules) < 2 or len({rule.benefit.name for rule in rules}) > 1:
        return ""
    if any(len(rule.levels) != 1 or rule.note or not rule.receivable for rule in rules):
        return ""
    patterns = {rule.condition.replace(rule.levels[0], "相应级别") for rule in rules}
    return patterns.pop() if len(patterns) == 1 else ""
