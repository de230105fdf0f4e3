"""The steps of calculations in words, a step a line. Every sum is a step's operand or result."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from actions.knowledge.benefits import Discount, Fixed, Matching, PerUnit, Rate
from actions.knowledge.calculation import Calculation, Step
from actions.knowledge.models import Rule
from actions.knowledge.money import number_text, yuan_text
from actions.replies.figures import percent

MEASURE = {"人": "人", "家": "家"}


def step_lines(item: Calculation, label: str) -> list[str]:
    """All steps of one calculation but that over the years, which is said once for all."""
    lines = []
    for step in item.steps:
        if step.name == "together":
            lines.append(f"几项相加：{' + '.join(map(yuan_text, step.operands))} = {yuan_text(step.result)}。")
        elif step.name == "months":
            counted = f"{item.months} 个月合计" if isinstance(item.rule.benefit, Discount) else "报道按年计，先折成一年"
            lines.append(f"{counted}：{_times(item, step)}。")
        elif step.name == "parts":
            lines.append(f"{item.parts} 个相加：{_times(item, step)}。")
        elif step.name == "rate":
            lines.append(_main_line(item, step, label))
        elif step.name == "saved":
            before, after = step.operands
            lines.append(f"比原价省 {yuan_text(step.result)}（{yuan_text(before)} − {yuan_text(after)}）。")
        elif step.name == "count":
            unit = "个" if isinstance(item.rule.benefit, Fixed) else _measure(item.rule)
            result = yuan_text(step.result)
            lines.append(f"{item.count} {unit}合计：{yuan_text(item.each)} × {item.count} = {result}（推算；须各自符合条件）。")
    return lines


def _measure(rule: Rule) -> str:
    per = getattr(rule.benefit, "per", "")
    return next((measure for sign, measure in MEASURE.items() if sign in per), "个")


def _shown(item: Calculation, value: Decimal) -> str:
    if item.unit == "yuan" or not isinstance(item.rule.benefit, PerUnit):
        return yuan_text(value)
    return f"{number_text(value)} {item.rule.benefit.unit}"


def _times(item: Calculation, step: Step) -> str:
    value, number = step.operands
    return f"{_shown(item, value)} × {number_text(number)} = {_shown(item, step.result)}"


def _main_line(item: Calculation, step: Step, label: str) -> str:
    benefit, base, result = item.rule.benefit, _shown(item, item.base), yuan_text(item.raw)
    start = f"{label}按{'刚才的' if item.recalled else ''}"
    if isinstance(benefit, Rate):
        text = f"{start} {base} 测算：{base} × {percent(item.factor)} = {result}"
        if item.capped:
            text += f"，超过上限，按{benefit.per}最高 {yuan_text(item.each)} 计"
        return f"{text}。"
    if isinstance(benefit, Matching):
        share = number_text(item.factor)
        return f"{start}{benefit.base} {base} 测算：{base} × {share} = {result}（1:{share} 配套）。"
    if isinstance(benefit, Discount):
        return f"{start}{benefit.base} {base} 测算：{base} × {percent(item.factor)} = {result}，这是要付的。"
    return f"{start} {base}测算：{base} × {number_text(item.factor)} 元 = {result}（面积口径和上限以部门核定为准）。"


def basis_line(rule: Rule) -> str:
    """What the given number stands for in the record, and what the record leaves open about it."""
    benefit = rule.benefit
    if not isinstance(benefit, Rate):
        return ""
    return f"{benefit.base_unclear}，结果仅供参考。" if benefit.base_unclear else f"基数以{benefit.base}为准。"


def total_line(items: Sequence[Calculation]) -> str:
    """What several calculations of a year come to together."""
    sums = [item.each * item.count for item in items]
    return f"合计：{' + '.join(map(yuan_text, sums))} = {yuan_text(sum(sums, Decimal(0)))}（推算；须各自符合条件）。"


def difference_line(items: Sequence[Calculation]) -> str:
    """How far the least and the most of several calculations lie apart."""
    least, most = min(item.each for item in items), max(item.each for item in items)
    return f"相差：{yuan_text(most)} − {yuan_text(least)} = {yuan_text(most - least)}。"


def years_line(rule: Rule, yearly: Decimal, years: int, *, most: bool) -> str:
    """What a yearly sum comes to over some years; `most`: the sum is the cap itself."""
    assert isinstance(rule.benefit, Rate)
    full = "满" if years == rule.benefit.years else "领"
    return (
        f"{full} {years} 年合计{'最高' if most else '约'} {yuan_text(yearly * years)}"
        f"（每年 {yuan_text(yearly)} × {years} 年，合计数是推算，报道没有写）。"
    )


def cap_line(item: Calculation) -> str:
    """Why the result is not what the rate alone comes to."""
    assert isinstance(item.rule.benefit, Rate)
    limit = f"{item.rule.benefit.per}最高 {yuan_text(item.each)}"
    return f"只按比例是 {yuan_text(item.raw)}，但报道写了上限：{limit}，所以按 {yuan_text(item.each)} 计。"
