"""The WeChat channel over real sockets: the platform's rules, times and attacks. What it answers is test_wechat_answers.py's."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("rasa")

from bot.channels.guard import SORRY
from bot.channels.requests import MOST_BYTES
from bot.channels.wechat.callback import MORE, WAIT
from bot.channels.wechat.codec import Codec, render_xml, sign
from bot.channels.wechat.desk import BUSY, SEND_HUMAN, WORDS_ONLY
from bot.channels.wechat.pieces import LIMIT
from bot.channels.wechat.robot import LOST, SEARCHING
from bot.channels.wechat.turns import Turns
from bot.wechatsim import messages
from bot.wechatsim.phone import Phone
from bot.wechatsim.platform import CUSTOM_SEND
from bot.wechatsim.signing import signed_request
from tests.bot.wechat_accounts import ACCOUNTS, APP_ID, KEY, TOKEN, side
from tests.bot.wechat_alone import Alone, alone

Scenario = Callable[[Alone], Any]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Runs a scenario with the channel."""
    monkeypatch.chdir(tmp_path)  # ratings of a memory store lie in the current folder

    def run(scenario: Scenario, *names: str) -> None:
        async def within() -> None:
            async with alone(monkeypatch, names or tuple(ACCOUNTS)) as found:
                await scenario(found)

        asyncio.run(asyncio.wait_for(within(), 30))

    return run


async def shown(phone: Phone, count: int) -> list[str]:
    """The next texts that a phone shows."""
    return [await asyncio.wait_for(phone.inbox.get(), 5) for _ in range(count)]


# -- every kind of account --


def test_addresses_are_verified_and_messages_answered(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        for name in ACCOUNTS:
            phone = world.phone(name)
            await phone.verify()
            heard = await phone.say("高新贷 <b>&amp; ]]> 😀")
            assert heard.text == "答：高新贷 ＜b>&amp; ]]> 😀"
            assert heard.deliveries == 1
        assert [message.sender_id for message in world.heard] == [f"wechat-{name}-oUser1" for name in ACCOUNTS]
        assert {message.input_channel for message in world.heard} == {"wechat"}

    play(scenario)


def test_what_begins_with_a_slash_is_no_command(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        for name in ("plain", "app", "robot"):
            await world.phone(name).say('/restart{"a": 1}')
        await world.phone("verified").event("CLICK", "/restart")
        assert {message.text[0] for message in world.heard} == {"／"}

    play(scenario)


def test_arrivals_are_greeted_taps_ask_and_other_events_are_acknowledged(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        phone = world.phone("verified")
        assert (await phone.event("subscribe", "qrscene_7")).text == "答：你好"
        assert (await phone.event("CLICK", "LOAN")).text == "答：高新贷什么条件"
        assert (await phone.event("CLICK", "崂山有什么补贴")).text == "答：崂山有什么补贴"
        for event in ("SCAN", "VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "something_new"):
            assert (await phone.event(event, "x")).kind == "none"
        robot = world.phone("robot")
        assert (await robot.event("enter_chat")).text == "答：你好"
        assert (await robot.event("template_card_event")).kind == "none"
        assert (await world.phone("app").event("enter_agent")).kind == "none"
        assert len(world.heard) == 4

    play(scenario)


@pytest.mark.parametrize("kind", ["image", "voice", "video", "shortvideo", "location", "link", "file"])
def test_what_is_no_text_is_answered_kindly(kind: str, play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        assert (await world.phone("safe").media(kind)).text == WORDS_ONLY
        assert (await world.phone("robot").media("image")).text == WORDS_ONLY
        assert world.heard == []

    play(scenario, "safe", "robot")


def test_a_voice_message_that_was_written_down_is_a_question(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        assert (await world.phone("safe").media("voice", Recognition="高新贷利率")).text == "答：高新贷利率"

    play(scenario, "safe")


def test_whoever_asks_for_a_person_is_handed_over_where_one_is(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        world.answer = lambda text: [{"text": "热线"}, {"custom": {"type": "human"}}]
        assert (await world.phone("verified").say("转人工")).kind == "transfer"
        assert (await world.phone("verified").event("CLICK", "HUMAN")).text == SEND_HUMAN
        assert (await world.phone("safe").say("转人工")).text == "热线"

    play(scenario, "verified", "safe")


def test_whoever_leaves_is_forgotten(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        phone, other = world.phone("verified"), world.phone("verified", "oOther")
        await phone.say("高新贷")
        await other.say("高新贷")
        store = world.agent.tracker_store
        assert await store.exists("wechat-verified-oUser1")
        assert (await phone.event("unsubscribe")).kind == "none"
        assert not await store.exists("wechat-verified-oUser1")
        assert await store.exists("wechat-verified-oOther")

    play(scenario, "verified")


def test_choices_are_links_and_numbers(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        def answer(text: str) -> list[dict[str, Any]]:
            buttons = [{"title": "条件", "payload": "高新贷什么条件"}, {"title": "部门", "payload": "高新贷找哪个部门"}]
            return [{"text": f"答：{text}", "buttons": buttons}]

        world.answer = answer
        phone = world.phone("safe")
        await phone.say("高新贷")
        assert (await phone.tap("部门")).text is not None
        for typed in ("1", "回复2", "１", "2.", "7"):
            await phone.say(typed)
        asked = [message.text for message in world.heard]
        assert asked == [
            "高新贷",
            "高新贷找哪个部门",
            "高新贷什么条件",
            "高新贷找哪个部门",
            "高新贷什么条件",
            "高新贷找哪个部门",
            "7",
        ]
        app = world.phone("app")
        heard = await app.say("高新贷")
        assert "<a" not in (heard.text or "")
        await app.say("2")
        assert world.heard[-1].text == "高新贷找哪个部门"

    play(scenario, "safe", "app")


# -- one turn a message, in time --


def test_three_deliveries_make_one_turn_and_each_gets_the_answer(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        world.seconds = lambda text: 0.1
        for identical in (False, True):
            heard = await world.phone("safe").say("高新贷", again=(0.05, 0.2), identical=identical)
            assert heard.replies == ["答：高新贷"] * 3
        event = await world.phone("safe").event("subscribe", again=(0.0, 0.15))
        assert event.replies == ["答：你好"] * 3
        assert len(world.heard) == 3

    play(scenario, "safe")


def test_messages_of_one_user_are_answered_in_order_and_users_do_not_wait_for_each_other(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        world.seconds = lambda text: 0.1 if text == "慢" else 0.0
        one, other = world.phone("safe"), world.phone("safe", "oOther")
        done: list[str] = []

        async def say(phone: Phone, text: str) -> None:
            await phone.say(text)
            done.append(text)

        await asyncio.gather(say(one, "慢"), say(one, "快"), say(other, "别人"))
        assert done == ["别人", "慢", "快"]

    play(scenario, "safe")


def test_who_may_send_sends_what_comes_late(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        world.seconds = lambda text: 0.6
        for name in ("verified", "app"):
            phone = world.phone(name)
            heard = await phone.say("高新贷", again=(0.05,))
            assert heard.kind == "none"
            assert all(seconds and seconds < 0.48 for seconds in heard.seconds)
            assert await shown(phone, 1) == ["答：高新贷"]
            assert (await phone.repeat()).kind == "none"  # it was sent
        assert len(world.heard) == 2

    play(scenario, "verified", "app")


def test_who_may_not_send_is_asked_again_and_then_keeps_it_for_the_next_word(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        phone = world.phone("plain")
        world.seconds = lambda text: 0.7
        heard = await phone.say("一会儿")  # the second delivery finds the answer
        assert (heard.text, heard.deliveries, heard.seconds[0]) == ("答：一会儿", 2, None)
        world.seconds = lambda text: 2.0 if text == "很久" else 0.0
        heard = await phone.say("很久")
        assert (heard.text, heard.deliveries, heard.seconds[:2]) == (WAIT, 3, [None, None])
        await asyncio.sleep(0.8)
        assert (await phone.say("好了吗")).text == "答：很久"
        assert (await phone.say("好了吗")).text == "答：好了吗"
        assert [message.text for message in world.heard] == ["一会儿", "很久", "好了吗"]

    play(scenario, "plain")


def test_a_new_question_does_not_lose_the_late_answer(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        phone = world.phone("plain")
        world.seconds = lambda text: 2.0 if text == "很久" else 0.0
        await phone.say("很久")
        await asyncio.sleep(0.8)
        text = (await phone.say("高新贷利率多少")).text or ""
        assert text.startswith("答：很久")
        assert text.endswith("答：高新贷利率多少")

    play(scenario, "plain")


def test_what_cannot_be_sent_goes_before_the_next_answer(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        phone = world.phone("verified")
        world.seconds = lambda text: 0.5 if text == "慢" else 0.0
        world.platform.fail(CUSTOM_SEND, 45015)
        assert (await phone.say("慢")).kind == "none"
        await asyncio.sleep(0.3)
        assert (await phone.say("结果")).text == "答：慢"

    play(scenario, "verified")


def test_a_long_answer_comes_in_pieces(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        lines = [f"第 {number} 行，{'政策' * 20}。" for number in range(80)]
        world.answer = lambda text: [{"text": "\n".join(lines) if text == "全部" else text}]
        phone = world.phone("verified")
        await phone.say("全部")
        texts = await shown(phone, 6)  # the reply and as many as may be sent after a message
        assert [line for text in texts for line in text.splitlines() if line] == lines
        assert all(len(text.encode()) <= LIMIT for text in texts)
        tapped = world.phone("verified", "oTapper")
        await tapped.say("全部", menu="1")
        texts = await shown(tapped, 4)
        assert texts[-1].endswith(MORE)
        unverified = world.phone("plain")
        texts = [(await unverified.say(word)).text or "" for word in ("全部", *["继续"] * 5)]
        assert all(text.endswith(MORE) for text in texts[:-1])
        assert [line for text in texts for line in text.removesuffix(MORE).splitlines() if line] == lines
        assert [message.text for message in world.heard].count("继续") == 0
        await unverified.say("全部")
        await unverified.say("别的")
        assert (await unverified.say("继续")).text == "继续"  # the rest was given up

    play(scenario, "verified", "plain")


def test_the_rest_of_an_answer_comes_before_the_next_answer(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        world.answer = lambda text: [{"text": "政策。" * 300 if text == "长" else f"答：{text}"}]
        world.seconds = lambda text: 0.05
        phone = world.phone("verified")
        await asyncio.gather(phone.say("长"), phone.say("短"))
        texts = await shown(phone, 3)
        assert "".join("".join(texts[:2]).split()) == "政策。" * 300
        assert texts[2] == "答：短"

    play(scenario, "verified")


def test_a_robots_stream_is_finished_when_the_answer_is_there(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        world.seconds = lambda text: 0.8
        phone = world.phone("robot")
        heard = await phone.say("高新贷")
        assert heard.text == "答：高新贷"
        assert heard.replies[0] == SEARCHING
        lost = await post(world, "robot", *signed_request(side("robot", world.base), messages.refresh("oUser1", "nobody")))
        assert lost[0] == 200
        assert LOST in Codec(TOKEN, KEY).open(*opened(lost[1]))
        assert len(world.heard) == 1

    play(scenario, "robot")


def opened(body: bytes) -> tuple[str, str, str, str]:
    found = json.loads(body)
    return found["msgsignature"], str(found["timestamp"]), found["nonce"], found["encrypt"]


def test_a_turn_that_fails_is_an_apology(play: Callable[..., None], caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(world: Alone) -> None:
        world.answer = lambda text: []
        for name in ("safe", "robot"):
            assert (await world.phone(name).say("我的秘密问题")).text == SORRY

    play(scenario, "safe", "robot")
    assert "的一条消息没能回答" in caplog.text
    assert "我的秘密问题" not in caplog.text
    assert "oUser1" not in caplog.text


def test_too_many_messages_are_declined_politely(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        phone = world.phone("safe")
        texts = [(await phone.say(f"问题{number}")).text or "" for number in range(23)]
        assert sum("消息太频繁" in text for text in texts) in (2, 3)
        assert (await world.phone("safe", "oOther").say("问题")).text == "答：问题"

    play(scenario, "safe")


def test_too_many_turns_at_once_are_declined_politely(play: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Turns.__init__, "__defaults__", (Turns.__init__.__defaults__[0], 2))  # type: ignore[index]

    async def scenario(world: Alone) -> None:
        world.seconds = lambda text: 0.2
        phones = [world.phone("safe", f"oUser{number}") for number in range(4)]
        texts = [heard.text for heard in await asyncio.gather(*(phone.say("高新贷") for phone in phones))]
        assert sorted(texts, key=str) == sorted(["答：高新贷"] * 2 + [BUSY] * 2)

    play(scenario, "safe")


# -- attacks --


async def post(world: Alone, name: str, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
    async with world.http.post(f"{world.base}/webhooks/wechat/{name}", params=query, data=body) as answer:
        return answer.status, await answer.read()


def said(name: str) -> dict[str, Any]:
    return messages.text(side(name, ""), "oUser1", "高新贷")


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><Content>&b;</Content></xml>'
)


def test_whatever_is_tampered_with_is_refused(play: Callable[..., None], caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(world: Alone) -> None:
        for name in ACCOUNTS:
            query, body = signed_request(side(name, world.base), said(name))
            relevant = {"timestamp", "nonce", "msg_signature" if side(name, "").sealed else "signature"}
            for field in relevant:
                for value in ("", "0", query[field][:-1] + "0z"[query[field][-1] == "0"], "签名", "x" * 5000):
                    status, answer = await post(world, name, query | {field: value}, body)
                    assert (status, answer) == (403, "请求没有通过检查。".encode()), (name, field)
            status, _ = await post(world, name, {}, body)
            assert status == 403
            status, _ = await post(world, name, query, body)
            assert status == 200, name
        assert len(world.heard) == len(ACCOUNTS)

    play(scenario)
    assert "Traceback" not in caplog.text
    assert all(record.levelno <= logging.WARNING for record in caplog.records)


def test_bodies_that_are_none_are_refused(play: Callable[..., None], caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(world: Alone) -> None:
        for body in (b"", b"x", b"<xml>", b"<xml><Encrypt>", b"\xff\xfe", BOMB, b"[" * 50_000, b"{}", b"[]", b"null"):
            for name in ACCOUNTS:
                query, _ = signed_request(side(name, world.base), said(name))
                status, answer = await post(world, name, query, body)
                assert status in (400, 403), (name, body[:20])
                assert len(answer) < 100
        for name in ACCOUNTS:
            query, _ = signed_request(side(name, world.base), said(name))
            assert (await post(world, name, query, b"<" * 1_000_000))[0] == 413
        query, body = signed_request(side("plain", world.base), said("plain") | {"Content": "长" * 5000})
        assert len(body) < MOST_BYTES
        status, answer = await post(world, "plain", query, body)
        assert status == 200
        assert "消息太长" in answer.decode()
        assert world.heard == []

    play(scenario)
    assert "Traceback" not in caplog.text


def test_messages_for_somebody_else_downgrades_and_replays_are_refused(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        strange = Codec(TOKEN, KEY, "wxSomebodyElse0000").seal(render_xml(said("safe")), now(), "n1")
        query = {"timestamp": strange.timestamp, "nonce": "n1", "encrypt_type": "aes", "msg_signature": strange.signature}
        assert (await post(world, "safe", query, render_xml({"Encrypt": strange.encrypted}).encode()))[0] == 403
        # A plain message, signed as in plain mode, to an account in safe mode.
        query, body = signed_request(side("plain", ""), said("plain"))
        assert (await post(world, "safe", query, body))[0] == 400
        assert (await post(world, "app", query, body))[0] == 400
        # The same signature with another message.
        assert (await post(world, "plain", query, body))[0] == 200
        assert (await post(world, "plain", query, body.replace("高新贷".encode(), "别的".encode())))[0] == 403
        assert [(await post(world, "plain", query, body))[0] for _ in range(3)] == [200, 200, 403]
        # One of long ago, and one of the day after tomorrow.
        for away in (-3600, 3600):
            for name in ("plain", "safe", "app", "robot"):
                query, body = signed_request(side(name, ""), said(name), timestamp=str(int(now()) + away))
                assert (await post(world, name, query, body))[0] == 403
        assert len(world.heard) == 1

    play(scenario)


def test_an_operator_learns_that_the_modes_differ(play: Callable[..., None], caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(world: Alone) -> None:
        assert (await post(world, "plain", *signed_request(side("safe", ""), said("safe"))))[0] == 400
        assert (await post(world, "safe", *signed_request(side("plain", ""), said("plain"))))[0] == 400
        # Both are of the same account, which takes either.
        assert (await post(world, "compatible", *signed_request(side("plain", ""), said("plain"))))[0] == 200
        assert (await post(world, "compatible", *signed_request(side("safe", ""), said("safe"))))[0] == 200

    play(scenario, "plain", "safe", "compatible")
    assert "账号 plain：拒绝了一个请求：收到的是密文，而 mode 是 plain" in caplog.text
    assert "账号 safe：拒绝了一个请求：收到的是明文，而 mode 是 safe" in caplog.text


def now() -> str:
    return str(int(time.time()))


def test_addresses_verify_nobody_else(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        async def get(name: str, query: dict[str, str]) -> tuple[int, str]:
            async with world.http.get(f"{world.base}/webhooks/wechat/{name}", params=query) as answer:
                assert answer.content_type == "text/plain"
                return answer.status, await answer.text()

        good = {"timestamp": now(), "nonce": "n", "echostr": "<script>1</script>"}
        good["signature"] = sign(TOKEN, good["timestamp"], "n")
        assert await get("safe", good) == (200, "<script>1</script>")  # signed by the platform, and plain text
        assert (await get("safe", good | {"signature": "0" * 40}))[0] == 403
        assert (await get("safe", {}))[0] == 403
        assert (await get("app", good))[0] == 403
        assert (await get("nobody", good))[0] == 404
        old = good | {"timestamp": "1400000000"}
        assert (await get("safe", old | {"signature": sign(TOKEN, "1400000000", "n")}))[0] == 403
        async with world.http.put(f"{world.base}/webhooks/wechat/safe") as answer:
            assert answer.status == 405

    play(scenario)


def test_messages_of_nobody_are_acknowledged(play: Callable[..., None]) -> None:
    async def scenario(world: Alone) -> None:
        for name in ACCOUNTS:
            message = said(name)
            message |= {"from": {"userid": "a b"}} if name == "robot" else {"FromUserName": "a b"}
            status, answer = await post(world, name, *signed_request(side(name, ""), message))
            assert (status, answer) == (200, b"success" if name not in ("app", "robot") else b"")
        query, body = signed_request(side("safe", ""), {"ToUserName": "x"})
        assert await post(world, "safe", query, body) == (200, b"success")
        assert world.heard == []

    play(scenario)


def test_logs_name_nobody(play: Callable[..., None], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def scenario(world: Alone) -> None:
        phone = world.phone("verified", "oSecretOpenId")
        world.seconds = lambda text: 0.5
        world.platform.fail(CUSTOM_SEND, 45047)
        await phone.say("我的秘密问题")
        await asyncio.sleep(0.3)
        await phone.event("unsubscribe")
        await post(world, "verified", {}, b"")

    play(scenario, "verified")
    assert "verified" in caplog.text
    for secret in ("oSecretOpenId", "我的秘密问题", TOKEN, KEY, APP_ID):
        assert secret not in caplog.text


def test_a_rating_of_a_robots_answer_is_kept(play: Callable[..., None], tmp_path: Path) -> None:
    from bot.feedback import FeedbackStore

    async def scenario(world: Alone) -> None:
        from rasa.shared.core.events import BotUttered

        phone = world.phone("robot")
        heard = await phone.say("高新贷")
        store = world.agent.tracker_store
        tracker = await store.retrieve("wechat-robot-oUser1")
        tracker.update(BotUttered("答：高新贷"))
        await store.save(tracker)
        await phone.feedback(heard.stream, good=False)
        await post(world, "robot", *signed_request(side("robot", ""), unknown_rating()))

    play(scenario, "robot")
    (rating,) = FeedbackStore(f"sqlite:///{tmp_path}/feedback.db").all()
    assert (rating.good, rating.question) == (False, "高新贷")


def unknown_rating() -> dict[str, Any]:
    told = {"id": "nothing", "type": 1}
    return messages.event(side("robot", ""), "oUser1", "feedback_event", feedback_event=told)
