"""Whether a question asks what has to be put in (想拿5万,年薪得多少; 投多少能封顶), and the sum that is to come out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.knowledge.sums import Sum

_GET = "拿|领|得|补|到手"
_MOST = "(?:(?:拿|领|补|用|够|得)(?:满|足)(?!\\d|[一二两三四五六七八九十]+年)|封顶|顶格|到顶|上限|满额|最高(?!新)|最多)"
# 多少天, 多少人, 多少家 ask for something else; so does 补多少才算封顶, which asks for the cap itself.
_SOME = "(?:多少(?!天|年(?!薪)|人|家|个|名|时|材料|次|岁|企业|公司|单位|专家)|多大|多高)"
_HOW_MUCH = f"(?<![补奖给拿领贴励助]){_SOME}"
_NEEDS = "(?:需要?|要|须|应该|应当|(?<![能可会])得|(?<=[,，])(?=年薪|研发|项目|投))(?!交|缴|还|付)"
_TO_THE_MOST = (
    re.compile(rf"{_HOW_MUCH}[^,，。;；?？]{{0,6}}?(?:才|就|能|可以|会|刚好|正好)[^,，。;；?？]{{0,8}}?{_MOST}"),
    re.compile(rf"(?:花|投|投入|支出|年薪|工资|薪酬)(?:到|了|入)?{_HOW_MUCH}[^,，。;；?？]{{0,4}}?(?:封顶|顶格|到顶)"),
    re.compile(
        rf"(?:(?:卡|达|够|碰|触|拿|领)[在到着]?[^,，。;；?？]{{0,4}}?)?{_MOST}[^。;；?？\d]{{0,10}}?{_NEEDS}[^,，。;；?？]{{0,8}}?{_SOME}"
    ),
)
_BEFORE = re.compile(
    rf"{_HOW_MUCH}[^,，。;；?？]{{0,6}}?(?:才|就|能|可以|会)?[^,，。;；?？]{{0,6}}?(?:{_GET})(?:到|满|够|足|上)*$"
)
_WANTED = re.compile(rf"(?:{_GET})(?:到|满|够|足|上)*$")
_SUPPORT = re.compile("的?(?:补|奖)")
_AFTER = re.compile(rf"[^。;；?？\d]{{0,10}}?{_NEEDS}[^,，。;；?？\d]{{0,8}}?{_SOME}")


def wanted_sum(text: str, sums: Sequence[Sum]) -> Sum | None:
    """The sum that is to come out: 5万 of 想拿5万,年薪得多少."""
    for item in sums:
        before, after = text[: item.start], text[item.end :]
        wanted = _WANTED.search(before) or (before.endswith("达到") and _SUPPORT.match(after))
        if item.unit == "yuan" and (_BEFORE.search(before) or (wanted and _AFTER.match(after))):
            return item
    return None


def asks_needed(text: str, sums: Sequence[Sum]) -> bool:
    """Whether a question asks what has to be put in, not what comes out."""
    return wanted_sum(text, sums) is not None or any(pattern.search(text) for pattern in _TO_THE_MOST)
