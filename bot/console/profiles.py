"""A company described by hand: `region=崂山区 小微企业=是`, and its description in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches

from actions.knowledge.book import PolicyBook
from actions.knowledge.profile import REGION, Profile
from bot.console.cannot import CannotError

# What people may call a thing that is so, is not so, or is not known.
_SO = dict.fromkeys(("是", "有", "yes", "y", "true", "1"), True) | dict.fromkeys(
    ("否", "不是", "没有", "no", "n", "false", "0"), False
)
_UNKNOWN = ("不清楚", "?", "？", "")
_PAIR = re.compile(r"([^\s=＝，,]+)[=＝]([^\s，,]*)")


def learnt(book: PolicyBook, profile: Profile, text: str) -> Profile:
    """The profile with what `项=值 …` says. Raises CannotError."""
    pairs = _PAIR.findall(text)
    left = _PAIR.sub("", text).strip(" ，,\u3000")
    if not pairs or left:
        raise CannotError(f"“{left or text}”不行，写 :profile 项=值，例如 :profile region={_a_place(book)} {_a_fact(book)}=是。")
    for key, value in pairs:
        if key in (REGION, "地区"):
            profile = replace(profile, region=None) if value in _UNKNOWN else profile.learn(book, _region(book, value))
            continue
        fact = _fact(book, key)
        so = _SO.get(value.lower())
        if value in _UNKNOWN:
            profile = replace(profile, facts={id: known for id, known in profile.facts.items() if id != fact})
        elif so is None:
            raise CannotError(f"“{key}”的值“{value}”不行，写 是、否 或 不清楚。")
        else:
            profile = profile.learn(book, yes=[fact] * so, no=[fact] * (not so))
    return profile


def _region(book: PolicyBook, text: str) -> str:
    known = {name: region.id for region in book.regions.values() for name in (region.id, region.name, *region.aliases)}
    if text not in known:
        raise CannotError(f"没有登记地区“{text}”{_near(text, known)}。")
    return known[text]


def _fact(book: PolicyBook, text: str) -> str:
    known = {name: fact.id for fact in book.facts.values() for name in (fact.id, fact.name)}
    if text not in known:
        raise CannotError(f"没有登记企业情况“{text}”{_near(text, [*known, REGION])}；按 Tab 看有哪些。")
    return known[text]


def _near(text: str, known: Iterable[str]) -> str:
    found = get_close_matches(text, list(known), 3, 0.4)
    return f"，相近的有：{'、'.join(found)}" if found else ""


def _a_place(book: PolicyBook) -> str:
    return next(iter(book.regions.values())).name


def _a_fact(book: PolicyBook) -> str:
    return next((fact.name for fact in book.facts.values()), "小微企业")


def described(book: PolicyBook, profile: Profile) -> str:
    """The profile in words."""
    if profile.empty:
        return "还没有企业情况。"
    items = [f"地区：{book.regions[profile.region].name}"] if profile.region in book.regions else []
    items += [f"{book.facts[id].name}：{'是' if so else '否'}" for id, so in profile.facts.items() if id in book.facts]
    return "；".join(items) + "。"
