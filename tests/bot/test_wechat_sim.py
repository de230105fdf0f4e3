"""The simulator: the platform's APIs with their rules, and a phone that sees what an account does wrong."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.channels.wechat.codec import sign
from bot.wechatsim import errors
from bot.wechatsim.line import new_session
from bot.wechatsim.phone import Fault, Heard, Phone
from bot.wechatsim.platform import APP_SEND, CUSTOM_SEND, GET_TOKEN, STABLE_TOKEN, Platform
from bot.wechatsim.signing import signed_request
from tests.bot.wechat_account import SIDES, Account, Answer, Asked, run

USER = "oUser-1"
# Long enough for a reply on a busy machine, short enough to wait for a cut.
PATIENCE = 0.4


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


class Client:
    """Calls a platform's APIs."""

    def __init__(self, platform: Platform, base: str, session: aiohttp.ClientSession):
        self.platform, self._base, self._session = platform, base, session

    async def post(self, path: str, body: object, token: str = "") -> dict[str, Any]:
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        async with self._session.post(self._base + path, params={"access_token": token}, data=data) as answer:
            return dict(json.loads(await answer.read()))

    async def token(self, secret: str = "s" * 32, id: str = "wx0123456789abcdef", **more: Any) -> dict[str, Any]:
        body = {"grant_type": "client_credential", "appid": id, "secret": secret, **more}
        return await self.post(STABLE_TOKEN, body)

    async def app_token(self, secret: str = "t" * 43, id: str = "ww0123456789abcdef") -> dict[str, Any]:
        async with self._session.get(self._base + GET_TOKEN, params={"corpid": id, "corpsecret": secret}) as answer:
            return dict(json.loads(await answer.read()))

    async def send(self, text: object = "好", user: object = USER, token: str | None = None, **more: Any) -> Any:
        token = (await self.token())["access_token"] if token is None else token
        body = {"touser": user, "msgtype": "text", "text": {"content": text}, **more}
        return (await self.post(CUSTOM_SEND, body, token))["errcode"]

    async def app_send(self, text: str = "好", token: str | None = None, **more: Any) -> Any:
        token = (await self.app_token())["access_token"] if token is None else token
        body = {"touser": USER, "msgtype": "text", "agentid": 1000002, "text": {"content": text}, **more}
        return (await self.post(APP_SEND, body, token))["errcode"]


def with_platform(test: Callable[[Client, Clock], Any]) -> None:
    async def work() -> None:
        clock = Clock()
        platform = Platform([SIDES["safe"], SIDES["application"]], clock)
        base = await platform.start()
        async with aiohttp.ClientSession() as session:
            try:
                await test(Client(platform, base, session), clock)
            finally:
                await platform.stop()

    run(work())


class TestTokens:
    def test_a_token_stays_until_five_minutes_before_its_end_and_both_are_good_then(self) -> None:
        async def test(client: Client, clock: Clock) -> None:
            client.platform.heard("s", USER)
            first = await client.token()
            assert first["expires_in"] == 7200
            clock.now += 6899
            assert await client.token() == {"access_token": first["access_token"], "expires_in": 301}
            clock.now += 2
            second = await client.token()
            assert second["access_token"] != first["access_token"]
            assert second["expires_in"] == 7200
            assert await client.send(token=first["access_token"]) == 0
            assert await client.send(token=second["access_token"]) == 0
            clock.now += 300
            assert await client.send(token=first["access_token"]) == errors.EXPIRED

        with_platform(test)

    def test_a_forced_renewal_ends_the_former_token(self) -> None:
        async def test(client: Client, clock: Clock) -> None:
            first = (await client.token())["access_token"]
            second = (await client.token(force_refresh=True))["access_token"]
            assert await client.send(token=first) == errors.BAD_CREDENTIAL
            clock.now += 29
            assert (await client.token(force_refresh=True))["access_token"] == second
            clock.now += 1
            assert (await client.token(force_refresh=True))["access_token"] != second

        with_platform(test)

    def test_twenty_forced_renewals_a_day(self) -> None:
        async def test(client: Client, clock: Clock) -> None:
            for _ in range(20):
                assert "access_token" in await client.token(force_refresh=True)
                clock.now += 31
            assert (await client.token(force_refresh=True))["errcode"] == errors.DAILY
            clock.now += 86_400
            assert "access_token" in await client.token(force_refresh=True)

        with_platform(test)

    def test_wrong_credentials(self) -> None:
        async def test(client: Client, clock: Clock) -> None:
            assert (await client.token("x"))["errcode"] == errors.BAD_SECRET
            assert (await client.token(id="wx"))["errcode"] == errors.BAD_ID
            assert (await client.token(grant_type="password"))["errcode"] == errors.BAD_GRANT
            assert (await client.app_token("x"))["errcode"] == errors.BAD_CREDENTIAL
            assert (await client.app_token(id="ww"))["errcode"] == errors.BAD_ID
            assert (await client.app_token())["expires_in"] == 7200
            assert (await client.post(STABLE_TOKEN, b"{"))["errcode"] == errors.NOT_JSON

        with_platform(test)

    def test_tokens_made_to_expire(self) -> None:
        async def test(client: Client, clock: Clock) -> None:
            client.platform.heard("s", USER)
            old = (await client.token())["access_token"]
            client.platform.expire_tokens()
            assert await client.send(token=old) == errors.EXPIRED
            assert await client.send() == 0

        with_platform(test)


class TestSending:
    def test_what_is_sent_reaches_the_user(self) -> None:
        async def test(client: Client, clock: Clock) -> None:
            seen: list[str] = []
            client.platform.heard("s", USER)
            client.platform.deliver("s", USER, seen.append)
            assert await client.send("您好") == 0
            assert seen == ["您好"]
            [sent] = client.platform.sent
            assert (sent.account, sent.user, sent.text, sent.at) == ("s", USER, "您好", clock.now)

        with_platform(test)

    def test_five_messages_within_48_hours_of_a_word(self) -> None:
        async def test(client: Client, clock: Clock) -> None:
            client.platform.heard("s", USER)
            assert [await client.send() for _ in range(6)] == [0] * 5 + [errors.TOO_MANY]
            client.platform.heard("s", USER)
            clock.now += 48 * 3600 - 1
            assert await client.send() == 0
            clock.now += 1
            assert await client.send() == errors.TOO_LATE

        with_platform(test)

    def test_three_messages_within_a_minute_of_an_event(self) -> None:
        async def test(client: Client, clock: Clock) -> None:
            client.platform.heard("s", USER, event=True)
            assert [await client.send() for _ in range(4)] == [0] * 3 + [errors.TOO_MANY]
            clock.now += 60
            assert await client.send() == errors.TOO_LATE
            client.platform.heard("s", USER)
            client.platform.heard("s", USER, event=True)
            assert [await client.send() for _ in range(9)] == [0] * 8 + [errors.TOO_MANY]

        with_platform(test)

    def test_only_to_those_who_follow(self) -> None:
        async def test(client: Client, clock: Clock) -> None:
            assert await client.send() == errors.NOT_FOLLOWING
            client.platform.heard("s", USER)
            client.platform.left("s", USER)
            assert await client.send() == errors.NOT_FOLLOWING

        with_platform(test)

    @pytest.mark.parametrize(
        ("text", "user", "more", "code"),
        [
            ("好" * 682 + "ab", USER, {}, 0),
            ("好" * 682 + "abc", USER, {}, errors.TOO_LONG),
            ("", USER, {}, errors.EMPTY),
            ("好", "有 空格", {}, errors.BAD_OPENID),
            ("好", 7, {}, errors.BAD_OPENID),
            ("好", USER, {"msgtype": "markdown"}, errors.BAD_TYPE),
        ],
    )
    def test_what_is_refused(self, text: str, user: object, more: dict[str, Any], code: int) -> None:
        async def test(client: Client, clock: Clock) -> None:
            client.platform.heard("s", USER)
            assert await client.send(text, user, **more) == code
            assert len(client.platform.sent) == (code == 0)

        with_platform(test)

    def test_escaped_characters_are_refused_written_ones_are_not(self) -> None:
        async def test(client: Client, clock: Clock) -> None:
            client.platform.heard("s", USER)
            token = (await client.token())["access_token"]
            body = json.dumps({"touser": USER, "msgtype": "text", "text": {"content": "好"}}).encode()
            assert (await client.post(CUSTOM_SEND, body, token))["errcode"] == errors.ESCAPED
            assert await client.send("路径 \\u597d") == 0

        with_platform(test)

    def test_tokens_are_looked_at_first(self) -> None:
        async def test(client: Client, clock: Clock) -> None:
            assert await client.send(token="") == errors.NO_TOKEN
            assert await client.send(token="x") == errors.BAD_CREDENTIAL
            assert await client.app_send(token="x") == errors.BAD_TOKEN
            # One account's token is no good for the other's API.
            assert await client.app_send(token=(await client.token())["access_token"]) == errors.BAD_TOKEN

        with_platform(test)

    def test_an_application_sends_to_its_members(self) -> None:
        async def test(client: Client, clock: Clock) -> None:
            assert await client.app_send("早", agentid=7) == errors.BAD_AGENT
            assert await client.app_send("早", touser="有 空格") == errors.NOBODY
            assert await client.app_send("好" * 683) == errors.TOO_LONG
            assert [await client.app_send() for _ in range(31)] == [0] * 31
            assert (len(client.platform.sent), client.platform.dropped["a", USER]) == (30, 1)
            clock.now += 60
            await client.app_send()
            assert len(client.platform.sent) == 31

        with_platform(test)

    def test_failures_on_demand(self) -> None:
        async def test(client: Client, clock: Clock) -> None:
            client.platform.heard("s", USER)
            token = (await client.token())["access_token"]
            client.platform.fail(CUSTOM_SEND, -1, times=2)
            assert [await client.send(token=token) for _ in range(3)] == [-1, -1, 0]
            client.platform.fail(STABLE_TOKEN, 40164)
            assert "203.0.113.7" in (await client.token())["errmsg"]
            client.platform.fail(CUSTOM_SEND, 502)
            with pytest.raises(ValueError, match="Expecting value"):
                await client.send(token=token)
            assert [path for path, _ in client.platform.calls] == [
                STABLE_TOKEN,
                *[CUSTOM_SEND] * 3,
                STABLE_TOKEN,
                CUSTOM_SEND,
            ]

        with_platform(test)


def say(kind: str, answer: Answer, act: Callable[[Phone], Any] = lambda phone: phone.say("有什么补贴")) -> Heard:
    """What a phone hears of an account that answers so."""

    async def work() -> Heard:
        async with Account(SIDES[kind], answer) as account, Phone(account.side, USER, patience=PATIENCE) as phone:
            heard: Heard = await act(phone)
            assert [phone.inbox.get_nowait() for _ in range(phone.inbox.qsize())] == ([heard.text] if heard.text else [])
            return heard

    return run(work())


XML_KINDS = ["plain", "compatible", "safe", "application"]


class TestReplies:
    @pytest.mark.parametrize("kind", XML_KINDS)
    def test_a_text_is_shown(self, kind: str) -> None:
        heard = say(kind, lambda asked: asked.text(f"您问“{asked.fields['Content']}”，]]>"))
        assert heard.text == "您问“有什么补贴”，]]>"
        assert (heard.kind, heard.deliveries, heard.replies) == ("text", 1, [heard.text])
        assert heard.seconds[0] is not None
        assert heard.seconds[0] < PATIENCE

    @pytest.mark.parametrize("kind", XML_KINDS)
    @pytest.mark.parametrize("body", [b"", b"success"])
    def test_nothing_is_shown_of_an_acknowledgement(self, kind: str, body: bytes) -> None:
        assert say(kind, lambda asked: body).kind == "none"

    def test_a_compatible_account_may_reply_in_plain(self) -> None:
        def answer(asked: Asked) -> bytes:
            assert asked.query["encrypt_type"] == "aes"
            assert b"<Content>" in asked.body
            return in_plain(asked).text("好")

        assert say("compatible", answer).text == "好"

    def test_a_safe_request_shows_nothing_in_plain(self) -> None:
        def answer(asked: Asked) -> bytes:
            assert set(asked.query) == {"timestamp", "nonce", "signature", "openid", "msg_signature", "encrypt_type"}
            assert "有什么补贴".encode() not in asked.body
            assert b"FromUserName" not in asked.body
            return b"success"

        assert say("safe", answer).kind == "none"

    def test_a_message_may_be_handed_to_the_human_console_an_event_may_not(self) -> None:
        def answer(asked: Asked) -> bytes:
            return asked.text("", MsgType="transfer_customer_service")

        assert say("safe", answer).kind == "transfer"
        with pytest.raises(Fault, match="事件不能转给客服"):
            say("safe", answer, lambda phone: phone.event("CLICK", "KEY"))
        with pytest.raises(Fault, match="不是被动回复的类型"):
            say("application", answer)

    def test_other_passive_types_are_allowed(self) -> None:
        assert say("safe", lambda asked: asked.text("", MsgType="image")).kind == "other"


def of_another_id(asked: Asked) -> Asked:
    return replace(asked, side=replace(asked.side, id="wx9999999999999999"))


def in_plain(asked: Asked) -> Asked:
    return replace(asked, side=SIDES["plain"])


WRONG: dict[str, tuple[Answer, str]] = {
    "HTTP 500": (lambda asked: 500, "HTTP 500"),
    "JSON": (lambda asked: b'{"text": "ok"}', "也不是 XML"),
    "words": (lambda asked: "出错了".encode(), "也不是 XML"),
    "a quoted success": (lambda asked: b'"success"', "也不是 XML"),
    "a success with a newline": (lambda asked: b"success\n", "也不是 XML"),
    "a BOM": (lambda asked: b"\xef\xbb\xbf" + asked.text("好"), "BOM"),
    "no UTF-8": (lambda asked: "<xml>好</xml>".encode("gbk"), "不是 UTF-8"),
    "broken XML": (lambda asked: b"<xml><ToUserName>", "XML 读不懂"),
    "ids not swapped": (
        lambda asked: asked.text("好", ToUserName=asked.fields["ToUserName"], FromUserName=USER),
        "与收到的消息相反",
    ),
    "from somebody else": (lambda asked: asked.text("好", FromUserName="gh_other"), "与收到的消息相反"),
    "no time": (lambda asked: asked.text("好", CreateTime="今天"), "CreateTime 应当是整数"),
    "another time": (lambda asked: asked.text("好", CreateTime=int(time.time()) - 3600), "CreateTime 不是现在"),
    "a time in milliseconds": (lambda asked: asked.text("好", CreateTime=int(time.time() * 1000)), "CreateTime 不是现在"),
    "an unknown type": (lambda asked: asked.text("好", MsgType="markdown"), "不是被动回复的类型"),
    "an empty text": (lambda asked: asked.text("  "), "文本是空的"),
    "no text": (lambda asked: asked.text("", MsgType="text"), "文本是空的"),
    "too long": (lambda asked: asked.text("好" * 682 + "abc"), "2049 字节，最多 2048"),
}
OFFICIAL_WRONG: dict[str, tuple[Answer, str]] = {
    "an open link": (lambda asked: asked.text('看<a href="http://a.example/">这里'), "缺少 </a>"),
    "a lone end": (lambda asked: asked.text("看这里</a>"), "多出一个 </a>"),
    "a link in a link": (lambda asked: asked.text('<a href="x"><a href="y">好</a></a>'), "套在另一个"),
    "a bare attribute": (lambda asked: asked.text("<a href=x>好</a>"), "没有写在引号里"),
    "a quote in a tap link": (
        lambda asked: asked.text('<a href="weixin://bizmsgmenu?msgmenucontent=a&b&msgmenuid=1">好</a>'),
        "点击即发送",
    ),
    "a tap link that says nothing": (
        lambda asked: asked.text('<a href="weixin://bizmsgmenu?msgmenucontent=&msgmenuid=1">好</a>'),
        "点击即发送",
    ),
}
SEALED_WRONG: dict[str, tuple[Answer, str]] = {
    "a wrong signature": (lambda asked: asked.sealed("<xml></xml>", signature="0" * 40), "-40001"),
    "a wrong id": (lambda asked: of_another_id(asked).text("好"), "-40005"),
    "another cipher": (
        lambda asked: asked.sealed("<xml></xml>", encrypted="AAAA", signature=signature(asked, "AAAA")),
        "解不开（-400",
    ),
    "an old seal": (lambda asked: asked.sealed("<xml></xml>", timestamp="1000"), "TimeStamp 不是现在"),
    "no nonce": (lambda asked: asked.sealed("<xml></xml>", nonce=""), "没有 Nonce"),
    "not swapped within": (lambda asked: asked.text("好", ToUserName="x"), "与收到的消息相反"),
}


def signature(asked: Asked, encrypted: str) -> str:
    return sign(asked.side.token, str(int(time.time())), asked.query["nonce"], encrypted)


class TestFaults:
    @pytest.mark.parametrize("kind", ["plain", "safe", "application"])
    @pytest.mark.parametrize("wrong", WRONG)
    def test_of_every_account(self, kind: str, wrong: str) -> None:
        answer, rule = WRONG[wrong]
        with pytest.raises(Fault, match=rule):
            say(kind, answer)

    @pytest.mark.parametrize("wrong", OFFICIAL_WRONG)
    def test_of_links(self, wrong: str) -> None:
        answer, rule = OFFICIAL_WRONG[wrong]
        with pytest.raises(Fault, match=rule):
            say("plain", answer)

    @pytest.mark.parametrize("kind", ["safe", "compatible", "application"])
    @pytest.mark.parametrize("wrong", SEALED_WRONG)
    def test_of_seals(self, kind: str, wrong: str) -> None:
        answer, rule = SEALED_WRONG[wrong]
        with pytest.raises(Fault, match=rule):
            say(kind, answer)

    @pytest.mark.parametrize("kind", ["safe", "application"])
    def test_a_plain_reply_where_it_must_be_sealed(self, kind: str) -> None:
        with pytest.raises(Fault, match="没有加密"):
            say(kind, lambda asked: in_plain(asked).text("好"))

    def test_a_sealed_reply_where_nothing_is(self) -> None:
        with pytest.raises(Fault, match="不应当加密"):
            say("plain", lambda asked: b"<xml><Encrypt>AAAA</Encrypt></xml>")

    def test_a_seal_with_something_missing(self) -> None:
        with pytest.raises(Fault, match="MsgSignature、Nonce、TimeStamp"):
            say("safe", lambda asked: b"<xml><Encrypt>AAAA</Encrypt></xml>")

    def test_a_tap_link_in_an_application(self) -> None:
        with pytest.raises(Fault, match="点不开 weixin://"):
            say("application", lambda asked: asked.text("weixin://bizmsgmenu?msgmenucontent=a"))

    def test_nobody_there(self) -> None:
        async def work() -> None:
            async with Account(SIDES["plain"]) as account:
                side = account.side
            async with Phone(side, USER, patience=PATIENCE) as phone:
                await phone.say("你好")

        with pytest.raises(Fault, match="连不上"):
            run(work())


class TestDeliveries:
    def test_a_late_reply_is_cut_and_the_message_repeated_twice(self) -> None:
        async def work() -> None:
            async def late(asked: Asked) -> bytes:
                await asyncio.sleep(PATIENCE * 1.2)
                return asked.text("迟了")

            async with Account(SIDES["safe"], late) as account, Phone(account.side, USER, patience=PATIENCE) as phone:
                began = time.monotonic()
                heard = await phone.say("你好")
                assert PATIENCE * 3 <= time.monotonic() - began < PATIENCE * 3 + 1
                assert heard == Heard(None, "none", 3, [None] * 3, [None] * 3, id=account.asked[0].fields["MsgId"])
                assert phone.inbox.empty()
                assert len({(asked.fields["MsgId"], asked.fields["CreateTime"]) for asked in account.asked}) == 1
                assert len({asked.query["nonce"] for asked in account.asked}) == 3
                assert len({asked.query["msg_signature"] for asked in account.asked}) == 3

        run(work())

    def test_a_reply_in_time_ends_the_repeating(self) -> None:
        async def work() -> None:
            async def second(asked: Asked) -> bytes:
                if len(account.asked) == 1:
                    await asyncio.sleep(PATIENCE * 1.5)
                return asked.text("好了")

            async with Account(SIDES["plain"], second) as account, Phone(account.side, USER, patience=PATIENCE) as phone:
                heard = await phone.say("你好")
                assert (heard.text, heard.deliveries, heard.seconds[0]) == ("好了", 2, None)

        run(work())

    @pytest.mark.parametrize("identical", [False, True])
    def test_a_message_delivered_again_is_shown_once(self, identical: bool) -> None:
        async def work() -> None:
            def answer(asked: Asked) -> bytes:
                return asked.text("好")

            async with Account(SIDES["safe"], answer) as account, Phone(account.side, USER, patience=PATIENCE) as phone:
                heard = await phone.say("你好", again=(0.0, 0.05), identical=identical)
                assert (heard.deliveries, heard.replies) == (3, ["好"] * 3)
                assert phone.inbox.qsize() == 1
                assert (await phone.repeat(identical)).text == "好"
                assert phone.inbox.qsize() == 1
                assert len({asked.fields["MsgId"] for asked in account.asked}) == 1
                assert len({asked.query["nonce"] for asked in account.asked}) == (1 if identical else 4)

        run(work())

    def test_the_last_request_played_back(self) -> None:
        async def work() -> None:
            async with Account(SIDES["safe"], lambda asked: b"success") as account, Phone(account.side, USER) as phone:
                await phone.say("你好")
                await phone.repeat(identical=True)
                first, second = account.asked
                assert (first.query, first.body) == (second.query, second.body)

        run(work())

    def test_a_fault_of_a_repeated_delivery_is_seen(self) -> None:
        async def work() -> None:
            def once(asked: Asked) -> bytes | int:
                return asked.text("好") if len(account.asked) == 1 else 500

            async with Account(SIDES["plain"], once) as account, Phone(account.side, USER, patience=PATIENCE) as phone:
                await phone.say("你好", again=(0.05,))

        with pytest.raises(Fault, match="HTTP 500"):
            run(work())

    def test_two_hundred_phones_in_one_loop(self) -> None:
        async def work() -> None:
            async def answer(asked: Asked) -> bytes:
                await asyncio.sleep(0.2)
                return asked.text(asked.fields["Content"])

            async with Account(SIDES["safe"], answer) as account, new_session() as session:
                phones = [Phone(account.side, f"user-{number}", session=session) for number in range(200)]
                began = time.monotonic()
                heard = await asyncio.gather(*(phone.say(phone.user) for phone in phones))
                assert [one.text for one in heard] == [phone.user for phone in phones]
                assert time.monotonic() - began < 4  # one after the other they would take 40 s

        run(work())


class TestVerifying:
    @pytest.mark.parametrize("kind", SIDES)
    def test_the_echo_is_wanted_as_it_is(self, kind: str) -> None:
        async def work(echo: Any) -> None:
            async with Account(SIDES[kind], echo=echo) as account, Phone(account.side, USER, patience=PATIENCE) as phone:
                await phone.verify()

        run(work(lambda side, text: text))
        for wrong in (lambda side, text: f'"{text}"', lambda side, text: text + "\n", lambda side, text: "success"):
            with pytest.raises(Fault, match="原样返回 echostr"):
                run(work(wrong))

    def test_an_application_has_a_fifth_of_the_time(self) -> None:
        async def slow(side: Any, text: str) -> str:
            await asyncio.sleep(PATIENCE / 2)
            return text

        async def work(kind: str) -> None:
            async with Account(SIDES[kind], echo=slow) as account, Phone(account.side, USER, patience=PATIENCE) as phone:
                await phone.verify()

        run(work("safe"))
        with pytest.raises(Fault, match="没有答复"):
            run(work("application"))

    def test_another_token_is_not_let_in(self) -> None:
        async def work() -> None:
            async with Account(SIDES["safe"]) as account, Phone(replace(account.side, token="other"), USER) as phone:
                await phone.verify()

        with pytest.raises(Fault, match="HTTP 403"):
            run(work())


class TestUsers:
    def test_a_tapped_link_is_said_with_its_number(self) -> None:
        link = '1. <a href="weixin://bizmsgmenu?msgmenucontent=A%26B 怎么申请&msgmenuid=m1">怎么申请</a>'

        async def work() -> None:
            def answer(asked: Asked) -> bytes:
                return asked.text(f"您点了 {asked.fields['bizmsgmenuid']}" if "bizmsgmenuid" in asked.fields else link)

            async with Account(SIDES["safe"], answer) as account, Phone(account.side, USER) as phone:
                await phone.say("你好")
                assert phone.links(link) == [("怎么申请", "A&B 怎么申请")]
                assert (await phone.tap("怎么申请")).text == "您点了 m1"
                assert account.asked[-1].fields["Content"] == "A&B 怎么申请"
                with pytest.raises(LookupError):
                    await phone.tap("没有的")

        run(work())

    def test_events_and_media_look_as_the_platform_writes_them(self) -> None:
        async def work() -> None:
            async with Account(SIDES["safe"], lambda asked: b"success") as account, Phone(account.side, USER) as phone:
                await phone.event("subscribe", "qrscene_1")
                await phone.event("CLICK", "KEY")
                await phone.media("voice", Recognition="你好")
                subscribed, clicked, voice = [asked.fields for asked in account.asked]
                assert (subscribed["Event"], subscribed["EventKey"], "Ticket" in subscribed) == ("subscribe", "qrscene_1", True)
                assert "MsgId" not in subscribed
                assert (clicked["MsgType"], clicked["Event"], clicked["EventKey"]) == ("event", "CLICK", "KEY")
                assert (voice["MsgType"], voice["Recognition"], "MsgId" in voice) == ("voice", "你好", True)

        run(work())

    def test_an_application_is_told_of_its_agent(self) -> None:
        def answer(asked: Asked) -> bytes:
            assert asked.fields["AgentID"] == "1000002"
            assert asked.fields["ToUserName"] == "ww0123456789abcdef"
            assert set(asked.query) == {"msg_signature", "timestamp", "nonce"}
            return b""

        say("application", answer)

    def test_a_word_lets_the_account_send_and_leaving_ends_it(self) -> None:
        async def work() -> None:
            platform = Platform([SIDES["safe"]])
            base = await platform.start()
            async with Account(SIDES["safe"], lambda asked: b"success") as account, aiohttp.ClientSession() as session:
                phone = Phone(account.side, USER, platform, session=session)
                client = Client(platform, base, session)
                assert await client.send("早") == errors.NOT_FOLLOWING
                await phone.say("你好")
                assert await client.send("到了") == 0
                assert phone.inbox.get_nowait() == "到了"
                await phone.event("unsubscribe")
                assert await client.send("走了") == errors.NOT_FOLLOWING
                await phone.event("CLICK", "KEY")
                assert [await client.send() for _ in range(4)] == [0, 0, 0, errors.TOO_MANY]
                await phone.say("好", menu="1")  # a tap on a menu message is no word
                assert [await client.send() for _ in range(4)] == [0, 0, 0, errors.TOO_MANY]
            await platform.stop()

        run(work())

    def test_a_wrong_text_that_was_sent_is_told_at_the_next_word(self) -> None:
        async def work() -> None:
            platform = Platform([SIDES["safe"]])
            base = await platform.start()
            async with Account(SIDES["safe"], lambda asked: b"success") as account, aiohttp.ClientSession() as session:
                phone = Phone(account.side, USER, platform, session=session)
                await phone.say("你好")
                assert await Client(platform, base, session).send("看</a>") == 0
                try:
                    with pytest.raises(Fault, match="多出一个"):
                        await phone.say("你好")
                finally:
                    await platform.stop()

        run(work())


class TestRobot:
    def test_a_stream_is_asked_for_until_it_is_whole(self) -> None:
        async def work() -> None:
            def answer(asked: Asked) -> bytes:
                kinds.append(asked.fields["msgtype"])
                done = len(kinds) == 3
                return asked.stream("id-1", "全部" if done else "正在查询", finish=done, feedback={"id": "f-1"})

            kinds: list[str] = []
            async with Account(SIDES["robot"], answer) as account, Phone(account.side, USER, patience=PATIENCE) as phone:
                heard = await phone.say("有什么补贴")
                assert (heard.text, heard.kind, heard.stream, heard.deliveries) == ("全部", "text", "id-1", 1)
                assert kinds == ["text", "stream", "stream"]
                assert [phone.inbox.get_nowait() for _ in range(phone.inbox.qsize())] == ["全部"]
                assert account.asked[1].fields["stream"] == {"id": "id-1"}

        run(work())

    def test_a_thumb_goes_to_the_answer_that_named_it(self) -> None:
        async def work() -> None:
            def answer(asked: Asked) -> bytes:
                event = asked.fields["msgtype"] == "event"
                return b"" if event else asked.stream("id-1", "好", finish=True, feedback={"id": "f-1"})

            async with Account(SIDES["robot"], answer) as account, Phone(account.side, USER) as phone:
                heard = await phone.say("你好")
                assert (await phone.feedback(heard.stream, False)).kind == "none"
                told = account.asked[-1].fields["event"]
                assert told["eventtype"] == "feedback_event"
                assert (told["feedback_event"]["id"], told["feedback_event"]["type"]) == ("f-1", 2)
                with pytest.raises(Fault, match=r"feedback\.id"):
                    await phone.feedback("other", True)

        run(work())

    def test_a_welcome(self) -> None:
        def answer(asked: Asked) -> bytes:
            return asked.sealed(json.dumps({"msgtype": "text", "text": {"content": "您好"}}))

        heard = say("robot", answer, lambda phone: phone.event("enter_chat"))
        assert (heard.text, heard.kind) == ("您好", "welcome")
        with pytest.raises(Fault, match="应当回复 stream"):
            say("robot", answer)
        assert say("robot", lambda asked: b"", lambda phone: phone.event("enter_chat")).kind == "none"

    @pytest.mark.parametrize(
        ("answer", "rule"),
        [
            (lambda asked: b"success", "不是 JSON"),
            (lambda asked: b"[]", "JSON 对象"),
            (lambda asked: b"<xml></xml>", "不是 JSON"),
            (lambda asked: b'{"encrypt": "AAAA"}', "msgsignature"),
            (lambda asked: asked.sealed("[]"), "JSON 对象"),
            (lambda asked: asked.sealed("{}", signature="0" * 40), "-40001"),
            (lambda asked: of_another_id(asked).stream("id-1", "好", finish=True), "-40005"),
            (lambda asked: asked.stream("", "好", finish=True), "stream.id"),
            (lambda asked: asked.stream("id-1", "", finish=True), "文本是空的"),
            (lambda asked: asked.stream("id-1", "好" * 6827, finish=True), "20481 字节，最多 20480"),
            (lambda asked: asked.stream("id-1", "好", finish=True, feedback={"id": "f" * 257}), "256 字节"),
            (lambda asked: asked.sealed('{"msgtype": "stream", "stream": {"id": "1", "finish": "yes"}}'), "true 或 false"),
            (lambda asked: asked.sealed('{"msgtype": "stream"}'), "stream 应当是一个对象"),
            (lambda asked: asked.stream("id-1" if asked.fields["msgtype"] == "text" else "id-2", "好", finish=False), "同一个"),
        ],
    )
    def test_what_a_robot_may_not_reply(self, answer: Answer, rule: str) -> None:
        with pytest.raises(Fault, match=rule):
            say("robot", answer)

    def test_a_stream_that_never_ends(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.wechatsim.phone._STREAMING", 1)
        with pytest.raises(Fault, match="还没有结束"):
            say("robot", lambda asked: asked.stream("id-1", "正在查询", finish=False))


def test_a_request_is_the_same_for_the_same_time_and_nonce() -> None:
    message = {"ToUserName": "gh_1", "FromUserName": USER, "CreateTime": 1, "MsgType": "text", "Content": "好", "MsgId": 7}
    assert signed_request(SIDES["plain"], message, "1714037059", "486") == signed_request(
        SIDES["plain"], message, "1714037059", "486"
    )
    assert signed_request(SIDES["plain"], message)[0]["nonce"] != signed_request(SIDES["plain"], message)[0]["nonce"]
