"""Sums of money and areas in Chinese text: read them (30万, 三十万, 300,000元) and write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import cn2an

_DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_NUMERAL = r"[零〇一二两三四五六七八九十百千万亿点]+"
_NUMBER = re.compile(
    rf"(?<![几数])(?P<number>{_DIGITS}|{_NUMERAL})\s*个?\s*[多余来]?\s*(?P<scale>百万|千万|百|千|万|亿)?\s*[多余来]?\s*"
    r"(?P<tail>\d(?![\d.万亿年家个人名户项座%]))?"
    r"(?P<unit>平方米|平米|平方|㎡|m2|平(?![台均时等安行])|亩|美元|元|块钱|块(?=钱|吧|呢|吗|$)|人民币|w(?![a-z]))?",
    re.IGNORECASE,
)
_SCALE = {"百": 1e2, "千": 1e3, "百万": 1e6, "千万": 1e7, "万": 1e4, "亿": 1e8}
_AREA = ("平方米", "平米", "平方", "㎡", "m2", "平")


@dataclass(frozen=True)
class Sum:
    """A quantity in a text: `value` in yuan or in square metres, `[start, end)` its place."""

    value: float
    unit: Literal["yuan", "square_metre"]
    start: int
    end: int


def find_sums(text: str) -> list[Sum]:
    """The sums of money and the areas that a text names, in order. Bare numbers without a unit are none."""
    return list(_read(text))


def _read(text: str) -> Iterator[Sum]:
    for match in _NUMBER.finditer(text):
        number, scale, unit = match["number"], match["scale"] or "", (match["unit"] or "").lower()
        large = scale in ("百万", "千万", "万", "亿") or (len(number) > 1 and number[-1] in "万亿")
        if unit in ("亩", "美元") or not (large or unit):
            continue
        if not unit and text[match.end() : match.end() + 1] in tuple("家个户人项座"):
            continue
        value = _number(number)
        if value is None:
            continue
        value *= _SCALE.get(scale, 1.0) * (1e4 if unit == "w" else 1.0)
        value += float(match["tail"] or 0) * _SCALE.get(scale, 0.0) / 10  # 12万8 is 128000
        yield Sum(round(value, 2), "square_metre" if unit in _AREA else "yuan", match.start(), match.end())


_COUNT = re.compile(rf"(?<![第\d])(?P<number>\d{{1,3}}|{_NUMERAL})\s*(?:家|个(?!月|工作日|星期|小时|点|亿)|户|名|人|座|栋)")
_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
_BARE = re.compile(rf"{_DIGITS}|{_NUMERAL}")
_LOWER = {"亿": "千万", "万": "千", "千": "百", "百": "十"}


def bare_numbers(text: str) -> list[Sum]:
    """Numbers without a unit, from 100 on and no years: what the asker of a calculation may mean by yuan."""
    found, taken = [], [(item.start, item.end) for item in find_sums(text)]
    for match in _BARE.finditer(text):
        number = _number(match[0])
        inside = any(start < match.end() and match.start() < end for start, end in taken)
        if number is not None and number >= 100 and not inside and not _YEAR.fullmatch(match[0]):
            found.append(Sum(number, "yuan", match.start(), match.end()))
    return found


def find_count(text: str) -> int | None:
    """How many applicants a text speaks of (三家子公司), from 2 on; None where it does not say."""
    for match in _COUNT.finditer(text):
        number = _number(match["number"])
        if number is not None and 2 <= number < 1000:
            return int(number)
    return None


def _number(text: str) -> float | None:
    if text[0].isdigit():
        return float(text.replace(",", ""))
    text = text.replace("〇", "零")
    if len(text) >= 3 and text[-2] in _LOWER and text[-1] in "一二三四五六七八九":
        text += _LOWER[text[-2]]  # 两千五 is 2500
    if text.strip("点") != text:
        return None
    if "点" in text and text[-1] in "万亿":
        share = _number(text[:-1])
        return None if share is None else share * _SCALE[text[-1]]
    try:
        return float(cn2an.cn2an(text, "smart"))
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
