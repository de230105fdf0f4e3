"""The parts of the WeChat channel: accounts, what is let in, one turn a message, what waits, what a message says."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.channels.guard import RefusedError
from bot.channels.settings import SettingError
from bot.channels.wechat.accounts import Account, accounts_of
from bot.channels.wechat.gate import DELIVERIES, WINDOW, Gate
from bot.channels.wechat.incoming import EVENT, MEDIA, TEXT, of_json, of_xml
from bot.channels.wechat.outbox import KEPT_SECONDS, Outbox
from bot.channels.wechat.turns import KEPT_SECONDS as TURNS_KEPT
from bot.channels.wechat.turns import BusyError, Turn, Turns

KEY = "k" * 43


class Clock:
    def __init__(self, now: float = 1_800_000_000.0):
        self.now = now

    def __call__(self) -> float:
        return self.now


# -- accounts --

OFFICIAL = {"kind": "official", "id": "wx0123456789abcdef"}


@pytest.fixture
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QINGDAO", "LAO_SHAN"):
        for what, value in (("TOKEN", "abc123"), ("KEY", KEY), ("SECRET", "s3cret")):
            monkeypatch.setenv(f"HUIQI_WECHAT_{name}_{what}", value)


@pytest.mark.usefixtures("_secrets")
def test_accounts_are_read_with_their_secrets() -> None:
    settings = {
        "qingdao": {**OFFICIAL, "verified": True, "service": True, "menu": {"A": "高新贷"}, "seconds": 3},
        "lao-shan": {"kind": "application", "id": "wwcorp", "agent": 1000002},
    }
    found = accounts_of({"accounts": settings})
    assert found["qingdao"] == Account(
        *("qingdao", "official", "abc123", KEY, OFFICIAL["id"], "s3cret", "safe"),
        service=True,
        menu={"A": "高新贷"},
        seconds=3.0,
    )
    assert (found["lao-shan"].secret, found["lao-shan"].agent, found["lao-shan"].seconds) == ("s3cret", 1000002, 4.0)
    assert "s3cret" not in repr(found)
    assert "abc123" not in repr(found)
    assert KEY not in repr(found)


@pytest.mark.usefixtures("_secrets")
def test_an_account_that_cannot_send_needs_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUIQI_WECHAT_QINGDAO_SECRET")
    assert accounts_of({"accounts": {"qingdao": OFFICIAL}})["qingdao"].secret == ""
    monkeypatch.delenv("HUIQI_WECHAT_QINGDAO_KEY")
    assert accounts_of({"accounts": {"qingdao": {**OFFICIAL, "mode": "plain"}}})["qingdao"].key == ""


@pytest.mark.usefixtures("_secrets")
@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("Qingdao", OFFICIAL, "只能用小写字母"),
        ("qing dao", OFFICIAL, "只能用小写字母"),
        ("-", OFFICIAL, "只能用小写字母"),
        ("qingdao", None, "kind 应当是"),
        ("qingdao", {"kind": "wechat"}, "kind 应当是 official、application、robot 之一"),
        ("qingdao", {"kind": "official"}, "id 应当是开发者 ID（AppID）"),
        ("qingdao", {"kind": "application"}, "id 应当是企业 ID（CorpID）"),
        ("qingdao", {"kind": "application", "id": "ww1"}, "AgentId"),
        ("qingdao", {"kind": "robot", "id": "ww1"}, "不认识的设置 id"),
        ("qingdao", {**OFFICIAL, "secret": "s3cret"}, "不认识的设置 secret"),
        ("qingdao", {**OFFICIAL, "mode": "明文"}, "mode 应当是 plain"),
        ("qingdao", {**OFFICIAL, "verified": "yes"}, "verified 应当是 true 或 false"),
        ("qingdao", {**OFFICIAL, "menu": ["A"]}, "menu 应当是"),
        ("qingdao", {**OFFICIAL, "menu": {"A": ""}}, "menu 应当是"),
        ("qingdao", {**OFFICIAL, "api": "https://api.example.cn"}, "api 只用于模拟器"),
        ("qingdao", {**OFFICIAL, "api": "http://10.0.0.1:80"}, "api 只用于模拟器"),
        ("qingdao", {**OFFICIAL, "seconds": 5}, "不超过 4.6"),
        ("qingdao", {**OFFICIAL, "seconds": True}, "不超过 4.6"),
        ("nowhere", OFFICIAL, "环境变量 HUIQI_WECHAT_NOWHERE_TOKEN 没有设置"),
    ],
)
def test_a_wrong_account_is_told_clearly(name: str, settings: Any, said: str) -> None:
    with pytest.raises(SettingError, match=said):
        accounts_of({"accounts": {name: settings}})


@pytest.mark.usefixtures("_secrets")
@pytest.mark.parametrize(("what", "value"), [("TOKEN", "ab"), ("TOKEN", "a b c"), ("KEY", "short"), ("KEY", "k" * 44)])
def test_a_wrong_secret_is_told_without_showing_it(what: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"HUIQI_WECHAT_QINGDAO_{what}", value)
    with pytest.raises(SettingError, match=f"HUIQI_WECHAT_QINGDAO_{what} 不合要求") as told:
        accounts_of({"accounts": {"qingdao": OFFICIAL}})
    assert f"“{value}”" not in str(told.value)


def test_accounts_must_be_a_list_by_name() -> None:
    with pytest.raises(SettingError, match="accounts"):
        accounts_of({"accounts": ["qingdao"]})
    assert accounts_of({}) == {}


# -- what is let in --


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "1e9", "１８０００００００", "9" * 40])
def test_a_time_that_is_none_is_refused(timestamp: str) -> None:
    with pytest.raises(RefusedError, match="时间"):
        Gate(clock=Clock()).check(timestamp, "s", b"")


@pytest.mark.parametrize(
    ("away", "passes"), [(0, True), (WINDOW, True), (-WINDOW, True), (WINDOW + 1, False), (-WINDOW - 1, False)]
)
def test_only_requests_of_now_are_let_in(away: int, passes: bool) -> None:
    clock = Clock()
    gate = Gate(clock=clock)
    if passes:
        gate.check(str(int(clock.now) + away), "s", b"")
    else:
        with pytest.raises(RefusedError):
            gate.check(str(int(clock.now) + away), "s", b"")


def test_a_signature_is_good_for_one_body_and_its_repetitions() -> None:
    clock = Clock()
    gate, now = Gate(clock=clock), str(int(clock.now))
    for _ in range(DELIVERIES):
        gate.check(now, "s", b"body")
    with pytest.raises(RefusedError, match="收到过"):
        gate.check(now, "s", b"body")
    gate.check(now, "t", b"body")
    with pytest.raises(RefusedError, match="收到过"):
        gate.check(now, "t", b"another body")


def test_a_signature_is_remembered_as_long_as_it_is_good() -> None:
    clock = Clock()
    gate = Gate(clock=clock)
    ahead = str(int(clock.now) + WINDOW)
    for _ in range(DELIVERIES):
        gate.check(ahead, "s", b"")
    clock.now += 2 * WINDOW
    with pytest.raises(RefusedError, match="收到过"):
        gate.check(ahead, "s", b"")


# -- one turn a message --


def run(coroutine: Any) -> Any:
    return asyncio.run(coroutine)


def test_deliveries_of_a_message_share_a_turn_and_turns_keep_their_order() -> None:
    async def scenario() -> None:
        turns: Turns[str] = Turns()
        done: list[str] = []

        async def work(name: str, seconds: float) -> str:
            await asyncio.sleep(seconds)
            done.append(name)
            return name

        slow = turns.begin("u", "1", lambda turn: work("slow", 0.05))
        quick = turns.begin("u", "2", lambda turn: work("quick", 0))
        other = turns.begin("v", "1", lambda turn: work("other", 0))
        again = turns.begin("u", "1", lambda turn: work("never", 0))
        assert again is slow
        assert slow.deliveries == 2
        assert list(await asyncio.gather(slow.task, quick.task, other.task)) == ["slow", "quick", "other"]
        assert done == ["other", "slow", "quick"]
        assert turns.begin("u", "1", lambda turn: work("never", 0)).task.result() == "slow"

    run(scenario())


def test_what_follows_comes_before_the_next_turn() -> None:
    async def scenario() -> None:
        turns: Turns[None] = Turns()
        done: list[str] = []

        async def note(name: str) -> None:
            await asyncio.sleep(0)
            done.append(name)

        async def first(turn: Turn[None]) -> None:
            turns.follow("u", lambda: note("followed"))
            await note("first")

        turns.begin("u", "1", first)
        await turns.begin("u", "2", lambda turn: note("second")).task
        assert done == ["first", "followed", "second"]

    run(scenario())


def test_a_turn_that_failed_does_not_stop_the_next() -> None:
    async def scenario() -> None:
        turns: Turns[str] = Turns()

        async def fail(turn: Turn[str]) -> str:
            raise OSError

        async def fine(turn: Turn[str]) -> str:
            return "fine"

        failed, after = turns.begin("u", "1", fail), turns.begin("u", "2", fine)
        assert await after.task == "fine"
        with pytest.raises(OSError):  # noqa: PT011
            await failed.task

    run(scenario())


def test_turns_are_forgotten_when_nobody_can_ask_any_more_and_when_there_are_too_many() -> None:
    async def scenario() -> None:
        clock = Clock()
        turns: Turns[None] = Turns(clock, most=3)
        never = asyncio.Event()

        async def soon(turn: Turn[None]) -> None:
            """Done at once."""

        async def hang(turn: Turn[None]) -> None:
            await never.wait()

        for key in "abcdef":
            await turns.begin(key, key, soon).task
        assert len(turns) == 3
        clock.now += TURNS_KEPT + 1
        await turns.begin("g", "g", soon).task
        assert len(turns) == 1
        turns.forget("g")
        for key in "abc":
            turns.begin(key, key, hang)
        with pytest.raises(BusyError):
            turns.begin("d", "d", soon)
        never.set()
        await asyncio.sleep(0.01)
        await turns.begin("d", "d", soon).task
        await asyncio.sleep(0)
        assert (turns._last, turns._following) == ({}, {})

    run(scenario())


# -- what waits --


def test_what_waits_is_taken_once_and_grows_old() -> None:
    clock = Clock()
    outbox = Outbox(clock, most=2)
    outbox.put("u", "余下", late=False)
    outbox.put("u", "另一个余下", late=False)
    taken = outbox.take("u")
    assert taken is not None
    assert (taken.text, taken.late) == ("另一个余下", False)
    assert outbox.take("u") is None
    outbox.put("u", "迟到的", late=True)
    outbox.put("u", "余下", late=False)
    taken = outbox.take("u")
    assert taken is not None
    assert (taken.text, taken.late) == ("迟到的\n\n余下", True)
    outbox.put("u", "旧的", late=True)
    clock.now += KEPT_SECONDS + 1
    assert outbox.take("u") is None
    for user in "abc":
        outbox.put(user, "x", late=True)
    assert [bool(outbox.take(user)) for user in "abc"] == [False, True, True]


# -- what a message says --

XML = {"ToUserName": "gh_1", "FromUserName": "oUser", "CreateTime": "1700000000"}


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ({"MsgType": "text", "Content": "高新贷", "MsgId": "7"}, (TEXT, "7", "高新贷", "", "")),
        ({"MsgType": "text", "Content": "  ", "MsgId": "7"}, (MEDIA, "7", "  ", "", "")),
        (
            {"MsgType": "text", "Content": "【收到不支持的消息类型，暂无法显示】", "MsgId": "7"},
            (MEDIA, "7", "【收到不支持的消息类型，暂无法显示】", "", ""),
        ),
        ({"MsgType": "voice", "Recognition": "高新贷。", "MsgId": "7"}, (TEXT, "7", "高新贷。", "", "")),
        ({"MsgType": "voice", "MediaId": "m", "MsgId": "7"}, (MEDIA, "7", "", "", "")),
        ({"MsgType": "image", "PicUrl": "http://x", "MsgId": "7"}, (MEDIA, "7", "", "", "")),
        ({"MsgType": "event", "Event": "subscribe"}, (EVENT, "1700000000.subscribe.", "", "subscribe", "")),
        ({"MsgType": "event", "Event": "CLICK", "EventKey": "K"}, (EVENT, "1700000000.click.K", "", "click", "K")),
        ({"MsgType": "event", "Event": "click", "EventKey": "K"}, (EVENT, "1700000000.click.K", "", "click", "K")),
    ],
)
def test_messages_in_xml_are_read(fields: dict[str, str], read: tuple[str, ...]) -> None:
    found = of_xml(XML | fields)
    assert found is not None
    assert (found.kind, found.key, found.text, found.event, found.event_key) == read
    assert (found.user, found.ours) == ("oUser", "gh_1")


@pytest.mark.parametrize("user", ["", " ", "a b", "a\nb", "u" * 129])
def test_a_message_of_nobody_is_none(user: str) -> None:
    assert of_xml(XML | {"FromUserName": user, "MsgType": "text", "Content": "x", "MsgId": "1"}) is None


JSON: dict[str, Any] = {"msgid": "m1", "chattype": "single", "from": {"userid": "zhang"}}


@pytest.mark.parametrize(
    ("message", "read"),
    [
        ({"msgtype": "text", "text": {"content": "高新贷"}}, (TEXT, "zhang", "高新贷")),
        ({"msgtype": "text", "text": {"content": "@所有人 高新贷"}}, (TEXT, "zhang", "@所有人 高新贷")),
        (
            {"msgtype": "text", "chattype": "group", "chatid": "c1", "text": {"content": "@惠企问答 高新贷 多少"}},
            (TEXT, "c1.zhang", "高新贷 多少"),
        ),
        ({"msgtype": "voice", "voice": {"content": "高新贷"}}, (TEXT, "zhang", "高新贷")),
        ({"msgtype": "image", "image": {"url": "http://x"}}, (MEDIA, "zhang", "")),
        ({"msgtype": "file", "file": {"content": "高新贷"}}, (MEDIA, "zhang", "")),
        (
            {
                "msgtype": "mixed",
                "mixed": {"msg_item": [{"msgtype": "text", "text": {"content": "高新贷"}}, {"msgtype": "image"}]},
            },
            (TEXT, "zhang", "高新贷"),
        ),
        ({"msgtype": "mixed", "mixed": {"msg_item": 7}}, (MEDIA, "zhang", "")),
        ({"msgtype": "mixed", "mixed": [1]}, (MEDIA, "zhang", "")),
        ({"msgtype": "text", "text": "高新贷"}, (MEDIA, "zhang", "")),
        ({"msgtype": "event", "event": {"eventtype": "enter_chat"}}, (EVENT, "zhang", "")),
    ],
)
def test_messages_in_json_are_read(message: dict[str, Any], read: tuple[str, str, str]) -> None:
    found = of_json(JSON | message)
    assert found is not None
    assert (found.kind, found.user, found.text) == read
    assert found.key == "m1"


@pytest.mark.parametrize("message", [{}, {"from": "zhang"}, {"from": {"userid": 7}}, {"msgid": 7}, {"from": {"userid": "a b"}}])
def test_a_message_in_json_of_nobody_is_none(message: dict[str, Any]) -> None:
    assert of_json((JSON | message) if message else {}) is None
