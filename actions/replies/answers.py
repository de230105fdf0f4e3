"""The reply to a finding: the asked aspect first, then what one needs beside it, always with the source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from actions.knowledge import asking
from actions.knowledge.asking import residue
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Policy
from actions.knowledge.query import Finding, Outcome, Query
from actions.knowledge.search import policy_texts
from actions.knowledge.text import features, fold, words_of
from actions.replies import choices, parts
from actions.replies.aspects import AspectLines, silent_line
from actions.replies.calculations import calculations, trace
from actions.replies.comparison import comparison_lines
from actions.replies.facts import facts
from actions.replies.message import Button, Reply
from actions.replies.premises import corrections
from actions.replies.sources import source_line

NEXT = {
    Aspect.AMOUNT: ("支持标准", "{name}给多少？"),
    Aspect.CONDITIONS: ("申请条件", "{name}有什么条件？"),
    Aspect.DEPARTMENT: ("找哪个部门", "{name}找哪个部门？"),
    Aspect.PROCESS: ("怎么申请", "{name}怎么申请？"),
    Aspect.STATUS: ("现在还有效吗", "{name}现在还有效吗？"),
}
# Aspects under which the first remark of a record is worth saying unasked.
ADVISED = (Aspect.AMOUNT, Aspect.CALCULATE, Aspect.INTRODUCTION, Aspect.CONDITIONS, Aspect.MATCH)

NOT_FOUND = "报道里没有找到直接对应的说法，写到的是："
# Aspects that are a matter for the office, so that it is named even to who was told of it.
OFFICES = (Aspect.DEPARTMENT, Aspect.CONTACT, Aspect.PROCESS, Aspect.MATERIALS, Aspect.DEADLINE, Aspect.STATUS, Aspect.SOURCE)
# Kinds of which people are told each time that they are no grant.
BORROWED = ("loan", "fund")


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
        raised = parts.raised_notes(policy, query.text)[:2]
        open_points = parts.raised_gaps(policy, query.text)[:2]
        traces = [trace(item) for item in calculations(query, policy)]
        known = policy.id in query.focus.policies  # who asks on about a policy need not be told everything again
        put_right = corrections(self.book, self.today, query, finding, policy)
        lines = [*self._not_covered(query, finding), parts.title(self.book, policy), *(item.text for item in put_right)]
        lines.append(parts.missing_levels(policy, query))
        pointed = [f"报道未说明：{gap.text}。" for gap in open_points]
        silent = silent_line(self.book, query, policy, finding.aspect)
        pointed += [silent] if silent and not open_points else []
        said = [item.text for item in put_right]
        pointed += [parts.sentence(note.text) for note in raised if not parts.told(note.text, said, share=0.5)]
        answered = [*pointed, *said]
        spoken = _wants_more(query, policy, answered)
        if finding.aspect is Aspect.DETAIL and not answered and not spoken and not asking.fragment(query):
            pointed = [NOT_FOUND]
        short = known and not spoken and (finding.aspect is not Aspect.DETAIL or bool(answered))
        answering = AspectLines(self.book, self.today, query, policy).lines(finding.aspect, short)
        figures_first = finding.aspect in (Aspect.AMOUNT, Aspect.CALCULATE) and policy.receivable
        lines += [*answering, *pointed] if figures_first else [*pointed, *answering]
        if known and traces and finding.aspect is Aspect.CALCULATE:
            lines = [line for line in lines if not line.startswith("· ")]  # the trace shows rate and cap
        if known and policy.kind not in BORROWED:
            lines = [line for line in lines if not line.startswith("性质：")]
        if any(self.book.kinds[policy.kind].nature in item.text for item in put_right):
            lines = [line for line in lines if not line.startswith("性质：")]
        if finding.aspect in ADVISED and not raised and not known:
            nature = [self.book.kinds[policy.kind].nature]
            notes = [note.text for note in policy.notes[:1]]
            notes = [note for note in notes if not parts.told(note, lines) and not parts.told(note, nature, share=0.5)]
            lines += [f"注意：{parts.sentence(note)}" for note in notes]
        lines.append(parts.status_line(policy, self.today))
        lines.append("" if known and finding.aspect not in OFFICES else parts.department_line(self.book, policy))
        if finding.aspect is not Aspect.SOURCE:
            if not known:
                lines.append(parts.unstated_line(policy, tuple(gap.text for gap in open_points)))
            lines.append(source_line(self.book, policy, self.today, again=known))
        cited = [item.cited for item in put_right if item.cited]
        lines += [source_line(self.book, other, self.today) for other in cited]
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

    # -- several policies --

    def _together(self, query: Query, finding: Finding) -> Reply:
        silent = [silent_line(self.book, query, policy, finding.aspect) for policy in finding.policies]
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
    if any(asked & words_of(rule.condition + " " + rule.benefit.name) for rule in policy.rules):
        return True
    beyond = asked - set(features(fold("\n".join(answered))))
    return any(beyond & words_of(text) for _, text in policy_texts(policy))


def _joined(lines: Iterable[str]) -> str:
    """Lines without the empty ones and without what was said before."""
    unsaid: dict[str, str] = {}
    for line in lines:
        if line:
            unsaid.setdefault(line.removeprefix("注意："), line)
    return "\n".join(unsaid.values())
