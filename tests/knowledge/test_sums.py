"""Sums of money and areas: read in every way of writing, written in one."""

from __future__ import annotations

import pytest

from actions.knowledge import PolicyBook
from actions.knowledge.counts import find_months, find_parties, find_years, monthly, part_of_year
from actions.knowledge.money import number_text, yuan_text
from actions.knowledge.sums import bare_numbers, find_sums


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("30万", 300_000),
        ("30万元", 300_000),
        ("30 万", 300_000),
        ("30w", 300_000),
        ("30W吧", 300_000),
        ("三十万", 300_000),
        ("300,000元", 300_000),
        ("300000块钱", 300_000),
        ("300000人民币", 300_000),
        ("30.5万", 305_000),
        ("0.5万", 5_000),
        ("两百万", 2_000_000),
        ("一千二百万元", 12_000_000),
        ("三百五十万", 3_500_000),
        ("5百万", 5_000_000),
        ("3千万", 30_000_000),
        ("一亿五千万", 150_000_000),
        ("3个亿", 300_000_000),
        ("2亿多", 200_000_000),
        ("14.9亿元", 1_490_000_000),
        ("200块", 200),
        ("两千五百元", 2_500),
        ("40万以上", 400_000),
        ("100元/平方米", 100),
        ("33.7亿元", 3_370_000_000),
        ("三点五万", 35_000),
        ("12万8", 128_000),
        ("5千元", 5_000),
        ("8千块钱", 8_000),
        ("150多万", 1_500_000),
        ("一百来万", 1_000_000),
        ("80余万元", 800_000),
        ("一万二", 12_000),
        ("三十五万八", 358_000),
        ("二十万零五千", 205_000),
        ("20万5千", 205_000),
        ("20万零5百", 200_500),
        ("1亿2000万", 120_000_000),
        ("2万5千8", 25_800),
        ("3千5百元", 3_500),
        ("1.5个亿", 150_000_000),
        ("3千亿", 300_000_000_000),
        ("1万亿", 1_000_000_000_000),
        ("一万亿", 1_000_000_000_000),
        ("一亿亿元", 10_000_000_000_000_000),
        ("5k", 5_000),
        ("20K吧", 20_000),
        ("年薪百万", 1_000_000),
        ("百万年薪", 1_000_000),
        ("0元", 0),
        ("零元", 0),
        ("-5万", -50_000),
        ("负5万", -50_000),
        ("年薪-40万", -400_000),
        ("年薪是 -1亿2000万", -120_000_000),
        ("高新贷-500万", 5_000_000),
        ("负债500万", 5_000_000),
        ("贰拾万", 200_000),
        ("叁佰元", 300),
        ("壹拾伍万陆仟元", 156_000),
        ("大写伍拾万", 500_000),
        ("三十万一年", 300_000),
        ("三十万一个人", 300_000),
        ("三十万一", 301_000),
    ],
)
def test_money(text: str, yuan: float) -> None:
    (found,) = find_sums(text)
    assert (found.value, found.unit) == (yuan, "yuan")


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("500平", 500),
        ("500平方米", 500),
        ("五百平米", 500),
        ("1000㎡", 1000),
        ("1.5万平方米", 15_000),
        ("800m2", 800),
        ("两千五百平", 2_500),
        ("负的500平方米", -500),
        ("0平", 0),
    ],
)
def test_areas(text: str, area: float) -> None:
    (found,) = find_sums(text)
    assert (found.value, found.unit) == (area, "square_metre")


@pytest.mark.parametrize(
    "text",
    [
        "2022年",
        "500强",
        "96711",
        "30%",
        "10万家企业",
        "2万人",
        "10亿美元",
        "20亩",
        "第三名",
        "三年",
        "万一",
        "12345",
        "平台",
        "5G",
        "千万",
        "几十万",
        "数百万",
        "4k屏",
        "两万五千人",
        "5名",
        "2020-2022年",
    ],
)
def test_what_is_no_sum(text: str) -> None:
    assert find_sums(text) == []


def test_sums_stand_where_they_are_found() -> None:
    text = "年薪40万,租500平,还差三十万元"
    found = find_sums(text)
    assert [(item.value, item.unit) for item in found] == [(4e5, "yuan"), (500, "square_metre"), (3e5, "yuan")]
    assert [text[item.start : item.end] for item in found] == ["40万", "500平", "三十万元"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("20到30万", [200_000, 300_000]),
        ("20~30w", [200_000, 300_000]),
        ("二十到三十万", [200_000, 300_000]),
        ("20万-30万", [200_000, 300_000]),
        ("3-5千元", [3_000, 5_000]),
        ("1200到3000平", [1_200, 3_000]),
        ("二三十万", [200_000, 300_000]),
        ("年薪两三百万", [2_000_000, 3_000_000]),
        ("十二三万", [120_000, 130_000]),
        ("七八千元", [7_000, 8_000]),
        ("三四百平", [300, 400]),
        ("二三十", []),
        ("100元一平", [100]),
        ("100元/1平,2500平", [100, 2_500]),
        ("500块一平米", [500]),
        ("就一平", [1]),
        ("一个20万一个50万", [200_000, 500_000]),
        ("30万50万", [300_000, 500_000]),
        ("50到30万", [300_000]),  # no range
        ("3月5日", []),
    ],
)
def test_ranges_and_rows(text: str, values: list[float]) -> None:
    assert [item.value for item in find_sums(text)] == values


@pytest.mark.parametrize("text", ["9" * 400 + "万", "9" * 400 + "元", "九亿" * 200, "-" + "9" * 60 + "亿元"])
def test_absurd_numbers_stay_numbers(text: str) -> None:
    assert all(abs(item.value) <= 10**18 for item in find_sums(text))


def test_whole_sums_are_whole_numbers() -> None:
    assert [type(item.value) for item in find_sums("30.5万和0.5元")] == [int, float]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("工资300000能补多少", [300_000]),
        ("月薪两千五", [2_500]),
        ("一万二", []),  # a sum without any unit
        ("月租2000付多少", [2_000]),
        ("工资-300000", [-300_000]),
        ("1,000,000", [1_000_000]),
        ("2022年招了99人", []),
        ("150多万", []),
        ("三年", []),
    ],
)
def test_bare_numbers(text: str, values: list[float]) -> None:
    assert [item.value for item in bare_numbers(text)] == values


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("三家子公司一共多少", 3),
        ("我们有5家企业", 5),
        ("两个人都能领吗", 2),
        ("十二名博士", 12),
        ("两栋楼", 2),
        ("一家公司", None),
        ("第三家企业", None),
        ("两个月能拿多少", None),
        ("10个工作日到账", None),
        ("30万", None),
        ("2022年", None),
        ("给多少", None),
        ("两三个人", None),
    ],
)
def test_how_many_are_spoken_of(text: str, count: int | None) -> None:
    assert next((party.number for party in find_parties(text) if party.number >= 2), None) == count


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("三家子公司", [(3, "company")]),
        ("三个人", [(3, "person")]),
        ("俩人", [(2, "person")]),
        ("引进10个基础人才", [(10, "person")]),
        ("两个项目", [(2, "project")]),
        ("两栋楼", [(2, "building")]),
        ("3个年薪45万的人", [(3, "")]),
        ("一个总监和两名工程师", [(1, "person"), (2, "person")]),
        ("3个亿", []),
        ("1.5个亿", []),
        ("每个都给", []),
    ],
)
def test_who_is_counted(text: str, parties: list[tuple[int, str]]) -> None:
    assert [(party.number, party.who) for party in find_parties(text)] == parties


@pytest.mark.parametrize(
    ("text", "years", "months", "part"),
    [
        ("领两年", 2, 24, False),
        ("一年能补多少", 1, 12, False),
        ("我领了三年了，第四年还能领吗", 3, 36, False),
        ("10年", 10, 120, False),
        ("干满一年半", 1, 12, True),
        ("半年", None, None, True),
        ("租六个月", None, 6, True),
        ("一个月省多少", None, None, False),
        ("成立3年", None, None, False),
        ("2022年", None, None, False),
        ("第二年", None, None, False),
        ("年薪20万", None, None, False),
    ],
)
def test_how_long(text: str, years: int | None, months: int | None, part: bool) -> None:
    assert (find_years(text), find_months(text), part_of_year(text)) == (years, months, part)


@pytest.mark.parametrize(
    ("before", "after", "is_monthly"),
    [
        ("月薪", "", True),
        ("每月给", "", True),
        ("", "一个月", True),
        ("", "/月", True),
        ("年薪", "", False),
        ("两个月前投了", "", False),
    ],
)
def test_monthly(before: str, after: str, is_monthly: bool) -> None:
    assert monthly(before, after) == is_monthly


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (100, "100 元"),
        (9_999, "9999 元"),
        (10_000, "1 万元"),
        (300_000, "30 万元"),
        (385_000, "38.5 万元"),
        (10_000_000, "1000 万元"),
        (100_000_000, "1 亿元"),
        (3_370_000_000, "33.7 亿元"),
        (0.5, "0.5 元"),
        (123_456, "12.3456 万元"),
        (1_234_567.89, "1234567.89 元"),  # never rounded
        (123_456_789, "12345.6789 万元"),
        (0, "0 元"),
        (-50_000, "-5 万元"),
    ],
)
def test_yuan_text(value: float, text: str) -> None:
    assert yuan_text(value) == text
    if value >= 1:
        assert [item.value for item in find_sums(text)] == [value]


def test_every_sum_of_the_book_is_read_back(book: PolicyBook) -> None:
    sums = {yuan for policy in book.policies.values() for rule in policy.rules for yuan in rule.yuan}
    read_back = {item.value for yuan in sums for item in find_sums(yuan_text(yuan))}
    assert read_back == sums


def test_yuan_text_of_another_currency() -> None:
    assert yuan_text(1_000_000_000, "美元") == "10 亿美元"


@pytest.mark.parametrize(
    ("value", "text"), [(3.70, "3.7"), (100.0, "100"), (0.05 * 100, "5"), (1 / 3, "0.3333"), (0.6 * 10, "6")]
)
def test_number_text(value: float, text: str) -> None:
    assert number_text(value) == text
