"""Sums of money and areas in Chinese text: 30万, 三十万, 300,000元, 1亿2000万, 20到30万, -5万."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from actions.knowledge.money import MOST, cents, plain
from actions.knowledge.numerals import DIGITS, NUMERAL, SCALE, everyday, read_number, vague_number

Unit = Literal["yuan", "square_metre"]

_SCALES = "千亿|百亿|十亿|万亿|千万|百万|十万|亿|万|千|百"
# A dash is a minus only where a number is given: after 年薪, a colon, at the start; 高新贷-500万 has none.
_MINUS = r"(?:(?:^|(?<=[\s:：,，。(（是为成了薪资收入费额金租积税]))[-−–]|负的?)\s*"
# 三十万一年 is 三十万, and a year.
_NOT_NEXT = "(?<![万亿][一二两三四五六七八九](?=[年个家名位月人]))"
_NUMBER = re.compile(
    rf"(?<![几数])(?P<minus>{_MINUS})?(?P<number>零?{DIGITS}|{NUMERAL}{_NOT_NEXT})\s*个?\s*[多余来]?\s*(?P<scale>{_SCALES})?\s*[多余来]?\s*"
    r"(?P<tail>\d(?![\d.百千万亿年家个人名户项座%]))?"
    r"(?P<unit>平方米|平米|平方|㎡|m2|平(?![台均时等安行])|亩|美元|元|块钱|块(?=钱|吧|呢|吗|$|[每/一1]+平)|人民币"
    r"|[wk](?![a-z屏画高显]))?",
    re.IGNORECASE,
)
_LATIN = {"w": Decimal(10_000), "k": Decimal(1_000)}
_ALONE = ("百万", "千万")
_AREA = ("平方米", "平米", "平方", "㎡", "m2", "平")
_PRICE = re.compile(r"(?:元|块|块钱|[\d.]+|[kw])[\s/每]*$", re.IGNORECASE)
_COUNTED = tuple("家个户人项座名位栋")  # 10万家 is no sum
_RANGE = re.compile(rf"(?P<number>{DIGITS}|[一二两三四五六七八九十百]+)\s*[到至~～\-—–]+\s*$")


@dataclass(frozen=True)
class Sum:
    """A quantity in a text: `value` in yuan or in square metres, `[start, end)` its place."""

    value: float
    unit: Unit
    start: int
    end: int


@dataclass(frozen=True)
class _Piece:
    """A number as it stands, before it is known whether it is a sum."""

    value: Decimal
    scale: Decimal  # of its last digit: 亿 in 1亿2000万 makes room for 2000万
    sure: bool  # large or with a unit
    unit: str
    start: int
    end: int


def find_sums(text: str) -> list[Sum]:
    """The sums of money and the areas that a text names, in order. Bare numbers without a unit are none."""
    return list(_sums(text))


# A turn asks several times for the numbers of its question.
@lru_cache(maxsize=1_000)
def _sums(text: str) -> tuple[Sum, ...]:
    found: list[Sum] = []
    for piece in _joined(_pieces(text)):
        counted = not piece.unit and text[piece.end : piece.end + 1] in _COUNTED
        if not piece.sure or piece.unit in ("亩", "美元") or counted:
            continue
        unit: Unit = "square_metre" if piece.unit in _AREA else "yuan"
        after = found[-1].end if found else 0
        low = _lower_end(text[after : piece.start], piece)
        if low:
            found.append(Sum(plain(low[0]), unit, after + low[1], after + low[2]))
        found.append(Sum(plain(cents(piece.value)), unit, piece.start, piece.end))
    return tuple(found)


def _pieces(text: str) -> Iterator[_Piece]:
    for match in _NUMBER.finditer(text):
        number, scale, unit = everyday(match["number"]), match["scale"] or "", (match["unit"] or "").lower()
        if unit in _AREA and number in ("1", "一") and _PRICE.search(text[: match.start()]):
            continue  # 100元一平 is a price
        ends = vague_number(number)
        if ends and (unit or ends[0][-1] in "万亿"):
            yield from _vague(ends, unit, match)
            continue
        value = read_number(number)
        if number in _ALONE and (text[: match.start()].endswith("年薪") or text[match.end() :].startswith("年薪")):
            value = SCALE[number]  # 年薪百万; elsewhere 千万 may be no number at all
        if value is None:
            continue
        factor = SCALE[scale] * _LATIN.get(unit, Decimal(1))
        value = min(value, MOST) * factor + Decimal(match["tail"] or 0) * SCALE[scale] / 10  # 12万8 is 128000
        large = factor >= 10_000 or unit in _LATIN or number in _ALONE or any(char in "万亿" for char in number[1:])
        sign = -1 if match["minus"] else 1
        last = factor if scale or unit in _LATIN else SCALE.get(number[-1], factor)  # 三十万 has its scale inside
        yield _Piece(sign * min(value, MOST), last, large or bool(unit), unit, match.start(), match.end())


def _vague(ends: tuple[str, str], unit: str, match: re.Match[str]) -> Iterator[_Piece]:
    """二三十万 as its two ends: the lower one stands in the first characters, the upper one in the rest."""
    low, high = (read_number(end) for end in ends)
    if low is None or high is None:
        return
    start, factor = match.start("number"), _LATIN.get(unit, Decimal(1))
    middle = start + next(i for i, pair in enumerate(zip(*ends, strict=True)) if pair[0] != pair[1]) + 1
    yield _Piece(low * factor, Decimal(1), True, unit, start, middle)
    yield _Piece(high * factor, Decimal(1), True, unit, middle, match.end())


def _joined(pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    """1亿2000万 is one number, 30万50万 are two."""
    last: _Piece | None = None
    for piece in pieces:
        follows = last is not None and last.end == piece.start and not last.unit and last.scale >= 1_000
        if last and follows and (piece.scale > 1 or piece.sure) and 0 <= piece.value < last.scale:
            value = last.value + piece.value if last.value >= 0 else last.value - piece.value
            last = replace(last, value=value, scale=piece.scale, sure=last.sure or piece.sure, unit=piece.unit, end=piece.end)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def _lower_end(before: str, piece: _Piece) -> tuple[Decimal, int, int] | None:
    """The lower end of 20到30万, which leaves its scale and its unit to the upper one: value and place."""
    match = _RANGE.search(before)
    if not match:
        return None
    value = read_number(match["number"])
    if value is None or not 0 < value * piece.scale < piece.value:
        return None
    return cents(value * piece.scale), match.start("number"), match.end("number")


_YEAR = re.compile(r"(?:19|20)\d\d[年届]")
_BARE = re.compile(rf"(?P<minus>{_MINUS})?(?P<number>{DIGITS}|{NUMERAL})")


def bare_numbers(text: str) -> list[Sum]:
    """Numbers without a unit, from 100 on and no years (2022年): what the asker of a calculation may mean by yuan."""
    return list(_bare_numbers(text))


@lru_cache(maxsize=1_000)
def _bare_numbers(text: str) -> tuple[Sum, ...]:
    found, taken = [], [(item.start, item.end) for item in find_sums(text)]
    for match in _BARE.finditer(text):
        number = read_number(match["number"])
        inside = any(start < match.end() and match.start() < end for start, end in taken)
        if number is not None and 100 <= number <= MOST and not inside and not _YEAR.match(text, match.start()):
            found.append(Sum(plain(-number if match["minus"] else number), "yuan", match.start(), match.end()))
    return tuple(found)


def like_year(value: float) -> bool:
    """Whether a bare number may as well be a year."""
    return value in range(1990, 2100)
