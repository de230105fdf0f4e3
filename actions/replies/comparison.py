"""Several policies side by side: grouped by what is compared, in plain text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Policy
from actions.knowledge.query import Finding, Query
from actions.replies import parts
from actions.replies.calculations import calculation_lines
from actions.replies.claims import without_basis
from actions.replies.figures import benefit_text, figure
from actions.replies.levels import common_condition
from actions.replies.sides import Side, place_alias, sides
from actions.replies.sources import NO_DOCUMENT, source_line
from actions.replies.verdicts import verdict

MOST_RULES = 4
COUNTS = {2: "两", 3: "三", 4: "四", 5: "五"}

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


def comparison_lines(book: PolicyBook, today: date, query: Query, finding: Finding, silent: Sequence[str]) -> list[str]:
    """Policies side by side; `silent` says for each what its source does not state of what was asked."""
    return _Comparison(book, today, query, finding, silent).lines()


class _Comparison:
    """The rows of a comparison, and the sentences before them."""

    def __init__(self, book: PolicyBook, today: date, query: Query, finding: Finding, silent: Sequence[str]):
        self.book, self.today, self.query, self.aspect = book, today, query, finding.aspect
        self.sides = sides(book, query, finding.policies, silent)

    def lines(self) -> list[str]:
        """Heading, the known confusion, the verdict, the rows with the asked one first, the sources."""
        first = self._first()
        body = [
            line
            for name in dict.fromkeys((*first, *(BRIEF if self.aspect in NARROW and self._known() else ROWS)))
            for line in self._row(name)
        ]
        sources = self._sources()
        body = [*sources, NO_DOCUMENT, *body] if self.aspect is Aspect.SOURCE else [*body, *sources]
        unfounded = without_basis(self.query, [side.policy for side in self.sides])
        return [self._heading(), unfounded, *self._confusions()[:1], verdict(self.book, self.query, self.sides), *body]

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

    def _cell(self, name: str, side: Side) -> list[str]:
        policy = side.policy
        cells = {
            "支持": lambda: self._support(side),
            "测算": lambda: calculation_lines(self.query, policy),
            "条件": lambda: _conditions(side),
            "对象": lambda: self._audience(side),
            "性质": lambda: [self.book.kinds[policy.kind].nature],
            "地区": lambda: [] if side.label == place_alias(self.book, policy) else [self.book.region_name(policy)],
            "状态": lambda: self._status(side),
            "办理": lambda: self._asked(side, Aspect.PROCESS, policy.process),
            "材料": lambda: self._asked(side, Aspect.MATERIALS, "；".join(policy.materials)),
            "时间": lambda: self._asked(side, Aspect.DEADLINE, policy.deadline),
            "说明": lambda: self._remarks(side),
            "部门": lambda: self._department(side),
            "简介": lambda: [policy.summary] if self.aspect is Aspect.INTRODUCTION and policy.summary else [],
        }
        return [text.removesuffix("。") for text in cells[name]()]

    def _support(self, side: Side) -> list[str]:
        rules = side.rules
        name = "" if parts.told(rules[0].benefit.name, [side.label]) else f"{rules[0].benefit.name} "
        if common_condition(rules):
            return [name + "，".join(f"{'、'.join(rule.levels)} {figure(rule)}" for rule in rules)]
        if len(rules) == 1 and rules[0].receivable:
            levels = "".join(f"{level} " for level in rules[0].levels)
            return [levels + benefit_text(rules[0]).removeprefix(rules[0].benefit.name if not name else "").strip()]
        return [line.removeprefix("· ") for line in parts.rule_lines(side.policy, rules, self.query, MOST_RULES)]

    def _audience(self, side: Side) -> list[str]:
        text = "；".join(side.policy.audience)
        asked = self.aspect in (Aspect.AUDIENCE, Aspect.CONDITIONS)
        if not text:
            return ["报道没有写明适用对象"] if asked else []
        return [] if not asked and parts.told(text, [rule.condition for rule in side.rules]) else [text]

    def _status(self, side: Side) -> list[str]:
        apart = any(parts.status_line(other.policy, self.today) for other in self.sides)
        if not apart and self.aspect is not Aspect.STATUS:
            return []
        line = parts.status_line(side.policy, self.today)
        when = f"（{side.policy.as_of[:4]} 年的材料）" if side.policy.as_of else ""
        return [line or f"报道时有效{when}，之后有没有调整，政策库没有更新的材料"]

    def _asked(self, side: Side, aspect: Aspect, text: str) -> list[str]:
        if self.aspect is not aspect:
            return []
        return [text or side.silent or f"报道未说明{parts.UNSTATED[aspect.value]}。"]

    def _remarks(self, side: Side) -> list[str]:
        policy, text = side.policy, self.query.text
        gaps = [f"报道未说明{gap.text}" for gap in parts.raised_gaps(policy, text)[:1]]
        told = self.aspect in (Aspect.PROCESS, Aspect.MATERIALS, Aspect.DEADLINE)  # their own row says it
        quiet = [side.silent] if side.silent and not gaps and not told else []
        return [*quiet, *gaps, *(note.text for note in parts.raised_notes(policy, text)[:1])]

    def _department(self, side: Side) -> list[str]:
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
        lines = [source_line(self.book, side.policy, self.today) for side in self.sides]
        if len(set(lines)) == 1:
            return lines[:1]
        named: dict[str, list[str]] = {}
        for side, line in zip(self.sides, lines, strict=True):
            named.setdefault(line, []).append(side.label)
        return [line.replace("来源：", f"来源（{'、'.join(labels)}）：", 1) for line, labels in named.items()]


def _conditions(side: Side) -> list[str]:
    """What must hold: the record's own conditions, and those of the rules where the row of support leaves them out."""
    alone = len(side.rules) == 1 and side.rules[0].receivable
    own = side.rules[0].condition if alone else common_condition(side.rules)
    told = [own] if own else [rule.condition for rule in side.rules]
    stated = [condition for condition in side.policy.conditions if not parts.told(condition, told)]
    text = "；".join(item for item in (own, *stated) if item)
    return [text] if text else []
