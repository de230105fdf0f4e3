"""Full-text search over the policies: which record explains most of a question."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from actions.knowledge.benefits import Quantity, Rate, Service, Unstated
from actions.knowledge.models import Policy
from actions.knowledge.text import features, fold

if TYPE_CHECKING:
    from actions.knowledge.book import PolicyBook

# How much a word says about a policy, by the field in which it stands.
WEIGHTS = {"name": 3.0, "alias": 3.0, "keyword": 2.5, "rule": 2.0, "summary": 1.5, "note": 1.2}

UNKNOWN = 0.6


@dataclass(frozen=True)
class Hit:
    """A policy found by text: `score` in idf units, `coverage` the share of the question it explains (0 to 1)."""

    policy: str
    score: float
    coverage: float


def policy_texts(policy: Policy) -> Iterator[tuple[str, str]]:
    """(field, text) of everything in a record that a question may be about."""
    yield "name", policy.name
    for alias in policy.aliases:
        yield "alias", alias
    for keyword in policy.keywords:
        yield "keyword", keyword
    yield "summary", policy.summary
    for text in (*policy.audience, *policy.conditions):
        yield "summary", text
    for rule in policy.rules:
        yield "rule", rule.condition
        yield "rule", rule.benefit.name
        if isinstance(rule.benefit, (Service, Unstated)) and rule.benefit.text:
            yield "rule", rule.benefit.text
        if isinstance(rule.benefit, Rate):
            yield "rule", rule.benefit.base
            for word in rule.benefit.base_words:
                yield "keyword", word
        if isinstance(rule.benefit, Quantity):
            yield "rule", rule.benefit.unit
    for remark in (*policy.notes, *policy.gaps):
        yield "note", remark.text
        for word in remark.about:
            yield "note", word


class Index:
    """An inverted index from features (see `features`) to weighted policies."""

    def __init__(self, book: PolicyBook):
        self._weights: dict[str, dict[str, float]] = defaultdict(dict)
        for policy in book.policies.values():
            counts: Counter[str] = Counter()
            best: dict[str, float] = {}
            for field, text in policy_texts(policy):
                for feature in set(features(fold(text))):
                    counts[feature] += 1
                    best[feature] = max(best.get(feature, 0.0), WEIGHTS[field])
            for feature, count in counts.items():
                self._weights[feature][policy.id] = best[feature] * (1 + 0.15 * min(count - 1, 4))
        self._total = max(len(book.policies), 1)

    def idf(self, feature: str) -> float:
        """How telling a feature is: rare ones most, unknown ones as the rarest."""
        known = len(self._weights.get(feature, ()))
        return math.log(1 + self._total / (0.5 + known))

    def search(self, text: str, ignored: frozenset[str] = frozenset()) -> list[Hit]:
        """The policies that share features with a folded text, best first."""
        wanted = {feature for feature in features(text) if feature not in ignored}
        # A word that no record has says little: most of everyday talk is such.
        whole = sum(self.idf(feature) * (1.0 if feature in self._weights else UNKNOWN) for feature in wanted)
        if not whole:
            return []
        scores: dict[str, float] = defaultdict(float)
        covered: dict[str, float] = defaultdict(float)
        for feature in wanted:
            idf = self.idf(feature)
            for policy, weight in self._weights.get(feature, {}).items():
                scores[policy] += idf * weight
                covered[policy] += idf
        hits = [Hit(policy, score, covered[policy] / whole) for policy, score in scores.items()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.policy))


def overlap(text: str, words: Iterable[str]) -> int:
    """How many characters of a folded text the words account for, the longest first; 0 when none occurs."""
    total = 0
    for word in sorted({fold(word) for word in words}, key=len, reverse=True):
        if word and word in text:
            total += len(word)
            text = text.replace(word, " ")
    return total
