"""Conversations as people have them, through the trained model and the real actions.

A case with `open` is one that the assistant does not manage yet, with the reason; it must really fail.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.conversation import Conversation
from bot.evaluation.judging import shortcomings, visible

FILES = sorted(Path(__file__).parent.glob("*.yml"))
CASES = [case for file in FILES for case in yaml.safe_load(file.read_text(encoding="utf-8"))]


def parameters() -> list[Any]:
    marks = [
        [pytest.mark.xfail(reason=case["open"], strict=True, raises=AssertionError)] if "open" in case else [] for case in CASES
    ]
    return [pytest.param(case, id=case["id"], marks=mark) for case, mark in zip(CASES, marks, strict=True)]


@pytest.mark.agent
@pytest.mark.parametrize("case", parameters())
def test_conversation(case: dict[str, Any], agent: Any, loop: asyncio.AbstractEventLoop) -> None:
    conversation = Conversation(agent)
    for turn in case["turns"]:
        messages = loop.run_until_complete(conversation.say(turn["user"]))
        if "expect" in turn:
            short = shortcomings(turn["expect"], messages)
            assert not short, f"问：{turn['user']}\n{short}\n答：{visible(messages)}"


def test_case_ids_are_unique() -> None:
    ids = [case["id"] for case in CASES]
    assert len(ids) == len(set(ids))
