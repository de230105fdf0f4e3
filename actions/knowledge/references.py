"""Pointing at what was said before: 第二个, 最后一个, 前两个, 还有别的吗, 这两个, 回到刚才那个."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.knowledge.lexicon import squeeze

_DIGIT = {char: number for number, char in enumerate("零一二三四五六七八九十")} | {"两": 2, "俩": 2, "仨": 3}
_NUMBER = r"\d{1,2}(?!\d)|十[一二三四五六七八九]|[一二两三四五六七八九十俩仨](?![一二三四五六七八九十百千万亿])"
_UNIT = "个|项|条|种|款|号|样"
# 第一个月, 前三个季度, 两个孩子: counted things that are no entries of a list.
_THING = "个?(?:月|季度|年|自然年|会计年|工作日|星期|周|五年)|批|期|次|天|名|位|家|届|轮|亿|万|人|孩子"
_PEOPLE = "孩子|人才|博士|硕士|专家|股东|员工|专利|公司|老板"
_ORDINAL = re.compile(rf"(?<!倒数)第({_NUMBER})(?!{_THING})(?:{_UNIT}|(?=[的呢吧吗和跟与、，,.。?？!！]|$))")
_ONLY_NUMBER = re.compile(rf"我?(?:那|就|选|要|看|问|点|查)*(?:第)?({_NUMBER})(?:{_UNIT})?[吧呢的啊呗。.]*")
_FROM_END = re.compile(rf"倒数第({_NUMBER})(?!{_THING})(?:{_UNIT})")
_LAST = re.compile(rf"(?:最后|末尾|后)(?:面)?(?:那|的|这)?一?(?!{_THING})(?:{_UNIT}|只|支)|后者")
_FIRST = re.compile(rf"(?<!之)前(?:面)?(?:那|的|这)?一?(?!{_THING})(?:{_UNIT}|只|支)|前者")
_FIRST_FEW = re.compile(rf"(前|后)({_NUMBER})(?!{_THING})(?:{_UNIT})?")
_BOTH = re.compile(
    f"两者|两样|(?:这|那)?(?:两|俩)(?!{_THING}|百|千|个?[点人亿五])(?:[个项种条款样]|(?<=俩)|(?<=[这那]两))(?!{_PEOPLE})|它们|它俩|二者"
)
_OTHERS = re.compile("别的|其他|其它|其余|另外|除了|剩下|没列")
_RETURN = re.compile("说回|回到|接着说|刚才|刚刚|之前|最开始|一开始|最早")
_BACK = re.compile("说回|回到|刚才|刚刚说|那个|前面|上面|之前|你说的|这些|最开始|一开始")


def number(text: str) -> int:
    """A small number in digits or in Chinese characters, up to 十九."""
    return int(text) if text.isdigit() else sum(_DIGIT[char] for char in text)


def pointed(text: str, listed: Sequence[str]) -> tuple[str, ...] | None:
    """The entries of a numbered list that a text points at; () where it points past the end, None where at nothing."""
    if not listed:
        return None
    places = [number(match) - 1 for match in _ORDINAL.findall(text)]
    places += [len(listed) - number(match) for match in _FROM_END.findall(text)]
    alone = _ONLY_NUMBER.fullmatch(squeeze(text)[0])
    if not places and alone:
        places = [number(alone[1]) - 1]
    if not places and _LAST.search(text):
        places = [len(listed) - 1]
    if not places and len(listed) == 2 and _FIRST.search(text):
        places = [0]
    few = _FIRST_FEW.search(text)
    if not places and few and len(squeeze(text)[0]) <= 12:
        count = min(number(few[2]), len(listed))
        places = list(range(count) if few[1] == "前" else range(len(listed) - count, len(listed)))
    if not places:
        return None
    return tuple(dict.fromkeys(listed[place] for place in places if 0 <= place < len(listed)))


def both(text: str) -> bool:
    """Whether a text speaks of two things said before: 这两个, 它们, 两者."""
    return bool(_BOTH.search(text))


def others(text: str) -> bool:
    """Whether a text asks for other things than those shown: 除了这个还有别的融资路子没."""
    return bool(_OTHERS.search(text))


def returns(text: str) -> bool:
    """Whether a text takes up an earlier subject again: 说回刚才那个楼的."""
    return bool(_RETURN.search(text))


def goes_back(text: str) -> bool:
    """Whether a text points back to something said before: 说回刚才那个."""
    return bool(_BACK.search(text))
