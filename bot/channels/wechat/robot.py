"""The callback of a 智能机器人 of 企业微信: encrypted JSON in, a stream out that is asked for again until it is whole."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.wechat.accounts import Account
from bot.channels.wechat.codec import Codec, encrypted_of_json, parse_json, sealed_json
from bot.channels.wechat.desk import BUSY, Answer, Desk
from bot.channels.wechat.gate import Gate
from bot.channels.wechat.incoming import ENTER, EVENT, FEEDBACK, Incoming, of_json
from bot.channels.wechat.pieces import pieces
from bot.channels.wechat.turns import BusyError, Turn, Turns

SEARCHING = "正在查询……"
LOST = "这次回答没有保存下来，请再问一次。"
# Bytes of a stream (path/101031).
LIMIT = 20_480
# The kinds of feedback: accurate, not accurate, taken back (path/101027).
_GOOD, _BAD = 1, 2


class Robot:
    """The requests of one robot."""

    def __init__(self, account: Account, desk: Desk, clock: Callable[[], float] = time.time):
        self._account, self._desk, self._clock = account, desk, clock
        # The receive id of a robot is empty (path/101033).
        self._codec = Codec(account.token, account.key, "")
        self._gate = Gate(clock=clock)
        self._turns: Turns[Answer] = Turns()

    def verify(self, args: Any) -> str:
        """What the platform wants back when the address is registered. Raises CodecError, RefusedError."""
        echo = self._open(args, args.get("echostr", ""))
        self._gate.check_time(args.get("timestamp", ""))
        return echo

    async def receive(self, args: Any, body: bytes) -> str:
        """The body of the reply. Raises CodecError, RefusedError."""
        message = parse_json(self._open(args, encrypted_of_json(body)).encode())
        self._gate.check(args.get("timestamp", ""), args.get("msg_signature", ""), body)
        reply = await self._answer(message)
        if reply is None:
            return ""
        text = json.dumps(reply, ensure_ascii=False)
        return sealed_json(self._codec.seal(text, str(int(self._clock())), args.get("nonce", "")))

    async def close(self) -> None:
        """Nothing is open."""

    def _open(self, args: Any, encrypted: str) -> str:
        return self._codec.open(args.get("msg_signature", ""), args.get("timestamp", ""), args.get("nonce", ""), encrypted)

    async def _answer(self, message: Mapping[str, Any]) -> dict[str, Any] | None:
        incoming = of_json(message)
        if incoming is None:
            return None
        if message.get("msgtype") == "stream":
            return await self._again(incoming, message)
        if incoming.event == FEEDBACK:
            await self._rated(incoming, message)
            return None
        if incoming.kind == EVENT and incoming.event != ENTER:
            return None
        sender = self._desk.sender(incoming.user)
        try:
            turn = self._turns.begin(sender, incoming.key, lambda turn: self._desk.answer(incoming))
        except BusyError:
            return _text(BUSY) if incoming.kind == EVENT else _stream(incoming.key, BUSY)
        await asyncio.wait({turn.task}, timeout=self._account.seconds)
        if incoming.kind == EVENT:  # a welcome cannot be a stream
            return _text(turn.task.result().text) if turn.task.done() else None
        return _told(incoming.key, turn)

    async def _again(self, incoming: Incoming, message: Mapping[str, Any]) -> dict[str, Any]:
        """The platform asks how far a stream has come."""
        stream = message.get("stream")
        id = str(stream.get("id", "")) if isinstance(stream, Mapping) else ""
        turn = self._turns.find(self._desk.sender(incoming.user), id)
        if turn is None:
            return _stream(id, LOST)
        await asyncio.wait({turn.task}, timeout=self._account.seconds)
        return _told(id, turn)

    async def _rated(self, incoming: Incoming, message: Mapping[str, Any]) -> None:
        event = message[EVENT].get(FEEDBACK)
        if not isinstance(event, Mapping) or event.get("type") not in (_GOOD, _BAD):
            return
        await self._desk.rate(incoming.user, str(event.get("id", "")), good=event["type"] == _GOOD)


def _told(id: str, turn: Turn[Answer]) -> dict[str, Any]:
    return _stream(id, turn.task.result().text) if turn.task.done() else _stream(id, SEARCHING, finish=False)


def _stream(id: str, text: str, *, finish: bool = True) -> dict[str, Any]:
    # The id of the feedback is the turn's, so that a thumb finds its answer.
    content = next(iter(pieces(text, LIMIT)), "")
    return {"msgtype": "stream", "stream": {"id": id, "finish": finish, "content": content, "feedback": {"id": id}}}


def _text(text: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": next(iter(pieces(text, LIMIT)), "")}}
