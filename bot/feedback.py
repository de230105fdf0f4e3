"""What people say of the answers: a thumb, reasons, and which rules the answer told of. For the clerk's review."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore

from bot.forgetting import inner

# The reasons that can be given, and what people read.
REASONS = {"amount": "金额不对", "department": "部门不对", "expired": "已过期", "missing": "没找到"}

_TABLE = sa.Table(
    "feedback",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sender_id", sa.String(255), index=True),  # empty once the conversation was deleted
    sa.Column("message_id", sa.String(160), nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.Column("good", sa.Boolean, nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("question", sa.Text),  # as well
    sa.Column("policies", sa.Text, nullable=False),
    sa.Column("rules", sa.Text, nullable=False),
)


@dataclass(frozen=True)
class Feedback:
    """One rating: `policies` are ids, `rules` are policy/rule; `at` is ISO 8601 in UTC."""

    sender: str | None
    message: str
    good: bool
    reasons: tuple[str, ...] = ()
    question: str | None = None
    policies: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    at: str = ""


class FeedbackStore:
    """Keeps the ratings in a table `feedback` of a database (a SQLAlchemy URL)."""

    def __init__(self, url: str | sa.engine.URL):
        self._engine = sa.create_engine(url)
        _TABLE.create(self._engine, checkfirst=True)

    def save(self, feedback: Feedback) -> None:
        """Keep a rating; one of the same message before gives way to it."""
        row = {
            "sender_id": feedback.sender,
            "message_id": feedback.message,
            "at": feedback.at or datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "good": feedback.good,
            "question": feedback.question,
            **{key: json.dumps(getattr(feedback, key), ensure_ascii=False) for key in ("reasons", "policies", "rules")},
        }
        with self._engine.begin() as connection:
            connection.execute(_TABLE.delete().where(_of(feedback.sender), _TABLE.c.message_id == feedback.message))
            connection.execute(_TABLE.insert().values(**row))

    def forget(self, sender: str) -> None:
        """Keep a sender's ratings without who gave them and what was asked."""
        with self._engine.begin() as connection:
            connection.execute(_TABLE.update().where(_of(sender)).values(sender_id=None, question=None))

    def all(self) -> list[Feedback]:
        """Every rating, the oldest first."""
        with self._engine.connect() as connection:
            return [_feedback(row) for row in connection.execute(_TABLE.select().order_by(_TABLE.c.id))]


def beside(tracker_store: Any) -> FeedbackStore:
    """The ratings lie where the conversations are, if that is a SQL database, else in feedback.db of the current folder."""
    store = inner(tracker_store)
    return FeedbackStore(store.engine.url if isinstance(store, SQLTrackerStore) else "sqlite:///feedback.db")


def lines(ratings: Sequence[Feedback]) -> list[str]:
    """The ratings in words for the clerk: how many, then every one that is bad."""
    bad = [rating for rating in ratings if not rating.good]
    counts = Counter(REASONS[reason] for rating in bad for reason in rating.reasons)
    why = "、".join(f"{name} {count}" for name, count in counts.most_common())
    found = [
        f"共 {len(ratings)} 条反馈：有帮助 {len(ratings) - len(bad)} 条，没帮助 {len(bad)} 条{f'（{why}）' if why else ''}。"
    ]
    for rating in bad:
        reasons = "、".join(REASONS[reason] for reason in rating.reasons) or "没有说原因"
        asked = f"问：{rating.question}" if rating.question else "（对话已删除）"
        when = datetime.fromisoformat(rating.at).astimezone().strftime("%Y-%m-%d %H:%M")
        found.append(f"{when}  {reasons}  {asked}  回答用到：{'、'.join(rating.policies) or '没有政策'}")
    return found


def _of(sender: str | None) -> Any:
    return _TABLE.c.sender_id == sender


def _feedback(row: Any) -> Feedback:
    lists = {key: tuple(json.loads(row[key])) for key in ("reasons", "policies", "rules")}
    return Feedback(row["sender_id"], row["message_id"], row["good"], question=row["question"], at=row["at"], **lists)


def told(custom: dict[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(policies, rules) that the data of an answer tell of."""
    policies: Iterable[dict[str, Any]] = custom.get("policies") or ()
    ids = tuple(policy["id"] for policy in policies)
    return ids, tuple(f"{policy['id']}/{rule['id']}" for policy in policies for rule in policy.get("rules") or ())
