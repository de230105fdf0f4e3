"""All figures of a run as plain data (JSON)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.evaluation import figures
from bot.evaluation.outcomes import Outcome
from bot.evaluation.questions import ENTITIES, KINDS, STYLES


def summary(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What the outcomes come to. Nothing in it quotes a question."""
    times = [outcome.asked.milliseconds for outcome in outcomes]
    read = [outcome for outcome in outcomes if outcome.asked.ranking]
    return {
        "questions": len(outcomes),
        "passed": sum(outcome.passed for outcome in outcomes),
        "share": figures.mean(outcome.passed for outcome in outcomes),
        "wrong_or_invented": sum(bool(outcome.falsehoods) for outcome in outcomes),
        "refused": sum(outcome.asked.refused for outcome in outcomes),
        "errors": sum(bool(outcome.asked.error) for outcome in outcomes),
        "styles": _groups(outcomes, lambda outcome: outcome.question.style, STYLES),
        "kinds": _groups(outcomes, lambda outcome: (outcome.question.kind,), KINDS),
        "parts": _groups(outcomes, lambda outcome: (outcome.question.part,)),
        # What was refused unread was not understood: it counts as wrong.
        "intents": figures.intents((outcome.question.intent, outcome.asked.intent[0]) for outcome in outcomes),
        "calibration": figures.calibration(
            [(outcome.asked.intent[1], outcome.asked.intent[0] in outcome.question.intent) for outcome in read]
        ),
        "entities": {kind: figures.entities(_mentions(outcome, kind) for outcome in outcomes) for kind in ENTITIES},
        "linking": figures.linking(
            (outcome.question.policies, outcome.question.any, outcome.ranked, outcome.shown)
            for outcome in outcomes
            if outcome.question.policies
        ),
        "declining": figures.detection((outcome.question.kind == "decline", outcome.declined) for outcome in outcomes),
        "milliseconds": {"p50": figures.percentile(times, 0.5), "p95": figures.percentile(times, 0.95)},
    }


def _groups(
    outcomes: Iterable[Outcome], groups_of: Callable[[Outcome], Iterable[str]], order: Sequence[str] = ()
) -> dict[str, dict[str, Any]]:
    found = figures.passes((groups_of(outcome), outcome.passed) for outcome in outcomes)
    names = [*(name for name in order if name in found), *(name for name in sorted(found) if name not in order)]
    return {name: found[name] for name in names}


def _mentions(outcome: Outcome, kind: str) -> tuple[set[Any], list[frozenset[Any]]]:
    """The gold ids of a kind in a question, and what the pipeline mentions of that kind."""
    found = [entity["value"] for entity in outcome.asked.entities if entity["entity"] == kind]
    mentions = [frozenset(map(_comparable, value if isinstance(value, list) else [value])) for value in found]
    return {_comparable(id) for id in outcome.question.entities.get(kind, ())}, mentions


def _comparable(value: Any) -> Any:
    """Sums as yuan to the cent, ids as they are."""
    return round(float(value), 2) if isinstance(value, (int, float)) else value
