"""A question in the light of what the company told of itself: what fits it, and how it meets one policy's conditions."""

from __future__ import annotations

from dataclasses import replace

from actions.knowledge import asking
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.matching import Assessment, Fit, assess, candidates
from actions.knowledge.models import Policy
from actions.knowledge.profile import Profile
from actions.knowledge.query import Finding, Outcome, Query
from actions.knowledge.telling import Told
from actions.replies import matching
from actions.replies.message import Reply

# From this evidence on a question on what fits a company is about one policy.
SPOKEN_OF = 0.65
# What decides a question of these aspects is whether the company meets the conditions.
ELIGIBILITY = (Aspect.MATCH, Aspect.AUDIENCE, Aspect.CONDITIONS)


def what_fits(
    book: PolicyBook, query: Query, finding: Finding, profile: Profile, *, news: Told, own: Told, stated: bool
) -> tuple[list[Assessment], Policy | None]:
    """The candidates for a company that asks what fits it, with the one that is really spoken of; nothing otherwise."""
    if query.ids("policy"):
        return [], None
    which = asking.asks_which(query.text)
    asks = which and (query.aspect is Aspect.MATCH or (query.aspect in (Aspect.LIST, None) and bool(own) and not query.sums))
    states = stated and bool(news.yes) and not (which or query.sums or query.focus.policies)
    if not asks and (not states or query.text.endswith(("?", "吗", "呢", "没有", "不"))):
        return [], None
    found, topics = candidates(book, profile), set(query.ids("topic"))
    found.sort(key=lambda assessment: not topics & set(assessment.policy.topics))
    best = _pointed_at(finding) if asks and not asking.fragment(query) else None
    first = [assessment for assessment in found if assessment.policy == best]
    if best is not None and not first:
        return [], None  # it is answered by itself
    return [*first, *(assessment for assessment in found if assessment.policy != best)], best


def _pointed_at(finding: Finding) -> Policy | None:
    """The policy that a question on what fits really speaks of (不用交保证金的), not merely the nearest one."""
    return finding.policies[0] if finding.outcome is Outcome.FOUND and finding.evidence >= SPOKEN_OF else None


def with_marks(book: PolicyBook, query: Query, finding: Finding, profile: Profile, reply: Reply) -> Reply:
    """A reply on one policy, led by how the company meets its conditions where that was asked."""
    policy: Policy | None = finding.policies[0] if finding.outcome is Outcome.FOUND and len(finding.policies) == 1 else None
    if policy is None or not policy.eligibility or profile.empty or finding.aspect not in ELIGIBILITY:
        return reply
    assessment = assess(book, policy, profile)
    if not assessment.met and assessment.fit is not Fit.NOT:
        return reply
    lines = matching.assessment_lines(book, assessment, profile)
    return replace(reply, text="\n".join([*lines, reply.text]))
