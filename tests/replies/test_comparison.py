"""Policies and levels side by side: grouped by what is compared, the asked row first, and no false measuring."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from actions.knowledge import Aspect, Finding, Focus, Outcome, PolicyBook
from actions.knowledge.benefits import Cap, Fixed, PerUnit, Rate, Service
from actions.knowledge.models import Confusion, Contact, Department, Policy, Remark, Rule, Scope, Source, Status, Term
from actions.knowledge.reading import Reader
from actions.replies.answers import Answers
from actions.replies.message import Reply
from tests.knowledge.books import make_book, make_policy

TODAY = date(2026, 11, 22)
RECEIVED = Scope.PER_APPLICANT
KINDS = [
    Term("reward", "奖励", nature="财政奖励"),
    Term("loan", "融资", nature="融资支持，借款要归还"),
    Term("fund", "基金", nature="基金安排，不直接发给企业"),
]


def levelled(*pairs: tuple[str, float], name: str = "平台奖励", of: str = "新获批{}平台") -> list[Rule]:
    return [Rule(level, of.format(level), Fixed(name, amount), RECEIVED, (level,)) for level, amount in pairs]


def fixed(amount: float, *, condition: str = "首次认定", per: str = "", currency: str = "CNY") -> Rule:
    return Rule(f"fixed-{amount}", condition, Fixed("认定奖励", amount, per=per, currency=currency), RECEIVED)


LAB = make_policy(
    "lab",
    "东区科技奖励—平台奖励",
    *levelled(("国家级", 5_000_000), ("省级", 1_000_000), ("市级", 500_000)),
    audience=("高校和企业",),
    contact=Contact("issuing_body", "east-office"),
)
FIRM = make_policy(
    "firm",
    "东区科技奖励—首次认定",
    fixed(300_000, per="每家"),
    audience=("首次认定的企业",),
    contact=Contact("issuing_body", "east-office"),
)
LOAN = make_policy(
    "loan",
    "东区“信用贷”",
    Rule("limit", "东区小微企业", Cap("贷款额度", 5_000_000), RECEIVED),
    Rule("case", "一家企业的例子", Fixed("个案贷款", 2_000_000), Scope.EXAMPLE_CASE),
    kind="loan",
    audience=("东区小微企业",),
    gaps=(Remark("利率", ("利率", "利息")),),
    confusions=(Confusion("firm", "那是奖励，不用贷"),),
)


def book_of(*policies: Policy, **changes: object) -> PolicyBook:
    levels = [Term(name, name) for name in ("国家级", "省级", "市级")]
    return make_book(*policies, kinds=KINDS, levels=levels, **changes)


def asked(text: str, *policies: Policy, aspect: Aspect = Aspect.COMPARE, focus: Focus | None = None, **changes: object) -> Reply:
    """The reply about these policies together."""
    book = book_of(*policies, **changes)
    reader = Reader(book, segment=lambda run: [run])
    query = reader.query(reader.read(text), aspect, focus or Focus())
    return Answers(book, TODAY).reply(query, Finding(Outcome.FOUND, aspect, policies))


def lines(reply: Reply) -> list[str]:
    return reply.text.splitlines()


def row(reply: Reply, name: str) -> list[str]:
    """The lines of a row, with the heading where the row is one line; empty where there is none."""
    found = lines(reply)
    start = next((number for number, line in enumerate(found) if line.startswith(f"【{name}】")), None)
    if start is None:
        return []
    rest = found[start + 1 :]
    size = next((number for number, line in enumerate(rest) if not line.startswith(("· ", "  － "))), len(rest))
    return [found[start], *rest[:size]]


# -- the rows --


def test_heading_then_confusion_then_rows() -> None:
    found = lines(asked("有什么区别", LOAN, FIRM))
    assert found[:3] == [
        "这是两项不同的政策：东区“信用贷”与东区科技奖励—首次认定。",
        "东区科技奖励—首次认定是奖励，不用贷。",
        "【支持】",
    ]


def test_only_two_different_policies_are_called_different() -> None:
    assert lines(asked("给多少", LOAN, FIRM, aspect=Aspect.AMOUNT))[0] == "东区“信用贷”与东区科技奖励—首次认定："


def test_confusion_that_only_repeats_the_name_is_left_out() -> None:
    empty = replace(LOAN, confusions=(Confusion("firm", "那是东区的首次认定"),))
    assert lines(asked("有什么区别", empty, FIRM))[1] == "【支持】"


def test_support_is_short_and_conditions_have_their_own_row() -> None:
    found = asked("有什么区别", LOAN, FIRM)
    assert row(found, "支持") == ["【支持】", "· 信用贷：贷款额度 最高 500 万元", "· 首次认定：认定奖励 每家 30 万元"]
    assert row(found, "条件") == ["【条件】", "· 信用贷：东区小微企业", "· 首次认定：首次认定"]


def test_levels_of_one_policy_stand_in_one_line() -> None:
    found = asked("有什么区别", LAB, FIRM)
    assert "· 平台奖励：国家级 500 万元，省级 100 万元，市级 50 万元" in row(found, "支持")
    assert "· 平台奖励：新获批相应级别平台" in row(found, "条件")


def test_levels_that_differ_in_more_stand_apart() -> None:
    uneven = replace(LAB, rules=(*LAB.rules[:2], Rule("c", "市级平台复核", Fixed("平台奖励", 500_000), RECEIVED, ("市级",))))
    assert "  － 市级平台复核：平台奖励 50 万元" in row(asked("区别", uneven, FIRM), "支持")


def test_asked_level_stands_alone_with_its_name() -> None:
    text = asked("市级平台和首次认定", LAB, FIRM).text
    assert "· 平台奖励：市级 50 万元" in text
    assert "500 万元" not in text


def test_at_most_four_rules_a_policy() -> None:
    many = make_policy("many", "东区多项奖励", *(fixed(n * 10_000, condition=f"第{n}种情况") for n in range(1, 8)))
    shown = [line for line in row(asked("区别", many, LOAN), "支持") if line.startswith("  － ")]
    assert len(shown) == 5
    assert shown[-1] == "  － 另有 3 条，可以接着问。".removesuffix("。")


def test_single_cases_are_left_out_unless_asked_for() -> None:
    assert "200 万元" not in asked("区别", LOAN, FIRM).text
    assert "200 万元（个案，不是标准）" in asked("200万是哪个的", LOAN, FIRM).text


def test_same_values_are_told_once() -> None:
    found = asked("有什么区别", LAB, FIRM)
    assert row(found, "性质") == ["【性质】两项相同：财政奖励"]
    assert len(row(found, "部门")) == 1
    assert found.text.count("来源") == 1
    third = replace(FIRM, id="third", name="东区科技奖励—再次认定")
    assert row(asked("有什么区别", LAB, FIRM, third), "性质") == ["【性质】三项相同：财政奖励"]


def test_values_that_differ_are_told_of_each() -> None:
    found = asked("有什么区别", LOAN, FIRM)
    assert row(found, "性质") == ["【性质】", "· 信用贷：融资支持，借款要归还", "· 首次认定：财政奖励"]
    assert row(found, "部门")[1:] == [
        "· 信用贷：报道没有提到负责部门",
        "· 首次认定：报道没有点名受理部门，发布主体是科技局（东区）",
    ]
    assert lines(found).count("都没有给出电话，可拨 12345 转接核实。") == 1


def test_phone_of_one_is_told() -> None:
    line = Department("line", "东区热线", phone="00000", phone_source="east-report")
    told = asked("找谁", replace(FIRM, contact=Contact("named", "line")), LOAN, aspect=Aspect.CONTACT, departments=[line])
    assert "· 首次认定：东区热线（报道点名），电话 00000" in row(told, "部门")
    assert "都没有给出电话" not in told.text


def test_audience_that_the_condition_tells_is_not_repeated() -> None:
    assert row(asked("区别", LOAN, replace(FIRM, audience=())), "对象") == []
    assert "· 平台奖励：高校和企业" in row(asked("区别", LAB, FIRM), "对象")
    assert row(asked("都给谁", LOAN, FIRM, aspect=Aspect.AUDIENCE), "对象")[1:] == [
        "· 信用贷：东区小微企业",
        "· 首次认定：首次认定的企业",
    ]


def test_status_is_a_row_only_where_one_is_no_policy_in_force() -> None:
    assert row(asked("区别", LAB, FIRM), "状态") == []
    planned = asked("区别", LAB, replace(FIRM, status=Status.PLANNED))
    assert "（计划）" in lines(planned)[0]
    assert any("这是报道时的计划" in line for line in row(planned, "状态"))
    assert any("平台奖励：报道时有效" in line for line in row(planned, "状态"))


def test_places_are_the_labels_where_they_are_compared() -> None:
    north = replace(FIRM, id="north", region="north", name="北区首次认定奖励")
    found = asked("东区和北区的首次认定", FIRM, north)
    assert row(found, "支持") == ["【支持】两项相同：认定奖励 每家 30 万元"]
    cheaper = replace(north, rules=(fixed(200_000),))
    assert row(asked("东区和北区的首次认定", FIRM, cheaper), "支持")[1:] == [
        "· 东区：认定奖励 每家 30 万元",
        "· 北区：认定奖励 20 万元",
    ]


def test_place_is_a_row_where_the_labels_do_not_tell_it() -> None:
    north = replace(LOAN, region="north", name="“信用贷”", topics=("talent",))
    assert row(asked("信用贷和首次认定", FIRM, north), "地区")[1:] == ["· 首次认定：东区", "· 信用贷：北区"]
    assert row(asked("信用贷和首次认定", FIRM, LOAN), "地区") == []


def test_sources_that_differ_are_told_of_each() -> None:
    sources = [
        Source("east-report", "东区出台科技奖励", "报纸", "2022-05-25", "x"),
        Source("other", "东区金融服务", "报纸", "2023-05-25", "y"),
    ]
    found = lines(asked("区别", replace(LOAN, source="other"), FIRM, sources=sources))
    assert any(line.startswith("来源（信用贷）：《东区金融服务》") for line in found)
    assert any(line.startswith("来源（首次认定）：《东区出台科技奖励》") for line in found)


@pytest.mark.parametrize(
    ("aspect", "first"),
    [
        (Aspect.AMOUNT, "【支持】"),
        (Aspect.DEPARTMENT, "【部门】"),
        (Aspect.CONDITIONS, "【条件】"),
        (Aspect.AUDIENCE, "【对象】"),
        (Aspect.STATUS, "【状态】"),
        (Aspect.PROCESS, "【办理】"),
        (Aspect.MATERIALS, "【材料】"),
        (Aspect.DEADLINE, "【时间】"),
        (Aspect.SOURCE, "来源"),
    ],
)
def test_the_asked_row_comes_first(aspect: Aspect, first: str) -> None:
    confused = replace(LOAN, confusions=())
    found = lines(asked("两个分别说说", confused, FIRM, aspect=aspect))
    assert found[1].startswith(first)
    assert "《东区出台科技奖励》" in "\n".join(found)


def test_unknown_is_told_as_unknown() -> None:
    known = replace(FIRM, process="网上申请", unstated=frozenset())
    assert row(asked("怎么办", LOAN, known, aspect=Aspect.PROCESS), "办理") == [
        "【办理】",
        "· 信用贷：报道未说明办理流程",
        "· 首次认定：网上申请",
    ]
    assert row(asked("什么时候截止", LOAN, FIRM, aspect=Aspect.DEADLINE), "时间") == ["【时间】两项相同：报道未说明申报时间"]
    told = replace(FIRM, conditions=("不计利率",))
    assert row(asked("利率多少", LOAN, told, aspect=Aspect.DETAIL), "说明") == ["【说明】", "· 信用贷：报道未说明利率"]


def test_asking_on_is_answered_shortly() -> None:
    known = Focus(policies=("loan", "firm"))
    on, first = (asked("分别找谁", LOAN, FIRM, aspect=Aspect.DEPARTMENT, focus=focus) for focus in (known, Focus()))
    assert row(on, "支持") == []
    assert row(first, "支持")
    assert row(on, "部门") == row(first, "部门")
    assert "来源" in on.text


@pytest.mark.parametrize("aspect", [Aspect.AMOUNT, Aspect.CALCULATE, Aspect.COMPARE])
def test_asking_on_for_sums_is_answered_with_them(aspect: Aspect) -> None:
    found = asked("加起来能拿1300万吧", LOAN, FIRM, aspect=aspect, focus=Focus(policies=("loan", "firm")))
    assert "· 信用贷：贷款额度 最高 500 万元" in row(found, "支持")


def test_sum_that_no_record_has() -> None:
    assert lines(asked("是1300万吧", LOAN, FIRM))[1] == "您提到的金额在这几条报道里没有依据，以下以报道为准。"


@pytest.mark.parametrize("text", ["是30万吧", "我们营收1300万", "给多少"])
def test_sums_that_are_in_order(text: str) -> None:
    assert "没有依据" not in asked(text, LOAN, FIRM, aspect=Aspect.AMOUNT).text


def test_what_the_numbers_come_to() -> None:
    rent = make_policy("rent", "东区楼宇奖励", Rule("unit", "改造楼宇", PerUnit("改造奖励", 100, "平方米"), RECEIVED))
    found = asked("改造6000平方米，又首次认定，能拿多少", rent, FIRM, aspect=Aspect.CALCULATE)
    assert lines(found)[1] == "【测算】"
    assert "60 万元" in lines(found)[2]


def test_every_line_is_told_though_two_policies_share_it() -> None:
    shared = Rule("shared", "有需要的企业", Service("专人服务", "专人上门"))
    one, other = (make_policy(id, name, fixed(amount), shared) for id, name, amount in (("a", "甲", 1e5), ("b", "乙", 2e5)))
    assert asked("区别", one, other).text.count("专人上门") == 2


def test_buttons_lead_to_each() -> None:
    found = asked("区别", LOAN, FIRM)
    assert [button.question for button in found.buttons] == ["介绍一下东区“信用贷”", "介绍一下东区科技奖励—首次认定"]
    assert [item["id"] for item in found.custom["policies"]] == ["loan", "firm"]


# -- which is more --


def verdict(reply: Reply) -> str:
    return next((line for line in lines(reply) if "更大" in line or "一样多" in line or "比多少" in line), "")


def test_nothing_is_measured_unasked() -> None:
    for text in ("有什么区别", "哪个给高企", "分别给多少", "谁给大型企业"):
        assert verdict(asked(text, LAB, FIRM)) == ""


def test_larger_of_two_fixed_sums() -> None:
    text = verdict(asked("平台奖励和首次认定哪个多", FIRM, LAB))
    assert text == "按报道写的固定金额，平台奖励的最高一档数字更大：平台奖励 国家级 500 万元，首次认定 每家 30 万元。"
    assert verdict(asked("市级平台和首次认定哪个多", FIRM, LAB)).endswith("：平台奖励 市级 50 万元，首次认定 每家 30 万元。")


def test_equal_sums() -> None:
    same = replace(FIRM, id="same", name="东区科技奖励—再次认定")
    assert "一样多" in verdict(asked("哪个高", FIRM, same))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (LOAN, "两种钱性质不同，不能直接比多少：首次认定是财政奖励；信用贷是融资支持，借款要归还。"),
        (
            make_policy("x", "东区总部奖励", Rule("x", "总部", Cap("奖励", 9e6), RECEIVED)),
            "口径不同，不能直接比多少：首次认定写的是固定金额，总部奖励写的是最高额。",
        ),
        (
            make_policy("x", "东区年薪奖励", Rule("x", "人才", Rate("奖励", 0.3, "年薪"), RECEIVED)),
            "口径不同，不能直接比多少：首次认定写的是固定金额，年薪奖励写的是按比例计算。",
        ),
        (make_policy("x", "东区上门服务"), "不能比多少：上门服务的报道没有写申请者可得的金额。"),
        (
            make_policy("x", "东区年度奖励", fixed(400_000, per="每年")),
            "计算单位或年限不同，不能直接比多少，各自的标准如下。",
        ),
        (
            make_policy("x", "东区外币奖励", fixed(400_000, currency="USD")),
            "计算单位或年限不同，不能直接比多少，各自的标准如下。",
        ),
    ],
    ids=["loan", "cap", "rate", "no sum", "per year", "dollars"],
)
def test_what_cannot_be_measured(other: Policy, expected: str) -> None:
    assert verdict(asked("哪个多", FIRM, other)) == expected


def test_pools_are_measured_as_pools() -> None:
    def fund(id: str, name: str, size: float) -> Policy:
        return make_policy(id, name, Rule("size", "规模", Fixed("基金规模", size), Scope.POOL_TOTAL), kind="fund")

    text = verdict(asked("哪个大", fund("a", "东区天使基金", 3e8), fund("b", "东区产业基金", 1e9)))
    assert text == "按报道写的资金总额，不是单个申请者可得，产业基金的数字更大：产业基金 10 亿元，天使基金 3 亿元。"


@pytest.mark.parametrize("text", ["哪个要还", "哪个是贷款", "哪个是白给的"])
def test_nature_comes_first_where_it_is_asked(text: str) -> None:
    found = lines(asked(text, replace(LOAN, confusions=()), FIRM))
    assert found[1] == "【性质】"


# -- levels of one policy --


def test_difference_of_two_levels() -> None:
    found = lines(asked("国家级和省级差多少", LAB))
    assert found[1:5] == [
        "· 国家级：平台奖励 500 万元",
        "· 省级：平台奖励 100 万元",
        "相差 400 万元（推算：500 万元 － 100 万元）。",
        "条件：新获批相应级别平台。",
    ]
    assert "50 万元" not in "\n".join(found).replace("500 万元", "")


def test_difference_is_told_where_the_amount_is_asked() -> None:
    assert "相差 400 万元" in asked("国家级比省级多多少", LAB, aspect=Aspect.AMOUNT).text
    assert "相差" not in asked("国家级和省级给多少", LAB, aspect=Aspect.AMOUNT).text


def test_difference_from_the_level_of_before() -> None:
    before = Focus(policies=("lab",), levels=("国家级",))
    assert "相差 450 万元（推算：500 万元 － 50 万元）。" in asked("和市级差多少", LAB, focus=before).text
    assert "相差" not in asked("和市级差多少", LAB).text


def test_all_levels_without_a_difference() -> None:
    found = lines(asked("各级有什么区别", LAB))
    assert [line for line in found if line.startswith("· ")] == [
        "· 国家级：平台奖励 500 万元",
        "· 省级：平台奖励 100 万元",
        "· 市级：平台奖励 50 万元",
    ]
    assert "相差" not in "\n".join(found)


@pytest.mark.parametrize(
    "benefit",
    [Cap("平台奖励", 1e6), Fixed("别的奖励", 1e6), Fixed("平台奖励", 1e6, per="每年"), Fixed("平台奖励", 1e6, currency="USD")],
)
def test_no_difference_of_unlike_sums(benefit: Cap | Fixed) -> None:
    unlike = replace(LAB, rules=(LAB.rules[0], Rule("b", "新获批省级平台", benefit, RECEIVED, ("省级",))))
    text = asked("国家级和省级差多少", unlike).text
    assert "· 国家级：" in text
    assert "相差" not in text


def test_one_policy_is_told_from_what_it_is_taken_for() -> None:
    book = book_of(LOAN, FIRM)
    finding = Finding(Outcome.FOUND, Aspect.COMPARE, (LOAN,))
    reader = Reader(book, segment=lambda run: [run])
    found = Answers(book, TODAY).reply(reader.query("和别的有什么区别", Aspect.COMPARE, Focus()), finding)
    assert "东区科技奖励—首次认定是奖励，不用贷。" in lines(found)


# -- places --


def test_place_without_anything_on_the_subject() -> None:
    hall = replace(FIRM, id="hall", region="north", name="北区大厅", topics=("talent",))
    book = book_of(FIRM, hall)
    reader = Reader(book, segment=lambda run: [run])

    def reply(text: str, *policies: Policy) -> str:
        return (
            Answers(book, TODAY)
            .reply(reader.query(text, Aspect.COMPARE, Focus()), Finding(Outcome.FOUND, Aspect.COMPARE, policies))
            .text
        )

    assert reply("东区和北区的首次认定", FIRM).startswith("政策库未收录北区关于“研发投入”的政策。")
    assert "未收录" not in reply("东区和北区", FIRM, hall)
    assert "未收录" not in reply("北区的首次认定", FIRM)
    assert "未收录" not in reply("甲市东区的首次认定", FIRM)
