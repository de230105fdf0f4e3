"""What is asked: development questions of every kind, never held-out ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.evaluation.questions import Question, load

DEVELOPMENT = Path(__file__).resolve().parents[2] / "data" / "evaluation" / "development"
ANSWERED, OTHERS = 40, 20
# A policy question that both assistants understand: with the answer to it a start has ended.
FIRST = "高新贷最高多少"
# Asked over and over in a long conversation: each names what it is about, so that its answer is always the same.
REPEATED = (
    "崂山孵化器认定奖多少",
    "高新贷最高多少",
    "崂山区首次认定高新技术企业奖多少",
    "上合人才年薪60万生活补贴多少",
    "施工许可找哪个部门",
)


def mixed() -> list[Question]:
    """Sixty questions, always the same: forty that the book answers, twenty that it does not, by turns."""
    found = load(DEVELOPMENT)
    answered = _spaced([one for one in found if one.kind == "answer"], ANSWERED)
    others = _spaced([one for one in found if one.kind != "answer"], OTHERS)
    size = ANSWERED // OTHERS
    return [one for place, other in enumerate(others) for one in (*answered[size * place : size * (place + 1)], other)]


def _spaced(found: Sequence[Question], count: int) -> list[Question]:
    """So many of the questions, evenly from all of them."""
    return [found[place * len(found) // count] for place in range(count)]
