"""Findings that go on about the policies in hand: 找谁办, 市级的呢."""

from __future__ import annotations

from actions.knowledge import asking
from actions.knowledge.aspect import Aspect
from actions.knowledge.models import Policy
from actions.knowledge.query import Finding
from actions.knowledge.subject import Subject

# The share of a question that must stand in the records in hand for it to go on about them.
GOES_ON = 0.25


def continued(subject: Subject) -> Finding | None:
    """What is in hand, where the question goes on about it; None where it does not."""
    return _in_hand(subject) if _goes_on(subject) else None


def _goes_on(subject: Subject) -> bool:
    """Whether the question goes on about the policies in hand, whatever else it mentions."""
    if not subject.in_hand or subject.groups:
        return False
    new_topics = set(subject.topics) - {topic for policy in subject.in_hand for topic in policy.topics}
    if subject.regions and not all(subject.holds_inside(policy) for policy in subject.in_hand):
        return asking.tells_own_place(subject.query.text) and not new_topics
    if _elsewhere_by_level_or_sum(subject):
        return False
    goes_on = subject.ranking.goes_on(subject.in_hand)
    if subject.aspect is Aspect.LIST and goes_on < 2 * GOES_ON:
        same = bool(subject.topics) and not subject.regions and not asking.asks_policies(subject.query.text)
        return (same or asking.asks_names(subject.query.text)) and not new_topics
    if subject.fragment and not new_topics:
        return True
    best = subject.ranking.candidates(subject.inside)
    if not best:
        return True
    if best[0].policy in subject.in_hand or not best[0].enough:
        return goes_on >= GOES_ON or not new_topics
    if best[0].topical:
        return False
    strange = best[0].coverage < 3 * GOES_ON and asking.short_question(subject.query.text)
    return goes_on > best[0].coverage or strange


def _elsewhere_by_level_or_sum(subject: Subject) -> bool:
    """Whether a level or a sum of the question stands not in what is in hand, but in a record near it."""
    near = [c for c in subject.ranking.candidates(subject.inside) if c.policy.id not in subject.focus.policies]
    if subject.query.ids("level") and not any(map(subject.ranking.has_level, subject.in_hand)):
        levelled = any(c.enough and subject.ranking.has_level(c.policy) for c in near)
        if levelled or _recent_with_level(subject):
            return True
    if not subject.query.sums or subject.aspect is Aspect.CALCULATE or any(map(subject.ranking.figured, subject.in_hand)):
        return False
    places = {policy.region for policy in subject.in_hand}
    return any(c.figured and (c.policy.region in places or c.remembered) for c in near)


def _in_hand(subject: Subject) -> Finding:
    policies = list(subject.in_hand)
    spoken = 0.5 if subject.fragment else 0.5 + subject.ranking.goes_on(policies) / 2
    evidence = max(spoken, 0.8 if asking.short_question(subject.query.text) else 0.0)
    if subject.aspect is Aspect.COMPARE and len(policies) == 1 and subject.fragment:
        policies += [subject.book.policies[id] for id in subject.focus.recent if id != policies[0].id][:1]
    outside = next((region for region in subject.regions if not any(subject.holds_in(region, p) for p in policies)), None)
    return subject.found(policies, outside=outside, evidence=evidence)


def _recent_with_level(subject: Subject) -> list[Policy]:
    return [subject.book.policies[id] for id in subject.focus.recent if subject.ranking.has_level(subject.book.policies[id])]
