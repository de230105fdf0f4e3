"""What WeChat's users read: the whole reply, cut where it may be cut, every choice behind its number."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest

from actions import several
from actions.interview import places
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.clarifying import separate
from actions.knowledge.matching import candidates
from actions.knowledge.profile import Profile
from actions.knowledge.query import Finding, Outcome, Query
from actions.knowledge.sums import find_sums
from actions.replies import choices, matching, smalltalk
from actions.replies.answers import Answers
from actions.replies.layout import blocks
from actions.replies.message import Button, Reply
from bot.channels.wechat.lines import WIDE, folded, width
from bot.channels.wechat.pieces import LIMIT, pieces, size
from bot.channels.wechat.rendering import TAP, TYPE, Rendered, rendered

LINK = re.compile(r'(\d+)\. <a href="weixin://bizmsgmenu\?msgmenucontent=([^&"<>]+)&msgmenuid=(\d+)">([^<]+)</a>')
ANY_LINK = re.compile("<a [^<>]*>([^<]*)</a>")

# -- cutting --

FAMILY, KEYCAP, FLAG, THUMB = "👨‍👩‍👧‍👦", "1️⃣", "🇨🇳", "👍🏽"
SCOTLAND = "🏴" + "".join(chr(0xE0000 + ord(letter)) for letter in "gbsct") + "\U000e007f"
ACCENTED = "e\u0301\u0323"
TOGETHER = (FAMILY, KEYCAP, FLAG, THUMB, SCOTLAND, ACCENTED)


def link(number: int, question: str, label: str) -> str:
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={question}&msgmenuid={number}">{label}</a>'


def nasty(seed: int) -> str:
    """A text of what is awkward to cut, in an order of its own."""
    chance = random.Random(seed)
    parts = [
        *TOGETHER,
        "崂山区孵化器。国家级奖 100 万元；省级？“好！”",
        "𠮷𪚥",
        "\n",
        "\n\n",
        "\n   ",
        "  ",
        "abc def",
        f"\n1. {link(1, '孵化器给多少？', '支持标准')}\n",
        link(23, "介绍", "😀长"),
        "<a href=没有结束",
        "Z\u200d" * 5 + "Z",
    ]
    chance.shuffle(parts)
    return "".join(parts)


def dense(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("seed", range(6))
def test_whatever_the_text_and_the_limit(seed: int) -> None:
    text = nasty(seed)
    for limit in range(8, 201):
        cut = pieces(text, limit)
        assert all(0 < len(piece.encode()) <= limit for piece in cut), limit
        assert all(piece == piece.strip() for piece in cut) or len(cut) == 1, limit
        # A link is whole, or nothing but its label is left.
        assert not any('<a href="' in ANY_LINK.sub("", piece) for piece in cut), limit
        kept = [found[0] for found in ANY_LINK.finditer(text) if size(found[0]) + len("1. ") <= limit]
        assert all(any(found in piece for piece in cut) for found in kept), limit
        assert dense(ANY_LINK.sub(r"\1", "".join(cut))) == dense(ANY_LINK.sub(r"\1", text)), limit
        for together in TOGETHER:
            if size(together) <= limit:
                assert sum(piece.count(together) for piece in cut) == text.count(together), (limit, together)


def test_a_fitting_text_stays_as_it_is() -> None:
    assert pieces("  一行\n\n") == ["  一行\n\n"]
    assert pieces("字" * 682 + "ab") == ["字" * 682 + "ab"]
    assert pieces("") == pieces(" \n ") == pieces(" " * 5000) == []


def test_the_best_place_is_a_blank_line_then_a_line_then_a_sentence_then_a_word() -> None:
    assert pieces("甲甲甲甲。乙乙\n乙\n\n丙丙\n丙丙丙", 40) == ["甲甲甲甲。乙乙\n乙", "丙丙\n丙丙丙"]
    assert pieces("甲甲甲甲。乙乙\n乙乙。丙丙丙丙丙", 36) == ["甲甲甲甲。乙乙", "乙乙。丙丙丙丙丙"]
    assert pieces("甲甲甲甲。乙乙乙乙；丙丙丙丙丙", 36) == ["甲甲甲甲。乙乙乙乙；", "丙丙丙丙丙"]
    assert pieces("甲甲甲“乙乙乙。”丙丙丙", 24) == ["甲甲甲“乙乙", "乙。”丙丙丙"]
    assert pieces("甲甲甲甲最高 10000 万元", 21) == ["甲甲甲甲最高", "10000 万元"]
    assert pieces("甲" * 10, 9) == ["甲甲甲", "甲甲甲", "甲甲甲", "甲"]


def test_no_piece_is_small_for_the_sake_of_a_better_place() -> None:
    first, *_ = pieces("标题\n\n" + "甲" * 2000)
    assert LIMIT - 3 < size(first) <= LIMIT


def test_a_choice_keeps_its_number_and_its_line() -> None:
    choice = f"1. {link(1, '问题', '选项')}"
    cut = pieces(f"{'甲' * 30}\n{choice}\n{choice}", 120)
    assert cut == ["甲" * 30, choice, choice]
    assert pieces(f"{'甲' * 25}{choice}", 110) == ["甲" * 25, choice]


def test_a_link_longer_than_the_limit_becomes_its_label() -> None:
    long = link(1, "问" * 700, "标签")
    assert pieces(f"前\n1. {long}\n后") == ["前\n1. 标签\n后"]
    assert "".join(pieces(link(1, "问", "标" * 700))) == "标" * 700


def test_a_line_longer_than_the_limit_is_cut_between_characters() -> None:
    source = "来源：《" + "长" * 1500 + FAMILY * 40 + "》"
    cut = pieces(source)
    assert "".join(cut) == source
    assert [len(piece.encode()) for piece in cut[:-1]] == [pytest.approx(LIMIT, abs=30)] * (len(cut) - 1)


def test_marks_without_end_are_cut_all_the_same() -> None:
    cut = pieces("e" + "\u0301" * 5000, 100)
    assert all(size(piece) <= 100 for piece in cut)
    assert "".join(cut) == "e" + "\u0301" * 5000


def test_a_limit_that_not_every_character_fits_is_refused() -> None:
    with pytest.raises(ValueError, match="4 bytes"):
        pieces("😀😀", 3)


# -- breaking lines --


def test_a_long_line_is_broken_where_something_ends() -> None:
    assert folded("部门：报道没有点名受理部门，发布主体是崂山区；没有给出电话，可拨 12345 转接核实。", "  ") == [
        "  部门：报道没有点名受理部门，发布主体是崂山区；",
        "  没有给出电话，可拨 12345 转接核实。",
    ]
    assert folded("国家级 500 万元，省级 100 万元，市级 50 万元") == ["国家级 500 万元，省级 100 万元，", "市级 50 万元"]
    assert folded("他说了很多很多很多很多的话“都很好。”然后又走了。") == ["他说了很多很多很多很多的话“都很好。”", "然后又走了。"]
    assert folded("短。短；短") == ["短。短；短"]
    assert (width("汉字，"), width("ab 1")) == (3, 2)


# -- one turn --


def message(reply: Reply, laid_out: list[dict[str, Any]] | None = None, number: int = 0) -> dict[str, Any]:
    """A reply as channels are given it."""
    id = f"t.{number}"
    buttons = [
        {"content_type": "text", "title": button.title, "payload": button.question, "id": f"{id}.{index}"}
        for index, button in enumerate(reply.buttons)
    ]
    custom = reply.custom | {"blocks": laid_out} if laid_out is not None else reply.custom
    return {"id": id, "turn": "t", "who": "bot", "at": 0, "text": reply.text, "quick_replies": buttons, "custom": custom}


def said(text: str, *buttons: tuple[str, str]) -> dict[str, Any]:
    """A message without blocks."""
    return {**message(Reply(text, tuple(Button(*button) for button in buttons))), "custom": None}


def option(number: int, title: str) -> dict[str, Any]:
    return {"kind": "option", "number": number, "title": title, "question": f"介绍一下{title}"}


def test_every_choice_has_a_number_and_a_link() -> None:
    found = rendered([said("您在哪个区？", ("崂山区", "我们在崂山区"), ("即墨区", "我们在即墨区"))], links=True)
    assert found.text == (
        f"您在哪个区？\n\n1. {link(1, '我们在崂山区', '崂山区')}\n2. {link(2, '我们在即墨区', '即墨区')}\n点一下，或回复数字"
    )
    assert found.choices == {1: "我们在崂山区", 2: "我们在即墨区"}


def test_without_links_there_are_numbers() -> None:
    found = rendered([said("是吗？", ("是", "是"), ("不是", "不是"))], links=False)
    assert found == Rendered("是吗？\n\n1. 是\n2. 不是\n回复数字即可", {1: "是", 2: "不是"})


def test_nothing_to_choose_no_word_of_numbers() -> None:
    assert rendered([said("不客气。")], links=True) == Rendered("不客气。", {})
    assert rendered([], links=True) == Rendered("", {})


def test_options_keep_their_numbers_and_the_rest_goes_on() -> None:
    laid_out = [
        {"kind": "text", "text": "政策："},
        option(9, "甲"),
        option(10, "乙"),
        {"kind": "more", "text": "还有 3 项", "question": "还有别的吗"},
    ]
    reply = Reply(
        "政策：\n9. 甲：最高 5 万元\n10. 乙\n还有 3 项，说“还有别的吗”接着看。",
        (Button("甲的别名", "介绍一下甲"), Button("奖励", "奖励的")),
        {"type": "list"},
    )
    found = rendered([message(reply, laid_out)], links=False)
    assert found.text == ("政策：\n\n9. 甲：最高 5 万元\n10. 乙\n11. 还有 3 项，说“还有别的吗”接着看。\n\n12. 奖励\n回复数字即可")
    assert found.choices == {9: "介绍一下甲", 10: "介绍一下乙", 11: "还有别的吗", 12: "奖励的"}


def test_the_word_on_numbers_stands_under_the_choices() -> None:
    laid_out = [{"kind": "text", "text": "政策："}, option(1, "甲")]
    text = rendered([message(Reply("政策：\n1. 甲\n可拨 12345。"), laid_out)], links=False).text
    assert text == "政策：\n\n1. 甲\n回复数字即可\n\n可拨 12345。"


def test_two_lists_in_one_turn_share_no_number() -> None:
    lists = [message(Reply("1. 甲\n2. 乙"), [option(1, "甲"), option(2, "乙")]), message(Reply("1. 丙"), [option(1, "丙")])]
    question = said("是吗？", ("是", "是"))
    found = rendered([*lists, question], links=False)
    assert found.text == "1. 甲\n2. 乙\n\n3. 丙\n\n是吗？\n\n4. 是\n回复数字即可"
    assert found.choices == {1: "介绍一下甲", 2: "介绍一下乙", 3: "介绍一下丙", 4: "是"}


def test_the_names_of_all_choices_are_said_once() -> None:
    reply = said("政策 3 项：\n您要哪一种？奖励（2）、服务（1）", ("奖励（2）", "奖励的"), ("服务（1）", "服务的"))
    text = rendered([reply], links=False).text
    assert text == "政策 3 项：\n\n您要哪一种？\n1. 奖励（2）\n2. 服务（1）\n回复数字即可"


def test_the_source_is_the_last_line() -> None:
    source: dict[str, Any] = {"kind": "source", "text": "来源：《甲》。", "policies": []}
    laid_out = [{"kind": "title", "text": "名"}, source, {"kind": "text", "text": "也可能想问。"}]
    found = rendered([message(Reply("名\n来源：《甲》。\n也可能想问。", (Button("条件", "什么条件"),)), laid_out)], links=False)
    assert found.text == "【名】\n也可能想问。\n\n还可以问：\n1. 条件\n回复数字即可\n\n来源：《甲》。"


def test_of_several_answers_each_keeps_its_source_where_the_last_has_one() -> None:
    a, b = (dict[str, Any](kind="source", text=f"来源：《{name}》。", policies=[]) for name in "甲乙")
    told: dict[str, Any] = {"kind": "text", "text": "答"}
    gap: dict[str, Any] = {"kind": "break"}
    both = message(Reply("答\n来源：《甲》。\n\n答\n来源：《乙》。\n尾"), [told, a, gap, told, b, told])
    assert rendered([both], links=False).text == "答\n\n来源：《甲》。\n\n答\n尾\n\n来源：《乙》。"
    first = message(Reply("答\n来源：《甲》。\n\n答"), [told, a, gap, told])
    assert rendered([first], links=False).text == "答\n\n答\n\n来源：《甲》。"


def test_nobody_can_write_a_link() -> None:
    evil = '<a href="http://evil.example">点我</a>'
    echo = [{"kind": "title", "text": evil}, {"kind": "text", "text": evil}]
    found = rendered([message(Reply(f"{evil}\n{evil}", (Button(evil, evil),)), echo)], links=True)
    assert ANY_LINK.findall(found.text) == [evil.replace("<", "＜")]
    assert found.text.count("<") == 2
    assert found.choices == {1: evil}
    assert unquote(LINK.findall(found.text)[0][1]) == evil
    listed = rendered([message(Reply("1. <b>"), [option(1, "<b>")])], links=False)
    assert listed == Rendered("1. ＜b>\n回复数字即可", {1: "介绍一下<b>"})


def test_what_cannot_stand_in_a_link_is_encoded_and_nothing_else() -> None:
    question = 'A&B "引" <x>\n按 5% 算，%41，#？+/'
    text = rendered([said("问", ("甲", question))], links=True).text
    content = LINK.findall(text)[0][1]
    assert content == "A%26B %22引%22 %3Cx%3E%0A按 5% 算，%2541，#？+/"
    assert unquote(content) == question


def test_what_utf8_cannot_hold_is_replaced() -> None:
    assert rendered([said("\ud83d好", ("\ud83d", "问"))], links=True).text.encode()


def test_links_give_way_to_a_text_that_fits_only_without() -> None:
    buttons = [(f"选项{number}", f"问题{number}" + "长" * 20) for number in range(6)]
    short, middle, long = (rendered([said("字" * count, *buttons)], links=True) for count in (300, 600, 700))
    assert [len(LINK.findall(found.text)) for found in (short, middle, long)] == [6, 0, 6]
    assert [(TAP in found.text, TYPE in found.text) for found in (short, middle, long)] == [
        (True, False),
        (False, True),
        (True, False),
    ]
    assert short.choices == middle.choices == long.choices
    assert size(middle.text) <= LIMIT < size(long.text)


def test_the_choices_stand_together_in_one_piece() -> None:
    text = rendered([said("字" * 800, *((f"选项{number}", f"问题{number}") for number in range(8)))], links=True).text
    *_, last = pieces(text)
    assert len(LINK.findall(last)) == 8
    assert last.endswith(TAP)


def test_a_turn_of_which_only_the_text_is_known() -> None:
    assert rendered([said("甲\n\n· 乙：丙\n1. 丁")], links=False).text == "甲\n\n· 乙：丙\n1. 丁"


# -- real replies --


def read(text: str) -> str:
    """A rendered text without what rendering added between the words."""
    return dense(ANY_LINK.sub(r"\1", text).replace("＜", "<"))


def lost(reply: Reply, text: str) -> list[str]:
    """The lines of a reply that a rendered text does not hold."""
    names = "、".join(button.title for button in reply.buttons)
    lines = [part for line in reply.text.split("\n") for part in _apart(line, names)]
    found = read(text)
    return [line for line in lines if dense(line) not in found]


def _apart(line: str, names: str) -> list[str]:
    # The names of the choices stand one under the other there.
    return [line.removesuffix(names), *names.split("、")] if names and line.endswith(names) else [line]


def check(book: PolicyBook, today: date, *replies: Reply) -> Rendered:
    """Everything that holds for every turn."""
    messages = [
        message(reply, blocks(book, today, reply) if reply.custom else None, number) for number, reply in enumerate(replies)
    ]
    asked = {button.question for reply in replies for button in reply.buttons}
    asked |= {block["question"] for each in messages for block in (each["custom"] or {}).get("blocks", ()) if "question" in block}
    typed, tapped = rendered(messages, links=False), rendered(messages, links=True)
    assert typed.choices == tapped.choices
    assert set(typed.choices.values()) == asked
    sources = [line for reply in replies for line in reply.text.split("\n") if re.match("来源(（.+?）)?：《", line)]
    for found in (typed, tapped):
        assert [line for reply in replies for line in lost(reply, found.text)] == []
        lines = found.text.split("\n")
        assert not sources or lines[-1] in sources
        assert "\n\n\n" not in found.text
        assert lines == [line.rstrip() for line in lines]
        assert not any(line.lstrip().startswith(("，", "。", "；", "：")) for line in lines)
        # Every number that can be seen is a choice, and every choice can be seen.
        assert sorted(int(number) for number in re.findall(r"^(\d+)\. ", found.text, re.M)) == sorted(found.choices)
        cut = pieces(found.text)
        assert all(0 < len(piece.encode()) <= LIMIT for piece in cut)
        assert dense("".join(cut)) == dense(found.text)
        links = [each for piece in cut for each in LINK.findall(piece)]
        assert len(links) == found.text.count("<") / 2
        assert len(links) in (0, len(found.choices))
        for number, question, same, _ in links:
            assert number == same
            assert unquote(question) == found.choices[int(number)]
    return tapped


def answer(book: PolicyBook, today: date, text: str, aspect: Aspect, *ids: str) -> Reply:
    policies = tuple(book.policies[id] for id in ids)
    related = tuple(book.policies[id] for id in list(book.policies)[:3]) if len(ids) == 1 else ()
    return Answers(book, today).reply(
        Query(text, aspect, sums=tuple(find_sums(text))), Finding(Outcome.FOUND, aspect, policies, related)
    )


@pytest.mark.parametrize("aspect", list(Aspect))
def test_no_fact_of_any_answer_is_lost(book: PolicyBook, today: date, aspect: Aspect) -> None:
    text = "按 500 万元算，50 个人，两年能拿多少" if aspect is Aspect.CALCULATE else ""
    # All policies for the amount, for the others a third each: much of what they say is the same.
    some = book.policies if aspect is Aspect.AMOUNT else list(book.policies)[list(Aspect).index(aspect) % 3 :: 3]
    for id in some:
        policy = book.policies[id]
        found = check(book, today, answer(book, today, text, aspect, id))
        assert found.text.startswith("【"), id
        assert len(found.choices) == len(set(found.choices.values())), id
        assert policy.name.split("（")[0] in found.text, id


@pytest.mark.parametrize("aspect", [Aspect.AMOUNT, Aspect.COMPARE, Aspect.DEPARTMENT, Aspect.SOURCE])
def test_no_fact_of_any_comparison_is_lost(book: PolicyBook, today: date, aspect: Aspect) -> None:
    ids = list(book.policies)
    for pair in zip(ids[::7], ids[1::7], strict=False):
        found = check(book, today, answer(book, today, "", aspect, *pair))
        assert re.search("^【.+】$", found.text, re.M), pair
    check(book, today, answer(book, today, "", aspect, *ids[5:9]))


def listings(book: PolicyBook) -> Iterator[Reply]:
    for region in book.regions:
        policies = tuple(book.of_region(region))
        for offset in range(0, len(policies), 8):
            rest = policies[offset:]
            finding = Finding(Outcome.LISTED, Aspect.LIST, rest, region=region, offset=offset)
            yield choices.listed(book, Query("", Aspect.LIST), finding)
            yield choices.listed(book, Query("", Aspect.LIST), replace(finding, separation=separate(book, policies)))
            yield choices.listed(book, Query("", Aspect.LIST), replace(finding, policies=rest[:3]))
        near = replace(Finding(Outcome.UNCOVERED, Aspect.LIST, region=region), topics=("talent",))
        some = tuple(book.policies.values())[:4]
        yield choices.uncovered(book, Query("", Aspect.LIST), replace(near, related=some))
        yield choices.uncovered(book, Query("", Aspect.LIST), near)


def test_no_entry_of_any_list_is_lost(book: PolicyBook, today: date) -> None:
    for reply in listings(book):
        check(book, today, reply)


def test_no_condition_of_any_match_is_lost(book: PolicyBook, today: date) -> None:
    ask = matching.question(book, "micro", (), "再确认一件事")
    for region in (None, *places(book)[::2]):
        for fact in list(book.facts)[::6]:
            profile = Profile().learn(book, region, [fact])
            fitting = candidates(book, profile)
            check(book, today, matching.matches(book, profile, fitting, last=True))
            found = check(book, today, matching.matches(book, profile, fitting), ask)
            numbers = {question: number for number, question in found.choices.items()}
            assert numbers["不清楚"] - 2 == numbers["是"] == len(found.choices) - 2
            check(book, today, matching.profile_reply(book, profile))


def test_what_is_said_beside_the_policies_is_whole(book: PolicyBook, today: date) -> None:
    for reply in (*(talk(book) for talk in smalltalk.TALK.values()), smalltalk.decline(book), choices.confirm("崂山的孵化器")):
        found = check(book, today, reply)
        assert len(pieces(found.text)) == 1
    greeting = check(book, today, smalltalk.greet(book))
    assert list(greeting.choices.values()) == list(book.examples[:6])
    assert greeting.text.endswith(TAP)


def test_several_answers_in_one_message_are_whole(book: PolicyBook, today: date) -> None:
    ids = list(book.policies)
    listed = choices.listed(book, Query("", Aspect.LIST), Finding(Outcome.LISTED, Aspect.LIST, tuple(book.policies.values())))
    for first, second in zip(ids[::9], ids[4::9], strict=False):
        amount, source = (answer(book, today, "", Aspect.AMOUNT, id) for id in (first, second))
        department = answer(book, today, "", Aspect.DEPARTMENT, first)
        check(book, today, several.joined([amount, department]))
        check(book, today, several.joined([amount, source, department]))
        check(book, today, several.joined([amount, listed]))


def test_a_reply_on_a_phone(book: PolicyBook, today: date) -> None:
    found = check(book, today, answer(book, today, "上市辅导", Aspect.AMOUNT, "laoshan-incubator"))
    body, _, rest = found.text.partition("\n\n性质：")
    assert body == (
        "【崂山区科技创新奖励—孵化器认定】\n\n"
        "· 孵化器获得国家级认定：\n  孵化器认定奖励 100 万元\n\n"
        "· 孵化器获得省级认定：\n  孵化器认定奖励 50 万元\n\n"
        "· 孵化器获得市级认定：\n  孵化器认定奖励 30 万元"
    )
    assert "\n\n部门：报道没有点名受理部门，发布主体是崂山区；\n没有给出电话，可拨 12345 转接核实。\n\n报道未说明：\n" in rest
    # What is short stays short; what is long is a sentence, a name or a source.
    assert not [line for line in rest.split("\n") if width(line) > 2 * WIDE and not re.search("<a |来源：|您也可能", line)]


def test_a_comparison_on_a_phone() -> None:
    lines = ["【性质】", "· 崂山：财政奖励", "· 即墨：基金或资金安排，不直接发给企业", "【对象】", "· 崂山：企业", "· 即墨："]
    lines += ["  － 企业", "  － 很多很多很多很多很多很多的个人；个体户", "【地区】两项相同：青岛市", "都没有电话。"]
    rows: list[dict[str, Any]] = [{"kind": "row", "name": name, "cells": []} for name in ("性质", "对象", "地区")]
    found = rendered([message(Reply("\n".join(lines)), [*rows, {"kind": "text", "text": "都没有电话。"}])], links=False)
    assert found.text == (
        "【性质】\n· 崂山：\n  财政奖励\n· 即墨：\n  基金或资金安排，不直接发给企业\n\n"
        "【对象】\n· 崂山：企业\n· 即墨：\n  － 企业\n  － 很多很多很多很多很多很多的个人；\n    个体户\n\n"
        "【地区】\n两项相同：青岛市\n都没有电话。"
    )


def test_a_match_on_a_phone(book: PolicyBook, today: date) -> None:
    profile = Profile().learn(book, "laoshan", ["first-high-tech"])
    fitting = [fit for fit in candidates(book, profile) if fit.policy.id in ("laoshan-hightech-first", "laoshan-fintech-15")]
    text = ANY_LINK.sub(r"\1", check(book, today, matching.matches(book, profile, fitting, last=True)).text)
    assert text.split("\n\n")[1:4] == [
        "1. 崂山区科技创新奖励—首次认定高新技术企业：\n   每家 30 万元\n   符合。\n   满足：在崂山区；首次被认定为高新技术企业。",
        "2. 崂山区金融服务科技产业发展15条\n   符合。\n   满足：在崂山区；科技企业或金融机构。",
        "点一下，或回复数字",
    ]
    short = [option(1, "甲") | {"marks": []}]
    text = rendered([message(Reply("1. 甲\n   符合。满足：在崂山区。"), short)], links=False).text
    assert text == "1. 甲\n   符合。\n   满足：在崂山区。\n\n回复数字即可"


def test_options_with_what_they_are_have_air(book: PolicyBook, today: date) -> None:
    near = tuple(book.policies[id] for id in ("laoshan-incubator", "laoshan-fintech-15"))
    finding = Finding(Outcome.UNCOVERED, Aspect.LIST, region="licang", related=near)
    for region in ("licang", "laoshan"):
        text = check(book, today, choices.uncovered(book, Query("", Aspect.LIST), replace(finding, region=region))).text
    assert [part[:3] for part in ANY_LINK.sub(r"\1", text).split("\n\n")[2:4]] == ["1. ", "2. "]


def test_a_calculation_is_told_step_by_step(book: PolicyBook, today: date) -> None:
    found = check(book, today, answer(book, today, "年薪 50 万", Aspect.CALCULATE, "shanghe-talent-urgent"))
    assert found.text.split("\n\n")[:2] == [
        "【上合示范区人才新政—急需紧缺人才生活补贴】",
        "按 50 万元 测算：\n50 万元 × 30% = 15 万元，\n超过上限，按每人每年最高 10 万元 计。",
    ]


def test_nothing_but_full_width_brackets_is_added_to_a_reply(book: PolicyBook, today: date) -> None:
    for id in book.policies:
        reply = answer(book, today, "", Aspect.INTRODUCTION, id)
        text = rendered([message(replace(reply, buttons=()), blocks(book, today, reply))], links=True).text
        assert sorted(dense(text)) == sorted(dense(reply.text) + "【】"), id
        assert all(unicodedata.category(sign) != "So" for sign in set(text) - set(reply.text)), id
