"""Amounts for the asker's own numbers: caps, years, matching, discounts, units, audiences."""

from __future__ import annotations

import pytest

from actions.knowledge import PolicyBook
from actions.knowledge.calculation import Calculation, calculate, for_several, over_years
from actions.knowledge.models import Benefit, Cap, Discount, Fixed, Matching, PerUnit, Policy, Rate, Rule, Scope
from actions.knowledge.sums import Sum
from tests.knowledge.books import make_policy


def yuan(value: float) -> Sum:
    return Sum(value, "yuan", 0, 0)


def area(value: float) -> Sum:
    return Sum(value, "square_metre", 0, 0)


def of(benefit: Benefit, scope: Scope = Scope.PER_APPLICANT, *audiences: str) -> Policy:
    return make_policy("p", "政策", Rule("only", "条件", benefit, scope, audiences=audiences))


def results(found: list[Calculation]) -> list[tuple[str, float, float, float, bool]]:
    return [(item.rule.id, item.base, item.raw, item.result, item.capped) for item in found]


CAPPED = Rate("补贴", 0.3, "年薪", cap=100_000, per="每人每年", years=3)


@pytest.mark.parametrize(
    ("benefit", "given", "raw", "result"),
    [
        (CAPPED, yuan(200_000), 60_000, 60_000),
        (CAPPED, yuan(400_000), 120_000, 100_000),
        (CAPPED, yuan(1_000_000 / 3), 100_000, 100_000),  # exactly the cap
        (Rate("奖励", 0.05, "研发投入"), yuan(8_000_000), 400_000, 400_000),
        (Rate("奖励", 0.1, "研发投入"), yuan(0.3), 0.03, 0.03),
        (Matching("配套", 0.5, "上级资助"), yuan(1_000_000), 500_000, 500_000),
        (Matching("配套", 1, "上级资助"), yuan(300_000), 300_000, 300_000),
        (Discount("优惠", 0.6, "租金"), yuan(3_000), 1_800, 1_800),
        (PerUnit("招商奖励", 100, "平方米"), area(2_500), 250_000, 250_000),
    ],
)
def test_one_rule(benefit: Benefit, given: Sum, raw: float, result: float) -> None:
    assert results(calculate(of(benefit), [given])) == [("only", given.value, raw, result, result < raw)]


@pytest.mark.parametrize(
    ("benefit", "sums"),
    [
        (Fixed("奖励", 300_000), [yuan(1_000_000)]),
        (Cap("奖励", 300_000), [yuan(1_000_000)]),
        (CAPPED, []),
        (CAPPED, [area(500)]),
        (PerUnit("招商奖励", 100, "平方米"), [yuan(500)]),
    ],
)
def test_nothing_to_compute(benefit: Benefit, sums: list[Sum]) -> None:
    assert calculate(of(benefit), sums) == []


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope is not Scope.PER_APPLICANT])
def test_only_receivable_rules_compute(scope: Scope) -> None:
    assert calculate(of(CAPPED, scope), [yuan(200_000)]) == []


def test_first_fitting_number_is_taken() -> None:
    assert [item.base for item in calculate(of(CAPPED), [area(80), yuan(200_000), yuan(9)])] == [200_000]


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
    assert [item.rule.id for item in calculate(TWO, [yuan(10_000_000)], audiences)] == rules


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
def test_over_years(benefit: Benefit, most: float | None) -> None:
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
def test_several_applicants(benefit: Benefit, scope: Scope, expected: list[float]) -> None:
    assert [item.result for item in for_several(of(benefit, scope), 3)] == expected


@pytest.mark.parametrize(
    ("policy", "given", "audiences", "expected"),
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
    book: PolicyBook, policy: str, given: Sum, audiences: tuple[str, ...], expected: list[float]
) -> None:
    assert [item.result for item in calculate(book.policies[policy], [given], audiences)] == expected
