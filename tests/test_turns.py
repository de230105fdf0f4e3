"""Turns without Rasa: what the NLU understood in, reply and focus out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions import turns, understanding
from actions.knowledge import Aspect, Focus, PolicyBook
from actions.knowledge.profile import Profile
from actions.knowledge.reading import Reader
from actions.replies.smalltalk import TALK
from actions.turns import Memory


def message(book: PolicyBook, text: str, intent: str, confidence: float = 0.9) -> dict[str, Any]:
    """What the pipeline makes of a text, with the intent given."""
    reader = Reader(book)
    read = reader.read(text)
    entities: list[dict[str, Any]] = [
        {"entity": m.kind, "value": m.ids[0] if len(m.ids) == 1 else list(m.ids), "text": m.text, "start": m.start, "end": m.end}
        for m in reader.mentions(read)
    ]
    entities += [{"entity": "sum", "value": s.value, "start": s.start, "end": s.end} for s in reader.sums(read)]
    return {"text": read, "intent": {"name": intent, "confidence": confidence}, "entities": entities}


def test_aspect_of_intents() -> None:
    assert understanding.aspect_of("ask_amount") is Aspect.AMOUNT
    assert understanding.aspect_of("ask_identity") is None
    assert understanding.aspect_of("inform") is None


def test_policy_question_is_answered_and_kept_in_focus(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, message(book, "高新贷最高能贷多少", "ask_amount"), Memory())
    assert "最高 500 万元" in turn.reply.text
    assert turn.memory.focus.policies == ("gaoxin-gaoxindai",)
    turn = turns.answer(book, today, message(book, "找谁", "ask_department"), turn.memory)
    assert "青岛高新区财政金融部门" in turn.reply.text


@pytest.mark.parametrize("confidence", [0.35, 0.9])
def test_what_is_outside_the_job_is_declined_and_changes_nothing(book: PolicyBook, today: date, confidence: float) -> None:
    before = Memory(Focus(("gaoxin-gaoxindai",), region="gaoxin", topics=("loan",)), Profile("gaoxin"))
    turn = turns.answer(book, today, message(book, "给我写首关于大海的诗", "out_of_scope", confidence), before)
    assert turn.reply.custom["type"] == "decline"
    assert turn.memory == before


def test_a_named_policy_outweighs_a_doubtful_classifier(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, message(book, "汇保通", "out_of_scope", 0.4), Memory())
    assert turn.reply.custom["type"] == "policy"


def test_small_talk_that_names_a_record_is_a_question(book: PolicyBook, today: date) -> None:
    turn = turns.converse(book, today, message(book, "你好，我们在青岛自贸片区", "greet"), Memory())
    assert turn.reply.custom["type"] == "list"
    assert turn.memory.focus.region == "qdftz"
    assert turn.memory.profile.region == "qdftz"


@pytest.mark.parametrize("intent", sorted(TALK))
def test_small_talk_has_words_and_no_figures(book: PolicyBook, today: date, intent: str) -> None:
    turn = turns.converse(book, today, message(book, "嗯", intent), Memory())
    assert turn.reply.text
    assert "万元" not in turn.reply.text
    assert turn.memory == Memory()


def test_rephrase_repeats_what_is_in_hand(book: PolicyBook, today: date) -> None:
    before = Focus(("gaoxin-five-ones",), region="gaoxin", topics=("construction",))
    turn = turns.answer(book, today, message(book, "说人话", "ask_rephrase"), Memory(before))
    assert "承诺" in turn.reply.text
    assert turn.memory.focus.policies == before.policies


WHO = "我们是崂山的小微软件企业，刚认定高企，能申请什么"


def test_who_asks_what_fits_is_matched_and_asked(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, message(book, WHO, "ask_match"), Memory())
    assert turn.interview
    assert turn.reply.custom["type"] == "match"
    assert turn.memory.profile.region == "laoshan"
    assert turn.memory.profile.facts["first-high-tech"]
    fits = {item["policy"]: item["fit"] for item in turn.reply.custom["fits"]}
    assert fits["laoshan-hightech-first"] == "fits"
    assert fits["qd-baiqianwan"] == "maybe"
    assert not {policy for policy in fits if book.policies[policy].region not in ("laoshan", "qingdao")}


def test_what_was_told_is_held_against_a_named_policy(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, message(book, "我们公司注册在崂山，做外贸", "inform"), Memory())
    turn = turns.answer(book, today, message(book, "汇保通我们能办吗", "ask_audience"), turn.memory)
    assert turn.reply.text.startswith("对照您说的情况")
    assert "不符合" in turn.reply.text.splitlines()[0]
    assert "不满足：在上合示范区" in turn.reply.text


def test_start_over_forgets_all_and_ends_the_interview(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, message(book, WHO, "ask_match"), Memory())
    turn = turns.converse(book, today, message(book, "重新开始", "start_over"), turn.memory)
    assert turn.memory == Memory()
    assert turn.interview is False


def test_the_profile_is_shown_and_forgotten_without_losing_the_subject(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, message(book, WHO, "ask_match"), Memory())
    shown = turns.converse(book, today, message(book, "我的信息", "show_profile"), turn.memory)
    assert "崂山区" in shown.reply.text
    assert "小微企业" in shown.reply.text
    assert shown.memory == turn.memory
    turn = turns.converse(book, today, message(book, "清除", "forget_profile"), shown.memory)
    assert turn.memory.profile == Profile()
    assert turn.memory.focus == shown.memory.focus
    empty = turns.converse(book, today, message(book, "我的信息", "show_profile"), turn.memory)
    assert "小微企业" not in empty.reply.text.splitlines()[0].split("例如")[0]
