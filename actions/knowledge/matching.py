"""Which policies fit a company, by the requirements in the book, and what to ask next. Nothing is guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from actions.knowledge.book import PolicyBook, usefulness
from actions.knowledge.facets import union
from actions.knowledge.models import FactTest, Policy, Requirement, RequirementKind, Rule, Status
from actions.knowledge.profile import REGION, Profile

MOST_QUESTIONS = 4


class Verdict(str, Enum):
    """Whether a company meets a condition."""

    MET = "met"
    FAILED = "failed"
    OPEN = "open"


class Fit(str, Enum):
    """Whether a policy fits a company."""

    FITS = "fits"
    MAYBE = "maybe"
    NOT = "not"


@dataclass(frozen=True)
class Assessment:
    """A policy against a profile: the verdict on its place and on each of its requirements."""

    policy: Policy
    place: Verdict
    marks: tuple[tuple[Requirement, Verdict], ...]

    @property
    def fit(self) -> Fit:
        """FITS where every gate is met and nothing is left to judgement, NOT where a gate fails."""
        verdicts = [self.place, *(verdict for need, verdict in self.marks if need.kind is RequirementKind.GATE)]
        if Verdict.FAILED in verdicts:
            return Fit.NOT
        judged = any(need.kind is RequirementKind.DISCRETION for need, _ in self.marks)
        return Fit.MAYBE if judged or Verdict.OPEN in verdicts else Fit.FITS

    @property
    def met(self) -> int:
        """How many requirements what was told meets."""
        return sum(verdict is Verdict.MET for _, verdict in self.marks)

    @property
    def open(self) -> tuple[Requirement, ...]:
        """What must still be confirmed, by the company or by the department."""
        return tuple(need for need, verdict in self.marks if verdict is Verdict.OPEN and need.kind is not RequirementKind.BONUS)


def check(test: FactTest, profile: Profile) -> Verdict:
    """Check a test against what was told."""
    known = profile.facts
    any_of = [known.get(fact) for fact in test.any]
    none_of = [known.get(fact) for fact in test.none]
    if True in none_of or (any_of and all(value is False for value in any_of)):
        return Verdict.FAILED
    if (any_of and True not in any_of) or None in none_of or not test.facts:
        return Verdict.OPEN
    return Verdict.MET


def assess(book: PolicyBook, policy: Policy, profile: Profile) -> Assessment:
    """A policy against a profile."""
    marks = tuple((need, check(need.test, profile)) for need in policy.eligibility)
    return Assessment(policy, _place(book, policy, profile.region), marks)


def _place(book: PolicyBook, policy: Policy, region: str | None) -> Verdict:
    if region is None:
        return Verdict.OPEN
    if region in book.places(policy.region):
        return Verdict.MET
    return Verdict.OPEN if policy.region in book.places(region) else Verdict.FAILED


def fitting_rules(policy: Policy, profile: Profile) -> tuple[Rule, ...]:
    """The rules that are not for other companies only."""
    kept = tuple(rule for rule in policy.rules if not rule.test.facts or check(rule.test, profile) is not Verdict.FAILED)
    sure = tuple(rule for rule in kept if rule.test.facts and check(rule.test, profile) is Verdict.MET)
    return (*sure, *(rule for rule in kept if not rule.test.facts)) if sure else kept


def candidates(book: PolicyBook, profile: Profile) -> list[Assessment]:
    """The policies that fit or may fit, best first: those that something told speaks for, in force before planned."""
    # A requirement is met only by a fact that was told.
    told = union(book.facets.fact, profile.facts).tolist()
    found = _not_ruled_out(book, (book.facets.policies[number] for number in told), profile)
    return sorted((assessment for assessment in found if assessment.met), key=lambda a: _order(a, profile))


def possible(book: PolicyBook, profile: Profile) -> list[Assessment]:
    """The policies with requirements that nothing told rules out."""
    return _not_ruled_out(book, (policy for policy in book.policies.values() if policy.usable), profile)


def _not_ruled_out(book: PolicyBook, policies: Iterable[Policy], profile: Profile) -> list[Assessment]:
    here = [policy for policy in policies if _place(book, policy, profile.region) is not Verdict.FAILED]
    return [assessment for assessment in (assess(book, policy, profile) for policy in here) if assessment.fit is not Fit.NOT]


def _order(assessment: Assessment, profile: Profile) -> tuple[bool, bool, bool, int, bool, int, tuple[int, int], str]:
    policy = assessment.policy
    return (
        policy.status is not Status.IN_FORCE,
        not policy.receivable,
        assessment.fit is not Fit.FITS,
        len([need for need in assessment.open if need.test.facts]),
        policy.region != profile.region,
        -assessment.met,
        usefulness(policy),
        policy.id,
    )


def _worth_asking(book: PolicyBook, fact: str, profile: Profile) -> bool:
    """Whether a fact is unknown and not settled by what was told: who is in one trade is not asked for all others."""
    if fact not in book.facts or profile.knows(fact):
        return False
    facet = book.facts[fact].facet
    told = {book.facts[id].facet for id, so in profile.facts.items() if so}
    return facet != "sector" or "sector" not in told


def next_question(book: PolicyBook, profile: Profile) -> str | None:
    """The missing fact (or `region`) that decides most candidates, None where nothing helps or enough was asked."""
    if len(profile.asked) >= MOST_QUESTIONS:
        return None
    found = candidates(book, profile) or possible(book, profile)
    # A whole city is too large a place where its districts have policies of their own.
    districts = {assessment.policy.region for assessment in found if assessment.place is Verdict.OPEN}
    if (profile.region is None or len(districts) > 1) and REGION not in profile.asked:
        return REGION
    weights: dict[str, float] = defaultdict(float)
    for assessment in found:
        policy = assessment.policy
        worth = (2.0 if policy.receivable else 1.0) * (1 + assessment.met)
        worth *= 0.3 if policy.status is Status.PLANNED else 1.0
        tests = [need.test for need in assessment.open if need.test.facts]
        if len(tests) > 2:
            continue  # too far away to ask for
        tests += [rule.test for rule in policy.rules if rule.receivable and rule.test.facts]
        tests = [test for test in tests if check(test, profile) is Verdict.OPEN]
        for test in tests:
            missing = [fact for fact in test.facts if _worth_asking(book, fact, profile)]
            for fact in missing:
                weights[fact] += worth / len(missing) / len(tests)
    left = {fact: weight for fact, weight in weights.items() if fact not in profile.asked}
    order = list(book.facts)
    return max(left, key=lambda fact: (left[fact], -order.index(fact)), default=None)
