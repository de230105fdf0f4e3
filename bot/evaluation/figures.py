"""The measures: plain functions from labels and predictions to figures. Shares are 0 to 1, None where nothing counts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

Share = float | None


def share(hits: float, total: float) -> Share:
    """Hits of a total."""
    return hits / total if total else None


def scores(right_found: int, found: int, right_wanted: int, wanted: int) -> dict[str, Any]:
    """Precision (of what was found), recall (of what was wanted) and their harmonic mean."""
    precision, recall = share(right_found, found), share(right_wanted, wanted)
    both = (precision or 0.0) + (recall or 0.0)
    f1 = 2 * (precision or 0.0) * (recall or 0.0) / both if both else (0.0 if found or wanted else None)
    return {"precision": precision, "recall": recall, "f1": f1, "right": right_found, "found": found, "wanted": wanted}


def intents(answers: Iterable[tuple[Sequence[str], str]]) -> dict[str, Any]:
    """Figures of the intents from (gold intents with the best first, predicted intent).

    A prediction among the gold ones is right and is booked under itself; any other under the first gold intent.
    The macro F1 is over the intents that gold is booked under.
    """
    booked = Counter((found if found in gold else gold[0], found) for gold, found in answers)
    wanted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    for (one, other), times in booked.items():
        wanted[one] += times
        found[other] += times
    each = {name: scores(booked[name, name], found[name], booked[name, name], wanted[name]) for name in sorted(wanted)}
    wrong = [{"intent": one, "taken_for": other, "times": times} for (one, other), times in booked.items() if one != other]
    return {
        "accuracy": share(sum(booked[name, name] for name in wanted), sum(wanted.values())),
        "macro_f1": mean(figure["f1"] for figure in each.values()),
        "each": each,
        "confusions": sorted(wrong, key=lambda pair: (-pair["times"], pair["intent"], pair["taken_for"])),
    }


def entities(answers: Iterable[tuple[Iterable[Any], Iterable[frozenset[Any]]]]) -> dict[str, Any]:
    """Micro figures of one kind of entity from (gold ids, mentions with the ids that each may mean).

    A mention is right when it may mean a gold id; the same ids mentioned twice count once.
    """
    right_found = found = right_wanted = wanted = 0
    for gold, mentions in answers:
        ids, different = set(gold), set(mentions)
        found += len(different)
        wanted += len(ids)
        right_found += sum(not ids.isdisjoint(mention) for mention in different)
        right_wanted += len(ids & set().union(*different))
    return scores(right_found, found, right_wanted, wanted)


def linking(answers: Iterable[tuple[Iterable[str], bool, Sequence[str], Iterable[str]]]) -> dict[str, Any]:
    """Figures of finding policies from (gold ids, whether any of them does, ids as ranked, ids shown as the answer).

    `all_shown` is over the questions that want several policies: whether the answer shows every one.
    """
    ranks: list[int | None] = []
    complete: list[bool] = []
    for gold, any_does, ranked, shown in answers:
        ids = set(gold)
        ranks.append(next((rank for rank, id in enumerate(ranked, 1) if id in ids), None))
        if len(ids) > 1 and not any_does:
            complete.append(ids <= set(shown))
    return {
        "questions": len(ranks),
        "rank_1": mean(rank == 1 for rank in ranks),
        "rank_3": mean(rank is not None and rank <= 3 for rank in ranks),
        "mrr": mean(1 / rank if rank else 0.0 for rank in ranks),
        "several": len(complete),
        "all_shown": mean(complete),
    }


def detection(answers: Iterable[tuple[bool, bool]]) -> dict[str, Any]:
    """Figures of one yes-or-no decision from (gold, predicted)."""
    counts = Counter(answers)
    right = counts[True, True]
    return scores(right, right + counts[False, True], right, right + counts[True, False])


def calibration(answers: Sequence[tuple[float, bool]], bins: int = 10) -> dict[str, Any]:
    """Whether confidence is what it says, from (confidence, right): the expected calibration error and its bins."""
    rows: list[dict[str, Any]] = []
    error = 0.0
    for number in range(bins):
        # A confidence on the edge belongs to the bin below it, and 0 to the lowest.
        inside = [pair for pair in answers if max(math.ceil(pair[0] * bins - 1e-9) - 1, 0) == number]
        confidence, right = mean(pair[0] for pair in inside), mean(pair[1] for pair in inside)
        rows.append(
            {"from": number / bins, "to": (number + 1) / bins, "count": len(inside), "confidence": confidence, "right": right}
        )
        if confidence is not None and right is not None:
            error += len(inside) / len(answers) * abs(confidence - right)
    return {"expected_error": error if answers else None, "bins": rows}


def passes(answers: Iterable[tuple[Iterable[str], bool]]) -> dict[str, dict[str, Any]]:
    """Share that passed in every group from (groups of a question, passed)."""
    asked: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for groups, good in answers:
        for group in set(groups):
            asked[group] += 1
            passed[group] += good
    return {group: {"asked": asked[group], "passed": passed[group], "share": passed[group] / asked[group]} for group in asked}


def percentile(values: Sequence[float], share_below: float) -> Share:
    """The smallest of the values that at least this share of them does not exceed."""
    if not values:
        return None
    return sorted(values)[max(math.ceil(share_below * len(values)) - 1, 0)]


def mean(values: Iterable[float]) -> Share:
    """The average."""
    listed = list(values)
    return share(sum(listed), len(listed))
