"""The policy book as the console looks at it: which policy a name means, and what an edit changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from difflib import get_close_matches

from actions.knowledge.book import PolicyBook
from actions.knowledge.lexicon import squeeze
from actions.knowledge.models import Policy
from actions.knowledge.text import fold

# What of a book stands beside its policies, and what it is called.
_BESIDE = {
    "hotline": "热线",
    "regions": "地区",
    "levels": "级别",
    "kinds": "性质",
    "topics": "主题",
    "audiences": "对象",
    "facts": "企业情况",
    "attributes": "细节",
    "synonyms": "同义词",
    "example_groups": "例子",
    "departments": "部门",
    "sources": "出处",
}
# So many near names help; so many changed policies are named one by one.
_NEAR, _NAMED = 3, 12


def policies_named(book: PolicyBook, text: str) -> list[Policy]:
    """The policies that a text means: by id, by a whole name, else by a part of either. Empty where there is none."""
    if text in book.policies:
        return [book.policies[text]]
    word = _word(text)
    if not word:
        return []
    whole = dict(book.lexicon.names("policy")).get(word)
    if whole:
        return [book.policies[id] for id in whole]
    return [
        policy
        for policy in book.policies.values()
        if text.lower() in policy.id or any(word in _word(name) for name in (policy.name, *policy.aliases))
    ]


def nearest(book: PolicyBook, text: str) -> list[Policy]:
    """The policies that a text comes near: by id, then by the book's search, the likeliest first."""
    found = [book.policies[id] for id in get_close_matches(text.lower(), book.policies, _NEAR)]
    found += [book.policies[hit.policy] for hit in book.index.search(fold(text))[:_NEAR]]
    return list({policy.id: policy for policy in found}.values())[:_NEAR]


def _word(text: str) -> str:
    return squeeze(fold(text))[0]


def names(book: PolicyBook) -> Iterator[tuple[str, str]]:
    """(name, what it is) of everything that a question may name: policies and regions, by each of their names."""
    for region in book.regions.values():
        for name in (region.name, *region.aliases):
            yield name, "地区"
    for policy in book.policies.values():
        yield policy.name, book.region_name(policy)
        for alias in policy.aliases:
            yield alias, policy.name


def changes(before: PolicyBook, after: PolicyBook) -> list[str]:
    """What differs, in lines: how much, then each policy with the fields that changed. Empty where nothing differs."""
    added = [policy for id, policy in after.policies.items() if id not in before.policies]
    removed = [policy for id, policy in before.policies.items() if id not in after.policies]
    changed = [(policy, before.policies[id]) for id, policy in after.policies.items() if id in before.policies]
    changed = [(now, then) for now, then in changed if now != then]
    beside = [name for key, name in _BESIDE.items() if getattr(before, key) != getattr(after, key)]
    if not (added or removed or changed or beside):
        return []
    lines = [f"  新增 {policy.name}（{policy.id}）" for policy in added]
    lines += [f"  修改 {now.name}（{now.id}）：{'、'.join(_differing(now, then))}" for now, then in changed]
    lines += [f"  删除 {policy.name}（{policy.id}）" for policy in removed]
    count = f"新增 {len(added)}、修改 {len(changed)}、删除 {len(removed)}"
    return [f"{count}{'；另外改了' + '、'.join(beside) if beside else ''}。", *_at_most(lines)]


def _differing(now: Policy, then: Policy) -> Iterator[str]:
    # `department` is what the file calls it, `contact` what the code does.
    keys = (field.name for field in fields(Policy) if getattr(now, field.name) != getattr(then, field.name))
    return ("department" if key == "contact" else key for key in keys)


def _at_most(lines: list[str]) -> Iterable[str]:
    return lines if len(lines) <= _NAMED else [*lines[:_NAMED], f"  ……还有 {len(lines) - _NAMED} 项"]
