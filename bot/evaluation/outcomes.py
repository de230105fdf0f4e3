"""What a question's reply comes to: whether it passes, what is wrong in it, which policies it leads to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.evaluation.asking import Asked
from bot.evaluation.judging import falsehoods, shortcomings
from bot.evaluation.questions import Question

DECLINED = "decline"
# Types of a reply's data that do not answer a question on policies.
NO_ANSWER = frozenset((DECLINED, "nothing", "uncovered", "unclear", "exhausted"))


@dataclass(frozen=True)
class Outcome:
    """A question judged. `failings` say why it does not pass; `falsehoods` are those of them that are wrong or invented."""

    asked: Asked
    failings: tuple[str, ...]
    falsehoods: tuple[str, ...]
    shown: tuple[str, ...]
    ranked: tuple[str, ...]
    declined: bool

    @property
    def question(self) -> Question:
        """The question."""
        return self.asked.question

    @property
    def passed(self) -> bool:
        """Whether the reply is as it should be, from end to end."""
        return not self.failings


def outcome(asked: Asked) -> Outcome:
    """Judge what was asked."""
    question, data = asked.question, asked.data
    shown = _unique(policy["id"] for item in data for policy in item.get("policies") or ())
    related = _unique(policy["id"] for item in data for policy in item.get("related") or ())
    failings = [f"出错：{asked.error}"] if asked.error else shortcomings(question.expected, asked.messages)
    types = {item.get("type") for item in data}
    if not failings:
        failings = _beside_the_point(question, shown, types)
    return Outcome(
        asked=asked,
        failings=tuple(failings),
        falsehoods=tuple(falsehoods(question.expected, asked.messages)),
        shown=shown,
        ranked=_unique((*shown, *related)),
        declined=DECLINED in types,
    )


def _beside_the_point(question: Question, shown: tuple[str, ...], types: set[object]) -> list[str]:
    """What no expected word or sum can tell: an answer that is none, and small talk answered with policies."""
    if question.kind == "answer":
        if types and types <= NO_ANSWER:
            return ["没有回答所问"]
        told = any(question.expect.get(key) for key in ("amounts", "text"))
        if question.policies and not told and not set(question.policies) & set(shown):
            return ["没有答到这项政策"]
    if question.kind == "talk" and shown:
        return ["寒暄却答了政策"]
    return []


def _unique(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
