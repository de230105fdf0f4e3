"""The index that the book had before: pairs of characters alone, and the best field of each."""

from __future__ import annotations

import copy
import math
from collections import Counter, defaultdict

from actions.knowledge.book import PolicyBook
from actions.knowledge.search import UNKNOWN, WEIGHTS, Hit, Index, policy_texts
from actions.knowledge.text import features, fold


class PairsIndex(Index):
    """An inverted index from pairs of characters, Latin words and numbers to weighted policies."""

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
        return math.log(1 + self._total / (0.5 + len(self._weights.get(feature, ()))))

    def search(self, text: str, ignored: frozenset[str] = frozenset()) -> list[Hit]:
        """The policies that share features with a folded text, best first."""
        wanted = set(features(text)) - ignored
        whole = sum(self.idf(feature) * (1.0 if feature in self._weights else UNKNOWN) for feature in wanted)
        scores: dict[str, float] = defaultdict(float)
        covered: dict[str, float] = defaultdict(float)
        for feature in wanted:
            idf = self.idf(feature)
            for policy, weight in self._weights.get(feature, {}).items():
                scores[policy] += idf * weight
                covered[policy] += idf
        hits = [Hit(policy, score, covered[policy] / whole) for policy, score in scores.items()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.policy))


def with_pairs(book: PolicyBook) -> PolicyBook:
    """The same book, searched by this index."""
    other = copy.copy(book)
    other.__dict__["index"] = PairsIndex(book)  # takes the place of the cached one
    return other
