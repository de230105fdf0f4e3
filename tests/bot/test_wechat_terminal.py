"""`huiqi wechat-sim`: what it shows, in a pipe and on a screen, and the assistant that it starts."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from aiohttp import web

from bot import project
from bot.channels.wechat.accounts import accounts_of
from bot.cli import main
from bot.wechatsim import chat
from bot.wechatsim.accounts import ROBOT, Side
from bot.wechatsim.assistant import CHANNEL, Assistant, environment, made_up, settings
from bot.wechatsim.platform import CUSTOM_SEND, STABLE_TOKEN, Platform
from bot.wechatsim.screen import Screen
from tests.bot.wechat_account import PATH, SIDES, Account, Answer, Asked, run

MENU = '您好\n1. <a href="weixin://bizmsgmenu?msgmenucontent=高新贷多少&msgmenuid=1">高新贷</a>\n<a href="http://a.example/">网页</a>'


# It has nothing to send with: nobody waits for what it might send.
UNVERIFIED = replace(SIDES["plain"], secret="")


class Terminal(io.StringIO):
    """A terminal that nobody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is on its way here for as long as it may be there."""
    monkeypatch.setattr(chat, "_REST", 0.1)
    monkeypatch.setattr(chat, "_LATE", 5.0)


def shown(
    side: Side | str, answer: Answer, lines: Sequence[str], out: io.StringIO | None = None, more: Sequence[Side] = ()
) -> str:
    """What a chat shows after these lines were typed."""
    out = out or io.StringIO()

    async def work() -> None:
        async with Account(SIDES[side] if isinstance(side, str) else side, answer) as account:
            sides = {side.name: side for side in (account.side, *more)}
            talk = chat.Chat(sides, Platform(sides.values()), Screen(out), lambda: None)
            await talk.begin()
            for line in lines:
                assert await talk.handle(line)
            assert not await talk.handle(":quit")
            await talk.end()

    run(work())
    return out.getvalue()


def echo(asked: Asked) -> bytes:
    fields = asked.fields
    if "bizmsgmenuid" in fields:
        return asked.text(f"点了 {fields['bizmsgmenuid']}：{fields['Content']}")
    said = fields.get("Content") or f"{fields['MsgType']} {fields.get('Event', '')} {fields.get('EventKey', '')}".strip()
    return asked.text(MENU if said == "你好" else f"收到 {said}")


class TestPipe:
    def test_a_chat(self) -> None:
        told = shown("safe", echo, ["你好", ":tap 1", ":click HELP", ":subscribe", ":image", ":again", "：help", ":nope", ""])
        assert "账号 s（公众号，已认证，安全模式）" in told
        assert "回调地址验证通过" in told
        assert "s> 你好\n您好\n1. ［高新贷］\n［网页 http://a.example/］\n（被动回复 · 0.0" in told
        assert "s> :tap 1\n点了 1：高新贷多少\n" in told
        assert "s> :click HELP\n收到 event CLICK HELP\n" in told
        assert "s> :subscribe\n收到 event subscribe\n" in told
        assert told.count("收到 image\n") == 2
        assert "点菜单" in told
        assert "没有 :nope 这个命令" in told
        assert f"{len('收到 image'.encode())} 字节" in told
        assert "\x1b" not in told

    def test_a_voice_message_and_a_place(self) -> None:
        def answer(asked: Asked) -> bytes:
            return asked.text(f"{asked.fields['MsgType']} {asked.fields.get('Recognition', '没有文字')}")

        told = shown("plain", answer, [":voice 贷款贴息", ":voice", ":location"])
        assert "voice 贷款贴息\n" in told
        assert "voice 没有文字\n" in told
        assert "location 没有文字\n" in told

    def test_taps_that_are_not_possible(self) -> None:
        told = shown("safe", echo, [":tap 1", "你好", ":tap 2"])
        assert "没有编号是“1”的链接。" in told
        assert "没有编号是“2”的链接，有 1。" in told

    @pytest.mark.parametrize(
        ("side", "answer", "told"),
        [
            ("safe", lambda asked: b"{}", "不合平台的规则：回复既不是 success、空，也不是 XML"),
            ("safe", lambda asked: b"{}", "用户会看到“该公众号暂时无法提供服务"),
            ("application", lambda asked: 500, "HTTP 500，应当是 200。用户什么也看不到"),
            ("safe", lambda asked: asked.text("", MsgType="transfer_customer_service"), "转给人工客服"),
            (UNVERIFIED, lambda asked: b"success", "没有当场回答"),
            (UNVERIFIED, lambda asked: asked.text("", MsgType="image"), "不是文本"),
        ],
    )
    def test_what_is_not_a_text(self, side: Side | str, answer: Answer, told: str) -> None:
        assert told in shown(side, answer, ["你好"])

    def test_a_tampered_request(self) -> None:
        assert "遭到拒绝：HTTP 403 签名不对" in shown("safe", echo, [":tamper"])

    def test_a_tampered_request_that_is_let_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def serve(self: Account, request: web.Request) -> web.Response:
            return web.Response(text="success")

        monkeypatch.setattr(Account, "_serve", serve)
        assert "应当被拒绝（HTTP 403），收到的却是：HTTP 200 success" in shown("safe", echo, [":tamper"])

    def test_requests_and_replies(self) -> None:
        told = shown("safe", echo, [":raw", "贷款", ":raw", "贴息"])
        assert told.count("→ POST http://127.0.0.1") == 1
        assert "'Content': '贷款'" in told
        assert "<![CDATA[收到 贷款]]>" in told
        assert "token3" not in told

    def test_other_accounts_and_users(self) -> None:
        other = replace(SIDES["plain"], url="http://127.0.0.1:9/")
        told = shown("safe", echo, [":as", ":user zhang", "你好", ":as p", "你好", ":user 张"], more=[other])
        assert "→ s（公众号，已认证，安全模式）\n  p（公众号，已认证，明文模式）" in told
        assert "现在是用户 zhang" in told
        assert "连不上回调地址 http://127.0.0.1:9/" in told
        assert "用户名用字母" in told

    def test_a_robot(self) -> None:
        def answer(asked: Asked) -> bytes:
            if asked.fields["msgtype"] == "event":
                entered = asked.fields["event"]["eventtype"] == "enter_chat"
                return asked.sealed(json.dumps({"msgtype": "text", "text": {"content": "欢迎"}})) if entered else b""
            return asked.stream("id-1", "1. 贷款", finish=True, feedback={"id": "f-1"})

        told = shown("robot", answer, [":good", ":enter", "你好", ":bad", ":click X", ":unsubscribe"])
        assert "没有设置 feedback.id" in told
        assert "欢迎\n（被动回复" in told
        assert "1. 贷款\n（流式回复" in told
        assert told.count("没有当场回答") == 1
        assert "智能机器人没有菜单" in told

    def test_what_is_sent_later_is_waited_for(self) -> None:
        async def work() -> str:
            out = io.StringIO()
            pushes: list[asyncio.Task[None]] = []

            async def push(user: str) -> None:
                await asyncio.sleep(0.2)
                async with aiohttp.ClientSession(base) as session:
                    body = {"grant_type": "client_credential", "appid": SIDES["safe"].id, "secret": SIDES["safe"].secret}
                    async with session.post(STABLE_TOKEN, json=body) as answer:
                        token = (await answer.json())["access_token"]
                    message = {"touser": user, "msgtype": "text", "text": {"content": "查到了"}}
                    data = json.dumps(message, ensure_ascii=False).encode()
                    async with session.post(CUSTOM_SEND, params={"access_token": token}, data=data) as answer:
                        assert (await answer.json())["errcode"] == 0

            def late(asked: Asked) -> bytes:
                pushes.append(asyncio.ensure_future(push(asked.fields["FromUserName"])))
                return b"success"

            async with Account(SIDES["safe"], late) as account:
                platform = Platform([account.side])
                base = await platform.start()
                talk = chat.Chat({"s": account.side}, platform, Screen(out), lambda: None)
                await talk.handle("慢慢查")
                await talk.end()
                await platform.stop()
            return out.getvalue()

        assert "（主动推送 · 9 字节）" in run(work())


class TestScreen:
    def test_bubbles_on_a_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("NO_COLOR", raising=False)
        monkeypatch.setenv("TERM", "xterm")
        told = shown("safe", echo, ["你好"], Terminal())
        assert "│ \x1b[0m1. \x1b[4m高新贷\x1b[0m\n" in told
        assert "└ 被动回复" in told
        assert "s> 你好" not in told  # the terminal shows what is typed

    def test_no_colours_where_they_are_not_wanted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        told = shown("safe", echo, ["你好"], Terminal())
        assert "│ 1. 高新贷\n" in told
        assert "\x1b" not in told

    def test_lines_fit_and_do_not_begin_with_a_stop(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.setenv("COLUMNS", "24")
        out = Terminal()
        Screen(out).bubble("一二三四五六七八九十，abcdefghijklmnopqrstuvwxyz", "完")
        assert out.getvalue() == "│ 一二三四五六七八九十，\n│ abcdefghijklmnopqrst\n│ uvwxyz\n└ 完\n\n"


class TestCommand:
    @pytest.fixture
    def credentials(self, tmp_path: Path) -> Path:
        side = SIDES["safe"]
        account = {"kind": "official", "id": side.id, "verified": True, "api": "http://127.0.0.1:5259"}
        file = tmp_path / "credentials.yml"
        file.write_text(yaml.safe_dump({CHANNEL: {"accounts": {"test": account}}}), encoding="utf-8")
        return file

    def test_with_a_server_that_runs(self, credentials: Path) -> None:
        secrets = environment([replace(SIDES["safe"], name="test")])

        async def work() -> tuple[int | None, str]:
            async with Account(SIDES["safe"], echo) as account:
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "bot.cli", "wechat-sim", "--url", account.side.url,
                    env=os.environ | secrets | {"HUIQI_CREDENTIALS": str(credentials)},
                    stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
                )  # fmt: skip
                told, _ = await asyncio.wait_for(process.communicate("你好\n:tap 1\n".encode()), 30)
                return process.returncode, told.decode()

        status, told = run(work())
        assert "点了 1：高新贷多少" in told
        assert status == 0, told

    @pytest.mark.parametrize(
        ("url", "why"),
        [
            ("http://127.0.0.1:9/", "不是回调地址"),
            ("ftp://127.0.0.1/webhooks/wechat/test", "不是回调地址"),
            (f"http://127.0.0.1:9{PATH}x", "没有微信账号“testx”，有 test"),
        ],
    )
    def test_addresses_that_cannot_be(
        self, url: str, why: str, credentials: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(project, "CREDENTIALS", credentials)
        for name, value in environment([replace(SIDES["safe"], name="test")]).items():
            monkeypatch.setenv(name, value)
        assert main(["wechat-sim", "--url", url]) == 1
        assert why in capsys.readouterr().err

    def test_without_its_secrets(
        self, credentials: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(project, "CREDENTIALS", credentials)
        assert main(["wechat-sim", "--url", f"http://127.0.0.1:9{PATH}"]) == 1
        assert "HUIQI_WECHAT_TEST_TOKEN" in capsys.readouterr().err


class TestAssistant:
    def test_its_accounts_are_what_the_channel_wants(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sides = made_up("http://127.0.0.1:5")
        for name, value in environment(sides).items():
            monkeypatch.setenv(name, value)
        accounts = accounts_of({"accounts": {side.name: settings(side, "http://127.0.0.1:6") for side in sides}})
        assert {side.kind for side in sides} == {"official", "application", "robot"}
        for side in sides:
            account = accounts[side.name]
            assert (account.kind, account.id, account.token, account.agent) == (side.kind, side.id, side.token, side.agent)
            assert account.secret == side.secret
            assert account.mode == side.mode
            assert account.key == (side.key if side.sealed else "")
            assert account.api == ("" if side.kind == ROBOT else "http://127.0.0.1:6")
            assert side.url == f"http://127.0.0.1:5/webhooks/wechat/{side.name}"

    def started(self, folder: Path, program: str) -> Assistant:
        return Assistant(folder, 5, made_up("http://127.0.0.1:5"), "http://127.0.0.1:6", ("-c", program))

    def test_it_is_ready_when_it_says_so(self, tmp_path: Path) -> None:
        told: list[str] = []
        program = "import os, time; print('[模型] 训练'); print(os.environ['HUIQI_CREDENTIALS']); time.sleep(0.3); "
        assistant = self.started(tmp_path, program + "print('按 Ctrl-C 停止'); time.sleep(60)")
        try:
            assistant.wait_until_ready(told.append)
            assert told == ["[模型] 训练", str(tmp_path / "credentials.yml")]
            channels: dict[str, Any] = yaml.safe_load((tmp_path / "credentials.yml").read_text(encoding="utf-8"))
            assert len(channels[CHANNEL]["accounts"]) == 4
            assert "bot.channels.rest.PublicRestInput" in channels  # what the server asks itself when it is up
        finally:
            assistant.stop()
        assert assistant.process.poll() is not None

    def test_what_it_says_when_it_does_not_start(self, tmp_path: Path) -> None:
        assistant = self.started(tmp_path, "raise SystemExit('端口已被占用')")
        with pytest.raises(RuntimeError, match="端口已被占用"):
            assistant.wait_until_ready()
        assistant.stop()
