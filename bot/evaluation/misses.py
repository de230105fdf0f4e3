"""The questions that do not pass, with what is needed to see why. Only for questions that may be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.evaluation.judging import visible
from bot.evaluation.outcomes import Outcome

INTENTS_SHOWN = 3


def misses(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """The failed questions as data."""
    return [_miss(outcome) for outcome in outcomes if not outcome.passed]


def _miss(outcome: Outcome) -> dict[str, Any]:
    question, asked = outcome.question, outcome.asked
    return {
        "id": question.id,
        "style": list(question.style),
        "kind": question.kind,
        "text": question.text,
        "failings": list(outcome.failings),
        "reply": visible(asked.messages),
        "types": [str(data.get("type")) for data in asked.data],
        "intent": list(question.intent),
        "ranking": [[name, round(confidence, 3)] for name, confidence in asked.ranking[:INTENTS_SHOWN]],
        "policies": list(question.policies),
        "ranked": list(outcome.ranked),
        "gold_entities": {kind: list(ids) for kind, ids in question.entities.items()},
        "entities": [[entity["entity"], entity.get("text"), entity["value"]] for entity in asked.entities],
    }


def text(found: Sequence[dict[str, Any]]) -> str:
    """The failed questions to read."""
    return "\n\n".join(map(_block, found)) if found else "没有未通过的问题。"


def _block(miss: dict[str, Any]) -> str:
    ranking = "，".join(f"{name} {confidence:.2f}" for name, confidence in miss["ranking"])
    entities = "，".join(f"{kind}“{said}”={_ids(value)}" for kind, said, value in miss["entities"])
    gold = "，".join(f"{kind}={_ids(ids)}" for kind, ids in miss["gold_entities"].items())
    return "\n".join(
        [
            f"✗ {miss['id']}　{'、'.join(miss['style'])}　{miss['kind']}",
            f"  问：{miss['text']}",
            f"  因：{'；'.join(miss['failings'])}",
            f"  意图：{ranking or '（未读）'}　应为 {'、'.join(miss['intent'])}",
            f"  实体：{entities or '无'}　应有 {gold or '无'}",
            f"  政策：{_names(miss['ranked'])}　应为 {_names(miss['policies'])}　回答类型 {_names(miss['types'])}",
            "  答：" + miss["reply"].replace("\n", "\n      "),
        ]
    )


def _names(values: list[str]) -> str:
    return "、".join(values) or "无"


def _ids(value: Any) -> str:
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)
