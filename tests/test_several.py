"""Several questions in one message: told apart, and their answers put together."""

from __future__ import annotations

from typing import Any

import pytest

from actions import several
from actions.replies.message import Button, Reply


def entity(text: str, word: str, kind: str, value: str) -> dict[str, Any]:
    start = text.index(word)
    return {"entity": kind, "value": value, "text": word, "start": start, "end": start + len(word)}


def message(*asked: tuple[str, str, float], entities: dict[str, tuple[str, str]] | None = None) -> dict[str, Any]:
    """A message of (text, intent, confidence); a text without an intent asks nothing."""
    text = "".join(part for part, _, _ in asked)
    parts, start = [], 0
    for part, intent, confidence in asked:
        if intent:
            parts.append({"start": start, "end": start + len(part), "intent": {"name": intent, "confidence": confidence}})
        start += len(part)
    found = [entity(text, word, *named) for word, named in (entities or {}).items()]
    return {"text": text, "intent": {"name": "ask_amount", "confidence": 0.9}, "entities": found, "parts": parts}


LOAN, HEDGE = ("policy", "loan"), ("policy", "hedge")
TWO = message(
    ("高新贷最高多少？", "ask_amount", 0.9),
    ("汇保通找谁？", "ask_department", 0.8),
    entities={"高新贷": LOAN, "汇保通": HEDGE},
)


def test_each_question_becomes_a_message() -> None:
    first, second = several.questions_of(TWO)
    assert (first["text"], second["text"]) == ("高新贷最高多少？", "汇保通找谁？")
    assert (first["intent"]["name"], second["intent"]["name"]) == ("ask_amount", "ask_department")
    assert [each["value"] for each in first["entities"]] == ["loan"]
    assert [each["value"] for each in second["entities"]] == ["hedge"]


@pytest.mark.parametrize("between", ["", " ", "，", "还有，"])
def test_entities_lie_where_they_stand_in_their_question(between: str) -> None:
    asked = message(
        ("高新贷最高多少？", "ask_amount", 0.9),
        (f"{between}汇保通找谁？", "ask_department", 0.8),
        entities={"高新贷": LOAN, "汇保通": HEDGE},
    )
    for question in several.questions_of(asked):
        for found in question["entities"]:
            assert question["text"][found["start"] : found["end"]] == found["text"]


def test_what_stands_before_a_question_goes_with_it() -> None:
    asked = message(
        ("我们在崂山。", "", 0.0),
        ("高新贷多少？", "ask_amount", 0.9),
        ("谢谢。", "", 0.0),
        ("找谁？", "ask_department", 0.9),
        entities={"崂山": ("region", "laoshan"), "高新贷": LOAN},
    )
    first, second = several.questions_of(asked)
    assert first["text"] == "我们在崂山。高新贷多少？"
    assert {each["value"] for each in first["entities"]} == {"laoshan", "loan"}
    assert second["text"] == "谢谢。找谁？"
    assert second["entities"] == []


def test_the_same_asked_of_two_records_are_two_questions() -> None:
    asked = message(
        ("高新贷多少？", "ask_amount", 0.9), ("汇保通呢？", "ask_amount", 0.9), entities={"高新贷": LOAN, "汇保通": HEDGE}
    )
    assert len(several.questions_of(asked)) == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"text": "高新贷多少？", "intent": {"name": "ask_amount", "confidence": 0.9}, "entities": []},
        message(("高新贷多少？", "ask_amount", 0.9)),
        message(("高新贷多少？", "ask_amount", 0.9), ("给多少？", "ask_amount", 0.9)),  # the same, asked twice
        message(("高新贷多少？", "ask_amount", 0.9), ("找谁？", "ask_department", 0.4)),  # the second is doubtful
        message(("高新贷多少？", "ask_amount", 0.9), ("今天几度？", "out_of_scope", 0.9)),
        message(("你是谁？", "ask_identity", 0.9), ("高新贷多少？", "ask_amount", 0.9)),
    ],
    ids=["no parts", "one", "twice the same", "doubtful", "outside", "small talk"],
)
def test_fewer_than_two_questions_are_none(asked: dict[str, Any]) -> None:
    assert several.questions_of(asked) == []


SOURCE = "来源：《东区出台科技奖励》（报纸，2022-05-25）。"
FIRST = Reply(
    f"最高 500 万元\n性质：贷款\n{SOURCE}",
    (Button("条件", "高新贷要什么条件"), Button("部门", "高新贷找谁")),
    {"type": "policy", "policies": [{"id": "loan"}], "related": [{"id": "hedge"}, {"id": "other"}]},
)
SECOND = Reply(
    f"东区科技局\n性质：贷款\n{SOURCE}",
    (Button("条件", "高新贷要什么条件"), Button("出处", "汇保通出处")),
    {"type": "policy", "policies": [{"id": "hedge"}, {"id": "loan"}]},
)


def test_joined_has_every_line_once_if_it_is_long() -> None:
    lines = several.joined([FIRST, SECOND]).text.split("\n")
    assert lines == ["最高 500 万元", "性质：贷款", SOURCE, "", "东区科技局", "性质：贷款"]


def test_joined_leaves_no_row_empty() -> None:
    shared = "· 甲政策：借款要按约归还，不是补贴，也不是奖励"
    first = Reply(f"甲与乙\n【性质】\n{shared}\n【地区】\n· 甲：崂山")
    second = Reply(f"再比一次\n【性质】\n{shared}\n【部门】两项相同：区财政局\n【支持】\n· 甲：给 1 万元\n【地区】\n{shared}")
    lines = several.joined([first, second]).text.split("\n")
    assert lines[lines.index("再比一次") :] == ["再比一次", "【部门】两项相同：区财政局", "【支持】", "· 甲：给 1 万元"]


def test_joined_has_the_facts_of_all() -> None:
    custom = several.joined([FIRST, SECOND]).custom
    assert custom["type"] == "several"
    assert [policy["id"] for policy in custom["policies"]] == ["loan", "hedge"]
    assert [policy["id"] for policy in custom["related"]] == ["other"]  # hedge is answered itself
    assert custom["answers"] == [FIRST.custom, SECOND.custom]


def test_joined_has_the_buttons_of_all_once() -> None:
    buttons = several.joined([FIRST, SECOND]).buttons
    assert {button.question for button in buttons} == {"高新贷要什么条件", "高新贷找谁", "汇保通出处"}
    assert len(buttons) == 3


def test_joined_has_not_too_many_buttons() -> None:
    crowd = Reply("很多", tuple(Button(f"{n}", f"问{n}") for n in range(5)), {"type": "policy"})
    other = Reply("更多", tuple(Button(f"{n}", f"另问{n}") for n in range(5)), {"type": "policy"})
    assert len(several.joined([crowd, other]).buttons) == several.MOST_BUTTONS
