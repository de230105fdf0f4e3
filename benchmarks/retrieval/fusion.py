"""Two searches as one: by weighted standard scores, or by reciprocal ranks. Weights are fitted on development questions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol

import numpy as np

from actions.knowledge.book import PolicyBook
from actions.knowledge.query import Query

Scores = dict[str, float]


class Scorer(Protocol):
    """Gives the policies scores for a query, the higher the better; what it leaves out has nothing to do with it."""

    def scores(self, query: Query) -> Scores:
        """The scores by policy."""


@dataclass(frozen=True)
class Mix:
    """How much the second search counts next to the first; `constant` is the k of reciprocal ranks, None: standard scores."""

    weight: float
    constant: int | None = None


STANDARD = tuple(Mix(weight) for weight in (0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0))
RECIPROCAL = tuple(Mix(weight, constant) for constant, weight in product((2, 10, 60), (0.2, 0.3, 0.5, 1.0)))


class Fusion:
    """The sum of two searches."""

    def __init__(self, book: PolicyBook, first: Scorer, second: Scorer, mixes: Sequence[Mix]):
        self._ids, self._parts, self._mixes = list(book.policies), (first, second), mixes
        self.mix = mixes[0]

    def fit(self, queries: Iterable[Query], quality: Callable[[Sequence[Scores]], float]) -> None:
        """Take the mix whose scores for the queries have the best quality; of equal ones the first."""
        pairs = [tuple(part.scores(query) for part in self._parts) for query in queries]
        self.mix = max(self._mixes, key=lambda mix: quality([self._mixed(first, second, mix) for first, second in pairs]))

    def scores(self, query: Query) -> Scores:
        """The mixed scores of all policies."""
        first, second = (part.scores(query) for part in self._parts)
        return self._mixed(first, second, self.mix)

    def _mixed(self, first: Scores, second: Scores, mix: Mix) -> Scores:
        if mix.constant is not None:
            return _reciprocal(first, second, mix.weight, mix.constant)
        total = self._standard(first) + mix.weight * self._standard(second)
        return dict(zip(self._ids, total.tolist(), strict=True))

    def _standard(self, scores: Scores) -> Any:
        values = np.array([scores.get(id, 0.0) for id in self._ids])
        return (values - values.mean()) / (values.std() or 1.0)


def _reciprocal(first: Scores, second: Scores, weight: float, constant: int) -> Scores:
    total: Scores = {}
    for scores, share in ((first, 1.0), (second, weight)):
        for place, id in enumerate(sorted(scores, key=lambda id: (-scores[id], id)), 1):
            total[id] = total.get(id, 0.0) + share / (constant + place)
    return total
