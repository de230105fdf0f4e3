"""What the console prints of a turn: as plain text, as a card, as in WeChat; what lies behind it; a record of the book."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions import turns
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.focus import Focus
from actions.knowledge.profile import Profile
from actions.knowledge.query import Finding, Outcome, Query
from actions.knowledge.reading import entities
from actions.replies.answers import Answers
from actions.replies.layout import blocks
from actions.replies.message import Button, Reply
from actions.replies.smalltalk import greet
from actions.turns import Memory
from bot.channels.wechat.pieces import LIMIT, pieces, size
from bot.channels.wechat.rendering import rendered
from bot.console.cells import Ink, padded, wrapped
from bot.console.explaining import SILENT
from bot.console.said import Said
from bot.console.showing import CHANNELS, choices, debugged, policy_card, shown, why, width_of
from bot.console.tracing import Hit, Search, Trace
from tests.conftest import BOOK

ESCAPE = re.compile(r"\x1b\[\d*m")
TRACE = Trace(
    text="崂山孵化器奖多少?",
    tokens=["崂山", "孵化器", "奖", "多少", "?"],
    intents=[("ask_amount", 0.97), ("ask_list", 0.02)],
    entities=[{"kind": "region", "text": "崂山", "values": ["laoshan"], "start": 0, "end": 2, "extractor": "LexiconExtractor"}],
    focus_before=Focus().plain(),
    focus_after=Focus(policies=("laoshan-incubator",), region="laoshan", listed=tuple("abcdefg")).plain(),
    profile=Profile("laoshan", {"high-tech": True}).plain(),
    slots={"failures": 0},
    loop_before=None,
    loop_after="match_form",
    actions=[("action_answer", "RulePolicy", 1.0)],
    searches=[
        Search(
            "崂山孵化器奖多少?",
            "amount",
            "found",
            0.9,
            ("laoshan-incubator",),
            (
                Hit("laoshan-incubator", "孵化器认定", 62.58, 1.0, False, True, False, 0.0, True),
                Hit("laoshan-culture", "文化", 9.5, 0.0, False, False, False, 8.0, False),
            ),
        )
    ],
    rules=["laoshan-incubator/national"],
    calculations=[],
    nlu_ms=1.5,
    dialogue_ms=2.25,
    action_ms=1.0,
    total_ms=4.75,
    called=[("action_answer", 1.0)],
)


def message(book: PolicyBook, today: date, reply: Reply, number: int = 0) -> dict[str, Any]:
    """A reply as channels are given it."""
    buttons = [{"title": button.title, "payload": button.question} for button in reply.buttons]
    custom = reply.custom | {"blocks": blocks(book, today, reply)}
    return {"id": f"t.{number}", "turn": "t", "who": "bot", "text": reply.text, "quick_replies": buttons, "custom": custom}


def said(book: PolicyBook, today: date, *replies: Reply, trace: Trace | None = None) -> Said:
    return Said("问", [message(book, today, reply, number) for number, reply in enumerate(replies)], 0.01, trace)


def answered(book: PolicyBook, today: date, text: str, intent: str, memory: Memory | None = None) -> Said:
    """The answer to a text of which the intent is known."""
    heard = {"text": text, "intent": {"name": intent, "confidence": 1.0}, "entities": entities(book, text)}
    return said(book, today, turns.answer(book, today, heard, memory or Memory()).reply)


def dense(text: str) -> str:
    return re.sub(r"[\s╭│╰─]", "", text)


def words(value: Any) -> Iterator[str]:
    """Everything in a block that is there to be read."""
    for key in ("text", "title", "figure", "name", "condition", "terms", "note", "label"):
        if isinstance(value.get(key), str) and value.get("kind") not in ("place", "gate", "bonus", "discretion"):
            yield value[key]
    for key in ("cells", "marks", "groups", "questions"):
        for item in value.get(key) or ():
            yield from words(item)
    yield from value.get("texts") or ()


# -- cells --


def test_a_chinese_character_is_two_cells_wide() -> None:
    assert [width_of(text) for text in ("崂山", "30 万元", "，", "“", "e\u0301", "")] == [4, 7, 2, 1, 1, 0]
    assert padded("崂山", 6) + "|" == "崂山  |"


@pytest.mark.parametrize("width", [8, 13, 20, 41, 80])
def test_wrapped_lines_fit_and_lose_nothing(width: int) -> None:
    text = (
        "来源：《崂山出台四个专项激励政策 每年安排2.6亿元》（青岛日报，2022-05-25）。距今约 4 年，https://example.cn/" + "a" * 90
    )
    lines = wrapped(text, width)
    assert all(width_of(line) <= width for line in lines)
    assert dense("".join(lines)) == dense(text)


def test_lines_break_where_reading_allows_it() -> None:
    assert wrapped("每家最高 1000 万元，最多", 14) == ["每家最高", "1000 万元，最", "多"]
    assert wrapped("报道没有写明（见上）。", 12) == ["报道没有写明", "（见上）。"]
    assert wrapped("", 10) == [""]


def test_colour_is_only_where_it_is_wanted() -> None:
    assert Ink(False).bold("甲") == "甲"
    assert Ink(True).accent("甲") == "\x1b[36m甲\x1b[0m"


# -- cards --


@pytest.mark.parametrize("aspect", [Aspect.INTRODUCTION, Aspect.AMOUNT])
def test_the_card_of_every_policy_says_all_and_fits(book: PolicyBook, today: date, aspect: Aspect) -> None:
    for policy in book.policies.values():
        finding = Finding(Outcome.FOUND, aspect, (policy,), focus=Focus())
        turn = said(book, today, Answers(book, today).reply(Query(policy.name, aspect), finding))
        narrow, wide = (shown(turn, "web", width, False) for width in (48, 100))
        assert all(width_of(line) <= 48 for line in narrow), policy.id
        assert all(width_of(line) <= 100 for line in wide), policy.id
        found = dense("".join(narrow))
        for block in turn.messages[0]["custom"]["blocks"]:
            labelled = block["kind"] in ("gap", "source")
            for text in words(block):
                assert dense(re.sub("报道未说明：?|来源：", "", text) if labelled else text) in found, (policy.id, text)


def test_a_card_looks_so(book: PolicyBook, today: date) -> None:
    turn = answered(book, today, "崂山国家级孵化器奖多少", "ask_amount")
    lines = shown(turn, "web", 60, False)
    assert lines[:5] == [
        "╭ 崂山区科技创新奖励—孵化器认定 ［崂山区］",
        "│",
        "│   100 万元  孵化器获得国家级认定",
        "│             孵化器认定奖励",
        "│",
    ]
    assert lines[-1] == "╰ 可选  1 申请条件  2 找哪个部门  3 怎么申请  4 现在还有效吗"
    coloured = shown(turn, "web", 60, True)
    assert [ESCAPE.sub("", line) for line in coloured] == lines
    assert "\x1b[1m\x1b[36m100 万元" in "\n".join(coloured)
    assert "\x1b" not in "\n".join(lines)


def test_a_sum_says_all_that_belongs_to_it() -> None:
    sums = [
        {
            "figure": "30%",
            "condition": "引进人才",
            "name": "补贴",
            "terms": "按薪酬的 30% 计",
            "note": "只给一次",
            "kind": "figure",
        },
        {"figure": "三年累计每家企业最高 1000 万元", "condition": "首次", "name": "奖励", "kind": "figure"},
    ]
    turn = Said("问", [{"id": "t.0", "text": "", "quick_replies": [], "custom": {"blocks": sums}}], 0.0)
    start = "│" + " " * 31
    assert (
        shown(turn, "web", 80, False)
        == [
            "╭   30%" + " " * 25 + "引进人才",
            f"{start}补贴",
            f"{start}按薪酬的 30% 计",
            f"{start}只给一次",
            "│   三年累计每家企业最高 1000 万元",  # too wide for the column
            f"{start}首次",
            "╰" + f"{start}奖励"[1:],
        ]
    )


def test_a_calculation_stands_before_its_steps(book: PolicyBook, today: date) -> None:
    turn = answered(book, today, "上合示范区急需紧缺人才年薪60万能补多少", "ask_calculate")
    lines = shown(turn, "web", 80, False)
    result = next(place for place, line in enumerate(lines) if "推算，以审核为准" in line)
    assert lines[result].startswith("│   ")
    assert lines[result + 2] == "│ 测算步骤"
    assert lines[result + 3].startswith("│ · 按 60 万元 测算：60 万元 × 30% = 18 万元")


def test_a_comparison_is_a_table_where_it_fits(book: PolicyBook, today: date) -> None:
    turn = answered(book, today, "自贸菁英和上合菁英人才有什么区别", "ask_compare")
    table, stacked = shown(turn, "web", 90, False), shown(turn, "web", 50, False)
    header = next(line for line in table if line.startswith("│ 自贸片区  "))
    column = width_of(header[: header.index("上合")])
    kind = next(line for line in table if "认定或评选" in line)
    assert width_of(kind[: kind.index("人才支持政策")]) == column
    assert "│ 自贸片区" in stacked
    assert all(width_of(line) <= 50 for line in stacked)


def test_an_option_shows_how_it_fits(book: PolicyBook, today: date) -> None:
    profile = Profile().learn(book, "laoshan", yes=["building-owner"])
    turn = answered(book, today, "我们能申请什么政策", "ask_match", Memory(profile=profile))
    text = "\n".join(shown(turn, "web", 80, False))
    assert "［可能符合，需确认］" in text
    assert "✓ 满足：在崂山区" in text
    assert "? 待确认：" in text


def test_a_message_without_blocks_is_shown_all_the_same() -> None:
    turn = Said("问", [{"id": "t.0", "text": "甲\n乙", "quick_replies": [], "custom": None}], 0.0)
    assert shown(turn, "web", 80, False) == ["╭ 甲", "╰ 乙"]
    assert [shown(Said("问", [], 0.0), channel, 80, False) for channel in CHANNELS] == [[], [], []]


# -- choices --


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_choice_is_shown_with_its_number(book: PolicyBook, today: date, channel: str) -> None:
    turn = answered(book, today, "崂山区有哪些政策", "ask_list")
    found = choices(turn, channel)
    assert [number for number, _, _ in found] == list(range(1, 16))
    assert found[0][1:] == ("崂山区科技创新奖励—新获批创新平台", "介绍一下崂山区科技创新奖励—新获批创新平台")
    assert found[8][1:] == ("还有 42 项", "还有别的吗")
    text = dense("\n".join(shown(turn, channel, 80, False)))
    assert all(re.search(rf"(?<!\d){number}\.?{re.escape(dense(label))}", text) for number, label, _ in found)


def test_a_list_that_goes_on_keeps_its_numbers(book: PolicyBook, today: date) -> None:
    heard = {"text": "崂山区有哪些政策", "intent": {"name": "ask_list", "confidence": 1.0}}
    first = turns.answer(book, today, heard | {"entities": entities(book, "崂山区有哪些政策")}, Memory())
    turn = answered(book, today, "还有别的吗", "ask_more", first.memory)
    for channel in CHANNELS:
        assert [number for number, _, _ in choices(turn, channel)] == list(range(9, 18))
        assert any(re.match(r"(│ )? ?9\.? ", line) for line in shown(turn, channel, 80, False)), channel


def test_two_lists_in_one_turn_share_no_number(book: PolicyBook, today: date) -> None:
    lists = [answered(book, today, f"{place}有哪些政策", "ask_list").messages[0] for place in ("崂山区", "即墨区")]
    turn = Said("问", lists, 0.0)
    for channel in CHANNELS:
        numbers = [number for number, _, _ in choices(turn, channel)]
        assert len(numbers) == len(set(numbers))
        lines = [ESCAPE.sub("", line) for line in shown(turn, channel, 80, False)]
        for number, label, question in choices(turn, channel):
            if question.startswith("介绍一下"):
                assert any(re.match(rf"(│ )? ?{number}\.? +{re.escape(label[:12])}", line) for line in lines), (channel, label)
    assert [label for _, label, question in choices(turn, "web") if question == "还有别的吗"] == ["还有 42 项", "还有 24 项"]


def test_buttons_of_one_name_say_what_they_ask(book: PolicyBook, today: date) -> None:
    both = Reply(
        "甲", (Button("条件", "甲的条件？"), Button("条件", "乙的条件？"), Button("部门", "找谁？")), {"type": "several"}
    )
    assert [label for _, label, _ in choices(said(book, today, both), "plain")] == ["甲的条件？", "乙的条件？", "部门"]


def test_the_examples_by_topic_are_the_web_pages_own(book: PolicyBook, today: date) -> None:
    turn = said(book, today, greet(book))
    asked = [question for group in book.example_groups for question in group.questions]
    assert [question for _, _, question in choices(turn, "web")] == asked
    assert [question for _, _, question in choices(turn, "plain")] == list(book.examples[:6])
    text = dense("".join(shown(turn, "web", 80, False)))
    assert all(dense(f"{number} {label}") in text for number, label, _ in choices(turn, "web"))
    assert "可选" not in text


# -- plain and WeChat --


def test_plain_is_the_text_itself(book: PolicyBook, today: date) -> None:
    turn = answered(book, today, "崂山国家级孵化器奖多少", "ask_amount")
    *text, last = shown(turn, "plain", 20, True)
    assert "\n".join(text) == turn.messages[0]["text"]
    assert last.startswith("可选：1 申请条件  2 找哪个部门")


def test_wechat_shows_what_the_phone_shows(book: PolicyBook, today: date) -> None:
    turn = answered(book, today, "崂山区有哪些政策", "ask_list")
    whole = rendered(turn.messages, links=True).text
    *lines, note = shown(turn, "wechat", 80, False)
    assert dense("".join(lines)) == dense(re.sub(r"<a [^>]*>|</a>", "", whole))
    assert note == f"（1 条消息，{size(whole)} 字节；一条至多 {LIMIT} 字节）"
    assert all(width_of(line) <= 36 for line in lines)


def test_what_can_be_tapped_stands_out(book: PolicyBook, today: date) -> None:
    lines = shown(said(book, today, Reply("是吗？", (Button("是", "是"),), {"type": "question"})), "wechat", 80, True)
    assert [line for line in lines if "\x1b[36m" in line] == ["\x1b[2m│\x1b[0m \x1b[36m1. 是\x1b[0m"]


def test_a_long_answer_is_cut_as_wechat_cuts_it(book: PolicyBook, today: date) -> None:
    turn = said(book, today, *(Reply("字" * 700, (), {"type": "text"}) for _ in range(2)))
    lines = shown(turn, "wechat", 80, False)
    cut = pieces(rendered(turn.messages, links=True).text)
    assert [line for line in lines if "——" in line] == [f"——第 {number} 条——" for number in range(2, len(cut) + 1)]
    assert lines[-1] == f"（{len(cut)} 条消息，{'、'.join(str(size(piece)) for piece in cut)} 字节；一条至多 {LIMIT} 字节）"


# -- behind the answer --


def test_debug_tells_every_step_in_order() -> None:
    assert debugged(TRACE, False) == [
        "读作    崂山孵化器奖多少?",
        "分词    崂山│孵化器│奖│多少│?",
        "意图    ask_amount 97.0%；其次 ask_list 2.0%",
        "实体    地区 [0:2] “崂山” → laoshan（LexiconExtractor）",
        "焦点    policies：空 → laoshan-incubator",
        "        region：空 → laoshan",
        "        listed：空 → a、b、c、d 等 7 个",
        "情况单  region：laoshan",
        "        facts：high-tech=是",
        "其他槽  failures：0",
        "动作    action_answer（RulePolicy 1.00）",
        "        运行 action_answer 1.0 ms",
        "        表单 没有 → match_form",
        "检索    “崂山孵化器奖多少?”问 amount：找到 1 项，依据 0.90",
        "          62.6  laoshan-incubator  主题、文字对上 100%  ← 回答用了",
        "           9.5  laoshan-culture    前面谈过 +8",
        "条款    laoshan-incubator/national",
        "用时    理解 1.5 + 对话 2.2 + 动作 1.0 = 共 4.8 ms",
    ]
    assert [ESCAPE.sub("", line) for line in debugged(TRACE, True)] == debugged(TRACE, False)


def test_debug_tells_what_stayed_in_focus() -> None:
    stayed = replace(TRACE, focus_before=TRACE.focus_after)
    assert "焦点    没有变的：policies：laoshan-incubator，region：laoshan，listed：a、b、c、d 等 7 个" in debugged(stayed, False)


def test_why_names_what_was_found_by_what(book: PolicyBook, today: date) -> None:
    turn = replace(answered(book, today, "崂山国家级孵化器奖多少", "ask_amount"), trace=TRACE)
    assert why(turn) == [
        "读作：崂山孵化器奖多少?",
        "意图：ask_amount（97.0%），问的是“给多少”",
        "认出的词：崂山",
        "在政策库里：找到 1 项，依据 90%（点名是 100%）",
        "· 用了 孵化器认定（laoshan-incubator）：62.6 分，主题、文字对上 100%",
        "· 没有选 文化（laoshan-culture）：9.5 分，前面谈过 +8",
        "没有计算。",
    ]


@pytest.mark.parametrize(
    ("question", "steps"),
    [
        (
            "上合示范区急需紧缺人才年薪60万能补多少",
            [
                "  1. 按标准计：60 万元 × 30% = 18 万元",
                "  2. 不超过上限：18 万元 和上限 10 万元，取小的 = 10 万元",
                "  3. 几年合计：10 万元 × 3 = 30 万元",
                "  得 30 万元（上限起了作用）",
            ],
        ),
        (
            "上合示范区人才公寓月租2000元要付多少",
            ["  1. 按标准计：2000 元 × 60% = 1200 元", "  2. 比原价省：2000 元 − 1200 元 = 800 元", "  得 1200 元"],
        ),
        (
            "崂山腾笼换鸟5000平方米能奖多少",
            ["  1. 按标准计：5000 平方米 × 100 元 = 50 万元", "  得 50 万元"],
        ),
    ],
)
def test_why_calculates_step_by_step(book: PolicyBook, today: date, question: str, steps: list[str]) -> None:
    lines = why(answered(book, today, question, "ask_calculate"))
    start = next(place for place, line in enumerate(lines) if line.startswith("计算用条款 "))
    policy, rule = lines[start].split("：")[0].removeprefix("计算用条款 ").split("/")
    assert rule in {each.id for each in book.policies[policy].rules}
    assert lines[start + 1 : start + 1 + len(steps)] == steps
    assert lines[-1].startswith(f"  出处：《{book.source_of(book.policies[policy]).title}》")


def test_why_of_a_server_says_what_it_does_not_know(book: PolicyBook, today: date) -> None:
    lines = why(answered(book, today, "崂山国家级孵化器奖多少", "ask_amount"))
    assert lines == [SILENT, "· 用了 崂山区科技创新奖励—孵化器认定（laoshan-incubator）", "没有计算。"]


def test_why_tells_of_conditions(book: PolicyBook, today: date) -> None:
    profile = Profile().learn(book, "laoshan", yes=["building-owner"])
    lines = why(answered(book, today, "我们能申请什么政策", "ask_match", Memory(profile=profile)))
    assert (
        "· 对照 laoshan-building-star：可能符合，需确认。地区：满足；商务楼宇的楼宇一方：满足；"
        "商务楼宇首次获评超五星、五星或四星级：还不知道"
    ) in lines


def test_why_tells_why_nothing_was_answered(book: PolicyBook, today: date) -> None:
    declined = replace(TRACE, intents=[("out_of_scope", 0.99)], searches=[replace(TRACE.searches[0], evidence=0.2, found=())])
    turn = replace(answered(book, today, "今天天气怎么样", "out_of_scope"), trace=declined)
    assert "婉拒：意图 out_of_scope 的把握是 99%，政策库里的依据只有 20%" in why(turn)


def test_why_tells_which_item_of_the_list_was_meant(book: PolicyBook, today: date) -> None:
    pointed = replace(TRACE.searches[0], hits=(replace(TRACE.searches[0].hits[0], topical=False),))
    trace = replace(TRACE, focus_before=Focus(listed=("a", "laoshan-incubator")).plain(), searches=[pointed])
    turn = replace(answered(book, today, "崂山国家级孵化器奖多少", "ask_amount"), trace=trace)
    assert any(line.endswith("；前面列表里的第 2 项") for line in why(turn))


# -- a record --


def test_a_record_is_told_as_it_was_written(book: PolicyBook, today: date) -> None:
    card = policy_card(book, "laoshan-incubator", today, BOOK)
    text = "\n".join(card)
    assert card[0] == "崂山区科技创新奖励—孵化器认定（laoshan-incubator）"
    assert "  · national［国家级］：孵化器获得国家级认定：孵化器认定奖励 100 万元" in card
    assert "状态：施行中（按报道）" in text
    assert all(part in text for part in ("地区：崂山区", "部门：", "来源：《", "报道未说明：", "注意："))
    file, line = card[-1].removeprefix("文件：").rsplit(":", 1)
    assert "- id: laoshan-incubator" in Path(file).read_text(encoding="utf-8").split("\n")[int(line) - 1]


def test_every_record_can_be_told(book: PolicyBook, today: date) -> None:
    for id, policy in book.policies.items():
        text = "\n".join(policy_card(book, id, today, BOOK.parent / "nlu"))
        assert all(gap.text in text for gap in policy.gaps)
        assert all(rule.condition in text for rule in policy.rules)


def test_an_unknown_record_is_an_error(book: PolicyBook, today: date) -> None:
    with pytest.raises(KeyError):
        policy_card(book, "nowhere", today, BOOK)
