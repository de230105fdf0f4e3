"""Several policies, or several levels of one, side by side: grouped by what is compared, in plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.models import (
    Cap,
    Discount,
    Fixed,
    Matching,
    PerUnit,
    Policy,
    Rate,
    Rule,
    Scope,
    Unstated,
)
from actions.knowledge.query import Finding, Query
from actions.replies import parts
from actions.replies.calculations import calculation_lines
from actions.replies.figures import SCOPE_NAMES, figure, rule_line, sum_text
from actions.replies.premises import without_basis

MOST_RULES = 4
COUNTS = {2: "两", 3: "三", 4: "四", 5: "五"}

MORE = re.compile(
    r"(哪|谁).{0,6}(更?[多高大](?![少企新层端型])|划算|合算)|更[多高大]|多还是|高还是|差多少|相差|差几|差距|多多少|少多少|多出"
)
DIFFERENCE = re.compile(r"差多少|差几|差距|相差|(多|高|少|低)(多少|几)|多出|差[了是]?\d")
NATURE = re.compile(r"[要用得需]还(?![有是能得])|归还|偿还|还钱|还款|白给|无偿|(是|算|属于).{0,3}(贷款|补贴|奖励|补助)|性质")

ROWS = ("支持", "测算", "条件", "对象", "性质", "地区", "状态", "办理", "材料", "时间", "说明", "部门")
# What a question back on the same policies is answered with, beside what it asks for.
BRIEF = ("状态", "说明", "部门")
FIRST = {
    Aspect.CALCULATE: ("测算",),
    Aspect.CONDITIONS: ("条件", "对象"),
    Aspect.AUDIENCE: ("对象", "条件"),
    Aspect.DEPARTMENT: ("部门",),
    Aspect.CONTACT: ("部门",),
    Aspect.PROCESS: ("办理",),
    Aspect.MATERIALS: ("材料",),
    Aspect.DEADLINE: ("时间",),
    Aspect.STATUS: ("状态",),
    Aspect.DETAIL: ("说明",),
    Aspect.INTRODUCTION: ("简介",),
}
NARROW = (Aspect.DEPARTMENT, Aspect.CONTACT, Aspect.PROCESS, Aspect.MATERIALS, Aspect.DEADLINE, Aspect.STATUS, Aspect.SOURCE)
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
    if _measure(compared[0]) != _measure(compared[1]) or one.qualifier:
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
    common = _common_condition(rules)
    lines = [f"· {'、'.join(rule.levels)}：{_benefit(rule) if common else rule_line(rule)}" for rule in rules]
    return [line for line in [*lines, difference_line(policy, query), f"条件：{common}。" if common else ""] if line]


def comparison_lines(book: PolicyBook, today: date, query: Query, finding: Finding, silent: Sequence[str]) -> list[str]:
    """Policies side by side; `silent` says for each what its source does not state of what was asked."""
    return _Comparison(book, today, query, finding, silent).lines()


@dataclass(frozen=True)
class _Side:
    """One of the compared policies: how it is called, and the rules that are told of it."""

    policy: Policy
    label: str
    rules: tuple[Rule, ...]
    silent: str

    @property
    def receivable(self) -> list[Rule]:
        return [rule for rule in self.rules if rule.receivable]


class _Comparison:
    """The rows of a comparison, and the sentences before them."""

    def __init__(self, book: PolicyBook, today: date, query: Query, finding: Finding, silent: Sequence[str]):
        self.book, self.today, self.query, self.aspect = book, today, query, finding.aspect
        labels = _labels(book, query, finding.policies)
        self.sides = [
            _Side(policy, label, _telling(policy, query), quiet)
            for policy, label, quiet in zip(finding.policies, labels, silent, strict=True)
        ]

    def lines(self) -> list[str]:
        """Heading, the known confusion, the verdict, the rows with the asked one first, the sources."""
        first = self._first()
        body = [
            line
            for name in dict.fromkeys((*first, *(BRIEF if self.aspect in NARROW and self._known() else ROWS)))
            for line in self._row(name)
        ]
        sources = self._sources()
        body = [*sources, "报道没有给出文号和全文。", *body] if self.aspect is Aspect.SOURCE else [*body, *sources]
        unfounded = without_basis(self.query, [side.policy for side in self.sides])
        return [self._heading(), unfounded, *self._confusions()[:1], *self._verdict(), *body]

    def _known(self) -> bool:
        """Whether the conversation was already about these policies."""
        return {side.policy.id for side in self.sides} <= set(self.query.focus.policies)

    def _heading(self) -> str:
        names = [parts.title(self.book, side.policy) for side in self.sides]
        both = f"{'、'.join(names[:-1])}与{names[-1]}"
        return f"这是{self._count()}项不同的政策：{both}。" if self.aspect is Aspect.COMPARE else f"{both}："

    def _count(self) -> str:
        return COUNTS.get(len(self.sides), str(len(self.sides)))

    def _confusions(self) -> list[str]:
        ids = {side.policy.id for side in self.sides}
        found = [confusion for side in self.sides for confusion in side.policy.confusions if confusion.other in ids]
        return [line for line in (parts.confusion_line(self.book, confusion) for confusion in found) if line]

    def _first(self) -> list[str]:
        """The rows that answer what was asked."""
        asked = ["性质"] if NATURE.search(self.query.text) else []
        return [*asked, *FIRST.get(self.aspect, ())]

    # -- rows --

    def _row(self, name: str) -> list[str]:
        cells = [self._cell(name, side) for side in self.sides]
        if not any(cells):
            return []
        if all(cell == cells[0] and len(cell) == 1 for cell in cells):
            return [f"【{name}】{self._count()}项相同：{cells[0][0]}"] if name != "地区" else []
        lines = [f"【{name}】"]
        after = [f"都没有给出电话，可拨 {self.book.hotline.number} 转接核实。"] if name == "部门" and self._apart else []
        for side, cell in zip(self.sides, cells, strict=True):
            if len(cell) == 1:
                lines.append(f"· {side.label}：{cell[0]}")
            elif cell:
                lines += [f"· {side.label}：", *(f"  － {item}" for item in cell)]
        return [*lines, *after]

    def _cell(self, name: str, side: _Side) -> list[str]:
        policy = side.policy
        cells = {
            "支持": lambda: self._support(side),
            "测算": lambda: calculation_lines(self.query, policy),
            "条件": lambda: _conditions(side),
            "对象": lambda: self._audience(side),
            "性质": lambda: [self.book.kinds[policy.kind].nature],
            "地区": lambda: [] if side.label == _place(self.book, policy) else [self.book.region_name(policy)],
            "状态": lambda: self._status(side),
            "办理": lambda: self._asked(side, Aspect.PROCESS, policy.process),
            "材料": lambda: self._asked(side, Aspect.MATERIALS, "；".join(policy.materials)),
            "时间": lambda: self._asked(side, Aspect.DEADLINE, policy.deadline),
            "说明": lambda: self._remarks(side),
            "部门": lambda: self._department(side),
            "简介": lambda: [policy.summary] if self.aspect is Aspect.INTRODUCTION and policy.summary else [],
        }
        return [text.removesuffix("。") for text in cells[name]()]

    def _support(self, side: _Side) -> list[str]:
        rules = side.rules
        name = "" if parts.told(rules[0].benefit.name, [side.label]) else f"{rules[0].benefit.name} "
        if _common_condition(rules):
            return [name + "，".join(f"{'、'.join(rule.levels)} {figure(rule)}" for rule in rules)]
        if len(rules) == 1 and rules[0].receivable:
            levels = "".join(f"{level} " for level in rules[0].levels)
            return [levels + _benefit(rules[0]).removeprefix(rules[0].benefit.name if not name else "").strip()]
        return [line.removeprefix("· ") for line in parts.rule_lines(side.policy, rules, self.query, MOST_RULES)]

    def _audience(self, side: _Side) -> list[str]:
        text = "；".join(side.policy.audience)
        asked = self.aspect in (Aspect.AUDIENCE, Aspect.CONDITIONS)
        if not text:
            return ["报道没有写明适用对象"] if asked else []
        return [] if not asked and parts.told(text, [rule.condition for rule in side.rules]) else [text]

    def _status(self, side: _Side) -> list[str]:
        apart = any(parts.status_line(other.policy, self.today) for other in self.sides)
        if not apart and self.aspect is not Aspect.STATUS:
            return []
        line = parts.status_line(side.policy, self.today)
        when = f"（{side.policy.as_of[:4]} 年的材料）" if side.policy.as_of else ""
        return [line or f"报道时有效{when}，之后有没有调整，政策库没有更新的材料"]

    def _asked(self, side: _Side, aspect: Aspect, text: str) -> list[str]:
        if self.aspect is not aspect:
            return []
        return [text or side.silent or f"报道未说明{parts.UNSTATED[aspect.value]}。"]

    def _remarks(self, side: _Side) -> list[str]:
        policy, text = side.policy, self.query.text
        gaps = [f"报道未说明{gap.text}" for gap in parts.matching(policy.gaps, text)[:1]]
        told = self.aspect in (Aspect.PROCESS, Aspect.MATERIALS, Aspect.DEADLINE)  # their own row says it
        quiet = [side.silent] if side.silent and not gaps and not told else []
        return [*quiet, *gaps, *(note.text for note in parts.matching(policy.notes, text)[:1])]

    def _department(self, side: _Side) -> list[str]:
        return [parts.department_text(self.book, side.policy) if self._apart else self._department_in_full(side.policy)]

    def _department_in_full(self, policy: Policy) -> str:
        return parts.department_line(self.book, policy).removeprefix("部门：")

    @property
    def _apart(self) -> bool:
        """Whether the departments differ and none has a phone, so that the way on can be told once for all."""
        departments = [self.book.department_of(side.policy) for side in self.sides]
        phones = any(department and department.phone for department in departments)
        return not phones and len({parts.department_text(self.book, side.policy) for side in self.sides}) > 1

    def _sources(self) -> list[str]:
        lines = [parts.source_line(self.book, side.policy, self.today) for side in self.sides]
        if len(set(lines)) == 1:
            return lines[:1]
        named: dict[str, list[str]] = {}
        for side, line in zip(self.sides, lines, strict=True):
            named.setdefault(line, []).append(side.label)
        return [line.replace("来源：", f"来源（{'、'.join(labels)}）：", 1) for line, labels in named.items()]

    # -- which is more --

    def _verdict(self) -> list[str]:
        """Which record states the larger figure, or why that cannot be said; nothing where it was not asked."""
        if not MORE.search(self.query.text):
            return []
        figures = [side.receivable for side in self.sides]
        if not any(figures):
            figures = [[rule for rule in side.rules if rule.scope is Scope.POOL_TOTAL and _sum(rule)] for side in self.sides]
        without = [side.label for side, rules in zip(self.sides, figures, strict=True) if not rules]
        if without:
            return [f"不能比多少：{'、'.join(without)}的报道没有写申请者可得的金额。"]
        if len({side.policy.kind == "loan" for side in self.sides}) > 1:
            natures = "；".join(f"{side.label}是{self.book.kinds[side.policy.kind].nature}" for side in self.sides)
            return [f"两种钱性质不同，不能直接比多少：{natures}。"]
        manners = [_manner(rules) for rules in figures]
        if len(set(manners)) > 1 or not all(_sum(rule) for rules in figures for rule in rules):
            ways = "，".join(f"{side.label}写的是{manner}" for side, manner in zip(self.sides, manners, strict=True))
            return [f"口径不同，不能直接比多少：{ways}。"]
        if len({_measure(rule) for rules in figures for rule in rules}) > 1:
            return ["计算单位或年限不同，不能直接比多少，各自的标准如下。"]
        return [self._larger([max(rules, key=_value) for rules in figures], manners[0])]

    def _larger(self, tops: Sequence[Rule], manner: str) -> str:
        ranked = sorted(zip(tops, self.sides, strict=True), key=lambda item: -_value(item[0]))
        scope = SCOPE_NAMES[tops[0].scope] if tops[0].scope else ""
        by = f"按报道写的{scope or manner}"
        stated = "，".join(f"{side.label} {' '.join([*rule.levels, figure(rule)])}" for rule, side in ranked)
        if _value(ranked[0][0]) == _value(ranked[-1][0]):
            return f"{by}，一样多：{stated}。"
        several = any(len(side.receivable) > 1 for side in self.sides)
        return f"{by}，{ranked[0][1].label}的{'最高一档' if several else ''}数字更大：{stated}。"


def _labels(book: PolicyBook, query: Query, policies: Sequence[Policy]) -> list[str]:
    """Names short enough to stand before every line: the places where they tell the policies apart, else the names."""
    places = [_place(book, policy) for policy in policies]
    of_one_kind = len({policy.topics[0] for policy in policies}) == 1
    if len(set(places)) == len(policies) and (len(query.ids("region")) > 1 or of_one_kind):
        return places
    for names in (
        [_tail(book, policy) for policy in policies],
        list(map(parts.label, policies)),
        list(map(parts.short_name, policies)),
    ):
        if len(set(names)) == len(names):
            return names
    return [f"第{number}项" for number in range(1, len(policies) + 1)]


def _telling(policy: Policy, query: Query) -> tuple[Rule, ...]:
    """The rules to compare: results and single cases only where there is nothing else, or where they are asked for."""
    rules, asked = parts.telling_rules(policy, query), {item.value for item in query.sums}
    return tuple(rule for rule in rules if rule.scope not in parts.ASIDE or asked & set(rule.yuan)) or rules


def _place(book: PolicyBook, policy: Policy) -> str:
    """The place of a policy as people call it."""
    region = book.regions[policy.region]
    return next((alias for alias in region.aliases if len(alias) < len(region.name)), region.name)


def _tail(book: PolicyBook, policy: Policy) -> str:
    """The part of a name that people use: after the dash, in quotation marks at the end, or without the place."""
    name = parts.short_name(policy)
    if "—" in name:
        return name.rsplit("—", 1)[1]
    quoted = re.search(r"“([^“”]{3,})”$", name)
    if quoted:
        return quoted[1]
    tail = name.removeprefix(book.region_name(policy))
    return tail if 4 <= len(tail) <= parts.LABEL else parts.label(policy)


def _benefit(rule: Rule) -> str:
    """A rule without its condition."""
    return rule_line(rule).removeprefix(f"{rule.condition}：")


def _common_condition(rules: Sequence[Rule]) -> str:
    """The one condition of rules that differ only in their level and their sum; empty where they differ in more."""
    if len(rules) < 2 or len({rule.benefit.name for rule in rules}) > 1:
        return ""
    if any(len(rule.levels) != 1 or rule.note or not rule.receivable for rule in rules):
        return ""
    patterns = {rule.condition.replace(rule.levels[0], "相应级别") for rule in rules}
    return patterns.pop() if len(patterns) == 1 else ""


def _conditions(side: _Side) -> list[str]:
    """What must hold: the record's own conditions, and those of the rules where the row of support leaves them out."""
    alone = len(side.rules) == 1 and side.rules[0].receivable
    own = side.rules[0].condition if alone else _common_condition(side.rules)
    told = [own] if own else [rule.condition for rule in side.rules]
    stated = [condition for condition in side.policy.conditions if not parts.told(condition, told)]
    text = "；".join(item for item in (own, *stated) if item)
    return [text] if text else []


def _manner(rules: Sequence[Rule]) -> str:
    return "、".join(dict.fromkeys(MANNERS.get(type(rule.benefit), "没有写金额") for rule in rules))


def _sum(rule: Rule) -> float | None:
    """The sum of a rule that states one outright."""
    benefit = rule.benefit
    return benefit.amount if isinstance(benefit, (Fixed, Cap)) else None


def _value(rule: Rule) -> float:
    return _sum(rule) or 0.0


def _measure(rule: Rule) -> tuple[str, str, int | None]:
    """What a sum is counted in and by; 每家 says no more than nothing does."""
    benefit = rule.benefit
    if not isinstance(benefit, (Fixed, Cap)):
        return ("", "", None)
    per = "" if benefit.per in ("每家", "每座", "每个", "每家企业") else benefit.per
    return (benefit.currency if isinstance(benefit, Fixed) else "CNY", per, benefit.years)
