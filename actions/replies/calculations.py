"""Calculations for a reply: their lines, their traces as data, what is still to be asked, what is kept for later."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from actions.knowledge.applying import WHOLE, calculate, inputs_for, party, rules_for, unsplit, yearly, years_for
from actions.knowledge.aspect import Aspect
from actions.knowledge.benefits import Discount, Fixed, PerUnit, Rate
from actions.knowledge.calculation import Calculation, over_years, who_of
from actions.knowledge.counts import find_years, part_of_year
from actions.knowledge.inputs import asked_aspect, asks_why
from actions.knowledge.models import Policy, Rule
from actions.knowledge.money import exact, plain
from actions.knowledge.query import Query
from actions.replies.certain import agreed_lines, certain_lines, crossing_lines, implausible_lines, noun
from actions.replies.reaching import reaching_lines
from actions.replies.tracing import basis_line, cap_line, difference_line, step_lines, total_line, years_line

_OR = re.compile("或|还是|要么|如果|要是|换成")
_APART = re.compile("差|相比|区别|多出")


def calculations(query: Query, policy: Policy) -> list[Calculation]:
    """What the question's own numbers come to; nothing where it gives none or no rule computes."""
    return calculate(query, policy)


def calculation_lines(query: Query, policy: Policy) -> list[str]:
    """The calculations in words, with what is certain or still to be asked where there is nothing to compute."""
    found, calculates = calculations(query, policy), asked_aspect(query) is Aspect.CALCULATE
    lines: list[str] = []
    rules = rules_for(query, policy)
    for _, group in groupby(found, key=lambda item: item.rule.id):
        lines += _group(query, policy, list(group), several=len(rules) > 1)
    lines += dict.fromkeys(basis_line(item.rule) for item in found if basis_line(item.rule))
    faults = [*implausible_lines(query, policy), *agreed_lines(query, policy)]
    reaching = reaching_lines(query, policy)
    if (
        not found
        and not faults
        and not reaching
        and (calculates or WHOLE.search(query.text) or (find_years(query.text) or 1) > 1)
    ):
        for rule in rules:
            assert isinstance(rule.benefit, Rate) or not over_years(rule)
            if isinstance(rule.benefit, Rate) and rule.benefit.cap and over_years(rule):
                years = years_for(query, rule) if find_years(query.text) else rule.benefit.years or 1
                lines += [years_line(rule, exact(rule.benefit.cap), years, most=True)] if years > 1 else []
                lines += _limits(query, rule)
    lines += [*faults, *(line for line in reaching if line not in lines), *crossing_lines(query, policy)]
    lines += certain_lines(query, policy) if not lines else []
    return [*lines, question] if (question := question_line(query, policy)) else lines


def question_line(query: Query, policy: Policy) -> str:
    """The one number that a calculation still needs, named as in the record; empty where nothing is missing."""
    if asked_aspect(query) is not Aspect.CALCULATE or crossing_lines(query, policy):
        return ""
    if reaching_lines(query, policy) or agreed_lines(query, policy):
        return ""
    rules = rules_for(query, policy)
    for rule in rules:
        if unsplit(query, rule, inputs_for(query, policy, rule)):
            return f"上限是按{getattr(rule.benefit, 'per', '')}算的，请告诉我每一个的{noun(rule)}各是多少？"
    if not rules or any(inputs_for(query, policy, rule) for rule in rules):
        return ""
    nouns = "，或者".join(dict.fromkeys(_ask(rule) for rule in rules))
    return f"请告诉我{nouns}？有了这个数就能算。"


def used_base(query: Query, policy: Policy) -> tuple[float, str, int] | None:
    """The number that was calculated from, its unit and how many have it, for questions that go on from it."""
    for item in calculations(query, policy):
        if not isinstance(item.rule.benefit, Fixed):
            whole = isinstance(item.rule.benefit, Discount)
            return float(item.given[0] if whole else item.base), item.unit, item.count
    return None


def trace(calculation: Calculation) -> dict[str, Any]:
    """A calculation as JSON, so that it can be checked: given × months × parts = base, × factor, cap, × count × years."""
    item = calculation
    return {
        "rule": item.rule.id,
        "unit": item.unit,
        "given": [plain(value) for value in item.given],
        "months": item.months,
        "parts": item.parts,
        "base": plain(item.base),
        "factor": plain(item.factor),
        "raw": plain(item.raw),
        "cap": None if item.cap is None else plain(item.cap),
        "capped": item.capped,
        "each": plain(item.each),
        "count": item.count,
        "years": item.years,
        "result": plain(item.result),
        "steps": [
            {"step": step.name, "operands": [plain(value) for value in step.operands], "result": plain(step.result)}
            for step in item.steps
        ],
    }


def _ask(rule: Rule) -> str:
    if isinstance(rule.benefit, PerUnit):
        return f"面积有多少{rule.benefit.unit}"
    return f"{noun(rule)}是多少"


def _group(query: Query, policy: Policy, items: Sequence[Calculation], *, several: bool) -> list[str]:
    """All lines of one rule: each calculation, then what they come to together and over the years."""
    rule = items[0].rule
    label = f"{rule.condition}：" if rule.audiences or several else ""
    lines = [line for item in items for line in step_lines(item, label)]
    if asks_why(query) and (items[0].recalled or query.focus.base is None):
        lines += [cap_line(item) for item in items if item.capped]
    ends = isinstance(rule.benefit, Fixed) or any(item.ranged for item in inputs_for(query, policy, rule))
    if len(items) > 1 and _APART.search(query.text):
        lines.append(difference_line(items))
    elif len(items) > 1 and not ends and not _OR.search(query.text):
        lines.append(total_line(items))
        ends = True
    alone = len(items) == 1 or not (ends and _OR.search(query.text))
    if items[0].years > 1 and alone:
        lines += _over_years(rule, items, together=len(items) == 1 or lines[-1].startswith("合计"))
    return lines + _limits(query, rule)


def _over_years(rule: Rule, items: Sequence[Calculation], *, together: bool) -> list[str]:
    if not together:
        return []
    yearly_sum = sum((item.each * item.count for item in items), Decimal(0))
    return [years_line(rule, yearly_sum, items[0].years, most=all(item.each == item.cap for item in items))]


def _limits(query: Query, rule: Rule) -> list[str]:
    """Where the question asks for more than the rule gives: years beyond its own, parts of years, several of one company."""
    benefit, asked, several = rule.benefit, find_years(query.text), party(query)
    lines = []
    if isinstance(benefit, Rate) and asked and benefit.years and asked > benefit.years:
        lines.append(f"报道写的是最多连续 {benefit.years} 年，{asked} 年也只按 {benefit.years} 年算。")
    elif isinstance(benefit, Rate) and asked and asked > 1 and "年" in benefit.per and not benefit.years:
        lines.append("报道没有写能连续给几年，这里只算一年。")
    if yearly(rule) and part_of_year(query.text):
        lines.append("不满一年怎样折算，报道没有写，这里按整年算。")
    if isinstance(benefit, Rate) and benefit.cap and several and who_of(benefit.per) == "company" and several.who != "company":
        lines.append(f"上限按“{benefit.per}”算，不因人数或项目数增加。")
    return lines
