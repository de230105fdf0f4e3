"""The access token and what an account sends of its own accord, against the platform's side on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import itertools
import json
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from bot.channels.wechat.advice import advice_on
from bot.channels.wechat.api import ApplicationPush, OfficialPush, Outcome, Push, Timing
from bot.wechatsim.accounts import APPLICATION, OFFICIAL, Side
from bot.wechatsim.platform import APP_SEND, CUSTOM_SEND, GET_TOKEN, STABLE_TOKEN, Platform

SENT, LATER, GONE = Outcome.SENT, Outcome.LATER, Outcome.GONE
APP_ID, CORP_ID, SECRET, OPENID, TEXT = "wx0a", "ww0b", "s3cr3t-of-all", "oHidden-user", '保密的答案 😀 <a href="x">&</a>'
ACCOUNT, WORK = "gongzhonghao", "yingyong"
# A port that refuses connections: nobody may listen on it without being root.
NOBODY = "http://127.0.0.1:1"
ADDRESSES = {OFFICIAL: (STABLE_TOKEN, CUSTOM_SEND), APPLICATION: (GET_TOKEN, APP_SEND)}

# A session that is left open warns when it is collected; pyproject.toml lets that pass for the sake of Rasa.
pytestmark = pytest.mark.filterwarnings("error::ResourceWarning")


class World:
    """The platform, an official account and an application, by one clock that the tests turn."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self.slept: list[float] = []
        self.platform = Platform(
            [
                Side(ACCOUNT, OFFICIAL, "http://127.0.0.1", "token", id=APP_ID, secret=SECRET),
                Side(WORK, APPLICATION, "http://127.0.0.1", "token", id=CORP_ID, secret=SECRET, agent=7),
            ],
            self.clock,
        )
        self.pushes: list[Push] = []
        self.url = ""

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def timing(self, timeout: float = 5.0) -> Timing:
        return Timing(self.clock, self.sleep, timeout)

    def push(self, kind: str = OFFICIAL, *hosts: str, secret: str = SECRET, timeout: float = 5.0) -> Push:
        timing, hosts = self.timing(timeout), hosts or (self.url,)
        one: Push = (
            OfficialPush(APP_ID, secret, ACCOUNT, hosts, timing=timing)
            if kind == OFFICIAL
            else ApplicationPush(CORP_ID, secret, 7, WORK, hosts, timing=timing)
        )
        self.pushes.append(one)
        return one

    def heard(self, user: str = OPENID) -> None:
        self.platform.heard(ACCOUNT, user)

    @property
    def paths(self) -> list[str]:
        """What was called since the last look."""
        paths = [path for path, _ in self.platform.calls]
        self.platform.calls.clear()
        return paths


@contextlib.asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    """A server on a free port of this machine."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


def run(story: Callable[[World], Awaitable[None]]) -> None:
    """Play a story; nothing may go wrong unseen."""
    wrong: list[str] = []

    async def play() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: wrong.append(str(context["message"])))
        world = World()
        world.url = await world.platform.start()
        try:
            await story(world)
        finally:
            for push in world.pushes:
                await push.close()
            await world.platform.stop()

    asyncio.run(play())
    assert wrong == []


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level(logging.DEBUG)
    given = itertools.count()
    monkeypatch.setattr("secrets.token_urlsafe", lambda size: f"access-{next(given)}-token")


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The lines of the log for an operator; no line of whatever level holds a secret."""
    for secret in (SECRET, OPENID, TEXT, "保密", "access-", "access_token=", "wx0a"):
        assert secret not in caplog.text
    records = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert all(record.levelno == logging.WARNING and record.name == "bot.channels.wechat.api" for record in records)
    lines = [record.getMessage() for record in records]
    caplog.clear()
    return lines


# -- sending ----------------------------------------------------------------------------------------------------------


def test_a_text_is_sent_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        world.heard()
        assert await world.push().send(OPENID, TEXT) is SENT
        assert await world.push(APPLICATION).send("ZhangSan", TEXT) is SENT
        assert [(sent.account, sent.user, sent.text) for sent in world.platform.sent] == [
            (ACCOUNT, OPENID, TEXT),
            (WORK, "ZhangSan", TEXT),
        ]
        bodies = [body for _, body in world.platform.calls]
        assert bodies == [
            {"grant_type": "client_credential", "appid": APP_ID, "secret": SECRET, "force_refresh": False},
            {"touser": OPENID, "msgtype": "text", "text": {"content": TEXT}},
            {"corpid": CORP_ID, "corpsecret": SECRET},
            {"touser": "ZhangSan", "msgtype": "text", "agentid": 7, "text": {"content": TEXT}},
        ]

    run(story)
    assert warnings_of(caplog) == []


def test_the_body_is_utf_8_without_escapes() -> None:
    seen: list[tuple[bytes, str]] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append((await request.read(), request.headers["Content-Type"]))
        return web.json_response({"access_token": "t", "expires_in": 7200})

    async def story(world: World) -> None:
        app = web.Application()
        app.router.add_post("/{any:.*}", answer)
        async with serving(app) as url:
            push = world.push(OFFICIAL, url)
            assert await push.send(OPENID, TEXT + "\ud83d") is SENT
            await push.close()

    run(story)
    raw, kind = seen[1]
    assert kind == "application/json; charset=utf-8"
    assert "保密的答案 😀".encode() in raw
    assert b"\\u" not in raw
    assert json.loads(raw)["text"]["content"] == TEXT + "?"  # half a surrogate pair cannot be written


# -- the access token -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [OFFICIAL, APPLICATION])
def test_one_token_serves_many_at_once(kind: str) -> None:
    async def story(world: World) -> None:
        push = world.push(kind)
        users = [f"user-{number}" for number in range(50)]
        for user in users:
            world.heard(user)
        world.platform.delay = 0.02
        assert set(await asyncio.gather(*(push.send(user, TEXT) for user in users))) == {SENT}
        token, send = ADDRESSES[kind]
        assert world.paths == [token] + [send] * 50

    run(story)


def test_a_failed_token_is_asked_for_once_for_all_who_wait(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        world.platform.fail(STABLE_TOKEN, 40164)
        world.platform.delay = 0.02
        push = world.push()
        assert set(await asyncio.gather(*(push.send(OPENID, TEXT) for _ in range(20)))) == {LATER}
        assert world.paths == [STABLE_TOKEN]

    run(story)
    assert len(warnings_of(caplog)) == 1


def test_a_token_is_renewed_five_minutes_early() -> None:
    async def story(world: World) -> None:
        push = world.push(APPLICATION)
        await push.send("ZhangSan", TEXT)
        assert world.paths == [GET_TOKEN, APP_SEND]
        world.now += 7200 - 301
        await push.send("ZhangSan", TEXT)
        assert world.paths == [APP_SEND]
        world.now += 2
        await push.send("ZhangSan", TEXT)
        assert world.paths == [GET_TOKEN, APP_SEND]
        await push.send("ZhangSan", TEXT)
        assert world.paths == [APP_SEND]

    run(story)


def test_until_its_end_a_token_serves_when_there_is_no_new_one(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        push = world.push(APPLICATION)
        await push.send("ZhangSan", TEXT)
        world.now += 7200 - 200
        world.platform.fail(GET_TOKEN, 503, 2)
        assert await push.send("ZhangSan", TEXT) is SENT
        world.now += 201
        assert await push.send("ZhangSan", TEXT) is LATER
        assert await push.send("ZhangSan", TEXT) is SENT

    run(story)
    assert len(warnings_of(caplog)) == 1


def test_a_short_lived_token_is_not_asked_for_every_time() -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.json_response({"access_token": "t", "expires_in": 200})

    async def story(world: World) -> None:
        app = web.Application()
        app.router.add_post("/{any:.*}", answer)
        async with serving(app) as url:
            push = world.push(OFFICIAL, url)
            for _ in range(3):
                assert await push.send(OPENID, TEXT) is SENT
            await push.close()

    run(story)
    assert asked == [STABLE_TOKEN] + [CUSTOM_SEND] * 3


@pytest.mark.parametrize("kind", [OFFICIAL, APPLICATION])
def test_an_expired_token_is_renewed_once_and_the_message_sent_again(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    token, send = ADDRESSES[kind]

    async def story(world: World) -> None:
        world.heard()
        push = world.push(kind)
        await push.send(OPENID, TEXT)
        world.platform.expire_tokens()
        assert world.paths == [token, send]
        assert await push.send(OPENID, TEXT) is SENT
        assert world.paths == [send, token, send]
        assert len(world.platform.sent) == 2

    run(story)
    assert warnings_of(caplog) == []


def test_many_with_an_expired_token_renew_it_once() -> None:
    async def story(world: World) -> None:
        push = world.push(APPLICATION)
        await push.send("first", TEXT)
        world.platform.expire_tokens()
        world.platform.delay = 0.02
        assert set(await asyncio.gather(*(push.send(f"user-{n}", TEXT) for n in range(20)))) == {SENT}
        paths = world.paths
        assert paths.count(GET_TOKEN) == 2
        assert paths.count(APP_SEND) == 1 + 20 + 20

    run(story)


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_the_same_token_again_is_renewed_by_force_at_most_every_half_minute(code: int, caplog: pytest.LogCaptureFixture) -> None:
    """The platform calls a token bad, and when asked gives it out again."""

    async def story(world: World) -> None:
        world.heard()
        push = world.push()

        async def send_refused() -> tuple[Outcome, list[bool]]:
            world.platform.fail(CUSTOM_SEND, code)
            outcome = await push.send(OPENID, TEXT)
            forced = [body["force_refresh"] for path, body in world.platform.calls if path == STABLE_TOKEN]
            world.platform.calls.clear()
            return outcome, forced

        await push.send(OPENID, TEXT)
        world.platform.calls.clear()
        assert await send_refused() == (SENT, [False, True])
        world.now += 29
        assert await send_refused() == (LATER, [False])
        world.now += 1
        assert await send_refused() == (SENT, [False, True])

    run(story)
    (line,) = warnings_of(caplog)
    assert line.endswith(f"（错误码 {code}）")


def test_an_application_cannot_renew_by_force(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        push = world.push(APPLICATION)
        await push.send("ZhangSan", TEXT)
        world.platform.fail(APP_SEND, 40014)
        assert await push.send("ZhangSan", TEXT) is LATER
        assert world.paths == [GET_TOKEN, APP_SEND, APP_SEND, GET_TOKEN]

    run(story)
    assert len(warnings_of(caplog)) == 1


def test_a_message_is_sent_again_only_once(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        push = world.push()
        world.platform.fail(CUSTOM_SEND, 42001, 9)
        assert await push.send(OPENID, TEXT) is LATER
        assert world.paths.count(CUSTOM_SEND) == 2

    run(story)
    assert len(warnings_of(caplog)) == 1


@pytest.mark.parametrize(
    ("kind", "code", "word"),
    [(OFFICIAL, 40125, "AppSecret"), (APPLICATION, 40001, "Secret")],
)
def test_a_wrong_secret_is_told(kind: str, code: int, word: str, caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        assert await world.push(kind, secret="another-s3cr3t").send(OPENID, TEXT) is LATER
        assert len(world.paths) == 1

    run(story)
    (line,) = warnings_of(caplog)
    assert word in line
    assert "another" not in line
    assert line.endswith(f"（错误码 {code}）")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"access_token": "", "expires_in": 7200}, id="empty"),
        pytest.param({"access_token": 5, "expires_in": 7200}, id="no text"),
        pytest.param({"access_token": "t"}, id="for how long"),
        pytest.param({"access_token": "t", "expires_in": "7200"}, id="seconds as text"),
        pytest.param({"errcode": "0", "access_token": "t", "expires_in": 7200}, id="code as text"),
        pytest.param(["access_token"], id="a list"),
        pytest.param("<html>", id="no JSON"),
        pytest.param(b"\xff{}", id="no UTF-8"),
    ],
)
def test_an_answer_that_is_no_token_is_none(answer: object, caplog: pytest.LogCaptureFixture) -> None:
    async def odd(request: web.Request) -> web.Response:
        assert request.path == STABLE_TOKEN
        return web.Response(body=answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    async def story(world: World) -> None:
        app = web.Application()
        app.router.add_post("/{any:.*}", odd)
        async with serving(app) as url:
            push = world.push(OFFICIAL, url)
            assert await push.send(OPENID, TEXT) is LATER
            await push.close()

    run(story)
    (line,) = warnings_of(caplog)
    assert "连不上" in line


# -- what the platform refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind_and_code", "outcome", "words"),
    [
        ((OFFICIAL, 40003), GONE, "AppID"),
        ((OFFICIAL, 40033), LATER, "全局返回码"),
        ((OFFICIAL, 40164), LATER, "203.0.113.7 加入 IP 白名单"),
        ((OFFICIAL, 40243), LATER, "解除冻结"),
        ((OFFICIAL, 43004), GONE, ""),
        ((OFFICIAL, 45002), LATER, "长度"),
        ((OFFICIAL, 45009), LATER, "次数"),
        ((OFFICIAL, 45015), LATER, "48 小时"),
        ((OFFICIAL, 45047), LATER, "条数"),
        ((OFFICIAL, 48001), LATER, "verified: false"),
        ((OFFICIAL, 61004), LATER, "203.0.113.7 加入 IP 白名单"),
        ((OFFICIAL, 89503), LATER, "服务器的出口 IP 的调用要管理员确认"),
        ((OFFICIAL, 99999), LATER, "全局返回码"),
        ((APPLICATION, 40056), LATER, "AgentId"),
        ((APPLICATION, 45009), LATER, "次数"),
        ((APPLICATION, 60020), LATER, "企业可信IP"),
        ((APPLICATION, 60111), GONE, ""),
        ((APPLICATION, 81013), GONE, "可见范围"),
        ((APPLICATION, 301002), LATER, "Secret"),
    ],
)
@pytest.mark.parametrize("asked", [0, 1], ids=["token", "send"])
def test_what_is_refused_is_told_and_not_tried_again(
    asked: int, kind_and_code: tuple[str, int], outcome: Outcome, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    kind, code = kind_and_code

    async def story(world: World) -> None:
        world.heard()
        world.platform.fail(ADDRESSES[kind][asked], code)
        assert await world.push(kind).send(OPENID, TEXT) is outcome
        assert world.paths == [*ADDRESSES[kind][: asked + 1]]
        assert world.slept == []

    run(story)
    lines = warnings_of(caplog)
    assert len(lines) == bool(words)
    for line in lines:
        assert line.startswith(f"微信账号 {ACCOUNT if kind == OFFICIAL else WORK}：")
        assert words in line
        assert line.endswith(f"（错误码 {code}）")


def test_why_a_refused_token_cannot_be_renewed_is_told(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        push = world.push(APPLICATION)
        await push.send("ZhangSan", TEXT)
        world.platform.expire_tokens()
        world.platform.fail(GET_TOKEN, 60020)
        assert await push.send("ZhangSan", TEXT) is LATER

    run(story)
    (line,) = warnings_of(caplog)
    assert line.endswith("（错误码 60020）")


@pytest.mark.parametrize(
    ("errmsg", "seen"),
    [
        ("invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist hint: [H.BDtZFFE-Q7bNKA]", "203.0.113.7"),
        ("not allow to access from your ip, hint: [1787373915609110759172198], from ip: 203.0.113.7", "203.0.113.7"),
        ("access clientip is not registered, requestIP: 2001:db8::7.", "2001:db8::7"),
        ("invalid ip", "服务器的出口 IP"),
        ("", "服务器的出口 IP"),
    ],
)
def test_the_address_that_the_platform_names_is_told(errmsg: str, seen: str) -> None:
    assert advice_on(40164, errmsg) == f"请在后台把 {seen} 加入 IP 白名单（企业微信叫“企业可信IP”）"


def test_the_platform_s_own_rules_are_met(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        push = world.push()
        assert await push.send(OPENID, TEXT) is GONE  # not following
        world.heard()
        assert await push.send(OPENID, "惠" * 683) is LATER  # 2049 bytes
        assert [await push.send(OPENID, TEXT) for _ in range(6)] == [SENT] * 5 + [LATER]
        world.heard()
        world.now += 48 * 3600
        assert await push.send(OPENID, TEXT) is LATER
        assert await push.send("not an openid", TEXT) is GONE

    run(story)
    assert [line[-6:-1] for line in warnings_of(caplog)] == ["45002", "45047", "45015", "40003"]


def test_a_code_is_told_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        one, other = world.push(), world.push(APPLICATION)
        world.platform.fail(CUSTOM_SEND, 45009, 4)
        await one.send(OPENID, TEXT)
        world.now += 59
        await one.send(OPENID, TEXT)
        assert len(warnings_of(caplog)) == 1
        world.now += 1
        await one.send(OPENID, TEXT)
        assert len(warnings_of(caplog)) == 1
        world.platform.fail(APP_SEND, 45009)
        await other.send(OPENID, TEXT)  # another account
        await one.send(OPENID, TEXT)
        world.platform.fail(CUSTOM_SEND, 45015)
        await one.send(OPENID, TEXT)  # another code
        assert len(warnings_of(caplog)) == 2

    run(story)


@pytest.mark.parametrize("asked", [0, 1], ids=["token", "send"])
def test_a_busy_platform_is_asked_three_times(asked: int, caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        world.heard()
        path = ADDRESSES[OFFICIAL][asked]
        world.platform.fail(path, -1, 2)
        assert await world.push().send(OPENID, TEXT) is SENT
        assert world.paths.count(path) == 3
        assert world.slept == [0.3, 1.0]
        assert len(world.platform.sent) == 1

        world.platform.fail(path, -1, 9)
        assert await world.push().send(OPENID, TEXT) is LATER
        assert world.paths.count(path) == 3

    run(story)
    (line,) = warnings_of(caplog)
    assert "繁忙" in line


# -- hosts ------------------------------------------------------------------------------------------------------------


def test_the_second_host_answers_when_the_first_refuses_connections(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        world.heard()
        assert await world.push(OFFICIAL, NOBODY, world.url + "/").send(OPENID, TEXT) is SENT

    run(story)
    assert warnings_of(caplog) == []


async def hang(request: web.Request) -> web.Response:
    await asyncio.sleep(9)
    return web.Response()


async def cut(request: web.Request) -> web.Response:
    assert request.transport
    request.transport.close()
    return web.Response()


async def fail(request: web.Request) -> web.Response:
    return web.json_response({"access_token": "t", "expires_in": 7200}, status=502)


async def page(request: web.Request) -> web.Response:
    return web.Response(text="<html>请先登录</html>", content_type="text/html")


async def elsewhere(request: web.Request) -> web.Response:
    raise web.HTTPTemporaryRedirect("/elsewhere")


@pytest.mark.parametrize("answer", [hang, cut, fail, page, elsewhere])
def test_the_second_host_answers_when_the_first_fails(
    answer: Callable[[web.Request], Awaitable[web.Response]], caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []

    async def first(request: web.Request) -> web.Response:
        asked.append(request.path)
        return await answer(request)

    async def story(world: World) -> None:
        app = web.Application()
        app.router.add_post("/{any:.*}", first)
        async with serving(app) as url:
            world.heard()
            push = world.push(OFFICIAL, url, world.url, timeout=0.1)
            assert await asyncio.wait_for(push.send(OPENID, TEXT), 3) is SENT
            await push.close()
        assert len(world.platform.sent) == 1
        assert asked == [STABLE_TOKEN, CUSTOM_SEND]

    run(story)
    assert warnings_of(caplog) == []


@pytest.mark.parametrize("hosts", [(NOBODY, NOBODY), ("no address at all",), ("http://",)])
def test_where_no_host_answers_it_is_told(hosts: tuple[str, ...], caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        push = world.push(OFFICIAL, *hosts)
        assert await push.send(OPENID, TEXT) is LATER
        assert await push.send(OPENID, TEXT) is LATER

    run(story)
    (line,) = warnings_of(caplog)
    assert "连不上" in line
    assert "错误码" not in line


def test_a_platform_that_comes_back_is_used_at_once(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        world.heard()
        push = world.push()
        world.platform.fail(CUSTOM_SEND, 502)
        assert await push.send(OPENID, TEXT) is LATER
        assert await push.send(OPENID, TEXT) is SENT

    run(story)
    assert len(warnings_of(caplog)) == 1


# -- the end ----------------------------------------------------------------------------------------------------------


def test_what_nobody_thought_of_is_no_exception(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        assert await world.push().send(OPENID, TEXT.encode()) is LATER  # type: ignore[arg-type]

    run(story)
    (record,) = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert record.getMessage() == "微信账号 gongzhonghao：主动发送出错（TypeError）"
    assert record.exc_info is None


def test_after_the_end_nothing_is_sent(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        world.heard()
        push = world.push()
        await push.send(OPENID, TEXT)
        await push.close()
        assert await push.send(OPENID, TEXT) is LATER
        unused = world.push()
        await unused.close()
        assert await unused.send(OPENID, TEXT) is LATER
        await push.close()  # twice does no harm
        assert len(world.platform.sent) == 1

    run(story)
    assert warnings_of(caplog) == []


@pytest.mark.parametrize("prepared", [False, True], ids=["token", "send"])
def test_the_end_amid_sending_is_quiet(prepared: bool, caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        push = world.push(APPLICATION, world.url, NOBODY)
        if prepared:
            await push.send("ZhangSan", TEXT)
        world.platform.delay = 0.2
        sending = [asyncio.create_task(push.send("ZhangSan", TEXT)) for _ in range(5)]
        await asyncio.sleep(0.05)
        await push.close()
        assert set(await asyncio.gather(*sending)) == {LATER}

    run(story)
    assert warnings_of(caplog) == []


def test_nothing_is_left_open() -> None:
    async def story(world: World) -> None:
        world.heard()
        push = world.push(OFFICIAL, NOBODY, world.url)
        world.platform.fail(CUSTOM_SEND, 503)
        assert await push.send(OPENID, TEXT) is LATER
        assert await push.send(OPENID, TEXT) is SENT

    run(story)
    gc.collect()


def test_one_who_gives_up_waiting_takes_the_token_from_nobody() -> None:
    async def story(world: World) -> None:
        push = world.push(APPLICATION)
        world.platform.delay = 0.05
        impatient = asyncio.create_task(push.send("LiSi", TEXT))
        patient = asyncio.create_task(push.send("ZhangSan", TEXT))
        await asyncio.sleep(0.02)
        impatient.cancel()
        assert await patient is SENT
        assert world.paths == [GET_TOKEN, APP_SEND]

    run(story)


def test_a_failure_that_nobody_waits_for_any_more_is_quiet(caplog: pytest.LogCaptureFixture) -> None:
    async def story(world: World) -> None:
        push = world.push(APPLICATION)
        world.platform.delay = 0.05
        world.platform.fail(GET_TOKEN, 40001)
        impatient = asyncio.create_task(push.send("LiSi", TEXT))
        await asyncio.sleep(0.02)
        impatient.cancel()
        await asyncio.sleep(0.1)
        await push.close()

    run(story)
    assert warnings_of(caplog) == []


def test_sending_needs_no_assistant() -> None:
    heavy = {"rasa", "tensorflow", "sanic", "jieba"}
    program = f"import sys, bot.channels.wechat.api; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"
