"""The facts of policies as plain data (JSON), the same that the text of a reply states."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from actions.knowledge.benefits import Rate
from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Policy
from actions.replies.figures import figure


def policy_facts(book: PolicyBook, policy: Policy) -> dict[str, Any]:
    """A policy as data: figures in yuan with their scope, department, source."""
    department, source = book.department_of(policy), book.source_of(policy)
    return {
        "id": policy.id,
        "name": policy.name,
        "region": book.region_name(policy),
        "kind": policy.kind,
        "status": policy.status.value,
        "as_of": policy.as_of,
        "rules": [
            {
                "id": rule.id,
                "condition": rule.condition,
                "levels": list(rule.levels),
                "benefit": rule.benefit.name,
                "figure": figure(rule),
                "yuan": list(rule.yuan),
                "rate": rule.benefit.rate if isinstance(rule.benefit, Rate) else None,
                "scope": rule.scope.value if rule.scope else None,
            }
            for rule in policy.rules
        ],
        "unstated": sorted(policy.unstated),
        "department": {
            "name": department.name if department else None,
            "basis": policy.contact.basis,
            "phone": department.phone if department else None,
        },
        "source": {
            "title": source.title,
            "publisher": source.publisher,
            "date": source.date,
            "where": policy.source_where,
        },
    }


def facts(book: PolicyBook, kind: str, policies: Iterable[Policy], related: Iterable[Policy] = ()) -> dict[str, Any]:
    """The `custom` part of a reply of some kind about policies; `related` are only mentioned by name."""
    return {
        "type": kind,
        "policies": [policy_facts(book, policy) for policy in policies],
        "related": [{"id": policy.id, "name": policy.name, "region": book.region_name(policy)} for policy in related],
    }
