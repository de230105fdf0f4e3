"""The interview for a match, with the real book: what counts as an answer, what is asked next, what comes out."""

from __future__ import annotations

import time

import pytest

from actions import interview
from actions.knowledge import Aspect, Focus, PolicyBook
from actions.knowledge.matching import candidates
from actions.knowledge.profile import REGION, Profile
from actions.knowledge.reading import Reader

ASKED = Profile(asked=("high-tech",))
ASKED_PLACE = Profile(asked=(REGION,))


@pytest.fixture(scope="module")
def reader(book: PolicyBook) -> Reader:
    return Reader(book, segment=lambda run: [run])


def hear(reader: Reader, text: str, profile: Profile = ASKED, intent: str = "inform", confidence: float = 0.9) -> Profile | None:
    query = reader.query(reader.read(text), None, Focus())
    return interview.heard(reader.book, query, {"name": intent, "confidence": confidence}, profile)


YES = [
    "是", "是的", "是啊", "是呀", "是滴", "是嘞", "嗯", "嗯嗯", "嗯是", "嗯呐", "恩", "对", "对的", "对啊", "对对", "对对对",
    "对头", "哎对", "嗯对", "是的是的", "是是是", "有", "有的", "有啊", "有一个", "算", "算是", "算吧", "属于", "符合", "没错",
    "确实", "确实是", "当然", "那当然", "当然是", "肯定是", "必须的", "需要", "要", "要的", "想", "我们是", "俺们是",
    "已经是了", "早就是了", "yes", "Y", "shi", "shide", "dui", "you", "是高企", "我们是高企",
]  # fmt: skip


@pytest.mark.parametrize("text", YES)
def test_yes(reader: Reader, text: str) -> None:
    profile = hear(reader, text)
    assert profile is not None
    assert profile.facts == {"high-tech": True}
    assert profile.pending is None


NO = [
    "不是", "不是的", "不是不是", "不", "不呀", "不了", "没有", "没有呢", "没有哦", "没有没有", "没", "没呢", "没啊", "不算",
    "不属于", "不符合", "不对", "否", "不需要", "不要", "不用", "不想", "还没有", "还不是", "我们不是", "并不是", "都不是",
    "都没有", "从来没有", "根本没有", "目前没有", "暂时没有", "暂时不需要", "木有", "没得", "嗯不是", "no", "N", "bushi",
    "meiyou", "不是高企", "没有高企", "我们还不是高企",
]  # fmt: skip


@pytest.mark.parametrize("text", NO)
def test_no(reader: Reader, text: str) -> None:
    profile = hear(reader, text)
    assert profile is not None
    assert profile.facts == {"high-tech": False}
    assert profile.pending is None


UNSURE = [
    "不清楚", "不太清楚", "这个不清楚啊", "不知道", "不确定", "不一定", "说不准", "说不好", "拿不准", "不好说", "不懂", "不了解",
    "没听说过", "记不清", "忘了", "不晓得", "跳过", "下一个", "随便", "不想说", "不告诉你", "应该是", "应该不是", "大概是",
    "可能吧", "也许吧", "buqingchu", "bu zhidao",
]  # fmt: skip


@pytest.mark.parametrize("text", UNSURE)
def test_unsure(reader: Reader, text: str) -> None:
    profile = hear(reader, text)
    assert profile is not None
    assert profile.facts == {}
    assert profile.settled == ("high-tech",)
    assert profile.pending is None


def test_the_classifier_may_hear_unsure(reader: Reader) -> None:
    assert hear(reader, "这我哪儿说得上来", intent="unsure") == ASKED.declining()
    assert hear(reader, "这我哪儿说得上来", intent="unsure", confidence=0.3) is None


# (message, intent, how sure the classifier is): something else than an answer.
INTERRUPTIONS: list[tuple[str, str, float]] = [
    ("高企奖多少", "ask_amount", 0.9),
    ("高企奖多少", "inform", 0.9),
    ("高企是什么意思", "ask_introduction", 0.3),
    ("高新贷", "inform", 0.9),
    ("高新贷什么条件", "ask_conditions", 0.9),
    ("找谁办", "ask_department", 0.9),
    ("还有呢", "ask_more", 0.9),
    ("还有别的吗", "ask_more", 0.9),
    ("你好", "greet", 0.9),
    ("谢谢", "thank", 0.9),
    ("重新开始", "start_over", 0.9),
    ("有", "start_over", 0.9),
    ("转人工", "ask_human", 0.9),
    ("清除我的信息", "forget_profile", 0.9),
    ("我们是律所", "inform", 0.9),
    ("崂山", "inform", 0.9),
    ("高企认定是不是要三年", "inform", 0.9),
    ("可以", "affirm", 0.9),
    ("我们是高企" + "，说来话长" * 10, "inform", 0.9),
    ("", "inform", 0.9),
]


@pytest.mark.parametrize(("text", "intent", "confidence"), INTERRUPTIONS)
def test_interruption(reader: Reader, text: str, intent: str, confidence: float) -> None:
    assert hear(reader, text, ASKED, intent, confidence) is None


def test_a_doubtful_aside_may_be_an_answer(reader: Reader) -> None:
    assert hear(reader, "有", intent="greet", confidence=0.3) is not None


def test_who_tells_more_begins_anew(reader: Reader) -> None:
    assert hear(reader, "我们是高企，也做外贸") is None


def test_nothing_asked_nothing_heard(reader: Reader) -> None:
    assert hear(reader, "是", Profile()) is None
    assert hear(reader, "是", ASKED.declining()) is None
    assert hear(reader, "崂山", Profile("jimo", asked=(REGION,), settled=(REGION,))) is None


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("崂山", "laoshan"),
        ("崂山区", "laoshan"),
        ("在崂山区", "laoshan"),
        ("我们在崂山", "laoshan"),
        ("注册在即墨", "jimo"),
        ("胶州的", "jiaozhou"),
        ("laoshan", "laoshan"),
        ("嶗山", "laoshan"),
        ("不在崂山，在即墨", "jimo"),
        ("深圳", "shenzhen"),
        ("西海岸藏马镇", "cangma"),
    ],
)
def test_place(reader: Reader, text: str, region: str) -> None:
    profile = hear(reader, text, ASKED_PLACE)
    assert profile is not None
    assert profile.region == region
    assert profile.pending is None


@pytest.mark.parametrize("text", ["是", "不是", "火星", "崂山有什么政策", "换成崂山呢", "不在崂山", "嗯"])
def test_no_place(reader: Reader, text: str) -> None:
    assert hear(reader, text, ASKED_PLACE) is None


def test_unsure_of_the_place(reader: Reader) -> None:
    assert hear(reader, "不清楚", ASKED_PLACE) == ASKED_PLACE.declining()


STOPS = [
    "算了", "算了吧", "那算了", "哎呀算了", "算了不问了", "不问了", "别问了", "不用问了", "不用再问了", "停止", "停", "取消",
    "退出", "结束", "结束吧", "够了", "到此为止", "不想答了", "不想继续了", "不弄了", "不填了", "不玩了", "别匹配了", "不匹配了",
    "quit", "STOP", "suanle",
]  # fmt: skip


@pytest.mark.parametrize("text", STOPS)
def test_stops(reader: Reader, text: str) -> None:
    assert interview.stops(reader.read(text))


@pytest.mark.parametrize(
    "text",
    ["人手不够了", "资金够了吗", "高企被取消了", "我们停产了", "不是", "不用", "不清楚", "结束时间是几号", "算", "取消条件", ""],
)
def test_does_not_stop(reader: Reader, text: str) -> None:
    assert not interview.stops(reader.read(text))


@pytest.mark.parametrize("word", ["是", "对", "算是", "当然", "没有", "不是的", "别匹配了", "算了了", "还并真都"])
def test_long_nonsense_takes_no_time(reader: Reader, word: str) -> None:
    query = reader.query(word * 200 + "x", None, Focus())
    started = time.perf_counter()
    interview.heard(reader.book, query, {"name": "inform", "confidence": 0.9}, ASKED)
    interview.stops(query.text)
    assert time.perf_counter() - started < 1


def test_ask_begins_with_the_place_and_offers_places(book: PolicyBook) -> None:
    asked = interview.ask(book, Profile(facts={"micro": True}))
    assert asked is not None
    reply, profile = asked
    assert profile.pending == REGION
    assert reply.custom["fact"] == REGION
    assert [button.title for button in reply.buttons] == [book.regions[id].name for id in interview.places(book)]


def test_every_place_offered_is_an_answer(book: PolicyBook, reader: Reader) -> None:
    asked = interview.ask(book, Profile(facts={"micro": True}))
    assert asked is not None
    for button, place in zip(asked[0].buttons, interview.places(book), strict=True):
        profile = hear(reader, button.question, asked[1])
        assert profile is not None
        assert profile.region == place


def test_every_button_of_a_question_is_an_answer(book: PolicyBook, reader: Reader) -> None:
    asked = interview.ask(book, Profile("laoshan", {"incubator": True}))
    assert asked is not None
    reply, profile = asked
    heard = [hear(reader, button.question, profile) for button in reply.buttons]
    assert len(heard) == 3
    assert all(found is not None and found.pending is None for found in heard)
    assert len({str(found) for found in heard}) == 3


def test_an_interrupted_question_is_asked_again(book: PolicyBook) -> None:
    first = interview.ask(book, Profile("laoshan", {"incubator": True}))
    assert first is not None
    again = interview.ask(book, first[1])
    assert again is not None
    assert again[1] == first[1]
    assert again[0].custom == first[0].custom
    assert again[0].text.startswith(interview.AGAIN)


def test_what_an_answer_decides_is_said(book: PolicyBook) -> None:
    before = Profile().learn(book, "laoshan", yes=["first-high-tech"]).asking("cultivation-pool")
    assert interview.decided(book, before, before.learn(book, yes=["cultivation-pool"])).endswith("：符合。")
    assert interview.decided(book, before, before.learn(book, no=["cultivation-pool"])).endswith("：不符合。")
    assert interview.decided(book, before, before.declining()) == ""


def test_every_fact_can_be_asked_and_answered(book: PolicyBook, reader: Reader) -> None:
    for fact in book.facts:
        asked = interview.ask(book, Profile("laoshan", asked=(fact,)))
        assert asked is not None
        reply, profile = asked
        assert book.facts[fact].question in reply.text
        yes, no = hear(reader, "是", profile), hear(reader, "不是", profile)
        assert yes is not None
        assert yes.facts[fact] is True
        assert no is not None
        assert no.facts[fact] is False


def test_interviews_end_with_a_result(book: PolicyBook, reader: Reader) -> None:
    for answer in ("是", "不是", "不清楚"):
        profile, questions = Profile().learn(book, yes=["micro"]), 0
        while (asked := interview.ask(book, profile)) is not None:
            heard = hear(reader, "崂山" if asked[1].pending == REGION and answer == "是" else answer, asked[1])
            profile = heard if heard is not None else asked[1].declining()
            questions += 1
            assert questions < 10
        reply, focus = interview.result(book, Focus(), profile)
        assert questions > 0
        assert reply.custom["type"] == "match"
        assert focus.listed == tuple(found.policy.id for found in candidates(book, profile))


def test_result_marks_every_condition(book: PolicyBook) -> None:
    profile = Profile().learn(book, "laoshan", yes=["first-high-tech"])
    reply, focus = interview.result(book, Focus(), profile)
    assert focus.listed[0] == "laoshan-hightech-first"
    assert focus.aspect is Aspect.MATCH
    assert focus.policies == ()
    assert "符合" in reply.text
    assert "满足" in reply.text
    first = next(fit for fit in reply.custom["fits"] if fit["policy"] == "laoshan-hightech-first")
    assert (first["fit"], first["place"]) == ("fits", "met")
    assert [condition["verdict"] for condition in first["conditions"]] == ["met"]


def test_result_says_what_is_still_to_confirm(book: PolicyBook) -> None:
    profile = Profile().learn(book, "gaoxin", yes=["micro"])
    reply, _ = interview.result(book, Focus(), profile)
    loan = next(fit for fit in reply.custom["fits"] if fit["policy"] == "gaoxin-gaoxindai")
    assert loan["fit"] == "maybe"
    assert {condition["verdict"] for condition in loan["conditions"]} == {"met", "open"}
    assert "可能符合" in reply.text
    assert "待确认" in reply.text


def test_result_of_nothing_offers_nothing(book: PolicyBook) -> None:
    reply, focus = interview.result(book, Focus(), Profile())
    assert focus.listed == ()
    assert reply.custom["policies"] == []


def test_places_have_something_to_match(book: PolicyBook) -> None:
    places = interview.places(book)
    assert len(places) == len(set(places)) > 1
    counts = [len([p for p in book.policies.values() if p.eligibility and p.region == place]) for place in places]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] > 0
