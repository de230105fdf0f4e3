"""From a query to the policies it is about. Deterministic: the same query and focus give the same finding."""

from __future__ import annotations

from collections.abc import Sequence

from actions.knowledge import references
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.continuing import GOES_ON, continued
from actions.knowledge.models import Policy
from actions.knowledge.pointing import pointed
from actions.knowledge.query import Finding, Outcome, Query
from actions.knowledge.ranking import ENOUGH_COVERAGE, LEVEL, RECENT, TOPIC, Candidate
from actions.knowledge.subject import SIDE_BY_SIDE, Subject
from actions.knowledge.together import together


def resolve(book: PolicyBook, query: Query) -> Finding:
    """Find what the query is about."""
    return _Resolution(book, query).finding()


class _Resolution(Subject):
    """The steps in order: what is in hand, several at once, a name out of place, a list, the best, nothing."""

    def finding(self) -> Finding:
        """What the book has on the query."""
        said = pointed(self)
        if said is not None:
            return said
        on = continued(self)
        if on is not None:
            return on
        several = together(self)
        if len(several) > 1:
            return self.found(several, evidence=0.95)
        candidates = self._levelled_first(self.ranking.candidates(self.inside))
        if self.regions and self.groups and not any(candidate.named for candidate in candidates):
            return self._named_elsewhere(candidates)
        if self.aspect in (Aspect.LIST, Aspect.MATCH) or self._only_place():
            listed = self._listed(candidates)
            if listed is not None:
                return listed
        if candidates and candidates[0].enough:
            return self._single(self._receivable_first(self._all_topics_first(candidates)))
        return self._place(candidates) if self.regions else self._nothing(candidates)

    # -- a name out of place --

    def _named_elsewhere(self, candidates: list[Candidate]) -> Finding:
        """A policy is named together with a place to which it does not belong."""
        named = [policy for group in self.groups for policy in group]
        larger = [policy for policy in named if self.holds_inside(policy)]
        local = candidates[0] if candidates and candidates[0].enough and candidates[0].coverage >= ENOUGH_COVERAGE else None
        if local and any(set(local.policy.topics) & set(policy.topics) for policy in named):
            return self.found([local.policy], related=tuple(named[:1]), evidence=0.9)
        if larger:
            return self.found(larger[:1])
        topics = {policy.topics[0] for policy in named}
        here = [c.policy for c in candidates if topics & set(c.policy.topics)]
        if here and self.aspect not in (Aspect.AUDIENCE, Aspect.CONDITIONS):
            return self.found(here[:1], related=tuple(named[:2]), evidence=0.9)
        return self.found(named[:1], outside=self.regions[0])

    # -- a choice --

    def _only_place(self) -> bool:
        return bool(self.regions) and self.fragment and not self.topics and not self.in_hand

    def _listed(self, candidates: list[Candidate]) -> Finding | None:
        """A choice of policies, or None where one stands out or nothing fits."""
        region = self.regions[0] if len(self.regions) == 1 else None
        if region and not self.book.of_region(region):
            return self._uncovered(region)
        named = bool(candidates) and candidates[0].named
        if named and (len(candidates) == 1 or not candidates[1].named or self.aspect is Aspect.LIST):
            return None
        general = self.fragment or (bool(self.topics) and set(self.topics) <= {"overview"})
        if general and region and not named:
            here = self.book.of_region(region)
            carried = self.aspect is Aspect.MATCH or self.query.aspect is None  # the subject of before holds on
            fit = [p for p in here if set(p.topics) & set(self.focus.topics)] if carried else []
            return self.choice(fit or here, region)
        fitting = [c for c in candidates if c.enough or (c.topical and c.score >= TOPIC)]
        if not fitting:
            return None
        top, matching = fitting[0].score, self.aspect is Aspect.MATCH
        fitting = [c for c in fitting if c.score >= (0.5 if matching else 0.6) * top or (c.topical and not matching)]
        stands_out = fitting[0].coverage >= 2 * GOES_ON and len(fitting) > 1 and fitting[1].score < 0.7 * top
        if len(fitting) == 1 or stands_out or (matching and fitting[1].score < 0.8 * top):
            return self._single(candidates)
        return self.choice([c.policy for c in fitting], region)

    # -- one --

    def _single(self, candidates: list[Candidate]) -> Finding:
        best = candidates[0]
        related = [c.policy for c in candidates[1:4] if c.enough and c.score >= 0.55 * best.score]
        told = (0.2 if best.topical else 0.0) + (0.3 if best.figured and self.regions else 0.0)
        evidence = 1.0 if best.named else min(0.9, 0.4 + best.coverage / 2 + told)
        return self.found([best.policy], related=tuple(related), evidence=evidence)

    def _levelled_first(self, candidates: list[Candidate]) -> list[Candidate]:
        """Who names a level is told of the record that has it, where it is on the same topic."""
        if not self.query.ids("level") or not candidates or candidates[0].named or self.ranking.has_level(candidates[0].policy):
            return candidates
        better = [c for c in candidates if c.topical and c.enough and self.ranking.has_level(c.policy)]
        return _put_first(better, candidates)

    def _all_topics_first(self, candidates: list[Candidate]) -> list[Candidate]:
        """Who names two topics (律所, 房租) is told of the record on both, not of the best one on either."""
        topics = set(self.topics)
        if len(topics) < 2 or candidates[0].named or topics <= set(candidates[0].policy.topics):
            return candidates
        better = [c for c in candidates if c.enough and topics <= set(c.policy.topics)]
        return _put_first(better, candidates)

    def _receivable_first(self, candidates: list[Candidate]) -> list[Candidate]:
        """Who asks for money is not told a result where something to receive explains the question as well."""
        best = candidates[0]
        if best.policy.kind != "achievement" or self.aspect not in (Aspect.AMOUNT, Aspect.CALCULATE):
            return candidates
        better = [c for c in candidates if c.enough and c.coverage >= best.coverage and c.policy.kind != "achievement"]
        better = [c for c in better if c.policy.receivable]
        return _put_first(better, candidates)

    # -- nothing stands out --

    def _place(self, candidates: list[Candidate]) -> Finding:
        """A place is named but nothing in it stands out: the subject of before, the topic there, or the plain no."""
        region = self.regions[0]
        switched = self._switched(region)
        if switched:
            return self.found([switched], evidence=0.8)
        here = [c.policy for c in candidates if c.figured] or [c.policy for c in candidates if c.topical]
        here = here or [c.policy for c in candidates if self.ranking.has_level(c.policy) and not self.topics]
        if here:
            told = any(map(self.ranking.figured, here))
            return self.found(here, evidence=0.85 if told else 0.6) if len(here) == 1 else self.choice(here, region)
        for policy in (self.book.policies[id] for id in self.focus.recent):
            back = self.fragment or references.goes_back(self.query.text) or self.ranking.goes_on([policy]) >= 2 * GOES_ON
            if self.inside and policy.region in self.inside and back:
                return self.found([policy], evidence=0.6)
        return self._uncovered(region, candidates)

    def _switched(self, region: str) -> Policy | None:
        """The policy of a place that is most like the one in hand: 换成崂山呢."""
        if not self.fragment or not self.focus.topics:
            return None
        before = [self.book.policies[id] for id in self.focus.recent[:1]]
        likeness = {hit.policy: hit.score for policy in before for hit in self.book.index.search(policy.name)}
        shared = [policy for policy in self.book.of_region(region) if self.focus.topics[0] in policy.topics]
        return max(shared, key=lambda policy: likeness.get(policy.id, 0.0), default=None)

    def _uncovered(self, region: str, candidates: Sequence[Candidate] = ()) -> Finding:
        near = tuple(c.policy for c in candidates if c.near)[:SIDE_BY_SIDE]
        if near:
            focus = self.choice(list(near), region).focus
            return Finding(Outcome.UNCOVERED, self.aspect, (), near, region, (), evidence=0.5, focus=focus)
        topics = self.topics or (self.focus.topics[:1] if self.fragment else ())
        elsewhere = [policy for topic in topics for policy in self.book.of_topic(topic)]
        focus = self.focus.moved(region, topics)
        related = tuple(dict.fromkeys(elsewhere))[:3]
        return Finding(Outcome.UNCOVERED, self.aspect, (), related, region, topics, evidence=0.5, focus=focus)

    def _nothing(self, candidates: list[Candidate]) -> Finding:
        """No place, nothing stands out: something said before, a choice on the topic, a question back, or the plain no."""
        places = {policy.region for policy in self.in_hand}
        beside = [c for c in candidates if c.figured and c.policy.region in places and c.policy.id not in self.focus.policies]
        if beside and not any(map(self.ranking.figured, self.in_hand)):
            return self.found([c.policy for c in beside if c.score >= beside[0].score][:SIDE_BY_SIDE], evidence=0.6)
        remembered = [c for c in candidates if c.policy.id in self.focus.recent and (c.topical or c.figured)]
        remembered += [c for c in candidates if c.policy.id in self.focus.recent and c.score > RECENT + LEVEL]
        if remembered:
            return self.found([remembered[0].policy], evidence=0.6)
        if self.topics:
            figured = [c.policy for c in candidates if c.topical and c.figured]
            topical = figured or [policy for topic in self.topics for policy in self.book.of_topic(topic)]
            if topical:
                return self.choice(list(dict.fromkeys(topical)), None)
        coverage = candidates[0].coverage if candidates else 0.0
        related = tuple(c.policy for c in candidates[:SIDE_BY_SIDE] if c.near)
        vague = not related and coverage == 1.0  # 那个钱下来没: words of every other record
        if self.fragment or not coverage or vague:
            choice = tuple(self.book.policies[id] for id in self.focus.recent[:4]) if not self.in_hand else ()
            if len(choice) == 1:
                return self.found(list(choice), evidence=0.5)
            return Finding(Outcome.UNCLEAR, self.aspect, related=choice, focus=self.focus, evidence=0.2)
        return Finding(Outcome.NOTHING, self.aspect, related=related, focus=self.focus, evidence=coverage / 2)


def _put_first(better: list[Candidate], candidates: list[Candidate]) -> list[Candidate]:
    """The candidates with the first of the better ones, if there is any, before all others."""
    return [better[0], *(c for c in candidates if c is not better[0])] if better else candidates
