"""Findings that point at what was shown or said before: 第二个, 还有别的吗, 这两个, 崂山的."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from actions.knowledge import references
from actions.knowledge.aspect import Aspect
from actions.knowledge.clarifying import kinds_named, narrowed
from actions.knowledge.models import Policy
from actions.knowledge.query import Finding, Outcome
from actions.knowledge.subject import PAGE, SIDE_BY_SIDE, Subject

# The share of a question that must stand in an earlier record for it to be meant.
TELLS = 0.3


def pointed(subject: Subject) -> Finding | None:
    """What the question points at in what was shown or said before; None where it does not."""
    if subject.query.more and not subject.groups and (subject.fragment or references.others(subject.query.text)):
        return _more(subject)
    if subject.groups:
        return None
    listed = [id for id in subject.focus.listed if id in subject.book.policies]
    chosen = references.pointed(subject.query.text, listed)
    if chosen is not None:
        if chosen:
            return subject.found(_policies(subject, chosen), evidence=0.95)
        related = tuple(_policies(subject, listed[:4]))
        return Finding(Outcome.UNCLEAR, subject.aspect, related=related, focus=subject.focus, evidence=0.95)
    if references.both(subject.query.text) and len(subject.in_hand) < 2 and len(subject.focus.recent) > 1:
        return subject.found(_policies(subject, subject.focus.recent[:2]), evidence=0.95)
    return _returned(subject) or _narrowed(subject, listed)


def _returned(subject: Subject) -> Finding | None:
    """The earlier subject that a question takes up again, told by what else it says; without anything, the last one."""
    if not references.returns(subject.query.text) or subject.aspect in (Aspect.MATCH, Aspect.LIST):
        return None
    earlier = [id for id in subject.focus.recent if id not in subject.focus.policies]
    found = {c.policy.id: c for c in subject.ranking.candidates(subject.inside) if c.policy.id in subject.focus.recent}
    told = {id: c for id, c in found.items() if c.coverage >= TELLS or c.figured or (c.topical and subject.topics)}
    if told:
        best = max(told.values(), key=lambda c: (c.figured, c.policy.topics[0] in subject.topics, c.score - c.remembered))
        return subject.found([best.policy], evidence=0.9)
    if subject.fragment and earlier and not subject.topics:
        inside = [id for id in earlier if subject.inside is None or subject.book.policies[id].region in subject.inside]
        return subject.found(_policies(subject, inside[:1]), evidence=0.9) if inside else None
    return None


def _policies(subject: Subject, ids: Iterable[str]) -> list[Policy]:
    return [subject.book.policies[id] for id in ids]


def _narrowed(subject: Subject, listed: list[str]) -> Finding | None:
    """The part of the list shown last that an answer to its question leaves: 崂山的, 个体户的, 要贷款不要补贴."""
    if (
        len(subject.in_hand) == 1
        or len(listed) < 2
        or not (subject.fragment or subject.query.aspect is None)
        or subject.query.sums
    ):
        return None
    answers = {"region": subject.regions, "topic": subject.topics, "audience": subject.query.ids("audience")}
    left = narrowed(subject.book, listed, {**answers, "kind": kinds_named(subject.book, subject.query.text)})
    if not left or len(left) == len(listed):
        return None
    if len(left) <= SIDE_BY_SIDE:
        return subject.found(left, evidence=0.9)
    return subject.choice(left, subject.regions[0] if subject.regions else subject.focus.region, subject.focus.topics)


def _more(subject: Subject) -> Finding:
    """What a list has left, else what else there is on the subject in hand."""
    rest = subject.focus.listed[subject.focus.shown :]
    if rest:
        focus = subject.focus.paged(len(rest[:PAGE]))
        found = tuple(_policies(subject, rest))
        return Finding(Outcome.LISTED, Aspect.LIST, found, offset=subject.focus.shown, evidence=0.9, focus=focus)
    told = {*subject.focus.policies, *subject.focus.recent}
    topics = set(subject.topics or subject.focus.topics)
    region = subject.regions[0] if subject.regions else subject.focus.region
    near = [p for p in subject.book.of_region(region) if p.id not in told] if region else []
    others = [policy for policy in near if topics & set(policy.topics)]
    beyond = bool(topics and near and not others)
    others = others or near
    if not others and not region:
        others = [p for topic in topics for p in subject.book.of_topic(topic) if p.id not in told]
    if not others:
        return Finding(Outcome.EXHAUSTED, Aspect.LIST, focus=subject.focus, evidence=0.9)
    return replace(subject.choice(list(dict.fromkeys(others)), region), beyond=beyond)
