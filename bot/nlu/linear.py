"""A linear text model that is stored as plain numbers: tf-idf of a text's features, one linear score a class."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# A text without spaces, and the same text as words with spaces between.
Text = tuple[str, str]
Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

# Pairs grow with the square of a text's length: of a long one, only so many distinct words and characters are paired.
PAIRED = 40


def features(text: Text, longest: int) -> tuple[list[str], list[str], list[str]]:
    """The features of a text in three groups: runs of characters, words, pairs of characters.

    A run has up to `longest` characters and may begin or end at the text's border. A pair is two characters or words
    that stand in the same text, however far apart: 明天 with 叫醒 tells more than each alone.
    """
    unspaced, spaced = text
    framed, words = f"^{unspaced}$", spaced.split()
    runs = [framed[at : at + size] for size in range(1, longest + 1) for at in range(len(framed) - size + 1)]
    return runs, words + _pairs(words), _pairs(unspaced)


def _pairs(items: Iterable[str]) -> list[str]:
    distinct = sorted(list(dict.fromkeys(items))[:PAIRED])
    return [f"{one}&{other}" for one, other in combinations(distinct, 2)]


@dataclass
class LinearModel:
    """`places` gives a feature, by group, its row of `weights` (features x classes, of half precision) and of `idf`.

    `slope` turns the scores into shares of confidence (see bot.nlu.learning).
    """

    classes: list[str]
    longest: int
    places: tuple[dict[str, int], ...]
    idf: Floats
    weights: Floats
    offsets: Floats
    slope: float

    def scores(self, text: Text) -> NDArray[np.float64]:
        """The score of every class: above 0 where its own model says yes."""
        total = self.offsets.astype(np.float64)
        for group, places in zip(features(text, self.longest), self.places, strict=True):
            rows, values = weighted(group, places, self.idf)
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
            # A line a feature: read five times as fast as a list.
            "features": ["\n".join(places) for places in self.places],
        }
        (folder / "terms.json").write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "weights.npz", idf=self.idf, weights=self.weights.astype(np.float16), offsets=self.offsets)

    @classmethod
    def read(cls, folder: Path) -> LinearModel:
        """A stored model. Raises ValueError for one whose parts do not fit together."""
        plain = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        places = numbered(group.split("\n") if group else [] for group in plain["features"])
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            if sum(map(len, places)) != len(arrays["idf"]):
                raise ValueError("the model's features are not those of its weights")
            return cls(
                plain["classes"],
                plain["longest"],
                places,
                arrays["idf"],
                arrays["weights"].astype(np.float32),  # once: for a text it takes longer than all sums
                arrays["offsets"],
                plain["slope"],
            )


def numbered(groups: Iterable[Collection[str]]) -> tuple[dict[str, int], ...]:
    """The features of every group with their rows, counted through all groups."""
    found, row = [], 0
    for group in groups:
        places = dict(zip(group, range(row, row + len(group)), strict=True))
        row += len(places)
        found.append(places)
    return tuple(found)


def weighted(group: Iterable[str], places: dict[str, int], idf: Floats) -> tuple[Rows, Floats]:
    """The rows of a group's known features and their tf-idf: logarithmic counts, of length 1 together."""
    counts = Counter(map(places.get, group))
    counts.pop(None, None)
    rows = np.fromiter(counts, np.intp, len(counts))
    times = [1.0 if count == 1 else 1 + math.log(count) for count in counts.values()]
    values = np.array(times, dtype=np.float32) * idf[rows]
    length = math.sqrt(values.dot(values)) if len(rows) else 1.0
    return rows, values / np.float32(length)


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares that sum to 1, over the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return shares
