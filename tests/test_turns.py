"""Turns without Rasa: what the NLU understood in, reply and focus out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions import turns
from actions.knowledge import Aspect, Focus, PolicyBook
from actions.knowledge.reading import Reader
from actions.replies.message import Reply
from actions.replies.smalltalk import TALK


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
    assert turns.aspect_of("ask_amount") is Aspect.AMOUNT
    assert turns.aspect_of("ask_identity") is None
    assert turns.aspect_of("inform") is None


def test_focus_survives_the_slot() -> None:
    focus = Focus(("a",), ("a", "b"), "laoshan", ("incubator",), Aspect.AMOUNT)
    assert turns.focus_from(turns.focus_value(focus)) == focus


@pytest.mark.parametrize("value", [None, "x", 3, [], {"aspect": "nonsense"}, {"policies": None}])
def test_unusable_slots_are_an_empty_focus(value: Any) -> None:
    assert turns.focus_from(value) == Focus()


def test_focus_forgets_records_that_the_book_no_longer_has(book: PolicyBook) -> None:
    focus = turns.known(book, Focus(("gone", "gaoxin-gaoxindai"), ("gone",), "nowhere", ("nothing",)))
    assert focus == Focus(("gaoxin-gaoxindai",))


def test_policy_question_is_answered_and_kept_in_focus(book: PolicyBook, today: date) -> None:
    reply, focus = turns.answer(book, today, message(book, "高新贷最高能贷多少", "ask_amount"), None)
    assert "最高 500 万元" in reply.text
    assert focus.policies == ("gaoxin-gaoxindai",)
    reply, _ = turns.answer(book, today, message(book, "找谁", "ask_department"), turns.focus_value(focus))
    assert "青岛高新区财政金融部门" in reply.text


@pytest.mark.parametrize("confidence", [0.35, 0.9])
def test_what_is_outside_the_job_is_declined_and_changes_nothing(book: PolicyBook, today: date, confidence: float) -> None:
    before = Focus(("gaoxin-gaoxindai",), ("gaoxin-gaoxindai",), "gaoxin", ("loan",))
    asked = message(book, "给我写首关于大海的诗", "out_of_scope", confidence)
    reply, focus = turns.answer(book, today, asked, turns.focus_value(before))
    assert reply.custom["type"] == "decline"
    assert focus == before


def test_a_named_policy_outweighs_a_doubtful_classifier(book: PolicyBook, today: date) -> None:
    reply, _ = turns.answer(book, today, message(book, "汇保通", "out_of_scope", 0.4), None)
    assert reply.custom["type"] == "policy"


def test_small_talk_that_names_a_record_is_a_question(book: PolicyBook, today: date) -> None:
    reply, focus = turns.converse(book, today, message(book, "你好，我们在青岛自贸片区", "greet"), None)
    assert reply.custom["type"] == "list"
    assert focus.region == "qdftz"


@pytest.mark.parametrize("intent", sorted(TALK))
def test_small_talk_has_words_and_no_figures(book: PolicyBook, today: date, intent: str) -> None:
    reply, focus = turns.converse(book, today, message(book, "嗯", intent), None)
    assert isinstance(reply, Reply)
    assert reply.text
    assert "万元" not in reply.text
    assert focus == Focus()


def test_rephrase_repeats_what_is_in_hand(book: PolicyBook, today: date) -> None:
    before = Focus(("gaoxin-five-ones",), ("gaoxin-five-ones",), "gaoxin", ("construction",))
    reply, focus = turns.answer(book, today, message(book, "说人话", "ask_rephrase"), turns.focus_value(before))
    assert "承诺" in reply.text
    assert focus.policies == before.policies
