"""The lines about one policy that answer what was asked of it, aspect by aspect."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Policy, Rule, Status
from actions.knowledge.query import Query
from actions.knowledge.text import fold
from actions.replies import parts
from actions.replies.calculations import calculation_lines
from actions.replies.certain import crossing_lines
from actions.replies.figures import figure
from actions.replies.levels import difference_line, level_lines
from actions.replies.reaching import reaching_lines
from actions.replies.sources import NO_DOCUMENT, source_line

WAYS = ("phone", "address", "website")
NO_SUM = "报道没有写明申请者可得的金额。"
MONEY = re.compile("钱|多少|金额|数额|额度|[给奖补拿领]|元|免费")
# The fields of a record that are an aspect of their own.
FIELDS = {Aspect.PROCESS: "process", Aspect.MATERIALS: "materials", Aspect.DEADLINE: "deadline"}


def silent_line(book: PolicyBook, query: Query, policy: Policy, aspect: Aspect) -> str:
    """Say that the source is silent on the very thing that was asked; empty where it is not."""
    known = fold(
        "".join([policy.summary, *policy.conditions, *(n.text for n in policy.notes), *(r.condition for r in policy.rules)])
    )
    stated = {"process": policy.process, "materials": policy.materials, "deadline": policy.deadline}
    asked = []
    for id in query.ids("attribute"):
        if stated.get(id):
            continue
        department = book.department_of(policy)
        phone = bool(department and department.phone)
        if (id == "phone" and phone) or (id in WAYS and not phone and aspect is Aspect.CONTACT):
            continue  # the one is known, of the others the answer itself says that there is none
        term = book.attributes[id]
        if id in (*WAYS, *stated) or not any(fold(w) in known for w in (term.name, *term.aliases)):
            asked.append(term.name)
    field = FIELDS.get(aspect)
    if field and field in policy.unstated:
        asked.insert(0, parts.UNSTATED[field])
    return f"报道未说明{'、'.join(dict.fromkeys(asked))}。" if asked else ""


def _counted(rules: tuple[Rule, ...]) -> Iterator[bool]:
    """Which of some rules state a number of anything."""
    return (bool(figure(rule)) for rule in rules)


class AspectLines:
    """What one policy's record says to a query, on one day."""

    def __init__(self, book: PolicyBook, today: date, query: Query, policy: Policy):
        self.book, self.today, self.query, self.policy = book, today, query, policy

    def lines(self, aspect: Aspect, short: bool = False) -> list[str]:
        """The lines that answer an aspect; `short` for who already knows what the policy is."""
        return (FOLLOWING if short else {}).get(aspect, ASPECTS[aspect])(self)

    def _amount(self) -> list[str]:
        rules = parts.telling_rules(self.policy, self.query)
        lines = calculation_lines(self.query, self.policy)
        if not any(rule.receivable for rule in rules) and self.policy.status is not Status.HISTORIC:
            lines.append(NO_SUM)
        elif not any(rule.yuan for rule in rules) and self.query.aspect is Aspect.AMOUNT and not any(_counted(rules)):
            lines.append("报道没有写明金额。")
        lines += [*parts.rule_lines(self.policy, rules, self.query), difference_line(self.policy, self.query)]
        return [*lines, self._nature()]

    def _detail(self) -> list[str]:
        """What the rules say; that no sum is stated concerns only who asks for money."""
        lines = self._amount()
        return lines if MONEY.search(self.query.text) else [line for line in lines if line != NO_SUM]

    def _conditions(self) -> list[str]:
        lines = [*crossing_lines(self.query, self.policy), *reaching_lines(self.query, self.policy), *self._stated_conditions()]
        if "conditions" in self.policy.unstated and not self.policy.conditions:
            lines.append("报道没有写明具体条件。")
        return [*lines, parts.audience_line(self.policy), *self._rules()]

    def _audience(self) -> list[str]:
        lines = [*crossing_lines(self.query, self.policy), parts.audience_line(self.policy) or "报道没有写明适用对象。"]
        lines += [*self._stated_conditions(), *self._rules(4)]
        return [*lines, *(f"注意：{parts.sentence(note.text)}" for note in self.policy.notes[:2])]

    def _department(self) -> list[str]:
        contact = self.policy.contact
        told = contact.note if contact.basis in ("named", "example_case") else ""
        line = parts.department_line(self.book, self.policy)
        return [line, parts.sentence(f"说明：{told}") if told else "", self.policy.summary]

    def _contact(self) -> list[str]:
        department = self.book.department_of(self.policy)
        if department and department.phone:
            return [parts.department_line(self.book, self.policy)]
        return ["报道没有给出电话、地址、网址和联系人。", parts.department_line(self.book, self.policy)]

    def _process(self) -> list[str]:
        return [f"办理：{self.policy.process}" if self.policy.process else "", *self._brief()]

    def _materials(self) -> list[str]:
        return [f"材料：{'；'.join(self.policy.materials)}。" if self.policy.materials else "", *self._brief()]

    def _deadline(self) -> list[str]:
        return [f"时间：{self.policy.deadline}" if self.policy.deadline else "", *self._brief()]

    def _source(self) -> list[str]:
        source = self.book.source_of(self.policy)
        lines = [source_line(self.book, self.policy, self.today)]
        if self.policy.source_where:
            lines.append(f"位置：{self.policy.source_where}。")
        lines += [parts.sentence(f"说明：{note}") for note in (source.date_note, source.title_note) if note]
        return [*lines, NO_DOCUMENT, *self._brief()]

    def _compare(self) -> list[str]:
        """One policy: its levels side by side, or itself beside what it is taken for."""
        levels = level_lines(self.policy, self.query)
        if levels:
            return [*levels, self._nature()]
        apart = [parts.confusion_line(self.book, confusion) for confusion in self.policy.confusions[:2]]
        return [*apart, *self._introduction()]

    def _introduction(self) -> list[str]:
        computed = calculation_lines(self.query, self.policy)
        # A number given before is no matter of what a policy is, or how it differs.
        computed = [] if self.query.aspect is Aspect.COMPARE else computed
        return [self.policy.summary, *computed, *self._rules(), parts.audience_line(self.policy)]

    def _status(self) -> list[str]:
        when = f"（{self.policy.as_of[:4]} 年的材料）" if self.policy.as_of else ""
        known = f"报道时有效{when}；之后有没有调整或到期，报道没有写有效期，政策库也没有更新的材料。"
        return [parts.status_line(self.policy, self.today) or known, *self._brief()]

    # -- what several of them say --

    def _nature(self) -> str:
        return f"性质：{self.book.kinds[self.policy.kind].nature}。"

    def _stated_conditions(self) -> list[str]:
        return [f"条件：{'；'.join(self.policy.conditions)}。"] if self.policy.conditions else []

    def _rules(self, most: int = 6) -> list[str]:
        return parts.rule_lines(self.policy, parts.telling_rules(self.policy, self.query), self.query, most)

    def _brief(self) -> list[str]:
        return [self.policy.summary, *self._rules(3)]

    # -- the same where the conversation is already about the policy --

    def _process_alone(self) -> list[str]:
        return self._process()[:1]

    def _materials_alone(self) -> list[str]:
        return self._materials()[:1]

    def _deadline_alone(self) -> list[str]:
        return self._deadline()[:1]

    def _department_alone(self) -> list[str]:
        return self._department()[:2]

    def _source_alone(self) -> list[str]:
        told = self._source()
        return told[: told.index(NO_DOCUMENT) + 1]

    def _detail_alone(self) -> list[str]:
        return [self._nature()]

    def _status_alone(self) -> list[str]:
        return self._status()[:1]


ASPECTS: dict[Aspect, Callable[[AspectLines], list[str]]] = {
    Aspect.AMOUNT: AspectLines._amount,
    Aspect.CALCULATE: AspectLines._amount,
    Aspect.CONDITIONS: AspectLines._conditions,
    Aspect.AUDIENCE: AspectLines._audience,
    Aspect.DEPARTMENT: AspectLines._department,
    Aspect.CONTACT: AspectLines._contact,
    Aspect.PROCESS: AspectLines._process,
    Aspect.MATERIALS: AspectLines._materials,
    Aspect.DEADLINE: AspectLines._deadline,
    Aspect.SOURCE: AspectLines._source,
    Aspect.INTRODUCTION: AspectLines._introduction,
    Aspect.LIST: AspectLines._introduction,
    Aspect.MATCH: AspectLines._introduction,
    Aspect.COMPARE: AspectLines._compare,
    Aspect.STATUS: AspectLines._status,
    Aspect.DETAIL: AspectLines._detail,
}

# Shorter answers for who already knows what the policy is.
FOLLOWING: dict[Aspect, Callable[[AspectLines], list[str]]] = {
    Aspect.DEPARTMENT: AspectLines._department_alone,
    Aspect.PROCESS: AspectLines._process_alone,
    Aspect.MATERIALS: AspectLines._materials_alone,
    Aspect.DEADLINE: AspectLines._deadline_alone,
    Aspect.SOURCE: AspectLines._source_alone,
    Aspect.STATUS: AspectLines._status_alone,
    Aspect.DETAIL: AspectLines._detail_alone,
}
