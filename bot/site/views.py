"""The book as plain values for the templates. Every word on a figure, a status, a department or a source is the replies' own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Policy, RequirementKind, Status
from actions.knowledge.query import Query
from actions.replies import parts
from actions.replies.aspects import NO_SUM, AspectLines
from actions.replies.choices import headline
from actions.replies.sources import NO_DOCUMENT, source_line
from bot.site.rules import Piece, RuleView, pieces, rule_view
from bot.site.standing import mark, standing

NOTHING_ASKED = Query("")
NEEDS = {RequirementKind.GATE: "门槛", RequirementKind.BONUS: "加成", RequirementKind.DISCRETION: "由部门认定"}
RELATED = 6


@dataclass(frozen=True)
class Link:
    """A policy named on another page."""

    id: str
    name: str
    text: str = ""


@dataclass(frozen=True)
class Entry:
    """A policy in a list."""

    id: str
    name: str
    region: str
    kind: str
    standing: str
    mark: str
    headline: tuple[Piece, ...]
    summary: str
    department: str


@dataclass(frozen=True)
class SourceView:
    """The source of a policy; `dated` with what is inferred, `age` with the advice to verify."""

    title: str
    publisher: str
    dated: str
    age: str
    where: str
    notes: tuple[str, ...]
    document: str = NO_DOCUMENT


@dataclass(frozen=True)
class Field:
    """A labelled value of the record."""

    name: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class PolicyView:
    """All that a policy's page tells."""

    entry: Entry
    region: str
    kind: str
    nature: str
    topics: tuple[tuple[str, str], ...]
    closed: bool
    past: bool
    status: str
    receivable: tuple[RuleView, ...]
    others: tuple[RuleView, ...]
    no_sum: str
    audience: tuple[str, ...]
    conditions: tuple[str, ...]
    needs: tuple[tuple[str, str], ...]
    unaddressed: str
    handling: tuple[Field, ...]
    unhandled: str
    department: tuple[Piece, ...]
    department_notes: tuple[str, ...]
    gaps: tuple[str, ...]
    unpriced: str
    notes: tuple[str, ...]
    confusions: tuple[Link, ...]
    source: SourceView
    related: tuple[Entry, ...]
    questions: tuple[str, ...]


def entry(book: PolicyBook, today: date, policy: Policy) -> Entry:
    """A policy for a list."""
    return Entry(
        policy.id,
        policy.name,
        book.region_name(policy),
        book.kinds[policy.kind].name,
        standing(policy, today),
        mark(policy, today),
        pieces(headline(policy, NOTHING_ASKED).removeprefix("：")),
        policy.summary,
        parts.department_text(book, policy),
    )


def policy_view(book: PolicyBook, today: date, policy: Policy) -> PolicyView:
    """Everything in a policy's record."""
    lines = AspectLines(book, today, NOTHING_ASKED, policy)
    rules = [(rule, rule_view(rule)) for rule in policy.rules]
    receivable = tuple(view for _, view in rules if view.figure)
    kind = book.kinds[policy.kind]
    past = policy.status is Status.HISTORIC
    return PolicyView(
        entry=entry(book, today, policy),
        region=policy.region,
        kind=kind.id,
        nature=kind.nature,
        topics=tuple((topic, book.topics[topic].name) for topic in policy.topics),
        closed=parts.closed(policy, today),
        past=past,
        status=lines.lines(Aspect.STATUS, short=True)[0],
        receivable=receivable,
        others=tuple(view for _, view in rules if not view.figure),
        no_sum=NO_SUM if not receivable and not past else "",
        audience=policy.audience,
        conditions=policy.conditions,
        needs=tuple((NEEDS[need.kind], need.text) for need in policy.eligibility),
        unaddressed=silent(policy, "audience", "conditions"),
        handling=handling(policy),
        unhandled=silent(policy, "process", "materials", "deadline"),
        department=phone_pieces(book, parts.department_line(book, policy).removeprefix("部门：")),
        department_notes=department_notes(book, policy),
        gaps=tuple(gap.text for gap in policy.gaps),
        unpriced="、".join(stated_nowhere(policy, "amount")),
        notes=tuple(parts.sentence(note.text) for note in policy.notes),
        confusions=confusions(book, policy),
        source=source_view(book, policy, today),
        related=tuple(entry(book, today, other) for other in related(book, policy)),
        questions=questions(parts.short_name(policy), past),
    )


def questions(name: str, past: bool) -> tuple[str, ...]:
    """What the page offers to ask of a policy; of a past result nobody can get anything any more."""
    if past:
        return (f"介绍一下{name}", f"{name}的出处在哪里？")
    return (f"{name}给多少？", f"{name}要什么条件？", f"{name}找谁办？")


def stated_nowhere(policy: Policy, *keys: str) -> list[str]:
    """The names of those fields of the record that its source leaves out."""
    return [parts.UNSTATED[key] for key in keys if key in policy.unstated]


def silent(policy: Policy, *keys: str) -> str:
    """The sentence on the fields that the source leaves out; empty where it leaves out none."""
    names = stated_nowhere(policy, *keys)
    return f"报道未说明{'、'.join(names)}。" if names else ""


def handling(policy: Policy) -> tuple[Field, ...]:
    """How, with what and when one applies, and how long the policy is valid, as far as the source tells."""
    validity = "".join(f"{word} {day} " for word, day in (("自", policy.valid_from), ("至", policy.valid_to)) if day).strip()
    fields = (
        Field("办理流程", (policy.process,)),
        Field("申报材料", policy.materials),
        Field("申报时间", (policy.deadline,)),
        Field("有效期", (validity,)),
    )
    return tuple(field for field in fields if any(field.texts))


def phone_pieces(book: PolicyBook, text: str) -> tuple[Piece, ...]:
    """A text in pieces, the telephone numbers of the book marked."""
    either = "|".join(re.escape(phone) for phone in sorted(book.phones, key=len, reverse=True))
    numbers = re.compile(f"((?<![0-9])(?:{either})(?![0-9]))")
    return tuple((piece, piece in book.phones) for piece in numbers.split(text) if piece)


def department_notes(book: PolicyBook, policy: Policy) -> tuple[str, ...]:
    """What the record adds on who answers; the line on a phone has the department's own note in it."""
    department = book.department_of(policy)
    own = department.note if department and not department.phone else ""
    return tuple(parts.sentence(text) for text in dict.fromkeys((policy.contact.note, own)) if text)


def confusions(book: PolicyBook, policy: Policy) -> tuple[Link, ...]:
    """What a policy is taken for, with the difference."""
    found = []
    for confusion in policy.confusions:
        other = book.policies.get(confusion.other)
        text = parts.confusion_line(book, confusion)
        found.append(Link(other.id, parts.title(book, other), text) if other else Link("", "", text))
    return tuple(found)


def source_view(book: PolicyBook, policy: Policy, today: date) -> SourceView:
    """The source of a policy, taken apart from the line that every answer ends with."""
    source = book.source_of(policy)
    line = source_line(book, policy, today).removeprefix(f"来源：《{source.title}》（{source.publisher}，")
    dated, _, age = line.partition("）")
    notes = tuple(parts.sentence(note) for note in (source.date_note, source.title_note) if note)
    return SourceView(source.title, source.publisher, dated, age.lstrip("。，"), policy.source_where, notes)


def related(book: PolicyBook, policy: Policy) -> list[Policy]:
    """Policies of the same family, then those of the same place on the same topics."""
    topics = set(policy.topics)
    family = [other for other in book.policies.values() if policy.family and other.family == policy.family]
    near = [other for other in book.of_region(policy.region) if other.region == policy.region and topics & set(other.topics)]
    return [other for other in dict.fromkeys((*family, *near)) if other is not policy][:RELATED]
