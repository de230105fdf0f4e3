"""Numbers of the question against the thresholds of a record: passed, ahead, newly passed; nothing else is one."""

from __future__ import annotations

import pytest

from actions.knowledge import Aspect, Focus, PolicyBook, Query
from actions.knowledge.benefits import Cap, Fixed
from actions.knowledge.models import Rule, Scope
from actions.knowledge.sums import find_sums
from actions.knowledge.thresholds import find_crossings
from tests.knowledge.books import make_policy

TAX = make_policy(
    "tax",
    "楼宇奖励",
    Rule("award", "年税收首次超过 5 亿、10 亿或 30 亿元", Cap("首次突破奖励", 10_000_000), Scope.PER_APPLICANT),
    Rule("lowest", "最低一档", Fixed("年税收门槛（最低档）", 500_000_000, qualifier="超"), Scope.THRESHOLD),
)
PAY = make_policy(
    "pay", "引才奖励", Rule("pay", "须达到的年薪", Fixed("人才年薪门槛", 400_000, qualifier="以上"), Scope.THRESHOLD)
)


def ask(text: str, aspect: Aspect | None = Aspect.CALCULATE, focus: Focus | None = None) -> Query:
    return Query(text, aspect, sums=tuple(find_sums(text)), focus=focus or Focus())


@pytest.mark.parametrize(
    ("text", "passed", "ahead"),
    [
        ("税收31亿", [5, 10, 30], []),
        ("税收12亿", [5, 10], [30]),
        ("税收3亿", [], [5, 10, 30]),
        ("税收5亿", [], [5, 10, 30]),  # 超 is more than
        ("税收超过5亿", [5], [10, 30]),
        ("税收首次突破10亿", [5, 10], [30]),
        ("税收10亿多", [5, 10], [30]),
    ],
)
def test_more_than(text: str, passed: list[int], ahead: list[int]) -> None:
    (found,) = find_crossings(ask(text), TAX)
    assert [int(item) // 10**8 for item in found.passed] == passed
    assert [int(item) // 10**8 for item in found.ahead] == ahead
    assert (found.name, found.strict) == ("年税收", True)


@pytest.mark.parametrize(
    ("text", "reached"),
    [("年薪40万", True), ("年薪39.9万", False), ("年薪55万", True), ("月薪4万", True), ("月薪3万", False), ("工资50万", True)],
)
def test_at_least(text: str, reached: bool) -> None:
    (found,) = find_crossings(ask(text), PAY)
    assert bool(found.passed) == reached
    assert not found.strict
    assert (found.months == 12) == ("月" in text)


@pytest.mark.parametrize(
    ("text", "new"), [("税收从4.8亿涨到5.3亿", [5]), ("税收从4亿涨到31亿", [5, 10, 30]), ("税收从6亿涨到8亿", [])]
)
def test_newly_passed(text: str, new: list[int]) -> None:
    (found,) = find_crossings(ask(text), TAX)
    assert [int(item) // 10**8 for item in found.new] == new


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("能给1000万吗", Aspect.AMOUNT),  # the figure of the record
        ("能给50亿吗", Aspect.CALCULATE),  # hoped for
        ("5亿在哪里写的", Aspect.SOURCE),
        ("改造花了900万", Aspect.CALCULATE),  # far below: something else
        ("税收-6亿", Aspect.CALCULATE),
        ("税收0元", Aspect.CALCULATE),
        ("6亿呢", None),  # about nothing in hand
    ],
)
def test_what_crosses_nothing(text: str, aspect: Aspect | None) -> None:
    assert find_crossings(ask(text, aspect), TAX) == []


def test_a_fragment_about_the_policy_in_hand() -> None:
    assert len(find_crossings(ask("6亿呢", None, Focus(policies=("tax",))), TAX)) == 1
    assert find_crossings(ask("6亿呢", None, Focus(policies=("pay",))), TAX) == []


def test_the_name_of_the_policy_says_nothing_of_the_number(book: PolicyBook) -> None:
    policy = book.policies["laoshan-building-tax"]
    text = "年税收首次突破奖励，年薪40万"
    query = Query(text, Aspect.CALCULATE, tuple(book.lexicon.find(text)), tuple(find_sums(text)))
    assert find_crossings(query, policy) == []
    (found,) = find_crossings(ask("税收31亿"), policy)
    assert [int(item) // 10**8 for item in (*found.passed, *found.ahead)] == [5, 10, 30, 50]
