"""Numbers in digits and in Chinese numerals."""

from __future__ import annotations

from decimal import Decimal

import cn2an

DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
NUMERAL = r"[零〇一二两三四五六七八九十百千万亿点]+"
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


def read_number(text: str) -> Decimal | None:
    """A number in digits or in Chinese numerals; None where the characters make none."""
    text = text.replace("〇", "零")
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
