"""Several policies at once: those that a question names, joins by topic (孵化器和重点实验室), or asks of several places."""

from __future__ import annotations

from actions.knowledge import asking
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import usefulness
from actions.knowledge.models import Policy
from actions.knowledge.ranking import SUM, Candidate
from actions.knowledge.subject import Subject

# A policy that pays is preferred to a nearer one while it has this share of its score.
NEARLY = 0.7
# Asked of things joined by 和, these are asked of each of them.
JOINABLE = (Aspect.AMOUNT, Aspect.COMPARE, Aspect.CONDITIONS, Aspect.DETAIL, Aspect.CALCULATE)


def together(subject: Subject) -> list[Policy]:
    """The policies that the question names, joins by topic, or asks of several places."""
    if subject.aspect is Aspect.LIST:
        return []
    if subject.groups:
        return _best_of_names(subject)
    by_topic = _best_of_topics(subject)
    return by_topic if len(by_topic) > 1 else _best_of_places(subject)


def _best_of_names(subject: Subject) -> list[Policy]:
    candidates = subject.ranking.candidates(subject.inside)
    order = {candidate.policy.id: -candidate.score for candidate in candidates}
    chosen: list[Policy] = []
    for group in subject.groups:
        holding = [policy for policy in group if subject.holds_inside(policy)] or group
        best = min(holding, key=lambda policy: (order.get(policy.id, 0.0), usefulness(policy)))
        chosen += [best] if best not in chosen else []
    if subject.query.ids("level") and not any(map(subject.ranking.has_level, chosen)):
        levelled = next((c.policy for c in candidates if c.topical and subject.ranking.has_level(c.policy)), None)
        chosen += [levelled] if levelled and levelled not in chosen else []
    if len(chosen) == 1 and subject.aspect is Aspect.COMPARE and asking.joins(subject.query.text):
        other = set(subject.topics) - set(chosen[0].topics)
        near = [c for c in candidates if other & set(c.policy.topics) and c.policy != chosen[0] and c.enough]
        near.sort(key=lambda c: (c.policy.region != chosen[0].region, -c.score))
        chosen += [c.policy for c in near[:1]]
    return chosen[:3]


def _best_of_topics(subject: Subject) -> list[Policy]:
    """Where a question joins things of several topics (孵化器和重点实验室), the best policy on each."""
    if len(set(subject.topics)) < 2 or subject.aspect not in JOINABLE or not asking.joins(subject.query.text):
        return []
    candidates = [c for c in subject.ranking.candidates(subject.inside) if c.enough]
    best = [_best_of_topic(subject, [c for c in candidates if c.policy.topics[0] == topic]) for topic in subject.topics]
    return list(dict.fromkeys(policy for policy in best if policy))[:3]


def _best_of_topic(subject: Subject, candidates: list[Candidate]) -> Policy | None:
    """The first candidate; where money is asked for, the first that pays and is about as near."""
    if subject.aspect in (Aspect.AMOUNT, Aspect.CALCULATE):
        paying = (c for c in candidates if c.policy.receivable and c.score >= NEARLY * candidates[0].score)
        candidates = [*paying, *candidates][:1]
    return candidates[0].policy if candidates else None


def _best_of_places(subject: Subject) -> list[Policy]:
    if len(subject.regions) < 2:
        return []
    best = [next(iter(subject.ranking.candidates(subject.book.places(region))), None) for region in subject.regions]
    return list(dict.fromkeys(c.policy for c in best if c and (c.enough or c.score >= SUM)))[:3]
