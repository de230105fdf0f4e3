"""From the places of the right policies to figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.retrieval.questions import Question

ENGLISH = "英文"


@dataclass(frozen=True)
class Answered:
    """A question with the policies that a search gave, best first; `named` where the lexicon finds a name in it."""

    question: Question
    named: bool
    found: tuple[str, ...]

    @property
    def rank(self) -> int | None:
        """The place of the first right policy, from 1; None where there is none."""
        places = (place for place, policy in enumerate(self.found, 1) if policy in self.question.policies)
        return next(places, None)


def figures(answered: Iterable[Answered]) -> dict[str, float | int]:
    """How many questions, the right policy at rank 1 and in the first 3 (%), mean reciprocal rank (times 100)."""
    ranks = [answer.rank for answer in answered]
    return {
        "questions": len(ranks),
        "rank_1": _percent([rank == 1 for rank in ranks]),
        "rank_3": _percent([rank is not None and rank <= 3 for rank in ranks]),
        "mrr": _percent([1 / rank if rank else 0.0 for rank in ranks]),
    }


def groups(answered: Sequence[Answered]) -> dict[str, list[Answered]]:
    """All questions; those that name no policy; and of these, those not in English, which is a matter of its own."""
    unnamed = [answer for answer in answered if not answer.named]
    chinese = [answer for answer in unnamed if ENGLISH not in answer.question.styles]
    return {"unnamed": unnamed, "unnamed_chinese": chinese, "all": list(answered)}


def by_group(answered: Sequence[Answered]) -> dict[str, dict[str, float | int]]:
    """The figures of each group."""
    return {group: figures(chosen) for group, chosen in groups(answered).items()}


def by_style(answered: Sequence[Answered]) -> dict[str, dict[str, dict[str, float | int]]]:
    """The groups of `by_group` by the style of the question."""
    styles = sorted({style for answer in answered for style in answer.question.styles})
    return {style: by_group([answer for answer in answered if style in answer.question.styles]) for style in styles}


def _percent(shares: Sequence[float]) -> float:
    return round(100 * sum(shares) / len(shares), 1) if shares else 0.0
