"""Sums of money and areas in Chinese text: read them (30万, 三十万, 300,000元) and write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import cn2an

_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_NUMERAL = r"[零〇一二两三四五六七八九十百千]+"
_NUMBER = re.compile(
    rf"(?P<number>{_DIGITS}|{_NUMERAL})\s*个?\s*(?P<scale>百万|千万|万|亿)?\s*(?P<more>多|余|来)?\s*"
    r"(?P<unit>平方米|平米|平方|㎡|m2|亩|美元|元|块钱|块|人民币|w(?![a-z]))?",
    re.IGNORECASE,
)
_SCALE = {"百万": 1e6, "千万": 1e7, "万": 1e4, "亿": 1e8}
_AREA = ("平方米", "平米", "平方", "㎡", "m2")


@dataclass(frozen=True)
class Sum:
    """A quantity in a text: `value` in yuan or in square metres, `[start, end)` its place."""

    value: float
    unit: Literal["yuan", "square_metre"]
    start: int
    end: int


def find_sums(text: str) -> list[Sum]:
    """The sums of money and the areas that a text names, in order. Bare numbers without a unit are none."""
    found = []
    for match in _NUMBER.finditer(text):
        scale, unit = match["scale"], (match["unit"] or "").lower()
        if unit in ("亩", "美元") or not (scale or unit):
            continue
        if text[match.end() : match.end() + 1] in ("家", "个", "户", "人", "项", "座", "项") and not unit:
            continue
        number = _number(match["number"])
        if number is None:
            continue
        value = number * _SCALE.get(scale or "", 1.0) * (1e4 if unit == "w" else 1.0)
        found.append(Sum(value, "square_metre" if unit in _AREA else "yuan", match.start(), match.end()))
    return found


def _number(text: str) -> float | None:
    if text[0].isdigit():
        return float(text.replace(",", ""))
    try:
        return float(cn2an.cn2an(text.replace("〇", "零"), "smart"))
    except ValueError:
        return None


def number_text(value: float) -> str:
    """A number without a needless fraction: 3.7, 100."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def yuan_text(value: float, currency: str = "元") -> str:
    """A sum as people read it: 300000 → 30 万元, 3370000000 → 33.7 亿元."""
    if value >= 1e8:
        return f"{number_text(value / 1e8)} 亿{currency}"
    if value >= 1e4:
        return f"{number_text(value / 1e4)} 万{currency}"
    return f"{number_text(value)} {currency}"
