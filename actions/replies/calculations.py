"""Calculations in words: what was taken, what it was multiplied with, what cut it."""

from __future__ import annotations

import re

from actions.knowledge.aspect import Aspect
from actions.knowledge.calculation import Calculation, calculate, for_several, over_years
from actions.knowledge.models import Discount, Fixed, Matching, PerUnit, Policy, Rate, Rule
from actions.knowledge.query import Query
from actions.knowledge.sums import bare_numbers, find_count, number_text, yuan_text
from actions.replies.figures import percent

_WHOLE = re.compile("一共|总共|合计|领满|累计|加起来|三年|3年|总计|满年限|全部")


def calculation_lines(query: Query, policy: Policy) -> list[str]:
    """The sums that the question's own numbers come to; nothing where it gives none or no rule computes."""
    items = _calculations(query, policy)
    lines = [_line(item) for item in items]
    if query.aspect is Aspect.CALCULATE or _WHOLE.search(query.text):
        lines += [_years(item.rule, item.result) for item in items if _yearly(item.rule)]
        count = find_count(query.text)
        if count and query.aspect is Aspect.CALCULATE:
            lines += [_several(item, count) for item in for_several(policy, count)]
        if not items:
            lines += [
                _years(rule, rule.benefit.cap)
                for rule in policy.rules
                if isinstance(rule.benefit, Rate) and rule.benefit.cap and _yearly(rule)
            ]
    return lines


def _several(item: Calculation, count: int) -> str:
    assert isinstance(item.rule.benefit, Fixed)
    each = item.rule.benefit
    return f"{count} 个合计：{yuan_text(each.amount)} × {count} = {yuan_text(item.result)}（推算；须各自符合条件）。"


def _yearly(rule: Rule) -> bool:
    return over_years(rule) is not None


def _years(rule: Rule, yearly: float) -> str:
    benefit = rule.benefit
    assert isinstance(benefit, Rate)
    assert benefit.years
    return (
        f"满 {benefit.years} 年合计{'最高' if yearly == benefit.cap else '约'} {yuan_text(yearly * benefit.years)}"
        f"（每年 {yuan_text(yearly)} × {benefit.years} 年，合计数是推算，报道没有写）。"
    )


def _calculations(query: Query, policy: Policy) -> list[Calculation]:
    """Leave out what is no calculation: a question that merely repeats a figure of the record."""
    stated = {yuan for rule in policy.rules for yuan in rule.yuan}
    own = [item for item in query.sums if item.value not in stated]
    if not query.sums and query.aspect is Aspect.CALCULATE:
        own = bare_numbers(query.text)
    return calculate(policy, own, query.ids("audience"))


def _line(item: Calculation) -> str:
    benefit = item.rule.benefit
    who = f"{item.rule.condition}：" if item.rule.audiences else ""
    if isinstance(benefit, Rate):
        text = f"{who}按 {yuan_text(item.base)} 测算：{yuan_text(item.base)} × {percent(benefit.rate)} = {yuan_text(item.raw)}"
        if item.capped:
            text += f"，超过上限，按{benefit.per}最高 {yuan_text(item.result)} 计"
        unclear = f"（{benefit.base_unclear}，结果仅供参考）" if benefit.base_unclear else f"（基数以{benefit.base}为准）"
        return f"{text}。{unclear}"
    if isinstance(benefit, Matching):
        return f"{who}按上级资助 {yuan_text(item.base)} 测算：1:{number_text(benefit.ratio)} 配套为 {yuan_text(item.result)}。"
    if isinstance(benefit, Discount):
        return f"{who}按{benefit.base} {yuan_text(item.base)} 测算：付 {percent(benefit.factor)}，即 {yuan_text(item.result)}。"
    assert isinstance(benefit, PerUnit)
    text = f"{who}按 {number_text(item.base)} {benefit.unit}测算：× {number_text(benefit.amount)} 元 = {yuan_text(item.result)}"
    return text + "（面积口径和上限以部门核定为准）。"
