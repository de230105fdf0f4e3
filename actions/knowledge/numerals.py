"""Numbers in digits and in Chinese numerals."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

import cn2an

DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
# 陆 and 伍 are numerals, and the ends of other words.
NUMERAL = r"(?:[零〇一二两三四五六七八九十百千万亿点壹贰叁肆柒捌玖拾佰仟]|(?<![大登内着])陆|(?<![队退])伍)+"
_FINANCIAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟〇", "一二三四五六七八九十百千零")
SCALE = {
    "": Decimal(1),
    "百": Decimal(10) ** 2,
    "千": Decimal(10) ** 3,
    "万": Decimal(10) ** 4,
    "十万": Decimal(10) ** 5,
    "百万": Decimal(10) ** 6,
    "千万": Decimal(10) ** 7,
    "亿": Decimal(10) ** 8,
    "十亿": Decimal(10) ** 9,
    "百亿": Decimal(10) ** 10,
    "千亿": Decimal(10) ** 11,
    "万亿": Decimal(10) ** 12,
}
_LOWER = {"亿": "千万", "万": "千", "千": "百", "百": "十"}


# Two neighbours before a scale or alone: 二三十万, 十二三万, 三四万.
_VAGUE = re.compile(
    "(?P<head>(?:[一二三四五六七八九]?十)?)(?P<low>[一二两三四五六七八])(?P<high>[二三四五六七八九])(?P<tail>[十百千万亿]*)"
)
_ORDER = "零一二三四五六七八九"


def everyday(text: str) -> str:
    """A numeral without the characters of cheques: 贰拾万 → 二十万. Every character keeps its place."""
    return text.translate(_FINANCIAL)


def vague_number(text: str) -> tuple[str, str] | None:
    """The two ends of a vague number, 二十万 and 三十万 of 二三十万; None where it is not vague."""
    match = _VAGUE.fullmatch(text)
    if not match or _ORDER.index(match["low"].replace("两", "二")) + 1 != _ORDER.index(match["high"]):
        return None
    head, tail = match["head"], match["tail"]
    return (head + match["low"] + tail, head + match["high"] + tail)


@lru_cache(maxsize=2_000)
def read_number(text: str) -> Decimal | None:
    """A number in digits or in Chinese numerals; None where the characters make none."""
    text = everyday(text)
    if text.lstrip("零")[:1].isdigit():
        return Decimal(text.lstrip("零").replace(",", ""))
    if len(text) >= 3 and text[-2] in _LOWER and text[-1] in "一二三四五六七八九":
        text += _LOWER[text[-2]]  # 两千五 is 2500
    if text.strip("点") != text:
        return None
    if "点" in text and text[-1] in "万亿":
        share = read_number(text[:-1])
        return None if share is None else share * SCALE[text[-1]]
    try:
        return Decimal(str(cn2an.cn2an(text, "smart")))
    except ValueError:
        large = len(text) > 1 and text[-1] in "万亿"  # 一亿亿 is nonsense, but a number
        share = read_number(text[:-1]) if large else None
        return None if share is None else share * SCALE[text[-1]]
