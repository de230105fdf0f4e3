"""From answers and times to the figures of the table."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sklearn.metrics import f1_score

# So many utterances are asked of one model before the other has its turn.
BLOCK = 50


@dataclass
class Asked:
    """What a model made of the utterances: the intents, and milliseconds on the clock and of CPU for each."""

    intents: list[str] = field(default_factory=list)
    clock: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)


def scores(wanted: Sequence[str], found: Sequence[str], known: Sequence[bool]) -> dict[str, float]:
    """Per cent right, macro-F1 over the intents that are wanted, and per cent right where the text was not learnt."""
    right = [one == other for one, other in zip(wanted, found, strict=True)]
    labels = sorted(set(wanted))
    return {
        "accuracy": percent(statistics.mean(right)),
        "macro_f1": percent(f1_score(wanted, found, average="macro", labels=labels, zero_division=0)),
        "accuracy_unseen": percent(statistics.mean(hit for hit, learnt in zip(right, known, strict=True) if not learnt)),
    }


def confusions(wanted: Sequence[str], found: Sequence[str], most: int = 10) -> list[dict[str, Any]]:
    """The commonest mistakes."""
    pairs = Counter((one, other) for one, other in zip(wanted, found, strict=True) if one != other)
    return [{"intent": one, "taken_for": other, "times": times} for (one, other), times in pairs.most_common(most)]


def times(asked: Asked) -> dict[str, float]:
    """Milliseconds an utterance: medians, and what one in twenty exceeds."""
    return {
        "ms_p50": round(statistics.median(asked.clock), 2),
        "ms_p95": round(statistics.quantiles(asked.clock, n=20)[-1], 2),
        "cpu_ms_p50": round(statistics.median(asked.cpu), 2),
    }


def ratio(one: Sequence[float], other: Sequence[float], block: int = BLOCK) -> dict[str, float]:
    """How one model's time compares with the other's, block by block: the median and the quartiles."""
    starts = range(0, len(one), block)
    found = [sum(one[start : start + block]) / sum(other[start : start + block]) for start in starts]
    low, middle, high = statistics.quantiles(found, n=4) if len(found) > 1 else found * 3
    return {"median": round(middle, 3), "lower_quartile": round(low, 3), "upper_quartile": round(high, 3)}


def percent(share: float) -> float:
    """A share in per cent, to two places."""
    return round(100 * float(share), 2)
