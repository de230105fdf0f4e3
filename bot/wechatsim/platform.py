"""The platform's APIs on loopback: access tokens, and messages sent to users."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.wechatsim import errors
from bot.wechatsim.accounts import APPLICATION, OFFICIAL, Side
from bot.wechatsim.tokens import Tokens

STABLE_TOKEN, CUSTOM_SEND = "/cgi-bin/stable_token", "/cgi-bin/message/custom/send"
GET_TOKEN, APP_SEND = "/cgi-bin/gettoken", "/cgi-bin/message/send"

MOST_BYTES = 2048
# (how many messages, within how many seconds) after a word of the user, and after a follow, a scan, a menu click
# (developers.weixin.qq.com/doc/subscription/guide/product/kf/intro).
AFTER_WORD, AFTER_EVENT = (5, 48 * 3600), (3, 60)
# To one member in a minute; the surplus is dropped in silence (developer.work.weixin.qq.com/document/path/90236).
MEMBER_A_MINUTE = 30
_ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")
_USER = re.compile(r"[\w.@-]{1,128}", re.ASCII)

Body = dict[str, Any]


@dataclass(frozen=True)
class Sent:
    """A message that an account sent; `at` in seconds since the epoch."""

    account: str
    user: str
    text: str
    at: float


class Grant:
    """What may be sent to a user after something he did."""

    def __init__(self, count: int, seconds: float, now: float):
        self.left, self.until = count, now + seconds


class Platform:
    """The APIs for some accounts. `sent` is all that reached a user; `calls` the (path, body) of every request.

    Stricter than the platform in one thing: 企业微信 cuts a text above 2048 bytes in silence, here that is error 45002.
    """

    def __init__(self, sides: Iterable[Side], clock: Callable[[], float] = time.time):
        self._sides = list(sides)
        self._clock = clock
        self._tokens = {side.name: Tokens(clock) for side in self._sides}
        self._grants: dict[tuple[str, str], dict[bool, Grant]] = defaultdict(dict)
        self._minutes: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self._left: set[tuple[str, str]] = set()
        self._failing: dict[str, list[int]] = defaultdict(list)
        self._phones: dict[tuple[str, str], Callable[[str], None]] = {}
        self._runner: web.AppRunner | None = None
        self.sent: list[Sent] = []
        self.dropped: Counter[tuple[str, str]] = Counter()
        self.calls: list[tuple[str, Body]] = []
        self.delay = 0.0

    async def start(self, port: int = 0) -> str:
        """Listen on 127.0.0.1; port 0 takes a free one. Returns the base address."""
        app = web.Application()
        app.router.add_post(STABLE_TOKEN, self._answering(self._stable_token))
        app.router.add_post(CUSTOM_SEND, self._answering(self._custom_send))
        app.router.add_get(GET_TOKEN, self._answering(self._get_token))
        app.router.add_post(APP_SEND, self._answering(self._app_send))
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Listen no more."""
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def heard(self, account: str, user: str, event: bool = False) -> None:
        """A user wrote, or (`event`) followed, scanned, clicked: for a while he may be sent messages."""
        self._left.discard((account, user))
        self._grants[account, user][event] = Grant(*(AFTER_EVENT if event else AFTER_WORD), self._clock())

    def left(self, account: str, user: str) -> None:
        """A user follows no more: nothing can be sent to him."""
        self._left.add((account, user))
        self._grants.pop((account, user), None)

    def deliver(self, account: str, user: str, show: Callable[[str], None]) -> None:
        """Show a user what is sent to him."""
        self._phones[account, user] = show

    def fail(self, path: str, code: int, times: int = 1) -> None:
        """Answer the next calls of a path with an error code; 500 to 599 is an HTTP status."""
        self._failing[path] += [code] * times

    def expire_tokens(self) -> None:
        """Let every token given so far have come to its end."""
        for tokens in self._tokens.values():
            tokens.expire()

    def _answering(self, handle: Callable[[web.Request, bytes, Body], dict[str, object]]) -> Any:
        async def answer(request: web.Request) -> web.Response:
            raw = await request.read()
            try:
                body = json.loads(raw) if raw else dict(request.query)
            except ValueError:
                body = None
            self.calls.append((request.path, body if isinstance(body, dict) else {}))
            if self.delay:
                await asyncio.sleep(self.delay)
            if self._failing[request.path]:
                code = self._failing[request.path].pop(0)
                if 500 <= code < 600:
                    return web.Response(status=code, text="upstream error")
                return _json(errors.answer(code))
            return _json(handle(request, raw, body) if isinstance(body, dict) else errors.answer(errors.NOT_JSON))

        return answer

    def _stable_token(self, request: web.Request, raw: bytes, body: Body) -> dict[str, object]:
        if body.get("grant_type") != "client_credential":
            return errors.answer(errors.BAD_GRANT)
        side = self._side(OFFICIAL, body.get("appid"))
        if side is None:
            return errors.answer(errors.BAD_ID)
        if not side.secret or body.get("secret") != side.secret:
            return errors.answer(errors.BAD_SECRET)
        return self._tokens[side.name].get(body.get("force_refresh") is True)

    def _get_token(self, request: web.Request, raw: bytes, body: Body) -> dict[str, object]:
        if self._side(APPLICATION, body.get("corpid")) is None:
            return errors.answer(errors.BAD_ID)
        # A company's applications share its id; the secret tells which one asks.
        side = next((one for one in self._sides if one.kind == APPLICATION and one.id == body["corpid"]
                     and one.secret and one.secret == body.get("corpsecret")), None)  # fmt: skip
        if side is None:
            return errors.answer(errors.BAD_CREDENTIAL)
        return {**errors.answer(errors.OK), **self._tokens[side.name].get()}

    def _custom_send(self, request: web.Request, raw: bytes, body: Body) -> dict[str, object]:
        side, code = self._holder(OFFICIAL, request, errors.BAD_CREDENTIAL)
        if side is None:
            return errors.answer(code)
        if _ESCAPE.search(raw):
            return errors.answer(errors.ESCAPED)
        user = body.get("touser")
        if not isinstance(user, str) or not _USER.fullmatch(user):
            return errors.answer(errors.BAD_OPENID)
        text, code = _text(body)
        code = code or self._grant(side.name, user)
        if not code:
            self._send(side.name, user, text)
        return errors.answer(code)

    def _app_send(self, request: web.Request, raw: bytes, body: Body) -> dict[str, object]:
        side, code = self._holder(APPLICATION, request, errors.BAD_TOKEN)
        if side is None:
            return errors.answer(code)
        if body.get("agentid") != side.agent:
            return errors.answer(errors.BAD_AGENT)
        user = body.get("touser")
        if not isinstance(user, str) or not _USER.fullmatch(user) or (side.name, user) in self._left:
            return errors.answer(errors.NOBODY)
        text, code = _text(body)
        if code:
            return errors.answer(code)
        minute, now = self._minutes[side.name, user], self._clock()
        while minute and now - minute[0] >= 60:
            minute.popleft()
        if len(minute) >= MEMBER_A_MINUTE:
            self.dropped[side.name, user] += 1
        else:
            minute.append(now)
            self._send(side.name, user, text)
        return {**errors.answer(errors.OK), "msgid": f"sim-{len(self.sent)}"}

    def _side(self, kind: str, id: object) -> Side | None:
        return next((side for side in self._sides if side.kind == kind and side.id == id), None)

    def _holder(self, kind: str, request: web.Request, unknown: int) -> tuple[Side | None, int]:
        """Whose token a request brings; else why it is refused."""
        token = request.query.get("access_token", "")
        if not token:
            return None, errors.NO_TOKEN
        worst = unknown
        for side in self._sides:
            fault = self._tokens[side.name].fault(token) if side.kind == kind else errors.BAD_CREDENTIAL
            if fault == errors.OK:
                return side, errors.OK
            worst = fault if fault == errors.EXPIRED else worst
        return None, worst

    def _grant(self, account: str, user: str) -> int:
        """Use up one of the messages that may be sent to a user; else why none may.

        An event's few are used before those of a word; which goes first is not documented.
        """
        grants = self._grants.get((account, user))
        if (account, user) in self._left or grants is None:
            return errors.NOT_FOLLOWING
        open_now = [grants[event] for event in (True, False) if event in grants and grants[event].until > self._clock()]
        usable = next((grant for grant in open_now if grant.left), None)
        if usable is None:
            return errors.TOO_MANY if open_now else errors.TOO_LATE
        usable.left -= 1
        return errors.OK

    def _send(self, account: str, user: str, text: str) -> None:
        self.sent.append(Sent(account, user, text, self._clock()))
        show = self._phones.get((account, user))
        if show:
            show(text)


def _text(body: Body) -> tuple[str, int]:
    """The text of a message; else why it is refused."""
    if body.get("msgtype") != "text":
        return "", errors.BAD_TYPE
    text = body["text"].get("content") if isinstance(body.get("text"), dict) else None
    if not isinstance(text, str) or not text:
        return "", errors.EMPTY
    return text, errors.TOO_LONG if len(text.encode(errors="surrogatepass")) > MOST_BYTES else errors.OK


def _json(body: dict[str, object]) -> web.Response:
    return web.json_response(body, dumps=lambda value: json.dumps(value, ensure_ascii=False))
