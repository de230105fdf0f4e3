"""Messages cut into sentences, and those that ask."""

from __future__ import annotations

import pytest

from actions.knowledge.sentences import kept, questions, sentences


def texts(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("给多少", ["给多少"]),
        ("高新贷多少？汇保通多少？", ["高新贷多少？", "汇保通多少？"]),
        ("高新贷多少?汇保通多少?", ["高新贷多少?", "汇保通多少?"]),
        ("我们做软件。想问高企！", ["我们做软件。", "想问高企！"]),
        ("甲；乙;丙", ["甲；", "乙;", "丙"]),
        ("多少？？！然后", ["多少？？！", "然后"]),  # marks in a row end one sentence
        ("“给多少？”他问", ["“给多少？”", "他问"]),  # the closing quote belongs to what it closes
        ("有补贴吗，怎么申请呢", ["有补贴吗，", "怎么申请呢"]),  # 吗 and 呢 end a question
        ("有补贴吗 怎么申请", ["有补贴吗 ", "怎么申请"]),
        ("我在崂山，做软件", ["我在崂山，做软件"]),  # a comma alone ends nothing
        ("给多少，另外找谁办", ["给多少，", "另外找谁办"]),
        ("给多少 顺便问找谁", ["给多少 ", "顺便问找谁"]),
        ("给多少另外找谁", ["给多少另外找谁"]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert texts(text, sentences(text)) == parts


@pytest.mark.parametrize("text", ["", "   ", "？！", "。。。"])
def test_marks_are_no_sentence(text: str) -> None:
    assert sentences(text) == []


def test_marks_before_a_sentence_go_with_it() -> None:
    text = "？！给多少。"
    assert sentences(text) == [(0, len(text))]


def test_sentences_leave_no_letter_out_and_do_not_overlap() -> None:
    text = "我们做软件。有补贴吗，怎么申请呢？另外，找谁；谢谢"
    spans = sentences(text)
    assert "".join(texts(text, spans)) == text
    assert len(spans) == 5


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("我们做软件。高企有没有奖励？谢谢。", ["高企有没有奖励？"]),
        ("高新贷多少！汇保通找谁。", ["高新贷多少！", "汇保通找谁。"]),  # words ask, whatever the mark
        ("我们做软件。谢谢。", []),
        ("", []),
    ],
)
def test_questions(text: str, asked: list[str]) -> None:
    assert texts(text, questions(text)) == asked


def test_what_is_kept_stays_in_its_place() -> None:
    text = "我们做软件。奖励多少？谢谢。"
    (span,) = questions(text)
    left = kept(text, [span])
    assert len(left) == len(text)
    assert left[slice(*span)] == "奖励多少？"
    assert left.strip() == "奖励多少？"


def test_nothing_or_everything_is_kept() -> None:
    assert kept("奖励多少", []) == "    "
    assert kept("奖励多少", [(0, 2), (2, 4)]) == "奖励多少"
