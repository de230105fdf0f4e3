"""What replies say: the asked thing first, what is unknown as unknown, plans as plans, always with source and age."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from actions.knowledge import Aspect, Finding, Focus, Outcome, PolicyBook, Query, resolve
from actions.knowledge.benefits import Cap, Fixed, Rate, Service, Unstated
from actions.knowledge.models import Confusion, Contact, Department, Policy, Remark, Rule, Scope, Source, Status, Term
from actions.knowledge.reading import Reader
from actions.replies.answers import NEXT, Answers
from actions.replies.message import Reply
from actions.replies.sources import age
from tests.knowledge.books import make_book, make_policy

TODAY = date(2026, 11, 22)
RECEIVED = Scope.PER_APPLICANT

LAB = make_policy(
    "lab",
    "东区实验室奖励（新获批）",
    Rule("pool", "全区合计", Fixed("奖励资金池", 90_000_000), Scope.POOL_TOTAL),
    Rule("case", "某企业的例子", Fixed("某企业所得", 700_000), Scope.EXAMPLE_CASE),
    Rule("national", "新获批国家级实验室", Fixed("实验室奖励", 5_000_000), RECEIVED, ("国家级",)),
    Rule("municipal", "新获批市级实验室", Cap("实验室奖励", 500_000), RECEIVED, ("市级",)),
    summary="东区奖励新获批的实验室",
    audience=("新获批的实验室",),
    conditions=("注册在东区",),
    contact=Contact("issuing_body", "east-office"),
    gaps=(Remark("奖励什么时候到账", ("到账", "多久发")),),
    notes=(Remark("只奖新获批的", ("老实验室", "以前的")), Remark("奖给单位不给个人", ("个人", "给谁"))),
    confusions=(Confusion("fund", "那是基金，不是奖励"),),
)
FUND = make_policy(
    "fund",
    "东区母基金",
    Rule("size", "基金规模", Fixed("母基金规模", 2_000_000_000), Scope.POOL_TOTAL),
    kind="fund",
    topics=("rd",),
    status=Status.PLANNED,
    as_of="2019-01",
    unstated=frozenset({"amount", "conditions", "process", "materials", "deadline", "phone"}),
)
RESULT = make_policy(
    "result",
    "东区高企成果",
    Rule("count", "全区", Fixed("技术交易额", 1_900_000_000), Scope.ACHIEVEMENT_TOTAL),
    status=Status.HISTORIC,
    as_of="2018",
)
WAGE = make_policy(
    "wage",
    "东区人才补贴",
    Rule("wage", "经认定的人才", Rate("生活补贴", 0.3, "年薪", cap=100_000, per="每人每年", years=3), RECEIVED),
    topics=("talent",),
    process="向科技局提交申请。",
    materials=("劳动合同", "身份证"),
    deadline="每年 3 月。",
    unstated=frozenset({"phone"}),
)
SERVICE = make_policy(
    "service",
    "东区代办服务",
    Rule("agency", "东区企业", Service("代办", "专人代办执照")),
    Rule("money", "东区企业", Unstated("代办补贴")),
    topics=("talent",),
)
BOOK = make_book(LAB, FUND, RESULT, WAGE, SERVICE)


@cache
def reader(book: PolicyBook) -> Reader:
    """A reader that knows no everyday words and takes every Chinese run for one word."""
    return Reader(book, segment=lambda run: [run])


def query(text: str, aspect: Aspect, book: PolicyBook) -> Query:
    return reader(book).query(reader(book).read(text), aspect, Focus())


def reply(policy: Policy, aspect: Aspect, text: str = "", book: PolicyBook = BOOK, today: date = TODAY) -> Reply:
    """The reply about one policy."""
    return Answers(book, today).reply(query(text, aspect, book), Finding(Outcome.FOUND, aspect, (policy,)))


def asked(text: str, aspect: Aspect, book: PolicyBook = BOOK) -> Reply:
    """The reply to a question whose policies are searched."""
    understood = query(text, aspect, book)
    return Answers(book, TODAY).reply(understood, resolve(book, understood))


def lines(reply: Reply) -> list[str]:
    return reply.text.splitlines()


# -- amounts --


def test_amount_begins_with_the_name_and_the_figures_to_receive() -> None:
    found = lines(reply(LAB, Aspect.AMOUNT))
    assert found[:3] == [
        "东区实验室奖励",
        "· 新获批国家级实验室：实验室奖励 500 万元",
        "· 新获批市级实验室：实验室奖励 最高 50 万元",
    ]
    assert "性质：财政奖励。" in found


def test_amount_leaves_cases_out_and_names_the_pool() -> None:
    text = reply(LAB, Aspect.AMOUNT).text
    assert "70 万元" not in text
    assert "奖励资金池 9000 万元（资金总额，不是单个申请者可得）" in text


@pytest.mark.parametrize("policy", [FUND, SERVICE], ids=lambda policy: policy.id)
def test_amount_without_anything_to_receive(policy: Policy) -> None:
    assert "报道没有写明申请者可得的金额。" in lines(reply(policy, Aspect.AMOUNT))


def test_promise_without_a_figure() -> None:
    assert "· 东区企业：代办补贴，报道未写金额" in lines(reply(SERVICE, Aspect.AMOUNT))


def test_level_that_is_asked_for_stands_alone() -> None:
    text = reply(LAB, Aspect.AMOUNT, "市级的给多少").text
    assert "最高 50 万元" in text
    assert "500 万元" not in text


@pytest.mark.parametrize(
    ("text", "others"), [("小微企业给多少", False), ("小微企业和别的企业各多少", True), ("不是小微企业呢", True)]
)
def test_audience_that_is_asked_for_stands_alone_unless_others_are_asked_for(text: str, others: bool) -> None:
    policy = make_policy(
        "rd",
        "东区研发奖",
        Rule("micro", "小微企业", Fixed("研发奖", 50_000), RECEIVED, audiences=("micro",)),
        Rule("rest", "其余", Fixed("研发奖", 30_000), RECEIVED, audiences=("talent",)),
    )
    shown = reply(policy, Aspect.AMOUNT, text, make_book(policy)).text
    assert "5 万元" in shown
    assert ("3 万元" in shown) is others


def test_level_that_the_record_lacks() -> None:
    book = make_book(LAB, WAGE, levels=[*BOOK.levels.values(), Term("省级", "省级")])
    assert "报道只写了国家级、市级，没有写省级。" in lines(reply(LAB, Aspect.AMOUNT, "省级给多少", book))
    assert "报道没有按级别区分，没有写省级。" in lines(reply(WAGE, Aspect.AMOUNT, "省级给多少", book))
    assert "没有写" not in reply(LAB, Aspect.AMOUNT, "市级给多少", book).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年薪20万能补多少", "20 万元 × 30% = 6 万元。"),
        ("年薪50万能补多少", "50 万元 × 30% = 15 万元，超过上限，按每人每年最高 10 万元 计。"),
        ("年薪50万三年一共多少", "满 3 年合计最高 30 万元（每年 10 万元 × 3 年，合计数是推算，报道没有写）。"),
        ("年薪20万三年一共多少", "满 3 年合计约 18 万元（每年 6 万元 × 3 年，合计数是推算，报道没有写）。"),
        ("三年一共多少", "满 3 年合计最高 30 万元"),
    ],
)
def test_calculation(text: str, expected: str) -> None:
    assert expected in reply(WAGE, Aspect.CALCULATE, text).text


def test_calculation_for_several_applicants() -> None:
    each = make_policy("each", "东区高企奖励", Rule("each", "首次认定", Fixed("奖励", 300_000, per="每家"), RECEIVED))
    book = make_book(each)
    text = reply(each, Aspect.CALCULATE, "三家子公司都评上一共多少", book).text
    assert "3 个合计：30 万元 × 3 = 90 万元（推算；须各自符合条件）。" in text
    assert "90 万元" not in reply(each, Aspect.AMOUNT, "一家给多少", book).text


def test_figure_of_the_record_is_no_calculation() -> None:
    assert "测算" not in reply(WAGE, Aspect.AMOUNT, "真的最高10万吗").text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9000万一家能拿多少", "您提到的 9000 万元 是“奖励资金池”（资金总额，不是单个申请者可得）。"),
        ("真能拿70万吗", "您提到的 70 万元 是“某企业所得”（个案，不是标准）。"),
        ("能给800万吗", "您提到的金额在这条报道里没有依据，以下以报道为准。"),
        ("500万是给谁的", ""),
        ("给多少", ""),
    ],
)
def test_premise_of_a_question(text: str, expected: str) -> None:
    found = [line for line in lines(reply(LAB, Aspect.AMOUNT, text)) if line.startswith("您提到的")]
    assert found == ([expected] if expected else [])


def test_premise_that_is_the_figure_of_the_record(book: PolicyBook) -> None:
    text = reply(book.policies["laoshan-equity-fund"], Aspect.AMOUNT, "股权投资资金33.7亿一家能拿多少", book).text
    assert "没有依据" not in text


# -- what is unknown --


@pytest.mark.parametrize(
    ("aspect", "expected"),
    [
        (Aspect.PROCESS, "报道未说明办理流程。"),
        (Aspect.MATERIALS, "报道未说明申报材料。"),
        (Aspect.DEADLINE, "报道未说明申报时间。"),
        (Aspect.CONTACT, "报道没有给出电话、地址、网址和联系人。"),
    ],
)
def test_unknown_aspect(aspect: Aspect, expected: str) -> None:
    found = lines(reply(LAB, aspect))
    assert expected in found
    assert found.index(expected) <= 2  # at once, not somewhere below


@pytest.mark.parametrize(
    ("aspect", "expected"),
    [
        (Aspect.PROCESS, "办理：向科技局提交申请。"),
        (Aspect.MATERIALS, "材料：劳动合同；身份证。"),
        (Aspect.DEADLINE, "时间：每年 3 月。"),
    ],
)
def test_known_aspect(aspect: Aspect, expected: str) -> None:
    found = reply(WAGE, aspect)
    assert expected in lines(found)
    assert "未说明" not in found.text


def test_detail_on_which_the_source_is_silent() -> None:
    assert "报道未说明利率。" in lines(reply(LAB, Aspect.DETAIL, "利息多少"))
    assert "报道未说明利率" not in reply(LAB, Aspect.DETAIL, "给多少").text


def test_gap_and_note_that_the_question_raises() -> None:
    text = reply(LAB, Aspect.DETAIL, "多久发下来，老实验室算不算").text
    assert "报道未说明：奖励什么时候到账。" in text
    assert "只奖新获批的。" in text
    assert "奖给单位不给个人" not in text


def test_what_is_unknown_is_said_unasked() -> None:
    assert "报道未说明：奖励什么时候到账；申报时间；申报材料；办理流程。" in lines(reply(LAB, Aspect.AMOUNT))


@pytest.mark.parametrize("aspect", [Aspect.CONDITIONS, Aspect.AUDIENCE])
def test_conditions_and_audience(aspect: Aspect) -> None:
    found = lines(reply(LAB, aspect))
    assert "条件：注册在东区。" in found
    assert "对象：新获批的实验室。" in found
    assert "报道没有写明具体条件。" in lines(reply(FUND, Aspect.CONDITIONS))
    assert "报道没有写明适用对象。" in lines(reply(FUND, Aspect.AUDIENCE))


# -- asking on --


def on(policy: Policy, aspect: Aspect, text: str) -> list[str]:
    """The reply to a question about the policy in hand."""
    understood = reader(BOOK).query(text, aspect, Focus(policies=(policy.id,)))
    return lines(Answers(BOOK, TODAY).reply(understood, Finding(Outcome.FOUND, aspect, (policy,), related=(WAGE,))))


@pytest.mark.parametrize(
    ("aspect", "text", "answer"),
    [
        (Aspect.PROCESS, "怎么申请", "报道未说明办理流程。"),
        (Aspect.DEADLINE, "哪天截止", "报道未说明申报时间。"),
        (Aspect.DEPARTMENT, "找谁", "部门：报道没有点名受理部门，发布主体是科技局（东区）；没有给出电话，可拨 12345 转接核实。"),
        (Aspect.STATUS, "还有吗", "报道时有效（2022 年的材料）"),
        (Aspect.SOURCE, "出处", "来源：《东区出台科技奖励》"),
        (Aspect.DETAIL, "给个人吗", "奖给单位不给个人。"),
    ],
)
def test_who_asks_on_is_answered_shortly(aspect: Aspect, text: str, answer: str) -> None:
    found = on(LAB, aspect, text)
    assert found[1].startswith(answer)
    assert LAB.summary not in found
    assert not [line for line in found if line.startswith(("· ", "您也可能想问"))]
    assert sum("《东区出台科技奖励》" in line for line in found) == 1
    # The office is named again only where it is a matter for the office.
    assert sum(line.startswith("部门：") for line in found) == (0 if aspect is Aspect.DETAIL else 1)


def test_who_asks_on_for_more_than_the_aspect_is_told_more() -> None:
    assert LAB.summary in on(LAB, Aspect.PROCESS, "实验室搬迁怎么申请")
    assert "· 新获批国家级实验室：实验室奖励 500 万元" in on(LAB, Aspect.AMOUNT, "给多少")


def test_nothing_is_said_twice() -> None:
    assert "注意：只奖新获批的。" in lines(reply(LAB, Aspect.CONDITIONS))
    repeating = replace(LAB, notes=(Remark("这是财政奖励"), LAB.notes[1]))
    assert "注意：" not in reply(repeating, Aspect.AMOUNT).text
    assert lines(reply(LAB, Aspect.AUDIENCE, "以前的老实验室算吗")).count("只奖新获批的。") == 1
    assert "注意：只奖新获批的。" not in lines(reply(LAB, Aspect.AUDIENCE, "以前的老实验室算吗"))
    assert "未说明联系电话" not in reply(LAB, Aspect.CONTACT, "电话多少").text


# -- status --


@pytest.mark.parametrize("aspect", list(Aspect))
def test_plan_is_called_a_plan(aspect: Aspect) -> None:
    text = reply(FUND, aspect).text
    assert "东区母基金（计划）" in text
    assert "这是报道时的计划（2019 年），后来是否落地，政策库没有记载。" in text


@pytest.mark.parametrize("aspect", list(Aspect))
def test_past_result_is_called_a_past_result(aspect: Aspect) -> None:
    text = reply(RESULT, aspect).text
    assert "东区高企成果（过往情况）" in text
    assert "这是过去的成果或活动（2018 年），不是现在可以申请的政策。" in text


def test_status_of_a_policy_in_force() -> None:
    text = reply(LAB, Aspect.STATUS).text
    assert "报道时有效" in text
    assert "计划" not in text
    assert "过往情况" not in text


# -- departments --


@pytest.mark.parametrize(
    ("contact", "expected"),
    [
        (Contact("named", "east-office"), "部门：科技局（东区）（报道点名）；没有给出电话，可拨 12345 转接核实。"),
        (Contact("issuing_body", "east-office"), "部门：报道没有点名受理部门，发布主体是科技局（东区）；没有给出电话"),
        (Contact("example_case", "east-office"), "部门：报道没有写明负责部门，只在个案里提到科技局（东区）；没有给出电话"),
        (Contact("none"), "部门：报道没有提到负责部门；没有给出电话，可拨 12345 转接核实。"),
    ],
    ids=lambda value: value.basis if isinstance(value, Contact) else "",
)
@pytest.mark.parametrize("aspect", [Aspect.AMOUNT, Aspect.DEPARTMENT, Aspect.CONTACT])
def test_department(contact: Contact, expected: str, aspect: Aspect) -> None:
    policy = make_policy("p", "东区政策", contact=contact)
    assert expected in reply(policy, aspect, book=make_book(policy)).text


def test_phone_is_the_department_s_own() -> None:
    hotline = Department("line", "东区热线", phone="00000", phone_source="east-report")
    policy = make_policy("p", "东区热线服务", contact=Contact("named", "line"))
    text = reply(policy, Aspect.CONTACT, "电话多少", make_book(policy, departments=[hotline])).text
    assert "电话 00000" in text
    assert "没有给出电话" not in text
    assert "未说明联系电话" not in text


def test_no_number_is_given_that_no_source_gives(book: PolicyBook) -> None:
    for policy in book.policies.values():
        department = book.department_of(policy)
        known = {book.hotline.number, department.phone if department and department.phone else ""}
        text = reply(policy, Aspect.CONTACT, "电话多少", book).text
        assert set(re.findall(r"(?:电话|拨打?) ?(\d+)", text)) <= known, policy.id


# -- sources --


def source(date: str | None, note: str = "") -> PolicyBook:
    return make_book(LAB, sources=[Source("east-report", "东区出台科技奖励", "报头未载", date, "x", date_note=note)])


@pytest.mark.parametrize(
    ("when", "note", "expected"),
    [
        ("2022-05-25", "", "来源：《东区出台科技奖励》（报头未载，2022-05-25）。距今约 4 年 6 个月，"),
        ("2022-05-25", "年份依同版内容推断", "（报头未载，2022-05-25，日期含推断）"),
        ("2022-11", "", "距今约 4 年，"),
        ("2026-06-01", "", "距今约 5 个月，"),
        ("2026-11-02", "", "本月，"),
        ("2022", "", "（报头未载，2022）。距今约 4 年，"),
        ("2026", "", "今年，"),
        (None, "", "（报头未载，日期未载）。材料没有写年份，"),
    ],
)
def test_source_and_its_age(when: str | None, note: str, expected: str) -> None:
    for aspect in Aspect:
        text = reply(replace(LAB, as_of=when), aspect, book=source(when, note)).text
        assert expected in text
        assert "现在是否有效请向部门核实。" in text


def test_age_is_of_what_a_later_page_tells() -> None:
    text = reply(replace(LAB, as_of="2019"), Aspect.AMOUNT, book=source("2025-07-09")).text
    assert "（报头未载，2025-07-09），讲的是 2019 年的情况，距今约 7 年，" in text


def test_age_follows_the_day() -> None:
    ages = [age("2022-05-25", day).split("，")[0] for day in (date(2022, 5, 30), date(2023, 4, 1), date(2023, 5, 1))]
    assert ages == ["本月", "距今约 11 个月", "距今约 1 年"]


def test_source_is_told_in_full_when_asked() -> None:
    where = make_policy("p", "东区政策", source_where="第二段")
    text = reply(where, Aspect.SOURCE, book=make_book(where)).text
    assert "位置：第二段。" in text
    assert "报道没有给出文号和全文。" in text


# -- places --


def test_place_of_the_asker() -> None:
    finding = Finding(Outcome.FOUND, Aspect.CONDITIONS, (LAB,), outside="north")
    text = Answers(BOOK, TODAY).reply(Query("我们在北区能办吗"), finding).text
    assert "您提到北区，这项政策属于东区，报道没有说北区的企业也能享受。" in text


def test_place_without_policies_beside_one_with() -> None:
    finding = Finding(Outcome.FOUND, Aspect.AMOUNT, (LAB,), uncovered=("north",))
    assert lines(Answers(BOOK, TODAY).reply(Query("东区和北区的"), finding))[0] == "政策库未收录北区的政策。"


def test_name_without_its_place_is_told_with_it() -> None:
    policy = make_policy("p", "“汇保通”产品")
    assert lines(reply(policy, Aspect.AMOUNT, book=make_book(policy)))[0] == "东区：“汇保通”产品"


def test_uncovered_place() -> None:
    found = asked("北区有什么政策", Aspect.LIST)
    assert lines(found)[0] == "抱歉，政策库未收录北区的政策，没有找到可以回答的依据。"
    assert "12345" in found.text
    assert (found.custom["type"], found.custom["region"], found.custom["policies"]) == ("uncovered", "north", [])


def test_uncovered_place_names_others_as_others() -> None:
    found = asked("北区有什么研发投入政策", Aspect.LIST)
    assert "其他地区的相近政策：" in found.text
    assert "（不适用于北区）" in found.text
    assert {item["id"] for item in found.custom["related"]} <= {"lab", "fund", "result"}
    assert all(item["name"].split("（")[0] in found.text for item in found.custom["related"])


# -- several policies and lists --


def test_two_policies_side_by_side() -> None:
    both = Answers(BOOK, TODAY).reply(Query("区别"), Finding(Outcome.FOUND, Aspect.COMPARE, (LAB, FUND)))
    found = lines(both)
    assert found[0] == "这是两项不同的政策：东区实验室奖励与东区母基金（计划）。"
    assert found[1] == "东区母基金是基金，不是奖励。"
    assert sum(line.startswith("来源") for line in found) == 2
    assert [item["id"] for item in both.custom["policies"]] == ["lab", "fund"]


MANY = make_book(*(make_policy(f"p{n:02}", f"东区第{n}号政策", topics=("rd",)) for n in range(1, 21)), WAGE, FUND)


def test_list_is_short_and_tells_the_way_to_more() -> None:
    found = asked("东区有哪些政策", Aspect.LIST, MANY)
    numbered = [line for line in lines(found) if re.match(r"\d+\. ", line)]
    assert lines(found)[0] == "东区的政策，政策库收录 22 项："
    assert len(numbered) == 8 == len(found.custom["policies"])
    assert "还有 14 项，说“还有别的吗”接着看。" in lines(found)
    assert 0 < len(found.buttons) <= 6
    assert "来源：" in found.text


def test_list_shows_what_can_be_received_and_nothing_else() -> None:
    text = asked("东区有哪些政策", Aspect.LIST, make_book(LAB, FUND, WAGE, RESULT)).text
    assert "1. 东区实验室奖励：国家级 500 万元，市级 最高 50 万元" in text
    assert "东区人才补贴：按年薪的 30% 计，每人每年最高 10 万元" in text
    assert "东区母基金（计划）\n" in text
    assert "东区高企成果（过往情况）" in text
    assert "亿元" not in text
    assert "70 万元" not in text


def test_short_list_explains_itself() -> None:
    assert "   东区奖励新获批的实验室" in lines(asked("东区有哪些政策", Aspect.LIST, make_book(LAB, FUND)))


def test_list_does_not_deny_what_a_record_states(book: PolicyBook) -> None:
    denial = "申报时间和电话报道均未说明"
    for text in (asked("东区有哪些政策", Aspect.LIST).text, asked("即墨有哪些政策", Aspect.LIST, book).text):
        assert denial not in text
    assert denial in asked("崂山有哪些政策", Aspect.LIST, book).text


# -- questions back, and nothing --


def test_unclear_question_is_answered_by_a_question() -> None:
    found = asked("怎么申请", Aspect.PROCESS)
    assert "请问您想问哪个地区、哪项政策？" in found.text
    assert BOOK.examples[0] in found.text
    assert [button.question for button in found.buttons] == ["东区有哪些政策？"]
    assert found.custom == {"type": "unclear", "policies": [], "related": []}


def test_nothing_found_is_said_plainly() -> None:
    found = Answers(BOOK, TODAY).reply(Query("养猫"), Finding(Outcome.NOTHING, Aspect.AMOUNT, related=(FUND,)))
    assert "没有找到" in found.text
    assert "您想问的是不是：东区母基金（计划）？" in found.text
    assert "12345" in found.text
    assert found.custom["policies"] == []
    assert found.custom["related"] == [{"id": "fund", "name": "东区母基金", "region": "东区"}]


# -- buttons and facts --


@pytest.mark.parametrize("aspect", list(Aspect))
def test_buttons_ask_something_else_in_plain_words(aspect: Aspect) -> None:
    buttons = reply(LAB, aspect).buttons
    assert 0 < len(buttons) <= 4
    assert len({button.title for button in buttons}) == len(buttons)
    assert all(button.question.startswith("东区实验室奖励") for button in buttons)
    if aspect in NEXT:
        assert NEXT[aspect][0] not in [button.title for button in buttons]


def test_facts() -> None:
    found = reply(LAB, Aspect.AMOUNT).custom
    assert found["type"] == "policy"
    (policy,) = found["policies"]
    assert (policy["id"], policy["region"], policy["status"], policy["as_of"]) == ("lab", "东区", "in_force", "2022-05-25")
    assert policy["department"] == {"name": "科技局（东区）", "basis": "issuing_body", "phone": None}
    assert policy["source"]["title"] == "东区出台科技奖励"
    assert policy["unstated"] == ["deadline", "materials", "phone", "process"]
    rules = {rule["id"]: rule for rule in policy["rules"]}
    assert rules["municipal"]["yuan"] == [500_000]
    assert rules["municipal"]["figure"] == "最高 50 万元"
    assert rules["municipal"]["levels"] == ["市级"]
    assert rules["municipal"]["scope"] == "per_applicant"
    assert rules["pool"]["scope"] == "pool_total"


def test_facts_of_a_rate() -> None:
    (rule,) = reply(WAGE, Aspect.AMOUNT).custom["policies"][0]["rules"]
    assert (rule["rate"], rule["yuan"]) == (0.3, [100_000])


def test_reply_has_no_empty_and_no_repeated_line(book: PolicyBook) -> None:
    for policy in book.policies.values():
        for aspect in (Aspect.AMOUNT, Aspect.AUDIENCE, Aspect.CONTACT, Aspect.SOURCE, Aspect.STATUS):
            found = lines(reply(policy, aspect, book=book))
            assert all(line.strip() for line in found)
            assert len(set(found)) == len(found)
            assert not re.search("。。|；。|：。|None|nan", "\n".join(found)), (policy.id, aspect)
