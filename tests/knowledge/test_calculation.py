"""Amounts for the asker's own numbers: exact steps; caps, years, matching, discounts, units, audiences, several at once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from operator import add, mul, sub

import pytest

from actions.knowledge import Aspect, Focus, PolicyBook, Query
from actions.knowledge.applying import calculate
from actions.knowledge.benefits import Benefit, Cap, Discount, Fixed, Matching, PerUnit, Rate
from actions.knowledge.calculation import Calculation, Step, for_several, over_years
from actions.knowledge.lexicon import Mention
from actions.knowledge.models import Policy, Rule, Scope
from actions.knowledge.money import cents, exact
from actions.knowledge.sums import Sum, find_sums
from tests.knowledge.books import make_policy


def yuan(value: float) -> Sum:
    return Sum(value, "yuan", 0, 0)


def area(value: float) -> Sum:
    return Sum(value, "square_metre", 0, 0)


def recomputed(step: Step) -> Decimal:
    """What a step's operands come to, by this module's own arithmetic."""
    operations: dict[str, Callable[[Decimal, Decimal], Decimal]] = {"together": add, "saved": sub, "cap": min}
    return cents(reduce(operations.get(step.name, mul), step.operands))


def of(benefit: Benefit, scope: Scope = Scope.PER_APPLICANT, *audiences: str) -> Policy:
    return make_policy("p", "政策", Rule("only", "条件", benefit, scope, audiences=audiences))


def ask(text: str, aspect: Aspect | None = Aspect.CALCULATE, focus: Focus | None = None) -> Query:
    return Query(text, aspect, sums=tuple(find_sums(text)), focus=focus or Focus())


def given(*sums: Sum, audiences: tuple[str, ...] = ()) -> Query:
    mentions = tuple(Mention("audience", (id,), "", 0, 0) for id in audiences)
    return Query("", Aspect.AMOUNT, mentions, sums)


WAGE = Rate("补贴", 0.3, "实际给付的年薪", ("年薪", "工资"), cap=100_000, per="每人每年", years=3)
PROJECT = Rate("补贴", 0.1, "项目金额", ("项目费用",), cap=1_000_000, per="每家企业每年")
CAPPED = Rate("补贴", 0.3, "年薪", cap=100_000, per="每人每年", years=3)


@pytest.mark.parametrize(
    ("benefit", "number", "raw", "result"),
    [
        (CAPPED, yuan(200_000), "60000", "60000"),
        (CAPPED, yuan(400_000), "120000", "100000"),
        (CAPPED, yuan(1_000_000 / 3), "100000", "100000"),  # exactly the cap
        (Rate("奖励", 0.05, "研发投入"), yuan(8_000_000), "400000", "400000"),
        (Rate("奖励", 0.1, "研发投入"), yuan(0.3), "0.03", "0.03"),
        (Rate("奖励", 0.07, "研发投入"), yuan(1_234_567.89), "86419.75", "86419.75"),
        (Rate("奖励", 0.15, "研发投入"), yuan(0.1), "0.02", "0.02"),  # 0.015, halves go up
        (Matching("配套", 0.5, "上级资助"), yuan(1_000_000), "500000", "500000"),
        (Matching("配套", 1, "上级资助"), yuan(300_000), "300000", "300000"),
        (Discount("优惠", 0.6, "租金"), yuan(3_000), "1800", "1800"),
        (PerUnit("招商奖励", 100, "平方米"), area(2_500), "250000", "250000"),
    ],
)
def test_one_rule(benefit: Benefit, number: Sum, raw: str, result: str) -> None:
    (found,) = calculate(given(number), of(benefit))
    assert (found.rule.id, found.base) == ("only", exact(number.value))
    assert (found.raw, found.result, found.capped) == (Decimal(raw), Decimal(result), Decimal(result) < Decimal(raw))


@pytest.mark.parametrize("field", ["base", "factor", "raw", "cap", "each", "result"])
def test_money_is_never_a_float(field: str) -> None:
    (found,) = calculate(given(yuan(0.1 + 0.2)), of(CAPPED))
    assert isinstance(getattr(found, field), Decimal)


def test_three_tenths_are_three_tenths() -> None:
    (found,) = calculate(given(yuan(1.1)), of(Rate("奖励", 0.3, "投入", cap=0.33)))
    assert found.factor == Decimal("0.3")
    assert not found.capped  # 1.1 × 0.3 as floats is above 0.33


@pytest.mark.parametrize(
    ("benefit", "sums"),
    [
        (Fixed("奖励", 300_000), [yuan(1_000_000)]),
        (Cap("奖励", 300_000), [yuan(1_000_000)]),
        (CAPPED, []),
        (CAPPED, [area(500)]),
        (PerUnit("招商奖励", 100, "平方米"), [yuan(500)]),
        (PerUnit("奖励", 100, "人"), [area(500)]),
        (CAPPED, [yuan(0)]),
        (CAPPED, [yuan(-50_000)]),
        (CAPPED, [yuan(100_000_000_001)]),
        (PerUnit("招商奖励", 100, "平方米"), [area(100_000_001)]),
    ],
)
def test_nothing_to_compute(benefit: Benefit, sums: list[Sum]) -> None:
    assert calculate(given(*sums), of(benefit)) == []


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope is not Scope.PER_APPLICANT])
def test_only_receivable_rules_compute(scope: Scope) -> None:
    assert calculate(given(yuan(200_000)), of(CAPPED, scope)) == []


def test_first_fitting_number_is_taken() -> None:
    assert [item.base for item in calculate(given(area(80), yuan(200_000), yuan(9)), of(CAPPED))] == [200_000]


@pytest.mark.parametrize(
    ("text", "bases"),
    [
        ("注册资本500万，年薪20万能补多少", [200_000]),  # the words of the base stand beside it
        ("年薪10万能补多少", [100_000]),  # the same number as the cap, and yet a salary
        ("真的最高10万吗", []),  # a figure of the record
        ("能拿15万吗，年薪30万", [300_000]),  # hoped for
        ("能给100万吗", []),
        ("年薪20到30万", [200_000, 300_000]),
        ("年薪一个20万一个50万", [200_000, 500_000]),
        ("两个人，一个年薪50万一个年薪15万", [500_000, 150_000]),  # 15万 is 30% of 50万, by chance
        ("40万乘30%应该是12万才对", [400_000]),  # 12万 is what the rule makes of 40万
        ("合同上写年薪40万，单位实发我16万", [160_000]),
        ("一个月到手两万，一年24万", [240_000]),
        ("月薪两万", [240_000]),
        ("工资300000", [300_000]),
        ("年薪三十五万八", [358_000]),
        ("年薪-5万", []),
        ("年薪二三十万", [200_000, 300_000]),
        ("年薪贰拾万", [200_000]),
        ("年薪三十万一年补多少", [300_000]),
    ],
)
def test_which_numbers_are_taken(text: str, bases: list[int]) -> None:
    assert [item.base for item in calculate(ask(text), of(WAGE))] == bases


def test_monthly_pay_is_a_step() -> None:
    (found,) = calculate(ask("月薪两万"), of(WAGE))
    assert found.steps[0].name == "months"
    assert found.steps[0].operands == (Decimal(20_000), Decimal(12))
    assert found.steps[0].result == Decimal(240_000)


@pytest.mark.parametrize(
    ("text", "aspect", "years"),
    [
        ("年薪20万一年补多少", Aspect.CALCULATE, 1),
        ("年薪20万领两年", Aspect.CALCULATE, 2),
        ("年薪20万领满三年", Aspect.CALCULATE, 3),
        ("年薪20万领五年", Aspect.CALCULATE, 3),
        ("年薪20万能补多少", Aspect.CALCULATE, 3),
        ("年薪20万能补多少", Aspect.AMOUNT, 1),
        ("年薪20万总共能补多少", Aspect.AMOUNT, 3),
        ("公司成立5年，年薪20万能补多少", Aspect.AMOUNT, 1),
    ],
)
def test_years(text: str, aspect: Aspect, years: int) -> None:
    (found,) = calculate(ask(text, aspect), of(WAGE))
    assert (found.years, int(found.each), int(found.result)) == (years, 60_000, 60_000 * years)


@pytest.mark.parametrize(
    ("benefit", "text", "expected"),
    [  # bases, count, result of a year
        (WAGE, "三个人都是年薪50万", [(500_000, 3, 300_000)]),
        (WAGE, "引进了3个年薪20万的人", [(200_000, 3, 180_000)]),
        (WAGE, "一个年薪60万的总监和两个年薪20万的工程师", [(600_000, 1, 100_000), (200_000, 2, 120_000)]),
        (WAGE, "三个人年薪合计60万", []),  # what each of them has is not said
        (WAGE, "三家公司，年薪20万", [(200_000, 1, 60_000)]),  # counted by person
        (WAGE, "三家公司各两人，年薪都是20万", [(200_000, 6, 360_000)]),
        (WAGE, "三家各引进了一名，年薪20万", [(200_000, 3, 180_000)]),
        (PROJECT, "三家公司各两人，项目费用都是200万", [(2_000_000, 3, 600_000)]),  # counted by company
        (PROJECT, "三个项目各500万", [(15_000_000, 1, 1_000_000)]),  # one company, one cap
        (PROJECT, "三个项目一共1500万", [(15_000_000, 1, 1_000_000)]),
        (PROJECT, "两个项目，一个300万一个500万", [(8_000_000, 1, 800_000)]),
        (PROJECT, "12个人，项目费用150万", [(1_500_000, 1, 150_000)]),
        (PROJECT, "三家子公司项目费用都是2000万", [(20_000_000, 3, 3_000_000)]),
        (PROJECT, "两家公司，一家花了800万一家花了2000万", [(8_000_000, 1, 800_000), (20_000_000, 1, 1_000_000)]),
        (PerUnit("奖励", 100, "平方米"), "两栋楼各5000平", [(10_000, 1, 1_000_000)]),
        (PerUnit("奖励", 100, "平方米"), "两栋楼合计5000平", [(5_000, 1, 500_000)]),
    ],
)
def test_several(benefit: Benefit, text: str, expected: list[tuple[int, int, int]]) -> None:
    found = calculate(ask(text), of(benefit))
    assert [(int(item.base), item.count, int(item.each * item.count)) for item in found] == expected


@pytest.mark.parametrize(
    ("text", "months"), [("每月3000元", 1), ("每月3000元租一年", 12), ("每月3000元租六个月", 6), ("一个月3000元", 1)]
)
def test_rent_for_some_months(text: str, months: int) -> None:
    (found,) = calculate(ask(text), of(Discount("优惠", 0.6, "租金", ("租金",))))
    assert (found.months, int(found.result)) == (months, 1_800 * months)
    assert found.steps[-1].name == "saved"
    assert found.steps[-1].result == 1_200 * months


LATER = Focus(policies=("p",), aspect=Aspect.CALCULATE, base=400_000.0, unit="yuan")


@pytest.mark.parametrize(
    ("text", "aspect", "expected"),
    [
        ("领满三年一共多少", Aspect.CALCULATE, [(400_000, 1, 3)]),
        ("要是两个人呢", None, [(400_000, 2, 3)]),
        ("为什么不是12万", Aspect.AMOUNT, [(400_000, 1, 1)]),
        ("怎么才10万", Aspect.CALCULATE, [(400_000, 1, 3)]),
        ("为什么不是50万", Aspect.CALCULATE, [(400_000, 1, 3)]),  # no new salary
        ("换成20万呢", Aspect.CALCULATE, [(200_000, 1, 3)]),
        ("找谁办", Aspect.DEPARTMENT, []),
        ("不对，加上奖金一共31万5", Aspect.CALCULATE, [(315_000, 1, 3)]),
        ("不对，是20万", Aspect.CALCULATE, [(200_000, 1, 3)]),
        ("不对，是12万", Aspect.CALCULATE, [(400_000, 1, 3)]),  # what the rate alone makes of 40万
        ("不对，不是10万", Aspect.CALCULATE, [(400_000, 1, 3)]),
        ("我算的是15万，不对吗", Aspect.CALCULATE, [(400_000, 1, 3)]),
    ],
)
def test_an_earlier_number_is_gone_on_with(text: str, aspect: Aspect | None, expected: list[tuple[int, int, int]]) -> None:
    found = calculate(ask(text, aspect, LATER), of(WAGE))
    assert [(int(item.base), item.count, item.years) for item in found] == expected


@pytest.mark.parametrize(
    ("text", "counts"), [("领满三年呢", [3]), ("一个人呢", [1]), ("两个人呢", [2]), ("换成20万呢", [1]), ("三家公司呢", [1])]
)
def test_how_many_is_gone_on_with(text: str, counts: list[int]) -> None:
    query = ask(text, focus=LATER.with_base(400_000.0, "yuan", 3))
    assert [item.count for item in calculate(query, of(WAGE))] == counts


def test_how_many_companies_is_gone_on_with() -> None:
    query = ask("一共多少", focus=LATER.with_base(2_000_000.0, "yuan", 3))
    assert [(item.count, item.parts, int(item.result)) for item in calculate(query, of(PROJECT))] == [(3, 1, 600_000)]
    assert [(item.count, item.parts) for item in calculate(query, of(Matching("配套", 0.5, "上级资助")))] == [(1, 1)]


def test_a_number_of_another_policy_or_unit_is_not() -> None:
    query = ask("三年一共多少", focus=LATER)
    assert calculate(query, make_policy("other", "另一项", Rule("r", "条件", WAGE, Scope.PER_APPLICANT))) == []
    assert calculate(query, of(PerUnit("奖励", 100, "平方米"))) == []


TWO = make_policy(
    "rd",
    "研发奖励",
    Rule("small", "小微企业", Rate("奖励", 0.05, "研发投入", cap=1_000_000), Scope.PER_APPLICANT, audiences=("micro",)),
    Rule("other", "其他企业", Rate("奖励", 0.03, "研发投入", cap=1_000_000), Scope.PER_APPLICANT, audiences=("large",)),
)


@pytest.mark.parametrize(
    ("audiences", "rules"),
    [((), ["small", "other"]), (("micro",), ["small"]), (("large",), ["other"]), (("talent",), ["small", "other"])],
)
def test_audience_chooses_the_rule(audiences: tuple[str, ...], rules: list[str]) -> None:
    assert [item.rule.id for item in calculate(given(yuan(10_000_000), audiences=audiences), TWO)] == rules


@pytest.mark.parametrize(
    ("text", "rules"),
    [("小微投了1000万", ["small"]), ("我们不是小微，投了1000万", ["other"]), ("是不是小微都行，投了1000万", ["small"])],
)
def test_what_the_asker_is_not(text: str, rules: list[str]) -> None:
    start = text.index("小微")
    query = Query(text, Aspect.AMOUNT, (Mention("audience", ("micro",), "小微", start, start + 2),), tuple(find_sums(text)))
    assert [item.rule.id for item in calculate(query, TWO)] == rules


@pytest.mark.parametrize(
    ("benefit", "most"),
    [
        (CAPPED, 300_000),
        (Rate("补贴", 0.3, "年薪", cap=100_000), None),
        (Rate("补贴", 0.3, "年薪", years=3), None),
        (Cap("补助", 10_000_000, "三年累计", 3), None),
        (Fixed("奖励", 50_000), None),
    ],
)
def test_over_years(benefit: Benefit, most: int | None) -> None:
    assert over_years(Rule("r", "条件", benefit, Scope.PER_APPLICANT)) == most


@pytest.mark.parametrize(
    ("benefit", "scope", "expected"),
    [
        (Fixed("奖励", 300_000, per="每家"), Scope.PER_APPLICANT, [900_000]),
        (Fixed("奖励", 300_000, per="每人"), Scope.PER_APPLICANT, [900_000]),
        (Fixed("奖励", 300_000), Scope.PER_APPLICANT, []),
        (Fixed("补助", 10_000_000, per="分阶段合计"), Scope.PER_APPLICANT, []),
        (Fixed("资金", 300_000, per="每家"), Scope.POOL_TOTAL, []),
        (Cap("奖励", 300_000, per="每家"), Scope.PER_APPLICANT, []),
        (CAPPED, Scope.PER_APPLICANT, []),
    ],
)
def test_several_applicants(benefit: Benefit, scope: Scope, expected: list[int]) -> None:
    assert [item.result for item in for_several(of(benefit, scope), 3)] == expected


def test_a_sum_for_each_company_is_not_counted_by_people() -> None:
    policy = of(Fixed("奖励", 300_000, per="每家"))
    assert [item.result for item in calculate(ask("三家子公司一共多少"), policy)] == [900_000]
    assert calculate(ask("三个人一共多少"), policy) == []


@pytest.mark.parametrize(
    "text", ["月薪五万，两个人领五年", "一个年薪20万一个年薪50万", "每月3333元租一年", "三个项目各1234567.89元", "三家公司"]
)
@pytest.mark.parametrize("benefit", [WAGE, PROJECT, Discount("优惠", 0.65, "租金"), Fixed("奖励", 5_000, per="每家")])
def test_steps_follow_from_each_other(benefit: Benefit, text: str) -> None:
    for item in calculate(ask(text), of(benefit)):
        assert item.steps
        assert all(recomputed(step) == step.result for step in item.steps)
        known = set(item.given) | {Decimal(n) for n in (item.months, item.parts, item.count, item.years)}
        known |= {item.factor, item.cap or Decimal(0)}
        for step in item.steps:
            assert set(step.operands) <= known
            known.add(step.result)
        assert item.result in known


def test_every_kind_of_step_occurs() -> None:
    asked = [(WAGE, "月薪五万，两个人领两年"), (PROJECT, "两个项目，一个300万一个500万"), (PROJECT, "三个项目各500万")]
    asked.append((Discount("优惠", 0.6, "租金"), "每月3000元"))  # type: ignore[arg-type]
    names = {step.name for benefit, text in asked for item in calculate(ask(text), of(benefit)) for step in item.steps}
    assert names == {"together", "months", "parts", "rate", "cap", "count", "years", "saved"}


@pytest.mark.parametrize(
    ("policy", "number", "audiences", "expected"),
    [
        ("shanghe-talent-urgent", yuan(250_000), (), [75_000]),
        ("shanghe-talent-urgent", yuan(400_000), (), [100_000]),
        ("qd-baiqianwan", yuan(10_000_000), ("micro",), [500_000]),
        ("qd-baiqianwan", yuan(10_000_000), ("large",), [300_000]),
        ("qd-baiqianwan", yuan(50_000_000), (), [1_000_000, 1_000_000]),
        ("shanghe-talent-flexible", yuan(3_000_000), (), [300_000]),
        ("shanghe-talent-flexible", yuan(30_000_000), (), [1_000_000]),
        ("qdftz-talent-carrier-match", yuan(1_000_000), (), [1_000_000, 500_000]),
        ("shanghe-talent-apartment", yuan(3_000), (), [1_800]),
        ("laoshan-building-tenglong", area(2_000), (), [200_000]),
        ("laoshan-building-tax", yuan(600_000_000), (), []),
    ],
)
def test_rules_of_the_real_book(
    book: PolicyBook, policy: str, number: Sum, audiences: tuple[str, ...], expected: list[int]
) -> None:
    assert [item.result for item in calculate(given(number, audiences=audiences), book.policies[policy])] == expected


@pytest.mark.parametrize(("text", "rule"), [("离岸基地上级给了80万", "offshore-base"), ("技能载体上级给了80万", "skill-carrier")])
def test_the_words_of_the_question_choose_the_rule(book: PolicyBook, text: str, rule: str) -> None:
    assert [item.rule.id for item in calculate(ask(text), book.policies["qdftz-talent-carrier-match"])] == [rule]


def test_a_calculation_is_a_value() -> None:
    rule = Rule("r", "条件", CAPPED, Scope.PER_APPLICANT)
    assert Calculation(rule, (Decimal(5),)) == Calculation(rule, (Decimal(5),), recalled=True)
