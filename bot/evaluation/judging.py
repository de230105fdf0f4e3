"""Judges a reply as a person would read it: which sums it states, whether it owns up to not knowing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

SCALE = {"": 1.0, "百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8}
SUM = re.compile(r"(\d+(?:\.\d+)?)\s*(百万|千万|百|千|万|亿)?\s*[余多]?\s*(元|人民币|块)?")
PHONE = re.compile(r"(?<![\d.])(?:0\d{2,3}-?)?\d{7,11}(?![\d元万亿])")
NOT_KNOWN = re.compile("未(说明|收录|写|载|给出|点名|提)|没有(写|说|给|提|点名|找到|记载|依据|更新|按|交代)|无法")
DECLINED = re.compile("抱歉|超出|只能(回答|查询)|无法|政策|您想问")
ASKS_BACK = re.compile("[?？]|请问|哪")


def plain(text: str) -> str:
    """NFKC without white space and without commas between digits."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)


def sums(text: str) -> set[float]:
    """The sums of money that a text states, in yuan."""
    spaced = unicodedata.normalize("NFKC", text).replace(",", "")
    return {
        round(float(number) * SCALE[scale or ""], 2)
        for number, scale, yuan in SUM.findall(spaced)
        if yuan or scale in ("万", "亿", "百万", "千万")
    }


def visible(messages: Sequence[Mapping[str, Any]]) -> str:
    """What a person sees: texts and button titles."""
    seen = []
    for message in messages:
        seen.append(message.get("text") or "")
        seen += [button["title"] for button in message.get("buttons") or []]
    return "\n".join(filter(None, seen))


def shortcomings(expect: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]) -> list[str]:
    """Why a reply falls short of what was expected; empty when it does not."""
    shown = visible(messages)
    text, stated, found = plain(shown), sums(shown), []
    if not text:
        return ["没有回答"]
    found += [f"{wanted:g} 元没有出现" for wanted in expect.get("amounts", []) if round(float(wanted), 2) not in stated]
    found += [f"没有 /{pattern}/" for pattern in expect.get("text", []) if not re.search(plain(pattern), text)]
    kind = expect.get("kind", "answer")
    if kind == "unknown" and not NOT_KNOWN.search(text):
        found.append("没有说明材料未载")
    if kind == "decline" and not DECLINED.search(text):
        found.append("没有婉拒")
    if kind == "clarify" and not ASKS_BACK.search(text):
        found.append("没有反问")
    return found + falsehoods(expect, messages)


def falsehoods(expect: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a reply says that is wrong or invented; these are shortcomings too."""
    shown = visible(messages)
    text, stated, found = plain(shown), sums(shown), []
    found += [f"不应出现 {banned:g} 元" for banned in expect.get("not_amounts", []) if round(float(banned), 2) in stated]
    found += [f"不应有 /{pattern}/" for pattern in expect.get("not_text", []) if re.search(plain(pattern), text)]
    kind = expect.get("kind", "answer")
    if kind == "decline" and stated:
        found.append(f"婉拒时说了金额 {sorted(stated)}")
    if kind in ("unknown", "decline") and PHONE.search(text):
        found.append("给出了来路不明的电话")
    return found
