"""The platform's requests to an account's callback address, each reply checked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import aiohttp

from bot.wechatsim.accounts import OFFICIAL, ROBOT, Side
from bot.wechatsim.checking import Fault, Reply, reply_of
from bot.wechatsim.signing import Query, Request, signed_request, verification

# How long the platform waits for a reply, in seconds (doc/service/guide/product/message/Passive_user_reply_message.html),
# and what of it 企业微信 grants for the echo: 1 s (developer.work.weixin.qq.com/document/path/90930).
PATIENCE, ECHO = 5.0, 1 / 5


@dataclass(frozen=True)
class Delivery:
    """One request and its reply. `seconds` is None and `status` 0 where the connection was cut; `reply` is what it brought."""

    query: Query
    body: bytes
    status: int = 0
    answer: bytes = b""
    seconds: float | None = None
    reply: Reply | None = None


Watch = Callable[[Mapping[str, Any], Delivery], None]


def new_session() -> aiohttp.ClientSession:
    """A session for many phones. Each request has a connection of its own: one that is kept may be closed just as it is used."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, force_close=True))


class Line:
    """The requests that tell one account of one user. `patience` in seconds; `watch` is told of every delivery."""

    def __init__(self, side: Side, user: str, patience: float, session: aiohttp.ClientSession | None, watch: Watch | None):
        self._side, self._user, self._patience, self._watch = side, user, patience, watch
        self._session, self._owns_session = session, session is None

    async def close(self) -> None:
        """Close the session where none was given."""
        if self._session and self._owns_session:
            await self._session.close()
            self._session = None

    async def verify(self) -> None:
        """What the back-office does when 提交 is pressed. Raises Fault."""
        query, expected = verification(self._side)
        limit = self._patience * (1 if self._side.kind == OFFICIAL else ECHO)
        done = await self.request("GET", query, b"", limit)
        if done.seconds is None:
            raise Fault(f"验证地址的请求 {limit:g} 秒内没有答复")
        _check_status(done)
        if done.answer != expected.encode():
            raise Fault(f"验证地址时应当原样返回 echostr（解密后的），不带引号、BOM、换行；收到 {done.answer[:40]!r}")

    async def deliver(
        self, message: Mapping[str, Any], event: str = "", stream: str = "", request: Request | None = None
    ) -> Delivery:
        """Tell of a message once; signed anew unless a request is given. Raises Fault for a reply that breaks a rule."""
        query, body = request or signed_request(self._side, message)
        done = await self.request("POST", query, body, self._patience)
        try:
            if done.seconds is not None:
                _check_status(done)
                done = replace(done, reply=reply_of(self._side, done.answer, self._user, event, stream))
        finally:
            if self._watch:
                self._watch(message, done)
        return done

    async def request(self, method: str, query: Query, body: bytes, limit: float) -> Delivery:
        """A request that is cut after so many seconds, nothing checked. Raises Fault when nobody listens."""
        if self._session is None:
            self._session = new_session()
        began = time.monotonic()
        try:
            async with self._session.request(
                method,
                self._side.url,
                params=query,
                data=body or None,
                headers={"Content-Type": "application/json" if self._side.kind == ROBOT else "text/xml"},
                # To the moment: aiohttp rounds from 5 s on to whole seconds.
                timeout=aiohttp.ClientTimeout(total=limit, ceil_threshold=limit + 1),
                allow_redirects=False,
            ) as answer:
                received = await answer.read()
                return Delivery(query, body, answer.status, received, time.monotonic() - began)
        except aiohttp.ClientConnectorError as error:
            raise Fault(f"连不上回调地址 {self._side.url}") from error
        except (asyncio.TimeoutError, aiohttp.ClientError):
            return Delivery(query, body)


def _check_status(done: Delivery) -> None:
    if done.status != 200:
        raise Fault(f"答复的状态是 HTTP {done.status}，应当是 200")
