"""A linear text model that is stored as plain numbers: tf-idf of a text's features, one linear score a class."""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# A text without spaces, and the same text as words with spaces between.
Text = tuple[str, str]
Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

# Pairs grow with the square of a text's length: of a long one, only so many distinct words and characters are paired.
PAIRED = 40


Pair = tuple[str, str]
Features = dict[str | Pair, int]


def features(text: Text, longest: int) -> tuple[list[str | Pair], ...]:
    """The features of a text in three groups: runs of characters, words with pairs of words, pairs of characters.

    A run has up to `longest` characters and may begin or end at the text's border. A pair is two characters or words
    that stand in the same text, however far apart: 明天 with 叫醒 tells more than each alone.
    """
    return tuple([*single, *combinations(paired, 2)] for single, paired in _parts(text, longest))


def _parts(text: Text, longest: int) -> tuple[tuple[list[str], list[str]], ...]:
    """For each group what are features by themselves, and what are by pairs."""
    unspaced, spaced = text
    framed, words = f"^{unspaced}$", spaced.split()
    runs = [framed[at : at + size] for size in range(1, longest + 1) for at in range(len(framed) - size + 1)]
    return (runs, []), (words, _distinct(words)), ([], _distinct(unspaced))


def _distinct(items: Iterable[str]) -> list[str]:
    return sorted(list(dict.fromkeys(items))[:PAIRED])


class Group:
    """The rows of a group's features: of those by themselves, and of pairs by their first and second part.

    For the pairs of a text, no key has to be made of each: most of them are not known.
    """

    def __init__(self, rows: Mapping[str | Pair, int]):
        self.single: dict[str, int] = {}
        self.pairs: dict[str, dict[str, int]] = defaultdict(dict)
        for feature, row in rows.items():
            if isinstance(feature, str):
                self.single[feature] = row
            else:
                self.pairs[feature[0]][feature[1]] = row

    def __len__(self) -> int:
        """How many features it has."""
        return len(self.single) + sum(map(len, self.pairs.values()))

    def features(self) -> Features:
        """All features with their rows, in the order of these."""
        pairs = (((one, other), row) for one, others in self.pairs.items() for other, row in others.items())
        return dict(sorted((*self.single.items(), *pairs), key=lambda item: item[1]))

    def rows(self, single: Iterable[str], paired: Sequence[str]) -> list[int | None]:
        """The rows of features by themselves, then of all pairs; None for one that is not known."""
        found = list(map(self.single.get, single))
        for place, one in enumerate(paired, 1):
            if others := self.pairs.get(one):
                found += map(others.get, paired[place:])
        return found


@dataclass
class LinearModel:
    """`groups` give a feature its row of `weights` (features x classes, of half precision) and of `idf`.

    `slope` turns the scores into shares of confidence (see bot.nlu.learning).
    """

    classes: list[str]
    longest: int
    groups: tuple[Group, ...]
    idf: Floats
    weights: Floats
    offsets: Floats
    slope: float

    def scores(self, text: Text) -> NDArray[np.float64]:
        """The score of every class: above 0 where its own model says yes."""
        total = self.offsets.astype(np.float64)
        for rows, values in weighted(text, self.longest, self.groups, self.idf):
            if len(rows):
                total += values @ self.weights.take(rows, axis=0)
        return total

    def ranking(self, text: Text) -> list[tuple[str, float]]:
        """The classes with their shares of confidence (summing to 1), the likeliest first."""
        shares = softmax(self.slope * self.scores(text))
        return [(self.classes[place], float(shares[place])) for place in np.argsort(-shares, kind="stable")]

    def write(self, folder: Path) -> None:
        """Store the model in a folder."""
        plain = {
            "classes": self.classes,
            "longest": self.longest,
            "slope": self.slope,
            # A line a feature: read five times as fast as a list. No text has a tab in it.
            "features": ["\n".join(map(_spelt, group.features())) for group in self.groups],
        }
        (folder / "terms.json").write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "weights.npz", idf=self.idf, weights=self.weights.astype(np.float16), offsets=self.offsets)

    @classmethod
    def read(cls, folder: Path) -> LinearModel:
        """A stored model. Raises ValueError for one whose parts do not fit together."""
        plain = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        groups = numbered(map(_feature, group.split("\n")) if group else () for group in plain["features"])
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            if sum(map(len, groups)) != len(arrays["idf"]):
                raise ValueError("the model's features are not those of its weights")
            return cls(
                plain["classes"],
                plain["longest"],
                groups,
                arrays["idf"],
                arrays["weights"].astype(np.float32),  # once: for a text it takes longer than all sums
                arrays["offsets"],
                plain["slope"],
            )


def _spelt(feature: str | Pair) -> str:
    return feature if isinstance(feature, str) else "\t".join(feature)


def _feature(line: str) -> str | Pair:
    one, pair, other = line.partition("\t")
    return (one, other) if pair else one


def numbered(groups: Iterable[Iterable[str | Pair]]) -> tuple[Group, ...]:
    """The features of every group with their rows, counted through all groups."""
    rows = count()
    return tuple(Group(dict(zip(group, rows, strict=False))) for group in groups)  # the rows go on in the next group


def weighted(text: Text, longest: int, groups: Sequence[Group], idf: Floats) -> Iterator[tuple[Rows, Floats]]:
    """By group the rows of a text's known features and their tf-idf: logarithmic counts, of length 1 together."""
    for group, parts in zip(groups, _parts(text, longest), strict=True):
        counts = Counter(group.rows(*parts))
        del counts[None]
        rows = np.fromiter(counts, np.intp, len(counts))
        times = [1.0 if often == 1 else 1 + math.log(often) for often in counts.values()]
        values = np.array(times, dtype=np.float32) * idf[rows]
        length = math.sqrt(values.dot(values)) if len(rows) else 1.0
        yield rows, values / np.float32(length)


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares that sum to 1, over the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return shares
