"""The reply to a finding: the asked aspect first, then what one needs beside it, always with the source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Policy, Rule, Status
from actions.knowledge.query import Finding, Outcome, Query
from actions.knowledge.text import fold
from actions.replies import parts
from actions.replies.calculations import calculation_lines
from actions.replies.facts import facts
from actions.replies.figures import SCOPE_NAMES, figure
from actions.replies.message import Button, Reply

NEXT = {
    Aspect.AMOUNT: ("支持标准", "{name}给多少？"),
    Aspect.CONDITIONS: ("申请条件", "{name}有什么条件？"),
    Aspect.DEPARTMENT: ("找哪个部门", "{name}找哪个部门？"),
    Aspect.PROCESS: ("怎么申请", "{name}怎么申请？"),
    Aspect.STATUS: ("现在还有效吗", "{name}现在还有效吗？"),
}


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
        if finding.outcome is Outcome.LISTED:
            return self._list(query, finding)
        if finding.outcome is Outcome.UNCOVERED:
            return self._uncovered(query, finding)
        if finding.outcome is Outcome.UNCLEAR:
            return self._unclear(finding)
        return self._nothing(finding)

    # -- one policy --

    def _single(self, query: Query, finding: Finding, policy: Policy) -> Reply:
        raised = parts.matching(policy.notes, query.text)[:2]
        open_points = parts.matching(policy.gaps, query.text)[:2]
        lines = [*self._not_covered(finding), parts.title(self.book, policy)]
        if finding.outside:
            lines.append(self._elsewhere(finding.outside, policy))
        for check in (parts.missing_levels(policy, query), self._premise(query, policy, finding.aspect)):
            if check:
                lines.append(check)
        pointed = [f"报道未说明：{gap.text}。" for gap in open_points]
        silent = self._silent(query, policy, finding.aspect)
        pointed += [silent] if silent and not open_points else []
        pointed += [parts.sentence(note.text) for note in raised]
        answering = ASPECTS[finding.aspect](self, query, policy)
        figures_first = finding.aspect in (Aspect.AMOUNT, Aspect.CALCULATE) and any(rule.receivable for rule in policy.rules)
        lines += [*answering, *pointed] if figures_first else [*pointed, *answering]
        if (
            finding.aspect in (Aspect.AMOUNT, Aspect.CALCULATE, Aspect.INTRODUCTION, Aspect.CONDITIONS, Aspect.MATCH)
            and not raised
        ):
            lines += [f"注意：{parts.sentence(note.text)}" for note in policy.notes[:1]]
        skip = tuple(gap.text for gap in open_points)
        tail = [parts.status_line(policy, self.today), parts.department_line(self.book, policy)]
        if finding.aspect is not Aspect.SOURCE:
            tail.append(parts.unstated_line(policy, skip))
            tail.append(parts.source_line(self.book, policy, self.today))
        lines += [line for line in tail if line and line not in lines]
        if finding.aspect is Aspect.COMPARE:
            lines[1:1] = [parts.sentence(confusion.text) for confusion in policy.confusions[:2]]
        if finding.related:
            names = "、".join(parts.title(self.book, other) for other in finding.related)
            lines.append(f"您也可能想问：{names}。")
        return Reply(
            "\n".join(dict.fromkeys(line for line in lines if line)),
            self._next(policy, finding),
            facts(self.book, "policy", [policy], finding.related),
        )

    def _not_covered(self, finding: Finding) -> list[str]:
        names = "、".join(self.book.regions[region].name for region in finding.uncovered)
        return [f"政策库未收录{names}的政策。"] if names else []

    def _elsewhere(self, region: str, policy: Policy) -> str:
        place, own = self.book.regions[region].name, self.book.region_name(policy)
        return f"您提到{place}，这项政策属于{own}，报道没有说{place}的企业也能享受。"

    def _premise(self, query: Query, policy: Policy, aspect: Aspect) -> str:
        """Correct a sum that the question takes for granted: another scope, or in no record."""
        money = [item.value for item in query.sums if item.unit == "yuan"]
        if not money or aspect in (Aspect.CALCULATE, Aspect.MATCH, Aspect.COMPARE) or calculation_lines(query, policy):
            return ""
        meant = [rule for rule in policy.rules if set(rule.yuan) & set(money)]
        if not meant:
            return "您提到的金额在这条报道里没有依据，以下以报道为准。"
        if not any(rule.receivable for rule in meant):
            scope = SCOPE_NAMES[meant[0].scope] if meant[0].scope else ""
            return f"您提到的数字是“{meant[0].benefit.name}”{'（' + scope + '）' if scope else ''}。"
        return ""

    def _silent(self, query: Query, policy: Policy, aspect: Aspect) -> str:
        """Say that the source is silent on the very thing that was asked."""
        known = fold("".join([policy.summary, *(n.text for n in policy.notes), *(r.condition for r in policy.rules)]))
        stated = {"process": policy.process, "materials": policy.materials, "deadline": policy.deadline}
        asked = []
        for id in query.ids("attribute"):
            if stated.get(id):
                continue
            department = self.book.department_of(policy)
            if id == "phone" and department and department.phone:
                continue
            term = self.book.attributes[id]
            if id in ("phone", "address", "website", *stated) or not any(fold(w) in known for w in (term.name, *term.aliases)):
                asked.append(term.name)
        field = {Aspect.PROCESS: "process", Aspect.MATERIALS: "materials", Aspect.DEADLINE: "deadline"}.get(aspect)
        if field and field in policy.unstated:
            asked.insert(0, parts.UNSTATED[field])
        return f"报道未说明{'、'.join(dict.fromkeys(asked))}。" if asked else ""

    # -- aspects: the lines that answer it --

    def _amount(self, query: Query, policy: Policy) -> list[str]:
        computed = calculation_lines(query, policy)
        rules = parts.telling_rules(policy, query)
        receivable = [rule for rule in rules if rule.receivable]
        lines = list(computed)
        if not receivable and policy.status is not Status.HISTORIC:
            lines.append("报道没有写明申请者可得的金额。")
        nature = self.book.kinds[policy.kind].nature
        return [*lines, *parts.rule_lines(policy, rules, query), f"性质：{nature}。"]

    def _conditions(self, query: Query, policy: Policy) -> list[str]:
        lines = [f"条件：{'；'.join(policy.conditions)}。"] if policy.conditions else []
        if "conditions" in policy.unstated and not policy.conditions:
            lines.append("报道没有写明具体条件。")
        lines.append(parts.audience_line(policy))
        return [*lines, *parts.rule_lines(policy, parts.telling_rules(policy, query), query)]

    def _audience(self, query: Query, policy: Policy) -> list[str]:
        lines = [parts.audience_line(policy) or "报道没有写明适用对象。"]
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
        return [*lines, "报道没有给出文号和全文。", *self._brief(query, policy)]

    def _introduction(self, query: Query, policy: Policy) -> list[str]:
        rules = parts.chosen_rules(policy, query)
        lines = [policy.summary, *calculation_lines(query, policy), *parts.rule_lines(policy, rules, query)]
        return [*lines, parts.audience_line(policy)]

    def _status(self, query: Query, policy: Policy) -> list[str]:
        when = f"（{policy.as_of[:4]} 年的材料）" if policy.as_of else ""
        known = f"报道时有效{when}；之后有没有调整或到期，报道没有写有效期，政策库也没有更新的材料。"
        line = parts.status_line(policy, self.today) or known
        return [line, policy.summary, *parts.rule_lines(policy, parts.chosen_rules(policy, query), query, 3)]

    def _brief(self, query: Query, policy: Policy) -> list[str]:
        return [policy.summary, *parts.rule_lines(policy, policy.rules, query, 3)]

    # -- several policies --

    def _together(self, query: Query, finding: Finding) -> Reply:
        lines, ids = self._not_covered(finding), {policy.id for policy in finding.policies}
        for policy in finding.policies:
            for confusion in policy.confusions:
                if confusion.other in ids:
                    lines.append(parts.sentence(confusion.text))
        if finding.aspect is Aspect.COMPARE:
            lines.insert(0, "这是不同的政策，分别是：")
        for number, policy in enumerate(finding.policies, 1):
            lines.append(f"{number}. {parts.title(self.book, policy)}")
            silent = self._silent(query, policy, finding.aspect)
            lines += [silent] if silent else []
            lines += [f"报道未说明：{gap.text}。" for gap in parts.matching(policy.gaps, query.text)[:1]]
            lines += parts.rule_lines(policy, parts.telling_rules(policy, query), query, 4)
            lines.append(parts.audience_line(policy))
            lines += [parts.sentence(note.text) for note in parts.matching(policy.notes, query.text)[:1]]
            lines.append(f"性质：{self.book.kinds[policy.kind].nature}。")
            lines.append(parts.status_line(policy, self.today))
            if finding.aspect in (Aspect.DEPARTMENT, Aspect.CONTACT):
                lines.append(parts.department_line(self.book, policy))
            lines.append(parts.source_line(self.book, policy, self.today))
        buttons = _choices(finding.policies)
        return Reply("\n".join(line for line in lines if line), buttons, facts(self.book, "policies", finding.policies))

    def _list(self, query: Query, finding: Finding, most: int = 8) -> Reply:
        shown = finding.policies[:most]
        place = self.book.regions[finding.region].name if finding.region else ""
        topics = "、".join(self.book.topics[topic].name for topic in finding.topics[:2])
        about = (
            f"{place}{'与“' + topics + '”有关的' if topics else '可能相关的'}政策" if not place or topics else f"{place}的政策"
        )
        lines = [f"{about}，政策库收录 {len(finding.policies)} 项，想了解哪一项？"]
        for number, policy in enumerate(shown, 1):
            lines.append(f"{number}. {parts.title(self.book, policy)}{self._headline(policy, query)}")
            if len(shown) <= 4:
                lines.append(f"   {policy.summary}")
        if len(finding.policies) > most:
            lines.append(f"还有 {len(finding.policies) - most} 项没有列出，可以加上{'主题' if place else '地区或主题'}再问。")
        sources = dict.fromkeys(self.book.source_of(policy).id for policy in shown)
        names = "；".join(self._source_name(id) for id in list(sources)[:4])
        lines.append(f"来源：{names}{' 等' if len(sources) > 4 else ''}。")
        if all({"deadline", "phone"} <= policy.unstated for policy in shown):
            lines.append(f"申报时间和电话报道均未说明，可拨 {self.book.hotline.number}。")
        buttons = _choices(shown[:6])
        return Reply("\n".join(lines), buttons, facts(self.book, "list", shown))

    def _source_name(self, id: str) -> str:
        source = self.book.sources[id]
        return f"《{source.title}》{source.date or '日期未载'}"

    def _headline(self, policy: Policy, query: Query) -> str:
        rules: list[Rule] = [rule for rule in parts.chosen_rules(policy, query) if rule.receivable and figure(rule)]
        if not rules:
            return ""
        shown = "，".join(dict.fromkeys(f"{'、'.join(rule.levels)} {figure(rule)}".strip() for rule in rules[:3]))
        return f"：{shown}"

    # -- nothing found --

    def _uncovered(self, query: Query, finding: Finding) -> Reply:
        place = self.book.regions[finding.region].name if finding.region else ""
        topics = "、".join(self.book.topics[topic].name for topic in finding.topics[:2])
        covered = self.book.of_region(finding.region) if finding.region else []
        subject = f"{place}{'关于“' + topics + '”' if topics else ''}的政策"
        if covered and not topics:
            subject = f"与此有关的{place}政策"
        lines = [f"抱歉，政策库未收录{subject}，没有找到可以回答的依据。"]
        choices = list(finding.related) if not covered else covered[:4]
        if covered:
            lines.append(f"{place}收录的有：{'；'.join(parts.short_name(policy) for policy in choices)}。")
        elif choices:
            lines.append(
                f"其他地区的相近政策：{'；'.join(parts.title(self.book, policy) for policy in choices)}（不适用于{place}）。"
            )
        lines.append(f"我只能回答政策库收录的惠企政策；其他情况建议拨打 {self.book.hotline.number} 向当地核实。")
        buttons = _choices(choices[:4])
        return Reply("\n".join(lines), buttons, facts(self.book, "uncovered", [], choices) | {"region": finding.region})

    def _unclear(self, finding: Finding) -> Reply:
        if finding.related:
            names = [parts.title(self.book, policy) for policy in finding.related]
            buttons = _choices(finding.related)
            return Reply(f"请问您问的是哪一项？{'；'.join(names)}。", buttons, {"type": "unclear", "policies": []})
        regions = [self.book.regions[id] for id in dict.fromkeys(p.region for p in self.book.policies.values())]
        text = f"请问您想问哪个地区、哪项政策？例如：{'；'.join(self.book.examples[:3])}"
        buttons = tuple(Button(region.name, f"{region.name}有哪些政策？") for region in regions[:6])
        return Reply(text, buttons, {"type": "unclear", "policies": []})

    def _nothing(self, finding: Finding) -> Reply:
        lines = ["抱歉，政策库里没有找到与此有关的政策，无法回答。"]
        if finding.related:
            lines.append(f"您想问的是不是：{'；'.join(parts.title(self.book, policy) for policy in finding.related)}？")
        lines.append(f"我只能回答政策库收录的惠企政策，您可以换个说法或说明地区；其他事项可拨 {self.book.hotline.number}。")
        buttons = _choices(finding.related)
        return Reply("\n".join(lines), buttons, facts(self.book, "nothing", [], finding.related))

    def _next(self, policy: Policy, finding: Finding) -> tuple[Button, ...]:
        name = parts.short_name(policy)
        buttons = [
            Button(label, question.format(name=name))
            for aspect, (label, question) in NEXT.items()
            if aspect is not finding.aspect
        ]
        return tuple(buttons[:4])


def _choices(policies: Iterable[Policy]) -> tuple[Button, ...]:
    """A button for each policy, which asks what it is."""
    return tuple(Button(parts.label(policy), f"介绍一下{parts.short_name(policy)}") for policy in policies)


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
    Aspect.COMPARE: Answers._introduction,
    Aspect.STATUS: Answers._status,
    Aspect.DETAIL: Answers._amount,
}
