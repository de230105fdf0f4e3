"""Calculations as they are told: short lines, the cap explained, the missing number asked for, nothing that is not certain."""

from __future__ import annotations

import json

import pytest

from actions.knowledge import Aspect, Focus, Query
from actions.knowledge.benefits import Cap, Discount, Fixed, Matching, PerUnit, Rate, Unstated
from actions.knowledge.models import Policy, Rule, Scope
from actions.knowledge.sums import find_sums
from actions.replies.calculations import calculation_lines, calculations, question_line, trace, used_base
from tests.knowledge.books import make_policy

RECEIVED = Scope.PER_APPLICANT


def policy(*benefits: Rate | Matching | Discount | PerUnit | Fixed | Cap | Unstated) -> Policy:
    rules = [Rule(f"r{i}", f"条件{i}", item, None if isinstance(item, Unstated) else RECEIVED) for i, item in enumerate(benefits)]
    return make_policy("p", "政策", *rules)


def ask(text: str, aspect: Aspect | None = Aspect.CALCULATE, base: float | None = None) -> Query:
    unit = "yuan" if base is not None else None
    focus = Focus(policies=("p",), aspect=Aspect.CALCULATE, base=base, unit=unit) if base is not None else Focus()
    return Query(text, aspect, sums=tuple(find_sums(text)), focus=focus)


WAGE = policy(Rate("补贴", 0.3, "上年度薪酬总额", ("年薪",), cap=100_000, per="每人每年", years=3))
PROJECT = policy(Rate("补贴", 0.1, "项目金额", cap=1_000_000, per="每家企业每年"))
UNCLEAR = policy(Rate("奖励", 0.05, "研发投入", base_unclear="没有讲清按哪个数计算"))
MATCH = policy(Matching("配套", 0.5, "上级资助额"))
RENT = policy(Discount("优惠", 0.6, "公寓租金", ("租金",)))
SPACE = policy(PerUnit("奖励", 100, "平方米"))
UPPER = policy(Cap("设施奖励", 5_000_000))
EACH = policy(Fixed("认定奖励", 300_000, per="每家"))
SILENT = policy(Unstated("奖励"))


@pytest.mark.parametrize(
    ("record", "text", "expected"),
    [
        (WAGE, "年薪20万一年补多少", ["按 20 万元 测算：20 万元 × 30% = 6 万元。", "基数以上年度薪酬总额为准。"]),
        (
            WAGE,
            "月薪五万，两个人领两年",
            [
                "报道按年计，先折成一年：5 万元 × 12 = 60 万元。",
                "按 60 万元 测算：60 万元 × 30% = 18 万元，超过上限，按每人每年最高 10 万元 计。",
                "2 人合计：10 万元 × 2 = 20 万元（推算；须各自符合条件）。",
                "领 2 年合计最高 40 万元（每年 20 万元 × 2 年，合计数是推算，报道没有写）。",
                "基数以上年度薪酬总额为准。",
            ],
        ),
        (
            WAGE,
            "年薪20万领五年",
            [
                "按 20 万元 测算：20 万元 × 30% = 6 万元。",
                "满 3 年合计约 18 万元（每年 6 万元 × 3 年，合计数是推算，报道没有写）。",
                "报道写的是最多连续 3 年，5 年也只按 3 年算。",
                "基数以上年度薪酬总额为准。",
            ],
        ),
        (
            WAGE,
            "一个年薪20万一个年薪50万，一年各多少",
            [
                "按 20 万元 测算：20 万元 × 30% = 6 万元。",
                "按 50 万元 测算：50 万元 × 30% = 15 万元，超过上限，按每人每年最高 10 万元 计。",
                "合计：6 万元 + 10 万元 = 16 万元（推算；须各自符合条件）。",
                "基数以上年度薪酬总额为准。",
            ],
        ),
        (
            WAGE,
            "年薪20万还是25万，一年差多少",
            [
                "按 20 万元 测算：20 万元 × 30% = 6 万元。",
                "按 25 万元 测算：25 万元 × 30% = 7.5 万元。",
                "相差：7.5 万元 − 6 万元 = 1.5 万元。",
                "基数以上年度薪酬总额为准。",
            ],
        ),
        (
            PROJECT,
            "两个项目，一个600万一个700万",
            [
                "几项相加：600 万元 + 700 万元 = 1300 万元。",
                "按 1300 万元 测算：1300 万元 × 10% = 130 万元，超过上限，按每家企业每年最高 100 万元 计。",
                "上限按“每家企业每年”算，不因人数或项目数增加。",
                "基数以项目金额为准。",
            ],
        ),
        (
            PROJECT,
            "500万拿三年",
            ["按 500 万元 测算：500 万元 × 10% = 50 万元。", "报道没有写能连续给几年，这里只算一年。", "基数以项目金额为准。"],
        ),
        (
            UNCLEAR,
            "研发100万",
            ["按 100 万元 测算：100 万元 × 5% = 5 万元。", "没有讲清按哪个数计算，结果仅供参考。"],
        ),
        (MATCH, "上级给了100万", ["按上级资助额 100 万元 测算：100 万元 × 0.5 = 50 万元（1:0.5 配套）。"]),
        (
            RENT,
            "租金3000元",
            ["按公寓租金 3000 元 测算：3000 元 × 60% = 1800 元，这是要付的。", "比原价省 1200 元（3000 元 − 1800 元）。"],
        ),
        (SPACE, "2500平", ["按 2500 平方米测算：2500 平方米 × 100 元 = 25 万元（面积口径和上限以部门核定为准）。"]),
        (EACH, "三家公司", ["3 个合计：30 万元 × 3 = 90 万元（推算；须各自符合条件）。"]),
    ],
)
def test_lines(record: Policy, text: str, expected: list[str]) -> None:
    assert calculation_lines(ask(text), record) == expected


@pytest.mark.parametrize(
    ("record", "question"),
    [
        (WAGE, "请告诉我上年度薪酬总额是多少？有了这个数就能算。"),
        (MATCH, "请告诉我上级资助额是多少？有了这个数就能算。"),
        (SPACE, "请告诉我面积有多少平方米？有了这个数就能算。"),
        (EACH, ""),
        (UPPER, ""),
        (SILENT, ""),
    ],
)
def test_the_missing_number_is_asked_for(record: Policy, question: str) -> None:
    assert question_line(ask("帮我算算"), record) == question
    assert question_line(ask("多少", Aspect.AMOUNT), record) == ""
    assert question_line(ask("年薪20万、500平"), record) == ""
    if question:
        assert calculation_lines(ask("帮我算算"), record)[-1] == question


def test_nothing_is_asked_that_was_said_before() -> None:
    assert question_line(ask("两个人呢", base=200_000.0), WAGE) == ""
    assert calculation_lines(ask("两个人一年呢", base=200_000.0), WAGE)[:2] == [
        "按刚才的 20 万元 测算：20 万元 × 30% = 6 万元。",
        "2 人合计：6 万元 × 2 = 12 万元（推算；须各自符合条件）。",
    ]


def test_what_each_has_is_asked_where_only_the_total_is_given() -> None:
    line = "上限是按每人每年算的，请告诉我每一个的上年度薪酬总额各是多少？"
    assert calculation_lines(ask("三个人年薪合计60万"), WAGE)[-1] == line
    assert calculations(ask("三个人年薪合计60万"), WAGE) == []


@pytest.mark.parametrize("text", ["为什么不是12万", "为啥不是36万", "怎么才10万"])
def test_the_cap_is_explained(text: str) -> None:
    lines = calculation_lines(ask(text, Aspect.AMOUNT, 400_000.0), WAGE)
    assert lines[0].startswith("按刚才的 40 万元 测算：40 万元 × 30% = 12 万元，超过上限")
    assert "只按比例是 12 万元，但报道写了上限：每人每年最高 10 万元，所以按 10 万元 计。" in lines
    assert not any(line.startswith("只按比例") for line in calculation_lines(ask(text, Aspect.AMOUNT, 200_000.0), WAGE))


@pytest.mark.parametrize(
    ("record", "text", "line"),
    [
        (WAGE, "年薪-5万", "上年度薪酬总额不会是负数，这样算不出来。请告诉我实际是多少？"),
        (WAGE, "年薪0元", "上年度薪酬总额是 0 的话，没有可以算的数。请告诉我实际是多少？"),
        (WAGE, "年薪一万亿", "这个数大得不像上年度薪酬总额，是不是单位写错了？请核对后告诉我。"),
        (SPACE, "负500平", "面积不会是负数，这样算不出来。请告诉我实际是多少？"),
        (SPACE, "5亿平方米", "这个数大得不像面积，是不是单位写错了？请核对后告诉我。"),
        (UPPER, "花了-5万", "这个数（负数、零或过大）没法用来算，请核对后告诉我。"),
    ],
)
def test_implausible_numbers(record: Policy, text: str, line: str) -> None:
    assert calculation_lines(ask(text), record) == [line]
    assert calculations(ask(text), record) == []
    assert used_base(ask(text), record) is None


REACHED = "达到上限需要：10 万元 ÷ 30% ≈ 33.34 万元（推算，约数，已向上取；再多也按上限计）。"
FIVE = "要得到 5 万元，需要：5 万元 ÷ 30% ≈ 16.67 万元（推算，约数，已向上取）。"
OPEN = "报道没有写上限，没有“拿满”的说法，按比例或单价算多少是多少。"


@pytest.mark.parametrize(
    ("record", "text", "line"),
    [
        (WAGE, "年薪多少才能拿满10万", REACHED),
        (WAGE, "年薪多少才能拿满", REACHED),
        (WAGE, "刚好卡在上限要多少", REACHED),
        (WAGE, "三年拿满30万要多少年薪", REACHED),
        (WAGE, "想拿5万，年薪得多少", FIVE),
        (WAGE, "年薪多少能拿5万", FIVE),
        (WAGE, "要达到5万的补贴，年薪得是多少", FIVE),
        (WAGE, "想拿20万，年薪得多少", f"每人每年最高 10 万元，得不到 20 万元；{REACHED}"),
        (PROJECT, "项目花到多少就封顶", "达到上限需要：100 万元 ÷ 10% = 1000 万元（推算；再多也按上限计）。"),
        (PROJECT, "投多少能拿到顶格", "达到上限需要：100 万元 ÷ 10% = 1000 万元（推算；再多也按上限计）。"),
        (UNCLEAR, "研发花多少才封顶", OPEN),
        (UNCLEAR, "想拿50万要投多少研发", "要得到 50 万元，需要：50 万元 ÷ 5% = 1000 万元（推算）。"),
        (MATCH, "想拿50万要上级给多少", "要得到 50 万元，需要：50 万元 ÷ 50% = 100 万元（推算）。"),
        (SPACE, "想拿25万要多少面积", "要得到 25 万元，需要：25 万元 ÷ 100 元 = 2500 平方米（推算）。"),
    ],
)
@pytest.mark.parametrize("base", [None, 400_000.0])
def test_what_has_to_be_put_in(record: Policy, text: str, line: str, base: float | None) -> None:
    query = ask(text, base=base)
    lines = calculation_lines(query, record)
    assert lines[0] == line
    assert not any("测算" in other or "请告诉我" in other or "合计最高" in other for other in lines)
    assert (calculations(query, record), used_base(query, record)) == ([], None)


@pytest.mark.parametrize(
    "text",
    [
        "年薪20万能拿多少",
        "领满三年得多少",
        "最高能拿多少",
        "补贴多少封顶",
        "上限是多少",
        "年薪达到50万得多少",
        "拿满要多少天",
        "多少人能拿10万",
        "年薪20万，能得多少",
    ],
)
def test_what_comes_out_is_no_such_question(text: str) -> None:
    assert not any("÷" in line for line in calculation_lines(ask(text), WAGE))


def test_both_ways_in_one_question() -> None:
    lines = calculation_lines(ask("年薪20万一年多少，要多少年薪才能拿满"), WAGE)
    assert lines == ["按 20 万元 测算：20 万元 × 30% = 6 万元。", "基数以上年度薪酬总额为准。", REACHED]


PAID = policy(Rate("补贴", 0.3, "实际给付的年薪", ("年薪",), cap=100_000, per="每人每年", years=3))


@pytest.mark.parametrize("base", [None, 300_000.0])
def test_what_was_agreed_is_not_what_was_paid(base: float | None) -> None:
    line = "报道按“实际给付的年薪”计，合同上写的数不能直接用来算。请告诉我实际给付了多少？"
    query = ask("我合同写的是80万", base=base)
    assert calculation_lines(query, PAID) == [line]
    assert used_base(query, PAID) is None
    assert [item.base for item in calculations(ask("合同写的是80万能补多少", base=base), PAID)] == [800_000]
    assert [item.base for item in calculations(ask("我合同写的是80万", base=base), WAGE)] == [800_000]


def test_a_corrected_number_is_not_explained_as_a_doubted_result() -> None:
    lines = calculation_lines(ask("不对，加上奖金一共36万", Aspect.AMOUNT, 300_000.0), WAGE)
    assert lines[0].startswith("按 36 万元 测算")
    assert not any(line.startswith("只按比例") for line in lines)


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (UPPER, "报道只写了“设施奖励”最高 500 万元，没有写按什么算；按您的 900 万元 能得多少，算不出来。"),
        (EACH, "“认定奖励”是定额 每家 30 万元，不随您的 900 万元 变化。"),
        (SILENT, "报道没有写数额，按您的 900 万元 算不出能得多少。"),
        (
            policy(Cap("甲", 1_000), Cap("乙", 2_000), Fixed("丙", 3_000)),
            "报道写的是定额或上限，没有写按什么比例算，您的 900 万元 代不进去。",
        ),
    ],
)
def test_only_what_is_certain(record: Policy, line: str) -> None:
    assert calculation_lines(ask("花了900万"), record) == [line]
    assert calculation_lines(ask("花了900万", Aspect.AMOUNT), record) == []
    assert calculation_lines(ask("算算"), record) == []


TAX = make_policy(
    "tax",
    "楼宇奖励",
    Rule("award", "年税收首次超过 5 亿或 10 亿元", Cap("首次突破奖励", 10_000_000), RECEIVED),
    Rule("lowest", "最低一档", Fixed("年税收门槛", 500_000_000, qualifier="超"), Scope.THRESHOLD),
)
PAY = make_policy(
    "pay",
    "引才奖励",
    Rule("award", "引进年薪 40 万元以上的人才", Unstated("奖励")),
    Rule("pay", "须达到的年薪", Fixed("人才年薪门槛", 400_000, qualifier="以上"), Scope.THRESHOLD),
)
TIERS = "报道写的是首次突破奖励最高 1000 万元；各档标准报道未说明，按哪一档给多少不能推算。"


@pytest.mark.parametrize(
    ("record", "text", "expected"),
    [
        (TAX, "税收6亿", ["年税收 6 亿元：已超过 5 亿元，还没有超过 10 亿元。", TIERS]),
        (TAX, "税收11亿", ["年税收 11 亿元：已超过 5 亿元、10 亿元的门槛。", TIERS]),
        (TAX, "税收3亿", ["年税收 3 亿元：还没有超过 5 亿元、10 亿元的门槛。"]),
        (
            TAX,
            "税收从4.8亿涨到5.3亿",
            [
                "年税收 从 4.8 亿元 到 5.3 亿元：已超过 5 亿元，还没有超过 10 亿元。",
                "这次新超过的是 5 亿元。",
                TIERS,
            ],
        ),
        (PAY, "年薪40万", ["人才年薪 40 万元：已达到 40 万元的门槛。", "门槛不是奖励数额；奖励多少，报道没有写。"]),
        (PAY, "年薪38万", ["人才年薪 38 万元：还没有达到 40 万元的门槛。"]),
        (
            PAY,
            "月薪4万",
            [
                "报道按年计，先折成一年：4 万元 × 12 = 48 万元。",
                "人才年薪 48 万元：已达到 40 万元的门槛。",
                "门槛不是奖励数额；奖励多少，报道没有写。",
            ],
        ),
    ],
)
def test_thresholds(record: Policy, text: str, expected: list[str]) -> None:
    assert calculation_lines(ask(text), record) == expected
    assert question_line(ask(text), record) == ""


@pytest.mark.parametrize(
    ("record", "text", "base"),
    [
        (WAGE, "年薪40万", (400_000.0, "yuan", 1)),
        (WAGE, "三个人都是年薪40万", (400_000.0, "yuan", 3)),
        (PROJECT, "三家子公司项目费用都是2000万", (20_000_000.0, "yuan", 3)),
        (WAGE, "月薪两万", (240_000.0, "yuan", 1)),
        (PROJECT, "两个项目，一个600万一个700万", (13_000_000.0, "yuan", 1)),
        (RENT, "租金每月3000元租一年", (3_000.0, "yuan", 1)),  # what a month costs, for other spans of time
        (SPACE, "2500平", (2_500.0, "square_metre", 1)),
        (EACH, "三家公司", None),
        (UPPER, "花了900万", None),
        (WAGE, "帮我算算", None),
    ],
)
def test_what_is_kept(record: Policy, text: str, base: tuple[float, str, int] | None) -> None:
    assert used_base(ask(text), record) == base
    if base:
        assert used_base(Query("多少", Aspect.CALCULATE, focus=Focus(("p",)).with_base(*base)), record) == base


def test_trace() -> None:
    (item,) = calculations(ask("月薪三万五，两个人领两年"), WAGE)
    told = trace(item)
    assert (
        json.loads(json.dumps(told))
        == told
        == {
            "rule": "r0",
            "unit": "yuan",
            "given": [35_000],
            "months": 12,
            "parts": 1,
            "base": 420_000,
            "factor": 0.3,
            "raw": 126_000,
            "cap": 100_000,
            "capped": True,
            "each": 100_000,
            "count": 2,
            "years": 2,
            "result": 400_000,
            "steps": [
                {"step": "months", "operands": [35_000, 12], "result": 420_000},
                {"step": "rate", "operands": [420_000, 0.3], "result": 126_000},
                {"step": "cap", "operands": [126_000, 100_000], "result": 100_000},
                {"step": "count", "operands": [100_000, 2], "result": 200_000},
                {"step": "years", "operands": [200_000, 2], "result": 400_000},
            ],
        }
    )
    assert {type(told[key]) for key in ("base", "raw", "cap", "each", "result")} == {int}


def test_trace_without_a_cap() -> None:
    told = trace(calculations(ask("上级给了100.5元"), MATCH)[0])
    assert (told["cap"], told["capped"], told["raw"]) == (None, False, 50.25)
