"""What a developer types in the terminal, done on a user's phone."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.wechatsim import checking, messages
from bot.wechatsim.accounts import APPLICATION, COMPATIBLE, OFFICIAL, PLAIN, ROBOT, SAFE, Side
from bot.wechatsim.checking import NONE, TRANSFER, Fault
from bot.wechatsim.line import PATIENCE, Delivery, Line, new_session
from bot.wechatsim.phone import Heard, Phone
from bot.wechatsim.platform import Platform
from bot.wechatsim.screen import Screen
from bot.wechatsim.signing import signed_request

_KINDS = {OFFICIAL: "公众号", APPLICATION: "企业微信应用", ROBOT: "企业微信智能机器人"}
_MODES = {PLAIN: "明文模式", COMPATIBLE: "兼容模式", SAFE: "安全模式"}
_USER = re.compile(r"[\w.-]{1,64}", re.ASCII)
# The number before a link.
_NUMBERED = re.compile(r'(\d+)[.．、]?\s*<a href="weixin://[^>]*>(.*?)</a>', re.DOTALL)
# How long a pipe waits for what is sent after a reply, in seconds: an answer that was late, the rest of a long one.
_LATE, _REST = 30.0, 1.0

HELP = """直接打字就是发消息。命令：
  :as 账号      换一个账号；不写名字就列出全部
  :user 名字    换一个用户（新的对话）
  :tap 编号     点上一条回复里的链接，编号是它前面的数字
  :click KEY    点菜单          :subscribe 关注        :unsubscribe 取消关注
  :image 图片   :voice [识别出的文字] 语音   :location 位置
  :enter        打开机器人的会话   :good :bad  给机器人的上一条回答点赞、点踩
  :again        把上一条消息再投递一次（平台没收到答复时就会这样）
  :verify       像后台按“提交”那样验证回调地址
  :raw          看往来的请求和回复（解密后的），再输一次关掉
  :tamper       发一个签名被改过的请求，看它怎样被拒绝
  :help  :quit"""


def described(side: Side) -> str:
    """An account in a few words."""
    words = [_KINDS[side.kind]]
    if side.kind == OFFICIAL:
        words += ["已认证" if side.secret else "未认证", _MODES[side.mode]]
    return f"{side.name}（{'，'.join(words)}）"


class Chat:
    """The phones of one developer. `redraw` is called after something came in by itself."""

    def __init__(self, sides: Mapping[str, Side], platform: Platform, screen: Screen, redraw: Callable[[], None]):
        self._sides, self._platform, self._screen, self._redraw = sides, platform, screen, redraw
        self._session = new_session()
        self._phones: dict[tuple[str, str], Phone] = {}
        self._side = next(iter(sides.values()))
        self._user = f"sim-{secrets.token_hex(3)}"
        self._raw, self._stream = False, ""
        self._linked = ""  # the newest text with links
        self._pushed = asyncio.Event()
        self._commands: dict[str, Callable[[str], Awaitable[None]]] = {
            "as": self._as, "user": self._as_user, "tap": self._tap, "click": self._click, "verify": self._verify,
            "subscribe": self._subscribe, "unsubscribe": self._unsubscribe, "enter": self._enter,
            "image": self._media, "voice": self._voice, "location": self._location, "good": self._good, "bad": self._bad,
            "again": self._again, "raw": self._show_raw, "tamper": self._tamper, "help": self._help,
        }  # fmt: skip

    @property
    def prompt(self) -> str:
        """What stands before what is typed."""
        return f"{self._side.name}> "

    async def begin(self) -> None:
        """Say where one is, and whether the address is right."""
        self._screen.note("直接打字就是发消息；:help 看命令，:quit 退出。")
        await self._enter_account()

    async def handle(self, line: str) -> bool:
        """Do what was typed. False when it ends the chat."""
        line = line.strip()
        if not line:
            return True
        self._screen.said(self._side.name, line)
        # People type either colon, and a question may begin with one.
        name, _, argument = line[1:].partition(" ") if line[0] in ":：" else ("", "", "")
        if name in ("quit", "q", "exit"):
            return False
        command = self._commands.get(name)
        if command:
            await self._doing(command(argument.strip()))
        elif name.isascii() and name:
            self._screen.attention(f"没有 :{name} 这个命令，:help 看全部。")
        else:
            await self._doing(self._tell(lambda phone: phone.say(line)))
        return True

    async def end(self) -> None:
        """Wait for what is still on its way where nobody watches; close all."""
        if not self._screen.live and any(phone.side.secret for phone in self._phones.values()):
            await self._wait_for_pushes(_REST)
        await self._session.close()

    async def _doing(self, command: Awaitable[None]) -> None:
        try:
            await command
        except Fault as fault:
            seen = "用户会看到“该公众号暂时无法提供服务，请稍后再试”" if self._side.kind == OFFICIAL else "用户什么也看不到"
            self._screen.fault(f"不合平台的规则：{fault}。{seen}。")
        except LookupError as error:
            self._screen.attention(f"{error.args[0]}。")

    # -- on the phone --

    async def _tell(self, act: Callable[[Phone], Awaitable[Heard]]) -> None:
        phone, began = self._phone(), time.monotonic()
        self._pushed.clear()
        heard = await act(phone)
        self._stream = heard.stream or self._stream
        self._notice_links(heard.text or "")
        while not phone.inbox.empty():  # shown here, or as it came
            phone.inbox.get_nowait()
        self._show(heard, time.monotonic() - began)
        if not self._screen.live and heard.kind == NONE and heard.seconds[-1] is not None and self._side.secret:
            await self._wait_for_pushes(_LATE)

    def _show(self, heard: Heard, seconds: float) -> None:
        cut = sum(one is None for one in heard.seconds)
        if cut:
            self._screen.attention(f"有 {cut} 次请求 {PATIENCE:g} 秒内没有答复，平台断开了连接。")
        if heard.text:
            how = "流式回复" if self._side.kind == ROBOT and heard.kind != checking.WELCOME else "被动回复"
            last = next(one for one in reversed(heard.seconds) if one is not None)
            took = seconds if heard.stream else last
            self._screen.bubble(heard.text, f"{how} · {took:.2f} 秒 · {_size(heard.text)} 字节")
        elif heard.kind == TRANSFER:
            self._screen.success("转给人工客服（transfer_customer_service）：接下来的消息由客服回答。")
        elif cut == len(heard.seconds):
            self._screen.fault("用户什么也看不到。")
        elif heard.kind == NONE:
            self._screen.note("（账号收到了，没有当场回答）")
        else:
            self._screen.note("（回复的不是文本，这里不显示）")

    def _notice_links(self, text: str) -> None:
        self._linked = text if checking.links(text) else self._linked

    async def _wait_for_pushes(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._pushed.wait(), seconds)
            while True:
                self._pushed.clear()
                await asyncio.wait_for(self._pushed.wait(), _REST)
        except asyncio.TimeoutError:
            pass

    def _phone(self) -> Phone:
        key = self._side.name, self._user
        if key not in self._phones:
            phone = self._phones[key] = Phone(self._side, self._user, self._platform, session=self._session, watch=self._watch)
            self._platform.deliver(*key, lambda text: self._receive(phone, text))
        return self._phones[key]

    def _receive(self, phone: Phone, text: str) -> None:
        phone.receive(text)
        self._notice_links(text)
        self._screen.above_the_prompt()
        self._screen.bubble(text, f"主动推送 · {_size(text)} 字节")
        for fault in phone.faults:
            self._screen.fault(f"不合平台的规则：{fault}。")
        phone.faults.clear()
        self._pushed.set()
        self._redraw()

    def _watch(self, message: Mapping[str, Any], delivery: Delivery) -> None:
        if self._raw:
            for line in _raw(self._side, message, delivery):
                self._screen.note(line)

    # -- commands --

    async def _enter_account(self) -> None:
        self._screen.note(f"账号 {described(self._side)}，用户 {self._user}。")
        await self._doing(self._verify(""))

    async def _as(self, name: str) -> None:
        if name not in self._sides:
            self._screen.note(
                "\n".join(("→ " if side is self._side else "  ") + described(side) for side in self._sides.values())
            )
            return
        self._side = self._sides[name]
        await self._enter_account()

    async def _as_user(self, name: str) -> None:
        if not _USER.fullmatch(name):
            raise LookupError("用户名用字母、数字、_ . -，例如 :user zhang")
        self._user = name
        self._screen.note(f"现在是用户 {name}。")

    async def _tap(self, number: str) -> None:
        labels = dict(_NUMBERED.findall(self._linked))
        label = labels.get(number, number)
        if label not in (link.label for link in checking.links(self._linked)):
            raise LookupError(f"没有编号是“{number}”的链接" + (f"，有 {'、'.join(labels)}" if labels else ""))
        await self._tell(lambda phone: phone.tap(label))

    async def _click(self, key: str) -> None:
        if self._side.kind == ROBOT or not key:
            raise LookupError("用法 :click KEY；智能机器人没有菜单")
        await self._tell(lambda phone: phone.event("CLICK" if self._side.kind == OFFICIAL else "click", key))

    async def _subscribe(self, argument: str) -> None:
        await self._tell(lambda phone: phone.event("enter_chat" if self._side.kind == ROBOT else "subscribe"))

    async def _unsubscribe(self, argument: str) -> None:
        if self._side.kind == ROBOT:
            raise LookupError("智能机器人没有取消关注")
        await self._tell(lambda phone: phone.event("unsubscribe"))

    async def _enter(self, argument: str) -> None:
        await self._tell(lambda phone: phone.event("enter_agent" if self._side.kind == APPLICATION else "enter_chat"))

    async def _media(self, argument: str) -> None:
        await self._tell(lambda phone: phone.media("image"))

    async def _voice(self, words: str) -> None:
        heard = {"content" if self._side.kind == ROBOT else "Recognition": words} if words else {}
        await self._tell(lambda phone: phone.media("voice", **heard))

    async def _location(self, argument: str) -> None:
        await self._tell(lambda phone: phone.media("location"))

    async def _good(self, argument: str) -> None:
        await self._tell(lambda phone: phone.feedback(self._stream, True))

    async def _bad(self, argument: str) -> None:
        await self._tell(lambda phone: phone.feedback(self._stream, False))

    async def _again(self, argument: str) -> None:
        await self._tell(lambda phone: phone.repeat())

    async def _verify(self, argument: str) -> None:
        await self._phone().verify()
        self._screen.success(f"回调地址验证通过：{self._side.url}")

    async def _show_raw(self, argument: str) -> None:
        self._raw = not self._raw
        self._screen.note("显示往来的请求和回复。" if self._raw else "不再显示。")

    async def _tamper(self, argument: str) -> None:
        query, body = signed_request(self._side, messages.text(self._side, self._user, "你好"))
        for name in ("signature", "msg_signature"):
            if name in query:
                query[name] = query[name][:-1] + ("0" if query[name][-1] != "0" else "1")
        done = await Line(self._side, self._user, PATIENCE, self._session, None).request("POST", query, body, PATIENCE)
        said = f"HTTP {done.status} {done.answer.decode(errors='replace')[:100]}"
        if 400 <= done.status < 500:
            self._screen.success(f"签名被改过的请求遭到拒绝：{said}")
        else:
            self._screen.fault(f"签名被改过的请求应当被拒绝（HTTP 403），收到的却是：{said}")

    async def _help(self, argument: str) -> None:
        self._screen.note(HELP)


def _size(text: str) -> int:
    return len(text.encode())


def _raw(side: Side, message: Mapping[str, Any], delivery: Delivery) -> list[str]:
    query = "&".join(f"{name}={value}" for name, value in delivery.query.items())
    lines = [f"→ POST {side.url}?{query}", f"  {delivery.body.decode()}"]
    if side.sealed:
        lines.append(f"  内容：{dict(message)}")
    if delivery.seconds is None:
        return [*lines, "← 没有答复，连接断开"]
    lines.append(f"← HTTP {delivery.status}，{delivery.seconds:.2f} 秒：{delivery.answer.decode(errors='replace') or '（空）'}")
    if side.sealed and delivery.reply and delivery.reply.plain:
        lines.append(f"  内容：{delivery.reply.plain}")
    return lines
