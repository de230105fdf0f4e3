"""Figures in words: every type of benefit, every qualifier, and what a figure is where it is nothing to receive."""

from __future__ import annotations

import pytest

from actions.knowledge.benefits import Benefit, Cap, Discount, Fixed, Matching, PerUnit, Quantity, Rate, Service, Unstated
from actions.knowledge.models import Rule, Scope
from actions.replies.figures import figure, percent, qualified, rule_line, sum_text


def rule(benefit: Benefit, scope: Scope | None = Scope.PER_APPLICANT) -> Rule:
    return Rule("r", "符合条件的企业", benefit, scope)


@pytest.mark.parametrize(
    ("benefit", "words"),
    [
        (Fixed("奖励", 300_000), "30 万元"),
        (Fixed("奖励", 300_000, per="每家"), "每家 30 万元"),
        (Fixed("资金", 50_000, years=3), "5 万元，共 3 年"),
        (Fixed("基金", 1_000_000_000, currency="USD"), "10 亿美元"),
        (Fixed("门槛", 400_000, qualifier="以上"), "40 万元以上"),
        (Fixed("投资", 500_000_000, per="每年", qualifier="超"), "每年 超 5 亿元"),
        (Cap("额度", 5_000_000), "最高 500 万元"),
        (Cap("房租补助", 10_000_000, per="三年累计"), "三年累计最高 1000 万元"),
        (Rate("奖励", 0.05, "研发投入"), "按研发投入的 5% 计"),
        (Rate("奖励", 0.05, "研发投入", cap=1_000_000, per="每家企业每年"), "按研发投入的 5% 计，每家企业每年最高 100 万元"),
        (
            Rate("补贴", 0.3, "年薪", cap=100_000, per="每人每年", years=3),
            "按年薪的 30% 计，每人每年最高 10 万元，最多连续 3 年",
        ),
        (PerUnit("招商奖励", 100, "平方米"), "每平方米 100 元（100 元/平方米）"),
        (Matching("配套", 1, "上级资助额"), "按上级资助额 1:1 配套"),
        (Matching("配套", 0.5, "上级资助额"), "按上级资助额 1:0.5 配套"),
        (Discount("优惠", 0.6, "租金"), "租金 6 折（付 60%）"),
        (Discount("优惠", 0.85, "租金"), "租金 8.5 折（付 85%）"),
        (Quantity("企业", 80, "家", "余"), "80 余家"),
        (Quantity("面积", 280_000, "平方米"), "28 万平方米"),
        (Quantity("商标", 12_345, "件"), "12345 件"),
        (Quantity("岗位", 30_000, "个", "余"), "3 万余个"),
        (Service("代办"), ""),
        (Unstated("补贴"), ""),
    ],
)
def test_figure(benefit: Benefit, words: str) -> None:
    assert figure(rule(benefit)) == words


@pytest.mark.parametrize(
    ("qualifier", "money", "count"),
    [
        ("", "2 亿元", "40 家"),
        ("超", "超 2 亿元", "超 40 家"),
        ("近", "近 2 亿元", "近 40 家"),
        ("约", "约 2 亿元", "约 40 家"),
        ("余", "2 亿余元", "40 余家"),
        ("以上", "2 亿元以上", "40 家以上"),
    ],
)
def test_qualifiers(qualifier: str, money: str, count: str) -> None:
    assert sum_text(200_000_000, qualifier) == money
    assert qualified("40", "家", qualifier) == count


@pytest.mark.parametrize(("share", "words"), [(0.3, "30%"), (0.05, "5%"), (0.125, "12.5%"), (0.07, "7%"), (1, "100%")])
def test_percent(share: float, words: str) -> None:
    assert percent(share) == words


@pytest.mark.parametrize(
    ("benefit", "scope", "line"),
    [
        (Fixed("首次认定奖励", 300_000, "每家"), Scope.PER_APPLICANT, "符合条件的企业：首次认定奖励 每家 30 万元"),
        (Quantity("事项", 12, "项"), Scope.MEASURE, "符合条件的企业：事项 12 项"),
        (Unstated("补贴"), None, "符合条件的企业：补贴，报道未写金额"),
        (Unstated("补贴", "含场地"), None, "符合条件的企业：补贴，报道未写金额（含场地）"),
        (Service("代办手续", "专人代办"), None, "符合条件的企业：专人代办"),
        (Service("代办手续"), None, "符合条件的企业：代办手续"),
    ],
)
def test_rule_line(benefit: Benefit, scope: Scope | None, line: str) -> None:
    assert rule_line(rule(benefit, scope)) == line


@pytest.mark.parametrize(
    ("scope", "word"),
    [
        (Scope.POOL_TOTAL, "资金总额，不是单个申请者可得"),
        (Scope.THRESHOLD, "门槛，不是奖补金额"),
        (Scope.EXAMPLE_CASE, "个案，不是标准"),
        (Scope.ACHIEVEMENT_TOTAL, "累计成果，不是奖补金额"),
        (Scope.TARGET_TOTAL, "工作目标，不是奖补金额"),
        (Scope.PROJECT_INVESTMENT, "项目投资额，不是扶持资金"),
    ],
)
def test_rule_line_says_what_a_figure_is(scope: Scope, word: str) -> None:
    assert rule_line(rule(Fixed("资金", 200_000_000), scope)) == f"符合条件的企业：资金 2 亿元（{word}）"


def test_every_scope_has_its_word() -> None:
    for scope in Scope:
        line = rule_line(rule(Fixed("资金", 200_000_000), scope))
        assert ("不是" in line) == (scope not in (Scope.PER_APPLICANT, Scope.MEASURE))
