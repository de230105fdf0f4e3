"""The matching form in Rasa: begun by a question on what fits, answered, interrupted, dropped, stopped, cleared."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from actions.interview import AGAIN, FIRST
from bot.conversation import Conversation
from bot.evaluation.judging import visible

pytestmark = pytest.mark.agent

WHO = "我们是崂山的小微软件企业，刚认定高企，能申请什么"
OTHER = "等等，孵化器认定奖励多少？"


@pytest.fixture
def say(agent: Any, loop: asyncio.AbstractEventLoop) -> Any:
    conversation = Conversation(agent)
    return lambda text: visible(loop.run_until_complete(conversation.say(text)))


def test_it_asks_one_thing_at_a_time_and_tells_the_result(say: Any) -> None:
    first = say(WHO)
    assert FIRST in first
    assert first.count("？") == 1
    last = first
    for _ in range(5):
        if "以主管部门审核为准" in last and "？" not in last:
            break
        last = say("不清楚")
    assert "以主管部门审核为准" in last
    assert "首次认定高新技术企业：每家 30 万元" in last
    assert AGAIN not in say("谢谢")


def test_an_answer_changes_the_result(say: Any) -> None:
    assert "重点培育库" in say(WHO)
    assert "：符合。" in say("是")
    assert "高企重点培育库企业" in say("我的信息")


def test_an_interruption_is_answered_and_the_question_asked_again(say: Any) -> None:
    say(WHO)
    reply = say(OTHER)
    assert "孵化器认定奖励 100 万元" in reply
    assert AGAIN in reply
    assert AGAIN not in say("施工许可找哪个部门？")  # passed over twice: let be


@pytest.mark.parametrize("text", ["算了", "不问了"])
def test_it_can_be_stopped(say: Any, text: str) -> None:
    say(WHO)
    assert "以主管部门审核为准" in say(text)
    assert AGAIN not in say(OTHER)


@pytest.mark.parametrize("text", ["重新开始", "清除我的信息"])
def test_clearing_ends_it_and_forgets(say: Any, text: str) -> None:
    say(WHO)
    assert AGAIN not in say(text)
    assert AGAIN not in say(OTHER)
    assert "小微企业" not in say("我的信息").split("例如")[0]


def test_who_told_nothing_is_asked_from_the_beginning(say: Any) -> None:
    reply = say("我能申请什么政策？")
    assert "注册在哪个区市？" in reply
    assert "算了" in reply
    assert FIRST in reply
    assert "？" in say("崂山")


def test_another_person_starts_clean(say: Any, agent: Any, loop: asyncio.AbstractEventLoop) -> None:
    say(WHO)
    other = Conversation(agent)
    assert "崂山" not in visible(loop.run_until_complete(other.say("我的信息"))).split("例如")[0]
