"""What a question takes for granted is put right from the record, first and in one line; ordinary questions are left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions.knowledge import Aspect, Finding, Focus, Outcome, PolicyBook
from actions.knowledge.benefits import Cap, Discount, Fixed, Rate, Service, Unstated
from actions.knowledge.models import Contact, Department, Policy, Rule, Scope, Source, Status, Term
from actions.knowledge.reading import Reader
from actions.replies.answers import Answers
from actions.replies.message import Reply
from actions.replies.premises import corrections
from tests.knowledge.books import make_book, make_policy

TODAY = date(2026, 11, 22)
RECEIVED = Scope.PER_APPLICANT
NO_BASIS = "您提到的金额在这条报道里没有依据，以下以报道为准。"
DEPARTMENTS = [
    Department("east-office", "科技局（东区）", ("东区科技局", "科技局")),
    Department("east-taxes", "税务局（东区）", ("东区税务局", "税务局")),
]

STAR = make_policy(
    "star",
    "东区楼宇星级奖励",
    Rule("five", "首次获得五星级", Fixed("星级奖励", 500_000), RECEIVED, ("五星级",)),
    Rule("four", "首次获得四星级", Fixed("星级奖励", 300_000), RECEIVED, ("四星级",)),
    Rule("pool", "全区合计", Fixed("资金池", 90_000_000), Scope.POOL_TOTAL),
    contact=Contact("named", "east-office"),
)
FIRM = make_policy("firm", "北区认定奖励", Rule("first", "首次认定", Fixed("认定奖励", 800_000), RECEIVED), region="north")
LOAN = make_policy(
    "loan", "东区信用贷", Rule("limit", "小微企业", Cap("信用额度", 5_000_000), RECEIVED), kind="loan", topics=("vr",)
)
HALL = make_policy("hall", "东区服务大厅", kind="service", topics=("talent",), contact=Contact("named", "east-office"))
FLAT = make_policy(
    "flat", "东区公寓优惠", Rule("rent", "租住公寓", Discount("租金优惠", 0.6, "租金"), RECEIVED), topics=("talent",)
)
KINDS = [
    Term("reward", "奖励", nature="财政奖励"),
    Term("loan", "融资", nature="融资支持，要归还"),
    Term("service", "服务", nature="服务措施，不发放资金"),
    Term("platform", "平台", nature="平台建设"),
]
ALL = (STAR, FIRM, LOAN, HALL, FLAT)


def book_of(*policies: Policy, **changes: object) -> PolicyBook:
    levels = [Term("五星级", "五星级", ("五星",)), Term("四星级", "四星级", ("四星",))]
    return make_book(*policies, **{"kinds": KINDS, "levels": levels, "departments": DEPARTMENTS, **changes})


def reply(text: str, policy: Policy, aspect: Aspect = Aspect.AMOUNT, outside: str | None = None, **changes: object) -> Reply:
    book = book_of(*(policy if policy.id == other.id else other for other in ALL), **changes)
    reader = Reader(book, segment=lambda run: [run])
    finding = Finding(Outcome.FOUND, aspect, (policy,), outside=outside)
    return Answers(book, TODAY).reply(reader.query(reader.read(text), aspect, Focus()), finding)


def put_right(text: str, policy: Policy, aspect: Aspect = Aspect.AMOUNT, outside: str | None = None) -> list[str]:
    """The corrections; they must stand right below the name in the reply."""
    book = book_of(*(policy if policy.id == other.id else other for other in ALL))
    reader = Reader(book, segment=lambda run: [run])
    query = reader.query(reader.read(text), aspect, Focus())
    finding = Finding(Outcome.FOUND, aspect, (policy,), outside=outside)
    found = [item.text for item in corrections(book, TODAY, query, finding, policy)]
    shown = Answers(book, TODAY).reply(query, finding).text.splitlines()
    assert shown[1 : 1 + len(found)] == found
    return found


@pytest.mark.parametrize(
    "text",
    [
        "给多少",
        "五星级和四星级分别奖多少",
        "奖励什么时候到账",
        "都有哪些奖励",
        "奖励给企业还是个人",
        "还有别的补贴吗",
        "要还是不要都行",
        "固定资产投资算不算",
        "科技局管吗",
        "50万是五星级的吧",
        "现在怎么申请",
    ],
)
@pytest.mark.parametrize("aspect", [Aspect.AMOUNT, Aspect.DETAIL, Aspect.CONDITIONS, Aspect.DEPARTMENT])
def test_ordinary_questions_are_left_alone(text: str, aspect: Aspect) -> None:
    assert put_right(text, STAR, aspect) == []


# -- sums --


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9000万一家能拿多少", "您提到的 9000 万元 是“资金池”（资金总额，不是单个申请者可得）。"),
        ("能给700万吧", NO_BASIS),
        ("四星级奖50万吧", "50 万元对应的是五星级，不是四星级。"),
        ("五星奖30万对吗", "30 万元对应的是四星级，不是五星级。"),
    ],
)
def test_sum_that_is_something_else(text: str, expected: str) -> None:
    assert put_right(text, STAR) == [expected]


@pytest.mark.parametrize(
    "text", ["营收700万能奖多少", "我们投资了700万", "注册资本700万的公司", "四星级30万，五星级50万", "五星级50万"]
)
def test_sum_that_needs_no_correction(text: str) -> None:
    assert put_right(text, STAR) == []


def test_threshold_is_put_right_only_where_it_is_taken_for_money() -> None:
    limit = replace(STAR, rules=(*STAR.rules, Rule("tax", "税收", Fixed("税收门槛", 5e8), Scope.THRESHOLD)))
    assert put_right("税收超过5亿给多少", limit) == []
    assert put_right("能给5亿吗", limit) == ["您提到的 5 亿元 是“税收门槛”（门槛，不是奖补金额）。"]


def test_other_policy_that_the_question_speaks_of() -> None:
    away = replace(
        FIRM, id="away", topics=("vr",), aliases=("认定大奖",), rules=(replace(FIRM.rules[0], benefit=Fixed("奖", 7e6)),)
    )
    book = book_of(STAR, away)
    reader = Reader(book, segment=lambda run: [run])
    for text, named in (("奖700万吧", False), ("虚拟现实奖700万吧", True), ("认定大奖是700万吧", True)):
        query = reader.query(text, Aspect.AMOUNT, Focus())
        found = corrections(book, TODAY, query, Finding(Outcome.FOUND, Aspect.AMOUNT, (STAR,)), STAR)
        assert [item.cited for item in found] == [away if named else None], text


def test_sum_that_the_record_tells_in_words() -> None:
    assert put_right("要700万吗", replace(STAR, conditions=("年收入超过 700 万元",))) == []


def test_sum_of_another_policy_on_the_subject() -> None:
    found = reply("奖80万对吧", STAR)
    assert "80 万元在这条报道里没有依据；政策库里写这个数的是北区认定奖励（首次认定）。" in found.text
    assert [item["id"] for item in found.custom["policies"]] == ["star", "firm"]


def test_other_policy_is_cited_with_its_source() -> None:
    sources = [
        Source("east-report", "东区出台科技奖励", "报纸", "2022-05-25", "x"),
        Source("north-report", "北区出台奖励", "报纸", "2023-05-25", "y"),
    ]
    book = book_of(STAR, replace(FIRM, source="north-report"), sources=sources)
    reader = Reader(book, segment=lambda run: [run])
    query = reader.query("奖80万对吧", Aspect.AMOUNT, Focus())
    text = Answers(book, TODAY).reply(query, Finding(Outcome.FOUND, Aspect.AMOUNT, (STAR,))).text
    assert "来源：《东区出台科技奖励》" in text
    assert "来源：《北区出台奖励》" in text


@pytest.mark.parametrize(
    "others",
    [
        (FIRM, replace(FIRM, id="again", name="北区再次奖励")),
        (replace(FIRM, topics=("talent",)),),
        (replace(FIRM, rules=(replace(FIRM.rules[0], scope=Scope.POOL_TOTAL),)),),
    ],
    ids=["two fit", "another subject", "nothing to receive"],
)
def test_other_policy_is_named_only_where_exactly_one_fits(others: tuple[Policy, ...]) -> None:
    book = book_of(STAR, *others)
    reader = Reader(book, segment=lambda run: [run])
    query = reader.query("奖80万对吧", Aspect.AMOUNT, Focus())
    finding = Finding(Outcome.FOUND, Aspect.AMOUNT, (STAR,))
    assert [item.text for item in corrections(book, TODAY, query, finding, STAR)] == [NO_BASIS]


def test_discount_of_another_policy() -> None:
    assert put_right("大厅打六折吧", HALL) == ["6 折在这条报道里没有依据；政策库里写这个数的是东区公寓优惠（租住公寓）。"]
    assert put_right("是打6折吧", FLAT) == []
    assert put_right("折腾半天，三折叠有吗", HALL) == []


# -- the upper limit --


@pytest.mark.parametrize("text", ["每家都给500万吗", "肯定能拿500万吧", "一律给吗"])
def test_upper_limit_is_not_what_everybody_gets(text: str) -> None:
    assert put_right(text, LOAN) == ["500 万元是最高额，不是都按这个数给。"]


def test_fixed_sum_is_what_everybody_gets() -> None:
    assert put_right("每家都给50万吗", STAR) == []
    assert put_right("最高500万吗", LOAN) == []


def test_cap_of_a_rate_is_an_upper_limit() -> None:
    wage = make_policy("star", "东区人才奖", Rule("w", "人才", Rate("奖励", 0.3, "年薪", cap=100_000), RECEIVED))
    assert put_right("人人都给10万吗", wage) == ["10 万元是最高额，不是都按这个数给。"]


# -- what it is --


@pytest.mark.parametrize("text", ["补贴多少", "奖励有多少", "是白给的吗", "是贷款还是补贴", "要还吗", "是不是补贴", "不用还吧"])
def test_loan_is_no_gift(text: str) -> None:
    assert put_right(text, LOAN) == ["这是融资支持，要归还。"]
    assert "性质：" not in reply(text, LOAN).text


def test_loan_that_is_taken_for_a_loan() -> None:
    assert put_right("额度多少", LOAN) == []


def test_words_of_the_record_are_no_mistake() -> None:
    assert put_right("补贴多少", replace(LOAN, name="东区贴息补贴贷款")) == []


@pytest.mark.parametrize("text", ["补贴多少", "能拿钱吗", "是奖励吗"])
def test_service_pays_nothing(text: str) -> None:
    assert put_right(text, HALL) == ["这是服务措施，不发放资金。"]
    assert put_right(text, replace(HALL, kind="platform")) == ["这是平台建设，报道没有写给申请者的资金。"]


@pytest.mark.parametrize("rule", [Rule("x", "企业", Unstated("奖金")), Rule("x", "企业", Fixed("奖", 10_000), RECEIVED)])
def test_service_that_does_pay(rule: Rule) -> None:
    assert put_right("补贴多少", replace(HALL, rules=(rule, Rule("y", "企业", Service("代办"))))) == []


@pytest.mark.parametrize("text", ["要还吗", "这钱用还吗", "是贷款吧", "奖励还是贷款", "要归还利息吗"])
def test_reward_is_no_loan(text: str) -> None:
    assert put_right(text, STAR) == ["这是财政奖励，报道没有提到要归还。"]


def test_nothing_is_said_of_repayment_where_money_is_borrowed() -> None:
    assert put_right("要还吗", replace(STAR, name="东区贷款贴息")) == []


def test_several_policies_are_not_corrected_by_their_words() -> None:
    assert put_right("和上市补助哪个多", LOAN, Aspect.COMPARE) == []


# -- where, when, whose --


def test_place_that_is_taken_for_granted() -> None:
    assert put_right("北区的这个奖励给多少", STAR, outside="north") == ["这项在东区，不在北区；报道没有说北区的企业也能享受。"]
    assert put_right("我们在北区能办吗", STAR, outside="north") == [
        "您提到北区，这项政策属于东区，报道没有说北区的企业也能享受。"
    ]


@pytest.mark.parametrize("text", ["现在去领行吗", "今年能报吗", "我想申请"])
@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": Status.PLANNED}, "这是报道时的计划（2022 年），后来是否落地，政策库没有记载。"),
        ({"status": Status.HISTORIC}, "这是过去的成果或活动（2022 年），不是现在可以申请的政策。"),
        ({"valid_to": "2024-12-31"}, "这项政策已于 2024-12-31 到期，以下内容仅供参考，是否延续请向部门核实。"),
        ({"valid_from": "2027-01-01"}, "这项政策自 2027-01-01 起施行，现在还没有开始。"),
    ],
    ids=["planned", "historic", "expired", "not yet"],
)
def test_what_cannot_be_applied_for_now(text: str, changes: dict[str, object], expected: str) -> None:
    policy = replace(STAR, **changes)  # type: ignore[arg-type]
    assert put_right(text, policy) == [expected]
    assert reply(text, policy).text.count(expected) == 1
    assert put_right("给多少", policy) == []


def test_what_can_be_applied_for_now() -> None:
    assert put_right("现在去领行吗", replace(STAR, valid_to="2027-12-31")) == []


def test_department_that_is_taken_for_granted() -> None:
    assert put_right("是税务局管吧", STAR, Aspect.DEPARTMENT) == ["报道点名的是科技局（东区），不是税务局。"]


@pytest.mark.parametrize(
    "policy",
    [
        replace(STAR, contact=Contact("issuing_body", "east-office")),
        replace(STAR, contact=Contact("none")),
        replace(STAR, contact=Contact("named", "east-taxes")),
        replace(STAR, summary="由税务局复核"),
    ],
    ids=["issuing body", "nobody", "the same", "told in the record"],
)
def test_department_that_is_not_put_right(policy: Policy) -> None:
    assert put_right("是税务局管吧", policy, Aspect.DEPARTMENT) == []
