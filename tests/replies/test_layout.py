"""Blocks hold all that a reply's text says, and say what each line is."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.query import Finding, Outcome, Query
from actions.knowledge.sums import find_sums
from actions.replies import smalltalk
from actions.replies.answers import Answers
from actions.replies.layout import blocks, phones
from actions.replies.message import Reply

# What only marks a line as a bullet, an entry, a cell, a field or a remark.
MARKS = re.compile(r"^(· |\d+\. |   |  － |【|注意：|说明：)|】(.项相同)?|[：，；。“”\n]")


def words(value: Any) -> str:
    if isinstance(value, dict) and value.get("kind") == "figure":
        return f"{value['condition']}：{value['name']} {value.get('terms') or value['figure']}\n{value.get('note', '')}"
    if isinstance(value, dict):
        return "\n".join(words(item) for item in value.values())
    if isinstance(value, list):
        return "\n".join(words(item) for item in value)
    return str(value)


def lost(reply: Reply, found: list[dict[str, Any]]) -> list[str]:
    """The pieces of a reply's text that stand in no block."""
    said = words(found)
    pieces = [piece for line in reply.text.split("\n") for piece in MARKS.sub("|", line).split("|")]
    return [piece for piece in pieces if piece.strip() and piece.strip() not in said]


def reply_to(book: PolicyBook, today: date, text: str, aspect: Aspect, *ids: str) -> Reply:
    policies = tuple(book.policies[id] for id in ids)
    return Answers(book, today).reply(Query(text, aspect, sums=tuple(find_sums(text))), Finding(Outcome.FOUND, aspect, policies))


@pytest.mark.parametrize("aspect", list(Aspect))
def test_every_answer_on_every_policy_is_laid_out_whole(book: PolicyBook, today: date, aspect: Aspect) -> None:
    for policy in book.policies.values():
        reply = reply_to(book, today, "", aspect, policy.id)
        found = blocks(book, today, reply)
        assert lost(reply, found) == [], policy.id
        kinds = [block["kind"] for block in found]
        assert kinds[0] == "title", policy.id
        assert "source" in kinds, policy.id


@pytest.mark.parametrize("aspect", [Aspect.AMOUNT, Aspect.COMPARE, Aspect.DEPARTMENT, Aspect.SOURCE])
def test_every_comparison_is_laid_out_whole(book: PolicyBook, today: date, aspect: Aspect) -> None:
    ids = list(book.policies)
    for first, second in zip(ids[::3], ids[1::3], strict=False):
        reply = reply_to(book, today, "", aspect, first, second)
        found = blocks(book, today, reply)
        assert lost(reply, found) == [], (first, second)
        assert any(block["kind"] == "row" and block["cells"] for block in found), (first, second)


def kinds(found: list[dict[str, Any]]) -> list[str]:
    return [block["kind"] for block in found]


def test_what_can_be_received_is_a_figure(book: PolicyBook, today: date) -> None:
    found = blocks(book, today, reply_to(book, today, "孵化器认定奖多少", Aspect.AMOUNT, "laoshan-incubator"))
    figures = [block for block in found if block["kind"] == "figure"]
    assert [(block["figure"], block["levels"]) for block in figures] == [
        ("100 万元", ["国家级"]),
        ("50 万元", ["省级"]),
        ("30 万元", ["市级"]),
    ]
    assert figures[0]["name"] == "孵化器认定奖励"
    assert figures[0]["condition"] == "孵化器获得国家级认定"
    source = next(block for block in found if block["kind"] == "source")
    assert [policy["id"] for policy in source["policies"]] == ["laoshan-incubator"]


def test_a_pool_total_is_no_figure_to_receive(book: PolicyBook, today: date) -> None:
    found = blocks(book, today, reply_to(book, today, "四个专项每年多少钱", Aspect.AMOUNT, "laoshan-four-policies"))
    assert "figure" not in kinds(found)
    assert any(block["kind"] == "item" and "2.6 亿元" in block["text"] for block in found)


def test_a_long_figure_is_shown_short_with_its_terms(book: PolicyBook, today: date) -> None:
    found = blocks(book, today, reply_to(book, today, "生活补贴", Aspect.AMOUNT, "shanghe-talent-urgent"))
    figure = next(block for block in found if block["kind"] == "figure")
    assert figure["figure"] == "每人每年最高 10 万元"
    assert figure["terms"].startswith("按上年度")


@pytest.mark.parametrize(("salary", "figure"), [("50万元", "最高 30 万元"), ("20万元", "18 万元")])
def test_what_a_cap_comes_to_over_years_is_the_most(book: PolicyBook, today: date, salary: str, figure: str) -> None:
    asked = f"年薪{salary}，三年能拿多少生活补贴"
    found = blocks(book, today, reply_to(book, today, asked, Aspect.CALCULATE, "shanghe-talent-urgent"))
    assert next(block for block in found if block["kind"] == "result")["figure"] == figure


@pytest.mark.parametrize("id", ["laoshan-financing-platforms", "gaoxin-projects-14"])
def test_a_plan_and_a_past_result_stand_out(book: PolicyBook, today: date, id: str) -> None:
    found = blocks(book, today, reply_to(book, today, "", Aspect.INTRODUCTION, id))
    assert found[0]["state"] == book.policies[id].status.value
    assert "status" in kinds(found)


def test_greeting_shows_questions_by_topic(book: PolicyBook, today: date) -> None:
    found = blocks(book, today, smalltalk.greet(book))
    assert kinds(found) == ["text", "topics"]
    groups = found[1]["groups"]
    assert [group["questions"][0]["text"] for group in groups] == list(book.examples)
    assert groups[0]["name"] == book.topics[book.example_groups[0].topic].name


def test_phones_are_only_those_of_the_book(book: PolicyBook) -> None:
    assert phones(book, "可拨 12345 转接核实，或者 10086。") == [book.hotline.number]
    assert phones(book, "没有电话") == []
