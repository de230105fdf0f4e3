"""A small account server that answers WeChat as a test wants it to: rightly, or breaking one rule."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, TypeVar

from aiohttp import web

from bot.channels.wechat.codec import (
    Codec,
    CodecError,
    encrypted_of_json,
    encrypted_of_xml,
    parse_json,
    parse_xml,
    render_xml,
    sealed_json,
    sealed_xml,
)
from bot.wechatsim.accounts import APPLICATION, COMPATIBLE, OFFICIAL, PLAIN, ROBOT, SAFE, Side

T = TypeVar("T")

PATH = "/webhooks/wechat/test"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SIDES = {
    "plain": Side("p", OFFICIAL, "", "token1", KEY, "wx0123456789abcdef", "s" * 32, PLAIN),
    "compatible": Side("c", OFFICIAL, "", "token2", KEY, "wx0123456789abcdef", "s" * 32, COMPATIBLE),
    "safe": Side("s", OFFICIAL, "", "token3", KEY, "wx0123456789abcdef", "s" * 32, SAFE),
    "application": Side("a", APPLICATION, "", "token4", KEY, "ww0123456789abcdef", "t" * 43, agent=1000002),
    "robot": Side("r", ROBOT, "", "token5", KEY),
}


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@dataclass(frozen=True)
class Asked:
    """One POST, opened: `fields` of the XML, or the JSON of a robot."""

    side: Side
    query: Mapping[str, str]
    fields: Mapping[str, Any]
    body: bytes

    def codec(self) -> Codec:
        return Codec(self.side.token, self.side.key if self.side.sealed else "", self.side.id)

    def sealed(self, message: str, **changes: Any) -> bytes:
        """A reply, sealed where the account wants it; `changes` spoil what is sealed."""
        if not self.side.sealed:
            return message.encode()
        done = replace(self.codec().seal(message, str(int(time.time())), self.query["nonce"]), **changes)
        return (sealed_json(done) if self.side.kind == ROBOT else sealed_xml(done)).encode()

    def text(self, content: str, **changes: Any) -> bytes:
        """A passive text; `changes` go over its fields."""
        return self.sealed(render_xml({**self.fields_of(content), **changes}))

    def fields_of(self, content: str) -> dict[str, Any]:
        to, own = self.fields["FromUserName"], self.fields["ToUserName"]
        return {"ToUserName": to, "FromUserName": own, "CreateTime": int(time.time()), "MsgType": "text", "Content": content}

    def stream(self, id: str, content: str, *, finish: bool, **more: Any) -> bytes:
        return self.sealed(json.dumps({"msgtype": "stream", "stream": {"id": id, "finish": finish, "content": content, **more}}))


Answer = Callable[[Asked], "bytes | int | Awaitable[bytes | int]"]
Echo = Callable[[Side, str], "str | Awaitable[str]"]


class Account:
    """The server of one account, while in use. `answer` gives the body of a reply, or a status."""

    def __init__(self, side: Side, answer: Answer = lambda asked: b"", echo: Echo = lambda side, text: text):
        self._side, self._answer, self._echo = side, answer, echo
        self.asked: list[Asked] = []

    async def __aenter__(self) -> Account:
        app = web.Application()
        app.router.add_route("*", PATH, self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.side = replace(self._side, url=f"http://127.0.0.1:{self._runner.addresses[0][1]}{PATH}")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        try:
            return await (self._verify if request.method == "GET" else self._receive)(request)
        except CodecError:
            return web.Response(status=403, text="签名不对")

    async def _verify(self, request: web.Request) -> web.Response:
        query = request.query
        asked = Asked(self.side, query, {}, b"")
        echo = query["echostr"]
        if self.side.kind == OFFICIAL:
            asked.codec().check(query["signature"], query["timestamp"], query["nonce"])
        else:
            echo = asked.codec().open(query["msg_signature"], query["timestamp"], query["nonce"], echo)
        found = self._echo(self.side, echo)
        return web.Response(text=found if isinstance(found, str) else await found)

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        asked = Asked(self.side, dict(request.query), {}, body)
        is_json = self.side.kind == ROBOT
        message = body
        if self.side.sealed:
            encrypted = encrypted_of_json(body) if is_json else encrypted_of_xml(body)
            query = request.query
            message = asked.codec().open(query["msg_signature"], query["timestamp"], query["nonce"], encrypted).encode()
        else:
            asked.codec().check(request.query["signature"], request.query["timestamp"], request.query["nonce"])
        asked = replace(asked, fields=parse_json(message) if is_json else parse_xml(message))
        self.asked.append(asked)
        found = self._answer(asked)
        answer = found if isinstance(found, (bytes, int)) else await found
        return web.Response(status=answer) if isinstance(answer, int) else web.Response(body=answer)
