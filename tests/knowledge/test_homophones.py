"""Slips and pinyin are put back into the book's words; real words stay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from actions.knowledge.homophones import Homophones, Names
from actions.knowledge.pinyin import syllables

NAMES = ["孵化器", "高新贷", "崂山", "汇保通", "人才公寓", "实验室", "上合示范区", "楼宇", "研发", "qflp"]
COMMON = {"奖励": 400, "怎么": 800, "申请": 700, "多少": 900, "条件": 500, "公司": 900, "工司": 1, "贷款": 300}
WORDS = {*NAMES, *COMMON, "老山", "公式", "高薪", "其它"}


def segment(run: str) -> Iterator[str]:
    """The longest known words; what is in none falls into single characters."""
    while run:
        length = next((n for n in range(len(run), 1, -1) if run[:n] in WORDS), 1)
        yield run[:length]
        run = run[length:]


HOMOPHONES = Homophones(Names(NAMES), COMMON, segment)


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
    careful = Homophones(Names(NAMES), COMMON, lambda run: split.get(run, list(run)))
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


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fu hua qi jiang li duo shao", "孵化器奖励多少"),
        ("lao  shan", "崂山"),
        ("lao shan fu hua qi", "崂山孵化器"),
        ("在lao shan的fu hua qi", "在崂山的孵化器"),
        ("fu hua qi foobar", "fu hua qi foobar"),  # no pinyin all through: nothing is put together
    ],
)
def test_pinyin_with_spaces(typed: str, meant: str) -> None:
    assert HOMOPHONES.correct(typed) == meant


# Single characters of the examples that English words would divide into: ti-me, li-ke, o-ne, e-da.
SINGLE = {"替": 20, "么": 500, "立": 30, "可": 400, "哦": 20, "呢": 300, "饿": 20, "大": 200, "的": 900}
ENGLISH = Homophones(Names(NAMES), {**COMMON, **SINGLE}, segment)


@pytest.mark.parametrize("text", ["time", "like", "one", "eda", "i like one", "some time", "eda 中心"])
def test_english_words_are_no_pinyin(text: str) -> None:
    assert ENGLISH.correct(text) == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("time的gaoxindai", "time的高新贷"),
        ("fuhuaqi one", "孵化器 one"),
        ("eda zhongxin", "eda zhongxin"),  # no word of either list
    ],
)
def test_english_words_stay_beside_pinyin(typed: str, meant: str) -> None:
    assert ENGLISH.correct(typed) == meant


SHORT = {"gxd": "高新贷", "hbt": "汇保通", "gaoxindai": "汇保通", "qflp": "高新贷"}
SHORTENED = Homophones(Names(NAMES, SHORT), COMMON, segment)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gxd", "高新贷"),
        ("gxd怎么申请", "高新贷怎么申请"),
        ("hbt gxd", "汇保通 高新贷"),
        ("xgxd", "xgxd"),  # as a whole or not at all
        ("gaoxindai", "高新贷"),  # pinyin comes first
        ("qflp", "qflp"),  # a name of its own
    ],
)
def test_initials_stand_for_names(typed: str, meant: str) -> None:
    assert SHORTENED.correct(typed) == meant


def test_initials_are_nothing_without_a_list() -> None:
    assert HOMOPHONES.correct("gxd") == "gxd"


PLACES = Homophones(Names(["即墨区", "胶州市", "黄岛区", "红岛区", "即墨"]), {})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jm区", "即墨区"),
        ("在jm区的企业", "在即墨区的企业"),
        ("jz市", "胶州市"),
        ("hd区", "hd区"),  # 黄岛区 or 红岛区
        ("jm镇", "jm镇"),
        ("ajm区", "ajm区"),
        ("jm", "jm"),
    ],
)
def test_initials_of_a_district(typed: str, meant: str) -> None:
    assert PLACES.correct(typed) == meant


def cut(**runs: str) -> Homophones:
    """Mends towards 基因谷; runs are cut into words as given."""
    return Homophones(Names(["基因谷"]), {"面积": 50}, lambda run: runs.get(run, run).split("/"))


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("基音谷/面积", "基因谷面积"),
        ("基音/谷面/积", "基因谷面积"),  # cut elsewhere, but at the beginning
        ("大/基音谷", "大基因谷"),
        ("大基/音谷", "大基因谷"),  # cut elsewhere, but at the end
        ("大基/音谷面/积", "大基音谷面积"),  # inside words on both sides
        ("积英/谷面/积", "积英谷面积"),  # two characters differ
        ("鸡音/谷面/积", "鸡音谷面积"),
    ],
)
def test_a_name_cut_elsewhere(words: str, meant: str) -> None:
    typed = words.replace("/", "")
    assert cut(**{typed: words}).correct(typed) == meant


def test_nothing_is_known_without_words() -> None:
    empty = Homophones(Names([]), {})
    assert empty.correct("浮化器 laoshan") == "浮化器 laoshan"


def test_syllables() -> None:
    assert syllables("孵化器") == ("fu", "hua", "qi")
