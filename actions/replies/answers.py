"""The reply to a finding: the asked aspect first, then what one needs beside it, always with the source."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date

from actions.knowledge.asking import residue
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Policy, Status
from actions.knowledge.query import Finding, Outcome, Query
from actions.knowledge.search import policy_texts
from actions.knowledge.text import features, fold
from actions.replies import choices, parts
from actions.replies.calculations import calculation_lines, calculations, trace
from actions.replies.certain import crossing_lines
from actions.replies.comparison import comparison_lines, difference_line, level_lines
from actions.replies.facts import facts
from actions.replies.message import Button, Reply
from actions.replies.premises import corrections

NEXT = {
    Aspect.AMOUNT: ("支持标准", "{name}给多少？"),
    Aspect.CONDITIONS: ("申请条件", "{name}有什么条件？"),
    Aspect.DEPARTMENT: ("找哪个部门", "{name}找哪个部门？"),
    Aspect.PROCESS: ("怎么申请", "{name}怎么申请？"),
    Aspect.STATUS: ("现在还有效吗", "{name}现在还有效吗？"),
}
NO_DOCUMENT = "报道没有给出文号和全文。"
WAYS = ("phone", "address", "website")
NO_SUM = "报道没有写明申请者可得的金额。"
MONEY = re.compile("钱|多少|金额|数额|额度|[给奖补拿领]|元|免费")
# Aspects under which the first remark of a record is worth saying unasked.
ADVISED = (Aspect.AMOUNT, Aspect.CALCULATE, Aspect.INTRODUCTION, Aspect.CONDITIONS, Aspect.MATCH)


class Answers:
    """Renders findings of one book on one day."""

    def __init__(self, book: PolicyBook, today: date):
        self.book, self.today = book, today

    def reply(self, query: Query, finding: Finding) -> Reply:
        """The reply to a query."""
        if finding.outcome is Outcome.FOUND:
            if len(finding.policies) > 1:
                return self._together(query, finding)
            return self._single(query, finding, finding.policies[0])
        return choices.OUTCOMES[finding.outcome](self.book, query, finding)

    # -- one policy --

    def _single(self, query: Query, finding: Finding, policy: Policy) -> Reply:
        raised = parts.matching(policy.notes, query.text)[:2]
        open_points = parts.matching(policy.gaps, query.text)[:2]
        known = policy.id in query.focus.policies  # who asks on about a policy need not be told everything again
        put_right = corrections(self.book, self.today, query, finding, policy)
        lines = [*self._not_covered(query, finding), parts.title(self.book, policy), *(item.text for item in put_right)]
        lines.append(parts.missing_levels(policy, query))
        pointed = [f"报道未说明：{gap.text}。" for gap in open_points]
        silent = self._silent(query, policy, finding.aspect)
        pointed += [silent] if silent and not open_points else []
        said = [item.text for item in put_right]
        pointed += [parts.sentence(note.text) for note in raised if not parts.told(note.text, said, share=0.5)]
        answered = [*pointed, *said]
        short = known and not _wants_more(query, policy, answered) and (finding.aspect is not Aspect.DETAIL or bool(answered))
        answering = (FOLLOWING if short else {}).get(finding.aspect, ASPECTS[finding.aspect])(self, query, policy)
        figures_first = finding.aspect in (Aspect.AMOUNT, Aspect.CALCULATE) and any(rule.receivable for rule in policy.rules)
        lines += [*answering, *pointed] if figures_first else [*pointed, *answering]
        if any(self.book.kinds[policy.kind].nature in item.text for item in put_right):
            lines = [line for line in lines if not line.startswith("性质：")]
        if finding.aspect in ADVISED and not raised:
            nature = [self.book.kinds[policy.kind].nature]
            notes = [note.text for note in policy.notes[:1]]
            notes = [note for note in notes if not parts.told(note, lines) and not parts.told(note, nature, share=0.5)]
            lines += [f"注意：{parts.sentence(note)}" for note in notes]
        lines += [parts.status_line(policy, self.today), parts.department_line(self.book, policy)]
        if finding.aspect is not Aspect.SOURCE:
            if not known:
                lines.append(parts.unstated_line(policy, tuple(gap.text for gap in open_points)))
            lines.append(parts.source_line(self.book, policy, self.today))
        traces = [trace(item) for item in calculations(query, policy)]
        cited = [item.cited for item in put_right if item.cited]
        lines += [parts.source_line(self.book, other, self.today) for other in cited]
        if finding.related and not known:
            names = "、".join(parts.title(self.book, other) for other in finding.related)
            lines.append(f"您也可能想问：{names}。")
        return Reply(
            _joined(lines),
            self._next(policy, finding),
            facts(self.book, "policy", [policy, *cited], finding.related) | {"calculations": traces},
        )

    def _not_covered(self, query: Query, finding: Finding) -> list[str]:
        """The places of the question on which the book has nothing, or nothing on this subject."""
        empty = "、".join(self.book.regions[region].name for region in finding.uncovered)
        lines = [f"政策库未收录{empty}的政策。"] if empty else []
        silent = [region for region in self._silent_places(query, finding) if region not in (finding.outside, *finding.uncovered)]
        names = "、".join(self.book.regions[region].name for region in silent)
        about = "、".join(self.book.topics[topic].name for topic in finding.policies[0].topics[:1])
        return [*lines, f"政策库未收录{names}关于“{about}”的政策。"] if names else lines

    def _silent_places(self, query: Query, finding: Finding) -> list[str]:
        """Of several places named, those with no policy on the subject of what was found."""
        named = query.ids("region")
        around = {outer for region in named for outer in self.book.around(region)}
        places = [region for region in named if region not in around]
        subjects = {policy.topics[0] for policy in finding.policies}
        told = {policy.region for policy in finding.policies}
        silent = []
        for region in places if len(places) > 1 else ():
            here = {*self.book.places(region), *self.book.around(region)}
            on_subject = any(subjects & set(policy.topics) for policy in self.book.of_region(region))
            if not on_subject and not told & here:
                silent.append(region)
        return silent

    def _silent(self, query: Query, policy: Policy, aspect: Aspect) -> str:
        """Say that the source is silent on the very thing that was asked."""
        known = fold(
            "".join([policy.summary, *policy.conditions, *(n.text for n in policy.notes), *(r.condition for r in policy.rules)])
        )
        stated = {"process": policy.process, "materials": policy.materials, "deadline": policy.deadline}
        asked = []
        for id in query.ids("attribute"):
            if stated.get(id):
                continue
            department = self.book.department_of(policy)
            phone = bool(department and department.phone)
            if (id == "phone" and phone) or (id in WAYS and not phone and aspect is Aspect.CONTACT):
                continue  # the one is known, of the others the answer itself says that there is none
            term = self.book.attributes[id]
            if id in (*WAYS, *stated) or not any(fold(w) in known for w in (term.name, *term.aliases)):
                asked.append(term.name)
        field = {Aspect.PROCESS: "process", Aspect.MATERIALS: "materials", Aspect.DEADLINE: "deadline"}.get(aspect)
        if field and field in policy.unstated:
            asked.insert(0, parts.UNSTATED[field])
        return f"报道未说明{'、'.join(dict.fromkeys(asked))}。" if asked else ""

    # -- aspects: the lines that answer it --

    def _amount(self, query: Query, policy: Policy) -> list[str]:
        rules = parts.telling_rules(policy, query)
        lines = calculation_lines(query, policy)
        if not any(rule.receivable for rule in rules) and policy.status is not Status.HISTORIC:
            lines.append(NO_SUM)
        lines += [*parts.rule_lines(policy, rules, query), difference_line(policy, query)]
        return [*lines, f"性质：{self.book.kinds[policy.kind].nature}。"]

    def _detail(self, query: Query, policy: Policy) -> list[str]:
        """What the rules say; that no sum is stated concerns only who asks for money."""
        lines = self._amount(query, policy)
        return lines if MONEY.search(query.text) else [line for line in lines if line != NO_SUM]

    def _conditions(self, query: Query, policy: Policy) -> list[str]:
        lines = crossing_lines(query, policy)
        lines += [f"条件：{'；'.join(policy.conditions)}。"] if policy.conditions else []
        if "conditions" in policy.unstated and not policy.conditions:
            lines.append("报道没有写明具体条件。")
        lines.append(parts.audience_line(policy))
        return [*lines, *parts.rule_lines(policy, parts.telling_rules(policy, query), query)]

    def _audience(self, query: Query, policy: Policy) -> list[str]:
        lines = [*crossing_lines(query, policy), parts.audience_line(policy) or "报道没有写明适用对象。"]
        lines += [f"条件：{'；'.join(policy.conditions)}。"] if policy.conditions else []
        lines += parts.rule_lines(policy, parts.telling_rules(policy, query), query, 4)
        return [*lines, *(f"注意：{parts.sentence(note.text)}" for note in policy.notes[:2])]

    def _department(self, query: Query, policy: Policy) -> list[str]:
        told = policy.contact.note if policy.contact.basis in ("named", "example_case") else ""
        return [parts.department_line(self.book, policy), parts.sentence(f"说明：{told}") if told else "", policy.summary]

    def _contact(self, query: Query, policy: Policy) -> list[str]:
        department = self.book.department_of(policy)
        if department and department.phone:
            return [parts.department_line(self.book, policy)]
        return ["报道没有给出电话、地址、网址和联系人。", parts.department_line(self.book, policy)]

    def _process(self, query: Query, policy: Policy) -> list[str]:
        return [f"办理：{policy.process}" if policy.process else "", *self._brief(query, policy)]

    def _materials(self, query: Query, policy: Policy) -> list[str]:
        return [f"材料：{'；'.join(policy.materials)}。" if policy.materials else "", *self._brief(query, policy)]

    def _deadline(self, query: Query, policy: Policy) -> list[str]:
        return [f"时间：{policy.deadline}" if policy.deadline else "", *self._brief(query, policy)]

    def _source(self, query: Query, policy: Policy) -> list[str]:
        source = self.book.source_of(policy)
        lines = [parts.source_line(self.book, policy, self.today)]
        if policy.source_where:
            lines.append(f"位置：{policy.source_where}。")
        lines += [parts.sentence(f"说明：{note}") for note in (source.date_note, source.title_note) if note]
        return [*lines, NO_DOCUMENT, *self._brief(query, policy)]

    def _compare(self, query: Query, policy: Policy) -> list[str]:
        """One policy: its levels side by side, or itself beside what it is taken for."""
        levels = level_lines(policy, query)
        if levels:
            return [*levels, f"性质：{self.book.kinds[policy.kind].nature}。"]
        apart = [parts.confusion_line(self.book, confusion) for confusion in policy.confusions[:2]]
        return [*apart, *self._introduction(query, policy)]

    def _introduction(self, query: Query, policy: Policy) -> list[str]:
        rules, computed = parts.telling_rules(policy, query), calculation_lines(query, policy)
        # A number given before is no matter of what a policy is, or how it differs.
        computed = [] if query.aspect is Aspect.COMPARE else computed
        return [policy.summary, *computed, *parts.rule_lines(policy, rules, query), parts.audience_line(policy)]

    def _status(self, query: Query, policy: Policy) -> list[str]:
        when = f"（{policy.as_of[:4]} 年的材料）" if policy.as_of else ""
        known = f"报道时有效{when}；之后有没有调整或到期，报道没有写有效期，政策库也没有更新的材料。"
        line = parts.status_line(policy, self.today) or known
        return [line, policy.summary, *parts.rule_lines(policy, parts.telling_rules(policy, query), query, 3)]

    def _brief(self, query: Query, policy: Policy) -> list[str]:
        return [policy.summary, *parts.rule_lines(policy, parts.telling_rules(policy, query), query, 3)]

    # -- the same where the conversation is already about the policy --

    def _process_alone(self, query: Query, policy: Policy) -> list[str]:
        return self._process(query, policy)[:1]

    def _materials_alone(self, query: Query, policy: Policy) -> list[str]:
        return self._materials(query, policy)[:1]

    def _deadline_alone(self, query: Query, policy: Policy) -> list[str]:
        return self._deadline(query, policy)[:1]

    def _department_alone(self, query: Query, policy: Policy) -> list[str]:
        return self._department(query, policy)[:2]

    def _source_alone(self, query: Query, policy: Policy) -> list[str]:
        told = self._source(query, policy)
        return told[: told.index(NO_DOCUMENT) + 1]

    def _detail_alone(self, query: Query, policy: Policy) -> list[str]:
        return [f"性质：{self.book.kinds[policy.kind].nature}。"]

    def _status_alone(self, query: Query, policy: Policy) -> list[str]:
        return self._status(query, policy)[:1]

    # -- several policies --

    def _together(self, query: Query, finding: Finding) -> Reply:
        silent = [self._silent(query, policy, finding.aspect) for policy in finding.policies]
        compared = comparison_lines(self.book, self.today, query, finding, silent)
        lines = [*self._not_covered(query, finding), *compared]
        data = facts(self.book, "policies", finding.policies)
        return Reply("\n".join(line for line in lines if line), choices.buttons(finding.policies), data)

    def _next(self, policy: Policy, finding: Finding) -> tuple[Button, ...]:
        name = parts.short_name(policy)
        buttons = [
            Button(label, question.format(name=name))
            for aspect, (label, question) in NEXT.items()
            if aspect is not finding.aspect
        ]
        return tuple(buttons[:4])


def _wants_more(query: Query, policy: Policy, answered: Iterable[str]) -> bool:
    """Whether a question speaks of a rule, or of something in the record beyond what was answered to it."""
    asked = set(features(residue(query)))
    if any(asked & set(features(fold(rule.condition + " " + rule.benefit.name))) for rule in policy.rules):
        return True
    beyond = asked - set(features(fold("\n".join(answered))))
    return any(beyond & set(features(fold(text))) for _, text in policy_texts(policy))


def _joined(lines: Iterable[str]) -> str:
    """Lines without the empty ones and without what was said before."""
    unsaid: dict[str, str] = {}
    for line in lines:
        if line:
            unsaid.setdefault(line.removeprefix("注意："), line)
    return "\n".join(unsaid.values())


ASPECTS: dict[Aspect, Callable[[Answers, Query, Policy], list[str]]] = {
    Aspect.AMOUNT: Answers._amount,
    Aspect.CALCULATE: Answers._amount,
    Aspect.CONDITIONS: Answers._conditions,
    Aspect.AUDIENCE: Answers._audience,
    Aspect.DEPARTMENT: Answers._department,
    Aspect.CONTACT: Answers._contact,
    Aspect.PROCESS: Answers._process,
    Aspect.MATERIALS: Answers._materials,
    Aspect.DEADLINE: Answers._deadline,
    Aspect.SOURCE: Answers._source,
    Aspect.INTRODUCTION: Answers._introduction,
    Aspect.LIST: Answers._introduction,
    Aspect.MATCH: Answers._introduction,
    Aspect.COMPARE: Answers._compare,
    Aspect.STATUS: Answers._status,
    Aspect.DETAIL: Answers._detail,
}

# Shorter answers for who already knows what the policy is.
FOLLOWING: dict[Aspect, Callable[[Answers, Query, Policy], list[str]]] = {
    Aspect.DEPARTMENT: Answers._department_alone,
    Aspect.PROCESS: Answers._process_alone,
    Aspect.MATERIALS: Answers._materials_alone,
    Aspect.DEADLINE: Answers._deadline_alone,
    Aspect.SOURCE: Answers._source_alone,
    Aspect.STATUS: Answers._status_alone,
    Aspect.DETAIL: Answers._detail_alone,
}
