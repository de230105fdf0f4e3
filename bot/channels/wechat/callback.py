"""The callback of a 公众号 or an application of 企业微信: signed XML in, the reply out within 5 s, the rest sent after."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.guard import RefusedError
from bot.channels.wechat.accounts import APPLICATION, COMPATIBLE, OFFICIAL, PLAIN, SAFE, Account
from bot.channels.wechat.api import Outcome, Push
from bot.channels.wechat.codec import Codec, encrypted_of_xml, parse_xml, render_xml, sealed_xml
from bot.channels.wechat.desk import BUSY, Answer, Desk
from bot.channels.wechat.gate import DELIVERIES, Gate
from bot.channels.wechat.incoming import EVENT, TEXT, UNSUBSCRIBE, Incoming, of_xml
from bot.channels.wechat.pieces import LIMIT, pieces
from bot.channels.wechat.turns import BusyError, Turn, Turns

WAIT = "正在查询，请稍等几秒后回复任意文字获取结果。"
MORE = "\n（未完，回复“继续”看余下部分）"

# The body that says: received, say nothing, do not ask again.
_ACKNOWLEDGED = {OFFICIAL: "success", APPLICATION: ""}
# How many messages may be sent after a message of the user, and after a tap or an arrival.
_AFTER_TEXT, _AFTER_TAP = 5, 3
# Seconds that a delivery is held past its time, so that the platform cuts it and asks again.
_HELD = 2.0
# Seconds that the reply to a message needs to be shown before the next text is sent.
_AHEAD = 0.5


@dataclass(frozen=True)
class Passive:
    """The reply to a delivery: a text, a hand-over to the 客服 console, or nothing."""

    text: str = ""
    transfer: bool = False


class Callback:
    """The requests of one account. `push` sends without being asked, where the account may."""

    def __init__(self, account: Account, desk: Desk, push: Push | None, clock: Callable[[], float] = time.time):
        self._account, self._desk, self._push, self._clock = account, desk, push, clock
        self._codec = Codec(account.token, account.key, account.id)
        self._gate = Gate(clock=clock)
        self._turns: Turns[Passive] = Turns()

    def verify(self, args: Any) -> str:
        """What the platform wants back when the address is registered. Raises CodecError, RefusedError."""
        timestamp, nonce = args.get("timestamp", ""), args.get("nonce", "")
        echo: str = args.get("echostr", "")
        if self._account.kind == OFFICIAL:
            self._codec.check(args.get("signature", ""), timestamp, nonce)
        else:
            echo = self._codec.open(args.get("msg_signature", ""), timestamp, nonce, echo)
        self._gate.check_time(timestamp)
        return echo

    async def receive(self, args: Any, body: bytes) -> str | None:
        """The body of the reply; None where the platform had better ask again. Raises CodecError, RefusedError."""
        message, sealed = self._open(args, body)
        incoming = of_xml(parse_xml(message))
        if incoming is None:
            return _ACKNOWLEDGED[self._account.kind]
        try:
            turn = self._turns.begin(self._desk.sender(incoming.user), incoming.key, lambda turn: self._run(turn, incoming))
            passive = await self._delivered(turn)
        except BusyError:
            passive = Passive(BUSY)
        return None if passive is None else self._reply(incoming, passive, args.get("nonce", "") if sealed else None)

    async def close(self) -> None:
        """End what is open."""
        if self._push:
            await self._push.close()

    def _open(self, args: Any, body: bytes) -> tuple[bytes, bool]:
        """The message, and whether it was encrypted."""
        signature, timestamp, nonce = args.get("signature", ""), args.get("timestamp", ""), args.get("nonce", "")
        mode = self._account.mode
        if mode == SAFE or (mode == COMPATIBLE and args.get("encrypt_type") == "aes"):
            encrypted = encrypted_of_xml(body)
            if not encrypted and signature:
                self._codec.check(signature, timestamp, nonce)
                raise RefusedError(400, f"收到的是明文，而 mode 是 {mode}；请与后台的消息加解密方式核对")
            signature = args.get("msg_signature", "")
            message = self._codec.open(signature, timestamp, nonce, encrypted).encode()
            self._gate.check(timestamp, signature, body)
            return message, True
        self._codec.check(signature, timestamp, nonce)
        if mode == PLAIN and args.get("encrypt_type") == "aes":
            raise RefusedError(400, f"收到的是密文，而 mode 是 {mode}；请与后台的消息加解密方式核对")
        self._gate.check(timestamp, signature, body)
        return body, False

    async def _delivered(self, turn: Turn[Passive]) -> Passive | None:
        turn.waiting += 1
        try:
            return await self._passive(turn)
        finally:  # also where the platform has cut
            turn.waiting -= 1

    async def _passive(self, turn: Turn[Passive]) -> Passive | None:
        if not turn.late:
            await asyncio.wait({turn.task}, timeout=self._account.seconds)
        if turn.task.done():
            return turn.task.result()
        if self._push:
            turn.late = True
            return Passive()
        if turn.deliveries >= DELIVERIES:
            turn.late = True
            return Passive(WAIT)
        await asyncio.wait({turn.task}, timeout=_HELD)
        return None

    async def _run(self, turn: Turn[Passive], incoming: Incoming) -> Passive:
        sender = self._desk.sender(incoming.user)
        answer = await self._desk.answer(incoming)
        if incoming.event == UNSUBSCRIBE:
            self._turns.forget(sender)
        # The platform delivers no more than three times: when all were cut, nobody will ask for the answer.
        if turn.late or (turn.deliveries >= DELIVERIES and not turn.waiting):
            await self._send_late(incoming, answer)
            return Passive()
        if answer.human and incoming.kind == TEXT:
            return Passive(transfer=True)
        first, *more = self._share(incoming, answer.text, replies=1)
        if more:
            self._turns.follow(sender, lambda: self._send(incoming, more, ahead=_AHEAD))
        return Passive(first)

    async def _send_late(self, incoming: Incoming, answer: Answer) -> None:
        if self._push:
            await self._send(incoming, self._share(incoming, answer.text))
        elif answer.text:
            self._desk.outbox.put(self._desk.sender(incoming.user), answer.text, late=True)

    def _share(self, incoming: Incoming, text: str, replies: int = 0) -> list[str]:
        """The pieces of a text that may be said now; what goes beyond waits for the user's next word."""
        tapped = incoming.kind == EVENT or incoming.tapped
        room = replies + ((_AFTER_TAP if tapped else _AFTER_TEXT) if self._push else 0)
        found = pieces(text) or [""]
        if len(found) <= room:
            return found
        found = pieces(text, LIMIT - len(MORE.encode()))
        self._desk.outbox.put(self._desk.sender(incoming.user), "\n".join(found[room:]), late=False)
        return [*found[: room - 1], found[room - 1] + MORE]

    async def _send(self, incoming: Incoming, texts: Sequence[str], ahead: float = 0.0) -> None:
        """Send texts one after the other; what cannot be sent now goes before the user's next answer."""
        await asyncio.sleep(ahead)
        for index, text in enumerate(texts):
            outcome = await self._push.send(incoming.user, text) if self._push and text else Outcome.SENT
            if outcome is Outcome.LATER:
                self._desk.outbox.put(self._desk.sender(incoming.user), "\n".join(texts[index:]), late=True)
            if outcome is not Outcome.SENT:
                return

    def _reply(self, incoming: Incoming, passive: Passive, nonce: str | None) -> str:
        if not passive.text and not passive.transfer:
            return _ACKNOWLEDGED[self._account.kind]
        now = int(self._clock())
        fields: dict[str, str | int] = {"ToUserName": incoming.user, "FromUserName": incoming.ours, "CreateTime": now}
        fields |= {"MsgType": "transfer_customer_service"} if passive.transfer else {"MsgType": "text", "Content": passive.text}
        message = render_xml(fields)
        return message if nonce is None else sealed_xml(self._codec.seal(message, str(now), nonce))
