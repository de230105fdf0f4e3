"""Slips and pinyin are put back into the book's words; real words stay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from actions.knowledge.homophones import Homophones, syllables

NAMES = ["孵化器", "高新贷", "崂山", "汇保通", "人才公寓", "实验室", "上合示范区", "楼宇", "研发", "qflp"]
COMMON = {"奖励": 400, "怎么": 800, "申请": 700, "多少": 900, "条件": 500, "公司": 900, "工司": 1, "贷款": 300}
WORDS = {*NAMES, *COMMON, "老山", "公式", "高薪", "其它"}


def segment(run: str) -> Iterator[str]:
    """The longest known words; what is in none falls into single characters."""
    while run:
        length = next((n for n in range(len(run), 1, -1) if run[:n] in WORDS), 1)
        yield run[:length]
        run = run[length:]


HOMOPHONES = Homophones(NAMES, COMMON, segment)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("浮化器奖励多少", "孵化器奖励多少"),
        ("孵化气", "孵化器"),
        ("汇宝通怎么申请", "汇保通怎么申请"),
        ("高欣贷条件", "高新贷条件"),
        ("高薪贷条件", "高新贷条件"),  # 高薪 is a word, 高薪贷 is none
        ("人材公寓", "人才公寓"),
        ("实验市", "实验室"),
        ("上河示范区", "上合示范区"),
        ("研法", "研发"),
        ("崂善奖励", "崂山奖励"),  # two loose characters
        ("上合四范区", "上合示范区"),  # s for sh
    ],
)
def test_slips_are_mended(typed: str, meant: str) -> None:
    assert HOMOPHONES.correct(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "孵化器奖励多少",
        "老山",  # sounds like 崂山, and is a word
        "公式",  # sounds like 公司, and is a word
        "工司",  # a common word of its own
        "福化其它",  # ends inside 其它
        "高兴",
        "奖",
        "server qflp xyz123",
        "hello world",
        "",
    ],
)
def test_what_is_right_stays(text: str) -> None:
    assert HOMOPHONES.correct(text) == text


def test_slip_inside_a_longer_word_stays() -> None:
    """研法 is mended on its own, and left alone where it is a part of words."""
    split = {"调研法": ["调研", "法"]}
    careful = Homophones(NAMES, COMMON, lambda run: split.get(run, list(run)))
    assert careful.correct("研法") == "研发"
    assert careful.correct("调研法") == "调研法"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("laoshan", "崂山"),
        ("lao shan", "崂山"),
        ("lao'shan", "崂山"),
        ("fuhuaqi", "孵化器"),
        ("fuhuaqi jiangli duoshao", "孵化器奖励多少"),
        ("崂山fuhuaqi怎么shenqing", "崂山孵化器怎么申请"),
        ("fuhuaqi foobar duoshao", "孵化器 foobar 多少"),
        ("gongsi", "公司"),  # of two words with one sound the commoner
    ],
)
def test_pinyin(typed: str, meant: str) -> None:
    assert HOMOPHONES.correct(typed) == meant


def test_nothing_is_known_without_words() -> None:
    empty = Homophones([], {})
    assert empty.correct("浮化器 laoshan") == "浮化器 laoshan"


def test_syllables() -> None:
    assert syllables("孵化器") == ("fu", "hua", "qi")
