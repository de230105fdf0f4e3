"""Which of several policies gives more: only figures that are stated in the same way are measured against each other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.knowledge.benefits import Cap, Discount, Fixed, Matching, PerUnit, Rate, Unstated
from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Rule, Scope
from actions.knowledge.query import Query
from actions.replies.figures import SCOPE_NAMES, figure, measure
from actions.replies.sides import Side

MORE = re.compile(
    r"(哪|谁).{0,6}(更?[多高大](?![少企新层端型])|划算|合算)|更[多高大]|多还是|高还是|差多少|相差|差几|差距|多多少|少多少|多出"
)
# How the source states a figure: only figures stated in the same way can be measured against each other.
MANNERS = {
    Fixed: "固定金额",
    Cap: "最高额",
    Rate: "按比例计算",
    PerUnit: "按数量计算",
    Matching: "按上级资助配套",
    Discount: "打折",
    Unstated: "没有写金额",
}


def verdict(book: PolicyBook, query: Query, sides: Sequence[Side]) -> str:
    """Which record states the larger figure, or why that cannot be said; empty where it was not asked."""
    if not MORE.search(query.text):
        return ""
    figures = [side.receivable for side in sides]
    if not any(figures):
        figures = [[rule for rule in side.rules if rule.scope is Scope.POOL_TOTAL and _sum(rule)] for side in sides]
    without = [side.label for side, rules in zip(sides, figures, strict=True) if not rules]
    if without:
        return f"不能比多少：{'、'.join(without)}的报道没有写申请者可得的金额。"
    if len({side.policy.kind == "loan" for side in sides}) > 1:
        natures = "；".join(f"{side.label}是{book.kinds[side.policy.kind].nature}" for side in sides)
        return f"两种钱性质不同，不能直接比多少：{natures}。"
    manners = [_manner(rules) for rules in figures]
    if len(set(manners)) > 1 or not all(_sum(rule) for rules in figures for rule in rules):
        ways = "，".join(f"{side.label}写的是{manner}" for side, manner in zip(sides, manners, strict=True))
        return f"口径不同，不能直接比多少：{ways}。"
    if len({measure(rule) for rules in figures for rule in rules}) > 1:
        return "计算单位或年限不同，不能直接比多少，各自的标准如下。"
    return _larger(sides, [max(rules, key=_value) for rules in figures], manners[0])


def _larger(sides: Sequence[Side], tops: Sequence[Rule], manner: str) -> str:
    ranked = sorted(zip(tops, sides, strict=True), key=lambda item: -_value(item[0]))
    scope = SCOPE_NAMES[tops[0].scope] if tops[0].scope else ""
    by = f"按报道写的{scope or manner}"
    stated = "，".join(f"{side.label} {' '.join([*rule.levels, figure(rule)])}" for rule, side in ranked)
    if _value(ranked[0][0]) == _value(ranked[-1][0]):
        return f"{by}，一样多：{stated}。"
    several = any(len(side.receivable) > 1 for side in sides)
    return f"{by}，{ranked[0][1].label}的{'最高一档' if several else ''}数字更大：{stated}。"


def _manner(rules: Sequence[Rule]) -> str:
    return "、".join(dict.fromkeys(MANNERS.get(type(rule.benefit), "没有写金额") for rule in rules))


def _sum(rule: Rule) -> float | None:
    """The sum of a rule that states one outright."""
    benefit = rule.benefit
    return benefit.amount if isinstance(benefit, (Fixed, Cap)) else None


def _value(rule: Rule) -> float:
    return _sum(rule) or 0.0
