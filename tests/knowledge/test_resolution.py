"""From questions to the policies they are about, over all regions of the real book."""

from __future__ import annotations

import pytest

from actions.knowledge import Aspect, Finding, Focus, Outcome, PolicyBook, resolve
from actions.knowledge.reading import Reader

A = Aspect


@pytest.fixture(scope="module")
def reader(book: PolicyBook) -> Reader:
    """A reader that knows no everyday words and takes every Chinese run for one word: it mends no slips, only pinyin."""
    return Reader(book, segment=lambda run: [run])


def ask(reader: Reader, text: str, aspect: Aspect | None, focus: Focus | None = None) -> Finding:
    return resolve(reader.book, reader.query(reader.read(text), aspect, focus or Focus()))


def ids(finding: Finding) -> list[str]:
    return [policy.id for policy in finding.policies]


# Questions that one policy answers.
ONE: list[tuple[str, Aspect, str]] = [
    # named in full or by an alias
    ("青岛高新区“高新贷”最高能贷多少？", A.AMOUNT, "gaoxin-gaoxindai"),
    ("高新贷需要什么条件", A.CONDITIONS, "gaoxin-gaoxindai"),
    ("汇保通是什么", A.INTRODUCTION, "shanghe-huibaotong"),
    ("“上合·汇保通”的对象", A.AUDIENCE, "shanghe-huibaotong"),
    ("腾笼换鸟奖励标准", A.AMOUNT, "laoshan-building-tenglong"),
    ("摩天之星是干什么的", A.INTRODUCTION, "cbd-motianzhixing"),
    ("名特优新怎么认定", A.CONDITIONS, "jiaozhou-mingteyouxin"),
    ("96711是什么电话", A.CONTACT, "jimo-96711"),
    ("智融宝现在能办吗", A.STATUS, "jimo-zhirongbao"),
    ("春雨行动有啥内容", A.INTRODUCTION, "gaoxin-chunyu"),
    ("五个一改革多久办完", A.PROCESS, "gaoxin-five-ones"),
    ("自贸菁英卡有什么用", A.INTRODUCTION, "qdftz-zimao-card"),
    ("百场万企是谁办的", A.DEPARTMENT, "boc-hundred-ten-thousand"),
    ("百千万工程研发奖励比例", A.AMOUNT, "qd-baiqianwan"),
    ("创业锦囊发钱吗", A.AMOUNT, "shibei-jinnang"),
    ("QFLP试点批了吗", A.STATUS, "shanghe-qdlp-qflp"),
    ("Handle根节点收费吗", A.DETAIL, "jiaozhou-handle"),
    ("崂山微注册怎么用", A.PROCESS, "laoshan-weizhuce"),
    ("3540是什么意思", A.INTRODUCTION, "laoshan-3540"),
    ("双联活动联系多少企业", A.DETAIL, "cangma-shuanglian"),
    ("易科项目投资多少", A.AMOUNT, "haiyang-yike-project"),
    ("一匠五创包括哪些", A.INTRODUCTION, "qd-union-yijiangwuchuang"),
    ("上合菁英人才奖多少钱", A.AMOUNT, "shanghe-talent-elite"),
    ("工赋上合平台是免费的吗", A.DETAIL, "jiaozhou-gongfu-shanghe"),
    # a place and a topic
    ("崂山区首次认定高新技术企业奖多少？", A.AMOUNT, "laoshan-hightech-first"),
    ("在崂山认定成国家级孵化器能拿多少奖励", A.AMOUNT, "laoshan-incubator"),
    ("崂山重点实验室奖励多少", A.AMOUNT, "laoshan-innovation-platform"),
    ("崂山区五星级写字楼奖励", A.AMOUNT, "laoshan-building-star"),
    ("崂山中介机构房租补助", A.AMOUNT, "laoshan-intermediary-rent"),
    ("崂山新引进500强总部奖励", A.AMOUNT, "laoshan-intermediary-hq"),
    ("青岛高新区企业上市补多少", A.AMOUNT, "gaoxin-listing-subsidy"),
    ("高新区施工许可找哪个部门", A.DEPARTMENT, "gaoxin-five-ones"),
    ("上合示范区紧缺人才生活补贴怎么算", A.AMOUNT, "shanghe-talent-urgent"),
    ("上合示范区人才公寓租金打几折", A.AMOUNT, "shanghe-talent-apartment"),
    ("上合柔性引进专家给企业补多少", A.AMOUNT, "shanghe-talent-flexible"),
    ("自贸片区人才住房怎么申请", A.PROCESS, "qdftz-talent-housing"),
    ("自贸片区引进年薪40万人才有奖励吗", A.AMOUNT, "qdftz-employer-talent-reward"),
    ("即墨知识产权质押贷款", A.INTRODUCTION, "jimo-zhirongbao"),
    ("即墨区人才公寓有多大", A.DETAIL, "jimo-talent-apartment"),
    ("胶州个体户联席会议", A.INTRODUCTION, "jiaozhou-getihu-next"),
    ("西海岸新区标准化试点有几个", A.DETAIL, "xhn-standardization"),
    ("市北区孵化基地", A.INTRODUCTION, "shibei-supporting"),
    ("中央商务区场地补贴", A.AMOUNT, "cbd-incubator-policy"),
    ("中央商务区孵化器场地补贴", A.AMOUNT, "cbd-incubator-policy"),
    ("藏马镇的双联活动", A.INTRODUCTION, "cangma-shuanglian"),
    # what it is about, without a name
    ("外贸公司怎么规避汇率风险？", A.INTRODUCTION, "shanghe-huibaotong"),
    ("零保证金远期结售汇", A.INTRODUCTION, "shanghe-huibaotong"),
    ("税收首次超过5亿元的楼宇奖多少", A.AMOUNT, "laoshan-building-tax"),
    ("全球商账追收覆盖多少国家", A.DETAIL, "shanghe-xinyong-risk"),
    ("海外人才离岸基地配套比例", A.AMOUNT, "qdftz-talent-carrier-match"),
    ("入选中国500强一次性奖励", A.AMOUNT, "laoshan-intermediary-list"),
    # by a figure
    ("崂山33.7亿的基金", A.INTRODUCTION, "laoshan-equity-fund"),
    ("即墨20亿元的基金怎么申请", A.PROCESS, "jimo-20yi-fund"),
    ("上合示范区最高700万给谁", A.AUDIENCE, "shanghe-talent-highlevel"),
    ("崂山每年2.6亿元怎么分", A.AMOUNT, "laoshan-four-policies"),
    # other ways of typing
    ("嶗山區孵化器認定獎勵", A.AMOUNT, "laoshan-incubator"),
    ("laoshan 孵化器 奖励", A.AMOUNT, "laoshan-incubator"),
    ("崂山 incubator reward how much", A.AMOUNT, "laoshan-incubator"),
    ("高　新　贷　额　度", A.AMOUNT, "gaoxin-gaoxindai"),
]


@pytest.mark.parametrize(("text", "aspect", "policy"), ONE)
def test_one_policy(reader: Reader, text: str, aspect: Aspect, policy: str) -> None:
    finding = ask(reader, text, aspect)
    assert finding.outcome is Outcome.FOUND
    assert ids(finding) == [policy]
    assert finding.aspect is aspect
    assert finding.focus.policies == (policy,)
    assert finding.focus.region == reader.book.policies[policy].region
    assert finding.evidence >= 0.5
    assert finding.uncovered == ()


# Questions about two or three things at once.
SEVERAL: list[tuple[str, Aspect, set[str]]] = [
    ("高新贷和汇保通有什么区别", A.COMPARE, {"gaoxin-gaoxindai", "shanghe-huibaotong"}),
    ("自贸菁英和上合菁英人才有啥不同", A.COMPARE, {"qdftz-zimao-awards", "shanghe-talent-elite"}),
    ("智融宝跟高新贷的对象分别是谁", A.AUDIENCE, {"jimo-zhirongbao", "gaoxin-gaoxindai"}),
    ("崂山的孵化器和重点实验室各奖多少", A.AMOUNT, {"laoshan-incubator", "laoshan-innovation-platform"}),
    ("崂山和即墨的人才公寓", A.COMPARE, {"laoshan-talent-apartment", "jimo-talent-apartment"}),
    ("青岛高新区和上合示范区的上市支持", A.COMPARE, {"gaoxin-listing-subsidy", "shanghe-listing-service"}),
]


@pytest.mark.parametrize(("text", "aspect", "policies"), SEVERAL)
def test_several_policies(reader: Reader, text: str, aspect: Aspect, policies: set[str]) -> None:
    finding = ask(reader, text, aspect)
    assert finding.outcome is Outcome.FOUND
    assert set(ids(finding)) == policies
    assert set(finding.focus.policies) == policies


# Questions that a list answers: one policy that must be in it, and the region to which all belong.
LISTS: list[tuple[str, Aspect, str, str | None]] = [
    ("崂山区有哪些惠企政策", A.LIST, "laoshan-four-policies", "laoshan"),
    ("崂山", A.INTRODUCTION, "laoshan-four-policies", "laoshan"),
    ("即墨有什么政策", A.LIST, "jimo-policy-window", "jimo"),
    ("上合示范区的人才政策有哪些", A.LIST, "shanghe-talent-special", "shanghe"),
    ("高新区有哪些基金", A.LIST, "gaoxin-guide-fund", "gaoxin"),
    ("企业上市哪些区有支持？", A.LIST, "gaoxin-listing-subsidy", None),
    ("人才补贴", A.LIST, "shanghe-talent-special", None),
    ("胶州市有啥政策", A.LIST, "shanghe-huibaotong", "jiaozhou"),
    ("藏马镇有哪些政策", A.LIST, "cangma-shuanglian", "cangma"),
    ("西海岸新区有哪些政策", A.LIST, "cangma-shuanglian", "xihaian"),
]


@pytest.mark.parametrize(("text", "aspect", "policy", "region"), LISTS)
def test_list(reader: Reader, text: str, aspect: Aspect, policy: str, region: str | None) -> None:
    finding = ask(reader, text, aspect)
    assert finding.outcome is Outcome.LISTED
    assert policy in ids(finding)
    assert len(finding.policies) == len(set(ids(finding))) > 1
    assert finding.region == region
    if region:
        assert {found.region for found in finding.policies} <= reader.book.places(region)
    assert finding.focus.policies == ()


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("平度市有哪些惠企政策", "pingdu"),
        ("李沧区有孵化器的政策吗", "licang"),
        ("城阳区高新技术企业补贴", "chengyang"),
        ("深圳的人才公寓打几折", "shenzhen"),
        ("莱西", "laixi"),
        ("烟台开发区厂房补贴", "yantai"),
        ("市南区楼宇奖励", "shinan"),
    ],
)
def test_place_without_policies(reader: Reader, text: str, region: str) -> None:
    finding = ask(reader, text, A.AMOUNT)
    assert finding.outcome is Outcome.UNCOVERED
    assert finding.region == region
    assert finding.policies == ()
    assert all(policy.region != region for policy in finding.related)


@pytest.mark.parametrize("text", ["即墨支持装配式建筑吗", "自贸片区的人才住房保障谁能享受", "上合示范区帮企业做上市辅导吗"])
def test_what_is_told_is_not_offered_again(reader: Reader, text: str) -> None:
    finding = ask(reader, text, A.INTRODUCTION)
    assert finding.policies
    assert not set(ids(finding)) & {policy.id for policy in finding.related}


@pytest.mark.parametrize("text", ["海阳市人才补贴多少", "市北区汇率补贴", "中央商务区高新技术企业奖励"])
def test_place_without_a_policy_on_the_topic(reader: Reader, text: str) -> None:
    finding = ask(reader, text, A.AMOUNT)
    assert finding.outcome is Outcome.UNCOVERED
    assert finding.policies == ()


@pytest.mark.parametrize("text", ["怎么申请", "给多少钱", "找谁", "有什么条件吗", "", "?", "呢"])
def test_unclear(reader: Reader, text: str) -> None:
    finding = ask(reader, text, A.AMOUNT)
    assert finding.outcome is Outcome.UNCLEAR
    assert finding.policies == ()
    assert finding.evidence < 0.4


@pytest.mark.parametrize("text", ["今天天气怎么样", "帮我写一首诗", "猫粮哪个牌子好", "who won the world cup"])
def test_nothing_to_do_with_the_book(reader: Reader, text: str) -> None:
    finding = ask(reader, text, None)
    assert finding.outcome in (Outcome.NOTHING, Outcome.UNCLEAR)
    assert finding.policies == ()
    assert finding.evidence < 0.4


@pytest.mark.parametrize(
    ("text", "aspect", "policy", "outside"),
    [
        ("注册在即墨的公司符合高新贷的条件吗", A.CONDITIONS, "gaoxin-gaoxindai", "jimo"),
        ("李沧区孵化器认定奖励多少", A.AMOUNT, "laoshan-incubator", "licang"),
        ("市北区海外仓奖励多少", A.AMOUNT, "qdftz-crossborder-ecommerce", "shibei"),
    ],
)
def test_policy_of_another_place(reader: Reader, text: str, aspect: Aspect, policy: str, outside: str) -> None:
    finding = ask(reader, text, aspect)
    assert ids(finding) == [policy]
    assert finding.outside == outside


def test_policy_of_a_larger_place_holds_inside_it(reader: Reader) -> None:
    finding = ask(reader, "崂山的公司能进百千万工程吗", A.CONDITIONS)
    assert ids(finding) == ["qd-baiqianwan"]
    assert finding.outside is None


# Conversations: each turn a question, its aspect (None for a fragment) and the policies of the answer.
Turn = tuple[str, Aspect | None, list[str]]
TALKS: list[list[Turn]] = [
    [
        ("崂山国家级孵化器奖多少", A.AMOUNT, ["laoshan-incubator"]),
        ("省级的呢", None, ["laoshan-incubator"]),
        ("找哪个部门办", A.DEPARTMENT, ["laoshan-incubator"]),
        ("有什么条件", A.CONDITIONS, ["laoshan-incubator"]),
    ],
    [
        ("高新贷最高多少", A.AMOUNT, ["gaoxin-gaoxindai"]),
        ("利率呢", None, ["gaoxin-gaoxindai"]),
        ("汇保通是什么", A.INTRODUCTION, ["shanghe-huibaotong"]),
        ("什么条件", A.CONDITIONS, ["shanghe-huibaotong"]),
        ("说回高新贷，几天到账", A.DETAIL, ["gaoxin-gaoxindai"]),
    ],
    [
        ("上合示范区紧缺人才生活补贴", A.AMOUNT, ["shanghe-talent-urgent"]),
        ("年薪30万能拿多少", A.CALCULATE, ["shanghe-talent-urgent"]),
        ("给企业还是给个人", A.DETAIL, ["shanghe-talent-urgent"]),
    ],
    [
        ("即墨的人才公寓", A.INTRODUCTION, ["jimo-talent-apartment"]),
        ("崂山呢", None, ["laoshan-talent-apartment"]),
    ],
    [
        ("汇保通的条件", A.CONDITIONS, ["shanghe-huibaotong"]),
        ("我们公司在崂山能办吗", A.CONDITIONS, ["shanghe-huibaotong"]),
    ],
    [
        ("智融宝和高新贷有什么区别", A.COMPARE, ["jimo-zhirongbao", "gaoxin-gaoxindai"]),
        ("分别找谁", A.DEPARTMENT, ["jimo-zhirongbao", "gaoxin-gaoxindai"]),
    ],
    [
        ("崂山区首次认定高企奖多少", A.AMOUNT, ["laoshan-hightech-first"]),
        ("孵化器呢", None, ["laoshan-incubator"]),
    ],
]


@pytest.mark.parametrize("talk", TALKS, ids=lambda talk: talk[0][0])
def test_conversation(reader: Reader, talk: list[Turn]) -> None:
    focus = Focus()
    for text, aspect, policies in talk:
        finding = ask(reader, text, aspect, focus)
        assert ids(finding) == policies, text
        focus = finding.focus


@pytest.mark.parametrize("text", ["崂山呢", "换成崂山呢", "换到崂山"])
def test_change_of_place(reader: Reader, text: str) -> None:
    focus = ask(reader, "即墨的人才公寓", A.INTRODUCTION).focus
    assert ids(ask(reader, text, None, focus)) == ["laoshan-talent-apartment"]


def test_fragment_keeps_the_aspect(reader: Reader) -> None:
    focus = ask(reader, "高新贷什么条件", A.CONDITIONS).focus
    finding = ask(reader, "汇保通呢", None, focus)
    assert ids(finding) == ["shanghe-huibaotong"]
    assert finding.aspect is A.CONDITIONS


def test_own_place_is_remarked_on(reader: Reader) -> None:
    focus = ask(reader, "汇保通的条件", A.CONDITIONS).focus
    assert ask(reader, "我们公司在崂山能办吗", A.CONDITIONS, focus).outside == "laoshan"
    assert ask(reader, "我们公司在胶州能办吗", A.CONDITIONS, focus).outside is None


def test_covered_and_uncovered_place_together(reader: Reader) -> None:
    finding = ask(reader, "崂山和李沧的高企认定奖励各多少", A.AMOUNT)
    assert ids(finding) == ["laoshan-hightech-first"]
    assert finding.uncovered == ("licang",)


def test_focus_remembers_what_was_before(reader: Reader) -> None:
    focus = Focus()
    for text in ("高新贷", "汇保通", "智融宝"):
        focus = ask(reader, text, A.INTRODUCTION, focus).focus
    assert focus.policies == ("jimo-zhirongbao",)
    assert focus.recent == ("jimo-zhirongbao", "shanghe-huibaotong", "gaoxin-gaoxindai")


def test_same_question_gives_the_same_finding(reader: Reader) -> None:
    for text, aspect, _ in ONE[::7]:
        assert ask(reader, text, aspect) == ask(reader, text, aspect)


@pytest.mark.parametrize(
    "forms",
    [
        (
            "崂山首次认定高企奖励",
            "嶗山首次認定高企獎勵",
            "laoshan首次认定高企奖励",
            "崂山，首次认定高企，奖励？",
            "崂 山 首次 认定 高企 奖励",
        ),
        ("年薪30万能补多少", "年薪三十万能补多少", "年薪300,000元能补多少", "年薪30w能补多少", "年薪３０萬能補多少"),
    ],
)
def test_ways_of_typing_make_no_difference(reader: Reader, forms: tuple[str, ...]) -> None:
    focus = ask(reader, "上合示范区急需紧缺人才生活补贴", A.AMOUNT).focus
    found = [ask(reader, form, A.AMOUNT, focus) for form in forms]
    assert all(ids(finding) == ids(found[0]) for finding in found)
    sums = [[item.value for item in reader.sums(reader.read(form))] for form in forms]
    assert all(values == sums[0] for values in sums)


def test_every_receivable_figure_is_reachable_by_a_question(book: PolicyBook, reader: Reader) -> None:
    """For every policy with a figure to receive, its plain name with 给多少 finds it and nothing else."""
    for policy in book.policies.values():
        if any(rule.receivable for rule in policy.rules):
            name = policy.name.split("（")[0]
            assert ids(ask(reader, f"{name}给多少", A.AMOUNT)) == [policy.id], name


def test_every_policy_is_found_by_its_name(book: PolicyBook, reader: Reader) -> None:
    for policy in book.policies.values():
        name = policy.name.split("（")[0]
        assert ids(ask(reader, f"介绍一下{name}", A.INTRODUCTION))[:1] == [policy.id], name
