"""The index that the book had before: pairs of characters alone, and the best field of each."""

from __future__ import annotations

import copy
import math
from collections import Counter, defaultdict

import numpy as np

from actions.knowledge.book import PolicyBook
from actions.knowledge.facets import Numbers
from actions.knowledge.search import UNKNOWN, WEIGHTS, Floats, Index, policy_texts
from actions.knowledge.text import features, fold


class PairsIndex(Index):
    """An inverted index from pairs of characters, Latin words and numbers to weighted policies."""

    def __init__(self, book: PolicyBook):
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)
        for number, policy in enumerate(book.facets.policies):
            counts: Counter[str] = Counter()
            best: dict[str, float] = {}
            for field, text in policy_texts(policy):
                for feature in set(features(fold(text))):
                    counts[feature] += 1
                    best[feature] = max(best.get(feature, 0.0), WEIGHTS[field])
            for feature, count in counts.items():
                self._weights[feature][number] = best[feature] * (1 + 0.15 * min(count - 1, 4))
        self._ids = tuple(policy.id for policy in book.facets.policies)
        self._total = max(len(self._ids), 1)

    def idf(self, feature: str) -> float:
        """How telling a feature is: rare ones most, unknown ones as the rarest."""
        return math.log(1 + self._total / (0.5 + len(self._weights.get(feature, ()))))

    def score(self, text: str, ignored: frozenset[str] = frozenset()) -> Floats:
        """How well every policy matches a folded text."""
        scores = np.zeros(self._total)
        for feature in set(features(text)) - ignored:
            for number, weight in self._weights.get(feature, {}).items():
                scores[number] += self.idf(feature) * weight
        return scores

    def coverage(self, text: str, numbers: Numbers, ignored: frozenset[str] = frozenset()) -> Floats:
        """Which share of a folded text each of some policies explains (0 to 1)."""
        wanted = set(features(text)) - ignored
        whole = sum(self.idf(feature) * (1.0 if feature in self._weights else UNKNOWN) for feature in wanted)
        covered = np.zeros(self._total)
        for feature in wanted:
            covered[list(self._weights.get(feature, ()))] += self.idf(feature)
        return covered[numbers] / (whole or 1.0)


def with_pairs(book: PolicyBook) -> PolicyBook:
    """The same book, searched by this index."""
    other = copy.copy(book)
    other.__dict__["index"] = PairsIndex(book)  # takes the place of the cached one
    return other
