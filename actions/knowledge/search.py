"""Full-text search over the policies: which record explains most of a question."""

from __future__ import annotations

import math
import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from actions.knowledge.benefits import Quantity, Rate, Service, Unstated
from actions.knowledge.facets import Numbers
from actions.knowledge.models import Policy
from actions.knowledge.pinyin import syllables
from actions.knowledge.text import features, fold

Floats = NDArray[np.floating[Any]]

# How much a word says about a policy, by the field in which it stands.
WEIGHTS = {"name": 3.0, "alias": 3.0, "keyword": 2.5, "rule": 2.0, "summary": 1.5, "note": 1.2}

UNKNOWN = 0.6
# The usual values of BM25; rankings hardly change between 1.2 and 4, 0.4 and 0.75.
SATURATION, LENGTH = 1.5, 0.75
# What a single character or a pair of syllables says, next to a pair of characters.
SINGLE, SOUND = 0.5, 0.5
# What stands in more than this share of many records tells nothing.
COMMON, MANY = 0.5, 10
# What stands in more than one of so many records is kept as a row.
ROW = 8
# Of how many scores together the highest is looked for, where there are many.
PART, SMALLEST = 32, float(np.finfo(float).tiny)
# Sums in single precision may come out a little higher.
ROUNDING = 1.001
# Towards the other evidence that Ranking adds.
SCALE = 3.0
_SINGLE = "'"
_RUN = re.compile("[\u3400-\u9fff]+")


class Hit(NamedTuple):
    """A policy found by text, by its id: `score` in idf units."""

    policy: str
    score: float


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
    depend on the question is worked out here. A policy goes by its number, its place in `policies`.
    """

    def __init__(self, policies: Sequence[Policy]):
        self._ids = tuple(policy.id for policy in policies)
        self._total = max(len(policies), 1)
        having, slack = _occurrences(policies)
        self._idf = {feature: self._rarity(len(numbers)) for feature, (numbers, _) in having.items()}
        # The postings of all features one after the other, and where those of a feature stand that explains or ranks.
        self._explaining: dict[str, tuple[int, int]] = {}
        self._ranking: dict[str, tuple[int, int]] = {}
        numbers, shares, at = [], [], 0
        # What many policies have is added up faster as a row with a share for every policy.
        self._rows: dict[str, int] = {}
        rows: list[Floats] = []
        for feature, (own, times) in having.items():
            telling, plain = self._telling(feature, len(own)), _is_plain(feature)
            own_shares = (telling * times / (times + slack[own])).astype(np.float32)
            if telling and len(own) * ROW > self._total > MANY:
                self._rows[feature] = len(rows)
                rows.append(np.zeros(self._total, np.float32))
                rows[-1][own] = own_shares
            elif telling:
                self._ranking[feature] = at, at + len(own)
            if plain:
                self._explaining[feature] = at, at + len(own)
            if plain or feature in self._ranking:
                numbers.append(own)
                shares.append(own_shares)
                at += len(own)
        self._numbers, self._shares = _joined(numbers, np.intc), _joined(shares, np.float32)
        self._dense = np.array(rows, np.float32).reshape(len(rows), self._total)
        self._highest = self._dense.max(axis=1)

    def _telling(self, feature: str, known: int) -> float:
        """The weight of a feature; none for what stands in most records, which takes the most time, too."""
        if known > COMMON * self._total > MANY:
            return 0.0
        kind = SINGLE if feature[0] == _SINGLE else SOUND if " " in feature else 1.0
        return SCALE * kind * math.log(1 + (self._total - known + 0.5) / (known + 0.5))

    def _rarity(self, known: int) -> float:
        return math.log(1 + self._total / (0.5 + known))

    def idf(self, feature: str) -> float:
        """How telling a pair of characters or a word is: rare ones most, unknown ones as the rarest."""
        found = self._idf.get(feature)
        return self._rarity(0) if found is None else found

    def score(self, text: str, ignored: frozenset[str] = frozenset()) -> Floats:
        """How well every policy matches a folded text, in idf units."""
        scores, rows = self._by_postings(text, ignored)
        return scores + self._by_rows(rows, slice(None)) if rows else scores

    def _by_postings(self, text: str, ignored: frozenset[str]) -> tuple[Floats, list[int]]:
        """Every policy's score by the features that few have, and the rows of those that many have."""
        plain, fine = _asked(text)
        asked = [feature for feature in fine if feature not in ignored] if plain - ignored else []
        spans = [self._ranking[feature] for feature in asked if feature in self._ranking]
        scores = np.zeros(self._total)
        if spans:
            numbers = np.concatenate([self._numbers[start:end] for start, end in spans])
            shares = np.concatenate([self._shares[start:end] for start, end in spans])
            scores = np.bincount(numbers, shares, self._total).astype(float, copy=False)
        return scores, [self._rows[feature] for feature in asked if feature in self._rows]

    def _by_rows(self, rows: Sequence[int], numbers: Numbers | slice) -> Floats:
        """What some rows add to the scores of some policies; in single precision, as they are stored: twice as fast."""
        found: Floats = self._dense[rows[0]][numbers].copy()
        for row in rows[1:]:
            found += self._dense[row][numbers]
        return found

    def coverage(self, text: str, numbers: Numbers, ignored: frozenset[str] = frozenset()) -> Floats:
        """Which share of a folded text each of some policies explains (0 to 1)."""
        asked = sorted(_asked(text)[0] - ignored)
        # A word that no record has says little: most of everyday talk is such.
        whole = sum(self._idf[feature] if feature in self._idf else UNKNOWN * self._rarity(0) for feature in asked)
        sought = numbers.astype(np.intc)  # else all that is looked through would be turned into what is sought
        explained: Floats = np.zeros(len(numbers))
        for feature in asked:
            if feature in self._explaining:
                start, end = self._explaining[feature]
                own = self._numbers[start:end]
                explained += self._idf[feature] * (own.take(own.searchsorted(sought), mode="clip") == sought)
        return explained / whole if whole else explained

    def search(self, text: str, ignored: frozenset[str] = frozenset(), most: int | None = None) -> list[Hit]:
        """The policies that match a folded text, best first; the best `most` of them."""
        most = most or self._total
        scores, rows = self._by_postings(text, ignored)
        numbers: Numbers | None = None
        if rows:
            # Only what is near the best without the features that many have can be among the best with them.
            least = _reached(scores, most) - ROUNDING * float(self._highest[rows].sum())
            numbers = np.flatnonzero(scores >= least) if least > 0 else None
            near = slice(None) if numbers is None else numbers
            scores = scores[near] + self._by_rows(rows, near)
        best = strongest(scores, most)
        found = best if numbers is None else numbers[best]
        hits = map(Hit, map(self._ids.__getitem__, found.tolist()), scores[best].tolist())
        return sorted(hits, key=lambda hit: (-hit.score, hit.policy))


def strongest(scores: Floats, most: int) -> Numbers:
    """The places of the highest positive scores, the highest first; of equal ones the first first."""
    found: Numbers = np.flatnonzero(scores >= _reached(scores, most))
    own = scores[found]
    if len(found) > most:
        kept = np.flatnonzero(own >= np.partition(own, -most)[-most])
        found, own = found[kept], own[kept]
    return found[(-own).argsort(kind="stable")[:most]]


def _reached(scores: Floats, most: int) -> float:
    """A score above 0 that at least so many reach, if so many are above 0: looking for it leaves little to put in order."""
    if len(scores) <= most * PART:
        return SMALLEST
    parts = len(scores) // PART
    highest = scores[: parts * PART].reshape(PART, parts).max(axis=0)  # every part's highest is another score
    return max(SMALLEST, float(np.partition(highest, -most)[-most]))


def _occurrences(policies: Sequence[Policy]) -> tuple[dict[str, tuple[Numbers, Floats]], Floats]:
    """By feature the numbers of the policies that have it and its weighted occurrences there; by policy its slack."""
    numbers: dict[str, array[int]] = defaultdict(lambda: array("i"))
    times: dict[str, array[float]] = defaultdict(lambda: array("d"))
    lengths = []
    for number, policy in enumerate(policies):
        counts = _counts(policy)
        lengths.append(sum(counts.values()))
        for feature, often in counts.items():
            numbers[feature].append(number)
            times[feature].append(often)
    usual = sum(lengths) / max(len(lengths), 1)
    slack = SATURATION * (1 - LENGTH + LENGTH * np.array(lengths) / (usual or 1.0))
    having: dict[str, tuple[Numbers, Floats]] = {
        feature: (np.array(own, np.intc), np.array(times[feature])) for feature, own in numbers.items()
    }
    return having, slack


def _joined(parts: Sequence[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, kind)


def _is_plain(feature: str) -> bool:
    """Whether a feature is one of those that count for what a record explains."""
    return feature[0] != _SINGLE and " " not in feature


@lru_cache(maxsize=16)  # a turn asks for scores, then for coverage
def _asked(text: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The features of a folded text, and those by which it is ranked, each once."""
    plain = features(text)
    return frozenset(plain), tuple(sorted({*plain, *_finer_only(text)}))


def finer(text: str) -> list[str]:
    """What a folded text is ranked by: its features, its single characters, and pairs of syllables for what is mistyped."""
    return features(text) + _finer_only(text)


def _finer_only(text: str) -> list[str]:
    found: list[str] = []
    for run in _RUN.findall(text):
        found += [_SINGLE + char for char in run]
        # Each character read for itself: the same on both sides, whatever stands beside it.
        reading = [syllables(char)[0] for char in run]
        found += map(" ".join, pairwise(reading))
    return found


def _counts(policy: Policy) -> dict[str, float]:
    counts: dict[str, float] = defaultdict(float)
    for field, text in policy_texts(policy):
        weight = WEIGHTS[field]
        for feature in finer(fold(text)):
            counts[feature] += weight
    return counts


def overlap(text: str, words: Iterable[str]) -> int:
    """How many characters of a folded text the words account for, the longest first; 0 when none occurs."""
    total = 0
    for word in sorted({fold(word) for word in words}, key=len, reverse=True):
        if word and word in text:
            total += len(word)
            text = text.replace(word, " ")
    return total
