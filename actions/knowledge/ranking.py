"""How strongly a query points at each policy: by name, by text, by topic, level, figure, and by what went before."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import numpy as np

from actions.knowledge.asking import residue
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.facets import NONE, Numbers, union
from actions.knowledge.lexicon import Mention, squeeze
from actions.knowledge.models import Policy
from actions.knowledge.query import Query
from actions.knowledge.search import Floats, policy_texts, strongest
from actions.knowledge.text import features, fold, words_of

# Evidence in the units of Index scores, and what is enough of it; set by hand, held by tests/conversations.
NAMED, NAMED_LETTER, TOPIC, TOPIC_ASIDE, AUDIENCE, LEVEL, SUM = 40.0, 2.0, 9.0, 7.2, 3.0, 4.0, 10.0
IN_HAND, RECENT, SAME_PLACE, IN_FORCE, RESULT, RECEIVABLE = 18.0, 8.0, 8.0, 1.5, -3.0, 2.5
ENOUGH_SCORE, ENOUGH_COVERAGE = 22.0, 0.30
# Out of the blue, with no place named and nothing spoken of before, a few common words are no question on a policy.
BLUE_SCORE, BLUE_TOPICAL, BLUE_AMPLE = 42.0, 34.0, 50.0
# So much from the question alone is enough whatever else it talks of; this much makes a policy worth offering.
AMPLE_SCORE, NEAR_SCORE = 32.0, 14.0
# No resolution looks further down: the lists of a book of thousands would be of no use to anybody.
MOST = 200


class Candidate(NamedTuple):
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
    """Ranks the policies of a book for one query: all at once, by their numbers (see Facets)."""

    def __init__(self, book: PolicyBook, query: Query, aspect: Aspect):
        self.book, self.query, self.aspect = book, query, aspect
        self.residue = residue(query)
        self.topics = query.ids("topic")
        self._facets = book.facets
        self._levels = set(query.ids("level"))
        self._names = self._named()
        self._blue = not (query.ids("region") or query.focus.region or query.focus.recent)
        self._ranked: dict[frozenset[str] | None, list[Candidate]] = {}

    def candidates(self, places: frozenset[str] | None = None) -> list[Candidate]:
        """The policies (of some places) that anything points at, best first; the best MOST of them, and what was spoken of."""
        if places not in self._ranked:  # several steps of a resolution ask for the same
            best = self._best(places)
            self._ranked[places] = self._candidates(best, self.book.index.coverage(self.residue, best))
        return list(self._ranked[places])

    def _best(self, places: frozenset[str] | None) -> Numbers:
        """The numbers of the candidates: by score, then by use, then by id."""
        scores = self._scores
        if places is not None:
            inside = self._facets.within(places)
            return inside[strongest(scores[inside], MOST)]
        best = strongest(scores, MOST)
        if len(best) < MOST:
            return best
        spoken_of = np.array(list(self._remembered), np.intp)
        best = np.union1d(best, spoken_of[scores[spoken_of] > 0])
        return best[np.argsort(-scores[best], kind="stable")]

    def _candidates(self, best: Numbers, coverage: Floats) -> list[Candidate]:
        policies, names, topical, figured = self._facets.policies, self._names, self._topical, self._figured
        remembered, blue = self._remembered, self._blue
        evidence = zip(best.tolist(), self._scores[best].tolist(), coverage.tolist(), strict=True)
        return [
            Candidate(
                policies[number],
                score,
                covered,
                names.get(number, 0.0) >= NAMED,
                number in names or number in topical,
                number in figured,
                remembered.get(number, 0.0),
                blue,
            )
            for number, score, covered in evidence
        ]

    def goes_on(self, policies: list[Policy]) -> float:
        """The share of the question that stands in the records of some policies (0 to 1)."""
        wanted = frozenset(features(self.residue))
        if not wanted:
            return 1.0
        known = frozenset().union(*(words_of(text) for policy in policies for _, text in policy_texts(policy)))
        idf = self.book.index.idf
        return sum(map(idf, sorted(wanted & known))) / sum(map(idf, sorted(wanted)))

    def figured(self, policy: Policy) -> bool:
        """Whether a sum of the question stands in a policy's record."""
        figures = {yuan for rule in policy.rules for yuan in rule.yuan}
        return any(item.value in figures for item in self.query.sums)

    def has_level(self, policy: Policy) -> bool:
        """Whether a policy has a rule for a level that the question names."""
        return any(self._levels & set(rule.levels) for rule in policy.rules)

    def _named(self) -> dict[int, float]:
        """The weight of being named, by policy; a word that also names a whole topic weighs little."""
        found: dict[int, float] = {}
        for mention in self.query.mentions:
            if mention.kind == "policy":
                weight = 2 * TOPIC if self._is_topic(mention) else NAMED + NAMED_LETTER * min(len(mention.text), 12)
                for number in self._numbers(mention.ids):
                    found[number] = max(found.get(number, 0.0), weight)
        return found

    def _is_topic(self, mention: Mention) -> bool:
        return bool({"topic", "audience"} & self.book.lexicon.kinds(squeeze(mention.text)[0]))

    @cached_property
    def _topical(self) -> frozenset[int]:
        """The policies on a topic of the question."""
        facets, topics = self._facets, set(self.topics)
        return frozenset((*union(facets.main_topic, topics).tolist(), *union(facets.other_topic, topics).tolist()))

    @cached_property
    def _figured(self) -> frozenset[int]:
        """The policies with a sum of the question, and those with a rule that computes from the asker's numbers."""
        found = union(self._facets.sum, {item.value for item in self.query.sums}).tolist()
        if self.aspect is Aspect.CALCULATE:
            said = [word for word in self._facets.base_word if word in self.query.text]
            found += union(self._facets.base_word, said).tolist()
        return frozenset(found)

    @cached_property
    def _remembered(self) -> dict[int, float]:
        """What it weighs to be spoken of before, by policy."""
        focus = self.query.focus
        return dict.fromkeys(self._numbers(focus.recent), RECENT) | dict.fromkeys(self._numbers(focus.policies), IN_HAND)

    def _numbers(self, ids: Iterable[str]) -> list[int]:
        """The numbers of policies; what the book does not have (an older book's) is passed over."""
        return [self._facets.number[id] for id in ids if id in self._facets.number]

    @cached_property
    def _scores(self) -> Floats:
        """The evidence for every policy."""
        facets, bonus = self._facets, self._bonus()
        useful = np.where(facets.in_force, IN_FORCE, 0.0) + np.where(facets.result, RESULT, 0.0)
        if self.aspect in (Aspect.AMOUNT, Aspect.CALCULATE, Aspect.MATCH):
            useful += np.where(facets.receivable, RECEIVABLE, 0.0)
        scores = self.book.index.score(self.residue)
        for number, weight in self._names.items():
            scores[number] += weight
        return scores + np.where(bonus != 0, bonus + useful, 0.0)

    def _bonus(self) -> Floats:
        """The evidence beside the words: topic, audience, department, level, place, figure, and what went before."""
        facets, query, focus = self._facets, self.query, self.query.focus
        bonus = np.zeros(len(facets.policies))
        for topic in set(self.topics):
            bonus[facets.main_topic.get(topic, NONE)] += TOPIC
            bonus[facets.other_topic.get(topic, NONE)] += TOPIC_ASIDE
        bonus[union(facets.audience, set(query.ids("audience")))] += AUDIENCE
        bonus[union(facets.department, set(query.ids("department")))] += TOPIC
        bonus[union(facets.level, self._levels)] += LEVEL
        bonus[self._named_after_a_part()] += SAME_PLACE
        bonus[list(self._figured)] += SUM
        for number, weight in self._remembered.items():
            bonus[number] += weight
        if focus.region and not query.ids("region"):
            bonus[facets.within(self.book.places(focus.region))] += SAME_PLACE
        return bonus

    def _named_after_a_part(self) -> Numbers:
        """The policies named after a part of a region that the question calls by its own name: 蓝谷 in 即墨."""
        parts = {fold(m.text) for m in self.query.mentions if m.kind == "region" and m.text not in self.book.region_names}
        found = [self._facets.named(part) for part in parts]
        return np.unique(np.concatenate(found)) if found else NONE
