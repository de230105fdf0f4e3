"""A record of the policy book in words: what `:policy` prints."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from actions.knowledge.book import PolicyBook
from actions.knowledge.documents import read_document
from actions.knowledge.loading import book_files
from actions.knowledge.models import Policy
from actions.knowledge.store import default_folder
from actions.replies import parts
from actions.replies.figures import rule_line
from actions.replies.sources import source_line

STATUSES = {"in_force": "施行中（按报道）", "planned": "计划", "historic": "过往情况"}
REQUIREMENTS = {"gate": "必须", "bonus": "加成", "discretion": "由部门认定"}


def policy_card(book: PolicyBook, id: str, today: date, folder: Path | None = None) -> list[str]:
    """A policy as its clerk wrote it; `folder` is where the book lies. Raises KeyError for an unknown id."""
    policy = book.policies[id]
    return [
        *_what(book, policy, today),
        *_rules(policy),
        *_rest(book, policy, today),
        *_place(policy, folder or default_folder()),
    ]


def written_at(id: str, folder: Path) -> tuple[Path, int] | None:
    """The file and the line (from 1) where a policy is written; None where it is not."""
    for path in book_files(folder):
        if id not in path.read_text(encoding="utf-8-sig", errors="replace"):
            continue  # only the file that may have it is worth parsing
        document = read_document(path, path.name)
        policies = document.value.get("policies") if isinstance(document.value, dict) else None
        for place, policy in enumerate(policies or ()):
            if isinstance(policy, dict) and policy.get("id") == id:
                return path, document.place(("policies", place))[0]
    return None


def _what(book: PolicyBook, policy: Policy, today: date) -> Iterator[str]:
    yield f"{policy.name}（{policy.id}）"
    topics = "、".join(book.topics[topic].name for topic in policy.topics)
    yield f"地区：{book.region_name(policy)}    种类：{book.kinds[policy.kind].name}    主题：{topics}"
    period = f"{policy.valid_from or ''} 至 {policy.valid_to or ''}" if policy.valid_from or policy.valid_to else "没有写"
    yield f"状态：{STATUSES[policy.status.value]}    讲的是：{policy.as_of or '没有写'}    有效期：{period}"
    status = parts.status_line(policy, today)
    if status:
        yield f"提示：{status}"
    yield f"简介：{policy.summary}"
    if policy.aliases:
        yield f"别名：{'、'.join(policy.aliases)}"
    if policy.keywords:
        yield f"关键词：{'、'.join(policy.keywords)}"


def _rules(policy: Policy) -> Iterator[str]:
    yield "条款："
    for rule in policy.rules:
        levels = f"［{'、'.join(rule.levels)}］" if rule.levels else ""
        yield f"  · {rule.id}{levels}：{rule_line(rule)}"


def _rest(book: PolicyBook, policy: Policy, today: date) -> Iterator[str]:
    if policy.audience:
        yield f"对象：{'；'.join(policy.audience)}"
    if policy.conditions:
        yield f"条件：{'；'.join(policy.conditions)}"
    for need in policy.eligibility:
        yield f"资格（{REQUIREMENTS[need.kind.value]}）：{need.text}"
    for name, text in (("办理", policy.process), ("材料", "；".join(policy.materials)), ("时间", policy.deadline)):
        if text:
            yield f"{name}：{text}"
    yield parts.department_line(book, policy)
    if policy.contact.note:
        yield f"部门说明：{policy.contact.note}"
    yield source_line(book, policy, today) + (f" 位置：{policy.source_where}" if policy.source_where else "")
    silent = [gap.text for gap in policy.gaps] + [parts.UNSTATED.get(key, key) for key in sorted(policy.unstated)]
    if silent:
        yield f"报道未说明：{'；'.join(silent)}"
    yield from (f"注意：{note.text}" for note in policy.notes)
    for confusion in policy.confusions:
        other = book.policies.get(confusion.other)
        yield f"易混：{other.name if other else confusion.other}：{confusion.text}"


def _place(policy: Policy, folder: Path) -> Iterator[str]:
    found = written_at(policy.id, folder)
    if found:
        yield f"文件：{found[0]}:{found[1]}"
