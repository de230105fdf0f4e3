"""The trained assistant over WeChat: the same facts as on the web, conversations by taps and numbers, people forgotten."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

pytest.importorskip("rasa")

from rasa.shared.core.events import UserUttered

from bot.channels.conversations import Conversations
from bot.channels.wechat.accounts import Account
from bot.channels.wechat.desk import Desk
from bot.channels.wechat.incoming import TEXT, Incoming
from bot.channels.wechat.pieces import LIMIT
from bot.wechatsim.phone import Heard, Phone
from tests.bot.server import post
from tests.bot.wechat_accounts import side

pytestmark = pytest.mark.agent

QUESTIONS = [
    "你好",
    "崂山区的瞪羚企业给多少钱",
    "崂山有哪些科技奖励",
    "高新区的高新贷要什么条件，利率多少",
    "高新贷和成长贷有什么区别",
    "上合示范区硕士每个月补多少，给几年",
    "企业上市哪几个区给支持",
    "我们在崂山，孵化器评上国家级，能拿多少",
    "崂山孵化器国家级是不是奖200万",
    "我公司能申请什么",
    "转人工",
    "今天股市怎么样",
]


def play(scenario: Callable[[], Awaitable[Any]]) -> Any:
    async def within() -> Any:
        return await asyncio.wait_for(scenario(), 60)

    return asyncio.run(within())


def plain(text: str) -> str:
    """A text without links, white space and the signs that a rendering may change."""
    return re.sub(r"\s|·", "", re.sub(r"<a [^>]*>|</a>", "", text)).replace("<", "＜")


@pytest.mark.parametrize("account", ["safe", "plain", "app", "robot"])
def test_the_same_question_gets_the_same_facts_as_on_the_web(server: str, account: str) -> None:
    async def scenario() -> None:
        for question in QUESTIONS:
            user = f"o{uuid.uuid4().hex}"
            async with Phone(side(account, server), user) as phone:
                heard = await phone.say(question)
                text = heard.text or ""
                while account != "robot" and text.endswith("看余下部分）"):
                    text += (await phone.say("继续")).text or ""
            _, messages = post(f"{server}/webhooks/rest/webhook", {"sender": f"same-{user}", "message": question})
            lines = [line for message in messages for line in message.get("text", "").split("\n")]
            assert lines
            assert [line for line in lines if plain(line) not in plain(text)] == []
            sources = [line for line in lines if line.startswith("来源：")]
            if sources:
                assert plain(text).endswith(plain(sources[-1]))

    play(scenario)


def test_a_conversation_by_words_taps_and_numbers(server: str) -> None:
    async def scenario() -> list[str]:
        async with Phone(side("safe", server), f"o{uuid.uuid4().hex}") as phone:
            greeted = await phone.event("subscribe")
            assert 4 <= len(phone.links(greeted.text or "")) <= 6
            texts = [(await phone.say("崂山孵化器国家级奖多少")).text or ""]
            labels = [label for label, _ in phone.links(texts[0])]
            assert "找哪个部门" in labels
            texts.append((await phone.tap("找哪个部门")).text or "")
            texts.append((await phone.say("省级的呢")).text or "")
            await phone.say("崂山孵化器国家级奖多少")
            texts.append((await phone.say(re.search(r"(\d+)\. <a[^>]*>找哪个部门", texts[0])[1])).text or "")  # type: ignore[index]
            return texts

    amount, department, other, by_number = play(scenario)
    assert "100 万元" in amount
    assert "部门：" in department
    assert "50 万元" in other
    assert by_number == department


def test_whoever_leaves_begins_anew(server: str) -> None:
    async def scenario() -> tuple[Heard, Heard]:
        async with Phone(side("safe", server), f"o{uuid.uuid4().hex}") as phone:
            await phone.say("崂山孵化器国家级奖多少")
            known = await phone.say("省级的呢")
            await phone.event("unsubscribe")
            return known, await phone.say("省级的呢")

    known, forgotten = play(scenario)
    assert "50 万元" in (known.text or "")
    assert "50 万元" not in (forgotten.text or "")


def test_answers_are_in_time_and_short_enough(server: str) -> None:
    async def scenario() -> list[Heard]:
        async def ask(number: int) -> Heard:
            async with Phone(side("safe", server), f"o{uuid.uuid4().hex}") as phone:
                return await phone.say(QUESTIONS[number % len(QUESTIONS)], again=(0.3,))

        return await asyncio.gather(*(ask(number) for number in range(24)))

    for heard in play(scenario):
        assert heard.deliveries == 2
        assert heard.replies[0] == heard.replies[1]
        assert len((heard.text or "").encode()) <= LIMIT
        assert all(seconds and seconds < 4.8 for seconds in heard.seconds)


def test_a_server_started_anew_knows_what_it_answered_and_numbered(agent: Any, loop: asyncio.AbstractEventLoop) -> None:
    def desk() -> Desk:
        return Desk(Account("safe", "official", "token"), Conversations("wechat", agent.handle_message, lambda: agent))

    async def scenario() -> tuple[str, str, str, list[str]]:
        user = f"o{uuid.uuid4().hex}"
        before, after = desk(), desk()
        asked = Incoming(TEXT, user, "m1", text="崂山孵化器国家级奖多少")
        first = (await before.answer(asked)).text
        again = (await after.answer(asked)).text
        number = re.search(r"(\d+)\. <a[^>]*>找哪个部门", first)
        assert number
        department = (await desk().answer(Incoming(TEXT, user, "m2", text=number[1]))).text
        tracker = await agent.tracker_store.retrieve_full_tracker(before.sender(user))
        heard = [event.text for event in tracker.events if isinstance(event, UserUttered)]
        return first, again, department, heard

    first, again, department, heard = loop.run_until_complete(scenario())
    assert again == first
    assert "部门：" in department
    assert len(heard) == 2


def test_the_rest_channel_does_not_reach_these_conversations(server: str) -> None:
    status, answer = post(f"{server}/webhooks/rest/webhook", {"sender": "wechat-safe-oUser", "message": "你好"})
    assert status == 400
    assert "wechat-" in answer["error"]
