"""Conversations as Rasa test stories: what stands in them, what cannot be one, and that Rasa agrees with them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.console.local import InProcess
from bot.console.said import Said
from bot.console.stories import StoryError, story
from bot.console.tracing import Trace

FORM = "match_form"


def said(question: str, intent: str, *actions: str, before: str | None = None, after: str | None = None) -> Said:
    trace = Trace(
        text=question, tokens=[], intents=[(intent, 0.9), ("inform", 0.1)], entities=[], focus_before={}, focus_after={},
        profile={}, slots={}, loop_before=before, loop_after=after, actions=[(name, "RulePolicy", 1.0) for name in actions],
        searches=[], rules=[], calculations=[], nlu_ms=1, dialogue_ms=1, action_ms=1, total_ms=3,
    )  # fmt: skip
    return Said(question, [{"text": "答"}], 0.003, trace)


def test_a_story_reads_as_those_written_by_hand() -> None:
    assert story("孵化器", [said("奖多少", "ask_amount", "action_answer"), said("谢谢", "thank", "action_converse")]) == (
        'version: "3.1"\n\nstories:\n  - story: "孵化器"\n    steps:\n'
        '      - user: "奖多少"\n        intent: ask_amount\n      - action: action_answer\n'
        '      - user: "谢谢"\n        intent: thank\n      - action: action_converse\n'
    )


def steps(*turns: Said) -> list[Any]:
    found = yaml.safe_load(story("甲", turns))["stories"][0]["steps"]
    return [next(iter(step.items())) for step in found if "user" not in step]


def test_the_form_begins_asks_and_ends() -> None:
    begun = said("能申请什么", "ask_match", "action_answer", FORM, after=FORM)
    answered = said("崂山", "inform", FORM, before=FORM, after=FORM)
    ended = said("算了", "deny", FORM, "action_match_result", before=FORM)
    assert steps(begun, answered, ended) == [
        ("action", "action_answer"), ("active_loop", FORM), ("action", FORM),
        ("action", FORM),
        ("action", FORM), ("slot_was_set", [{"requested_slot": None}]), ("active_loop", None), ("action", "action_match_result"),
    ]  # fmt: skip


def test_the_form_is_interrupted_taken_up_again_and_left() -> None:
    interrupted = said("高新贷最高多少", "ask_amount", "action_answer", FORM, before=FORM, after=FORM)
    left = said("天气怎么样", "out_of_scope", "action_answer", before=FORM)
    assert steps(interrupted, left) == [
        ("action", "action_answer"), ("active_loop", FORM), ("action", FORM),
        ("action", "action_answer"), ("active_loop", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ['他说："是" # x: - {y} [z]', "两行\n文字", "零宽\u200b与\x7f与\ufeff之后", "😀", "yes", "null", "1:30", "\\n"]
)
def test_any_text_survives(text: str) -> None:
    found = yaml.safe_load(story(text, [said(text, "inform", "action_answer")]))["stories"][0]
    assert (found["story"], found["steps"][0]["user"]) == (text, text)


def test_what_is_no_message_for_rasa_is_guarded_as_in_channels() -> None:
    assert (
        yaml.safe_load(story("甲", [said("/greet", "greet", "action_converse")]))["stories"][0]["steps"][0]["user"] == "／greet"
    )


@pytest.mark.parametrize(
    ("turns", "told"),
    [
        ([], "还没有说过话"),
        ([Said("问", [{"text": "答"}], 0.1)], "运行中的服务"),
        ([said("问", "ask_amount", "action_answer"), said("哦", "inform")], "第 2 句“哦”"),
    ],
)
def test_what_cannot_be_a_story_is_told(turns: list[Said], told: str) -> None:
    with pytest.raises(StoryError, match=told):
        story("甲", turns)


CONVERSATIONS = {
    "answers": ("你好", "崂山孵化器认定奖多少", "找谁办", "今天天气怎么样", "谢谢"),
    "the form to its end": ("我们能申请什么", "崂山区", "是的", "没有", "不清楚", "好的"),
    "the form interrupted and left": ("我们公司能申请哪些政策", "高新区", "等等，高新贷最高多少", "微大厅是什么", "谢谢"),
    "the form stopped": ("能享受什么政策", "崂山", "我们是做软件的，刚评上高企", "算了不问了"),
    "everything forgotten": ("我们公司能申请哪些政策", "崂山", "重新开始", "我们能拿什么补贴", "清除我的信息"),
}


@pytest.mark.agent
def test_rasa_agrees(agent: Any, loop: asyncio.AbstractEventLoop, tmp_path: Path) -> None:
    from rasa.core.test import test as run_stories  # noqa: PLC0415 - Rasa takes seconds to import

    assistant, folder = InProcess(agent), tmp_path / "stories"
    folder.mkdir()

    async def talk() -> dict[str, Any]:
        for number, (name, texts) in enumerate(CONVERSATIONS.items()):
            await assistant.reset()
            text = story(name, [await assistant.say(text) for text in texts])
            (folder / f"test_{number}.yml").write_text(text, encoding="utf-8")
        found: dict[str, Any] = await run_stories(
            str(folder), agent, out_directory=str(tmp_path), disable_plotting=True, fail_on_prediction_errors=True
        )
        return found

    found = loop.run_until_complete(talk())
    assert found["report"]["conversation_accuracy"]["correct"] == len(CONVERSATIONS)
    assert {action["action"] for action in found["actions"]} >= {FORM, "action_match_result", "action_answer", "action_converse"}
