"""How strongly a query points at each policy: by name, by text, by topic, level, figure, and by what went before."""

from __future__ import annotations

from dataclasses import dataclass

from actions.knowledge.asking import residue
from actions.knowledge.aspect import Aspect
from actions.knowledge.benefits import Discount, Matching, Rate
from actions.knowledge.book import PolicyBook, usefulness
from actions.knowledge.lexicon import Mention, squeeze
from actions.knowledge.models import Policy, Status
from actions.knowledge.query import Query
from actions.knowledge.search import policy_texts
from actions.knowledge.text import features, fold

# Evidence in the units of Index scores, and what is enough of it; set by hand, held by tests/conversations.
NAMED, NAMED_LETTER, TOPIC, TOPIC_ASIDE, AUDIENCE, LEVEL, SUM = 40.0, 2.0, 9.0, 7.2, 3.0, 4.0, 10.0
IN_HAND, RECENT, SAME_PLACE, IN_FORCE, RESULT, RECEIVABLE = 18.0, 8.0, 8.0, 1.5, -3.0, 2.5
ENOUGH_SCORE, ENOUGH_COVERAGE = 22.0, 0.30
# Out of the blue, with no place named and nothing spoken of before, a few common words are no question on a policy.
BLUE_SCORE, BLUE_TOPICAL, BLUE_AMPLE = 42.0, 34.0, 50.0
# So much from the question alone is enough whatever else it talks of; this much makes a policy worth offering.
AMPLE_SCORE, NEAR_SCORE = 32.0, 14.0


@dataclass(frozen=True)
class Candidate:
    """A policy with the evidence for it: `coverage` is the share of the question that its record explains (0 to 1)."""

    policy: Policy
    score: float
    coverage: float
    named: bool
    topical: bool
    figured: bool  # a sum in the question stands in its record, or its rule computes from the asker's numbers

    remembered: float = 0.0  # what of the score comes from the conversation, not from the question
    blue: bool = False  # the question names no place, and nothing was spoken of before

    @property
    def enough(self) -> bool:
        """Whether the evidence suffices to answer with this policy."""
        backed = self.coverage >= ENOUGH_COVERAGE or self.topical or self.figured
        least = (BLUE_TOPICAL if self.topical or self.figured else BLUE_SCORE) if self.blue else ENOUGH_SCORE
        ample = self.score - self.remembered >= (AMPLE_SCORE if not self.blue else BLUE_AMPLE)
        return self.named or (self.score >= least and backed) or ample

    @property
    def near(self) -> bool:
        """Whether the question alone makes this worth offering, though not worth an answer."""
        return self.coverage > 0 and self.score - self.remembered >= NEAR_SCORE


class Ranking:
    """Ranks the policies of a book for one query."""

    def __init__(self, book: PolicyBook, query: Query, aspect: Aspect):
        self.book, self.query, self.aspect = book, query, aspect
        self.residue = residue(query)
        self.topics = query.ids("topic")
        self._levels, self._audiences = set(query.ids("level")), set(query.ids("audience"))
        names = {region.name for region in book.regions.values()}
        self._parts = [m for m in query.mentions if m.kind == "region" and not any(m.text in name for name in names)]
        self._departments = set(query.ids("department"))
        self._hits = {hit.policy: hit for hit in book.index.search(self.residue)}
        self._names = self._named()
        self._blue = not (query.ids("region") or query.focus.region or query.focus.recent)
        self._ranked: dict[frozenset[str] | None, list[Candidate]] = {}

    def candidates(self, places: frozenset[str] | None = None) -> list[Candidate]:
        """The policies (of some places) that anything points at, best first."""
        if places not in self._ranked:  # several steps of a resolution ask for the same
            self._ranked[places] = self._rank(places)
        return list(self._ranked[places])

    def _rank(self, places: frozenset[str] | None) -> list[Candidate]:
        found = []
        for policy in self.book.policies.values():
            if places is not None and policy.region not in places:
                continue
            hit, name = self._hits.get(policy.id), self._names.get(policy.id, 0.0)
            score = (hit.score if hit else 0.0) + name + self._bonus(policy)
            if score > 0:
                topical = policy.id in self._names or bool(set(self.topics) & set(policy.topics))
                named = name >= NAMED
                figured = self.figured(policy) or self._computes(policy)
                coverage = hit.coverage if hit else 0.0
                found.append(Candidate(policy, score, coverage, named, topical, figured, self._remembered(policy), self._blue))
        return sorted(found, key=lambda c: (-c.score, usefulness(c.policy), c.policy.id))

    def goes_on(self, policies: list[Policy]) -> float:
        """The share of the question that stands in the records of some policies (0 to 1)."""
        wanted = set(features(self.residue))
        if not wanted:
            return 1.0
        known = {feature for policy in policies for _, text in policy_texts(policy) for feature in features(fold(text))}
        whole = sum(self.book.index.idf(feature) for feature in wanted)
        return sum(self.book.index.idf(feature) for feature in wanted & known) / whole

    def figured(self, policy: Policy) -> bool:
        """Whether a sum of the question stands in a policy's record."""
        figures = {yuan for rule in policy.rules for yuan in rule.yuan}
        return any(item.value in figures for item in self.query.sums)

    def has_level(self, policy: Policy) -> bool:
        """Whether a policy has a rule for a level that the question names."""
        return any(self._levels & set(rule.levels) for rule in policy.rules)

    def _computes(self, policy: Policy) -> bool:
        """Whether the asker's numbers are what a rule of the policy computes from (年薪, 研发投入)."""
        if self.aspect is not Aspect.CALCULATE:
            return False
        bases = [rule.benefit.base_words for rule in policy.rules if isinstance(rule.benefit, (Rate, Matching, Discount))]
        return any(word in self.query.text for words in bases for word in words)

    def _named(self) -> dict[str, float]:
        """The weight of being named, by policy; a word that also names a whole topic weighs little."""
        found: dict[str, float] = {}
        for mention in self.query.mentions:
            if mention.kind == "policy":
                weight = 2 * TOPIC if self._is_topic(mention) else NAMED + NAMED_LETTER * min(len(mention.text), 12)
                for id in mention.ids:
                    found[id] = max(found.get(id, 0.0), weight)
        return found

    def _is_topic(self, mention: Mention) -> bool:
        return bool({"topic", "audience"} & self.book.lexicon.kinds(squeeze(mention.text)[0]))

    def _bonus(self, policy: Policy) -> float:
        focus, bonus = self.query.focus, 0.0
        for topic in set(self.topics) & set(policy.topics):
            bonus += TOPIC if topic == policy.topics[0] else TOPIC_ASIDE
        if self._audiences & {*policy.audiences, *(audience for rule in policy.rules for audience in rule.audiences)}:
            bonus += AUDIENCE
        if policy.contact.department in self._departments:
            bonus += TOPIC
        if self.has_level(policy):
            bonus += LEVEL
        # A part of a region by its own name (蓝谷 in 即墨) points at what is named after it.
        if any(fold(mention.text) in fold(policy.name) for mention in self._parts):
            bonus += SAME_PLACE
        if self.figured(policy) or self._computes(policy):
            bonus += SUM
        bonus += self._remembered(policy)
        if not self.query.ids("region") and focus.region and policy.region in self.book.places(focus.region):
            bonus += SAME_PLACE
        return bonus + self._usefulness(policy) if bonus else 0.0

    def _remembered(self, policy: Policy) -> float:
        if policy.id in self.query.focus.policies:
            return IN_HAND
        return RECENT if policy.id in self.query.focus.recent else 0.0

    def _usefulness(self, policy: Policy) -> float:
        bonus = IN_FORCE if policy.status is Status.IN_FORCE else 0.0
        if policy.kind == "achievement":
            bonus += RESULT
        asks_money = self.aspect in (Aspect.AMOUNT, Aspect.CALCULATE, Aspect.MATCH)
        return bonus + (RECEIVABLE if asks_money and policy.receivable else 0.0)
