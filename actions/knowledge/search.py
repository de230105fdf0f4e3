"""Full-text search over the policies: which record explains most of a question."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from actions.knowledge.benefits import Quantity, Rate, Service, Unstated
from actions.knowledge.homophones import syllables
from actions.knowledge.models import Policy
from actions.knowledge.text import features, fold

if TYPE_CHECKING:
    from actions.knowledge.book import PolicyBook

# How much a word says about a policy, by the field in which it stands.
WEIGHTS = {"name": 3.0, "alias": 3.0, "keyword": 2.5, "rule": 2.0, "summary": 1.5, "note": 1.2}

UNKNOWN = 0.6
# The usual values of BM25; rankings hardly change between 1.2 and 4, 0.4 and 0.75.
SATURATION, LENGTH = 1.5, 0.75
# What a single character or a pair of syllables says, next to a pair of characters.
SINGLE, SOUND = 0.5, 0.5
# What stands in more than this share of many records tells nothing.
COMMON, MANY = 0.5, 10
# Towards the other evidence that Ranking adds.
SCALE = 3.0
_SINGLE = "'"
_RUN = re.compile("[\u3400-\u9fff]+")


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
    """An inverted index over the policies: BM25F (Robertson, Zaragoza, Taylor 2004) on fine features.

    Every occurrence counts by its field, ever less the more there are, and less in a long record. All that does not
    depend on the question is worked out here.
    """

    def __init__(self, book: PolicyBook):
        counts = {policy.id: _counts(policy) for policy in book.policies.values()}
        lengths = {id: sum(count.values()) for id, count in counts.items()}
        usual = sum(lengths.values()) / max(len(lengths), 1)
        self._total = max(len(counts), 1)
        self._known = Counter(feature for count in counts.values() for feature in count)
        self._shares: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for id, count in counts.items():
            slack = SATURATION * (1 - LENGTH + LENGTH * lengths[id] / usual)
            for feature, times in count.items():
                self._shares[feature].append((id, self._telling(feature) * times / (times + slack)))

    def _telling(self, feature: str) -> float:
        """The weight of a feature; none for what stands in most records, which takes the most time, too."""
        known = self._known[feature]
        if known > COMMON * self._total > MANY:
            return 0.0
        kind = SINGLE if feature[0] == _SINGLE else SOUND if " " in feature else 1.0
        return SCALE * kind * math.log(1 + (self._total - known + 0.5) / (known + 0.5))

    def idf(self, feature: str) -> float:
        """How telling a pair of characters or a word is: rare ones most, unknown ones as the rarest."""
        return math.log(1 + self._total / (0.5 + self._known[feature]))

    def search(self, text: str, ignored: frozenset[str] = frozenset()) -> list[Hit]:
        """The policies that share features with a folded text, best first."""
        pairs = {feature for feature in features(text) if feature not in ignored}
        # A word that no record has says little: most of everyday talk is such.
        whole = sum(self.idf(pair) * (1.0 if pair in self._shares else UNKNOWN) for pair in pairs)
        if not whole:
            return []
        scores: dict[str, float] = defaultdict(float)
        covered: dict[str, float] = defaultdict(float)
        for feature in set(finer(text)) - ignored:
            for policy, share in self._shares.get(feature, ()):
                scores[policy] += share
            if feature in pairs:
                idf = self.idf(feature)
                for policy, _ in self._shares.get(feature, ()):
                    covered[policy] += idf
        hits = [Hit(policy, score, covered[policy] / whole) for policy, score in scores.items()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.policy))


def finer(text: str) -> Iterator[str]:
    """What a folded text is ranked by: its features, its single characters, and pairs of syllables for what is mistyped."""
    yield from features(text)
    for run in _RUN.findall(text):
        yield from (f"{_SINGLE}{char}" for char in run)
        # Each character read for itself: the same on both sides, whatever stands beside it.
        reading = [syllables(char)[0] for char in run]
        yield from (f"{one} {other}" for one, other in pairwise(reading))


def _counts(policy: Policy) -> dict[str, float]:
    counts: dict[str, float] = defaultdict(float)
    for field, text in policy_texts(policy):
        for feature in finer(fold(text)):
            counts[feature] += WEIGHTS[field]
    return counts


def overlap(text: str, words: Iterable[str]) -> int:
    """How many characters of a folded text the words account for, the longest first; 0 when none occurs."""
    total = 0
    for word in sorted({fold(word) for word in words}, key=len, reverse=True):
        if word and word in text:
            total += len(word)
            text = text.replace(word, " ")
    return total
