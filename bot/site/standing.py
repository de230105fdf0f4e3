"""Where a policy stands on a day, in one word: as reported, a plan, or past."""

from __future__ import annotations

from datetime import date

from actions.knowledge.models import Policy, Status
from actions.replies.parts import closed

# What the filter offers, by the values of its parameter.
STANDINGS = {"in_force": "现行", "planned": "计划", "historic": "过往"}
MARKS = {"in_force": "报道时有效", "planned": "计划", "historic": "过往情况"}
EXPIRED, NOT_BEGUN = "已到期", "未开始"


def standing(policy: Policy, today: date) -> str:
    """The value of the filter under which a policy falls: expired is past, not yet begun is a plan."""
    if policy.status is not Status.IN_FORCE or not closed(policy, today):
        return policy.status.value
    return "historic" if _expired(policy, today) else "planned"


def mark(policy: Policy, today: date) -> str:
    """The word beside a policy's name."""
    if policy.status is Status.IN_FORCE and closed(policy, today):
        return EXPIRED if _expired(policy, today) else NOT_BEGUN
    return MARKS[policy.status.value]


def _expired(policy: Policy, today: date) -> bool:
    return bool(policy.valid_to) and date.fromisoformat(str(policy.valid_to)) < today
